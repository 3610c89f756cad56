"""The learning rate's one cycle: up, then down to nothing."""

from math import cos, pi


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
