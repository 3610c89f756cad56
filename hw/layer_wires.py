"""Wires between the parts of a layer: what there is of them depends on its design."""

from dataclasses import dataclass, field
from typing import Any

from hw.control.microprogram import CONTROL_BITS
from hw.entity import flag, word
from hw.interfaces import Probe, Scores, Stream
from hw.layer_design import LayerDesign
from hw.neurons.stage import Spikes, Stage, Steering
from spiker.fixed_point import unsigned_width


@dataclass(frozen=True, eq=False)
class Wires:
    """Wires between the parts of a layer.

    Attributes
    ----------
    rows : Stream
        The layer's events, its own ones among them.
    row
        The weights of an event.
    proceed, hold
        Lead to what follows the layer; only scores are held.
    stages : tuple of Stage
    spikes : Spikes or None

    Those that nobody looks at are None, and whatever would drive them isn't there.
    """

    steering: Steering
    rows: Stream
    row: Any
    proceed: Any
    hold: Any
    stages: tuple[Stage, ...]
    spikes: Spikes | None
    read: Any = field(default_factory=flag)
    new_scores: Any = None
    comparing: Any = None
    any_fired: Any = None
    bias_row: Any = None
    bias_number: Any = None
    visits: Any = None
    fired: Any = None
    fired_last: Any = None

    @classmethod
    def of(
        cls, clk: Any, events: Stream, following: Stream | Scores, probe: Probe, design: LayerDesign
    ) -> "Wires":
        """Fresh wires, but for those that belong to others."""
        turn_bits = unsigned_width(design.choices.passes - 1)
        row = word(design.source_bits)
        # somebody scans who fired
        scans = design.has_own_events or not design.is_last
        scores = following if isinstance(following, Scores) else None
        return cls(
            steering=_steering(clk, turn_bits, design),
            rows=Stream.for_inputs(design.rows, design.choices) if design.has_own_events else events,
            row=row,
            proceed=flag() if scores is None else scores.taken,
            hold=None if scores is None else scores.valid,
            stages=_stages(row, following, probe, design),
            spikes=_spikes(probe, turn_bits, design) if design.layer.neuron.fires else None,
            any_fired=flag() if design.decides else None,
            bias_row=flag() if design.bias_rows else None,
            bias_number=word(unsigned_width(design.bias_rows - 1)) if design.bias_rows else None,
            visits=_visits(design),
            new_scores=flag() if design.is_last and not design.shows_membranes else None,
            comparing=flag() if design.has_own_events else None,
            fired=flag() if scans else None,
            fired_last=flag() if scans else None,
        )


def _steering(clk: Any, turn_bits: int, design: LayerDesign) -> Steering:
    """What concerns passes is None where there's only one."""
    control = word(CONTROL_BITS)
    if design.choices.passes == 1:
        return Steering(clk, control, turn=None, write_pass=None, restart=None, weight_turn=None)
    return Steering(
        clk,
        control,
        turn=word(turn_bits),
        write_pass=word(turn_bits),
        restart=flag(),
        weight_turn=word(turn_bits),
    )


def _visits(design: LayerDesign) -> Any:
    """Which blocks of a row there are, or whether the row is there; None where nothing is left out."""
    if design.directory is None:
        return None
    bits = design.directory.mask_bits
    return flag() if bits == 1 else word(bits)


def _stages(row: Any, following: Stream | Scores, probe: Probe, design: LayerDesign) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    names = ("neurons",) if len(design.adders) == 1 else ("currents", "neurons")
    source = row
    for number, (name, adders, shown) in enumerate(zip(names, design.adders, probe.states, strict=True)):
        states = word(adders.parallelism * adders.state_bits) if adders.is_folded else shown
        if design.shows_membranes and number == len(names) - 1:
            assert isinstance(following, Scores)
            states = following.values
        stages.append(Stage.of(number, name, adders, source, states))
        source = states
    return tuple(stages)


def _spikes(probe: Probe, turn_bits: int, design: LayerDesign) -> Spikes:
    lanes = design.choices.parallelism
    if design.choices.passes == 1:
        return Spikes(silent=word(lanes), spikes=probe.spikes, firing=word(lanes), scans={})
    prefixes = [*([] if design.is_last else [""]), *(["own_"] if design.has_own_events else [])]
    scans = {prefix: (word(turn_bits), word(lanes)) for prefix in prefixes}
    return Spikes(silent=word(lanes), spikes=None, firing=word(lanes), scans=scans)
