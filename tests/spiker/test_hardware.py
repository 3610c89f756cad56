"""The choices of a conversion: what is allowed, for all layers or one a layer, as text and in files."""

import h5py
import numpy as np
import pytest
from small_networks import MEMBRANE

from spiker import ConfigError, FormatError, load, run, save
from spiker.golden import run_kept
from spiker.hardware import CHOICES, Hardware, LayerHardware
from spiker.hardware_text import attributes, from_attribute, load_choices, parse, shown
from spiker.network_file import load_hardware, load_training, save_hardware

CHOSEN = Hardware(
    parallelism=(20, None),
    lanes=(2, 1),
    schedule="clock",
    weights=("ram", "loadable"),
    sparse=("rows", "auto"),
    input="words",
    shell="axi",
    keep_state=True,
)


def test_one_value_is_for_all_layers_and_more_than_there_are_means_all():
    layers = Hardware(parallelism=8).of_layers(MEMBRANE)  # of 40 and 3 neurons
    assert [layer.parallelism for layer in layers] == [8, 3]
    assert [layer.passes for layer in layers] == [5, 1]


def test_a_layer_has_its_own_value():
    assert CHOSEN.of_layers(MEMBRANE) == (
        LayerHardware(40, 20, 2, "clock", "ram", "rows"),
        LayerHardware(3, 3, 1, "clock", "loadable", "auto"),
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"parallelism": 0}, "parallelism = 0; allowed: 1 to 16777216, or all"),
        ({"parallelism": True}, "parallelism = True; allowed"),
        ({"parallelism": (4, 1.0)}, "parallelism = 1.0; allowed"),
        ({"parallelism": 2**24 + 1}, "parallelism = 16777217; allowed"),
        ({"lanes": 3}, "lanes = 3; allowed: 1, 2"),
        ({"lanes": True}, "lanes = True; allowed: 1, 2"),
        ({"schedule": ("event", "never")}, "schedule = 'never'; allowed: event, clock"),
        ({"weights": "flash"}, "weights = 'flash'; allowed: rom, ram, loadable"),
        ({"input": ("events", "events")}, r"input = \('events', 'events'\); allowed: events, words, encoder"),
        ({"shell": None}, "shell = None; allowed: none, axi"),
        ({"keep_state": 1}, "keep_state = 1; allowed: false, true"),
    ],
)
def test_what_is_not_allowed_is_named(values, message):
    with pytest.raises(ConfigError, match=message):
        Hardware(**values)


def test_values_for_another_number_of_layers_are_refused():
    with pytest.raises(ConfigError, match="lanes has 3 values; allowed: one, or 2, one a layer"):
        Hardware(lanes=(1, 2, 1)).require_fit(2)


def test_all_neurons_at_a_time_have_two_names():
    assert Hardware(parallelism="all") == Hardware()
    assert Hardware(parallelism=(8, "all")) == Hardware(parallelism=(8, None))


def test_bools_of_numpy_are_bools():
    assert Hardware(keep_state=np.bool_(True)) == Hardware(keep_state=True)
    assert Hardware(keep_state=np.bool_(True)).as_json()["keep_state"] is True


def test_unknown_choices_are_refused_by_name():
    with pytest.raises(ConfigError, match="here: unknown choice 'lane'; known: parallelism, lanes, "):
        Hardware.from_values({"lane": 1}, "here")


