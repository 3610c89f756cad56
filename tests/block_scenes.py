"""What the timing diagrams of docs/blocks show: each a small network, some spikes, and a part of it."""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import myhdl
import numpy as np

from cosim.simulators.myhdl import forget
from cosim.wavedrom import Lane, diagram, record_ports
from hw.accelerator import build
from hw.layer_design import LayerDesign
from hw.ports import Extras
from hw.shell import build_axi
from hw.shell.register_map import register_map
from spiker import IF, LI, LIF, Layer, Network
from spiker.hardware import Hardware
from spiker.widths import score_bits

PAGES = Path(__file__).parents[1] / "docs" / "blocks"
DIAGRAM = re.compile(r"^```(?:json|wavedrom)\n(?P<json>\{\"signal\".*?)^```\n", re.M | re.S)


@dataclass(frozen=True)
class Scene:
    """One diagram.

    `page` and `title` say where it stands; `begin` is the port whose first pulse the diagram begins
    with, `before` cycles earlier.
    """

    page: str
    title: str
    part: str
    network: Network
    spikes: np.ndarray
    lanes: tuple
    begin: str
    cycles: int
    text: str
    before: int = 1
    hardware: Hardware = field(default_factory=Hardware)
    stall: float = 0.0
    seed: int = 1

    def diagram(self):
        """As the simulation gives it."""
        seen = record_ports(
            self.network, self.spikes, self.part, self.hardware, stall=self.stall, seed=self.seed
        )
        first = next(cycle for cycle, value in enumerate(seen[self.begin]) if value) - self.before
        return diagram(seen, self.lanes, max(first, 0), self.cycles, self.text)


def sections(page):
    """Text of a page by its headings of the second level, and what comes before them."""
    title = ""
    found = {title: []}
    for line in page.splitlines(keepends=True):
        if line.startswith("## "):
            title = line[3:].strip()
            found[title] = []
        found[title].append(line)
    return {title: "".join(lines) for title, lines in found.items()}


def drawn(page):
    """Diagrams of a page by the headings above them."""
    return {
        title: json.loads(match["json"])
        for title, text in sections(page).items()
        if (match := DIAGRAM.search(text))
    }


def written(found):
    """A diagram as text, a line a signal."""
    rows = ",\n".join(f"  {json.dumps(row)}" for row in found["signal"])
    return f'{{"signal": [\n{rows}\n], "head": {json.dumps(found["head"])}}}\n'


def digest(found):
    """Tells a diagram from others."""
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def picture(page, title):
    """Where a diagram's picture is."""
    name = re.sub(r"[^a-z]+", "-", f"{page} {title}".lower())
    return PAGES.parent / "pictures" / "waves" / f"{name}.svg"


def bits(count):
    """Shows a word bit by bit, the lowest last."""
    return lambda value: f"{value:0{count}b}"


def signed(count):
    """Shows a word in two's complement."""
    return lambda value: str(value - (value >> (count - 1) << count))


def fields(count, shown, number):
    """Shows the fields of `count` bits of a word, the lowest first."""
    return lambda value: " ".join(
        shown((value >> (count * place)) & ((1 << count) - 1)) for place in range(number)
    )


def wires(*names, when=None):
    """Lanes of single wires."""
    return tuple(Lane(name, when=when) for name in names)


def stream(prefix, *more):
    """Lanes of a stream of events."""
    return (
        Lane(f"{prefix}_valid"),
        Lane(f"{prefix}_ready"),
        Lane(f"{prefix}_index", str),
        *more,
        Lane(f"{prefix}_tick"),
        Lane(f"{prefix}_last"),
    )


def train(inputs, *steps):
    """One sample: the inputs that spike in each step."""
    spikes = np.zeros((1, len(steps), inputs), np.uint8)
    for step, active in enumerate(steps):
        spikes[0, step, list(active)] = 1
    return spikes


def two_layers(neuron, size=4, last=None, readout="membrane", inputs=6, weight=2, steps=2, **settings):
    """A small network; only class 1 has weights other than 0."""
    classes = np.zeros((size, 2), int)
    classes[:, 1] = 3
    return Network(
        inputs,
        steps,
        [
            Layer(size, neuron, weight=np.broadcast_to(weight, (inputs, size)), **settings),
            Layer(2, last or LI(), weight=classes),
        ],
        readout,
    )


