"""Learning without labels: what it reaches, that it repeats to the byte and goes on after an end."""

import subprocess
import sys

import numpy as np
import pytest
from small_data import SmallData
from stdp_networks import DIEHL_COOK, TOML, recipe

from spiker import ConfigError, FormatError, run, save
from spiker.network_file import load_training
from spiker.recipe import parse_recipe
from sw.data import ValueSplit
from sw.evaluation import accuracy
from sw.stdp import learner, train
from sw.stdp.checkpoint import MAGIC


class Ended(BaseException):
    """A training is killed; like KeyboardInterrupt, it's no `Exception`."""


def trained(described=None, data=None, *, seed=1, **options):
    return train(described or recipe(), data or SmallData(), seed=seed, progress=False, **options)


def content(tmp_path, result):
    save(result.network, tmp_path / "net.h5", result.record)
    return (tmp_path / "net.h5").read_bytes()


def ended_after(monkeypatch, parts):
    """Kill trainings right after the checkpoint of so many parts."""
    save_state, saved = learner.save_checkpoint, []

    def save_and_end(*arguments):
        save_state(*arguments)
        saved.append(1)
        if len(saved) == parts:
            raise Ended

    monkeypatch.setattr(learner, "save_checkpoint", save_and_end)


def counted_calls(monkeypatch, rule):
    """A list that grows by one with every part that a rule learns."""
    calls, learn = [], rule.learn

    def counted(self, *arguments):
        calls.append(1)
        return learn(self, *arguments)

    monkeypatch.setattr(rule, "learn", counted)
    return calls


RECIPES = {"competition": TOML, "diehl_cook": DIEHL_COOK}


@pytest.mark.parametrize("text", RECIPES.values(), ids=RECIPES)
def test_it_learns(text):
    result = trained(parse_recipe(text))
    assert result.accuracy >= 0.9  # a third by chance
    test = SmallData().split("test")
    assert result.accuracy == accuracy(result.network, test)
    assert run(result.network, test.spikes(result.network)).layers[0].spikes.any()


@pytest.mark.parametrize("text", RECIPES.values(), ids=RECIPES)
def test_neurons_learn_without_labels_and_votes_with_them(text):
    class Mislabelled(SmallData):
        def read(self, which):
            split = super().read(which)
            return ValueSplit(split.values, (split.labels + 1) % 3, split.shape)

    described = parse_recipe(text)
    right, wrong = trained(described), trained(described, Mislabelled())
    for one, other in zip(right.network.layers, wrong.network.layers, strict=True):
        assert np.array_equal(one.weight, other.weight) == (one.size == 9)
    assert right.network.layers[0].neuron == wrong.network.layers[0].neuron
    # the same votes, each for the class that the neurons are told of
    np.testing.assert_array_equal(
        right.network.layers[1].weight, np.roll(wrong.network.layers[1].weight, -1, axis=1)
    )


def test_the_course_is_told_part_by_part():
    result = trained(recipe(passes=2))
    # parts of 40 of 90 samples; no part goes over the end of a pass
    assert result.curve["samples"].tolist() == [40, 80, 90, 130, 170, 180]
    assert np.isnan(result.curve["accuracy"]).tolist() == [True] + [False] * 5
    assert (result.curve["spikes"] > 0).all()
    assert result.fields.shape == (12, 9)
    assert 0 <= result.fields.min() <= result.fields.max() <= 1
    assert (result.epochs, result.accuracy_float, result.validation_accuracy) == (2, None, None)


def test_samples_kept_aside_are_measured_only():
    text = TOML + "validation = 30\n"
    result = trained(parse_recipe(text))
    assert result.curve["samples"].tolist()[:2] == [40, 60]
    kept_aside = SmallData().split("train").last(30)
    assert result.validation_accuracy == accuracy(result.network, kept_aside)
    assert result.record["validation_accuracy"] == result.validation_accuracy


