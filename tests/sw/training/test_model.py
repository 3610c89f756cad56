"""The torch model in integer arithmetic is the numeric contract."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from contract_networks import contract_networks, networks_with_trains
from hypothesis import given, settings
from hypothesis import strategies as st
from spike_trains import trains

from spiker import IF, LI, LIF, CubaLIF, Layer, Network, run
from sw.training import Events, Integers, SpikingNetwork
from sw.training.arithmetic import Reals, float_type
from sw.training.model import initial_deviation


def layer_by_layer(network, model, train):
    """Assert that the model's spikes, membranes and classes are the golden model's, in every step."""
    with torch.no_grad():
        outputs = model(Events.of(train), Integers())
        decided = model.decide(outputs[-1])
    golden = run(network, train, trace=True)
    for output, trace in zip(outputs, golden.layers, strict=True):
        # torch has the steps first
        np.testing.assert_array_equal(output.spikes.numpy().transpose(1, 0, 2), trace.spikes)
        np.testing.assert_array_equal(output.membrane.numpy().transpose(1, 0, 2), trace.membrane)
    np.testing.assert_array_equal(decided.numpy(), golden.label)


@given(networks_with_trains())
@settings(max_examples=150)
def test_given_integers_run_as_in_the_golden_model(network_and_train):
    network, train = network_and_train
    layer_by_layer(network, SpikingNetwork(network), train)


@given(st.data())
@settings(max_examples=100)
def test_exported_integers_run_as_in_the_golden_model(data):
    network = data.draw(contract_networks())
    untrained = network.with_layers(
        [replace(layer, weight=None, recurrent=None, bias=None) for layer in network.layers]
    )
    model = SpikingNetwork(untrained, seed=data.draw(st.integers(0, 1000)))
    random = np.random.default_rng(1)
    with torch.no_grad():
        for layer in model.layers:
            for name, bits in layer.bits.items():
                latent = layer.latent(name)
                # halves, where rounding has to decide, and values outside of the width
                latent.copy_(torch.from_numpy(random.integers(-3, 4, latent.shape) * 2.0 ** (bits - 2) / 2))
    layer_by_layer(model.export(), model, data.draw(trains(network)))


def test_a_neuron_that_is_not_heard_is_silent_to_the_next_layer_alone():
    # two neurons that fire in every step, and reach the last layer and, by a recurrent matrix, each other
    neuron, recurrent = IF(threshold=0, reset="zero"), [[1, 2], [3, 1]]
    hidden = Layer(2, neuron, weight=[[1, 1]], recurrent_bits=4, recurrent=recurrent)
    network = Network(1, 3, [hidden, Layer(1, LI(), weight=[[5], [7]])])
    events = Events.of(np.ones((2, 3, 1), np.uint8))
    heard = torch.tensor([[True, True], [True, False]])
    first, last = SpikingNetwork(network)(events, Integers(), [heard])
    assert first.spikes.tolist() == [[[1, 1], [1, 1]]] * 3
    assert last.membrane[:, :, 0].tolist() == [[12, 5], [24, 10], [36, 15]]


@pytest.mark.parametrize(("latent", "exported"), [(-9.0, -8), (9.0, 7), (2.4, 2), (-2.6, -3)])
def test_export_rounds_and_keeps_the_width(latent, exported):
    model = SpikingNetwork(Network(1, 1, [Layer(1, IF(), weight_bits=4)], "counts"))
    with torch.no_grad():
        model.layers[0].latent("weight").fill_(latent)
    assert model.export().layers[0].weights.tolist() == [[exported]]


def test_training_starts_from_the_weights_that_a_network_has():
    layer = Layer(
        2, LIF(), recurrent_bits=3, bias_bits=4, weight=[[1, -2]], recurrent=[[0, 1], [2, 3]], bias=5
    )
    start = SpikingNetwork(Network(1, 1, [layer], "counts")).export().layers[0]
    assert start.weights.tolist() == [[1, -2]]
    assert start.recurrent_weights.tolist() == [[0, 1], [2, 3]]
    assert start.biases.tolist() == [5, 5]


def test_weights_are_drawn_by_the_seed():
    network = Network(5, 1, [Layer(4, LI())])
    first, again, other = (
        SpikingNetwork(network, seed=seed).layers[0].latent("weight") for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_drawn_weights_fill_their_width_and_biases_start_at_zero():
    network = Network(100, 1, [Layer(100, LI(), weight_bits=8, bias_bits=8)])
    layer = SpikingNetwork(network, seed=1).layers[0]
    assert layer.latent("weight").std().item() == pytest.approx(initial_deviation(8), rel=0.05)
    assert layer.latent("bias").abs().max() == 0


@pytest.mark.parametrize(
    ("inputs", "exact"),
    [
        # 2**9 weights of 2**15 and the state's 2 * 2**7: just above 2**24
        (511, torch.float32),
        (512, torch.float64),
    ],
)
def test_sums_are_exact_in_the_float_that_is_chosen(inputs, exact):
    assert float_type(Network(inputs, 1, [Layer(1, LI(), weight_bits=16)])) is exact


def test_what_is_learned_of_neurons_ends_as_integers_within_their_ranges():
    layers = [Layer(3, CubaLIF(state_bits=6, current_bits=5, threshold=20)), Layer(3, LI())]
    model = SpikingNetwork(Network(2, 4, layers), learn=("threshold", "leak"))
    cubalif, li = model.layers
    assert set(cubalif.ranges) == {"threshold", "leak_shift", "current_leak_shift"}
    assert set(li.ranges) == set()  # it doesn't leak, and never fires
    assert cubalif.latent("threshold").tolist() == [20, 20, 20]
    with torch.no_grad():
        cubalif.latent("threshold").copy_(torch.tensor([-1.0, 7.4, 99.0]))
        cubalif.latent("leak_shift").copy_(torch.tensor([0.0, 2.6, 9.0]))
        cubalif.latent("current_leak_shift").copy_(torch.tensor([-3.0, 1.4, 9.0]))
    # states of 6 and 5 bits: thresholds up to 31, shifts up to 5 and 4
    neuron = CubaLIF(6, 5, threshold=(0, 7, 31), leak_shift=(1, 3, 5), current_leak_shift=(1, 1, 4))
    exported = model.export()
    assert exported.layers[0].neuron == neuron
    assert exported.layers[1].neuron == LI()
    layer_by_layer(exported, model, np.random.default_rng(1).integers(0, 2, (5, 4, 2)).astype(np.uint8))


def test_real_numbers_are_neither_rounded_nor_limited():
    network = Network(1, 2, [Layer(1, LI(state_bits=4, leak_shift=1))])
    model = SpikingNetwork(network)
    with torch.no_grad():
        model.layers[0].latent("weight").fill_(10.5)
        output = model(Events.of(np.ones((1, 2, 1), np.uint8)), Reals())[0]
    # 10.5, then half of it and 10.5 more: beyond a state of 4 bits
    assert output.membrane.flatten().tolist() == [10.5, 15.75]


def test_a_learned_step_by_hand():
    latent = torch.tensor([0.6, -1.6, 9.0], requires_grad=True)
    log_step = torch.tensor(1.0, requires_grad=True)  # a step of 2: 0.3, -0.8, 4.5 in -2..1
    found = Integers().in_steps(latent, log_step, -2, 1)
    assert found.tolist() == [0, -1, 1]
    found.backward(torch.tensor([1.0, 10.0, 100.0]))
    assert latent.grad.tolist() == [0.5, 5.0, 0.0]
    # what rounding adds inside, -0.3 and -0.2, and the limit outside, by ln 2 / sqrt(3 values x highest 1)
    assert log_step.grad.item() == pytest.approx((-0.3 - 2.0 + 100) * np.log(2) / np.sqrt(3), rel=1e-5)


def gradient_of_the_last_step(weight, arithmetic, log_step=0.0):
    """The gradient that a logit gives the last layer's step; None where it gives none."""
    network = Network(2, 1, [Layer(2, LI(state_bits=12), weight_bits=4, weight=[[3, -2], [1, 4]])])
    model = SpikingNetwork(network, learn=("step",))
    (layer,) = model.layers
    with torch.no_grad():
        layer.log_step.fill_(log_step)
        layer.weight.copy_(torch.tensor(weight))
    events = Events.of(np.ones((1, 1, 2), np.uint8))
    model.logits(model(events, arithmetic)[-1])[0, 0].backward()
    return layer.log_step.grad


