"""The golden model against the literal one, and against cases worked out by hand."""

import numpy as np
import pytest
from contract_networks import networks_with_trains
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from literal_model import run_literally

from spiker import IF, LI, LIF, ConfigError, CubaLIF, Layer, Network, run
from spiker.golden import batches


def assert_same(network, result, answers):
    """Every integer of every sample, and the types that are promised."""
    assert result.label.tolist() == [answer.label for answer in answers]
    assert result.scores.tolist() == [answer.scores for answer in answers]
    assert result.label.dtype == result.scores.dtype == np.int64
    assert len(result.layers) == len(network.layers)
    for number, layer in enumerate(result.layers):
        assert layer.spikes.dtype == np.uint8
        assert layer.spikes.tolist() == [answer.spikes[number] for answer in answers]
        assert layer.membrane.tolist() == [answer.membrane[number] for answer in answers]
        if network.layers[number].neuron.name == "cubalif":
            assert layer.current.tolist() == [answer.current[number] for answer in answers]
        else:
            assert layer.current is None


@settings(max_examples=400)
@given(networks_with_trains())
def test_golden_model_is_the_literal_model(case):
    network, spikes = case
    answers = [run_literally(network, sample.tolist()) for sample in spikes]
    assert_same(network, run(network, spikes, trace=True), answers)


@settings(max_examples=100)
@given(networks_with_trains(), st.integers(0, 2**32 - 1))
def test_carried_state_is_the_literal_model_going_on(case, seed):
    network, first = case
    second = np.random.default_rng(seed).integers(0, 2, first.shape)
    before = run(network, first)
    result = run(network, second, trace=True, states=before.states)
    answers = []
    for sample, following in zip(first.tolist(), second.tolist(), strict=True):
        memory = run_literally(network, sample).memory
        answers.append(run_literally(network, following, memory))
    assert_same(network, result, answers)


@given(networks_with_trains(max_steps=5), st.data())
def test_a_sample_in_two_parts_is_the_sample(case, data):
    """State carried over a cut leaves the same membranes and spikes as no cut."""
    network, spikes = case
    assume(network.steps > 1)
    cut = data.draw(st.integers(1, network.steps - 1))
    whole = run(network, spikes, trace=True)
    head = Network(network.inputs, cut, network.layers, network.readout)
    tail = Network(network.inputs, network.steps - cut, network.layers, network.readout)
    first = run(head, spikes[:, :cut], trace=True)
    second = run(tail, spikes[:, cut:], trace=True, states=first.states)
    for all_steps, early, late in zip(whole.layers, first.layers, second.layers, strict=True):
        assert np.array_equal(all_steps.spikes, np.concatenate([early.spikes, late.spikes], axis=1))
        assert np.array_equal(all_steps.membrane, np.concatenate([early.membrane, late.membrane], axis=1))


@given(networks_with_trains(max_samples=7), st.integers(1, 4))
def test_batches_give_what_one_run_gives(case, size):
    network, spikes = case
    whole = run(network, spikes, trace=True)
    parts = list(batches(network, spikes, trace=True, size=size))
    assert np.array_equal(whole.label, np.concatenate([part.label for part in parts]))
    assert np.array_equal(
        whole.layers[-1].membrane, np.concatenate([part.layers[-1].membrane for part in parts])
    )
    assert max(len(part.label) for part in parts) <= size


# Cases worked out by hand


def one_neuron(neuron, weight, steps, readout="membrane", **arrays):
    return Network(len(weight), steps, [Layer(1, neuron, weight=np.transpose([weight]), **arrays)], readout)


def trace_of(network, spikes):
    layer = run(network, spikes, trace=True).layers[0]
    return layer.membrane[0, :, 0].tolist(), layer.spikes[0, :, 0].tolist()


def test_membrane_saturates_at_both_ends_instead_of_wrapping():
    up = one_neuron(LI(state_bits=4), [5], 3)  # 0+5, 5+5 -> 7, 7+5 -> 7
    assert trace_of(up, [[1], [1], [1]])[0] == [5, 7, 7]
    down = one_neuron(LI(state_bits=4), [-5], 3)  # -5, -10 -> -8, -8
    assert trace_of(down, [[1], [1], [1]])[0] == [-5, -8, -8]


def test_sum_saturates_once_at_its_end():
    # 7+7-8 = 6 fits into 4 bits, though 14 on the way doesn't
    network = one_neuron(LI(state_bits=4), [7, 7, -8], 1)
    assert trace_of(network, [[1, 1, 1]])[0] == [6]


