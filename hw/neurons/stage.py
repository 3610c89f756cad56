"""The neurons of a layer as parts: adders, their states, and who fires."""

from dataclasses import dataclass
from typing import Any

from hw.control.decode import decode
from hw.control.microprogram import Control
from hw.entity import flag, place, word
from hw.neurons.adders import adders
from hw.neurons.comparison import comparison, spike_row
from hw.neurons.constants import AdderDesign
from hw.neurons.memory import (
    PassMemory,
    spike_memory,
    spike_memory_vhdl,
    state_memory,
    state_memory_vhdl,
)
from hw.neurons.registers import membranes, spike_registers, state_registers


@dataclass(frozen=True, eq=False)
class Steering:
    """What the neurons are told by the control.

    Attributes
    ----------
    clk
    control
        The control word.
    turn, write_pass
        Passes whose states are read, and are written.
    weight_turn
        Pass whose weights are read.
    restart
        States are read as 0.
    """

    clk: Any
    control: Any
    turn: Any
    write_pass: Any
    restart: Any
    weight_turn: Any


@dataclass(frozen=True, eq=False)
class Stage:
    """Wires of one row of adders.

    Attributes
    ----------
    number : int
    name : str
        Prefix of its parts: "neurons", or "currents" where membranes follow.
    design : AdderDesign
    source
        What is added for an event: weights, or currents.
    states
        The states of the neurons whose turn it is, two's complement.
    thresholds
        Their thresholds, None where these are constants.
    """

    number: int
    name: str
    design: AdderDesign
    source: Any
    states: Any
    accumulators: Any
    totals: Any
    keeps: Any
    operand: Any
    carry_in: Any
    mode: Any
    settle: Any
    clipped: Any
    compare: Any
    clear: Any
    thresholds: Any

    @classmethod
    def of(cls, number: int, name: str, design: AdderDesign, source: Any, states: Any) -> "Stage":
        """Fresh wires."""
        lanes = design.parallelism
        sums = lanes * design.sum_bits
        return cls(
            number=number,
            name=name,
            design=design,
            source=source,
            states=states,
            accumulators=word(sums),
            totals=word(sums),
            keeps=word(lanes),
            operand=word(3),
            carry_in=flag(),
            mode=word(2),
            settle=None if design.is_folded else flag(),
            clipped=flag() if design.is_folded else None,
            compare=flag(),
            clear=flag(),
            thresholds=word(lanes * design.threshold_bits) if design.loads_thresholds else None,
        )


@dataclass(frozen=True, eq=False)
class Spikes:
    """Who fires; None where nobody does.

    Attributes
    ----------
    silent
        For the operations: those whose turn it is, or all.
    spikes
        Of all neurons, where they are all computed at once; else None.
    firing
        Those that are compared in this cycle.
    scans : dict
        Pass and spikes of those who scan, by the prefix of their ports, where neurons take turns.
    """

    silent: Any
    spikes: Any
    firing: Any
    scans: dict[str, tuple[Any, Any]]


def stage_parts(
    stage: Stage, steering: Steering, spikes: Spikes | None, shown: Any, entity: Any
) -> list[Any]:
    """Parts of one row of adders; `shown` are its states for simulations, `entity` names a part."""
    design = stage.design
    name = stage.name
    decoder = decode(
        control=steering.control,
        operand=stage.operand,
        carry_in=stage.carry_in,
        mode=stage.mode,
        settle=stage.settle,
        compare=stage.compare,
        clear=stage.clear,
        first_bit=int(Control.SECOND) * stage.number,
    )
    adding = adders(
        operand=stage.operand,
        carry_in=stage.carry_in,
        mode=stage.mode,
        source=stage.source,
        accumulators=stage.accumulators,
        silent=spikes.silent if spikes is not None and design.asks_for_spikes else None,
        totals=stage.totals,
        keeps=stage.keeps,
        pass_number=steering.write_pass if design.depends_on_pass else None,
        thresholds=stage.thresholds,
        design=design,
    )
    parts = [place(decoder, f"{name}_decode", entity(f"{name}_decode")), place(adding, name, entity(name))]
    parts.append(_states(stage, steering, shown, entity))
    shows = membranes(
        accumulators=stage.accumulators,
        states=stage.states,
        lanes=design.parallelism,
        sum_bits=design.sum_bits,
        state_bits=design.state_bits,
    )
    parts.append(place(shows, f"{name}_states", entity(f"{name}_states")))
    return parts