def test_differences_are_those_that_make_another_accelerator():
    assert Hardware(parallelism=(40, 7)).differences(Hardware(), MEMBRANE) == {}
    assert Hardware(parallelism=39, shell="axi").differences(Hardware(), MEMBRANE) == {
        "parallelism": (39, None),
        "shell": ("axi", "none"),
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("parallelism", "16", 16),
        ("parallelism", "128,10", (128, 10)),
        ("parallelism", " 128 , all ", (128, None)),
        ("parallelism", "all", None),
        ("lanes", "2,1", (2, 1)),
        ("schedule", "clock", "clock"),
        ("weights", "rom,loadable", ("rom", "loadable")),
        ("keep_state", "true", True),
        ("keep_state", "false", False),
    ],
)
def test_text_becomes_values_and_back(name, text, value):
    assert parse(name, text) == value
    assert shown(value) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("parallelism", "", "parallelism = ''; allowed"),
        ("parallelism", "4,", "parallelism = ''; allowed"),
        ("parallelism", "-4", "parallelism = '-4'; allowed"),
        ("parallelism", "1e3", "parallelism = '1e3'; allowed"),
        ("parallelism", "٣", "parallelism = '٣'; allowed"),
        ("parallelism", "9" * 5000, "parallelism = '99"),
        ("lanes", "all", "lanes = 'all'; allowed: 1, 2"),
        ("schedule", "event;clock", "schedule = 'event;clock'; allowed"),
        ("keep_state", "yes", "keep_state = 'yes'; allowed: false, true"),
        ("input", "words,events", "input = 'words,events'; allowed: one value"),
    ],
)
def test_other_text_is_refused(name, text, message):
    with pytest.raises(ConfigError) as caught:
        parse(name, text)
    assert str(caught.value).startswith(message)


def test_toml_holds_values_lists_or_text_with_commas(tmp_path):
    file = tmp_path / "small.toml"
    file.write_text('parallelism = [20, "all"]\nlanes = 2\nweights = "ram,rom"\nkeep_state = true\n')
    assert load_choices(file) == {
        "parallelism": (20, None),
        "lanes": 2,
        "weights": ("ram", "rom"),
        "keep_state": True,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lanes = 3", "lanes = 3; allowed: 1, 2"),
        ("lanes = 2.0", "lanes = 2.0; allowed: 1, 2"),
        ("lane = 2", "unknown choice 'lane'; known: parallelism"),
        ("[layers]\nlanes = 2", "unknown choice 'layers'"),
        ("parallelism = 128,10", "is no TOML"),
        ("parallelism = [[1]]", r"parallelism = (1,); allowed"),
        ("schedule = 'now'", "schedule = 'now'; allowed: event, clock"),
        ("keep_state = 1", "keep_state = 1; allowed: false, true"),
        ("x = " + "[" * 20_000, "is no TOML"),
        ("#" * 70_000, "has 70000 bytes; allowed: 65536"),
    ],
)
def test_other_toml_is_refused_in_one_line(text, message, tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_choices(file)
    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "wrong.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"^\S+wrong\.toml isn't UTF-8 text \(byte 0\)$"):
        load_choices(tmp_path / "wrong.toml")


def test_a_network_file_keeps_choices_beside_the_network(tmp_path):
    file = tmp_path / "net.h5"
    save(MEMBRANE, file, hardware=CHOSEN)
    assert load_hardware(file) == CHOSEN
    assert load(file).digest == MEMBRANE.digest
    with h5py.File(file) as found:
        assert dict(found["hardware"].attrs) == {
            "parallelism": "20,all",
            "lanes": "2,1",
            "schedule": "clock",
            "weights": "ram,loadable",
            "sparse": "rows,auto",
            "input": "words",
            "shell": "axi",
            "keep_state": True,
            "load_thresholds": False,
        }


def test_a_network_file_without_choices_has_none(tmp_path):
    save(MEMBRANE, tmp_path / "net.h5")
    assert load_hardware(tmp_path / "net.h5") is None


def test_choices_can_be_kept_later_and_all_else_stays(tmp_path):
    file = tmp_path / "net.h5"
    save(MEMBRANE, file, {"data": "digits", "curve": {"loss": np.array([0.5, 0.25])}})
    save_hardware(Hardware(parallelism=4), file)
    save_hardware(CHOSEN, file)
    assert load_hardware(file) == CHOSEN
    assert load(file).digest == MEMBRANE.digest
    record = load_training(file)
    assert record["data"] == "digits"
    assert record["curve"]["loss"].tolist() == [0.5, 0.25]


def test_choices_for_other_layers_are_not_kept(tmp_path):
    file = tmp_path / "net.h5"
    save(MEMBRANE, file)
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="parallelism has 3 values"):
        save_hardware(Hardware(parallelism=(1, 2, 3)), file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lanes", 3, "/hardware has lanes = 3; allowed: 1, 2"),
        ("lanes", "1,3", "/hardware has lanes = 3; allowed: 1, 2"),
        ("keep_state", 2, "/hardware has keep_state = 2; allowed: false, true"),
        ("parallelism", 1.5, "/hardware has parallelism = 1.5; allowed"),
        ("clock_rate", 1, "/hardware has the unknown attribute 'clock_rate'; allowed: input, "),
        ("lanes", [1, 2], "/hardware has the attribute 'lanes' of shape (2,); allowed: a scalar"),
    ],
)
def test_other_attributes_are_refused_by_their_place(name, value, message, tmp_path):
    file = tmp_path / "net.h5"
    save(MEMBRANE, file)
    with h5py.File(file, "r+") as opened:
        opened.create_group("hardware").attrs[name] = value
    with pytest.raises(FormatError) as caught:
        load_hardware(file)
    assert str(caught.value).startswith(f"{file}: {message}")


