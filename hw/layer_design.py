"""Everything that a layer's blocks need to know, worked out once."""

from dataclasses import dataclass

import numpy as np

from hw.control.microprogram import Microprogram, microprogram
from hw.control.row_address import RowOrder
from hw.memory.directory import Directory
from hw.memory.rows import pack_rows
from hw.neurons.constants import AdderDesign, adder_designs
from hw.ports import LoadSize
from spiker.hardware import Hardware, LayerHardware
from spiker.network import Layer, Network
from spiker.schedule import Feedback, bias_rows, feedback, schedule
from spiker.sparsity import Sparsity, sparsity
from spiker.timing import ScanShape
from spiker.weight_rows import weight_rows
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
    sparsity : Sparsity
        What the memory leaves out.
    """

    network: Network
    number: int
    choices: LayerHardware
    keeps_state: bool
    adders: tuple[AdderDesign, ...]
    program: Microprogram
    weight_bits: int
    sparsity: Sparsity

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
        left_out = sparsity(layer, choices)
        return cls(network, number, choices, hardware.keep_state, adders, program, weight_bits, left_out)

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
        """Rows of weights that events add, of all neurons."""
        return len(self.sparsity.visits)

    @property
    def order(self) -> RowOrder:
        """How the rows lie in a memory that leaves nothing out."""
        return RowOrder.smallest(self.rows + self.bias_rows, self.choices.passes)

    @property
    def directory(self) -> Directory | None:
        """Where the rows lie in a memory that leaves some of them out."""
        return None if self.sparsity.form == "dense" else Directory.of(self.sparsity)

    @property
    def word_order(self) -> str:
        """What counts up from word to word of the memory, the slowest one first."""
        if self.directory is not None:
            return "kept"
        if self.choices.passes == 1:
            return "row"
        return "pass, row" if self.order.passes_first else "row, pass"

    @property
    def depth(self) -> int:
        """Words of the memory."""
        return self.order.depth if self.directory is None else self.sparsity.words

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
            return LoadSize.of_rows(0, lanes=1, bits=1)
        lanes = self.choices.parallelism
        last_lanes = self.layer.size - lanes * (self.choices.passes - 1)
        return LoadSize(self.order, lanes, last_lanes, self.weight_bits)

    @property
    def threshold_size(self) -> LoadSize:
        """What thresholds can be set."""
        if not self.adders[-1].loads_thresholds:
            return LoadSize.of_rows(0, lanes=1, bits=1)
        return LoadSize.of_rows(1, self.layer.size, self.adders[-1].state_bits)

    @property
    def row_bits(self) -> int:
        """Width of a row of the weight memory: the weights of the neurons of a pass."""
        return self.choices.parallelism * self.weight_bits

    @property
    def content(self) -> tuple[int, ...]:
        """Rows of the weight memory; weight j of a pass begins at bit ``weight_bits * j``."""
        lanes, passes = self.choices.parallelism, self.choices.passes
        weights = np.zeros((self.rows + self.bias_rows, lanes * passes), np.int64)
        weights[:, : self.layer.size] = weight_rows(self.layer, self.choices)
        packed = [
            pack_rows(weights[:, turn * lanes : (turn + 1) * lanes], self.weight_bits)
            for turn in range(passes)
        ]
        content = [0] * self.depth
        for (row, turn), address in self.addresses.items():
            content[address] = packed[turn][row]
        return tuple(content)

    @property
    def addresses(self) -> dict[tuple[int, int], int]:
        """Address of each word that the memory holds, by row and pass."""
        if self.directory is None:
            turns = range(self.choices.passes)
            rows = range(self.rows + self.bias_rows)
            return {(row, turn): self.order.address(row, turn) for turn in turns for row in rows}
        kept = np.argwhere(self.sparsity.kept).tolist()
        return {(row, turn): address for address, (row, turn) in enumerate(kept)}