LIF_LAYER = LIF(threshold=3, leak_shift=2)
FEED = two_layers(LIF_LAYER)
FEED_TRAIN = train(6, [1, 4], [2])
FOLDED = Hardware(parallelism=(2, None))
BLOCKS_LEFT_OUT = Hardware(parallelism=(1, None), sparse=("blocks", "never"))
OWN = np.array([[0, -1, -2, -1], [-1, 0, -1, -2], [-1, -2, 0, -1], [-2, -1, -1, 0]])
RECURRENT = two_layers(LIF_LAYER, recurrent_bits=4, recurrent=OWN)
ROWS = two_layers(LIF_LAYER, weight=np.arange(24).reshape(6, 4) % 7)
# a weight where a block is there: two in different halves, one in the lower half, none, all
BLOCKS = two_layers(
    LIF_LAYER,
    weight=[[1, 0, 0, 2], [0, 3, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]],
)
ONE = Network(
    3,
    2,
    [Layer(1, LIF(threshold=10, leak_shift=2, state_bits=6), weight=[[7], [6], [-3]])],
    "membrane",
)
EARLY = two_layers(IF(threshold=3), last=IF(threshold=5), readout="first_spike", steps=12)
EARLY_TRAIN = train(6, [1, 4], *([[3]] * 11))
COUNTED = two_layers(IF(threshold=3), last=IF(threshold=2), readout="counts")
SPREAD = np.zeros((3, 40), int)
SPREAD[0, [1, 2, 35]] = 1
WIDE = Network(
    3,
    2,
    [Layer(40, IF(threshold=0, reset="zero"), weight=SPREAD), Layer(2, LI(), weight=np.ones((40, 2), int))],
    "membrane",
)


def control_names(network, hardware):
    """Shows a control word of layer 0 as the name of its phase; the bit of the last step left out."""
    program = LayerDesign.of(network, 0, hardware).program
    named = {word: name for word, name in zip(program.words, program.names, strict=True) if word}
    return lambda word: named.get(word & 0x7FFF, "-").lower()


@dataclass(frozen=True)
class AxiScene:
    """The diagram of docs/axi.md: a sample of the network in that page, its interrupt enabled."""

    page: str = "axi"
    title: str = "An answer"
    cycles: int = 21

    def diagram(self):
        """As the simulation of the shell gives it."""
        network = Network(4, 2, [Layer(2, IF(threshold=1), weight=[[3, 1]] * 4)], "counts")
        shell = build_axi(network, Hardware(shell="axi"), build(network))
        seen = {name: [] for name in shell.pins}
        try:
            myhdl.Simulation(shell.block, self._bench(shell.pins, seen)).run(quiet=1)
        finally:
            forget()
        first = seen["s_axis_tvalid"].index(1) - 1
        words = {"s_axis_tdata": lambda beat: "tick" if beat >> 31 else str(beat), "m_axis_tdata": signed(32)}
        lanes = [
            Lane(f"{side}_axis_{name}", words.get(f"{side}_axis_{name}"))
            for side, names in (("s", SLAVE), ("m", (*SLAVE, "tuser")))
            for name in names
        ]
        return diagram(seen, [*lanes, Lane("irq")], first, self.cycles, AXI_TEXT, clock="aclk")

    def _bench(self, pins, seen):
        registers = register_map(
            Network(4, 2, [Layer(2, IF(threshold=1))], "counts"), Hardware(shell="axi"), Extras()
        )
        for name in ("m_axis_tready", "s_axi_bready"):
            pins[name].next = True
        for cycle in range(3):
            pins["aresetn"].next = cycle > 0
            yield from self._cycle(pins, seen)
        for register in ("control", "interrupt_enable"):
            pins["s_axi_awaddr"].next = registers.register(register).offset
            pins["s_axi_wdata"].next, pins["s_axi_wstrb"].next = 1, 15
            pins["s_axi_awvalid"].next = pins["s_axi_wvalid"].next = True
            yield from self._cycle(pins, seen)
            while not (pins["s_axi_awready"] and pins["s_axi_wready"]):
                yield from self._cycle(pins, seen)
            pins["s_axi_awvalid"].next = pins["s_axi_wvalid"].next = False
            for _ in range(4):
                yield from self._cycle(pins, seen)
        beats = [3, 1, 1 << 31, 2, 1 << 31]
        for _ in range(2 * self.cycles):
            pins["s_axis_tvalid"].next = bool(beats)
            pins["s_axis_tlast"].next = len(beats) == 1
            pins["s_axis_tdata"].next = beats[0] if beats else 0
            yield from self._cycle(pins, seen)
            if beats and seen["s_axis_tready"][-1]:
                beats.pop(0)
        raise myhdl.StopSimulation

    @staticmethod
    def _cycle(pins, seen):
        yield myhdl.delay(4)
        for name, pin in pins.items():
            seen[name].append(int(pin))
        pins["aclk"].next = True
        yield myhdl.delay(5)
        pins["aclk"].next = False
        yield myhdl.delay(1)


