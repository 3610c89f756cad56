"""The accelerator: layers one behind the other, then the readout."""

from dataclasses import dataclass, field, replace
from typing import Any

from myhdl import block

from hw import headers
from hw.elaboration import quick_elaboration
from hw.entity import Entity, flag, number, place, word
from hw.input.entry import Entry
from hw.input.streams import Source
from hw.interfaces import Probe, Scores, Stream
from hw.layer import accelerator_layer
from hw.layer_design import LayerDesign
from hw.loading import load_ports
from hw.ports import MAX_LAYERS_COUNTED, Extras
from hw.readouts.readout import readout
from spiker.fixed_point import unsigned_width
from spiker.hardware import Hardware
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
    source : Source or None
        Where words or values go in instead; `events` are then made from them.
    results : ResultStream
        Where answers come out.
    probes : tuple of Probe
        One a layer, for simulations.
    decided
        A pulse when an answer is decided by the first spike; None with other readouts.
    extras : Extras
        Where weights and thresholds are loaded, and, for a shell, how many spikes there are.
    """

    block: Any
    clk: Any
    rst: Any
    events: Stream
    source: Source | None
    results: ResultStream
    probes: tuple[Probe, ...]
    decided: Any = None
    extras: Extras = field(default_factory=Extras)


@quick_elaboration()
def build(network: Network, hardware: Hardware | None = None) -> Accelerator:
    """Elaborate the accelerator of a network that the hardware can run (`hw.design_rules`)."""
    hardware = hardware or Hardware()
    clk, rst = flag(), flag()
    designs = [LayerDesign.of(network, number, hardware) for number in range(len(network.layers))]
    streams = [Stream.for_inputs(design.inputs, design.choices) for design in designs]
    probes = tuple(Probe.of(design.layer, events) for design, events in zip(designs, streams, strict=True))
    entry = Entry.of(designs[0], streams[0], hardware.input)
    results = ResultStream(flag(), flag(), number(result_bits(network)), flag())
    scores = _scores(designs[-1], probes[-1])
    extras = load_ports(network, hardware)
    if hardware.shell != "none":
        extras = replace(extras, spikes=spike_tallies(designs, streams))
    top = accelerator(clk, rst, entry, streams, results, probes, scores, extras, designs)
    ports = {"clk": clk, "rst": rst, **entry.ports()}
    ports |= {f"result_{name}": signal for name, signal in vars(results).items()}
    ports |= {} if extras.weights is None else extras.weights.ports("load")
    ports |= {} if extras.thresholds is None else extras.thresholds.ports("threshold")
    ports |= {f"spikes{number}": tally for number, tally in enumerate(extras.spikes)}
    text = headers.header(TOP, network, *headers.accelerator_text(network, extras))
    place(top, TOP, Entity(TOP, text, ports=ports))
    return Accelerator(top, clk, rst, entry.outside, entry.source, results, probes, scores.decided, extras)


@block
def accelerator(
    clk: Any,
    rst: Any,
    entry: Entry,
    streams: list[Stream],
    results: ResultStream,
    probes: tuple[Probe, ...],
    scores: Scores,
    extras: Extras,
    designs: list[LayerDesign],
) -> Any:
    """Connect layers and readout."""
    flush = rst if scores.decided is None else flag()
    parts = entry.parts(clk, rst, flush, scores.decided, streams[0], designs[0])
    for design, events, probe in zip(designs, streams, probes, strict=True):
        following = scores if design.is_last else streams[design.number + 1]
        prefix = "scores" if design.is_last else "spike"
        tally = dict(enumerate(extras.spikes)).get(design.number)
        entity = Entity(
            design.label,
            headers.header(design.label, design.network, *headers.layer_text(design)),
            ports=_layer_ports(clk, rst, flush, design)
            | events.ports("event")
            | following.ports(prefix)
            | _load_ports(extras, design)
            | ({} if tally is None else {"tally": tally}),
        )
        layer = accelerator_layer(clk, rst, flush, events, following, probe, extras, tally, design)
        parts.append(place(layer, design.label, entity))
    parts.append(_readout(clk, rst, scores, results, designs[-1]))
    return parts


def _layer_ports(clk: Any, rst: Any, flush: Any, design: LayerDesign) -> dict[str, Any]:
    """Clock and reset; where an answer may come early a layer is flushed, and the last one both."""
    if flush is rst:
        return {"clk": clk, "rst": rst}
    if not design.is_last:
        return {"clk": clk, "flush": flush}
    return {"clk": clk, "rst": rst} | ({"flush": flush} if design.has_own_events else {})


def _load_ports(extras: Extras, design: LayerDesign) -> dict[str, Any]:
    """Ports for what can be loaded into a layer."""
    ports: dict[str, Any] = {}
    if extras.weights is not None and design.weight_size.rows:
        ports |= extras.weights.ports("load")
    if extras.thresholds is not None and design.threshold_size.rows:
        ports |= extras.thresholds.ports("threshold")
    return ports


def spike_tallies(designs: list[LayerDesign], streams: list[Stream]) -> tuple[Any, ...]:
    """Spikes in a cycle, of each layer that fires, up to as many as a shell has counters for."""
    most = [1 if stream.active_b is None else 2 for stream in streams[1:]]
    most.append(designs[-1].choices.parallelism)
    return tuple(
        word(unsigned_width(count))
        for design, count in zip(designs[:MAX_LAYERS_COUNTED], most, strict=False)
        if design.layer.neuron.fires
    )


def _scores(design: LayerDesign, probe: Probe) -> Scores:
    """What the last layer shows: its membranes, those of a pass where they take turns, or all counts."""
    classes, bits = design.layer.size, score_bits(design.network)
    if not design.shows_membranes:
        decided = flag() if design.decides else None
        return Scores(flag(), flag(), word(classes * bits), decided=decided)
    if design.choices.passes == 1:
        return Scores(flag(), flag(), probe.states[-1])
    lanes = design.choices.parallelism
    return Scores(flag(), flag(), word(lanes * bits), word(unsigned_width(design.choices.passes - 1)))


def _readout(clk: Any, rst: Any, scores: Scores, results: ResultStream, design: LayerDesign) -> Any:
    network = design.network
    choice = readout(
        clk=clk,
        rst=rst,
        scores_valid=scores.valid,
        scores_taken=scores.taken,
        scores=scores.values,
        scores_turn=scores.turn,
        result_valid=results.valid,
        result_ready=results.ready,
        result_value=results.value,
        result_last=results.last,
        n_classes=network.classes,
        lanes=network.classes if scores.turn is None else design.choices.parallelism,
        score_bits=score_bits(network),
    )
    text = headers.header(
        "readout",
        network,
        f"finds the highest of {network.classes} scores, one a cycle, and gives its class and all scores.",
        "The lowest index wins where scores are equal.",
    )
    return place(choice, "readout", Entity("readout", text))
