"""A layer of the accelerator: control, weight memory, neurons, and what its spikes go into."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from myhdl import block

from hw import headers, state_probe
from hw.entity import Entity, flag, place, word
from hw.interfaces import Probe, Scores, Stream
from hw.layer_control import Phases, layer_control, phases
from hw.memory import rows, weight_memory
from hw.neuron_array import NeuronConstants, neuron_array
from hw.spike_counter import spike_counter
from hw.spike_serializer import spike_serializer
from spiker.network import Network
from spiker.schedule import schedule
from spiker.widths import score_bits


@dataclass(frozen=True, eq=False)
class LayerDesign:
    """Everything that a layer's blocks need to know, worked out once.

    Attributes
    ----------
    network, number
        The network and the layer's number in it.
    constants : NeuronConstants
    program : Phases
    content : tuple of int
        Rows of the weight memory.
    """

    network: Network
    number: int
    constants: NeuronConstants
    program: Phases
    content: tuple[int, ...]

    @classmethod
    def of(cls, network: Network, number: int) -> "LayerDesign":
        """Design of layer `number` of a network that the hardware can run."""
        layer = network.layers[number]
        constants = NeuronConstants.of(layer)
        return cls(
            network=network,
            number=number,
            constants=constants,
            program=phases(
                schedule(layer),
                is_last=number == len(network.layers) - 1,
                resets_to_zero=constants.resets_to_zero,
            ),
            content=rows.pack_rows(layer.weights, layer.weight_bits),
        )

    @property
    def label(self) -> str:
        """Name of the layer's instance and the prefix of its entities."""
        return f"layer{self.number}"

    @property
    def row_bits(self) -> int:
        """Width of a row of the weight memory."""
        return self.constants.size * self.constants.weight_bits

    def probe(self, events: Stream) -> Probe:
        """Fresh probe signals of the layer; the index is the event stream's."""
        size, bits = self.constants.size, self.constants.state_bits
        return Probe(flag(), events.index, flag(), flag(), flag(), word(size), word(size * bits))


@dataclass(frozen=True, eq=False)
class Wires:
    """Wires between the parts of a layer; `proceed` and `hold` lead to what follows it."""

    operand: Any
    carry_in: Any
    write: Any
    write_fired: Any
    clip: Any
    compare: Any
    clear: Any
    fired_last: Any
    row: Any
    proceed: Any
    hold: Any

    @classmethod
    def of(cls, design: LayerDesign, following: Stream | Scores) -> "Wires":
        """Fresh wires, but for those that the readout shares."""
        return cls(
            operand=word(3),
            carry_in=flag(),
            write=flag(),
            write_fired=flag(),
            clip=flag(),
            compare=flag(),
            clear=flag(),
            fired_last=flag(),
            row=word(design.row_bits),
            proceed=following.taken if isinstance(following, Scores) else flag(),
            hold=following.valid if isinstance(following, Scores) else flag(),
        )


@block
def accelerator_layer(
    clk: Any, rst: Any, events: Stream, following: Stream | Scores, probe: Probe, design: LayerDesign
) -> Any:
    """Connect the blocks of a layer; `following` is where its spikes or its scores go."""
    wires = Wires.of(design, following)
    shared = _shared_by_control_and_neurons(wires)
    control = layer_control(
        **_control_ports(clk, rst, events, probe, wires), **shared, program=design.program
    )
    weights = weight_memory.weight_memory(
        clk=clk, read=probe.taken, address=events.index, row=wires.row, content=design.content
    )
    neurons = neuron_array(
        clk=clk,
        row=wires.row,
        spikes=probe.spikes,
        membranes=probe.membranes,
        **shared,
        constants=design.constants,
    )
    window = state_probe.state_probe(**{name: getattr(probe, name) for name in state_probe.SIGNALS})
    parts = [
        place(control, "control", _entity(design, "control", *headers.control_text(design.program))),
        place(weights, "weights", _weights_entity(design, len(events.index))),
        place(neurons, "neurons", _entity(design, "neurons", *headers.neurons_text(design.constants))),
        place(window, "window", Entity("window", "", inline=state_probe.inline(design.label))),
    ]
    size, bits = design.constants.size, score_bits(design.network)
    if isinstance(following, Stream):
        serializer = spike_serializer(**_serializer_ports(clk, rst, following, probe, wires), n_neurons=size)
        entity = _entity(design, "serializer", *headers.serializer_text(size))
        parts.append(place(serializer, "serializer", entity))
    elif design.network.readout == "counts":
        counter = spike_counter(
            clk=clk,
            clear=wires.clear,
            fired=probe.fired,
            spikes=probe.spikes,
            counts=following.values,
            n_neurons=size,
            count_bits=bits,
        )
        parts.append(place(counter, "counter", _entity(design, "counter", *headers.counter_text(size, bits))))
    return parts


def _entity(design: LayerDesign, part: str, *text: str, **how: Any) -> Entity:
    name = f"{design.label}_{part}"
    return Entity(name, headers.header(name, design.network, *text), **how)


def _weights_entity(design: LayerDesign, address_bits: int) -> Entity:
    write = partial(
        weight_memory.vhdl,
        content=design.content,
        address_bits=address_bits,
        row_bits=design.row_bits,
    )
    text = headers.weights_text(len(design.content), design.constants)
    return _entity(design, "weights", *text, write=write)


def _shared_by_control_and_neurons(wires: Wires) -> dict[str, Any]:
    names = ("operand", "carry_in", "write", "write_fired", "clip", "compare", "clear")
    return {name: getattr(wires, name) for name in names}


def _control_ports(clk: Any, rst: Any, events: Stream, probe: Probe, wires: Wires) -> dict[str, Any]:
    return {
        "clk": clk,
        "rst": rst,
        "event_valid": events.valid,
        "event_ready": events.ready,
        "event_tick": events.tick,
        "event_last": events.last,
        "proceed": wires.proceed,
        "read": probe.taken,
        "ended": probe.ended,
        "hold": wires.hold,
        "fired": probe.fired,
        "fired_last": wires.fired_last,
        "step_done": probe.done,
    }


def _serializer_ports(clk: Any, rst: Any, following: Stream, probe: Probe, wires: Wires) -> dict[str, Any]:
    return {
        "clk": clk,
        "rst": rst,
        "fired": probe.fired,
        "fired_last": wires.fired_last,
        "spikes": probe.spikes,
        "idle": wires.proceed,
        "event_valid": following.valid,
        "event_ready": following.ready,
        "event_index": following.index,
        "event_tick": following.tick,
        "event_last": following.last,
    }
