"""What a comparison finds, on observations made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from cosim.comparison import compare
from cosim.observation import UNDEFINED, LayerObservation, Observation
from spiker import IF, Layer, MismatchError, Network

NETWORK = Network(2, 3, [Layer(4, IF(state_bits=5, threshold=3), weight=np.ones((2, 4), np.int64))], "counts")


def observation(samples=2):
    """All zero: 3 steps, 2 inputs, 4 neurons, a state of 5 bits."""
    layer = LayerObservation(
        *(np.zeros((samples, 3, size), np.int64) for size in (2, 4, 4)),
    )
    return Observation(
        np.zeros(samples, np.int64), np.zeros((samples, 4), np.int64), np.full(samples, 9), (layer,)
    )


def changed(field, place, value):
    found = observation()
    where = found.layers[0] if field in ("inputs", "spikes", "membranes") else found
    getattr(where, field)[place] = value
    return found


def test_equal_observations_have_no_mismatch_and_every_bit_counts():
    report = compare(NETWORK, observation(), observation(), simulator="ghdl")
    assert report.is_equal
    assert report.require_equal() is report
    assert report.first is None
    # a sample: 3 steps of 2 inputs, 4 spikes and 4 states of 5 bits; a class of 2 bits, 4 scores of 3
    # (0 to 3 spikes, signed)
    assert report.compared_bits == 2 * (3 * (2 + 4 + 4 * 5) + 2 + 4 * 3)


@pytest.mark.parametrize(
    ("field", "place", "message"),
    [
        ("inputs", (1, 2, 0), "sample 1, step 2, layer 0, input 0: input expected 0, got 1"),
        ("spikes", (0, 1, 3), "sample 0, step 1, layer 0, neuron 3: spike expected 0, got 1"),
        ("membranes", (0, 0, 2), "sample 0, step 0, layer 0, neuron 2: membrane expected 0, got 1"),
        ("scores", (1, 3), "sample 1, neuron 3: score expected 0, got 1"),
        ("label", (1,), "sample 1: class expected 0, got 1"),
    ],
)
def test_a_difference_is_named(field, place, message):
    report = compare(NETWORK, observation(), changed(field, place, 1))
    assert report.mismatches == 1
    with pytest.raises(MismatchError) as caught:
        report.require_equal()
    assert str(caught.value).startswith(message)
    assert (caught.value.expected, caught.value.got) == (0, 1)


def test_values_around_a_difference_are_shown():
    got = changed("membranes", (0, 0, slice(None)), [1, 2, 3, 4])
    want = changed("membranes", (0, 0, slice(None)), [1, 2, 3, 7])
    assert str(compare(NETWORK, want, got).first).endswith("(from 1 on: expected 2 3 7, got 2 3 4)")


def test_the_first_difference_is_the_earliest_in_time():
    got = changed("membranes", (1, 0, 0), 1)
    got.layers[0].spikes[0, 2, 3] = 1
    got.scores[0, 0] = 1
    report = compare(NETWORK, observation(), got)
    assert report.mismatches == 3
    assert (report.first.sample, report.first.step, report.first.neuron) == (0, 2, 3)


def test_an_input_differs_before_the_membrane_that_it_changes():
    got = changed("membranes", (0, 1, 0), 1)
    got.layers[0].inputs[0, 1, 1] = 1
    assert "input 1: input expected 0" in str(compare(NETWORK, observation(), got).first)


def test_an_undefined_value_is_called_so():
    assert "got undefined" in str(
        compare(NETWORK, observation(), changed("membranes", (0, 0, 0), UNDEFINED)).first
    )


def test_missing_samples_are_a_mismatch():
    report = compare(NETWORK, observation(3), observation(2))
    assert report.mismatches == 1
    assert "2 samples, 3 expected" in str(report.first)


def test_missing_internals_of_a_sample_are_a_mismatch():
    got = observation()
    short = LayerObservation(*(None if v is None else v[:1] for v in vars(got.layers[0]).values()))
    report = compare(NETWORK, observation(), replace(got, layers=(short,)))
    assert "inputs of layer 0 of 1 samples, 2 expected" in str(report.first)


def test_a_failure_counts_and_comes_after_a_difference():
    failed = replace(changed("spikes", (0, 0, 0), 1), failure=MismatchError("it broke"))
    report = compare(NETWORK, observation(), failed)
    assert report.mismatches == 2
    assert report.first.step == 0
    assert (
        str(compare(NETWORK, observation(), replace(observation(), failure=failed.failure)).first)
        == "it broke"
    )


def test_cycles_are_compared_as_strictly():
    got = replace(observation(), cycles=np.array([9, 10]))
    report = compare(NETWORK, observation(), got)
    assert report.mismatches == 0
    assert report.cycles_predicted_wrong == 1
    assert not report.is_equal
    with pytest.raises(MismatchError, match="sample 1: 10 cycles, 9 predicted"):
        report.require_equal()


def test_cycles_with_waits_are_not_compared():
    report = compare(NETWORK, observation(), replace(observation(), cycles=None))
    assert report.cycles_predicted_wrong is None
    assert report.is_equal
