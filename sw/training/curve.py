"""How loss and accuracy went, epoch by epoch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Epoch:
    """An epoch's figures.

    Attributes
    ----------
    quantized : bool
        Whether it was trained with integers.
    loss, accuracy : float
        Means over the training samples as they were learned: augmented, with spikes left out.
    validation_accuracy : float
        After the epoch, on the samples kept aside; not a number where there are none.
    """

    quantized: bool
    loss: float
    accuracy: float
    validation_accuracy: float


def is_best(curve: list[Epoch]) -> bool:
    """Whether the last epoch is the first with the highest validation accuracy, of those with integers."""
    integers = [epoch.validation_accuracy for epoch in curve if epoch.quantized]
    return curve[-1].quantized and integers[-1] > max(integers[:-1], default=-1.0)


def stalled(curve: list[Epoch], patience: int) -> bool:
    """Whether so many epochs with integers went by without a higher validation accuracy; never for 0."""
    integers = [epoch.validation_accuracy for epoch in curve if epoch.quantized]
    return 0 < patience < len(integers) - integers.index(max(integers)) if integers else False
