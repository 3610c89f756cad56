"""Trainings somewhere else than on the CPU: by a device that stands in, and by a GPU where there is one."""

from importlib import import_module

import numpy as np
import pytest
import torch
from small_data import SmallData
from stand_in_device import DEVICE, StandIn, with_constants

from spiker import LI, LIF, CubaLIF, Latency, Layer, Network
from spiker.recipe_training import Augmentation, Teacher, Training
from sw.evaluation import accuracy
from sw.quantization import fine_tuning
from sw.quantization.fine_tuning import RealNetwork
from sw.quantization.parameters import real_parameters
from sw.training import device, evaluation, teacher, train_network, trainer
from sw.training.batches import Batches
from sw.training.evaluation import torch_accuracy
from sw.training.model import SpikingNetwork

pytestmark = pytest.mark.filterwarnings("ignore:.*copying from a non-meta parameter")
"""PyTorch warns that its own device of that name keeps no values; the one that stands in does."""
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")

SETTINGS = Training(
    epochs=2,
    float_epochs=1,
    batch=16,
    rate=0.05,
    input_drop=0.1,
    hidden_drop=0.1,
    gradient_norm=1.0,
    validation=10,
    best=True,
    augmentation=Augmentation(shift=0.3),
    teacher=Teacher(epochs=1, views=0),
    spike_target=5.0,
    average=0.8,
)
NETWORKS = {
    "membrane": [Layer(8, CubaLIF(), recurrent_bits=4, bias_bits=8), Layer(3, LI(12, leak_shift=3))],
    "counts": [Layer(8, LIF(threshold=tuple(range(9, 17))), bias_bits=8), Layer(3, LIF(reset="zero"))],
    "first_spike": [Layer(8, LIF(), bias_bits=8), Layer(3, LIF(reset="none"), bias_bits=8)],
}


def described(readout):
    return Network(12, 4, NETWORKS[readout], readout, Latency(maximum=15, threshold=3))


def trained(readout="membrane", *, settings=SETTINGS, **options):
    return train_network(described(readout), SmallData(), settings, seed=1, progress=False, **options)


def move_to(monkeypatch, place):
    """Train on this device, whatever there is."""
    for user in (trainer, evaluation, teacher, fine_tuning):
        monkeypatch.setattr(user, "training_device", lambda: place)


@pytest.fixture
def elsewhere(monkeypatch):
    """The device that stands in is the one that is chosen; gives the devices that models computed on."""
    move_to(monkeypatch, DEVICE)
    make = Batches._varied

    def made_there(self, *arguments):
        with StandIn():  # in the thread that makes the batches too
            return make(self, *arguments)

    monkeypatch.setattr(Batches, "_varied", made_there)
    for name in ("tensor", "as_tensor"):
        monkeypatch.setattr(torch, name, with_constants(getattr(torch, name)))
    optimizers = import_module("torch.optim.optimizer")
    known = optimizers._get_fused_kernels_supported_devices()
    monkeypatch.setattr(optimizers, "_get_fused_kernels_supported_devices", lambda: [*known, DEVICE.type])
    seen, forward = set(), SpikingNetwork.forward

    def noted(self, *arguments):
        seen.add(self.device)
        return forward(self, *arguments)

    monkeypatch.setattr(SpikingNetwork, "forward", noted)
    return seen


def assert_same(one, other):
    """Two trainings came to the same, latent parameters and curve too."""
    assert one.network.digest == other.network.digest
    assert (one.accuracy, one.accuracy_float) == (other.accuracy, other.accuracy_float)
    for key in ("curve", "float_parameters"):
        for name, values in one.record[key].items():
            np.testing.assert_array_equal(values, other.record[key][name])


@pytest.mark.parametrize(
    ("readout", "changes"),
    [
        ("membrane", {}),
        ("membrane", {"learn": ("step",), "teacher": Teacher(epochs=1, views=2)}),
        ("counts", {"learn": ("threshold", "leak", "step")}),
        ("first_spike", {"optimizer": "SGD", "learn": ("leak",)}),
    ],
)
def test_everything_moves_to_the_device(request, readout, changes):
    settings = SETTINGS.model_copy(update=changes)
    here = trained(readout, settings=settings)
    seen = request.getfixturevalue("elsewhere")
    with StandIn():
        assert_same(trained(readout, settings=settings), here)
    assert seen == {DEVICE}


class Ended(BaseException):
    """A training is killed; like KeyboardInterrupt, it's no `Exception`."""


def end_after_two(curve):
    """Metrics that kill a training after its second epoch."""
    if len(curve["loss"]) == 2:
        raise Ended


def test_a_training_goes_on_elsewhere(request, monkeypatch, tmp_path):
    here = trained()
    with pytest.raises(Ended):
        trained(checkpoint=tmp_path / "checkpoint", metrics=[end_after_two])
    seen = request.getfixturevalue("elsewhere")
    monkeypatch.setattr(trainer, "save_checkpoint", lambda *_: None)  # which knows no device that stands in
    with StandIn():
        assert_same(trained(checkpoint=tmp_path / "checkpoint", resume=True), here)
    assert seen == {DEVICE}


def test_evaluations_move_to_the_device(request):
    result, split = trained("counts"), SmallData().split("test")
    seen = request.getfixturevalue("elsewhere")
    with StandIn():
        assert torch_accuracy(result.network, split) == accuracy(result.network, split)
    assert seen == {DEVICE}


def test_a_teacher_of_real_numbers_moves_to_the_device(request):
    result, split = trained(), SmallData().split("train")
    parameters = real_parameters(result.network, result.record, "the network")
    here = RealNetwork(result.network, parameters, 0.5)
    right, expected = here.accuracy(split), here.opinions(split)
    seen = request.getfixturevalue("elsewhere")
    with StandIn():
        there = RealNetwork(result.network, parameters, 0.5)
        assert there.accuracy(split) == right
        opinions = there.opinions(split)
    assert seen == {DEVICE}
    assert opinions.device.type == "cpu"
    assert torch.equal(opinions, expected)


def test_the_cpu_is_chosen_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device.training_device() == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device.training_device() == torch.device("cuda")


def test_products_are_exact_whatever_was_chosen_before():
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("medium")
        device.training_device()
        assert torch.get_float32_matmul_precision() == "highest"
    finally:
        torch.set_float32_matmul_precision(before)


@gpu
@pytest.mark.parametrize("readout", NETWORKS)
def test_a_gpu_computes_the_contract(readout):
    result, split = trained(readout), SmallData().split("test")
    assert torch_accuracy(result.network, split) == accuracy(result.network, split)


@gpu
def test_a_training_of_a_gpu_goes_on_without_it(monkeypatch, tmp_path):
    with pytest.raises(Ended):
        trained(checkpoint=tmp_path / "checkpoint", metrics=[end_after_two])
    move_to(monkeypatch, torch.device("cpu"))
    result = trained(checkpoint=tmp_path / "checkpoint", resume=True)
    assert len(result.record["curve"]["loss"]) == 3
