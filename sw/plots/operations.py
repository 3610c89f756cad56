"""What a sample costs in each layer."""

from collections.abc import Sequence

import numpy as np

from sw.analysis.operations import Operations
from sw.plots.bars import height, name_rows, write_at_end
from sw.plots.picture import Picture

KINDS = {
    "additions": "weights added",
    "dense_additions": "the same if every input spiked",
    "updates": "neurons updated",
    "weight_rows": "weight rows read",
}
"""What is drawn, and its name there."""


def draw_operations(operations: Sequence[Operations]) -> Picture:
    """Draw additions, updates and reads of a sample, means, on a logarithmic scale; bars for each layer.

    Parameters
    ----------
    operations : sequence of Operations

    Returns
    -------
    Picture
        Its data: `name`, and by kind of operation its means.
    """
    names = [each.name for each in operations]
    means = {kind: np.array([each.means()[kind] for each in operations]) for kind in KINDS}
    picture = Picture(6, height(2 * len(names)) + 0.5, {"name": names, **means})
    axes = picture.subplots()
    thickness = 0.8 / len(KINDS)
    for place, (kind, label) in enumerate(KINDS.items()):
        rows = np.arange(len(names)) + (place - (len(KINDS) - 1) / 2) * thickness
        axes.barh(rows, means[kind], thickness, color=f"C{place}", alpha=0.7, label=label)
        for row, value in zip(rows, means[kind], strict=True):
            write_at_end(axes, float(row), max(float(value), 1), f"{value:,.0f}")
    axes.set_xscale("log")
    axes.set_xlim(1, 20 * max(2.0, *(float(values.max()) for values in means.values())))
    name_rows(axes, names, x="of a sample, mean")
    picture.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return picture
