"""The best step of a layer's weights, against the sums of every single step."""

import numpy as np
import pytest

from spiker import IF, LI, Layer, Network, run
from sw.quantization.parameters import Parameters, integer_parameters
from sw.quantization.step_search import FACTORS, InputMoments, best_step, input_moments, layer_error

RANDOM = np.random.default_rng(3)
SPIKES = (RANDOM.random((20, 6, 9)) < 0.3).astype(np.uint8)
NETWORK = Network(
    9,
    6,
    [
        Layer(
            5,
            IF(threshold=4),
            weight_bits=5,
            recurrent_bits=3,
            bias_bits=4,
            weight=RANDOM.integers(-16, 16, (9, 5)),
            recurrent=RANDOM.integers(-4, 4, (5, 5)),
            bias=RANDOM.integers(-3, 4, 5),
        ),
        Layer(3, LI(), weight=RANDOM.integers(-8, 8, (5, 3))),
    ],
)
MOMENTS = input_moments(NETWORK, [SPIKES[:7], SPIKES[7:]])


def sum_by_sum(parameters, step, bits):
    """The mean square of the change of layer 0's sums, one sample and step after the other."""
    spikes = run(NETWORK, SPIKES).layers[0].spikes
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def made(values):
        return np.clip(np.rint(values / step), low, high) * step

    squares = []
    for sample in range(len(SPIKES)):
        for time in range(6):
            own = spikes[sample, time - 1] if time else np.zeros(5)
            change = SPIKES[sample, time] @ (made(parameters.weight) - parameters.weight)
            change = change + own @ (made(parameters.recurrent) - parameters.recurrent)
            change = change + np.rint(parameters.bias / step) * step - parameters.bias
            squares.append(change**2)
    threshold = (np.rint(parameters.threshold / step) * step - parameters.threshold) ** 2
    return np.mean(squares) + threshold.mean()


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("step", [0.7, 3.3])
def test_the_error_is_that_of_the_sums(bits, step):
    parameters = integer_parameters(NETWORK.layers[0])
    assert layer_error(parameters, step, bits, MOMENTS[0]) == pytest.approx(
        sum_by_sum(parameters, step, bits), rel=1e-5
    )


def test_the_best_step_has_the_smallest_error_of_all_that_are_tried():
    parameters = integer_parameters(NETWORK.layers[0])
    largest = np.abs(np.concatenate([parameters.weight, parameters.recurrent])).max()
    errors = [sum_by_sum(parameters, largest / 4 * factor, 3) for factor in FACTORS]
    assert best_step(parameters, 3, MOMENTS[0]) == pytest.approx(largest / 4 * FACTORS[np.argmin(errors)])


def test_an_outlier_is_cut_and_not_what_the_step_is_chosen_by():
    weight = np.tile([1.0, -1.0, 0.5], (9, 1))
    weight[0, 0] = 8.0
    quiet = SPIKES.copy()
    quiet[:, :, 0] = 0
    quiet[0, 0, 0] = 1
    network = Network(9, 6, [Layer(3, LI(), weight=np.ones((9, 3), int))])
    moments = input_moments(network, [quiet])[0]
    # 3 bits by the maximum: a step of 2, in which half of the weights are lost
    assert best_step(Parameters(weight), 3, moments) == pytest.approx(0.5, abs=0.03)


def test_a_layer_of_zeros_has_a_step():
    assert best_step(Parameters(np.zeros((9, 3))), 4, MOMENTS[0]) == 1.0


def test_integers_that_fit_their_width_stay_as_they_are():
    assert best_step(integer_parameters(NETWORK.layers[0]), 5, MOMENTS[0]) == 1.0


def test_no_step_is_so_fine_that_a_threshold_does_not_fit():
    highest = 2**23 - 1
    parameters = Parameters(np.array([[3.4], [-2.0]]), threshold=np.array([2.0 * highest]))
    # 8 bits ask for 3.4 / 128, in which the threshold would have 31 bits
    assert best_step(parameters, 8, InputMoments(np.eye(3))) == 2.0
    nothing = Parameters(np.zeros((2, 1)), threshold=np.array([2.0 * highest]))
    assert best_step(nothing, 8, InputMoments(np.eye(3))) == 2.0


def test_lateral_inhibition_does_not_take_the_range_from_the_weights():
    weight = np.array([[7.0, 0.0, 3.0], [1.0, 6.0, 4.0]])
    inhibition = -2000.0 * (1 - np.eye(3))
    parameters = Parameters(weight, inhibition)
    moments = InputMoments(np.eye(6))
    assert best_step(parameters, 4, moments) == 1.0
    step = best_step(Parameters(weight, 100 * inhibition), 4, moments)
    assert step == pytest.approx(200_000 / 32_767)  # as wide as a weight may be, 16 bits
    assert best_step(Parameters(weight, inhibition + np.diag([0, 1, 0])), 4, moments) == 1.0
    others = inhibition.copy()
    others[0, 1] = -1999
    assert best_step(Parameters(weight, others), 4, moments) > 100


def test_rates_are_those_of_the_inputs():
    spikes = run(NETWORK, SPIKES).layers[0].spikes
    np.testing.assert_allclose(MOMENTS[0].rates[:9], SPIKES.mean((0, 1)), rtol=1e-6)
    np.testing.assert_allclose(MOMENTS[0].rates[9:], spikes[:, :-1].sum((0, 1)) / (20 * 6), rtol=1e-6)
    np.testing.assert_allclose(MOMENTS[1].rates, spikes.mean((0, 1)), rtol=1e-6)