@pytest.mark.parametrize("value", [np.int8(1), np.uint64(1), np.True_, "true"])
def test_other_programs_bools_and_integers_do(value, tmp_path):
    file = tmp_path / "net.h5"
    save(MEMBRANE, file)
    with h5py.File(file, "r+") as opened:
        opened.create_group("hardware").attrs["keep_state"] = value
        opened["hardware"].attrs["parallelism"] = np.int16(7)
    assert load_hardware(file) == Hardware(parallelism=7, keep_state=True)


def test_every_choice_survives_as_an_attribute():
    for name, allowed in CHOICES.items():
        for value in allowed:
            hardware = Hardware(**{name: value})
            kept = attributes(hardware)
            assert Hardware(**{key: from_attribute(key, kept[key]) for key in kept}) == hardware


def test_kept_states_go_from_sample_to_sample():
    spikes = np.ones((3, MEMBRANE.steps, MEMBRANE.inputs), np.uint8)
    kept = run_kept(MEMBRANE, spikes, trace=True)
    # three samples as one long one, in which all steps follow one another
    network = type(MEMBRANE)(6, 3 * MEMBRANE.steps, MEMBRANE.layers)
    long = run(network, spikes.reshape(1, -1, 6), trace=True)
    for ours, theirs in zip(kept.layers, long.layers, strict=True):
        assert np.array_equal(ours.membrane.reshape(theirs.membrane.shape), theirs.membrane)
        assert np.array_equal(ours.spikes.reshape(theirs.spikes.shape), theirs.spikes)
    assert kept.scores[-1].tolist() == long.scores[0].tolist()
    again = run_kept(MEMBRANE, spikes[1:], states=run(MEMBRANE, spikes[:1]).states)
    assert again.scores.tolist() == kept.scores[1:].tolist()


def test_no_samples_leave_kept_states_as_they_were():
    none = np.zeros((0, MEMBRANE.steps, MEMBRANE.inputs), np.uint8)
    found = run_kept(MEMBRANE, none, trace=True)
    assert (found.label.shape, found.scores.shape) == ((0,), (0, MEMBRANE.classes))
    assert [layer.membrane.shape[0] for layer in found.layers] == [0, 0]
    spikes = np.ones((2, MEMBRANE.steps, MEMBRANE.inputs), np.uint8)
    plain = run_kept(MEMBRANE, spikes)
    for states in (found.states, run_kept(MEMBRANE, none, states=found.states).states):
        assert np.array_equal(run_kept(MEMBRANE, spikes, states=states).scores, plain.scores)
    later = run_kept(MEMBRANE, spikes[:1]).states
    assert run_kept(MEMBRANE, none, states=later).states == later
