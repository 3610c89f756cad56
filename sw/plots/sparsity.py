"""How seldom the neurons of each layer spike."""

from collections.abc import Sequence

import numpy as np

from sw.analysis.activity import Activity
from sw.plots.bars import height, name_rows, write_at_end
from sw.plots.picture import Picture


def draw_sparsity(activities: Sequence[Activity]) -> Picture:
    """Draw the part of neurons and steps without a spike, a bar for the inputs and each layer.

    Parameters
    ----------
    activities : sequence of Activity

    Returns
    -------
    Picture
        Its data: `name` and `sparsity` (0 to 1) of each.
    """
    names = [each.name for each in activities]
    sparsity = np.array([each.sparsity for each in activities])
    picture = Picture(4.8, height(len(names)), {"name": names, "sparsity": sparsity})
    axes = picture.subplots()
    axes.barh(
        range(len(names)), 100 * sparsity, color=[f"C{number}" for number in range(len(names))], alpha=0.7
    )
    for row, part in enumerate(sparsity):
        write_at_end(axes, row, 100 * part, f"{100 * part:.1f} %")
    axes.set_xlim(0, 120)
    axes.set_xticks(range(0, 101, 25))
    name_rows(axes, names, x="neurons and steps without a spike in %")
    return picture