def test_threshold_is_exceeded_strictly():
    network = one_neuron(IF(threshold=3, reset="none"), [1], 5)
    membrane, spikes = trace_of(network, [[1]] * 5)
    assert membrane == [1, 2, 3, 4, 5]
    assert spikes == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("reset", "membrane"),
    [
        ("subtract", [2, 4, 6]),  # 5-3; 2+5-3; 4+5-3
        ("zero", [0, 0, 0]),
        ("none", [5, 10, 15]),
    ],
)
def test_reset_acts_where_the_neuron_fired(reset, membrane):
    network = one_neuron(IF(threshold=3, reset=reset), [5], 3)
    assert trace_of(network, [[1]] * 3) == (membrane, [1, 1, 1])


def test_leak_rounds_to_minus_infinity():
    # from 7: 7 - (7>>1) = 7-3 = 4, 4-2 = 2, 2-1 = 1, 1-0 = 1 stays
    network = one_neuron(LI(state_bits=8, leak_shift=1), [7], 5)
    assert trace_of(network, [[1], [0], [0], [0], [0]])[0] == [7, 4, 2, 1, 1]
    # from -7: -7 - (-4) = -3, -3 - (-2) = -1, -1 - (-1) = 0
    network = one_neuron(LI(state_bits=8, leak_shift=1), [-7], 4)
    assert trace_of(network, [[1], [0], [0], [0]])[0] == [-7, -3, -1, 0]


def test_leak_is_of_the_state_before_the_drive():
    # 6; then 6 - (6>>1) + 6 = 9, not (6+6) - (12>>1) = 6
    network = one_neuron(LI(leak_shift=1), [6], 2)
    assert trace_of(network, [[1], [1]])[0] == [6, 9]


def test_current_leaks_takes_the_drive_and_feeds_the_membrane_at_once():
    # c: 0+8 = 8; 8-4+8 = 12; 12-6 = 6.  v: 0+8 = 8; 8-4+12 = 16 > 10, so 0, and c stays 12; 0+6 = 6
    neuron = CubaLIF(threshold=10, leak_shift=1, current_leak_shift=1, reset="zero")
    network = one_neuron(neuron, [8], 3, weight_bits=5)
    assert trace_of(network, [[1], [1], [0]]) == ([8, 0, 6], [0, 1, 0])
    assert run(network, [[1], [1], [0]], trace=True).layers[0].current.tolist() == [[[8], [12], [6]]]


def test_current_saturates_in_its_own_width():
    # 4 bits: 7; 7-3+7 = 11 becomes 7.  v: 7; 7-3+7 = 11
    neuron = CubaLIF(current_bits=4, threshold=100, leak_shift=1, current_leak_shift=1)
    network = one_neuron(neuron, [7], 2)
    layer = run(network, [[1], [1]], trace=True).layers[0]
    assert layer.current.ravel().tolist() == [7, 7]
    assert layer.membrane.ravel().tolist() == [7, 11]


def test_bias_of_a_current_based_neuron_goes_to_the_current():
    # c: 3; 3-1+3 = 5.  v: 3; 3-1+5 = 7
    neuron = CubaLIF(threshold=100, leak_shift=1, current_leak_shift=1)
    network = one_neuron(neuron, [1], 2, bias_bits=3, bias=3)
    assert trace_of(network, [[0], [0]])[0] == [3, 7]


def test_bias_is_added_in_every_step():
    network = one_neuron(IF(threshold=100), [1], 3, bias_bits=3, bias=[2])
    assert trace_of(network, [[0], [1], [0]])[0] == [2, 5, 7]


def test_recurrent_spikes_arrive_one_step_later():
    # neuron 0 fires on the input and reaches neuron 1, and itself with -1, in the step after
    layer = Layer(
        2, IF(threshold=0, reset="zero"), weight=[[1, 0]], recurrent_bits=4, recurrent=[[-1, 2], [0, 0]]
    )
    traced = run(Network(1, 3, [layer], "counts"), [[1], [0], [0]], trace=True).layers[0]
    assert traced.spikes[0].tolist() == [[1, 0], [0, 1], [0, 0]]
    assert traced.membrane[0].tolist() == [[0, 0], [-1, 0], [-1, 0]]


