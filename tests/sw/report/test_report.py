"""What a report says, and that all of it is text."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from cli_networks import ECHO, ECHO_LABELS, ECHO_SPIKES
from reports import CURVE, LEARNED, PROGRESS, QUANTIZATION, SCRIPT, alone, plain, rendered
from small_networks import COUNTS

from spiker import IF, LI, Layer, Network
from spiker.hardware import Hardware
from sw.analysis import analyse
from sw.report import Subject, render, report


class Reader(HTMLParser):
    """Elements, their attributes, and the text of each table."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.tables, self.open = [], {}, []
        self.caption = None
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "tr":
            self.tables[self.caption].append([])
        elif tag in ("td", "th"):
            self.tables[self.caption][-1].append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not self.open:
            return
        if self.open[-1] == "caption":
            self.caption = data
            self.tables[data] = []
        elif self.open[-1] in ("td", "th"):
            self.tables[self.caption][-1][-1] += data

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def tables_of(subject):
    """Rows of every table, by its caption."""
    sections = report(subject).sections
    return {table.caption: list(map(list, table.rows)) for section in sections for table in section.tables}


def section_keys(subject):
    return [section.key for section in report(subject).sections]


def test_a_network_with_samples_has_all_sections():
    assert section_keys(plain()) == [
        "network",
        "answers",
        "hardware",
        "spikes",
        "sample",
        "operations",
        "saturation",
        "weights",
        "training",
    ]


def test_a_network_alone_says_what_it_can_and_how_to_get_the_rest():
    assert section_keys(alone()) == ["network", "hardware", "weights"]
    assert "This report is without samples." in rendered("alone").decode()


def test_figures_are_those_of_the_analysis():
    # ECHO by hand: 3 of 4 right, one 0 taken for a 1; 6 spikes in 4 samples of 3 steps and 2 inputs
    analysis = analyse(ECHO, [(ECHO_SPIKES, ECHO_LABELS)])
    tables = tables_of(Subject(name="echo.h5", network=ECHO, analysis=analysis, source="echo.npz"))
    assert tables["Most frequent wrong answers"] == [["0", 1, 1, "33.33 %"]]
    assert tables["Means over samples and steps"] == [
        ["inputs", 2, 1.5, "25.00 %", "75.00 %", 0],
        ["layer 0", 2, 1.5, "25.00 %", "75.00 %", 0],
    ]
    # 4 weights of 4 bits, 2 states of 4 bits
    assert tables["Bits of its numbers, each in its own width"] == [
        ["layer 0", 16, 0, 0, 8, 24],
        ["all", 16, 0, 0, 8, 24],
    ]
    assert tables["Weights; density: the part that isn't 0"] == [["layer 0", 4, 4, 0, 2, 2, "50.00 %"]]
    # 1.5 spikes to 2 neurons each
    assert tables["Of a sample, means"][0][:4] == ["layer 0", 3, 12, 6]


def test_cells_are_written_as_people_read_them():
    tables = Reader(rendered("alone")).tables
    assert tables["All of it"][:2] == [["inputs", "6"], ["encoder", "none: it takes spikes"]]
    assert tables["Layers"][0] == ["", "layer 0", "layer 1"]
    assert ["threshold", "3", "–"] in tables["Layers"]
    weights = ["layer 0", "960", "0", "160", "240", "1,360"]  # 6 x 40 of 4 bits, 40 of 4, 40 of 6
    assert tables["Bits of its numbers, each in its own width"][1] == weights


def test_choices_and_reasons_against_hardware_are_told():
    subject = plain(hardware=Hardware(parallelism=(8, None)), no_hardware="layer 0: too wide")
    choices = dict(tables_of(subject)["Choices (docs/format.md)"])
    assert choices["parallelism"] == "8,all"
    assert choices["passes of each layer"] == "5, 1"
    (section,) = (one for one in report(subject).sections if one.key == "hardware")
    assert "layer 0: too wide" in section.about


def test_samples_without_labels_have_no_accuracy():
    from small_networks import SPIKES

    subject = plain(analysis=analyse(COUNTS, [(SPIKES, None)]))
    shown = report(subject)
    assert "accuracy" not in dict(shown.headline)
    (answers,) = (section for section in shown.sections if section.key == "answers")
    assert answers.about == "12 samples of spikes.npz, without labels."
    assert not answers.figures


