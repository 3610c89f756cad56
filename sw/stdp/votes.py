"""Votes: what a neuron's spike says about the classes, from its responses to the training data.

The layer has learned without labels. Afterwards its neurons' spikes are counted on labelled samples, and
a readout of integer weights is made from these counts; one file's `VOTES` names the ways.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray, highest, lowest
from spiker.recipe_stdp import VotesName
from spiker.registry import Registry

Floats = npt.NDArray[np.float64]

RIDGE = 1e-3
"""Added to the mean square of every neuron's count: neurons that hardly ever fire get small votes."""

LARGEST_PARTS = (1.0, 0.995, 0.99, 0.98, 0.95)
"""Votes are scaled so that this part of them fits the width; the others saturate."""


def fit_votes(counts: IntArray, labels: IntArray, classes: int, bits: int, kind: VotesName) -> IntArray:
    """Integer votes of every neuron for every class.

    Parameters
    ----------
    counts : int64, shape (samples, size)
        Spikes of each neuron for each sample.
    labels : int64, shape (samples,)
    classes : int
    bits : int
        Width of a vote.
    kind : {"least_squares", "shares", "labels"}

    Returns
    -------
    int64, shape (size, classes)
        Of several roundings that one which classifies most of these samples as labelled.
    """
    votes = VOTES[kind](counts.astype(np.float64), labels, classes)
    candidates = [_rounded(votes, bits, part) for part in LARGEST_PARTS]
    # the first of equal ones
    return max(candidates, key=lambda candidate: agreement(counts, candidate, labels))


def agreement(counts: IntArray, votes: npt.NDArray[Any], labels: IntArray) -> float:
    """Part of the samples whose class has most votes, the lowest of equal ones, 0 to 1."""
    if not len(labels):
        return float("nan")
    # floats hold these integers exactly, and multiply faster
    scores = counts.astype(np.float64) @ votes.astype(np.float64)
    return float(np.mean(scores.argmax(axis=1) == labels))


def class_rates(counts: npt.NDArray[Any], labels: IntArray, classes: int) -> Floats:
    """Mean spikes of every neuron for a sample of every class, shape (size, classes)."""
    of_class = np.eye(classes)[labels]
    rates: Floats = counts.T @ of_class / np.maximum(of_class.sum(axis=0), 1)
    return rates


def shares(counts: Floats, labels: IntArray, classes: int) -> Floats:
    """Of a neuron's mean spikes for the classes, each class's part."""
    rates = class_rates(counts, labels, classes)
    total = rates.sum(axis=1, keepdims=True)
    parts: Floats = np.divide(rates, total, out=np.zeros_like(rates), where=total > 0)
    return parts


def single_labels(counts: Floats, labels: IntArray, classes: int) -> Floats:
    """A neuron votes for the class that it answers most; a class's votes are the mean over its neurons.

    References
    ----------
    Diehl, Cook (2015), section 2.6.
    """
    rates = class_rates(counts, labels, classes)
    assigned = np.eye(classes)[rates.argmax(axis=1)] * (rates.max(axis=1, keepdims=True) > 0)
    return np.asarray(assigned / np.maximum(assigned.sum(axis=0), 1), np.float64)


def least_squares(counts: Floats, labels: IntArray, classes: int) -> Floats:
    """Votes whose sums come closest, by squared distance, to 1 for a sample's class and 0 for others."""
    size = counts.shape[1]
    products = counts.T @ counts / len(counts) + RIDGE * np.eye(size)
    answers = counts.T @ np.eye(classes)[labels] / len(counts)
    return np.asarray(np.linalg.solve(products, answers), np.float64)


def _rounded(votes: Floats, bits: int, part: float) -> IntArray:
    largest = float(np.quantile(np.abs(votes), part)) or 1.0
    scaled = np.round(votes * (highest(bits) / largest))
    return np.clip(scaled, lowest(bits), highest(bits)).astype(np.int64)


VOTES: Registry[Callable[[Floats, IntArray, int], Floats]] = Registry(
    "votes", {"least_squares": least_squares, "shares": shares, "labels": single_labels}
)
