"""A layer of the accelerator: control, weight memory, neurons, and what its spikes go into."""

from collections.abc import Callable
from functools import partial
from typing import Any

from myhdl import block

from hw import headers, state_probe
from hw.control.layer_control import layer_control
from hw.entity import Entity, EntityOf, Writer, place
from hw.interfaces import Probe, Scores, Stream
from hw.layer_design import LayerDesign
from hw.layer_outlets import counter_part, first_spike_part, own_event_parts, serializer_part, tally_part
from hw.layer_weights import weight_parts
from hw.layer_wires import Wires
from hw.neurons.stage import spike_parts, stage_parts
from hw.neurons.threshold_parts import threshold_parts
from hw.ports import Extras


@block
def accelerator_layer(
    clk: Any,
    rst: Any,
    flush: Any,
    events: Stream,
    following: Stream | Scores,
    probe: Probe,
    extras: Extras,
    tally: Any,
    design: LayerDesign,
) -> Any:
    """Connect the blocks of a layer; `following` is where its spikes or its scores go.

    `flush` resets what is on its way through the layer; the last layer's answer stays. `tally` tells how
    many spikes there are; None where nobody counts them.
    """
    wires = Wires.of(clk, events, following, probe, design)
    entity = partial(_entity, design)
    parts = [_control(rst if design.is_last else flush, following, probe, wires, design, entity)]
    if design.has_own_events:
        parts += own_event_parts(flush, events, wires, design, entity)
    parts += weight_parts(wires, extras.weights, design, entity)
    if design.adders[-1].loads_thresholds:
        assert extras.thresholds is not None
        parts += threshold_parts(wires.stages[-1], wires.steering, extras.thresholds, design.number, entity)
    for stage, shown in zip(wires.stages, probe.states, strict=True):
        parts += stage_parts(stage, wires.steering, wires.spikes, shown, entity)
    if wires.spikes is not None:
        feeds_back = design.feedback.diagonal is not None
        parts += spike_parts(
            wires.stages[-1], wires.steering, wires.spikes, probe.spikes, entity, clears=feeds_back
        )
    if isinstance(following, Stream):
        parts.append(serializer_part(flush, following, wires, "", wires.fired, design, wires.proceed, entity))
    elif design.network.readout == "counts":
        parts.append(counter_part(following, wires, design, entity))
    elif design.decides:
        parts.append(first_spike_part(following, wires, probe, design, entity))
    if tally is not None:
        parts.append(tally_part(rst if design.is_last else flush, following, tally, wires, design, entity))
    parts.append(_window(probe, design))
    return parts


def _entity(design: LayerDesign, part: str, write: Callable[[str], Writer] | None = None) -> Entity:
    """Entity of a part of a layer; `write` gives its writer from the layer's label."""
    name = f"{design.label}_{part}"
    text = headers.header(name, design.network, *headers.part_text(design, part))
    return Entity(name, text, write=None if write is None else write(design.label))


def _control(
    rst: Any,
    following: Stream | Scores,
    probe: Probe,
    wires: Wires,
    design: LayerDesign,
    entity: EntityOf,
) -> Any:
    steering = wires.steering
    control = layer_control(
        clk=steering.clk,
        rst=rst,
        event_valid=wires.rows.valid,
        event_ready=wires.rows.ready,
        event_tick=wires.rows.tick,
        event_last=wires.rows.last,
        event_active=wires.rows.active,
        visits=wires.visits,
        proceed=wires.proceed,
        read=wires.read,
        any_fired=wires.any_fired,
        decided=following.decided if isinstance(following, Scores) else None,
        bias_row=wires.bias_row,
        bias_number=wires.bias_number,
        turn=steering.weight_turn,
        state_turn=steering.turn,
        score_turn=following.turn if isinstance(following, Scores) else None,
        control=steering.control,
        write_pass=steering.write_pass,
        restart=steering.restart,
        clipped=wires.stages[0].clipped,
        clipped_second=wires.stages[1].clipped if len(wires.stages) > 1 else None,
        hold=wires.hold,
        new_scores=wires.new_scores,
        comparing=wires.comparing,
        fired=wires.fired,
        fired_last=wires.fired_last,
        step_done=probe.done,
        program=design.program,
        passes=design.choices.passes,
        delay=design.choices.lanes,
    )
    return place(control, "control", entity("control"))


def _window(probe: Probe, design: LayerDesign) -> Any:
    signals = probe.named(design.layer)
    mirrored_elsewhere = {"spikes"} if not design.layer.neuron.fires else set()
    if design.choices.passes > 1:
        # a memory mirrors itself
        mirrored_elsewhere = {"spikes", "membranes", "currents"}
    signals = {name: signal for name, signal in signals.items() if name not in mirrored_elsewhere}
    window = state_probe.state_probe(**signals)
    lines = state_probe.inline({f"{design.label}_{name}": name for name in signals})
    return place(window, "window", Entity("window", "", inline=lines))