def test_a_last_layer_on_the_grid_leaves_its_step_alone():
    # a step of 2: all weights are multiples of it, so that rounding changes nothing
    assert gradient_of_the_last_step([[6.0, -4.0], [2.0, 8.0]], Integers(), 1.0) == 0
    assert gradient_of_the_last_step([[6.5, -4.0], [2.0, 8.0]], Integers(), 1.0) != 0


def test_real_numbers_leave_the_steps_alone():
    assert gradient_of_the_last_step([[6.5, -4.0], [2.0, 8.0]], Reals()) is None


@pytest.mark.parametrize("learn", [("step",), ("step", "threshold", "leak")])
def test_numbers_of_learned_steps_run_as_in_the_golden_model(learn):
    layers = [
        Layer(4, LIF(threshold=6), weight_bits=3, bias_bits=4),
        Layer(3, CubaLIF(threshold=5), weight_bits=3, recurrent_bits=2),
        Layer(2, LI(leak_shift=2)),
    ]
    model = SpikingNetwork(Network(5, 6, layers), learn=learn, seed=3)
    with torch.no_grad():
        for layer, log_step in zip(model.layers, (0.7, -0.9, 0.4), strict=True):
            layer.log_step.fill_(log_step)
    exported = model.export()
    # 6 / 2**0.7 = 3.7 and 5 / 2**-0.9 = 9.3
    assert {np.max(exported.layers[0].neuron.threshold), np.max(exported.layers[1].neuron.threshold)} == {
        4,
        9,
    }
    train = (np.random.default_rng(2).random((20, 6, 5)) < 0.5).astype(np.uint8)
    layer_by_layer(exported, model, train)
    kept = model.float_parameters()
    np.testing.assert_allclose(kept["layer000.threshold"], 6 / 2**0.7, rtol=1e-5)
    np.testing.assert_array_equal(np.rint(kept["layer000.weight"]).clip(-4, 3), exported.layers[0].weight)


def test_zeros_stay_zeros():
    model = SpikingNetwork(Network(2, 1, [Layer(2, LI(), bias_bits=4)]))
    weight, bias = np.array([[0.0, 1.0], [2.0, 0.0]]), np.zeros(2)
    model.start_from({"layer000.weight": weight, "layer000.bias": bias}, keep_zeros=True)
    with torch.no_grad():
        for name in ("weight", "bias"):
            model.layers[0].latent(name).add_(1)
    model.confine(Integers())
    assert model.layers[0].latent("weight").tolist() == [[0, 2], [3, 0]]
    assert model.layers[0].latent("bias").tolist() == [1, 1]


def test_a_start_of_other_names_is_refused():
    with pytest.raises(KeyError, match="weights"):
        SpikingNetwork(Network(2, 1, [Layer(2, LI())])).start_from({"weights": np.zeros(2)})