def test_many_classes_have_no_confusion_matrix():
    layer = Layer(300, LI(), weight=np.ones((2, 300), int))
    network = Network(2, 3, [layer])
    analysis = analyse(network, [(ECHO_SPIKES, ECHO_LABELS)])
    subject = Subject(name="wide.h5", network=network, analysis=analysis, source="x")
    (answers,) = (section for section in report(subject).sections if section.key == "answers")
    assert len(answers.figures) == 1


@pytest.mark.parametrize(
    "curve",
    [
        None,
        {},
        {**CURVE, "loss": np.array([1.0, np.nan])},
        {**CURVE, "loss": np.array([1.0, 0.0])},
        {**CURVE, "loss": np.ones(3)},
        {**CURVE, "loss": 3.0},
        {name: np.ones((2, 2)) for name in CURVE},
        {name: np.ones(0) for name in CURVE},
    ],
)
def test_a_curve_that_cannot_be_drawn_is_left_out(curve):
    shown = report(plain(training={"curve": curve, "seed": 1}))
    training = shown.sections[-1]
    assert training.key == "training"
    assert training.figures == []
    assert training.tables[0].rows == [("seed", "1")]


def section_of(key, **training):
    """A section of the report on a network whose file says so; None where there is none."""
    return next((one for one in report(plain(training=training)).sections if one.key == key), None)


def test_learning_by_spike_timing_has_its_progress_and_receptive_fields():
    section = section_of("learning", curve=PROGRESS, learned=LEARNED, seed=1)
    course, fields = section.figures
    assert np.array_equal(course.picture.data["curve"]["spikes"], PROGRESS["spikes"])
    # 40 neurons of 2 x 3 inputs, in the order of the classes that they vote for
    order = np.argsort(COUNTS.layers[1].weights.argmax(axis=1), kind="stable")
    assert np.array_equal(fields.picture.data["neurons"], order)
    assert np.array_equal(fields.picture.data["fields"], LEARNED["weight"].T[order].reshape(40, 2, 3))
    assert "pictures of 2 by 3 inputs" in fields.alt
    assert dict(section.tables[0].rows)["accuracy, by what neurons answered in the part before"] == "75.00 %"
    assert dict(section.tables[0].rows)["samples without a spike"] == "25.00 %"
    training = section_of("training", curve=PROGRESS, learned=LEARNED, seed=1)
    assert training.figures == []


def test_of_many_neurons_evenly_chosen_ones_are_drawn():
    layers = [
        Layer(900, IF(threshold=1), weight=np.ones((4, 900), int)),
        Layer(2, LI(), weight=np.ones((900, 2), int)),
    ]
    learned = {"weight": np.tile(np.arange(900) / 900, (4, 1)), "shape": np.array([2, 2])}
    subject = Subject(name="n.h5", network=Network(4, 3, layers), training={"learned": learned})
    (section,) = (one for one in report(subject).sections if one.key == "learning")
    (figure,) = section.figures
    assert figure.picture.data["fields"][:, 0, 0].tolist() == (np.arange(0, 900, 3) / 900).tolist()
    assert figure.caption.startswith("Receptive fields of 300 of 900 neurons")


@pytest.mark.parametrize(
    ("curve", "learned"),
    [
        (None, None),
        ({**PROGRESS, "spikes": np.array([1.0, np.inf])}, {**LEARNED, "shape": np.array([6])}),
        ({**PROGRESS, "accuracy": np.array([2.0, 2.0])}, {**LEARNED, "shape": np.array([2, 2])}),
        ({**PROGRESS, "samples": np.array([1, 2, 3])}, {**LEARNED, "shape": np.array([2.5, 2.4])}),
        ({**PROGRESS, "used": "all"}, {**LEARNED, "shape": np.array([-2, -3])}),
        ({name: np.ones(0) for name in PROGRESS}, {**LEARNED, "weight": np.ones((6, 39))}),
        ("text", {**LEARNED, "weight": LEARNED["weight"] * np.nan}),
        ({}, {"weight": LEARNED["weight"]}),
        (1, "text"),
    ],
)
def test_what_was_learned_and_cannot_be_drawn_is_left_out(curve, learned):
    assert section_of("learning", curve=curve, learned=learned) is None


