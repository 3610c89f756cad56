"""What a layer's memory leaves out, worked out by hand, and when it does so by itself."""

import numpy as np
import pytest

from spiker import IF, LI, Layer
from spiker.hardware import Hardware
from spiker.sparsity import sparsity

# five neurons, two at a time: blocks of neurons 0 and 1, 2 and 3, and 4
BLOCKS = Layer(5, LI(), weight=[[1, 0, 0, 2, 3], [0] * 5, [0, 0, 4, 0, 0], [0, 5, 0, 0, 0], [0, 0, 1, 0, 1]])


def found(layer, **choices):
    return sparsity(layer, Hardware(**choices).of_layer(0, layer.size))


def test_a_row_is_kept_whole_or_not_at_all():
    rows = found(BLOCKS, parallelism=2, sparse="rows")
    assert rows.kept.tolist() == [[row != 1] * 3 for row in range(5)]
    assert rows.words == 12
    assert rows.starts.tolist() == [0, 3, 3, 6, 9]
    # a row that isn't there takes the cycle in which its event comes
    assert rows.visits.tolist() == [3, 1, 3, 3, 3]


def test_blocks_are_kept_by_themselves():
    blocks = found(BLOCKS, parallelism=2, sparse="blocks")
    assert blocks.kept.astype(int).tolist() == [[1, 1, 1], [0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 1]]
    assert blocks.words == 7
    # one more where all are in the lower half, pass 0, or in the upper one, passes 1 and 2
    assert blocks.visits.tolist() == [3, 1, 2, 2, 3]


def test_where_all_neurons_are_parallel_a_row_is_a_block():
    blocks = found(BLOCKS, sparse="blocks")
    assert blocks.form == "rows"
    assert blocks.kept.astype(int).tolist() == [[1], [0], [1], [1], [1]]
    assert blocks.visits.tolist() == [1] * 5


def test_rows_of_own_spikes_can_be_left_out_and_rows_of_biases_cannot():
    layer = Layer(
        2, IF(), 4, 4, 4, weight=[[0, 0]], recurrent=[[0, 3], [0, 0]], bias=[0, 3]
    )  # biases of their own, one row of 4-bit weights
    rows = found(layer, parallelism=1, sparse="rows")
    assert rows.kept.astype(int).tolist() == [[0, 0], [1, 1], [0, 0], [1, 1]]
    assert rows.visits.tolist() == [1, 2, 1]


def test_a_memory_of_nothing_has_a_word():
    nothing = found(Layer(2, LI(), weight=[[0, 0]]), sparse="rows")
    assert nothing.words == 1
    assert not nothing.kept.any()


def pruned(rows, blocks=1):
    """784 inputs to 128 neurons; the first `rows` have weights, to the first of so many blocks of neurons."""
    weight = np.zeros((784, 128), np.int64)
    weight[:rows, : 128 // blocks] = 1
    return Layer(128, LI(), weight=weight)


@pytest.mark.parametrize(
    ("layer", "choices", "form"),
    [
        (pruned(784), {}, "dense"),
        (pruned(784), {"parallelism": 16}, "dense"),
        # 512 bits: 29 blocks of 1,024 x 18 down to 513 rows; 15 of 512 x 36 for 512 rows
        (pruned(513), {}, "dense"),
        (pruned(512), {}, "rows"),
        # 64 bits, 8 words a row, 512 x 36: 2 blocks for every 512 words; a block less is worth a directory
        # of a quarter of its bits
        (pruned(500), {"parallelism": 16}, "rows"),
        (pruned(770), {"parallelism": 16}, "dense"),
        # one block of eight: the directory has eight bits a row, and saves 22 RAMB18 of 26
        (pruned(784, blocks=8), {"parallelism": 16}, "blocks"),
        (pruned(512), {"sparse": "never"}, "dense"),
        (pruned(512), {"lanes": 2}, "dense"),
        (pruned(512), {"weights": "loadable"}, "dense"),
    ],
)
def test_by_itself_a_layer_leaves_out_what_saves_block_ram(layer, choices, form):
    assert found(layer, **choices).form == form


def test_a_layer_without_weights_leaves_nothing_out():
    assert found(Layer(3, LI())).form == "dense"
