"""The pages of docs/blocks: diagrams as simulated, ports as elaborated, cycles as in the timing model."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from block_scenes import FEED, FEED_TRAIN, PAGES, SCENES, digest, drawn, picture, sections
from myhdl._block import _Block

from cosim.random_cases import Limits, random_case
from cosim.simulators.myhdl import forget
from cosim.wavedrom import record_ports
from hw.accelerator import build
from hw.elaboration import quick_elaboration, start_afresh
from hw.emit import signals_of
from hw.shell import build_axi
from spiker import IF, LI, LIF, CubaLIF, Layer, Network, run
from spiker.hardware import Hardware, LayerHardware
from spiker.schedule import Operation, schedule
from spiker.timing import ScanShape, _LayerClock, cycles, layer_timings

DOCS = PAGES.parent
AXI = DOCS / "axi.md"


def text_of(page):
    path = AXI if page == "axi" else PAGES / f"{page}.md"
    return path.read_text("utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.page}, {scene.title}")
def test_a_diagram_is_what_happens(scene):
    assert drawn(text_of(scene.page))[scene.title] == scene.diagram()


@pytest.mark.parametrize("path", [*sorted(PAGES.glob("*.md")), AXI], ids=lambda path: path.stem)
def test_a_diagram_has_its_picture(path):
    page = path.read_text("utf-8")
    for title, found in drawn(page).items():
        drawing = picture(path.stem, title)
        # scripts/draw_diagrams.py draws it
        assert drawing.read_text("utf-8").startswith(f"<!-- {digest(found)} -->")
        assert f"waves/{drawing.name})" in sections(page)[title]


def test_no_picture_is_left_over():
    wanted = {
        picture(path.stem, title)
        for path in [*PAGES.glob("*.md"), AXI]
        for title in drawn(path.read_text("utf-8"))
    }
    assert set((DOCS / "pictures" / "waves").iterdir()) == wanted


PAGE_OF = {
    "spiker_accelerator": "accelerator",
    "sample_gate": "gate",
    "event_collector": "gate",
    "word_scanner": "input",
    "readout": "readout",
    "layer": "layer",
    "control": "control",
    "neurons": "neurons",
    "neurons_decode": "neurons",
    "currents": "neurons",
    "currents_decode": "neurons",
    "neurons_registers": "states",
    "neurons_memory": "states",
    "neurons_states": "states",
    "currents_registers": "states",
    "currents_memory": "states",
    "currents_states": "states",
    "spikes": "states",
    "spike_row": "states",
    "comparison": "states",
    "thresholds": "states",
    "threshold_load": "states",
    "serializer": "serializer",
    "own_serializer": "serializer",
    "merge": "merge",
    "weights": "weights",
    "address": "weights",
    "address_b": "weights",
    "directory": "weights",
    "row_sum": "weights",
    "weight_load": "weights",
    "counter": "readout",
    "first_spike": "readout",
    "spike_tally": "shell/Spike counters",
    "axi_spikes": "shell/Spike counters",
    "axi_pins": "shell/Pins",
    "axi_lite": "shell/AXI4-Lite",
    "axi_registers": "shell/Registers",
    "axi_control": "shell/Control",
    "axi_input": "shell/Input",
    "axi_queue": "shell/Queue",
    "axi_output": "shell/Output",
    "axi_weights_loader": "shell/Loaders",
    "axi_thresholds_loader": "shell/Loaders",
}
"""Page of each entity, by its name without the layer's; the shell's have a section each."""


def recurrent(readout, neuron, last):
    hidden = Layer(
        6, neuron, 4, 4, 4, weight=np.ones((9, 6), int), recurrent=np.arange(36).reshape(6, 6) % 3,
        bias=[1, 2, 3, 4, 5, 6],
    )  # fmt: skip
    return Network(9, 3, [hidden, Layer(4, last, weight=np.ones((6, 4), int))], readout)


LOADABLE = Hardware(weights="loadable", load_thresholds=True)
DESIGNS = (
    (recurrent("counts", LIF(), LIF()), LOADABLE),
    (recurrent("membrane", CubaLIF(threshold=(1, 2, 3, 4, 5, 6)), LI()), Hardware(parallelism=3)),
    (recurrent("membrane", CubaLIF(), LI()), Hardware(input="words")),
    (recurrent("membrane", LIF(), LI()), Hardware(parallelism=2, sparse="blocks")),
    (recurrent("first_spike", LIF(), IF()), Hardware(schedule="clock")),
    (recurrent("first_spike", LIF(), IF()), Hardware(parallelism=2, lanes=2, load_thresholds=True)),
    (recurrent("counts", LIF(), LIF()), replace(LOADABLE, shell="axi", parallelism=(6, 3))),
    (recurrent("counts", LIF(), IF()), Hardware(shell="axi", lanes=2)),
    (recurrent("counts", LIF(), IF()), Hardware(shell="axi", input="words", schedule="clock")),
)
"""Designs that have all parts with all their ports."""


def ports_of(block):
    """Ports of all entities in a block, by page; constants in their place are no ports."""
    found = {}
    if block.entity.inline is None:
        kind = re.sub(r"^layer\d+(_|$)|(?<=^axi_spikes)\d+$", "", block.entity.name) or "layer"
        names = {re.sub(r"^spikes\d+$", "spikesN", name) for name in signals_of(block)}
        page = PAGE_OF[kind]
        found[page] = found.get(page, set()) | names
        if block.entity.ports is not None:
            for child in block.subs:
                if isinstance(child, _Block):
                    for page, names in ports_of(child).items():
                        found[page] = found.get(page, set()) | names
    return found


@pytest.fixture(scope="module")
def ports():
    found = {}
    with quick_elaboration():
        for network, hardware in DESIGNS:
            start_afresh()
            design = build(network, hardware)
            blocks = [design.block]
            if hardware.shell == "axi":
                blocks += build_axi(network, hardware, design).block.subs
            for block in blocks:
                for page, names in ports_of(block).items():
                    found[page] = found.get(page, set()) | names
    forget()
    return found


SHELL = sorted({page for page in PAGE_OF.values() if "/" in page})
PART_PAGES = sorted({*PAGE_OF.values()} - {"input", *SHELL})


@pytest.mark.parametrize("page", [*PART_PAGES, *SHELL])
def test_a_page_names_every_port_and_no_other(page, ports):
    name, _, section = page.partition("/")
    table = sections(text_of(name))[section or "Ports"]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`(\w+)`", " ".join(rows)))
    # an encoder's stream is as that of words
    named -= {"value_valid", "value_ready", "value_data", "value_end"}
    # a name of the MyHDL code for the clock's side of an entity without VHDL ports of that name
    assert named == ports[page] - {"shown"}


def test_every_page_has_ports_a_diagram_cycles_and_area():
    for page in [*PART_PAGES, "input"]:
        titles = sections(text_of(page))
        assert {"Ports", "Cycles", "Area"} <= set(titles)
        assert drawn(text_of(page))


def area_rows(page):
    table = sections(text_of(page))["Area"]
    return [line for line in table.splitlines() if re.match(r"\| [^|]+ \| [\d,.]+ \|", line)]


@pytest.mark.parametrize("page", ["shell", *(page for page in PART_PAGES if page != "accelerator")])
def test_an_area_table_is_filled(page):
    assert area_rows(page)


def formulas(page, title="Cycles"):
    """Formulas of a table by the constant's name."""
    return dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|$", sections(text_of(page))[title], re.M))


