"""What a quantization is asked for, checked in one place."""

import math
from dataclasses import dataclass

from spiker.design_rules import WEIGHT_BITS
from spiker.errors import ConfigError
from sw.quantization.pruning import UNITS, Unit

LARGEST_VALIDATION = 5000


@dataclass(frozen=True)
class Choices:
    """How a network is quantized.

    Parameters
    ----------
    weight_bits : tuple of int
        Widths of the layers' weights, one for all or one a layer; with `search` the narrowest and the
        widest that are tried.
    search : bool
        Find each layer's narrowest weights and states within the budget.
    max_drop : float
        The budget: how far the accuracy on the validation samples may fall below that of the network before,
        as part of one.
    density : float
        Part of the weights that stays, above 0, up to 1.
    prune : {"weights", "rows"}
        What is taken away: single weights, or all weights of an input.
    epochs : int
        Passes over the training data after rounding, with the steps learned; with `search` for each network
        that is tried so.
    validation : int or None
        Samples, the last of the training data, that widths are chosen by; None: as many as the network's
        training kept aside, else a sixth, at most 5000.
    calibration : int
        Of the other training samples, drawn at random: steps of the weights and ranges of the states are
        taken from them.

    Raises
    ------
    ConfigError
        A value is outside its range.
    """

    weight_bits: tuple[int, ...] = (2, 8)
    search: bool = True
    max_drop: float = 0.005
    density: float = 1.0
    prune: Unit = "weights"
    epochs: int = 0
    validation: int | None = None
    calibration: int = 1000

    def __post_init__(self) -> None:
        least, most = WEIGHT_BITS
        for bits in self.weight_bits:
            if not least <= bits <= most:
                raise ConfigError(f"weight bits = {bits}; allowed: {least} to {most}")
        if self.search and (len(self.weight_bits) != 2 or self.weight_bits[0] > self.weight_bits[1]):
            text = ", ".join(map(str, self.weight_bits))
            raise ConfigError(
                f"a search over weight bits {text}; allowed: a narrowest and a widest, such as 2-8"
            )
        if not (math.isfinite(self.max_drop) and 0 <= self.max_drop <= 1):
            raise ConfigError(f"max drop = {self.max_drop}; allowed: 0 to 1, as part of one")
        if not 0 < self.density <= 1:
            raise ConfigError(f"density = {self.density}; allowed: above 0, up to 1")
        if self.prune not in UNITS:
            raise ConfigError(f"prune = {self.prune!r}; allowed: {', '.join(UNITS)}")
        for name in ("epochs", "validation", "calibration"):
            value, lowest = getattr(self, name), 0 if name == "epochs" else 1
            if value is not None and value < lowest:
                raise ConfigError(f"{name} = {value}; allowed: {lowest} or more")

    def widths(self, layers: int) -> tuple[int, ...]:
        """One width of weights a layer, where they aren't searched for."""
        if len(self.weight_bits) not in (1, layers):
            text = ",".join(map(str, self.weight_bits))
            raise ConfigError(f"weight bits {text} for {layers} layers; allowed: one width, or {layers}")
        return self.weight_bits * layers if len(self.weight_bits) == 1 else self.weight_bits
