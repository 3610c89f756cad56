"""The accelerator: layers one behind the other, then the readout."""

from dataclasses import dataclass
from typing import Any

from myhdl import block

from hw import headers
from hw.entity import Entity, flag, number, place
from hw.interfaces import Probe, Scores, Stream, layer_ports
from hw.layer import LayerDesign, accelerator_layer
from hw.readout import readout
from spiker.network import Network
from spiker.widths import result_bits, score_bits

TOP = "spiker_accelerator"


@dataclass(frozen=True, eq=False)
class ResultStream:
    """The answer of a sample: class, then scores; `last` marks the last score."""

    valid: Any
    ready: Any
    value: Any
    last: Any


@dataclass(frozen=True, eq=False)
class Accelerator:
    """An elaborated accelerator and the signals at its ends.

    Attributes
    ----------
    block
        The MyHDL block: to be simulated beside a bench, or converted.
    clk, rst
        Clock, and synchronous reset, active high.
    events : Stream
        Where beats go in.
    results : ResultStream
        Where answers come out.
    probes : tuple of Probe
        One a layer, for simulations.
    """

    block: Any
    clk: Any
    rst: Any
    events: Stream
    results: ResultStream
    probes: tuple[Probe, ...]


def build(network: Network) -> Accelerator:
    """Elaborate the accelerator of a network that the hardware can run (`hw.design_rules`)."""
    clk, rst = flag(), flag()
    streams = [Stream.for_inputs(count) for count in network.fan_in]
    designs = [LayerDesign.of(network, position) for position in range(len(network.layers))]
    probes = tuple(design.probe(events) for design, events in zip(designs, streams, strict=True))
    results = ResultStream(flag(), flag(), number(result_bits(network)), flag())
    top = accelerator(clk, rst, streams, results, probes, designs, network)
    ports = {"clk": clk, "rst": rst}
    ports |= {f"event_{name}": signal for name, signal in vars(streams[0]).items()}
    ports |= {f"result_{name}": signal for name, signal in vars(results).items()}
    text = headers.header(TOP, network, *headers.accelerator_text(network))
    place(top, TOP, Entity(TOP, text, ports=ports))
    return Accelerator(top, clk, rst, streams[0], results, probes)


@block
def accelerator(
    clk: Any,
    rst: Any,
    streams: list[Stream],
    results: ResultStream,
    probes: tuple[Probe, ...],
    designs: list[LayerDesign],
    network: Network,
) -> Any:
    """Connect layers and readout."""
    scores = Scores.of(network)
    if network.readout == "membrane":
        # the scores are the last layer's states themselves
        scores = Scores(scores.valid, scores.taken, probes[-1].membranes)
    parts = []
    for design, events, probe in zip(designs, streams, probes, strict=True):
        is_last = design is designs[-1]
        following = scores if is_last else streams[design.number + 1]
        layer = network.layers[design.number]
        text = headers.layer_text(layer, len(design.content))
        entity = Entity(
            design.label,
            headers.header(design.label, network, *text),
            ports=layer_ports(clk, rst, events, following),
        )
        parts.append(
            place(accelerator_layer(clk, rst, events, following, probe, design), design.label, entity)
        )
    choice = readout(
        clk=clk,
        rst=rst,
        scores_valid=scores.valid,
        scores_taken=scores.taken,
        scores=scores.values,
        result_valid=results.valid,
        result_ready=results.ready,
        result_value=results.value,
        result_last=results.last,
        n_classes=network.classes,
        score_bits=score_bits(network),
    )
    readout_header = headers.header(
        "readout",
        network,
        f"finds the highest of {network.classes} scores, one a cycle, and gives its class and all scores.",
        "The lowest index wins where scores are equal.",
    )
    parts.append(place(choice, "readout", Entity("readout", readout_header)))
    return parts