SLAVE = ("tvalid", "tready", "tdata", "tlast")
AXI_TEXT = "4 inputs, 2 steps, 2 classes: inputs 3 and 1 spike in the first step, input 2 in the second"
OPERANDS = ("weight", "leak", "threshold", "bias", "clip", "reset", "feedback")
MODES = ("nobody", "all", "outside", "fired")


def accumulators(network, number):
    """Shows accumulators as what they are above the rest."""
    adders = LayerDesign.of(network, 0, Hardware()).adders[0]
    return fields(adders.sum_bits, lambda sum_: str(sum_ - adders.rest), number)


def control_scene(title, hardware, cycles, text):
    """The control of the first layer."""
    turns = hardware.of_layer(0, 4).passes > 1
    lanes = (
        *wires("event_valid", "event_ready", "event_tick", "proceed", "read"),
        *((Lane("turn", str),) if turns else ()),
        Lane("control", control_names(FEED, hardware)),
        *((Lane("write_pass", str),) if turns else ()),
        *wires("fired", "step_done"),
    )
    return Scene(
        "control", title, "layer0/control", FEED, FEED_TRAIN, lanes, "event_valid", cycles, text,
        hardware=hardware,
    )  # fmt: skip


SCENES = (
    AxiScene(),
    Scene(
        "accelerator",
        "Timing",
        "",
        FEED,
        FEED_TRAIN,
        (
            *stream("event"),
            *wires("result_valid", "result_ready"),
            Lane("result_value", str),
            Lane("result_last"),
        ),
        "event_valid",
        23,
        "6-4-2, two steps: inputs 1 and 4 spike in the first, input 2 in the second",
    ),
    Scene(
        "gate",
        "Sample gate",
        "gate",
        EARLY,
        EARLY_TRAIN,
        (*stream("event"), *stream("sample"), *wires("decided", "flush")),
        "event_valid",
        28,
        "the answer is decided in the first of twelve steps; what is left of the sample is taken and dropped",
    ),
    Scene(
        "gate",
        "Event collector",
        "collector",
        FEED,
        FEED_TRAIN,
        (*stream("event"), *stream("input", Lane("input_active"))),
        "event_valid",
        22,
        "6 inputs: 1 and 4 spike in the first step, 2 in the second",
        hardware=Hardware(schedule=("clock", "event")),
    ),
    Scene(
        "layer",
        "Timing",
        "layer0",
        FEED,
        FEED_TRAIN,
        (*stream("event"), *stream("spike")),
        "event_valid",
        19,
        "four LIF neurons that all fire in the first step, and one that takes an event a cycle behind them",
    ),
    control_scene("All neurons at once", Hardware(), 20, "LIF: phases as the control word tells them"),
    control_scene(
        "Neurons that take turns", FOLDED, 30, "the same with two neurons at a time: two passes of everything"
    ),
    Scene(
        "neurons",
        "Timing",
        "layer0/neurons",
        ONE,
        train(3, [0, 1], [2]),
        (
            Lane("operand", OPERANDS.__getitem__),
            Lane("carry_in"),
            Lane("mode", MODES.__getitem__),
            Lane("source", signed(4)),
            Lane("accumulators", accumulators(ONE, 1)),
            *wires("silent", "keeps"),
        ),
        "source",
        20,
        "one LIF, threshold 10, shift 2: 7 + 6 = 13 fires and leaves 3; then 3 - (3 >> 2) - 3 = 0",
        before=2,
    ),
    Scene(
        "states",
        "State memory",
        "layer0/neurons_memory",
        FEED,
        FEED_TRAIN,
        (
            *wires("restart", "clipped"),
            Lane("read_pass", str),
            Lane("write_pass", str),
            Lane("keeps", bits(2)),
            Lane("accumulators", accumulators(FEED, 2)),
        ),
        "keeps",
        24,
        "four LIF, two at a time; accumulators and sums as they are above the rest",
        hardware=FOLDED,
    ),
    Scene(
        "serializer",
        "Timing",
        "layer0/serializer",
        WIDE,
        train(3, [0], [1]),
        (*wires("fired", "proceed"), Lane("spikes", "{:010x}".format), *stream("event")),
        "fired",
        16,
        "40 neurons, two words: 1, 2 and 35 fire; in the next step nobody does",
    ),
    Scene(
        "serializer",
        "Two at a time",
        "layer0/serializer",
        WIDE,
        train(3, [0], [1]),
        (
            Lane("fired"),
            *stream("event", Lane("event_active_b"), Lane("event_index_b", str, when="event_active_b")),
        ),
        "fired",
        14,
        "the same spikes for a layer with two lanes",
        hardware=Hardware(lanes=(1, 2)),
    ),
    Scene(
        "merge",
        "Timing",
        "layer0/merge",
        RECURRENT,
        train(6, [1, 4], [2]),
        (
            *wires("comparing", "fired", "own_valid", "own_ready"),
            Lane("own_index", str),
            Lane("own_tick"),
            *stream("event"),
            *stream("row"),
        ),
        "event_valid",
        24,
        "four recurrent LIF that all fire in the first step; their rows are those from 6 on",
    ),
    Scene(
        "weights",
        "Reading",
        "layer0/weights",
        ROWS,
        FEED_TRAIN,
        (Lane("read"), Lane("address", str, when="read"), Lane("row", "{:04x}".format)),
        "read",
        12,
        "rows of 4 weights of 4 bits, the first one in the last digit",
    ),
    Scene(
        "control",
        "Blocks that are left out",
        "layer0/control",
        BLOCKS,
        train(6, [0, 1, 2, 3], []),
        (
            *wires("event_valid", "event_ready", "event_tick"),
            Lane("visits", bits(4), when="read"),
            Lane("read"),
            *(Lane(name, str) for name in ("turn", "state_turn")),
            Lane("control", control_names(BLOCKS, BLOCKS_LEFT_OUT)),
            Lane("write_pass", str),
        ),
        "event_valid",
        22,
        "four passes, pass 0 in the last digit: of four events two blocks, one, none and all are there",
        hardware=BLOCKS_LEFT_OUT,
    ),
    Scene(
        "weights",
        "Loading",
        "layer0/weights",
        ROWS,
        FEED_TRAIN,
        (
            Lane("load_valid"),
            Lane("load_address", str, when="load_valid"),
            Lane("load_lane", str, when="load_valid"),
            Lane("load_value", str, when="load_valid"),
        ),
        "load_valid",
        12,
        "the weights of input 0, then those of input 1, to four neurons",
        hardware=Hardware(weights=("loadable", "rom")),
    ),
    Scene(
        "readout",
        "Readout",
        "readout",
        FEED,
        FEED_TRAIN,
        (
            Lane("scores_valid"),
            Lane("scores", fields(8, lambda value: str(signed(8)(value)), 2), when="scores_valid"),
            Lane("scores_taken"),
            *wires("result_valid", "result_ready"),
            Lane("result_value", str),
            Lane("result_last"),
        ),
        "scores_valid",
        14,
        "two classes: the class, then both scores; the sink waits now and then",
        stall=0.5,
        seed=5,
    ),
    Scene(
        "readout",
        "Spike counter",
        "layer1/counter",
        COUNTED,
        FEED_TRAIN,
        (
            *wires("clear", "count"),
            Lane("spikes", bits(2)),
            Lane("counts", fields(score_bits(COUNTED), str, 2)),
        ),
        "count",
        16,
        "two classes, two steps: class 1 fires in both",
    ),
    Scene(
        "readout",
        "First spike",
        "layer1/first_spike",
        EARLY,
        EARLY_TRAIN,
        (
            *wires("clear", "compare"),
            Lane("firing", bits(2)),
            *wires("step_done", "any_fired"),
            Lane("scores", fields(score_bits(EARLY), str, 2)),
        ),
        "compare",
        12,
        "two classes, twelve steps: class 1 fires in the first one, with twelve left",
    ),
)