def _states(stage: Stage, steering: Steering, shown: Any, entity: Any) -> Any:
    design = stage.design
    if not design.is_folded:
        kept = state_registers(
            clk=steering.clk,
            clear=stage.clear,
            settle=stage.settle,
            totals=stage.totals,
            keeps=stage.keeps,
            accumulators=stage.accumulators,
            design=design,
        )
        return place(kept, f"{stage.name}_registers", entity(f"{stage.name}_registers"))
    shape = PassMemory(
        passes=design.passes,
        lanes=design.parallelism,
        bits=design.sum_bits,
        start=design.rest,
        size=design.size,
        shown_bits=design.state_bits,
        is_offset=True,
    )
    kept = state_memory(
        clk=steering.clk,
        restart=steering.restart,
        clipped=stage.clipped,
        read_pass=steering.turn,
        write_pass=steering.write_pass,
        keeps=stage.keeps,
        totals=stage.totals,
        accumulators=stage.accumulators,
        shown=shown,
        shape=shape,
    )
    label = f"{stage.name}_memory"
    mirror = "currents" if stage.name == "currents" else "membranes"
    return place(
        kept, label, entity(label, write=lambda prefix: state_memory_vhdl(shape, f"{prefix}_{mirror}"))
    )


def spike_parts(
    stage: Stage, steering: Steering, spikes: Spikes, shown: Any, entity: Any, clears: bool
) -> list[Any]:
    """Parts that keep who fired; `stage` holds the membranes.

    `clears` says whether an operation asks for it before the first comparison of a sample.
    """
    design = stage.design
    if not design.is_folded:
        kept = spike_registers(
            clk=steering.clk,
            clear=stage.clear,
            compare=stage.compare,
            totals=stage.totals,
            silent=spikes.silent,
            spikes=spikes.spikes,
            design=design,
        )
        compared = comparison(
            totals=stage.totals, firing=spikes.firing, lanes=design.parallelism, sum_bits=design.sum_bits
        )
        return [place(kept, "spikes", entity("spikes")), place(compared, "comparison", entity("comparison"))]
    quiet, write = word(design.parallelism), flag()
    compared = comparison(
        totals=stage.totals, firing=spikes.firing, lanes=design.parallelism, sum_bits=design.sum_bits
    )
    written = spike_row(
        clear=stage.clear if clears else None,
        compare=stage.compare,
        firing=spikes.firing,
        write=write,
        quiet=quiet,
        clears=clears,
    )
    shape = PassMemory(
        passes=design.passes,
        lanes=design.parallelism,
        bits=1,
        start=1,
        size=design.size,
        shown_bits=1,
        is_offset=True,
    )
    ports = {
        f"{prefix}{name}": spikes.scans.get(prefix, (None, None))[place_]
        for prefix in ("", "own_")
        for place_, name in enumerate(("scan_pass", "scanned"))
    }
    kept = spike_memory(
        clk=steering.clk,
        restart=steering.restart,
        write=write,
        read_pass=steering.turn,
        write_pass=steering.write_pass,
        quiet=quiet,
        silent=spikes.silent,
        **ports,
        shown=shown,
        shape=shape,
    )
    scans = tuple(spikes.scans)
    memory = entity("spikes", write=lambda prefix: spike_memory_vhdl(shape, f"{prefix}_spikes", scans))
    return [
        place(compared, "comparison", entity("comparison")),
        place(written, "spike_row", entity("spike_row")),
        place(kept, "spikes", memory),
    ]
