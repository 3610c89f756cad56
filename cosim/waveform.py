"""The signals of one answer, cycle by cycle, from the MyHDL description."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import myhdl
import numpy as np
import numpy.typing as npt

from cosim.observation import Record, expected
from cosim.simulators.base import Task
from cosim.simulators.myhdl import forget, play
from hw import design_rules
from hw.accelerator import Accelerator, build
from spiker.golden import checked_spikes
from spiker.hardware import Hardware
from spiker.network import Network

AFTERWARDS = 2
"""Cycles after the last beat of the answer that are still shown."""

Look = Callable[[], int | None]
Waveforms = dict[str, np.ndarray[Any, np.dtype[Any]]]


def record_waveforms(network: Network, sample: npt.ArrayLike) -> Waveforms:
    """Run the accelerator on one sample, without waits at either end, and record its signals.

    Parameters
    ----------
    network : Network
        One that the hardware can run.
    sample : 0/1, shape (steps, inputs)
        Input spikes.

    Returns
    -------
    dict of arrays, shape (cycles,)
        By signal: the values right before each clock edge, from the first after the reset to shortly
        after the answer. Wires are bool; words are masked integers, masked where nobody reads them.
        ``layerN_takes`` marks an event that layer N adds, ``layerN_done`` the end of its time step.

    Raises
    ------
    DesignRuleError
        The hardware can't run this network.
    ConfigError
        Spikes that don't fit.
    """
    hardware = Hardware()
    design_rules.check(network, hardware)
    spikes = checked_spikes(network, sample)[:1]
    cycles = expected(network, spikes, hardware).cycles
    assert cycles is not None  # the timing model gives them
    task = Task(
        network, hardware, spikes, limits=4 * cycles + network.classes, internals=False, stall=0.0, seed=1
    )
    design = build(network, hardware)
    looks = _looks(design)
    rows: list[tuple[int | None, ...]] = []

    try:
        myhdl.Simulation(design.block, play(design, task, Record()), _looking(design, looks, rows)).run(
            quiet=1
        )
    finally:
        forget()
    return _trimmed(
        {name: _column(values) for name, values in zip(looks, zip(*rows, strict=True), strict=True)}
    )


def _looking(
    design: Accelerator, looks: dict[str, Look], rows: list[tuple[int | None, ...]]
) -> Iterator[Any]:
    """Process that looks at the signals as they are when the clock's edge comes."""
    while True:
        yield design.clk.posedge
        if not design.rst:
            rows.append(tuple(read() for read in looks.values()))


def _looks(design: Accelerator) -> dict[str, Look]:
    """How each signal is read; None where its value means nothing."""
    events, results = design.events, design.results
    looks: dict[str, Look] = {
        "event_valid": lambda: bool(events.valid),
        "event_ready": lambda: bool(events.ready),
        "event_index": lambda: int(events.index) if events.valid and not events.tick else None,
        "event_tick": lambda: bool(events.tick) and bool(events.valid),
        "event_last": lambda: bool(events.last) and bool(events.valid),
    }
    for number, probe in enumerate(design.probes):
        looks[f"layer{number}_takes"] = partial(_takes, probe.events)
        looks[f"layer{number}_done"] = partial(_level, probe.done)
    return looks | {
        "result_valid": lambda: bool(results.valid),
        "result_ready": lambda: bool(results.ready),
        "result_value": lambda: int(results.value) if results.valid else None,
        "result_last": lambda: bool(results.last) and bool(results.valid),
    }


def _takes(events: Any) -> bool:
    return bool(events.valid and events.ready and not events.tick)


def _level(wire: Any) -> bool:
    return bool(wire)


def _column(values: tuple[int | None, ...]) -> np.ndarray[Any, np.dtype[Any]]:
    if all(isinstance(value, bool) for value in values):
        return np.array(values, np.bool_)
    return np.ma.MaskedArray(
        [0 if value is None else value for value in values],
        mask=[value is None for value in values],
        dtype=np.int64,
    )


def _trimmed(waveforms: Waveforms) -> Waveforms:
    """Without the quiet cycles in which the bench waits for answers that nobody asked for."""
    answered = int(np.flatnonzero(waveforms["result_last"])[-1])
    return {name: values[: answered + 1 + AFTERWARDS] for name, values in waveforms.items()}
