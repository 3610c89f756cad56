"""Trainings: what they reach, that they repeat to the byte, and that they go on after an end."""

import numpy as np
import pytest
from small_data import SmallData

from spiker import IF, LI, LIF, ConfigError, CubaLIF, FormatError, Latency, Layer, Network, Rate, save
from spiker.network_file import load_training
from spiker.recipe_training import Augmentation, Teacher, Training
from sw.data import ValueSplit, load
from sw.evaluation import accuracy
from sw.training import train_network
from sw.training.checkpoint import MAGIC
from sw.training.evaluation import torch_accuracy
from sw.training.model import SpikingNetwork
from sw.training.trainer import Trainer

NETWORK = Network(
    12,
    4,
    [Layer(8, LIF(), bias_bits=8), Layer(3, LI(state_bits=12))],
    encoder=Latency(maximum=15, threshold=3),
)
SETTINGS = Training(
    epochs=3,
    float_epochs=2,
    batch=16,
    rate=0.05,
    input_drop=0.1,
    hidden_drop=0.1,
    gradient_norm=1.0,
    validation=10,
    augmentation=Augmentation(shift=0.3),
    teacher=Teacher(epochs=2),
    spike_target=5.0,
    average=0.8,
    learn=("threshold", "leak"),
)


class Ended(BaseException):
    """A training is killed; like KeyboardInterrupt, it's no `Exception`."""


def trained(tmp_path=None, *, network=NETWORK, data=None, settings=SETTINGS, seed=1, **options):
    checkpoint = None if tmp_path is None else tmp_path / "checkpoint"
    return train_network(
        network, data or SmallData(), settings, seed=seed, checkpoint=checkpoint, progress=False, **options
    )


def content(tmp_path, result):
    """The bytes of the network file."""
    save(result.network, tmp_path / "net.h5", result.record)
    return (tmp_path / "net.h5").read_bytes()


def ended_after(monkeypatch, epochs):
    """Kill trainings right after the checkpoint of so many epochs."""
    save_state = Trainer._save

    def save_and_end(self, optimizer):
        save_state(self, optimizer)
        if len(self.curve) == epochs:
            raise Ended

    monkeypatch.setattr(Trainer, "_save", save_and_end)


NEURONS = {
    "if, counts": ([Layer(8, IF()), Layer(3, IF())], "counts"),
    "lif, membrane": ([Layer(8, LIF(reset="zero"), bias_bits=6), Layer(3, LI(12, leak_shift=3))], "membrane"),
    "recurrent cubalif, membrane": ([Layer(8, CubaLIF(), recurrent_bits=4), Layer(3, LI(12))], "membrane"),
    "lif, first spike": ([Layer(8, LIF(), bias_bits=6), Layer(3, LIF(), bias_bits=6)], "first_spike"),
}


@pytest.mark.parametrize(("layers", "readout"), NEURONS.values(), ids=NEURONS)
def test_a_described_network_learns(layers, readout):
    network = Network(12, 6, layers, readout, Latency(maximum=15, threshold=3))
    result = trained(network=network, settings=Training(epochs=30, batch=16, rate=0.05))
    assert result.accuracy >= 0.9  # a third by chance
    assert result.accuracy == accuracy(result.network, SmallData().split("test"))
    assert result.accuracy == torch_accuracy(result.network, SmallData().split("test"))


def test_thresholds_and_leaks_are_learned():
    layers = [Layer(8, LIF(threshold=20, leak_shift=2), bias_bits=6), Layer(3, LI(12, leak_shift=3))]
    network = Network(12, 6, layers, encoder=Latency(maximum=15, threshold=3))
    settings = Training(epochs=20, batch=16, rate=0.05, learn=("threshold", "leak"))
    result = trained(network=network, settings=settings)
    assert result.accuracy >= 0.9  # a third by chance
    assert result.accuracy == accuracy(result.network, SmallData().split("test"))
    hidden, last = (layer.neuron for layer in result.network.layers)
    assert len(set(hidden.threshold)) > 1
    assert len(set(hidden.leak_shift + last.leak_shift)) > 1