def test_a_quantized_network_has_what_was_looked_at_and_the_training_before_is_called_so():
    training = {"curve": CURVE, "seed": 7, "accuracy": 0.5, "accuracy_float": 0.625, "data": "digits"}
    section = section_of("quantization", quantization=QUANTIZATION, **training)
    facts, looked_at = section.tables
    assert dict(facts.rows) == {
        "data": "digits",
        "accuracy on the test samples": "0.5",
        "accuracy before, with real numbers, on the same samples": "0.625",
        "accuracy before, on the samples to decide by": "0.875",
        "bits of weights asked for": "2, 5",
        "search for narrow widths": "yes",
        "largest drop of the accuracy": "0.01",
        "part of the weights kept": "1",
    }
    assert looked_at.rows == [
        (1, "5, 5", "2.00", "87.50 %", "rounded"),
        (2, "4, 5", "1.50", "75.00 %", "rounded"),
        (3, "4, 5", "1.00", "86.72 %", "trained at these widths"),
    ]
    (figure,) = section.figures
    lines = {line.get_label(): line for line in figure.picture.axes[0].lines}
    assert lines["rounded"].get_xydata().tolist() == [[2.0, 87.5], [1.5, 75.0]]
    assert lines["lowest allowed"].get_ydata() == [86.5, 86.5]
    before = section_of("training", quantization=QUANTIZATION, **training)
    assert before.about.startswith("Of the network before it was quantized")
    assert before.tables[0].rows == [("seed", "7")]
    learned = section_of("learning", quantization=QUANTIZATION, curve=PROGRESS, learned=LEARNED)
    assert learned.about.startswith("Of the network before it was quantized. The first layer learned")
    assert before.figures[0].caption.startswith("Of the network before it was quantized: loss and accuracy")


@pytest.mark.parametrize(
    "curve",
    [
        None,
        "text",
        {name: values[:1] for name, values in QUANTIZATION["curve"].items()},
        {**QUANTIZATION["curve"], "weight_bits": np.array([5, 4, 4])},
        {**QUANTIZATION["curve"], "weight_bits": np.ones((2, 2), int)},
        {**QUANTIZATION["curve"], "memory_bits": np.array([1.0, np.inf, 1.0])},
        {**QUANTIZATION["curve"], "accuracy": np.array([1.0, 1.5, 1.0])},
    ],
)
def test_a_quantization_that_cannot_be_drawn_has_no_picture(curve):
    section = section_of("quantization", quantization={"curve": curve, "search": 1})
    assert section.figures == []
    assert section.tables[0].rows == [("search for narrow widths", "1")]


def test_every_picture_has_words_and_every_table_heads():
    found = Reader(rendered("plain"))
    pictures = found.named("img")
    assert len(pictures) == 12
    assert all(len(picture["alt"]) > 20 for picture in pictures)
    assert all(picture["src"].startswith("data:image/svg+xml;base64,") for picture in pictures)
    assert {attributes["scope"] for attributes in found.named("th")} == {"row", "col"}
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for attributes in found.named("a")]
    assert links
    assert all(link[1:] in ids for link in links)


def test_the_same_subject_gives_the_same_bytes():
    assert render(report(plain())) == rendered("plain")


def test_whatever_users_wrote_is_text():
    content = rendered("hostile")
    found, expected = Reader(content), Reader(rendered("plain"))
    # the elements of any report, and as many of them but for a row of the record, a note and the histogram
    assert {name for name, _ in found.elements} == {name for name, _ in expected.elements}
    assert len(found.named("section")) == len(expected.named("section"))
    assert len(found.named("p")) == len(expected.named("p")) + 1
    assert b"&lt;script&gt;" in content
    assert b"{{ 7 * 7 }}" in content  # not 49
    text = content.decode()  # a name that is no Unicode is written out
    assert r"\udce9\x00" in text
    assert "\u202e" not in text
    assert SCRIPT not in text


def test_the_page_asks_for_nothing():
    text = re.sub(rb"data:image/svg\+xml;base64,[\w+/=]+", b"", rendered("plain"))
    assert b"http:" not in text
    assert b"https:" not in text
    assert b"default-src 'none'" in text
