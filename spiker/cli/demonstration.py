"""What ``spiker demo`` does, stage by stage."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spiker.cli.measurement import Measurement, mean_of, measure
from spiker.cli.reporting import Session, show
from spiker.cli.samples import Samples, samples_of
from spiker.errors import ToolNotFoundError
from spiker.hardware import Hardware
from spiker.network import Network

if TYPE_CHECKING:
    from cosim import Report
    from spiker.recipe import Recipe
    from sw.data import Dataset
    from sw.training import TrainingResult

RECIPE = "digits"
NETWORK = "network.h5"
PICTURE = "training.png"
VHDL = "hdl"
FILES = frozenset((NETWORK, PICTURE, VHDL))


@dataclass(frozen=True)
class Simulation:
    """A run of the accelerator in a simulator, on the first test pictures.

    Attributes
    ----------
    title : str
    simulator : str
    samples : int or None
        How many pictures; None for all. MyHDL takes far longer for one than GHDL.
    stall : float
        Chance of a wait at both ends, each cycle.
    """

    title: str
    simulator: str
    samples: int | None
    stall: float = 0.0


SIMULATIONS = (
    Simulation("MyHDL", "myhdl", 60),
    Simulation("MyHDL, with waits", "myhdl", 20, stall=0.3),
    Simulation("GHDL", "ghdl", None),
    Simulation("GHDL, with waits", "ghdl", 100, stall=0.3),
)


@dataclass(frozen=True, eq=False)
class Comparison:
    """A simulation against the golden model; `accuracy` is on the pictures that it ran."""

    simulation: Simulation
    report: "Report"
    accuracy: float


@dataclass(frozen=True, eq=False)
class Demonstration:
    """What the demo found.

    Attributes
    ----------
    accuracy_float : float or None
        Of the network with real numbers, on the test pictures.
    accuracy_quantized : float
        Of PyTorch's integer forward pass, on the test pictures.
    golden : Measurement
        On the test pictures.
    comparisons : tuple of Comparison
        Of those in `SIMULATIONS` whose simulator is there.
    missing : ToolNotFoundError or None
        Says how to get GHDL, where it isn't there.
    """

    accuracy_float: float | None
    accuracy_quantized: float
    golden: Measurement
    comparisons: tuple[Comparison, ...]
    missing: ToolNotFoundError | None

    @property
    def accuracy(self) -> dict[str, float | None]:
        """Accuracy of every execution; None for one that wasn't run."""
        return {
            "float": self.accuracy_float,
            "quantized": self.accuracy_quantized,
            "golden": self.golden.accuracy,
            "myhdl": self._simulated_accuracy("myhdl"),
            "ghdl": self._simulated_accuracy("ghdl"),
        }

    def _simulated_accuracy(self, simulator: str) -> float | None:
        """By the first simulation in `simulator`: the one with the most pictures."""
        found = (each.accuracy for each in self.comparisons if each.simulation.simulator == simulator)
        return next(found, None)

    @property
    def compared_bits(self) -> int:
        """Of all comparisons."""
        return sum(each.report.compared_bits for each in self.comparisons)

    @property
    def mismatches(self) -> int:
        """Of all comparisons, wrong cycle counts included."""
        return sum(each.report.mismatches for each in self.comparisons) + self.cycles_predicted_wrong

    @property
    def cycles_predicted_wrong(self) -> int:
        """Pictures that took other than the predicted cycles."""
        return sum(each.report.cycles_predicted_wrong or 0 for each in self.comparisons)

    @property
    def cycles_simulated_mean(self) -> float | None:
        """Cycles a picture, over all simulations without waits; None where none gave an answer."""
        counts = [each.report.cycles for each in self.comparisons if each.report.cycles is not None]
        return mean_of(np.concatenate(counts)) if counts else None

    def require_equal(self) -> None:
        """Raise the first difference that any simulation showed, as a `MismatchError`."""
        for each in self.comparisons:
            each.report.require_equal()


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a demo, and nothing that somebody else put there."""
    from hw import manifest

    names = {entry.name for entry in folder.iterdir()}
    return NETWORK in names and names <= FILES and manifest.is_ours(folder / VHDL)


def demonstrate(folder: Path, session: Session) -> Demonstration:
    """Train, convert and cosimulate the digits network; its files go into `folder`."""
    from spiker.recipe import load_recipe
    from sw.data import load_with
    from sw.training.evaluation import torch_accuracy

    missing = _missing_ghdl()
    if missing is not None:
        session.note(f"{missing}; the demo goes on without it")
    recipe = load_recipe(RECIPE)
    data = load_with(recipe.data.name, None, recipe.data.options, f"{recipe.subject}: data")
    test = data.split("test")
    trained = _train(recipe, data, folder, session)
    network = trained.network
    samples = samples_of(network, data.name, test)
    session.stage("running the golden model")
    golden = measure(network, samples, session, Hardware())
    _convert(network, folder, session)
    comparisons = tuple(
        _compare(simulation, network, samples, folder, session)
        for simulation in SIMULATIONS
        if missing is None or simulation.simulator != missing.tool
    )
    quantized = torch_accuracy(network, test)
    return Demonstration(trained.accuracy_float, quantized, golden, comparisons, missing)


def _missing_ghdl() -> ToolNotFoundError | None:
    from spiker.programs import find_program

    try:
        find_program("ghdl")
    except ToolNotFoundError as missing:
        return missing
    return None


def _train(recipe: "Recipe", data: "Dataset", folder: Path, session: Session) -> "TrainingResult":
    from spiker.network_file import save
    from sw.plots import save_training_curve
    from sw.training import train

    session.stage("training on scikit-learn's handwritten digits, at last with 4-bit weights")
    trained = train(recipe, data, seed=session.seed, progress=session.shows_progress)
    save(trained.network, folder / NETWORK, trained.record)
    save_training_curve(trained.curve, folder / PICTURE)
    return trained


def _convert(network: Network, folder: Path, session: Session) -> None:
    from hw import convert

    session.stage("converting the network to VHDL")
    convert(network, folder / VHDL)


def _compare(
    simulation: Simulation, network: Network, samples: Samples, folder: Path, session: Session
) -> Comparison:
    from cosim import cosimulate
    from cosim.simulators import SIMULATORS

    chosen = samples if simulation.samples is None else samples.first(simulation.samples)
    session.stage(f"simulating {len(chosen)} pictures: {simulation.title}")
    with session.progress(len(chosen), "picture") as bar:
        report = cosimulate(
            network,
            chosen.spikes(),
            simulation.simulator,
            internals=True,
            stall=simulation.stall,
            seed=session.seed,
            hdl=folder / VHDL if SIMULATORS[simulation.simulator].reads_vhdl else None,
            tell=lambda answered: show(bar, answered),
        )
    return Comparison(simulation, report, chosen.accuracy(report.label))