def test_steps_are_learned():
    layers = [Layer(8, LIF(threshold=5), 2, bias_bits=6), Layer(3, LI(state_bits=12), 2)]
    network = Network(12, 4, layers, encoder=NETWORK.encoder)
    result = trained(network=network, settings=Training(epochs=20, batch=16, rate=0.1, learn=("step",)))
    assert result.accuracy > 0.9
    assert torch_accuracy(result.network, SmallData().split("test")) == result.accuracy
    first, kept = result.network.layers[0], result.record["float_parameters"]
    assert set(np.unique(first.weight)) <= {-2, -1, 0, 1}
    # the threshold of 5 is so many steps now
    assert kept["layer000.threshold"] != 5
    assert first.neuron.threshold == np.rint(kept["layer000.threshold"])
    np.testing.assert_array_equal(np.rint(kept["layer000.weight"]).clip(-2, 1), first.weight)


def test_digits_are_learned_from_a_description():
    network = Network(
        64,
        8,
        [Layer(32, LIF(threshold=16), bias_bits=8), Layer(10, LI(state_bits=12))],
        encoder=Latency(maximum=16, threshold=3),
    )
    result = train_network(network, load("digits"), epochs=10, seed=1, progress=False)
    assert result.accuracy >= 0.9  # a tenth by chance
    assert result.epochs == len(result.curve["loss"]) == 10


def test_the_result_tells_how_it_went(tmp_path):
    result = trained(recipe="text of the recipe")
    curve = result.curve
    assert curve["quantized"].tolist() == [0, 0, 1, 1, 1]
    assert set(curve) == {"quantized", "loss", "accuracy", "validation_accuracy"}
    assert all(np.isfinite(values).all() for values in curve.values())
    # 10 samples were kept aside
    np.testing.assert_array_equal(
        np.round(curve["validation_accuracy"] * 10) / 10, curve["validation_accuracy"]
    )
    assert result.epochs == 3
    save(result.network, tmp_path / "net.h5", result.record)
    record = load_training(tmp_path / "net.h5")
    assert (record["data"], record["seed"], record["recipe"]) == ("small", 1, "text of the recipe")
    assert record["accuracy"] == result.accuracy
    assert record["accuracy_float"] == result.accuracy_float
    np.testing.assert_array_equal(record["curve"]["loss"], curve["loss"])
    # the integers are the real numbers, averaged and rounded
    weights = record["float_parameters"]["layer000.weight"]
    np.testing.assert_array_equal(np.round(weights), result.network.layers[0].weights)


def test_the_best_epochs_weights_come_out(tmp_path):
    settings = Training(epochs=12, batch=16, rate=2.0, schedule="constant", validation=30, best=True)
    result = trained(settings=settings)
    validation = result.curve["validation_accuracy"]
    assert validation[-1] < validation.max()  # or this says nothing
    assert accuracy(result.network, SmallData().split("train").last(30)) == validation.max()


def test_patience_ends_a_training_that_gets_no_better(tmp_path, monkeypatch):
    settings = Training(epochs=50, batch=16, rate=0.05, validation=30, best=True, patience=3)
    result = trained(settings=settings)
    validation = result.curve["validation_accuracy"]
    assert len(validation) == result.epochs == result.record["epochs"] == validation.argmax() + 4 < 50
    with monkeypatch.context() as patch:
        ended_after(patch, result.epochs - 1)
        with pytest.raises(Ended):
            trained(tmp_path, settings=settings)
    resumed = trained(tmp_path, settings=settings, resume=True)
    assert content(tmp_path, resumed) == content(tmp_path, result)


def test_gradients_are_no_longer_than_asked_for():
    """One update of plain gradient descent: a parameter moves by its rate times its gradient."""

    def gradient(norm):
        settings = Training(
            epochs=1, batch=500, rate=1.0, schedule="constant", warm_up=0, optimizer="SGD", gradient_norm=norm
        )
        moved = trained(settings=settings).record["float_parameters"]
        start = dict(SpikingNetwork(NETWORK, seed=1).named_parameters())
        # weights of 4 bits have the unit 8, so have the biases; the temperature's is 1
        steps = [
            (start[name].detach().numpy() - moved[name]) / (1 if name == "log_temperature" else 8)
            for name in sorted(start)
        ]
        return np.concatenate([step.ravel() for step in steps])

    free = gradient(None)
    length = np.linalg.norm(free)
    limited = gradient(length / 4)
    assert np.linalg.norm(limited) == pytest.approx(length / 4, rel=1e-3)
    # shortened, not bent
    np.testing.assert_allclose(limited, free / 4, atol=length / 1000)
    np.testing.assert_array_equal(gradient(2 * length), free)


