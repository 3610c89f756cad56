"""Readouts in training: what the loss sees, and which class is decided."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from spiker.network import Readout

Score = Callable[[Tensor, Tensor], Tensor]
"""Spikes and membranes of the last layer, (steps, samples, classes), to scores (samples, classes)."""


@dataclass(frozen=True)
class ReadoutTraining:
    """A readout's scores.

    Attributes
    ----------
    smooth : callable
        Scores with a gradient, for the cross entropy.
    decided : callable
        The contract's scores, whose highest is the class.
    temperature : float
        What `smooth` is multiplied with at first; the training learns it.
    in_steps : bool
        Whether `smooth` is in units of the last layer's weights.
    """

    smooth: Score
    decided: Score
    temperature: float
    in_steps: bool = False


def _final_membrane(spikes: Tensor, membrane: Tensor) -> Tensor:
    return membrane[-1]


def _spike_counts(spikes: Tensor, membrane: Tensor) -> Tensor:
    return spikes.sum(0)


def _weighted_spikes(spikes: Tensor, membrane: Tensor) -> Tensor:
    """Spikes, the earlier the heavier: a spike outweighs all later ones of another class."""
    steps = len(spikes)
    weight = 0.5 ** torch.arange(steps, dtype=spikes.dtype, device=spikes.device)
    return (spikes * weight[:, None, None]).sum(0)


def _first_spike(spikes: Tensor, membrane: Tensor) -> Tensor:
    steps = len(spikes)
    fires = spikes.amax(2)
    # argmax gives the first of equal values; where none fires, every score is 0 anyway
    decided = fires.argmax(0)
    fired = spikes[decided, torch.arange(spikes.shape[1], device=spikes.device)]
    return fired * (steps - decided)[:, None]


READOUT_TRAININGS: dict[Readout, ReadoutTraining] = {
    "membrane": ReadoutTraining(_final_membrane, _final_membrane, 0.1, in_steps=True),
    "counts": ReadoutTraining(_spike_counts, _spike_counts, 1.0),
    "first_spike": ReadoutTraining(_weighted_spikes, _first_spike, 4.0),
}
