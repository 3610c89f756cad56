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
from hw.emit import signals_of
from hw.layer_design import LayerDesign
from hw.shell import build_axi
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
    """A diagram of the shell: a sample of the network in docs/axi.md, its interrupt enabled.

    `part` is one of the shell's blocks, or empty for the pins. `before` are registers, and what is written
    into them before the packet, `beside` while it comes; `read` is one that is read then.
    """

    page: str
    title: str
    part: str
    lanes: tuple
    begin: str
    cycles: int
    text: str
    hardware: Hardware = field(default_factory=lambda: Hardware(shell="axi"))
    before: tuple = ()
    beside: tuple = ()
    read: str | None = None

    def diagram(self):
        """As the simulation of the shell gives it."""
        network = Network(4, 2, [Layer(2, IF(threshold=1), weight=[[3, 1]] * 4)], "counts")
        shell = build_axi(network, self.hardware, build(network, self.hardware))
        play = AxiPlay(shell, 3 * self.cycles)
        signals = shell.pins
        if self.part:
            signals = signals_of(next(part for part in shell.block.subs if part.name == self.part))
        seen = {name: [] for name in signals}
        try:
            myhdl.Simulation(
                shell.block,
                *(
                    play.clock(),
                    play.look(signals, seen),
                    play.prepare(self.before),
                    play.write_beside(self.beside),
                ),
                *(
                    play.write_beside(self.beside),
                    play.read(self.read),
                    play.send([3, 1, 1 << 31, 2, 1 << 31]),
                ),
            ).run(quiet=1)
        finally:
            forget()
        first = seen[self.begin].index(1) - 1
        clock = "clk" if self.part else "aclk"
        return diagram(seen, self.lanes, first, self.cycles, self.text, clock=clock)


class AxiPlay:
    """What goes on at the pins of a shell: processes of a simulation."""

    def __init__(self, shell, cycles):
        self.pins, self.registers, self.cycles = shell.pins, shell.registers, cycles
        self.edge = shell.pins["aclk"].posedge
        self.started = myhdl.Signal(False)

    def set(self, **values):
        for name, value in values.items():
            self.pins[name].next = value

    def clock(self):
        while True:
            yield myhdl.delay(5)
            self.set(aclk=not self.pins["aclk"])

    def look(self, signals, seen):
        """Ports as they are when the clock's edge comes."""
        while True:
            yield self.edge
            for name, signal in signals.items():
                seen[name].append(int(signal))

    def prepare(self, writes):
        """Reset and settings; then everything else starts."""
        self.set(m_axis_tready=True, s_axi_bready=True, s_axi_rready=True)
        yield self.edge
        self.set(aresetn=True)
        yield self.edge
        for register, value in (("control", 1), ("interrupt_enable", 1), *writes):
            yield self.write(register, value)
        self.started.next = True
        for _ in range(self.cycles):
            yield self.edge
        raise myhdl.StopSimulation

    def write(self, register, value):
        """An address with its data; until there's the response."""
        self.set(s_axi_awaddr=self.registers.register(register).offset, s_axi_wdata=value, s_axi_wstrb=15)
        self.set(s_axi_awvalid=True, s_axi_wvalid=True)
        yield self.edge
        while not (self.pins["s_axi_awready"] and self.pins["s_axi_wready"]):
            yield self.edge
        self.set(s_axi_awvalid=False, s_axi_wvalid=False)
        while not self.pins["s_axi_bvalid"]:
            yield self.edge

    def write_beside(self, writes):
        yield self.started
        for register, value in writes:
            yield self.write(register, value)

    def read(self, register):
        yield self.started
        if register is not None:
            self.set(s_axi_araddr=self.registers.register(register).offset, s_axi_arvalid=True)
            yield self.edge
            while not self.pins["s_axi_arready"]:
                yield self.edge
            self.set(s_axi_arvalid=False)

    def send(self, beats):
        yield self.started
        for number, beat in enumerate(beats, 1):
            self.set(s_axis_tvalid=True, s_axis_tdata=beat, s_axis_tlast=number == len(beats))
            yield self.edge
            while not self.pins["s_axis_tready"]:
                yield self.edge
        self.set(s_axis_tvalid=False, s_axis_tdata=0, s_axis_tlast=False)


SLAVE = ("tvalid", "tready", "tdata", "tlast")
AXI_TEXT = "4 inputs, 2 steps, 2 classes: inputs 3 and 1 spike in the first step, input 2 in the second"


def event_beat(beat):
    """A beat of events."""
    return "tick" if beat >> 31 else str(beat)


AXI_SCENES = (
    AxiScene(
        "axi",
        "An answer",
        "",
        (
            *(Lane(f"s_axis_{name}", event_beat if name == "tdata" else None) for name in SLAVE),
            *(Lane(f"m_axis_{name}", signed(32) if name == "tdata" else None) for name in (*SLAVE, "tuser")),
            Lane("irq"),
        ),
        "s_axis_tvalid",
        21,
        AXI_TEXT,
    ),
    AxiScene(
        "shell",
        "AXI4-Lite",
        "lite",
        (
            *wires("awvalid", "awready", "wvalid", "wready", "write"),
            Lane("write_word", hex, when="write"),
            Lane("write_data", str, when="write"),
            *wires("bvalid", "bready", "arvalid", "arready"),
            Lane("read_word", hex, when="rvalid"),
            *wires("rvalid", "rready"),
            Lane("rdata", str, when="rvalid"),
        ),
        "arvalid",
        9,
        "1 is written into score_index (word 0x16) while steps (word 0x09) is read: 2",
        beside=(("score_index", 1),),
        read="steps",
    ),
    AxiScene(
        "shell",
        "Control",
        "control",
        (
            *wires("offered", "admit", "begins", "idle", "moved", "is_empty", "busy", "answer_given"),
            Lane("cycles", str),
            Lane("irq"),
        ),
        "offered",
        22,
        AXI_TEXT,
    ),
    AxiScene(
        "shell",
        "Input",
        "input",
        (
            *wires("tvalid", "tready"),
            Lane("tdata", event_beat, when="tvalid"),
            *wires("tlast", "offered", "begins", "stamps", "moved"),
            *stream("event"),
            Lane("idle"),
        ),
        "tvalid",
        14,
        AXI_TEXT,
    ),
    AxiScene(
        "shell",
        "Output",
        "output",
        (
            *wires("result_valid", "result_ready"),
            Lane("result_value", str, when="result_valid"),
            *wires("result_last", "class_given", "tvalid", "tready"),
            Lane("tdata", str, when="tvalid"),
            *wires("tlast", "answer_given", "waiting"),
            Lane("winner", str),
        ),
        "result_valid",
        9,
        "two classes: the class, then both scores",
    ),
    AxiScene(
        "shell",
        "Loaders",
        "weights_loader",
        (
            *wires("busy", "refused_range", "refused_busy", "load_valid"),
            *(Lane(f"load_{name}", str, when="load_valid") for name in ("layer", "address", "lane", "value")),
        ),
        "load_valid",
        24,
        "two weights in front of a sample; a third one is refused, as the sample is being computed",
        hardware=Hardware(shell="axi", weights="loadable"),
        before=(("load_lane", 0), ("load_value", 3), ("load_value", 5)),
        beside=(("load_lane", 0), ("load_value", 7)),
    ),
)
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
    *AXI_SCENES,
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
