"""The registers of a network's AXI shell: the only place that says what they are."""

import re

import spiker
from hw.ports import LOAD_ADDRESS_BITS, LOAD_LAYER_BITS, Extras
from hw.shell.description import WORD_BITS, WORD_BYTES, Field, Register, RegisterMap
from hw.shell.stream_format import StreamFormat
from spiker.fixed_point import unsigned_width
from spiker.hardware import CHOICES, Hardware
from spiker.network import Network

MAGIC = 0x53504B52
"""The letters SPKR."""

MAP_VERSION = 1
"""Counts up when a register or field changes its place or its meaning."""

ADDRESS_BITS = 8
DIGEST_WORDS = 4
SPIKES_OFFSET = 0x80

INTERRUPTS = ("done", "error", "overrun")
ERRORS = (
    *("index_range", "ended_early", "ended_late", "overrun", "load_range", "load_busy"),
    "value_range",
)


def register_map(network: Network, hardware: Hardware, extras: Extras) -> RegisterMap:
    """The registers that a network's shell has."""
    stream = StreamFormat.of(network, hardware)
    registers = [
        *_identification(network, hardware, extras, stream),
        *_operation(),
        *_counters(),
        *_answer(network),
        *(_weights() if extras.weights is not None else ()),
        *(_thresholds() if extras.thresholds is not None else ()),
        *_spikes(len(extras.spikes)),
    ]
    return RegisterMap(tuple(registers), ADDRESS_BITS)


def _word(name: str, offset: int, text: str, value: int) -> Register:
    return Register(name, offset, text, (Field("value", 0, WORD_BITS, "constant", text, value),))


def _identification(
    network: Network, hardware: Hardware, extras: Extras, stream: StreamFormat
) -> tuple[Register, ...]:
    digest = [network.digest[8 * i : 8 * i + 8] for i in range(DIGEST_WORDS)]
    major, minor, patch = (int(part) for part in re.findall(r"\d+", spiker.__version__)[:3])
    version = (
        Field("patch", 0, 8, "constant", "patch level", patch),
        Field("minor", 8, 8, "constant", "minor version", minor),
        Field("major", 16, 16, "constant", "major version", major),
    )
    features = (
        Field("weights", 0, 1, "constant", "weights can be loaded", int(extras.weights is not None)),
        Field("thresholds", 1, 1, "constant", "thresholds can be set", int(extras.thresholds is not None)),
        Field("layers", 8, 8, "constant", "layers with a spike counter", len(extras.spikes)),
        Field(
            "input",
            16,
            2,
            "constant",
            "what the input stream carries: 0 events, 1 words of spikes, 2 values",
            CHOICES["input"].index(stream.kind),
        ),
        Field("keep_state", 18, 1, "constant", "state is kept between samples", int(hardware.keep_state)),
        Field("pairs", 19, 1, "constant", "a beat has two indices, and 64 bits", int(stream.lanes == 2)),
        Field("bits", 24, 8, "constant", "bits of an index, a word or a value in a beat", stream.bits),
    )
    return (
        _word("magic", 0x00, "the letters SPKR", MAGIC),
        _word("map_version", 0x04, "version of this map", MAP_VERSION),
        Register("version", 0x08, "version of spiker that wrote the design", version),
        _word("packet", 0x0C, "beats of a packet; 0 where that depends on the spikes", stream.beats),
        *(
            _word(
                f"digest{i}",
                0x10 + WORD_BYTES * i,
                f"digits {8 * i + 1} to {8 * i + 8} of the network's digest",
                int(part, 16),
            )
            for i, part in enumerate(digest)
        ),
        _word("inputs", 0x20, "inputs of the network", network.inputs),
        _word("steps", 0x24, "time steps of a sample", network.steps),
        _word("classes", 0x28, "classes", network.classes),
        Register("features", 0x2C, "what this design has", features),
    )


