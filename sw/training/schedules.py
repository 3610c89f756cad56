"""How the learning rate goes over a training: up in the warm-up, then down to nothing, or not."""

from collections.abc import Callable
from math import cos, pi

from spiker.registry import Registry

Schedule = Callable[[float, float], float]
"""From the part of the training that is done, and the part that is warm-up, to a part of the highest rate."""


def one_cycle(progress: float, warm_up: float) -> float:
    """Part of the highest rate.

    Parameters
    ----------
    progress : float
        Part of the training that is done, 0 to 1.
    warm_up : float
        Part of the training in which the rate rises; both ways are half a cosine.

    References
    ----------
    Smith, Topin, "Super-Convergence", arXiv 1708.07120, section 3.
    """
    if progress < warm_up:
        return (1 - cos(pi * progress / warm_up)) / 2
    return (1 + cos(pi * (progress - warm_up) / (1 - warm_up))) / 2


def linear(progress: float, warm_up: float) -> float:
    """Part of the highest rate: straight up and straight down."""
    if progress < warm_up:
        return progress / warm_up
    return (1 - progress) / (1 - warm_up)


def constant(progress: float, warm_up: float) -> float:
    """Part of the highest rate: straight up, and there it stays."""
    return progress / warm_up if progress < warm_up else 1.0


SCHEDULES: Registry[Schedule] = Registry(
    "schedule", {"one_cycle": one_cycle, "linear": linear, "constant": constant}
)
