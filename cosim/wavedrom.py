"""What happens at the ports of a part of the accelerator, cycle by cycle, as a WaveDrom diagram.

Source: the WaveJSON format, https://github.com/wavedrom/schema/blob/master/WaveJSON.md
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import myhdl
import numpy.typing as npt

from cosim.loading import Loading
from cosim.observation import Record, expected
from cosim.simulators.base import Task
from cosim.simulators.myhdl import forget, play
from cosim.stimulus import packed_input
from hw import design_rules
from hw.accelerator import Accelerator, build
from hw.emit import signals_of
from spiker.golden import checked_spikes
from spiker.hardware import Hardware
from spiker.network import Network

Diagram = dict[str, Any]
Show = Callable[[int], str]
Levels = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Lane:
    """A signal in a diagram.

    Attributes
    ----------
    name : str
        A port of the part.
    show : function or None
        Text of a word's value; None for a wire.
    when : str or None
        Port that must be set for the value to mean something. Without it the ports of a stream follow
        its ``valid`` and ``tick``: ``event_index`` counts where ``event_valid`` is, and ``event_tick`` isn't.
    """

    name: str
    show: Show | None = None
    when: str | None = None


def record_ports(
    network: Network,
    samples: npt.ArrayLike,
    part: str,
    hardware: Hardware | None = None,
    *,
    stall: float = 0.0,
    seed: int = 1,
) -> dict[str, list[int]]:
    """Run the accelerator in MyHDL and record what is at the ports of one of its parts.

    Parameters
    ----------
    network : Network
    samples : 0/1, shape (samples, steps, inputs)
    part : str
        Instance names from the top on, like ``layer0/control``; empty for the top.
    hardware : Hardware, optional
        One that takes events or words. What can be loaded is, before the first sample.
    stall, seed
        As of `cosimulate`.

    Returns
    -------
    dict of lists
        By port: the values right before each clock edge, from the first after the reset on.

    Raises
    ------
    DesignRuleError, ConfigError
        What the hardware can't run; spikes that don't fit.
    """
    choices = hardware or Hardware()
    design_rules.check(network, choices)
    spikes = checked_spikes(network, samples)
    cycles = expected(network, spikes, choices).cycles
    assert cycles is not None  # the timing model gives them
    task = Task(
        network,
        choices,
        spikes,
        limits=4 * cycles + network.classes,
        internals=False,
        stall=stall,
        seed=seed,
        packed=packed_input(network, spikes, choices, None),
        loading=Loading.of(network, choices, 0),
    )
    design = build(task.start, choices)
    ports = signals_of(_find(design.block, part))
    seen: dict[str, list[int]] = {name: [] for name in ports}
    try:
        myhdl.Simulation(design.block, play(design, task, Record()), _looking(design, ports, seen)).run(
            quiet=1
        )
    finally:
        forget()
    return seen


def diagram(
    seen: Levels, lanes: Sequence[Lane], first: int, cycles: int, text: str, *, clock: str = "clk"
) -> Diagram:
    """WaveDrom's JSON of some ports over `cycles` cycles from `first` on, with a heading."""
    rows: list[dict[str, Any]] = [{"name": clock, "wave": "p" + "." * (cycles - 1)}]
    for lane in lanes:
        values = list(_values(seen, lane))[first : first + cycles]
        if lane.show is None:
            drawn = {"wave": wire_wave([value is not None and bool(value[1]) for value in values])}
        else:
            drawn = word_wave(values, lane.show)
        rows.append({"name": lane.name} | drawn)
    return {"signal": rows, "head": {"text": text}}


def _find(block: Any, part: str) -> Any:
    for name in filter(None, part.split("/")):
        block = next(child for child in block.subs if getattr(child, "name", None) == name)
    return block


def _looking(design: Accelerator, ports: Mapping[str, Any], seen: Mapping[str, list[int]]) -> Iterator[Any]:
    """Process that looks at the ports as they are when the clock's edge comes."""
    while True:
        yield design.clk.posedge
        if not design.rst:
            for name, signal in ports.items():
                seen[name].append(int(signal))


def _values(seen: Levels, lane: Lane) -> Iterator[tuple[int, int] | None]:
    """Beat and value of each cycle; None where the value means nothing."""
    stream, _, what = lane.name.rpartition("_")
    valid, ready, tick = (
        seen.get(f"{stream}_{name}", seen.get(f"{stream}_t{name}")) for name in ("valid", "ready", "tick")
    )
    gate = seen[lane.when] if lane.when else None if what.removeprefix("t") in ("valid", "ready") else valid
    beat = 0
    for cycle, value in enumerate(seen[lane.name]):
        counts = gate is None or bool(gate[cycle])
        if lane.when is None and tick is not None:
            # an index means nothing in a tick, and the last one is a tick
            counts = counts and not (what in ("index", "active") and tick[cycle])
            counts = counts and not (what == "last" and not tick[cycle])
        yield (beat, value) if counts else None
        if gate is valid and valid is not None and ready is not None:
            beat += bool(valid[cycle] and ready[cycle])


def wire_wave(levels: Sequence[bool]) -> str:
    """Wave of a wire: a dot where it stays."""
    return "".join(
        "." if place and levels[place - 1] == level else str(int(level)) for place, level in enumerate(levels)
    )


def word_wave(values: Sequence[tuple[int, int] | None], show: Show) -> dict[str, Any]:
    """Wave and texts of a word, by beat and value: None where it means nothing, equal neighbours are one."""
    wave, texts = "", []
    for place, value in enumerate(values):
        if place and values[place - 1] == value:
            wave += "."
        elif value is None:
            wave += "x"
        else:
            wave += "="
            texts.append(show(value[1]))
    return {"wave": wave} | ({"data": texts} if texts else {})
