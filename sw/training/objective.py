"""What a training minimizes: wrong answers, differences from a teacher, and spikes beyond a target."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from spiker.recipe_training import Training
from sw.training.batches import Batch
from sw.training.model import LayerOutput


def objective(logits: Tensor, outputs: Sequence[LayerOutput], batch: Batch, settings: Training) -> Tensor:
    """The loss of a batch.

    Parameters
    ----------
    logits : Tensor, shape (samples, classes)
    outputs : sequence of LayerOutput
        Of all layers.
    batch : Batch
    settings : Training

    Returns
    -------
    Tensor, shape ()
    """
    loss = cross_entropy(logits, batch.labels)
    if batch.soft is not None and settings.teacher is not None:
        part = settings.teacher.weight
        loss = (1 - part) * loss + part * distillation(logits, batch.soft, settings.teacher.temperature)
    if settings.spike_target is not None:
        loss = loss + settings.spike_cost * excess_spikes(outputs, settings.spike_target)
    return loss


def distillation(logits: Tensor, soft: Tensor, temperature: float) -> Tensor:
    """How far the network's opinion is from the teacher's, both softened.

    Parameters
    ----------
    logits, soft : Tensor, shape (samples, classes)
        The teacher's are log probabilities; the network may have more classes, that no sample has.
    temperature : float
        What both are divided by.

    References
    ----------
    Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2: the
    temperature's square keeps the gradient's size.
    """
    own = log_softmax(logits / temperature, 1)[:, : soft.shape[1]]
    teachers = log_softmax(soft.to(own.dtype) / temperature, 1)
    return kl_div(own, teachers, reduction="batchmean", log_target=True) * temperature**2


def excess_spikes(outputs: Sequence[LayerOutput], target: float) -> Tensor:
    """How far the hidden layers' spikes lie above the target, as part of the target.

    Parameters
    ----------
    outputs : sequence of LayerOutput
        Of all layers; the last one's spikes, if it has any, are the answer and cost nothing.
    target : float
        Spikes a sample, of all hidden layers together, in the mean over the batch.

    Returns
    -------
    Tensor, shape ()
        0 at the target and below.
    """
    samples = outputs[-1].spikes.shape[1]
    spikes = outputs[-1].spikes.new_zeros(())
    for output in outputs[:-1]:
        spikes = spikes + output.spikes.sum() / samples
    return torch.relu(spikes / target - 1)
