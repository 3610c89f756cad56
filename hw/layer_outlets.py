"""What a layer's spikes go into: the next layer, the layer itself, its scores, a count of them all."""

from typing import Any

from hw.control.event_merge import event_merge
from hw.control.spike_serializer import spike_serializer
from hw.control.spike_tally import HANDED, fired_spikes, handed_spikes
from hw.entity import EntityOf, flag, place
from hw.interfaces import Probe, Scores, Stream
from hw.layer_design import LayerDesign
from hw.layer_wires import Wires
from hw.readouts.first_spike import first_spike
from hw.readouts.spike_counter import spike_counter
from spiker.widths import score_bits


def own_event_parts(
    rst: Any, events: Stream, wires: Wires, design: LayerDesign, entity: EntityOf
) -> list[Any]:
    """A recurrent layer's own spikes as events, and its two streams as one."""
    own = Stream.for_inputs(design.layer.size, design.choices)
    own_fired = flag()
    merge = event_merge(
        clk=wires.steering.clk,
        rst=rst,
        comparing=wires.comparing,
        fired=wires.fired,
        fired_last=None if design.keeps_state else wires.fired_last,
        own_fired=own_fired,
        own_valid=own.valid,
        own_ready=own.ready,
        own_index=None if design.feedback.rows == "shared" else own.index,
        own_tick=own.tick,
        own_active=own.active,
        own_index_b=None if design.feedback.rows == "shared" else own.index_b,
        own_active_b=own.active_b,
        **events.arguments("event"),
        **wires.rows.arguments("row"),
        n_inputs=design.inputs,
        is_shared=design.feedback.rows == "shared",
    )
    serializer = serializer_part(rst, own, wires, "own_", own_fired, design, flag(), entity)
    return [serializer, place(merge, "merge", entity("merge"))]


def serializer_part(
    rst: Any,
    events: Stream,
    wires: Wires,
    prefix: str,
    fired: Any,
    design: LayerDesign,
    proceed: Any,
    entity: EntityOf,
) -> Any:
    """Those who fired as events, to the next layer or, with the prefix ``own_``, to the layer itself."""
    assert wires.spikes is not None  # it's followed by a layer, or recurrent
    scan_pass, spikes = wires.spikes.scans.get(prefix, (None, wires.spikes.spikes))
    serializer = spike_serializer(
        clk=wires.steering.clk,
        rst=rst,
        fired=fired,
        fired_last=wires.fired_last,
        spikes=spikes,
        scan_pass=scan_pass,
        proceed=proceed,
        **events.arguments("event"),
        shape=design.scan,
    )
    return place(serializer, f"{prefix}serializer", entity(f"{prefix}serializer"))


def counter_part(following: Scores, wires: Wires, design: LayerDesign, entity: EntityOf) -> Any:
    """How often each neuron fires."""
    assert wires.spikes is not None  # counts are of neurons that fire
    counter = spike_counter(
        clk=wires.steering.clk,
        clear=wires.new_scores,
        count=wires.stages[-1].compare,
        turn=wires.steering.write_pass,
        spikes=wires.spikes.firing,
        counts=following.values,
        n_neurons=design.layer.size,
        lanes=design.choices.parallelism,
        count_bits=score_bits(design.network),
    )
    return place(counter, "counter", entity("counter"))


def tally_part(
    rst: Any, following: Stream | Scores, tally: Any, wires: Wires, design: LayerDesign, entity: EntityOf
) -> Any:
    """How many spikes there are: those that go to the next layer, or, in the last one, those that fire."""
    clk = wires.steering.clk
    if isinstance(following, Stream):
        handed = following.arguments("event")
        taken = {f"event_{name}": handed[f"event_{name}"] for name in HANDED}
        part = handed_spikes(clk=clk, rst=rst, **taken, tally=tally)
    else:
        assert wires.spikes is not None  # who doesn't fire isn't counted
        part = fired_spikes(
            clk=clk,
            rst=rst,
            compare=wires.stages[-1].compare,
            # the last pass may have lanes without a neuron
            turn=wires.steering.write_pass if design.layer.size % design.choices.parallelism else None,
            firing=wires.spikes.firing,
            tally=tally,
            n_neurons=design.layer.size,
            lanes=design.choices.parallelism,
        )
    return place(part, "spike_tally", entity("spike_tally"))


def first_spike_part(
    following: Scores, wires: Wires, probe: Probe, design: LayerDesign, entity: EntityOf
) -> Any:
    """Who fires first."""
    assert wires.spikes is not None  # the first spike is of neurons that fire
    first = first_spike(
        clk=wires.steering.clk,
        clear=wires.new_scores,
        compare=wires.stages[-1].compare,
        turn=wires.steering.write_pass,
        firing=wires.spikes.firing,
        step_done=probe.done,
        any_fired=wires.any_fired,
        scores=following.values,
        n_neurons=design.layer.size,
        lanes=design.choices.parallelism,
        steps=design.network.steps,
        score_bits=score_bits(design.network),
    )
    return place(first, "first_spike", entity("first_spike"))
