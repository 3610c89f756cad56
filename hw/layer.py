"""A layer of the accelerator: control, weight memory, neurons, and what its spikes go into."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from myhdl import block

from hw import headers, state_probe
from hw.control.event_merge import event_merge
from hw.control.layer_control import layer_control
from hw.control.microprogram import CONTROL_BITS
from hw.control.row_address import row_address
from hw.control.row_sum import row_sum
from hw.control.spike_serializer import spike_serializer
from hw.control.spike_tally import HANDED, fired_spikes, handed_spikes
from hw.entity import Entity, Writer, flag, place, word
from hw.interfaces import Probe, Scores, Stream
from hw.layer_design import LayerDesign
from hw.memory import weight_memory
from hw.memory.directory import directory_vhdl, row_directory
from hw.memory.loadable_parts import loadable_parts
from hw.neurons.stage import Spikes, Stage, Steering, spike_parts, stage_parts
from hw.neurons.threshold_parts import threshold_parts
from hw.ports import Extras, WeightPort
from hw.readouts.first_spike import first_spike
from hw.readouts.spike_counter import spike_counter
from spiker.fixed_point import unsigned_width
from spiker.widths import score_bits


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
        Lead to what follows the layer.
    stages : tuple of Stage
    spikes : Spikes or None
    """

    steering: Steering
    rows: Stream
    row: Any
    proceed: Any
    hold: Any
    stages: tuple[Stage, ...]
    spikes: Spikes | None
    read: Any = field(default_factory=flag)
    new_scores: Any = field(default_factory=flag)
    comparing: Any = field(default_factory=flag)
    any_fired: Any = None
    bias_row: Any = None
    bias_number: Any = None
    visits: Any = None
    fired: Any = field(default_factory=flag)
    fired_last: Any = field(default_factory=flag)

    @classmethod
    def of(
        cls, clk: Any, events: Stream, following: Stream | Scores, probe: Probe, design: LayerDesign
    ) -> "Wires":
        """Fresh wires, but for those that belong to others."""
        turn_bits = unsigned_width(design.choices.passes - 1)
        row = word(design.source_bits)
        scores = following if isinstance(following, Scores) else None
        return cls(
            steering=Steering(
                clk, word(CONTROL_BITS), word(turn_bits), word(turn_bits), flag(), word(turn_bits)
            ),
            rows=Stream.for_inputs(design.rows, design.choices) if design.has_own_events else events,
            row=row,
            proceed=flag() if scores is None else scores.taken,
            hold=flag() if scores is None else scores.valid,
            stages=_stages(row, following, probe, design),
            spikes=_spikes(probe, turn_bits, design) if design.layer.neuron.fires else None,
            any_fired=flag() if design.decides else None,
            bias_row=flag() if design.bias_rows else None,
            bias_number=word(unsigned_width(design.bias_rows - 1)) if design.bias_rows else None,
            visits=_visits(design),
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
        parts += _own_events(flush, events, wires, design, entity)
    parts += _weights(wires, extras.weights, design, entity)
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
        parts.append(_serializer(flush, following, wires, "", wires.fired, design, wires.proceed, entity))
    elif design.network.readout == "counts":
        parts.append(_counter(following, wires, design, entity))
    elif design.decides:
        parts.append(_first_spike(following, wires, probe, design, entity))
    if tally is not None:
        parts.append(_tally(rst if design.is_last else flush, following, tally, wires, design, entity))
    parts.append(_window(probe, design))
    return parts


EntityOf = Callable[..., Entity]


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


def _weights(wires: Wires, port: WeightPort | None, design: LayerDesign, entity: EntityOf) -> list[Any]:
    """The weights of an event, or of two: where they lie, the memory, and their sum."""
    address, parts = _address(wires.rows.index, "", wires, design, entity)
    content = design.content
    clk = wires.steering.clk
    ports: dict[str, Any] = {"clk": clk, "read": wires.read, "address": address, "row": wires.row}
    if design.choices.lanes == 2:
        address_b, parts_b = _address(wires.rows.index_b, "_b", wires, design, entity)
        ports["row"], row_b = word(design.row_bits), word(design.row_bits)
        both = row_sum(
            clk=clk,
            read=wires.read,
            only_first=wires.bias_row,
            active_b=wires.rows.active_b,
            row_a=ports["row"],
            row_b=row_b,
            row=wires.row,
            lanes=design.choices.parallelism,
            weight_bits=design.weight_bits,
        )
        parts += [*parts_b, place(both, "row_sum", entity("row_sum"))]
        ports |= {"read_b": wires.read, "address_b": address_b, "row_b": row_b}
    if design.choices.weights == "loadable":
        assert port is not None
        return [*parts, *loadable_parts(ports, port, design, entity)]
    memory = weight_memory.weight_memory(**ports, content=content)
    writer = partial(
        weight_memory.vhdl,
        content=content,
        address_bits=len(address),
        row_bits=design.row_bits,
        kind=design.choices.weights,
        ports=design.choices.lanes,
    )
    return [*parts, place(memory, "weights", entity("weights", write=lambda label: writer))]


def _address(
    index: Any, suffix: str, wires: Wires, design: LayerDesign, entity: EntityOf
) -> tuple[Any, list[Any]]:
    """Address of an index' row, and what forms it where the neurons take turns or rows are left out."""
    if design.directory is not None:
        return _directory(index, wires, design, entity)
    order = design.order
    if order.passes == 1:
        return index, []
    address = word(unsigned_width(order.depth - 1))
    # biases are read by the first port
    has_biases = wires.bias_row is not None and not suffix
    joined = row_address(
        index=index,
        bias_row=wires.bias_row if has_biases else None,
        bias_number=wires.bias_number if has_biases else None,
        turn=wires.steering.weight_turn,
        address=address,
        first_bias_row=design.rows,
        row_bits=unsigned_width(order.rows - 1),
        passes_first=order.passes_first,
    )
    return address, [place(joined, f"address{suffix}", entity(f"address{suffix}"))]


def _directory(index: Any, wires: Wires, design: LayerDesign, entity: EntityOf) -> tuple[Any, list[Any]]:
    """Address of an index' row in a memory that leaves rows out, and what finds it."""
    directory = design.directory
    assert directory is not None
    address = word(directory.address_bits)
    turn = wires.steering.weight_turn if design.choices.passes > 1 else None
    found = row_directory(
        index=index,
        bias_row=wires.bias_row,
        bias_number=wires.bias_number,
        turn=turn,
        address=address,
        visits=wires.visits,
        first_bias_row=design.rows,
        directory=directory,
    )
    writer = directory_vhdl(
        directory,
        index_bits=len(index),
        bias_bits=0 if wires.bias_number is None else len(wires.bias_number),
        turn_bits=0 if turn is None else len(turn),
        first=design.rows,
    )
    return address, [place(found, "directory", entity("directory", write=lambda label: writer))]


def _own_events(rst: Any, events: Stream, wires: Wires, design: LayerDesign, entity: EntityOf) -> list[Any]:
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
    serializer = _serializer(rst, own, wires, "own_", own_fired, design, flag(), entity)
    return [serializer, place(merge, "merge", entity("merge"))]


def _serializer(
    rst: Any,
    events: Stream,
    wires: Wires,
    prefix: str,
    fired: Any,
    design: LayerDesign,
    proceed: Any,
    entity: EntityOf,
) -> Any:
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


def _counter(following: Scores, wires: Wires, design: LayerDesign, entity: EntityOf) -> Any:
    assert wires.spikes is not None  # counts are of neurons that fire
    folded = design.choices.passes > 1
    counter = spike_counter(
        clk=wires.steering.clk,
        clear=wires.new_scores,
        count=wires.stages[-1].compare,
        turn=wires.steering.write_pass if folded else None,
        spikes=wires.spikes.firing,
        counts=following.values,
        n_neurons=design.layer.size,
        lanes=design.choices.parallelism,
        count_bits=score_bits(design.network),
    )
    return place(counter, "counter", entity("counter"))


def _tally(
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


def _first_spike(following: Scores, wires: Wires, probe: Probe, design: LayerDesign, entity: EntityOf) -> Any:
    assert wires.spikes is not None  # the first spike is of neurons that fire
    folded = design.choices.passes > 1
    first = first_spike(
        clk=wires.steering.clk,
        clear=wires.new_scores,
        compare=wires.stages[-1].compare,
        turn=wires.steering.write_pass if folded else None,
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
