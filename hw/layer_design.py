"""Everything that a layer's blocks need to know, worked out once."""

from dataclasses import dataclass

import numpy as np

from hw.control.microprogram import Microprogram, microprogram
from hw.control.row_address import RowOrder
from hw.interfaces import rows_of
from hw.memory.rows import pack_rows
from hw.neurons.constants import AdderDesign, adder_designs
from hw.ports import LoadSize
from spiker.fixed_point import IntArray, highest, lowest
from spiker.hardware import Hardware, LayerHardware
from spiker.network import Layer, Network
from spiker.schedule import Feedback, bias_rows, feedback, schedule
from spiker.timing import ScanShape
from spiker.widths import stored_bits


@dataclass(frozen=True, eq=False)
class LayerDesign:
    """Design of a layer.

    Attributes
    ----------
    network, number
        The network and the layer's number in it.
    choices : LayerHardware
    keeps_state : bool
        Whether the state is kept from sample to sample.
    adders : tuple of AdderDesign
        The adders that the weights go to and, where there are any, those behind them.
    program : Microprogram
    weight_bits : int
        Width of a weight in the memory.
    """

    network: Network
    number: int
    choices: LayerHardware
    keeps_state: bool
    adders: tuple[AdderDesign, ...]
    program: Microprogram
    weight_bits: int

    @classmethod
    def of(cls, network: Network, number: int, hardware: Hardware) -> "LayerDesign":
        """Design of layer `number` of a network that the hardware can run."""
        layer = network.layers[number]
        choices = hardware.of_layer(number, layer.size)
        has_own_rows = feedback(layer, choices).rows != "none"
        weight_bits = stored_bits(layer) if has_own_rows else layer.weight_bits
        # two weights are added before they come to the neurons
        source_bits = weight_bits + choices.lanes - 1
        adders = adder_designs(layer, choices, source_bits, loads_thresholds=hardware.load_thresholds)
        program = microprogram(
            schedule(layer, choices),
            is_last=number == len(network.layers) - 1,
            keeps_state=hardware.keep_state,
            decides=network.readout == "first_spike" and number == len(network.layers) - 1,
            leaks=adders[0].leak_shift is not None,
            reset_carries=adders[-1].reset_carries,
        )
        return cls(network, number, choices, hardware.keep_state, adders, program, weight_bits)

    @property
    def layer(self) -> Layer:
        """The layer."""
        return self.network.layers[self.number]

    @property
    def label(self) -> str:
        """Name of the layer's instance and the prefix of its entities."""
        return f"layer{self.number}"

    @property
    def inputs(self) -> int:
        """Inputs of the layer."""
        return self.network.fan_in[self.number]

    @property
    def is_last(self) -> bool:
        """Whether the readout follows."""
        return self.number == len(self.network.layers) - 1

    @property
    def feedback(self) -> Feedback:
        """How the layer's own spikes come back to it."""
        return feedback(self.layer, self.choices)

    @property
    def has_own_events(self) -> bool:
        """Whether the layer's own spikes are events like those of its inputs."""
        return self.feedback.rows != "none"

    @property
    def shows_membranes(self) -> bool:
        """Whether the membranes are the scores."""
        return self.is_last and self.network.readout == "membrane"

    @property
    def decides(self) -> bool:
        """Whether the first spike of the layer is the answer."""
        return self.is_last and self.network.readout == "first_spike"

    @property
    def rows(self) -> int:
        """Rows of weights, of all neurons."""
        return rows_of(self.layer, self.choices, self.inputs)

    @property
    def order(self) -> RowOrder:
        """How the rows lie in the memory."""
        return RowOrder.smallest(self.rows + self.bias_rows, self.choices.passes)

    @property
    def bias_rows(self) -> int:
        """Rows of weights that make up the biases, behind all others."""
        return bias_rows(self.layer, self.choices)

    @property
    def scan(self) -> ScanShape:
        """The words in which the spikes are looked at."""
        return ScanShape(self.layer.size, self.choices.parallelism, self.choices.passes)

    @property
    def source_bits(self) -> int:
        """Width of what comes to the neurons of a pass for an event."""
        return self.choices.parallelism * self.adders[0].source_bits

    @property
    def weight_size(self) -> LoadSize:
        """What weights can be loaded."""
        if self.choices.weights != "loadable":
            return LoadSize(rows=0, lanes=1, bits=1)
        return LoadSize(self.order.depth, self.choices.parallelism, self.weight_bits)

    @property
    def threshold_size(self) -> LoadSize:
        """What thresholds can be set."""
        if not self.adders[-1].loads_thresholds:
            return LoadSize(rows=0, lanes=1, bits=1)
        return LoadSize(1, self.layer.size, self.adders[-1].state_bits)

    @property
    def row_bits(self) -> int:
        """Width of a row of the weight memory: the weights of the neurons of a pass."""
        return self.choices.parallelism * self.weight_bits

    @property
    def content(self) -> tuple[int, ...]:
        """Rows of the weight memory; weight j of a pass begins at bit ``weight_bits * j``."""
        lanes, passes, order = self.choices.parallelism, self.choices.passes, self.order
        weights = np.zeros((self.rows + self.bias_rows, lanes * passes), np.int64)
        weights[:, : self.layer.size] = self._all_rows()
        packed = [
            pack_rows(weights[:, turn * lanes : (turn + 1) * lanes], self.weight_bits)
            for turn in range(passes)
        ]
        content = [0] * order.depth
        for turn, rows in enumerate(packed):
            for row, value in enumerate(rows):
                content[order.address(row, turn)] = value
        return tuple(content)

    def _all_rows(self) -> IntArray:
        own = self.layer.recurrent_weights
        rows = {"none": own[:0], "shared": own[:1].copy(), "own": own}[self.feedback.rows]
        if self.feedback.rows == "shared":
            rows[:] = own[1, 0]
        return np.concatenate([self.layer.weights, rows, self._bias_rows()])

    def _bias_rows(self) -> IntArray:
        """Rows that add up to the biases."""
        left = self.layer.biases.copy()
        rows = np.zeros((self.bias_rows, self.layer.size), np.int64)
        for row in rows:
            row[:] = np.clip(left, lowest(self.layer.weight_bits), highest(self.layer.weight_bits))
            left -= row
        return rows