def _operation() -> tuple[Register, ...]:
    control = (
        Field("enable", 0, 1, "stored", "take samples as they come"),
        Field("start", 1, 1, "pulse", "take one sample; the command waits until it begins"),
        Field("soft_reset", 2, 1, "pulse", "forget all samples that have no answer yet"),
    )
    status = (
        Field("busy", 0, 1, "status", "a sample is being taken or computed"),
        Field("done", 1, 1, "status", "there's an answer that was not acknowledged: interrupt_pending.done"),
        Field("armed", 2, 1, "status", "a start waits for its sample"),
        Field("waiting", 3, 1, "status", "a beat is offered, and neither enable nor start lets it in"),
        Field("discarding", 4, 1, "status", "beats are discarded until the packet's end"),
        Field("answering", 5, 1, "status", "a beat of an answer waits to be taken"),
    )
    enable = tuple(
        Field(name, bit, 1, "stored", f"the interrupt line follows interrupt_pending.{name}")
        for bit, name in enumerate(INTERRUPTS)
    )
    meanings = {
        "done": "an answer is complete",
        "error": "one of the error flags was set, overrun apart",
        "overrun": "an answer was complete while done was still set: the one before may not have been read",
    }
    pending = tuple(Field(name, bit, 1, "sticky", meanings[name]) for bit, name in enumerate(INTERRUPTS))
    flags = {
        "index_range": "a spike of an input that isn't below the number of inputs: it was dropped",
        "ended_early": "a packet ended before the sample: what was missing was filled in",
        "ended_late": "a packet went on after the sample: what was too much was dropped",
        "overrun": "an answer was complete before the one before it was acknowledged",
        "load_range": "a weight or threshold was refused: layer, address, lane, neuron or value out of range",
        "load_busy": "a weight or threshold was refused: a sample was being computed",
        "value_range": "a value was above the encoder's maximum: it was taken as that",
    }
    errors = tuple(Field(name, bit, 1, "sticky", flags[name]) for bit, name in enumerate(ERRORS))
    return (
        Register("control", 0x30, "what the shell does", control),
        Register("status", 0x34, "what it's doing", status),
        Register("interrupt_enable", 0x38, "what raises the interrupt line", enable),
        Register("interrupt_pending", 0x3C, "what has happened", pending),
        Register("errors", 0x40, "what went wrong since these flags were cleared", errors),
    )


def _counter(name: str, offset: int, text: str) -> Register:
    return Register(name, offset, text, (Field("value", 0, WORD_BITS, "status", text),))


def _counters() -> tuple[Register, ...]:
    return (
        _counter("cycles", 0x44, "cycles of the last sample: from its first beat to its class, both counted"),
        _counter("samples", 0x48, "answers given since the reset, modulo 2^32"),
        _counter("events", 0x4C, "events, words or values given to the network since the reset, modulo 2^32"),
        _counter("dropped", 0x50, "beats dropped or discarded since the reset, modulo 2^32"),
    )


def _answer(network: Network) -> tuple[Register, ...]:
    index_bits = unsigned_width(network.classes - 1)
    winner = Field("value", 0, index_bits, "status", "class of the last answer")
    index = Field("value", 0, index_bits, "stored", "which class's score is read")
    score = Field("value", 0, WORD_BITS, "status", "score of that class in the last answer", is_signed=True)
    return (
        Register("winner", 0x54, "class of the last answer", (winner,)),
        Register("score_index", 0x58, "which class's score is read", (index,)),
        Register("score", 0x5C, "score of that class, two's complement", (score,)),
    )


def _weights() -> tuple[Register, ...]:
    return (
        _stored("load_layer", 0x60, "layer that weights are loaded into", LOAD_LAYER_BITS),
        _stored("load_address", 0x64, "row of its weight memory: the input", LOAD_ADDRESS_BITS),
        _command("load_lane", 0x68, "place in the row: the neuron; counts up with every value"),
        _command("load_value", 0x6C, "loads a weight, two's complement"),
    )


def _thresholds() -> tuple[Register, ...]:
    return (
        _stored("threshold_layer", 0x70, "layer whose thresholds are set", LOAD_LAYER_BITS),
        _command("threshold_neuron", 0x74, "neuron in the layer; counts up with every value"),
        _command("threshold_value", 0x78, "sets a threshold"),
    )


def _stored(name: str, offset: int, text: str, bits: int) -> Register:
    return Register(name, offset, text, (Field("value", 0, bits, "stored", text),))


def _command(name: str, offset: int, text: str) -> Register:
    return Register(name, offset, text, (Field("value", 0, WORD_BITS, "command", text),))


def _spikes(layers: int) -> tuple[Register, ...]:
    return tuple(
        _counter(
            f"spikes{layer}",
            SPIKES_OFFSET + WORD_BYTES * layer,
            f"spikes of layer {layer} since the reset, modulo 2^32",
        )
        for layer in range(layers)
    )
