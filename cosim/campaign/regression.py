"""Cases on disk: a folder each, with the network, the spikes, and a line for each choice."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cosim.campaign.trial import Problem, Run, Trial
from cosim.random_cases import Case
from spiker.atomic import new_folder
from spiker.errors import FormatError
from spiker.hardware import Hardware
from spiker.network_file import load, save
from spiker.spike_file import load_spikes, save_spikes

NETWORK, SPIKES, VALUES, CHOICES = "network.h5", "spikes.npz", "values.npy", "case.toml"


@dataclass(frozen=True, eq=False)
class Regression:
    """A case that failed once.

    Attributes
    ----------
    trial : Trial
        The case and the simulation that failed.
    found : str
        What went wrong then.
    origin : str
        Where it comes from, such as ``seed 17``.
    """

    trial: Trial
    found: str
    origin: str


def keep(trial: Trial, problem: Problem, origin: str, folder: Path) -> Path:
    """Write a case into a folder that `load_regression` reads; what was there is replaced.

    Raises
    ------
    ConfigError, OutputError
        The folder holds something else, or can't be written.
    """
    case = trial.case
    with new_folder(folder, _is_ours) as target:
        save(case.network, target / NETWORK)
        save_spikes(target / SPIKES, case.spikes)
        if case.values is not None:
            np.save(target / VALUES, case.values)
        (target / CHOICES).write_text(_toml(trial, problem, origin), encoding="utf-8")
    return folder


def load_regression(folder: Path) -> Regression:
    """Read what `keep` wrote.

    Raises
    ------
    FormatError
        The folder isn't one of a case.
    """
    path = folder / CHOICES
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        run = Run(str(values["simulator"]), float(values["stall"]))
        found, origin, seed = str(values["found"]), str(values["origin"]), int(values["seed"])
        hardware = Hardware.from_values(_tuples(values["hardware"]), str(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: not a case of a campaign: {error}") from None
    network = load(folder / NETWORK)
    spikes, _ = load_spikes(folder / SPIKES, network)
    encoded = np.load(folder / VALUES) if (folder / VALUES).exists() else None
    return Regression(Trial(Case(network, spikes, hardware, encoded), (run,), seed), found, origin)


def _tuples(values: dict[str, object]) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _is_ours(folder: Path) -> bool:
    return (folder / CHOICES).is_file()


def _toml(trial: Trial, problem: Problem, origin: str) -> str:
    """As TOML; strings, numbers, flags and lists are written as JSON writes them."""
    values = {
        "origin": origin,
        "found": problem.text,
        "simulator": problem.run.simulator,
        "stall": problem.run.stall,
        "seed": trial.seed,
    }
    choices = {name: value for name, value in trial.case.hardware.as_json().items() if value is not None}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["", "[hardware]", *(f"{name} = {json.dumps(value)}" for name, value in choices.items())]
    return "\n".join(lines) + "\n"
