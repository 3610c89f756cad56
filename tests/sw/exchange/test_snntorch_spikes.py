"""snnTorch and the golden model give equal spikes, on networks whose numbers both hold exactly."""

import numpy as np
import pytest
import torch
from snntorch_networks import STEPS, random_network, twin

from spiker import IF, LIF, Layer, Network, run
from sw.exchange import Choices, SnnTorchLayer, from_snntorch

FIFTY = range(50)
CHOICES = Choices(steps=STEPS, readout="counts")


def assert_equal_runs(network, module, spikes):
    expected, membranes = module.run(spikes)
    found = run(network, spikes, trace=True).layers
    for layer, train, membrane in zip(found, expected, membranes, strict=True):
        assert np.array_equal(layer.spikes, train)
        assert np.array_equal(layer.membrane[:, -1], membrane)


@pytest.mark.parametrize("seed", FIFTY)
def test_fifty_random_networks_give_equal_spikes_from_module_and_state_dict(seed):
    network, spikes = random_network(seed)
    source = twin(network)
    imported = from_snntorch(source.module, choices=CHOICES)
    assert_equal_runs(imported.network, twin(network), spikes)
    assert all(fit.weight_error == fit.decay_error == fit.threshold_error == 0 for fit in imported.fits)

    layers = [
        SnnTorchLayer(str(2 * number), str(2 * number + 1), type(neuron).__name__, neuron.reset_delay)
        for number, neuron in enumerate(source.module[1::2])
    ]
    again = from_snntorch(source.module.state_dict(), layers, CHOICES)
    assert again.network.digest == imported.network.digest


def test_the_fifty_networks_are_of_all_kinds_and_do_something():
    networks = [random_network(seed) for seed in FIFTY]
    layers = [layer for network, _ in networks for layer in network.layers]
    kinds = {(layer.neuron.name, layer.neuron.reset, layer.is_recurrent) for layer in layers}
    assert len(kinds) == 3 * 3 + 2 * 3 + 1  # a recurrent cubalif isn't reset
    rates = [spikes.mean() for network, trains in networks for spikes in twin(network).run(trains)[0]]
    assert sum(0.05 < rate < 0.95 for rate in rates) > len(rates) / 2


def test_one_wrong_weight_is_seen():
    network, spikes = random_network(3)
    source = twin(network)
    source.module[0].weight.data[0] += 2.0**14
    with pytest.raises(AssertionError):
        assert_equal_runs(from_snntorch(source.module, choices=CHOICES).network, twin(network), spikes)


@pytest.mark.parametrize(("neuron", "reset"), [(IF, "subtract"), (IF, "zero"), (LIF, "zero")])
def test_a_delayed_reset_is_taken_where_it_makes_no_difference(neuron, reset):
    random = np.random.default_rng(5)
    shift = {"leak_shift": 1} if neuron is LIF else {}
    weight = 16 * random.integers(-3, 8, (6, 5))
    layer = Layer(5, neuron(threshold=100, reset=reset, state_bits=24, **shift), 16, weight=weight)
    network = Network(6, STEPS, [layer], "counts")
    spikes = (random.random((20, STEPS, 6)) < 0.5).astype(np.uint8)
    source = twin(network, reset_delay=True)
    expected = twin(network, reset_delay=True).run(spikes)[0][0]
    assert expected.sum() > 20
    assert np.array_equal(
        run(from_snntorch(source.module, choices=CHOICES).network, spikes).layers[0].spikes, expected
    )


def test_one_to_one_recurrence_and_a_bias_of_the_recurrent_weights():
    import snntorch

    linear = torch.nn.Linear(3, 2)
    linear.weight.data = torch.tensor([[1.0, 2.0, -3.0], [4.0, 0.0, 1.0]])
    linear.bias.data = torch.tensor([1.0, -1.0])
    own = snntorch.RLeaky(
        beta=1.0, V=torch.tensor([5.0, -6.0]), all_to_all=False, threshold=3.0, reset_delay=False
    )
    layer = from_snntorch(torch.nn.Sequential(linear, own)).network.layers[0]
    assert layer.recurrent.tolist() == [[5, 0], [0, -6]]
    assert layer.weight.tolist() == [[1, 4], [2, 0], [-3, 1]]

    full = snntorch.RLeaky(beta=0.5, linear_features=2, threshold=3.0, reset_delay=False)
    full.recurrent.weight.data = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    full.recurrent.bias.data = torch.tensor([10.0, 20.0])
    layer = from_snntorch(torch.nn.Sequential(linear, full)).network.layers[0]
    assert layer.recurrent.tolist() == [[1, 3], [2, 4]]  # U[m, j] from m to j, torch has (to, from)
    assert layer.bias.tolist() == [11, 19]


def test_a_module_that_is_no_sequential_is_described_by_names():
    network, spikes = random_network(11, kinds=("lif",), recurrent=False)
    source = twin(network).module

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            # defined last to first: the order of a state dict says nothing
            for place in reversed(range(len(source))):
                setattr(self, f"part{place}", source[place])

    layers = [SnnTorchLayer(f"part{place}", f"part{place + 1}") for place in range(0, len(source), 2)]
    found = from_snntorch(Net(), layers, CHOICES)
    assert_equal_runs(found.network, twin(network), spikes)
