"""The course of a training: parts of the data, progress, checkpoints, then the votes."""

from dataclasses import replace
from typing import Never

import numpy as np
import numpy.typing as npt
from tqdm.auto import tqdm

from spiker.fixed_point import IntArray
from spiker.network import Network
from spiker.recipe_stdp import Competition, DiehlCook
from sw.checkpoint_file import Checkpoints
from sw.data.split import Split
from sw.stdp.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from sw.stdp.progress import Part
from sw.stdp.responses import responses
from sw.stdp.rules import RULES
from sw.stdp.votes import agreement, class_rates, fit_votes


class Learner:
    """Has the first layer of a network learn, then finds its votes.

    Parameters
    ----------
    network : Network
        That `sw.stdp.shape.check` accepts.
    samples : Split
    maximum : int
        Largest value of the data.
    settings : Competition or DiehlCook
    seed : int
    checkpoints : Checkpoints, optional
        Without them an interrupted training is lost.
    """

    def __init__(
        self,
        network: Network,
        samples: Split,
        maximum: int,
        settings: Competition | DiehlCook,
        seed: int,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self.network, self.settings, self.seed, self.checkpoints = network, settings, seed, checkpoints
        kept_aside = settings.validation
        self.validation = samples.last(kept_aside) if kept_aside else None
        self.samples = samples.first(len(samples) - kept_aside)
        self.rule = RULES[settings.rule](network, settings, maximum, seed)
        self.rates: npt.NDArray[np.float64] = np.zeros((0, 0))
        self.curve: list[Part] = []

    def run(self, *, progress: bool) -> Network:
        """Learn to the end; the network with its integers."""
        self._resume()
        total = self.settings.passes * len(self.samples)
        with tqdm(total=total + len(self.samples), unit="sample", disable=not progress) as bar:
            done = self.curve[-1].samples if self.curve else 0
            bar.update(done)
            while done < total:
                part = self._part(done)
                self._learn(part, done, total)
                done += len(part)
                bar.update(len(part))
                bar.set_postfix(
                    accuracy=f"{self.curve[-1].accuracy:.4f}", spikes=f"{self.curve[-1].spikes:.1f}"
                )
            return self._with_votes(bar)

    def _resume(self) -> None:
        saved = self.checkpoints
        if saved is None or not saved.resume or not saved.path.exists():
            return
        checkpoint = load_checkpoint(saved.path, saved.identity)
        self.rule.load(checkpoint.state)
        self.rates, self.curve = checkpoint.rates, checkpoint.curve

    def _part(self, done: int) -> Split:
        """The samples that come next: every pass in an order of its own, no part goes over its end."""
        number, first = divmod(done, len(self.samples))
        order = np.random.default_rng((self.seed, 1, number)).permutation(len(self.samples))
        return self.samples.take(order[first : first + self.settings.part])

    def _learn(self, part: Split, done: int, total: int) -> None:
        counts = self.rule.learn(part, done, total, self.seed)
        right = agreement(counts, self._shares(), part.labels) if self.curve else float("nan")
        self.rates = class_rates(counts, part.labels, self.network.classes)
        self.curve.append(
            Part(
                samples=done + len(part),
                spikes=float(counts.sum(axis=1).mean()),
                silent=float(np.mean(counts.sum(axis=1) == 0)),
                threshold=float(self.rule.thresholds().mean()),
                used=float(np.mean(counts.sum(axis=0) > 0)),
                accuracy=right,
            )
        )
        saved = self.checkpoints
        if saved is not None:
            state = Checkpoint(dict(self.rule.state()), self.rates, self.curve)
            save_checkpoint(saved.path, state, saved.identity)

    def _shares(self) -> npt.NDArray[np.float64]:
        """Of each neuron's mean spikes for the classes in the part before, each class's part."""
        shares: npt.NDArray[np.float64] = self.rates / np.maximum(self.rates.sum(axis=1, keepdims=True), 1e-9)
        return shares

    def _with_votes(self, bar: "tqdm[Never]") -> Network:
        layer, last = self.rule.layer(self.samples), self.network.layers[1]
        bar.set_description("votes")
        silent: IntArray = np.zeros((layer.size, last.size), np.int64)
        network = self.network.with_layers([layer, replace(last, weight=silent)])
        counts = responses(network, self.samples, bar)
        votes = fit_votes(counts, self.samples.labels, last.size, last.weight_bits, self.settings.votes)
        return network.with_layers([layer, replace(last, weight=votes)])
