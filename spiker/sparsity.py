"""Rows and blocks of weights that are all zero: they are neither kept in the memory nor visited.

A *row* holds the weights from an input, or from one of the layer's own neurons, to all neurons. In a
folded layer it has a *block* for each pass, a word of the memory. What is left out is found by a
directory: it tells for every row which of its blocks there are, and where the first of them lies.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray, unsigned_width
from spiker.hardware import LayerHardware
from spiker.network import Layer
from spiker.schedule import bias_rows, feedback
from spiker.weight_rows import event_rows
from spiker.widths import stored_bits

GROUP = 16
"""Rows that share the upper part of their address in the directory."""

SMALL = 64
"""Rows up to which a bit of the directory is one LUT, so that addresses aren't shared."""

BIT_WORTH = 4
"""Bits of block RAM that a bit of the directory, which is made of LUTs, has to save."""

BLOCK_BITS = 18 * 1024
"""Bits of a RAMB18."""

SHAPES = {9: 36, 10: 18, 11: 9, 12: 4, 13: 2, 14: 1}
"""Width of a RAMB18 by the width of its address."""

Places = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sparsity:
    """What a layer's weight memory leaves out.

    Attributes
    ----------
    form : str
        "dense": nothing; "rows"; "blocks".
    kept : bool, shape (rows, passes)
        Words that the memory holds, of all rows.
    visits : int64, shape (rows,)
        Cycles of an event, by its row: one that adds an input's weights, or one of the layer's own.
    """

    form: str
    kept: Places
    visits: IntArray

    @property
    def words(self) -> int:
        """Words that are kept; one at least, as a memory has one."""
        return max(1, int(np.count_nonzero(self.kept)))

    @property
    def left_out(self) -> int:
        """Words that aren't kept."""
        return int(self.kept.size - np.count_nonzero(self.kept))

    @property
    def starts(self) -> IntArray:
        """Address of the first word of each row, shape (rows,)."""
        lengths = self.kept.sum(axis=1)
        return np.asarray(np.cumsum(lengths) - lengths, np.int64)

    @property
    def directory_bits(self) -> int:
        """Bits of the directory, 0 without one."""
        if self.form == "dense":
            return 0
        rows, passes = len(self.kept), int(self.kept.shape[1])
        of_row = passes if self.form == "blocks" else 1
        bits = unsigned_width(self.words - 1)
        if rows <= SMALL:
            return rows * (of_row + bits)
        return rows * (of_row + unsigned_width(GROUP * passes - 1)) + -(-rows // GROUP) * bits


def sparsity(layer: Layer, choices: LayerHardware) -> Sparsity:
    """What the memory of a layer leaves out, as its choices say, or by the rule below where they don't.

    By itself the form is taken that saves most block RAM, where every bit of the directory counts as
    `BIT_WORTH` bits of it, and none where nothing is saved. It never takes more cycles: a row that
    isn't there takes one, as an event comes in one, and any other at most its passes.
    """
    forms = allowed_forms(layer, choices)
    if len(forms) == 1:
        return _form(forms[0], layer, choices)
    found = [_form(form, layer, choices) for form in forms]
    bits = stored_bits(layer) if feedback(layer, choices).rows != "none" else layer.weight_bits
    return min(found, key=lambda one: _cost(one, choices.parallelism * bits))


def allowed_forms(layer: Layer, choices: LayerHardware) -> tuple[str, ...]:
    """Forms among which there is a choice, plainest first."""
    if choices.sparse != "auto":
        form = {"never": "dense"}.get(choices.sparse, choices.sparse)
        return ("rows" if form == "blocks" and choices.passes == 1 else form,)
    if layer.weight is None or choices.weights == "loadable" or choices.lanes == 2:
        return ("dense",)
    return ("dense", "rows") if choices.passes == 1 else ("dense", "rows", "blocks")


def _form(form: str, layer: Layer, choices: LayerHardware) -> Sparsity:
    passes = choices.passes
    inputs = 0 if layer.weight is None else len(layer.weights)
    if form == "dense":
        own = {"none": 0, "shared": 1, "own": layer.size}[feedback(layer, choices).rows]
        rows = inputs + own
        kept = np.ones((rows + bias_rows(layer, choices), passes), np.bool_)
        return Sparsity(form, kept, np.full(rows, passes))
    weights = event_rows(layer, choices)
    padded = np.zeros((len(weights), passes * choices.parallelism), np.bool_)
    padded[:, : layer.size] = weights != 0
    filled = np.asarray(padded.reshape(len(weights), passes, choices.parallelism).any(axis=2))
    if form == "rows":
        filled[:] = np.asarray(filled.any(axis=1))[:, None]
    visits = np.maximum(1, np.asarray(extended(filled).sum(axis=1), np.int64))
    kept = np.concatenate([filled, np.ones((bias_rows(layer, choices), passes), np.bool_)])
    return Sparsity(form, kept, visits)


def extended(filled: Places) -> Places:
    """Passes that are visited: those of the blocks, and one more in a half of the passes without any.

    Otherwise a neuron's state might be read for an event in the cycle in which it's written for the one
    before, which ended with the same pass. Now an event begins in the lower half and ends in the upper one.
    """
    passes = filled.shape[1]
    visited = filled.copy()
    if passes > 1:
        half = passes // 2
        lower, upper = (np.asarray(part.any(axis=1)) for part in (filled[:, :half], filled[:, half:]))
        visited[:, 0] |= upper & ~lower
        visited[:, -1] |= lower & ~upper
    return visited


def _cost(found: Sparsity, row_bits: int) -> int:
    """Bits of block RAM that memory and directory take, or that they are worth."""
    return _memory_bits(found.words, row_bits) + BIT_WORTH * found.directory_bits


def _memory_bits(words: int, row_bits: int) -> int:
    """Bits of the block RAMs of a memory in the best of their shapes; its own bits where they fit in one."""
    own = words * row_bits
    if own <= BLOCK_BITS:
        return own
    blocks = min(-(-words >> address) * -(-row_bits // width) for address, width in SHAPES.items())
    return BLOCK_BITS * blocks
