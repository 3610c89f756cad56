"""Which weights stay."""

import numpy as np
import pytest

from spiker.errors import ConfigError
from sw.quantization.parameters import Parameters
from sw.quantization.pruning import pruned
from sw.quantization.step_search import InputMoments

EVEN = InputMoments(np.eye(4))


def test_the_largest_weights_stay():
    parameters = Parameters(np.array([[1.0, -5.0], [3.0, 0.5], [-2.0, 4.0]]), bias=np.array([9.0, 9.0]))
    found = pruned(parameters, 0.5, EVEN)
    np.testing.assert_array_equal(found.weight, [[0, -5], [3, 0], [0, 4]])
    np.testing.assert_array_equal(found.bias, [9, 9])
    assert found.density == 0.5


def test_what_rarely_spikes_matters_less():
    parameters = Parameters(np.array([[4.0], [3.0], [1.0]]))
    moments = InputMoments(np.diag([0.01, 0.25, 1.0, 1.0]))  # roots 0.1, 0.5, 1: 0.4, 1.5, 1
    np.testing.assert_array_equal(pruned(parameters, 0.3, moments).weight, [[0], [3], [0]])


def test_rows_go_as_a_whole():
    weight = np.array([[5.0, 0.0], [3.0, 4.5], [1.0, 1.0]])  # lengths 5, 5.4, 1.4
    np.testing.assert_array_equal(
        pruned(Parameters(weight), 0.3, EVEN, "rows").weight, [[0, 0], [3, 4.5], [0, 0]]
    )


def test_recurrent_weights_are_weighed_with_the_others():
    parameters = Parameters(np.array([[1.0], [4.0]]), recurrent=np.array([[3.0]]))
    found = pruned(parameters, 0.5, EVEN)
    np.testing.assert_array_equal(found.weight, [[0], [4]])
    np.testing.assert_array_equal(found.recurrent, [[3]])


def test_lateral_inhibition_stays():
    inhibition = np.array([[0.0, -1.0], [-1.0, 0.0]])
    found = pruned(Parameters(np.array([[2.0, 3.0], [4.0, 5.0]]), recurrent=inhibition), 0.5, EVEN, "rows")
    np.testing.assert_array_equal(found.weight, [[0, 0], [4, 5]])
    np.testing.assert_array_equal(found.recurrent, inhibition)


@pytest.mark.parametrize("density", [0.0, -0.1, 1.1, float("nan")])
def test_a_density_is_a_part(density):
    with pytest.raises(ConfigError, match=r"density = .*; allowed: above 0, up to 1"):
        pruned(Parameters(np.ones((3, 1))), density, EVEN)
