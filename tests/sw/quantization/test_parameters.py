"""Real parameters: those of a file, or the integers."""

import numpy as np
import pytest

from spiker import LI, LIF, Layer, Network
from spiker.errors import FormatError
from sw.quantization.parameters import latent_values, real_parameters
from sw.quantization.rounding import integer_layer
from sw.quantization.widths import LayerWidths

NETWORK = Network(
    2,
    4,
    [
        Layer(2, LIF(threshold=5), bias_bits=4, weight=[[1, -2], [3, 0]], bias=2),
        Layer(1, LI(), weight=[[7], [-8]]),
    ],
)


def real(**values):
    kept = {name.replace("__", "."): value for name, value in values.items()}
    return real_parameters(NETWORK, {"float_parameters": kept}, "net.h5")


def test_integers_stand_in_for_what_is_not_kept():
    first, last = real(layer000__weight=np.array([[1.2, -2.4], [2.6, 0.3]], np.float32))
    np.testing.assert_allclose(first.weight, [[1.2, -2.4], [2.6, 0.3]], rtol=1e-6)
    np.testing.assert_array_equal(first.bias, [2, 2])
    np.testing.assert_array_equal(first.threshold, [5, 5])
    np.testing.assert_array_equal(last.weight, [[7], [-8]])
    assert last.bias is last.threshold is last.recurrent is None
    assert sorted(latent_values((first, last))) == ["layer000.bias", "layer000.weight", "layer001.weight"]


def test_what_was_cut_may_lie_outside():
    _, last = real(layer001__weight=np.array([[9.5], [-8.0]]))
    assert last.weight[0, 0] == 9.5


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("layer000__weight", np.zeros((2, 3)), r"layer000\.weight isn't \(2, 2\) finite numbers"),
        ("layer000__weight", np.full((2, 2), np.nan), "finite numbers"),
        ("layer000__bias", "2", "finite numbers"),
        (
            "layer001__weight",
            np.array([[6.4], [-8.0]]),
            "doesn't round to the network's weight; remove /training",
        ),
        ("layer000__threshold", np.array(5.6), "doesn't round to the network's threshold"),
    ],
)
def test_what_does_not_belong_to_the_network_is_refused(name, value, message):
    with pytest.raises(FormatError, match=f"net.h5: /training/float_parameters/.*{message}"):
        real(**{name: value})


def test_float_parameters_are_a_group():
    with pytest.raises(FormatError, match=r"net\.h5: /training/float_parameters is no group"):
        real_parameters(NETWORK, {"float_parameters": 3}, "net.h5")


def test_lateral_inhibition_keeps_the_width_that_it_needs():
    layer = Layer(
        3,
        LIF(threshold=5),
        recurrent_bits=8,
        weight=[[6, -2, 1]],
        recurrent=-100 * (1 - np.eye(3, dtype=int)),
    )
    (real,) = real_parameters(Network(1, 4, [layer], "counts"), {}, "net.h5")
    found = integer_layer(layer, real, 2, LayerWidths(3, (("state_bits", 9),)))
    np.testing.assert_array_equal(found.weight, [[3, -1, 0]])
    np.testing.assert_array_equal(found.recurrent, -50 * (1 - np.eye(3)))
    assert (found.weight_bits, found.recurrent_bits) == (3, 7)
    assert LayerWidths.of(found).weight_bits == 3
    assert real.density == 1.0  # of the stored weights


def test_everything_is_rounded_in_one_step():
    first, _ = real(layer000__weight=np.array([[1.2, -2.4], [2.6, 0.3]]), layer000__bias=np.array([2.4, 1.6]))
    layer = integer_layer(NETWORK.layers[0], first, 0.5, LayerWidths(3, (("state_bits", 9),)))
    # 2.4, -4.8, 5.2 and 0.6 in three bits; 4.8 and 3.2; 10
    np.testing.assert_array_equal(layer.weight, [[2, -4], [3, 1]])
    np.testing.assert_array_equal(layer.bias, [5, 3])
    assert (layer.weight_bits, layer.bias_bits, layer.neuron) == (3, 4, LIF(9, 10))