def test_neurons_of_a_layer_have_thresholds_and_shifts_of_their_own():
    # in step 1 both have 6 - (6 >> k) + 6: 9 with k = 1, 11 with k = 2
    layer = Layer(2, LIF(threshold=(9, 10), leak_shift=(1, 2), reset="zero"), weight=[[6, 6]])
    traced = run(Network(1, 2, [layer], "counts"), [[1], [1]], trace=True).layers[0]
    assert traced.membrane[0].tolist() == [[6, 6], [9, 0]]
    assert traced.spikes[0].tolist() == [[0, 0], [0, 1]]


def test_the_next_layer_gets_this_steps_spikes():
    layers = [Layer(1, IF(threshold=0), weight=[[1]]), Layer(1, LI(), weight=[[7]])]
    assert run(Network(1, 1, layers), [[1]]).scores.tolist() == [[7]]


# Readouts


def label_and_scores(network, spikes):
    result = run(network, spikes)
    return result.label.tolist(), result.scores.tolist()


RELAY = IF(threshold=0, reset="zero")


def relay(size, steps, readout):
    """Output j fires exactly when input j does."""
    return Network(size, steps, [Layer(size, RELAY, weight=np.eye(size, dtype=int))], readout)


def test_equal_scores_give_the_lowest_index():
    spikes = [[0, 1, 1], [0, 1, 1]]
    assert label_and_scores(relay(3, 2, "counts"), spikes) == ([1], [[0, 2, 2]])
    membrane = Network(1, 1, [Layer(3, LI(), weight=[[-2, -1, -1]])])
    assert label_and_scores(membrane, [[1]]) == ([1], [[-2, -1, -1]])


def test_first_spike_scores_what_remains_of_the_steps():
    # 1 and 2 fire in step 1 of 4, 0 only later: the answer is given by then
    spikes = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 0, 0]]
    assert label_and_scores(relay(3, 4, "first_spike"), spikes) == ([1], [[0, 3, 3]])


def test_first_spike_in_the_last_step_scores_one():
    assert label_and_scores(relay(2, 3, "first_spike"), [[0, 0], [0, 0], [0, 1]]) == ([1], [[0, 1]])


def test_first_spike_without_any_spike_is_class_0_with_all_scores_0():
    assert label_and_scores(relay(3, 2, "first_spike"), [[0] * 3] * 2) == ([0], [[0, 0, 0]])


def test_membrane_readout_of_neurons_that_fire_is_after_the_reset():
    network = Network(1, 1, [Layer(2, IF(threshold=3), weight=[[5, 2]])], "membrane")
    assert label_and_scores(network, [[1]]) == ([0], [[2, 2]])


# What run takes and gives


def test_one_sample_may_come_without_its_axis():
    result = run(relay(2, 1, "counts"), np.array([[True, False]]))
    assert result.scores.tolist() == [[1, 0]]


def test_membranes_are_kept_only_when_asked_for():
    result = run(relay(1, 1, "counts"), [[1]])
    assert result.layers[0].membrane is None
    assert result.layers[0].spikes.tolist() == [[[1]]]


def test_no_samples_give_no_answers():
    for readout in ("membrane", "counts", "first_spike"):
        result = run(relay(2, 3, readout), np.zeros((0, 3, 2), np.uint8), trace=True)
        assert result.label.shape == (0,)
        assert result.scores.shape == (0, 2)


@pytest.mark.parametrize(
    ("spikes", "message"),
    [
        ([[[0, 1]]], r"spikes of shape \(1, 1, 2\); this network takes \(samples, 1, 1\)"),
        ([1], r"spikes of shape \(1,\)"),
        ([[2]], "spikes of 2 to 2; allowed: 0 and 1"),
        ([[-1]], "spikes of -1 to -1; allowed: 0 and 1"),
        ([[0.5]], "spikes of type float64; allowed: integers or bool, 0 and 1"),
    ],
)
def test_spikes_that_dont_fit_are_refused(spikes, message):
    with pytest.raises(ConfigError, match=message):
        run(relay(1, 1, "counts"), spikes)


def test_network_without_weights_is_refused():
    network = Network(1, 1, [Layer(1, RELAY, weight=[[1]]), Layer(1, LI())])
    with pytest.raises(ConfigError, match="layer 1 has no weights"):
        run(network, [[1]])


def test_states_of_other_samples_or_layers_are_refused():
    network = relay(1, 1, "counts")
    states = run(network, [[[1]], [[0]]]).states
    with pytest.raises(ConfigError, match=r"states of layer 0 .* shape \(2, 1\); allowed: \(1, 1\)"):
        run(network, [[1]], states=states)
    with pytest.raises(ConfigError, match="states of 0 layers; allowed: 1, all or none"):
        run(network, [[1]], states=())
