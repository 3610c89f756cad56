"""A quantization from end to end."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from small_data import SmallData

from spiker import LI, LIF, Latency, Layer, Network, load, run, save
from spiker.errors import ConfigError, FormatError, MissedTargetError
from spiker.network_file import load_training
from spiker.recipe_training import Training
from sw.quantization import Choices, quantize
from sw.quantization.parameters import real_parameters
from sw.quantization.state_ranges import widths_of
from sw.training import train_network
from sw.training.evaluation import torch_accuracy

DESCRIPTION = Network(
    12,
    4,
    [
        Layer(8, LIF(state_bits=10, threshold=64), 8, bias_bits=10),
        Layer(3, LI(state_bits=14), 8, bias_bits=10),
    ],
    encoder=Latency(maximum=15, threshold=3),
)
DATA = SmallData(train=240, test=90)
SETTINGS = Training(epochs=4, batch=16, rate=0.1, validation=60)
TRAINED = train_network(DESCRIPTION, DATA, SETTINGS, seed=1, progress=False)


def quantized(choices, record=TRAINED.record, data=DATA, network=TRAINED.network):
    return quantize(network, data, choices, record, seed=1)


def test_it_was_worth_training():
    assert TRAINED.accuracy > 0.9


@pytest.mark.parametrize("epochs", [0, 2])
def test_the_narrowest_within_the_budget_comes_out(epochs):
    found = quantized(Choices((1, 6), max_drop=0.05, epochs=epochs))
    assert found.validation >= found.reference - 0.05
    samples = DATA.split("train").last(60)
    spikes = samples.spikes(found.network)
    assert found.validation == float((run(found.network, spikes).label == samples.labels).mean())
    last = found.curve[-1]
    assert last.widths == widths_of(found.network)
    assert last.accuracy == found.validation
    assert last.memory_bits == found.memory_bits < 0.8 * found.curve[0].memory_bits
    assert last.fine_tuned <= bool(epochs)
    assert found.curve[0].weight_bits == (6, 6)
    assert (1, 1) in [point.weight_bits for point in found.curve]
    test = DATA.split("test")
    assert found.accuracy == float(
        (run(found.network, test.spikes(found.network)).label == test.labels).mean()
    )


@pytest.mark.parametrize("drop", [0.0, 0.02, 0.04, 0.08, 0.15])
def test_the_budget_is_kept(drop):
    found = quantized(Choices((1, 4), max_drop=drop))
    assert found.validation >= found.reference - drop


def test_the_last_of_the_curve_comes_out_even_if_nothing_can_be_narrower(monkeypatch):
    for name in ("narrow_weights", "narrow_states"):
        # the package has a function of the module's name
        module = import_module("sw.quantization.quantize")
        monkeypatch.setattr(module, name, lambda *arguments: iter(()))
    found = quantized(Choices((1, 6), max_drop=0.05))
    assert found.curve[-1].widths == widths_of(found.network) != found.curve[-2].widths


def test_what_was_trained_with_learned_steps_can_be_quantized_again():
    tuned = quantized(Choices((3,), search=False, epochs=2))
    again = quantized(Choices((2,), search=False), record=tuned.record, network=tuned.network)
    assert again.network.layers[0].weight_bits == 2


def test_a_given_width_is_kept_and_its_file_can_be_quantized_again(tmp_path):
    found = quantized(Choices((3, 2), search=False))
    assert [layer.weight_bits for layer in found.network.layers] == [3, 2]
    assert found.accuracy == torch_accuracy(found.network, DATA.split("test"))
    save(found.network, tmp_path / "q.h5", found.record)
    network, record = load(tmp_path / "q.h5"), load_training(tmp_path / "q.h5")
    before = real_parameters(TRAINED.network, TRAINED.record, "before")
    after = real_parameters(network, record, "after")
    # the same numbers in another unit
    for old, new in zip(before, after, strict=True):
        step = old.bias.max() / new.bias.max()
        np.testing.assert_allclose(new.weight * step, old.weight, rtol=1e-5)
    learned, kept = (values["float_parameters"]["log_temperature"] for values in (TRAINED.record, record))
    assert kept == pytest.approx(learned + np.log(step))  # of the last layer
    again = quantize(network, DATA, Choices((3, 2), search=False), record, seed=1)
    assert [layer.weight_bits for layer in again.network.layers] == [3, 2]


def test_the_same_seed_gives_the_same_network():
    choices = Choices((2,), search=False, epochs=1)
    one, other = quantized(choices), quantized(choices)
    assert one.network.digest == other.network.digest
    assert one.accuracy == other.accuracy


def test_fine_tuning_helps_and_keeps_widths_and_zeros():
    rounded = quantized(Choices((2,), search=False, density=0.5))
    found = quantized(Choices((2,), search=False, density=0.5, epochs=4))
    assert found.validation > rounded.validation
    for before, after, density in zip(
        rounded.network.layers, found.network.layers, found.densities, strict=True
    ):
        assert after.weight_bits == 2
        assert 0 < density <= 0.5
        pruned = real_parameters(rounded.network, rounded.record, "rounded")
        assert not after.weights[pruned[0].weight == 0].any() if before.weights.shape[0] == 12 else True
    assert torch_accuracy(found.network, DATA.split("test")) == found.accuracy


def test_without_a_record_the_integers_are_quantized():
    found = quantized(Choices((8,), search=False), record={})
    # of the same width, they stay what they are, up to a step
    first = TRAINED.network.layers[0].weights
    ratio = found.network.layers[0].weights[first != 0] / first[first != 0]
    assert np.abs(ratio - ratio.mean()).max() < 0.6
    assert found.accuracy >= TRAINED.accuracy - 0.05


def test_the_search_does_not_depend_on_the_test_samples():
    other = SmallData(train=240, test=30, seed=5)
    one, two = quantized(Choices((1, 4), max_drop=0.1)), quantized(Choices((1, 4), max_drop=0.1), data=other)
    assert one.curve == two.curve
    assert one.network.digest == two.network.digest


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"weight_bits": (0, 8)}, "weight bits = 0; allowed: 1 to 16"),
        ({"weight_bits": (2, 17)}, "weight bits = 17; allowed: 1 to 16"),
        ({"weight_bits": (8, 2)}, "weight bits 8, 2; allowed: a narrowest and a widest, such as 2-8"),
        ({"max_drop": float("nan")}, "max drop = nan; allowed: 0 to 1"),
        ({"density": 0.0}, "density = 0.0; allowed: above 0, up to 1"),
        ({"prune": "columns"}, "prune = 'columns'; allowed: weights, rows"),
        ({"epochs": -1}, "epochs = -1; allowed: 0 or more"),
        ({"validation": 0}, "validation = 0; allowed: 1 or more"),
    ],
)
def test_wrong_choices_are_refused(choices, message):
    with pytest.raises(ConfigError, match=message):
        Choices(**choices)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ConfigError, match="weight bits 4,3,2 for 2 layers; allowed: one width, or 2"):
        quantized(Choices((4, 3, 2), search=False))
    with pytest.raises(ConfigError, match="validation = 240 of 240 training samples; allowed: 1 to 239"):
        quantized(Choices(validation=240))
    spikes = Network(12, 4, TRAINED.network.layers)
    with pytest.raises(ConfigError, match="the network has no encoder"):
        quantized(Choices(), network=spikes)
    with pytest.raises(FormatError, match="the network: /training has settings that are no JSON object"):
        quantized(Choices(), record=TRAINED.record | {"settings": "{"})
    with pytest.raises(FormatError, match="the network: /training/settings: epoch is an unknown key"):
        quantized(Choices(epochs=1), record=TRAINED.record | {"settings": '{"epoch": 1}'})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[]", "the network: /training has settings that are no JSON object"),
        ("[" * 10**5, "the network: /training has settings that are no JSON object"),
        ('{"validation": -1}', "the network: /training/settings: validation = -1; allowed: 0 or more"),
        ('{"validation": "1"}', "the network: /training/settings: validation = '1'; allowed: 0 or more"),
        ('{"validation": true}', "the network: /training/settings: validation = True; allowed: 0 or more"),
    ],
)
def test_damaged_settings_are_told(settings, message):
    with pytest.raises(FormatError, match=message):
        quantized(Choices((4,), search=False), record=TRAINED.record | {"settings": settings})


def test_a_number_of_the_file_that_does_not_fit_is_told_as_that():
    with pytest.raises(
        ConfigError,
        match="the network: /training/settings: validation = 240 of 240 training samples; "
        "allowed: 1 to 239; or name another number",
    ):
        quantized(Choices(), record=TRAINED.record | {"settings": '{"validation": 240}'})


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.array(1e6), "1000000.0"),
        (np.array(-33.0), "-33.0"),
        (np.array(np.nan), "nan"),
        (np.ones(2), "an array of shape (2,)"),
        ("1", "1"),
    ],
)
def test_a_temperature_that_means_nothing_is_told(value, found):
    kept = TRAINED.record["float_parameters"] | {"log_temperature": value}
    with pytest.raises(FormatError) as error:
        quantized(Choices((4,), search=False), record=TRAINED.record | {"float_parameters": kept})
    place = "the network: /training/float_parameters/log_temperature"
    assert str(error.value) == f"{place} = {found}; allowed: a number, -32 to 32"


def test_a_narrow_file_is_as_good_a_start_as_the_wide_one():
    narrow = quantized(Choices((1,), search=False))
    direct = quantized(Choices((4,), search=False))
    again = quantized(Choices((4,), search=False), record=narrow.record, network=narrow.network)
    for one, other in zip(direct.network.layers, again.network.layers, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.biases, other.biases)
        assert one.neuron == other.neuron


def test_the_highest_threshold_can_be_quantized():
    first, last = TRAINED.network.layers
    highest = replace(first, neuron=LIF(24, 2**23 - 1))
    found = quantized(
        Choices((8,), search=False), record={}, network=TRAINED.network.with_layers([highest, last])
    )
    assert found.network.layers[0].neuron.threshold == 2**23 - 1


def test_settings_of_the_training_do_not_matter_without_epochs():
    damaged = TRAINED.record | {"settings": '{"rate": [1, 2], "validation": 60}'}
    choices = Choices((3,), search=False)
    assert quantized(choices, record=damaged).network.digest == quantized(choices).network.digest


def test_a_budget_that_nothing_keeps_is_told():
    with pytest.raises(
        MissedTargetError, match=r"no weights of 1 bit keep an accuracy of .*; allow wider ones"
    ):
        quantized(Choices((1, 1), max_drop=0.0))


def test_the_best_that_is_told_may_have_learned(monkeypatch):
    measured = iter([0.9, 0.5, 0.7])  # before; rounded to 1 bit; after it learned
    module = import_module("sw.quantization.quantize")
    monkeypatch.setattr(module.RealNetwork, "accuracy", lambda *arguments: 0.0)
    monkeypatch.setattr("sw.quantization.samples.EncodedSamples.accuracy", lambda *arguments: next(measured))
    with pytest.raises(MissedTargetError, match=r"0\.8900 .*\(best: 0\.7000\); .* or more epochs of"):
        quantized(Choices((1, 1), max_drop=0.01, epochs=1))
