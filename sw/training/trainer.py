"""The training loop: phases of epochs, from a description to integer weights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import isfinite
from typing import Never

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from tqdm.auto import tqdm

from spiker.network import Network
from spiker.recipe_training import Teacher, Training
from sw.checkpoint_file import Checkpoints
from sw.curve import columns
from sw.data.split import Split
from sw.training.arithmetic import Arithmetic, Integers, Reals
from sw.training.averaging import Average, State
from sw.training.batches import Batches
from sw.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from sw.training.curve import Epoch, is_best, stalled
from sw.training.device import training_device
from sw.training.evaluation import model_accuracy
from sw.training.metrics import Metrics
from sw.training.model import SpikingNetwork
from sw.training.objective import objective
from sw.training.optimizers import make_optimizer
from sw.training.schedules import SCHEDULES
from sw.training.setting_error import SettingError
from sw.training.surrogates import Surrogate
from sw.training.teacher import soft_labels, taught, taught_before


@dataclass(frozen=True)
class Phase:
    """Epochs with one arithmetic and one cycle of the learning rate."""

    arithmetic: Arithmetic
    epochs: int
    quantized: bool


class Trainer:
    """Trains a network.

    Parameters
    ----------
    network : Network
        Description; its encoder or its steps fit the samples.
    train, test : Split
    settings : Training
    seed : int
    checkpoints : Checkpoints, optional
        Without them an interrupted training is lost.
    metrics : sequence of Metrics
        Get the curve after every epoch.
    soft : Tensor, shape (samples, classes), optional
        Log probabilities of the samples to learn from, by a teacher that needn't learn any more.
    """

    def __init__(
        self,
        network: Network,
        train: Split,
        test: Split,
        settings: Training,
        seed: int,
        checkpoints: Checkpoints | None = None,
        metrics: Sequence[Metrics] = (),
        soft: Tensor | None = None,
    ) -> None:
        surrogate = Surrogate(settings.surrogate, settings.surrogate_slope)
        self.model = SpikingNetwork(
            network, surrogate=surrogate, learn=settings.learn, loss=settings.loss, seed=seed
        ).to(training_device())
        self.average = Average(self.model, settings.average)
        self.metrics = metrics
        self.settings, self.seed, self.checkpoints, self.test = settings, seed, checkpoints, test
        self.phases = (
            Phase(Reals(), settings.float_epochs, quantized=False),
            Phase(Integers(), settings.epochs, quantized=True),
        )
        kept_aside = settings.validation
        self.validation = train.last(kept_aside) if kept_aside else None
        learned = train.first(len(train) - kept_aside)
        self.batches = Batches(learned, network, settings, soft)
        self.best: State | None = None
        self.curve: list[Epoch] = []
        self.accuracy_float: float | None = None

    def run(self, *, progress: bool) -> Network:
        """Train to the end; the network with its integers."""
        epochs = sum(phase.epochs for phase in self.phases)
        with one_thread(), tqdm(total=epochs * len(self.batches), unit="batch", disable=not progress) as bar:
            resumed = self._resumed()
            if self.settings.teacher is not None and self.batches.soft is None:
                bar.set_description("a teacher learns")
                self.batches = self._with_teacher(self.settings.teacher, resumed)
                bar.set_description("")
            bar.update(len(self.curve) * len(self.batches))
            done = 0
            for phase in self.phases:
                self._run_phase(phase, len(self.curve) - done, resumed, bar)
                done += phase.epochs
            self._tell()  # where nothing was left to be done, for the first time
            self.average.keep()
            if self.best is not None:
                self.model.load_state_dict(self.best)
            return self.model.export()

    @property
    def epochs(self) -> int:
        """Epochs with integers so far."""
        return sum(epoch.quantized for epoch in self.curve)

    def _resumed(self) -> Checkpoint | None:
        saved = self.checkpoints
        if saved is None or not saved.resume or not saved.path.exists():
            return None
        checkpoint = load_checkpoint(saved.path, saved.identity)
        self.model.load_state_dict(checkpoint.model)
        self.average.load(checkpoint.average)
        self.best = checkpoint.best
        self.curve, self.accuracy_float = list(checkpoint.curve), checkpoint.accuracy_float
        return checkpoint

    def _with_teacher(self, teacher: Teacher, resumed: Checkpoint | None) -> Batches:
        split, network = self.batches.split, self.model.network
        if resumed is not None:
            state = resumed.teacher
            known = None if state is None else taught_before(split, network, teacher, state)
            return replace(self.batches, soft=resumed.soft, teacher=known)
        if teacher.views:
            soft = soft_labels(split, network, self.settings, teacher, self.seed)
            return replace(self.batches, soft=soft)
        return replace(self.batches, teacher=taught(split, network, self.settings, teacher, self.seed))

    def _run_phase(self, phase: Phase, done: int, resumed: Checkpoint | None, bar: "tqdm[Never]") -> None:
        """Train a phase of which `done` epochs are done."""
        if done >= phase.epochs:
            return
        self.model.confine(phase.arithmetic)
        optimizer = self._optimizer()
        if done and resumed is not None:
            optimizer.load_state_dict(resumed.optimizer)
        else:
            self.average = Average(self.model, self.settings.average)
        for epoch in range(done, phase.epochs):
            if phase.quantized and stalled(self.curve, self.settings.patience):
                break
            loss, right = self._run_epoch(phase, epoch, optimizer, bar)
            with self.average.applied():
                self.curve.append(Epoch(phase.quantized, loss, right, self._validation_accuracy(phase)))
                if self.settings.best and is_best(self.curve):
                    self.best = {name: value.clone() for name, value in self.model.state_dict().items()}
                if epoch == phase.epochs - 1 and not phase.quantized:
                    self.accuracy_float = model_accuracy(self.model, self.test, phase.arithmetic)
            bar.set_postfix(loss=f"{loss:.4f}", accuracy=f"{right:.4f}")
            self._save(optimizer)
            self._tell()

    def _tell(self) -> None:
        for take in self.metrics:
            take(columns(self.curve, Epoch))

    def _run_epoch(
        self, phase: Phase, epoch: int, optimizer: torch.optim.Optimizer, bar: "tqdm[Never]"
    ) -> tuple[float, float]:
        losses, right = 0.0, 0
        # never the stream of the weights: numpy takes a seed for one that zeros follow
        stream = (self.seed, 1 + phase.quantized, epoch)
        for number, made in enumerate(self.batches.epoch(stream)):
            batch = made.to(self.model.device)
            self._set_rate(optimizer, (epoch + number / len(self.batches)) / phase.epochs)
            outputs = self.model(batch.events, phase.arithmetic, batch.heard)
            loss = objective(self.model.logits(outputs[-1]), outputs, batch, self.settings)
            optimizer.zero_grad()
            loss.backward()
            if self.settings.gradient_norm is not None:
                clip_grad_norm_(self.model.parameters(), self.settings.gradient_norm)
            optimizer.step()
            self.model.confine(phase.arithmetic)
            self.average.update()
            losses += loss.item() * len(batch.labels)
            right += int((self.model.decide(outputs[-1]) == batch.labels).sum())
            bar.update()
        # the last update has no loss after it
        if not isfinite(losses) or not all(bool(found.isfinite().all()) for found in self.model.parameters()):
            what = "its weights are infinite" if isfinite(losses) else f"its loss is {losses}"
            raise SettingError(
                f"the training diverged: in epoch {len(self.curve) + 1} {what}; "
                f"training.rate = {self.settings.rate} may be too high"
            )
        samples = len(self.batches.split)
        return losses / samples, right / samples

    def _optimizer(self) -> torch.optim.Optimizer:
        by_unit: dict[float, list[Tensor]] = {1.0: [self.model.log_temperature]}
        for layer in self.model.layers:
            for name, parameter in layer.named_parameters():
                by_unit.setdefault(layer.unit(name), []).append(parameter)
        # few groups: an update has a fixed cost for each
        return make_optimizer(
            self.settings, [{"params": found, "unit": unit} for unit, found in by_unit.items()]
        )

    def _set_rate(self, optimizer: torch.optim.Optimizer, progress: float) -> None:
        rate = self.settings.rate * SCHEDULES[self.settings.schedule](progress, self.settings.warm_up)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["unit"]

    def _validation_accuracy(self, phase: Phase) -> float:
        if self.validation is None:
            return float("nan")
        return model_accuracy(self.model, self.validation, phase.arithmetic)

    def _save(self, optimizer: torch.optim.Optimizer) -> None:
        if self.checkpoints is None:
            return
        teacher = self.batches.teacher
        state = Checkpoint(
            self.model.state_dict(),
            self.average.state(),
            optimizer.state_dict(),
            self.best,
            self.curve,
            self.accuracy_float,
            self.batches.soft,
            None if teacher is None else teacher.state(),
        )
        save_checkpoint(self.checkpoints.path, state, self.checkpoints.identity)


@contextmanager
def one_thread() -> Iterator[None]:
    """One torch thread: results don't depend on the machine's number of cores.

    The other core makes the next batch meanwhile.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
