"""What a training minimizes, by hand."""

from math import log

import pytest
import torch

from spiker.recipe_training import Teacher, Training
from sw.training.batches import Batch
from sw.training.model import LayerOutput
from sw.training.objective import distillation, excess_spikes, objective


def output(spikes):
    """A layer's spikes as nested lists, (steps, samples, size)."""
    values = torch.tensor(spikes, dtype=torch.float64, requires_grad=True)
    return LayerOutput(values, torch.zeros_like(values))


# two steps, two samples, three neurons: 4 spikes of the first sample and 1 of the second
HIDDEN = output([[[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]])
LAST = output([[[1.0], [1.0]], [[1.0], [1.0]]])


def test_spikes_beyond_the_target_cost_their_part_of_it():
    # 2.5 a sample in the mean
    assert excess_spikes([HIDDEN, LAST], 2.0).item() == 0.25
    assert excess_spikes([HIDDEN, HIDDEN, LAST], 2.0).item() == 1.5


def test_spikes_up_to_the_target_cost_nothing():
    cost = excess_spikes([HIDDEN, LAST], 3.0)
    assert cost.item() == 0
    assert not torch.autograd.grad(cost, HIDDEN.spikes)[0].any()


def test_every_spike_beyond_the_target_costs_alike():
    (gradient,) = torch.autograd.grad(excess_spikes([HIDDEN, LAST], 2.0), HIDDEN.spikes)
    # one spike more is half a spike a sample, a quarter of the target
    assert torch.equal(gradient, torch.full_like(gradient, 0.25))


def test_the_answers_spikes_cost_nothing():
    assert excess_spikes([LAST], 1.0).item() == 0


def test_distillation_is_the_divergence_of_both_opinions():
    # probabilities of 1/4 and 3/4, learned by a network that says 1/2 and 1/2
    soft = torch.tensor([[log(1 / 4), log(3 / 4)]], dtype=torch.float64)
    found = distillation(torch.zeros(1, 2, dtype=torch.float64), soft, 1.0)
    assert found.item() == pytest.approx(1 / 4 * log(1 / 2) + 3 / 4 * log(3 / 2))


def test_a_temperature_softens_both_and_keeps_the_gradients_size():
    # 1/5 and 4/5 at temperature 2 are in the proportion of 1 to 2
    soft = torch.tensor([[log(1 / 5), log(4 / 5)]], dtype=torch.float64)
    found = distillation(torch.zeros(1, 2, dtype=torch.float64), soft, 2.0)
    assert found.item() == pytest.approx(4 * (1 / 3 * log(2 / 3) + 2 / 3 * log(4 / 3)))


def test_distillation_leaves_alone_who_agrees():
    soft = torch.tensor([[0.5, -1.0, 2.0], [0.0, 0.0, 1.0]], dtype=torch.float64).log_softmax(1)
    logits = (soft + 3).requires_grad_()
    found = distillation(logits, soft, 4.0)
    assert found.item() == pytest.approx(0, abs=1e-12)
    assert torch.autograd.grad(found, logits)[0].abs().max() < 1e-12


def test_the_teacher_says_nothing_of_classes_that_no_sample_has():
    soft = torch.tensor([[log(1 / 2), log(1 / 2)]], dtype=torch.float64)
    logits = torch.zeros(1, 4, dtype=torch.float64)
    # the network gives each of its four classes 1/4
    assert distillation(logits, soft, 1.0).item() == pytest.approx(log(2))


def test_the_loss_is_the_sum_of_its_parts():
    logits = torch.tensor([[0.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    soft = torch.tensor([[log(1 / 4), log(3 / 4)]] * 2, dtype=torch.float64)
    batch = Batch(None, torch.tensor([0, 1]), soft)
    settings = Training(
        spike_target=2.0, spike_cost=0.5, teacher=Teacher(weight=0.25, temperature=1.0, epochs=1)
    )
    divergence = 1 / 4 * log(1 / 2) + 3 / 4 * log(3 / 2)
    expected = 0.75 * log(2) + 0.25 * divergence + 0.5 * 0.25
    assert objective(logits, [HIDDEN, LAST], batch, settings).item() == pytest.approx(expected)
    plain = objective(logits, [HIDDEN, LAST], batch._replace(soft=None), Training())
    assert plain.item() == pytest.approx(log(2))