def test_the_control_s_constants_are_those_of_the_timing_model():
    written = formulas("control")
    for seed in range(40):
        case = random_case(seed, Limits(inputs=8, size=9, layers=3, steps=3, samples=1, many=0))
        network, hardware = case.network, case.hardware
        layers = zip(
            network.layers, hardware.of_layers(network), layer_timings(network, hardware), strict=True
        )
        for number, (layer, choices, timing) in enumerate(layers):
            plan = schedule(layer, choices)
            is_last = number == len(network.layers) - 1
            names = {
                "passes": choices.passes,
                "lanes": choices.lanes,
                "before": len(plan.before),
                "after": len(plan.after),
                "fires": len(plan.after) if plan.compare is None else plan.compare + 1,
                "decides": int(is_last and network.readout == "first_spike"),
            }
            for name, formula in written.items():
                assert eval(formula, {}, dict(names)) == getattr(timing, name), name
            assert set(written) == {"to_fire", "to_open", "to_end", "from_word"}


def test_the_accelerator_s_sample_takes_the_cycles_that_the_page_says():
    (said,) = re.findall(r"takes `(\d+)` cycles", text_of("accelerator"))
    layers = [layer.spikes for layer in run(FEED, FEED_TRAIN).layers]
    assert cycles(FEED, FEED_TRAIN, layers, Hardware()).tolist() == [int(said)]
    # and so does the picture: from the first taken event to the class
    waves = {row["name"]: row["wave"] for row in drawn(text_of("accelerator"))["Timing"]["signal"]}
    assert waves["result_valid"].index("1") - waves["event_valid"].index("1") + 1 == int(said)


NEURONS = {"IF": IF, "LIF": LIF, "CubaLIF": CubaLIF, "LI": LI}


