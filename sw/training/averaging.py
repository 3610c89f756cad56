"""Averaged weights: a moving average of the latent parameters is what is exported."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


class Average:
    """Moving average of a model's parameters over the updates.

    The first updates weigh more than the decay says, (1 + n) / (10 + n) after n of them, so that the
    start is soon forgotten.

    Parameters
    ----------
    model : Module
    decay : float
        Part of the average that an update keeps, 0 to below 1; with 0 it's the parameters themselves.

    References
    ----------
    Polyak, Juditsky, "Acceleration of Stochastic Approximation by Averaging", SIAM Journal on Control and
    Optimization 30 (1992).
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.updates = decay, 0
        self._parameters = list(model.parameters())
        self._names = [name for name, _ in model.named_parameters()]
        self._averages = [parameter.detach().clone() for parameter in self._parameters]

    def update(self) -> None:
        """Take in the parameters after an update."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        self.updates += 1
        with torch.no_grad():
            for average, parameter in zip(self._averages, self._parameters, strict=True):
                average.lerp_(parameter, 1 - decay)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The model has the averages for its parameters; afterwards its own again."""
        own = [parameter.detach().clone() for parameter in self._parameters]
        self._set(self._averages)
        try:
            yield
        finally:
            self._set(own)

    def keep(self) -> None:
        """The model has the averages for its parameters from now on."""
        self._set(self._averages)

    def state(self) -> State:
        """What a checkpoint keeps: the averages by the parameters' names, and the number of updates."""
        return {
            **dict(zip(self._names, self._averages, strict=True)),
            "updates": torch.tensor(self.updates),
        }

    def load(self, state: State) -> None:
        """Go on from a state."""
        self.updates = int(state["updates"])
        for name, average in zip(self._names, self._averages, strict=True):
            average.copy_(state[name])

    def _set(self, values: list[Tensor]) -> None:
        with torch.no_grad():
            for parameter, value in zip(self._parameters, values, strict=True):
                parameter.copy_(value)
