"""Optimizers: torch's, by their names."""

from inspect import signature
from typing import Any

import torch
from torch.optim import Optimizer

from spiker.recipe_training import Training
from sw.training.setting_error import SettingError

UNSUITED = frozenset({"Optimizer", "LBFGS", "SparseAdam", "Muon"})
"""They need the loss as a function, sparse gradients, or matrices alone: a network has biases too."""
FUSED_ON_CPUS_ALONE = frozenset({"Adagrad"})
"""What PyTorch has no fused form of for GPUs."""


def optimizer_names() -> tuple[str, ...]:
    """Names of torch's optimizers that a training can take."""
    found = {name for name, value in vars(torch.optim).items() if _is_optimizer(value)}
    return tuple(sorted(found - UNSUITED))


def make_optimizer(settings: Training, groups: list[dict[str, Any]]) -> Optimizer:
    """The settings' optimizer for groups of parameters; the rate is set in every update.

    Raises
    ------
    SettingError
        torch has none of this name, or it refuses the options, or they name the rate.
    """
    name, options = settings.optimizer, dict(settings.optimizer_options)
    if name not in optimizer_names():
        raise SettingError(f"training.optimizer = {name!r}; known: {', '.join(optimizer_names())}")
    if "lr" in options:
        raise SettingError(
            f"training.optimizer_options: lr = {options['lr']!r}; the rate is training.rate, leave lr out"
        )
    made = getattr(torch.optim, name)
    is_on_cpu = groups[0]["params"][0].device.type == "cpu"
    if "fused" in signature(made).parameters and (is_on_cpu or name not in FUSED_ON_CPUS_ALONE):
        options.setdefault("fused", True)  # the same numbers, sooner
    try:
        optimizer: Optimizer = made(groups, lr=0.0, **options)
    except (TypeError, ValueError, RuntimeError) as error:
        raise SettingError(f"training.optimizer_options: {name} refuses them: {error}") from error
    return optimizer


def _is_optimizer(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Optimizer)
