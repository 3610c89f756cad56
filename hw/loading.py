"""What is loaded into an accelerator at run time: a network's weights and thresholds, one after the other."""

from collections.abc import Iterator
from typing import NamedTuple

from hw.layer_design import LayerDesign
from hw.memory.rows import unpack_rows
from hw.ports import Extras, ThresholdPort, WeightPort
from spiker.hardware import Hardware
from spiker.network import Network


class WeightLoad(NamedTuple):
    """One weight, for the ports ``load_layer``, ``load_address``, ``load_lane`` and ``load_value``."""

    layer: int
    address: int
    lane: int
    value: int


class ThresholdLoad(NamedTuple):
    """One threshold, for the ports ``threshold_layer``, ``threshold_neuron`` and ``threshold_value``."""

    layer: int
    neuron: int
    value: int


def load_ports(network: Network, hardware: Hardware) -> Extras:
    """Fresh ports for what the hardware loads."""
    designs = list(_designs(network, hardware))
    weights = tuple(design.weight_size for design in designs)
    thresholds = tuple(design.threshold_size for design in designs)
    return Extras(
        weights=WeightPort.of(weights) if any(size.rows for size in weights) else None,
        thresholds=ThresholdPort.of(thresholds) if any(size.rows for size in thresholds) else None,
    )


def load_sequence(network: Network, hardware: Hardware) -> Iterator[WeightLoad]:
    """All weights of the layers that are loaded, in an order in which addresses and lanes count up.

    Parameters
    ----------
    network : Network
        With the weights to load; it differs in nothing else that is kept in the hardware from the network
        that was converted, but in its thresholds where these are loaded too.
    hardware : Hardware
        Choices of the conversion.
    """
    for design in _designs(network, hardware):
        if not design.weight_size.rows:
            continue
        lanes, size = design.choices.parallelism, design.layer.size
        rows = unpack_rows(design.content, design.weight_bits, lanes).tolist()
        places = sorted(
            (design.order.address(row, turn), turn)
            for row in range(design.rows)
            for turn in range(design.choices.passes)
        )
        for address, turn in places:
            for lane in range(min(lanes, size - turn * lanes)):
                yield WeightLoad(design.number, address, lane, rows[address][lane])


def threshold_sequence(network: Network, hardware: Hardware) -> Iterator[ThresholdLoad]:
    """All thresholds that are loaded; parameters as of `load_sequence`."""
    for design in _designs(network, hardware):
        if design.threshold_size.rows:
            for neuron, threshold in enumerate(design.adders[-1].threshold or ()):
                yield ThresholdLoad(design.number, neuron, threshold)


def _designs(network: Network, hardware: Hardware) -> Iterator[LayerDesign]:
    return (LayerDesign.of(network, number, hardware) for number in range(len(network.layers)))