def test_a_loss_may_see_more_than_the_readout():
    layers = [Layer(8, LIF(), bias_bits=6), Layer(3, LIF(reset="none"))]
    network = Network(12, 6, layers, "counts", Latency(maximum=15, threshold=3))
    settings = Training(epochs=20, batch=16, rate=0.05)
    counts, membrane = (
        trained(network=network, settings=settings.model_copy(update={"loss": loss}))
        for loss in ("counts", "membrane")
    )
    assert counts.network.digest == trained(network=network, settings=settings).network.digest
    assert membrane.network.digest != counts.network.digest
    assert membrane.accuracy >= 0.8  # a third by chance


def test_samples_kept_aside_are_not_learned():
    def with_last(values, labels):
        data = SmallData()
        split = data.split("train")
        data._splits["train"] = ValueSplit(
            np.concatenate([split.values[:80], values]),
            np.concatenate([split.labels[:80], labels]),
            split.shape,
        )
        return trained(data=data).record["float_parameters"]["layer000.weight"]

    zeros = with_last(np.zeros((10, 12), np.uint8), np.zeros(10, np.int64))
    others = with_last(np.full((10, 12), 15, np.uint8), np.full(10, 2))
    np.testing.assert_array_equal(zeros, others)


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path):
    first, again, other = (content(tmp_path, trained(seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_number_of_torch_threads_changes_nothing_and_stays():
    import torch

    before = torch.get_num_threads()
    try:
        digests = set()
        for threads in (1, 2):
            torch.set_num_threads(threads)
            digests.add(trained().network.digest)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert len(digests) == 1


@pytest.mark.parametrize("epochs", [1, 2, 3, 5], ids=lambda epochs: f"ended after {epochs}")
def test_a_killed_training_goes_on_and_ends_with_the_same_bytes(tmp_path, monkeypatch, epochs):
    undisturbed = content(tmp_path, trained())
    with monkeypatch.context() as patch:
        ended_after(patch, epochs)
        with pytest.raises(Ended):
            trained(tmp_path)
    rates = []
    with monkeypatch.context() as patch:
        set_rate = Trainer._set_rate

        def watched(self, optimizer, progress):
            rates.append(progress)
            set_rate(self, optimizer, progress)

        patch.setattr(Trainer, "_set_rate", watched)
        resumed = trained(tmp_path, resume=True)
    assert content(tmp_path, resumed) == undisturbed
    # 80 samples learned by 16: five updates an epoch, and none again
    assert len(rates) == 5 * (5 - epochs)


def test_a_teacher_that_is_asked_all_the_time_goes_on_as_it_was(tmp_path, monkeypatch):
    settings = SETTINGS.model_copy(update={"teacher": Teacher(epochs=2, views=0)})
    undisturbed = content(tmp_path, trained(settings=settings))
    assert undisturbed != content(tmp_path, trained())
    with monkeypatch.context() as patch:
        ended_after(patch, 3)
        with pytest.raises(Ended):
            trained(tmp_path, settings=settings)
    with monkeypatch.context() as patch:
        patch.delattr("sw.training.trainer.taught")  # it doesn't learn again
        resumed = trained(tmp_path, settings=settings, resume=True)
    assert content(tmp_path, resumed) == undisturbed


def test_without_resume_a_checkpoint_is_not_read(tmp_path):
    (tmp_path / "checkpoint").write_bytes(b"something else")
    assert trained(tmp_path).network.digest == trained().network.digest


def test_resuming_without_a_checkpoint_starts_anew(tmp_path):
    assert trained(tmp_path, resume=True).network.digest == trained().network.digest


OTHERS = {
    "settings": {"settings": SETTINGS.model_copy(update={"rate": 0.04})},
    "seed": {"seed": 2},
    "data": {"data": SmallData(seed=6)},
    "network": {
        "network": Network(
            12, 4, [Layer(8, LIF(threshold=15), bias_bits=8), Layer(3, LI(12))], encoder=Latency(15, 3)
        )
    },
}


@pytest.mark.parametrize(("difference", "options"), OTHERS.items(), ids=OTHERS)
def test_the_checkpoint_of_another_training_is_refused(tmp_path, difference, options):
    trained(tmp_path)
    before = (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(ConfigError, match=rf"checkpoint of another training \(not the same {difference}\)"):
        trained(tmp_path, resume=True, **options)
    assert (tmp_path / "checkpoint").read_bytes() == before


def damaged(content, kind):
    if kind == "truncated":
        return content[:-1]
    if kind == "empty":
        return b""
    if kind == "other file":
        return b"PK\x03\x04" + content
    place = {"head": 3, "digest": len(MAGIC) + 5, "middle": len(content) // 2, "end": len(content) - 1}[kind]
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize("kind", ["truncated", "empty", "other file", "head", "digest", "middle", "end"])
def test_a_damaged_checkpoint_is_refused(tmp_path, kind):
    trained(tmp_path)
    path = tmp_path / "checkpoint"
    path.write_bytes(damaged(path.read_bytes(), kind))
    with pytest.raises(
        FormatError,
        match=r"checkpoint is (damaged|no checkpoint that this training can go on from); delete it",
    ):
        trained(tmp_path, resume=True)


def test_what_does_not_fit_is_refused_before_the_training(tmp_path):
    with pytest.raises(
        ConfigError, match="12 values and 2 classes doesn't fit data set 'small': it has 12 and 3"
    ):
        trained(tmp_path, network=Network(12, 4, [Layer(2, LI())], encoder=Latency(15, 3)))
    with pytest.raises(ConfigError, match="12 values and 3 classes doesn't fit data set 'digits'"):
        trained(tmp_path, data=load("digits"))
    with pytest.raises(ConfigError, match="the network has no encoder"):
        trained(tmp_path, network=Network(12, 4, [Layer(3, LI())]))
    with pytest.raises(ConfigError, match="validation = 90 of 90 training samples; allowed: 0 to 89"):
        trained(tmp_path, settings=Training(validation=90))
    with pytest.raises(ConfigError, match=r"training\.patience need training\.validation, 1 sample"):
        trained(tmp_path, settings=Training(patience=1))
    with pytest.raises(ConfigError, match=r"training\.loss = 'counts', but the last layer never fires"):
        trained(tmp_path, settings=Training(loss="counts"))
    with pytest.raises(ConfigError, match="epochs = 0; allowed: 1 or more"):
        trained(tmp_path, settings=SETTINGS.model_copy(update={"float_epochs": 0}), epochs=0)
    with pytest.raises(ConfigError, match="seed = -1; allowed: 0 or more"):
        trained(tmp_path, seed=-1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("which", ["train", "test"])
def test_values_beyond_the_encoders_maximum_are_refused_before_the_training(tmp_path, which):
    data = SmallData()
    data.split(which).values[-1, -1] = 16
    with pytest.raises(ConfigError, match="values 0 to 16 don't fit encoder 'rate' with maximum = 15"):
        trained(tmp_path, data=data, network=Network(12, 4, [Layer(3, LI())], encoder=Rate(maximum=15)))
    assert list(tmp_path.iterdir()) == []


def test_fewer_classes_than_neurons_are_learned():
    network = Network(12, 4, [Layer(5, LI(state_bits=12))], encoder=Latency(maximum=15, threshold=3))
    assert trained(network=network, settings=Training(epochs=20, batch=16, rate=0.05)).accuracy >= 0.9


def test_a_training_that_diverges_ends_and_says_so():
    with pytest.raises(
        ConfigError, match=r"diverged: in epoch 1 its loss is nan; training\.rate = 1e\+38 may be"
    ):
        trained(settings=Training(float_epochs=1, batch=8, rate=1e38))


def test_a_last_update_that_diverges_is_seen_though_no_loss_comes_after_it():
    with pytest.raises(ConfigError, match=r"diverged: in epoch 1 its weights are infinite; training\.rate"):
        trained(settings=Training(epochs=1, batch=1000, rate=1e308, warm_up=0.0))
