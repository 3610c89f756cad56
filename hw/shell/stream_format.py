"""What a beat and a packet of the input stream are: the only place that says so."""

import textwrap
from dataclasses import dataclass

from hw.input.streams import largest_value, source_bits
from hw.shell.description import WORD_BITS
from spiker.encoders.base import STEPS
from spiker.hardware import Hardware, Input
from spiker.network import Network
from spiker.timing_input import words_of

TICK_BIT = 31
"""Bit of an event that says that it ends a step; of the second one in a beat, that there's none."""


@dataclass(frozen=True)
class StreamFormat:
    """Format of a network's input stream in its shell.

    Attributes
    ----------
    kind : Input
        What a beat carries.
    lanes : int
        Events in a beat, 1 or 2.
    bits : int
        Bits of an index, a word or a value.
    beats : int
        Beats of a packet; 0 where that depends on the spikes.
    per_step : int
        Words or values of a step; 0 where values hold for all steps, or beats are events.
    largest : int
        Largest index in a beat: of an input, or of a bit in a step's last word; largest value.
    """

    kind: Input
    lanes: int
    bits: int
    beats: int
    per_step: int
    largest: int

    @classmethod
    def of(cls, network: Network, hardware: Hardware) -> "StreamFormat":
        """Format of a network's input in hardware that the design rules allow."""
        if hardware.input == "events":
            lanes = hardware.of_layers(network)[0].lanes
            return cls("events", lanes, TICK_BIT, 0, 0, network.inputs - 1)
        bits = source_bits(network, hardware.input)
        if hardware.input == "words":
            words = words_of(network.inputs)
            return cls("words", 1, bits, network.steps * words, words, (network.inputs - 1) % bits)
        assert network.encoder is not None  # the design rules ask for one
        largest = largest_value(network)
        if STEPS in network.encoder.axes:
            return cls("encoder", 1, bits, network.steps * network.values, network.values, largest)
        return cls("encoder", 1, bits, network.values, 0, largest)

    @property
    def tdata_bits(self) -> int:
        """Width of the stream."""
        return WORD_BITS * self.lanes

    @property
    def text(self) -> str:
        """What a packet is."""
        if self.kind == "words":
            return (
                f"{self.beats} words, {self.per_step} a step: bit b of word w of a step is input "
                f"{self.bits} * w + b"
            )
        if self.kind == "encoder":
            often = f", {self.per_step} a step" if self.per_step else ""
            return f"{self.beats} values{often}, 0 to {self.largest}"
        tick = f"with bit {TICK_BIT} set, the end of the step; tlast comes with the end of the last step"
        if self.lanes == 1:
            return f"beats that are each the index of an input that spikes in this step, or, {tick}"
        return (
            f"beats whose bits 0 to 31 are the index of an input that spikes in this step, or, {tick}. Bits "
            "32 to 63 are a second index of this step; with bit 63 set there's none"
        )

    @property
    def lines(self) -> list[str]:
        """`text` as a sentence, in lines."""
        return textwrap.wrap(f"{self.text}.", 96)
