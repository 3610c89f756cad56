"""How often states saturate."""

from collections.abc import Sequence

import numpy as np

from sw.analysis.saturation import Saturation
from sw.plots.bars import height, name_rows, write_at_end
from sw.plots.picture import Picture


def draw_saturations(saturations: Sequence[Saturation]) -> Picture:
    """Draw the part of all sums that lay below or above the range of their state, a bar a state.

    Parameters
    ----------
    saturations : sequence of Saturation

    Returns
    -------
    Picture
        Its data: `name`, `low` and `high` of each, sums that were cut off.
    """
    names = [each.name for each in saturations]
    low = np.array([100 * each.low_part for each in saturations])
    high = np.array([100 * each.high_part for each in saturations])
    data = {
        "name": names,
        "low": np.array([int(each.low.sum()) for each in saturations]),
        "high": np.array([int(each.high.sum()) for each in saturations]),
    }
    picture = Picture(4.8, height(len(names)), data)
    axes = picture.subplots()
    rows = range(len(names))
    axes.barh(rows, low, color="C0", alpha=0.7, label="below the range")
    axes.barh(rows, high, left=low, color="C3", alpha=0.7, label="above")
    for row, part in enumerate(low + high):
        write_at_end(axes, row, part, f"{part:.2f} %")
    axes.set_xlim(0, max(float((low + high).max()), 0.1) * 1.3)
    name_rows(axes, names, x="sums that were cut off in %")
    picture.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return picture
