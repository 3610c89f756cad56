"""What ``spiker demo`` does, stage by stage."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spiker.cli.measurement import Measurement
from spiker.cli.reporting import Session

if TYPE_CHECKING:
    from cosim import Report

RECIPE = "digits"
NETWORK = "network.h5"
PICTURE = "training.png"
VHDL = "hdl"
FILES = frozenset((NETWORK, PICTURE, VHDL))

MYHDL_SAMPLES = 40
STALLED_SAMPLES = 40
STALL = 0.3
"""Chance of a wait, in the comparison that has some."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A simulator's run against the golden model; `accuracy` is on the samples that it ran."""

    title: str
    simulator: str
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
    ghdl_missing : str or None
        How to get GHDL, where it isn't there.
    """

    accuracy_float: float | None
    accuracy_quantized: float
    golden: Measurement
    comparisons: tuple[Comparison, ...]
    ghdl_missing: str | None

    @property
    def accuracy(self) -> dict[str, float | None]:
        """Accuracy of every execution; None for one that wasn't run."""
        simulated = {each.simulator: each.accuracy for each in reversed(self.comparisons)}
        return {
            "float": self.accuracy_float,
            "quantized": self.accuracy_quantized,
            "golden": self.golden.accuracy,
            "myhdl": simulated.get("myhdl"),
            "ghdl": simulated.get("ghdl"),
        }

    @property
    def mismatches(self) -> int:
        """Of all comparisons, wrong cycle counts included."""
        return sum(
            each.report.mismatches + (each.report.cycles_predicted_wrong or 0) for each in self.comparisons
        )


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a demo, and nothing that somebody else put there."""
    from hw import manifest

    names = {entry.name for entry in folder.iterdir()}
    return NETWORK in names and names <= FILES and manifest.is_ours(folder / VHDL)


def demonstrate(folder: Path, session: Session) -> Demonstration:
    """Train, convert and cosimulate the digits network; its files go into `folder`."""
    from hw import convert
    from spiker.network_file import save
    from spiker.recipe import load_recipe
    from sw.data import load
    from sw.training import train

    data = load(RECIPE)
    session.stage("training on scikit-learn's digits, quantization-aware")
    trained = train(load_recipe(RECIPE), data, seed=session.seed, progress=session.shows_progress)
    save(trained.network, folder / NETWORK, trained.record)
    test = data.split("test")  # noqa: F841
    session.stage("converting to VHDL")
    convert(trained.network, folder / VHDL)
    ...
