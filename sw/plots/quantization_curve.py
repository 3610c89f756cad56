"""Accuracy against memory: what narrower weights and states cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from matplotlib.axes import Axes

from sw.plots.picture import Picture

KIBIBYTE = 1024
ROOM = 0.045
"""Between labels, as a part of the axes."""


class Point(Protocol):
    """A network that was looked at, such as `sw.quantization.Point`."""

    @property
    def memory_bits(self) -> float:
        """Of weights, biases and states."""

    @property
    def accuracy(self) -> float:
        """On the samples that decided, 0 to 1."""

    @property
    def fine_tuned(self) -> bool:
        """Whether it was trained at its widths."""

    @property
    def weight_bits(self) -> tuple[int, ...]:
        """Of each layer."""


def draw_quantization_curve(
    points: Sequence[Point], *, reference: float | None = None, floor: float | None = None
) -> Picture:
    """Draw the networks that a quantization looked at.

    Parameters
    ----------
    points : sequence of Point
        In the order in which they were looked at; the last one is the network that came out.
    reference : float, optional
        Accuracy of the network before, 0 to 1.
    floor : float, optional
        Lowest accuracy that was allowed.

    Returns
    -------
    Picture
    """
    picture = Picture(7, 4)
    axes = picture.subplots()
    for value, style, label in ((reference, "-", "the network before"), (floor, "--", "lowest allowed")):
        if value is not None:
            axes.axhline(100 * value, color="C7", linewidth=0.8, linestyle=style, label=label)
    for color, label, is_tuned in (("C0", "rounded", False), ("C1", "trained at these widths", True)):
        chosen = [point for point in points if point.fine_tuned == is_tuned]
        if chosen:
            axes.plot(*_places(chosen), "o", color=color, markersize=5, alpha=0.8, label=label)
    axes.scatter(*_places(points[-1:]), s=120, facecolors="none", edgecolors="black", label="chosen")
    axes.margins(0.08)
    _label(axes, points)
    axes.set_xlabel("memory in KiB: weights, biases and states")
    axes.set_ylabel("accuracy in %, validation samples")
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False, fontsize=8)
    return picture


def save_quantization_curve(
    points: Sequence[Point], path: str | Path, *, reference: float | None = None, floor: float | None = None
) -> None:
    """Draw it and write it, as `Picture.save` does."""
    draw_quantization_curve(points, reference=reference, floor=floor).save(path)


def _places(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [point.memory_bits / 8 / KIBIBYTE for point in points], [100 * point.accuracy for point in points]


def _label(axes: Axes, points: Sequence[Point]) -> None:
    """The widths of the weights beside the points, where there is room: neighbours often crowd."""
    across, up = (values[1] - values[0] for values in (axes.get_xlim(), axes.get_ylim()))
    labelled: list[tuple[float, float]] = []
    # the last one is the network that came out: it's labelled whatever lies beside it
    for point, place, height in list(zip(points, *_places(points), strict=True))[::-1]:
        if all(abs(place - x) > ROOM * across or abs(height - y) > ROOM * up for x, y in labelled):
            labelled.append((place, height))
            text = ",".join(map(str, point.weight_bits))
            axes.annotate(text, (place, height), (7, 3), textcoords="offset points", fontsize=8)
