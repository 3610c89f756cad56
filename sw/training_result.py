"""What a training gives, whatever learned."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from spiker.network import Network


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a training gave.

    Attributes
    ----------
    network : Network
        With integer weights.
    accuracy : float
        Of the golden model on the test samples, 0 to 1.
    accuracy_float : float or None
        On the same samples after the epochs with real numbers, where there were any.
    epochs : int
        With integers.
    seconds : float
        From start to end, this time.
    curve : dict of arrays
        An entry an epoch: `quantized`, `loss`, `accuracy`, `validation_accuracy`.
    record : dict
        What a network file keeps of the training: the same for the same training, however often
        it was interrupted.
    """

    network: Network
    accuracy: float
    accuracy_float: float | None
    epochs: int
    seconds: float
    curve: dict[str, np.ndarray]
    record: dict[str, Any]