def test_the_operations_of_a_step_are_those_of_the_schedule():
    rows = re.findall(
        r"^\| (\w+), ([\w ]+) \| ([^|]+) \| ([^|]+) \|$", sections(text_of("neurons"))["Cycles"], re.M
    )
    assert len(rows) == 8
    for name, variant, *phases in rows:
        if name == "LI":
            neuron = LI(leak_shift=3 if variant == "with leak" else None)
        else:
            neuron = NEURONS[name](reset=variant)
        choices = LayerHardware(2, 2, 1, "event", "rom", "never")
        plan = schedule(Layer(2, neuron, weight=np.ones((1, 2), int)), choices)
        for slots, said in zip((plan.before, plan.after), phases, strict=True):
            operations = [
                next(operation for operation in slot.operations if operation is not None) for slot in slots
            ]
            expected = [] if said == "-" else [Operation[word.upper()] for word in said.split(", ")]
            assert operations == expected


def test_the_serializer_s_formula_is_the_timing_model_s():
    (formula,) = re.findall(r"^    (sum\(.*)$", sections(text_of("serializer"))["Cycles"], re.M)
    random = np.random.default_rng(3)
    for size, parallelism, lanes, kind in (
        (40, 40, 1, "event"),
        (70, 70, 2, "event"),
        (21, 6, 1, "event"),
        (21, 6, 2, "event"),
        (33, 33, 1, "clock"),
    ):
        sender = LayerHardware(size, parallelism, 1, "event", "rom", "never")
        receiver = LayerHardware(1, 1, lanes, kind, "rom", "never")
        spikes = (random.random((20, size)) < random.random((20, 1))).astype(np.uint8)
        visits = np.ones(size, np.int64)
        beats = ScanShape(size, sender.parallelism, sender.passes).beats(spikes, receiver, visits)
        fires = np.zeros(20, np.int64)
        scan = _LayerClock._serialize(beats, fires + 1, fires - 1000)
        for words, taken in zip(beats.number.tolist(), scan.tick_taken.tolist(), strict=True):
            assert eval(formula, {}, {"words": words}) == taken


def first(levels):
    return levels.index(1)


@pytest.mark.parametrize("classes", [1, 2, 5, 9])
@pytest.mark.parametrize("parallelism", [None, 2])
def test_the_class_comes_as_many_cycles_after_the_scores_as_the_page_says(classes, parallelism):
    search, give = re.findall(r"`(classes[^`]*)`", sections(text_of("readout"))["Cycles"])
    network = Network(2, 1, [Layer(classes, LI(), weight=np.ones((2, classes), int))])
    seen = record_ports(network, np.ones((1, 1, 2), int), "readout", Hardware(parallelism=parallelism))
    names = {"classes": classes}
    assert first(seen["result_valid"]) - first(seen["scores_valid"]) == eval(search, {}, dict(names))
    assert sum(seen["result_valid"]) == eval(give, {}, dict(names))


@pytest.mark.parametrize("parallelism", [None, 2])
def test_the_collector_s_step_takes_what_the_page_says(parallelism):
    (formula,) = re.findall(r"`(passes \* inputs[^`]*)` cycles a step", sections(text_of("gate"))["Cycles"])
    (clearing,) = re.findall(r"clears both memories, `(\w+)`", sections(text_of("gate"))["Cycles"])
    hardware = Hardware(schedule=("clock", "event"), parallelism=(parallelism, None))
    seen = record_ports(FEED, FEED_TRAIN, "collector", hardware)
    ticks = [cycle for cycle, tick in enumerate(seen["input_tick"]) if tick and seen["input_ready"][cycle]]
    passes = hardware.of_layers(FEED)[0].passes
    began = first(seen["input_valid"])
    expected = eval(formula, {}, {"passes": passes, "inputs": FEED.inputs})
    # the first step isn't waited for
    assert ticks[0] - began + 1 == expected
    assert len(ticks) == FEED.steps
    assert first(seen["event_ready"]) <= eval(clearing, {}, {"inputs": FEED.inputs})


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_row_comes_as_late_as_the_page_says(lanes):
    one, two = re.findall(r"`(\d)`", sections(text_of("weights"))["Cycles"])
    weight = np.zeros((6, 4), int)
    weight[1] = 3
    network = FEED.with_layers([Layer(4, LIF(), weight=weight), FEED.layers[1]])
    spikes = np.zeros((1, 2, 6), int)
    spikes[0, 0, 1] = 1
    seen = record_ports(network, spikes, "layer0/neurons", Hardware(lanes=(lanes, 1)))
    asked = record_ports(network, spikes, "layer0/weights", Hardware(lanes=(lanes, 1)))["read"]
    changes = [cycle for cycle, (old, new) in enumerate(pairwise(seen["source"]), 1) if old != new]
    assert changes[0] - first(asked) == int((one, two)[lanes - 1])


def test_every_page_is_reached_from_hardware_md():
    text = Path(DOCS / "hardware.md").read_text("utf-8")
    for path in PAGES.glob("*.md"):
        assert f"(blocks/{path.name}" in text