def test_same_seed_same_bytes(tmp_path):
    one, same, other = (content(tmp_path, trained(seed=seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    record = load_training(tmp_path / "net.h5")
    assert record["data"] == "small"
    assert set(record["learned"]) == {"weight", "threshold", "shape"}


@pytest.mark.parametrize(("text", "parts"), [(TOML, 1), (TOML, 4), (TOML, 9), (DIEHL_COOK, 2)])
def test_a_training_that_was_killed_goes_on_to_the_same_bytes(tmp_path, monkeypatch, text, parts):
    described, checkpoint = parse_recipe(text), tmp_path / "checkpoint"
    whole = content(tmp_path, trained(described))
    with monkeypatch.context() as patch:
        ended_after(patch, parts)
        with pytest.raises(Ended):
            trained(described, checkpoint=checkpoint)
    calls = counted_calls(monkeypatch, learner.RULES[described.stdp.rule])
    assert content(tmp_path, trained(described, checkpoint=checkpoint, resume=True)) == whole
    assert len(calls) == {TOML: 9, DIEHL_COOK: 3}[text] - parts


def test_checkpoints_of_other_trainings_are_refused(tmp_path):
    checkpoint = tmp_path / "checkpoint"
    trained(checkpoint=checkpoint)
    for options, what in (
        ({"seed": 2}, "seed"),
        ({"described": recipe(passes=4)}, "settings"),
        ({"described": recipe(size=9, leak_shift=4)}, "network"),
        ({"data": SmallData(train=60)}, "data"),
    ):
        with pytest.raises(ConfigError, match=rf"another training \(not the same {what}\)"):
            trained(checkpoint=checkpoint, resume=True, **options)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda file: b"something", "is no checkpoint that this training can go on from; delete it"),
        (lambda file: file[:-1], "is damaged; delete it"),
        (lambda file: MAGIC, "is damaged; delete it"),
    ],
)
def test_damaged_checkpoints_are_refused(tmp_path, damage, message):
    checkpoint = tmp_path / "checkpoint"
    trained(checkpoint=checkpoint)
    checkpoint.write_bytes(damage(checkpoint.read_bytes()))
    with pytest.raises(FormatError, match=message):
        trained(checkpoint=checkpoint, resume=True)


def test_numbers_that_cant_be():
    for options, message in (
        ({"seed": -1}, "seed = -1; allowed: 0 or more"),
        ({"epochs": 0}, "epochs = 0; allowed: 1 to 1000000000"),
        (
            {"described": parse_recipe(TOML + "validation = 90\n")},
            "^recipe: stdp.validation = 90 of 90 training samples",
        ),
        ({"epochs": 10**20}, "epochs = 100000000000000000000; allowed: 1 to 1000000000"),
        ({"described": parse_recipe(TOML[: TOML.index("[stdp]")])}, r"recipe: \[stdp\] is missing"),
    ):
        with pytest.raises(ConfigError, match=message):
            trained(**options)


def setting(text, key, value):
    """A recipe with another line in its last table."""
    lines = [line for line in text.split("\n") if not line.startswith(f"{key} =")]
    return "\n".join([*lines, f"{key} = {value}"])


