"""A layer of the accelerator: control, weight memory, neurons, and what its spikes go into."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from myhdl import block

from hw import headers, state_probe, weight_memory
from hw.entity import Entity, flag, place, word
from hw.layer_control import Phases, layer_control, phases
from hw.neuron_array import NeuronConstants, neuron_array
from hw.spike_counter import spike_counter
from hw.spike_serializer import spike_serializer
from spiker.fixed_point import unsigned_width
from spiker.network import Network
from spiker.schedule import schedule
from spiker.timing import SCAN_BITS
from spiker.widths import score_bits


@dataclass(frozen=True, eq=False)
class Stream:
    """Events between layers: an index, or the tick that ends a step; `last` marks the last tick."""

    valid: Any
    ready: Any
    index: Any
    tick: Any
    last: Any

    @classmethod
    def for_inputs(cls, count: int) -> "Stream":
        """Stream of events for `count` inputs."""
        return cls(flag(), flag(), word(unsigned_width(count - 1)), flag(), flag())


@dataclass(frozen=True, eq=False)
class Scores:
    """What the last layer shows the readout, and how the readout lets it go on."""

    valid: Any
    taken: Any
    values: Any

    @classmethod
    def of(cls, network: Network) -> "Scores":
        """Scores of a network's last layer."""
        return cls(flag(), flag(), word(network.classes * score_bits(network)))


@dataclass(frozen=True, eq=False)
class Probe:
    """Signals that tell what a layer does, for simulations."""

    taken: Any
    index: Any
    ended: Any
    fired: Any
    done: Any
    spikes: Any
    membranes: Any


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
            content=weight_memory.pack_rows(layer.weights, layer.weight_bits),
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


@block
def accelerator_layer(
    clk: Any, rst: Any, events: Stream, following: Stream | Scores, probe: Probe, design: LayerDesign
) -> Any:
    """Connect the blocks of a layer; `following` is where its spikes or its scores go."""
    network, program, constants = design.network, design.program, design.constants
    layer = network.layers[design.number]
    operand = word(3)
    carry_in, write, write_fired, clip, compare, clear = (flag() for _ in range(6))
    fired_last, idle, hold = flag(), flag(), flag()
    row = word(design.row_bits)
    proceed = idle
    if isinstance(following, Scores):
        proceed, hold = following.taken, following.valid

    def entity(part: str, *text: str, **how: Any) -> Entity:
        name = f"{design.label}_{part}"
        return Entity(name, headers.header(name, network, *text), **how)

    control = place(
        layer_control(
            clk=clk,
            rst=rst,
            event_valid=events.valid,
            event_ready=events.ready,
            event_tick=events.tick,
            event_last=events.last,
            proceed=proceed,
            read=probe.taken,
            ended=probe.ended,
            operand=operand,
            carry_in=carry_in,
            write=write,
            write_fired=write_fired,
            clip=clip,
            compare=compare,
            clear=clear,
            hold=hold,
            fired=probe.fired,
            fired_last=fired_last,
            step_done=probe.done,
            program=program,
        ),
        "control",
        entity("control", *headers.control_text(program)),
    )
    weights = place(
        weight_memory.weight_memory(
            clk=clk, read=probe.taken, address=events.index, row=row, content=design.content
        ),
        "weights",
        entity(
            "weights",
            f"weights of {len(design.content)} inputs to {layer.size} neurons, {layer.weight_bits} bits.",
            f"Row i holds the weights of input i; the one to neuron j begins at bit {layer.weight_bits} * j. "
            "Read in one cycle where read is set; a block RAM where it's large enough.",
            write=partial(
                weight_memory.vhdl,
                content=design.content,
                address_bits=len(events.index),
                row_bits=design.row_bits,
            ),
        ),
    )
    neurons = place(
        neuron_array(
            clk=clk,
            operand=operand,
            carry_in=carry_in,
            write=write,
            write_fired=write_fired,
            clip=clip,
            compare=compare,
            clear=clear,
            row=row,
            spikes=probe.spikes,
            membranes=probe.membranes,
            constants=constants,
        ),
        "neurons",
        entity("neurons", *headers.neurons_text(constants)),
    )
    window = place(
        state_probe.state_probe(
            taken=probe.taken,
            index=probe.index,
            ended=probe.ended,
            done=probe.done,
            spikes=probe.spikes,
            membranes=probe.membranes,
        ),
        "window",
        Entity("window", "", inline=state_probe.inline(design.label)),
    )
    parts = [control, weights, neurons, window]
    if isinstance(following, Stream):
        serializer = place(
            spike_serializer(
                clk=clk,
                rst=rst,
                fired=probe.fired,
                fired_last=fired_last,
                spikes=probe.spikes,
                idle=idle,
                event_valid=following.valid,
                event_ready=following.ready,
                event_index=following.index,
                event_tick=following.tick,
                event_last=following.last,
                n_neurons=layer.size,
            ),
            "serializer",
            entity(
                "serializer",
                f"turns the spikes of {layer.size} neurons into a stream of events.",
                f"One event a cycle, lowest neuron first; looks at {min(SCAN_BITS, layer.size)} at a "
                "time, and a group without a spike costs a cycle; then the tick.",
            ),
        )
        parts.append(serializer)
    elif network.readout == "counts":
        counter = place(
            spike_counter(
                clk=clk,
                clear=clear,
                fired=probe.fired,
                spikes=probe.spikes,
                counts=following.values,
                n_neurons=layer.size,
                count_bits=score_bits(network),
            ),
            "counter",
            entity(
                "counter",
                f"counts the spikes of {layer.size} neurons over a sample: their scores.",
                f"The count of neuron i begins at bit {score_bits(network)} * i.",
            ),
        )
        parts.append(counter)
    return parts


def layer_ports(clk: Any, rst: Any, events: Stream, following: Stream | Scores) -> dict[str, Any]:
    """Ports of a layer's entity."""
    ports = {"clk": clk, "rst": rst}
    ports |= {f"event_{name}": signal for name, signal in vars(events).items()}
    if isinstance(following, Stream):
        return ports | {f"spike_{name}": signal for name, signal in vars(following).items()}
    return ports | {f"scores_{name}": signal for name, signal in vars(following).items()}
