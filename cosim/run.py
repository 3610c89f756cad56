"""One call: a network on samples through the golden model and a simulator, compared bit by bit."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy.typing as npt

from cosim.comparison import Report, compare
from cosim.loading import Loading, expected_of_loaded
from cosim.observation import Observation
from cosim.simulators import SIMULATORS, Task
from cosim.stimulus import packed_input
from hw import convert, design_rules, manifest
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray, plain
from spiker.golden import checked_spikes
from spiker.hardware import Hardware
from spiker.hardware_text import shown
from spiker.network import Network

PATIENCE = 4
"""A sample without an answer after so many times the predicted cycles is given up."""


def cosimulate(
    network: Network,
    spikes: npt.ArrayLike,
    simulator: str = "ghdl",
    *,
    hardware: Hardware | None = None,
    values: npt.ArrayLike | None = None,
    internals: bool = True,
    stall: float = 0.0,
    seed: int = 1,
    hdl: str | Path | None = None,
    load_at: int | None = 0,
    tell: Callable[[int], None] = lambda answered: None,
) -> Report:
    """Run a network on the golden model and in a simulator, and compare.

    Parameters
    ----------
    network : Network
        Complete, with its weights.
    spikes : 0/1, shape (samples, steps, inputs)
        Input spikes.
    simulator : {"ghdl", "myhdl"}
        What runs the accelerator: GHDL the converted VHDL, MyHDL its own description.
    hardware : Hardware, optional
        Choices of the conversion; by default those that `convert` takes, or those of the design in `hdl`.
        Where there is a shell, the accelerator inside is simulated, not the shell.
    values : integers, shape (samples, values), or (samples, steps, values) where they change
        What the network's encoder makes `spikes` from; needed where the accelerator takes values.
    internals : bool
        Compare every layer's inputs, spikes and membranes in every step too.
    stall : float, 0 to 0.95
        Chance of a wait at both ends, each cycle. Samples then follow without a pause, and cycles
        are not compared.
    seed : int
        Seed of the waits.
    hdl : path, optional
        Folder with a converted design to simulate as it is, instead of converting the network.
    load_at : int or None
        Where weights or thresholds are loaded: the sample before which the bench loads all of them,
        into a design that was converted with others. With None nothing is loaded, and the design is
        converted with the network's own.
    tell : callable
        Told now and then how many samples are answered, for a progress bar.

    Returns
    -------
    Report
        `Report.require_equal` raises the first difference.

    Raises
    ------
    DesignRuleError
        The hardware can't run this network.
    ConfigError
        Spikes or options that don't fit; choices that the design in `hdl` wasn't converted with.
    ToolNotFoundError
        The simulator isn't installed.
    """
    engine = SIMULATORS[simulator]
    train = checked_spikes(network, spikes)
    if not 0 <= stall <= 0.95:
        raise ConfigError(f"stall = {stall}; allowed: 0 to 0.95")
    if hdl is not None and not engine.reads_vhdl:
        raise ConfigError(f"simulator {simulator!r} doesn't read VHDL; allowed with hdl: ghdl")
    choices = _choices(network, hardware, hdl)
    design_rules.check(network, choices)
    loading = None if load_at is None else _loading(network, choices, plain(load_at), len(train), hdl)
    start = network if loading is None else loading.start
    want = expected_of_loaded(network, train, choices, loading)
    with _design(start, choices, hdl) if engine.reads_vhdl else nullcontext() as folder:
        record = engine.run(
            Task(
                network=network,
                hardware=choices,
                spikes=train,
                limits=patience(network, want),
                internals=internals,
                stall=stall,
                seed=seed,
                folder=folder,
                tell=tell,
                loading=loading,
                packed=packed_input(network, train, choices, values),
            )
        )
    got = record.observation(network, with_cycles=not stall)
    report = compare(network, want, got, simulator=simulator)
    return report if hdl is None else _with_origin(report, network, hdl)


def _loading(
    network: Network, hardware: Hardware, load_at: int, samples: int, hdl: str | Path | None
) -> Loading | None:
    last = max(samples - 1, 0)  # at 0 of no samples too
    if not isinstance(load_at, int) or not 0 <= load_at <= last:
        raise ConfigError(f"load_at = {load_at!r}; allowed: 0 to {last}, a sample, or None")
    loading = Loading.of(network, hardware, load_at)
    if loading is not None and load_at:
        if hdl is not None:
            raise ConfigError(f"load_at = {load_at} with hdl, which may hold any weights; allowed: 0")
        if hardware.keep_state:
            raise ConfigError(f"load_at = {load_at} with keep_state, where samples have no end; allowed: 0")
    return loading


def _choices(network: Network, hardware: Hardware | None, hdl: str | Path | None) -> Hardware:
    """The choices that are asked for, which a design that is given must have been made with."""
    if hdl is None:
        return hardware or Hardware()
    made = manifest.choices(Path(hdl))
    if hardware is None:
        return made
    for name, (asked, found) in hardware.differences(made, network).items():
        raise ConfigError(
            f"{hdl} was converted with {name} = {shown(found)}, not {shown(asked)}; convert it anew, "
            "or leave the choice out"
        )
    return made


def patience(network: Network, want: Observation) -> IntArray:
    """Cycles after which a sample without an answer is given up, shape (samples,)."""
    assert want.cycles is not None  # the timing model gives them
    # the scores come after the class
    return PATIENCE * want.cycles + network.classes


def _with_origin(report: Report, network: Network, hdl: str | Path) -> Report:
    """Say of a design that differs whether it was made from another network."""
    if report.first is None or manifest.read(Path(hdl)).get("digest") == network.digest:
        return report
    first = copy(report.first)
    first.args = (f"{first}; {hdl} was converted from another network",)
    return replace(report, first=first)


@contextmanager
def _design(network: Network, hardware: Hardware, hdl: str | Path | None) -> Iterator[Path]:
    """Folder of the VHDL to simulate: the one that is given, or a temporary one."""
    if hdl is not None:
        yield Path(hdl)
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield convert(network, Path(scratch) / "hdl", hardware).folder