DIGITS = "9" * 20
BEYOND = {
    "competition": [
        ("theta_plus", "1e30", "theta_plus = 1e+30; allowed: less than or equal to 8388608"),
        ("theta_plus", "1e15", "theta_plus = 1000000000000000.0; allowed: less than or equal to 8388608"),
        ("theta_plus", "1e-6", "theta_plus = 1e-06; allowed: greater than or equal to 0.0000152587890625"),
        ("spikes", "1e300", "spikes = 1e+300; allowed: less than or equal to 1048576"),
        ("learners", DIGITS, f"learners = {DIGITS}; allowed: less than or equal to 16777216"),
        ("window", 2**30, "window = 1073741824; allowed: less than or equal to 16777216"),
        ("rate", "[0.1, 1e-300]", "rate[1] = 1e-300; allowed: greater than or equal to 0.00001"),
        ("part", DIGITS, f"part = {DIGITS}; allowed: less than or equal to 1000000000"),
        ("validation", DIGITS, f"validation = {DIGITS}; allowed: less than or equal to 1000000000"),
        ("passes", DIGITS, f"passes = {DIGITS}; allowed: less than or equal to 1000000000"),
    ],
    "diehl_cook": [
        ("dt", "1e-300", "dt = 1e-300; allowed: greater than or equal to 0.001"),
        ("dt", "11.0", "dt = 11.0; allowed: less than or equal to 10"),
        (
            "dt",
            "0.001",
            "single_example_time = 350.0; allowed: 0.001 to 65.536 (dt = 0.001, 1 to 65536 steps",
        ),
        ("single_example_time", "0.5", "single_example_time = 0.5; allowed: 1.0 to 65536.0 (dt = 1.0"),
        ("single_example_time", "1e300", "single_example_time = 1e+300; allowed: 1.0 to 65536.0"),
        ("resting_time", "65537.0", "resting_time = 65537.0; allowed: 0.0 to 65536.0"),
        ("input_intensity", "1e300", "input_intensity = 1e+300; allowed: less than or equal to 1000000"),
        ("least_spikes", DIGITS, f"least_spikes = {DIGITS}; allowed: less than or equal to 1000000000"),
        ("nu_ee_post", "1.5", "nu_ee_post = 1.5; allowed: less than or equal to 1"),
        ("tc_theta", "1e300", "tc_theta = 1e+300; allowed: less than or equal to 1000000000000"),
        ("weight_ee_input", "1e300", "weight_ee_input = 1e+300; allowed: less than or equal to 16777216"),
        ("theta_plus_e", "1e300", "theta_plus_e = 1e+300; allowed: less than or equal to 1000"),
        ("weight_ie", "1e300", "weight_ie = 1e+300; allowed: less than or equal to 10000"),
    ],
}


@pytest.mark.parametrize(
    ("rule", "key", "value", "message"),
    [(rule, *case) for rule, cases in BEYOND.items() for case in cases],
)
def test_keys_outside_their_ranges(rule, key, value, message):
    with pytest.raises(ConfigError) as refusal:
        parse_recipe(setting(RECIPES[rule], key, value))
    assert str(refusal.value).startswith("recipe: stdp." + message)


ENDS = {
    "competition": [
        {"theta_plus": 2.0**23, "spikes": 2.0**20, "inhibition": 128, "learners": 2**24, "window": 2**24},
        {"theta_plus": 2.0**-16, "spikes": 1e-300, "rate": [2.0**-16, 1.0], "start": 1.0},
        {"rate": [1.0, 2.0**-16], "part": 10**9},
    ],
    "diehl_cook": [
        {"dt": 10.0, "single_example_time": 10.0, "weight_ei": 1e4, "weight_ie": 1e4, "tc_theta": 1e12},
        {"weight_ee_input": 2.0**24, "nu_ee_post": 1.0, "nu_ee_pre": 1.0, "tc_pre_ee": 5e-324},
        {"theta_plus_e": 1000.0, "input_intensity": 1e6, "least_spikes": 10**9, "resting_time": 0.0},
        {"dt": 10.0, "weight_ee_input": 2.0**24, "weight_ei": 1e4, "weight_ie": 1e4},
        {"weight_ee_input": 5e-324, "input_intensity": 5e-324, "weight_ei": 5e-324, "weight_ie": 5e-324},
    ],
}


@pytest.mark.parametrize(
    ("rule", "changes"),
    [(rule, changes) for rule, cases in ENDS.items() for changes in cases],
)
@pytest.mark.filterwarnings("error")
def test_the_ends_of_the_ranges_can_be_simulated(rule, changes):
    text = setting(RECIPES[rule], "passes", 1)
    for key, value in changes.items():
        text = setting(text, key, value)
    result = trained(parse_recipe(text), SmallData(train=30))
    assert np.isfinite(result.fields).all()
    assert np.isfinite(result.record["learned"]["threshold"]).all()


def test_it_needs_no_torch():
    code = "import sys, sw.stdp; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
