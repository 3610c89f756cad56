"""NIR graphs of other tools: the golden model gives the spikes that snnTorch gives on the same graph."""

import nir
import numpy as np
import pytest
import torch
from nir_graphs import BACK, DT, chain, cubalif, graph, integrate, lif, linear, ones, recurrent
from snntorch.export_nir import export_to_nir
from snntorch.import_nir import import_from_nir
from snntorch_networks import STEPS, random_network, twin

from spiker import IF, LI, CubaLIF, Layer, run
from sw.exchange import Choices, from_nir

SNNTORCH_DT = 1e-4
CHOICES = Choices(steps=STEPS, readout="counts")
FIFTY = range(50)


def foreign(network):
    """A graph by the `nir` package alone: LIF and CubaLIF as snnTorch writes them, for its step."""
    nodes = {"input": nir.Input(np.array([network.inputs]))}
    for number, layer in enumerate(network.layers):
        weight = layer.weight.T.astype(np.float32)
        bias = layer.bias
        nodes[f"w{number}"] = (
            nir.Linear(weight) if bias is None else nir.Affine(weight, bias.astype(np.float32))
        )
        neuron = layer.neuron
        settings = {"shift": neuron.leak_shift, "threshold": float(neuron.threshold), "dt": SNNTORCH_DT}
        if isinstance(neuron, CubaLIF):
            nodes[f"z{number}"] = cubalif(layer.size, current_shift=neuron.current_leak_shift, **settings)
        else:
            nodes[f"z{number}"] = lif(layer.size, **settings)
    nodes["output"] = nir.Output(np.array([network.classes]))
    return graph(nodes)


def snntorch_spikes(found, spikes):
    """The last layer's spikes of a graph as snnTorch imports and runs it."""
    module = import_from_nir(found)
    train = [module(torch.tensor(spikes[:, step], dtype=torch.float32))[0] for step in range(STEPS)]
    return torch.stack(train, dim=1).detach().numpy()


@pytest.mark.parametrize("seed", FIFTY)
def test_fifty_graphs_give_the_spikes_that_snntorch_gives(seed, tmp_path):
    network, spikes = random_network(seed, kinds=("lif", "cubalif"), resets=("zero",), recurrent=False)
    nir.write(tmp_path / "model.nir", foreign(network))
    imported = from_nir(tmp_path / "model.nir", dt=SNNTORCH_DT, reset="zero", choices=CHOICES)
    expected = snntorch_spikes(nir.read(tmp_path / "model.nir"), spikes)
    assert np.array_equal(run(imported.network, spikes).layers[-1].spikes, expected)


def test_the_fifty_graphs_do_something():
    rates = []
    for seed in FIFTY:
        network, spikes = random_network(seed, kinds=("lif", "cubalif"), resets=("zero",), recurrent=False)
        rates.append(snntorch_spikes(foreign(network), spikes).mean())
    assert sum(0.02 < rate < 0.98 for rate in rates) > 25


@pytest.mark.filterwarnings("ignore:nirtorch.extract_nir_graph is being deprecated:DeprecationWarning")
@pytest.mark.parametrize("seed", range(20))
def test_what_snntorch_exports_gives_its_spikes(seed, tmp_path):
    kinds, resets = ("lif", "cubalif"), ("subtract", "zero")
    network, spikes = random_network(seed, kinds, resets[seed % 2 :][:1])
    if any(isinstance(layer.neuron, CubaLIF) and layer.is_recurrent for layer in network.layers):
        network, spikes = random_network(seed, ("lif",), resets[seed % 2 :][:1])
    source = twin(network, per_neuron=True)  # snnTorch exports one value a neuron only
    exported = export_to_nir(source.module, torch.zeros(1, network.inputs), ignore_dims=[0])
    nir.write(tmp_path / "model.nir", exported)
    reset = network.layers[0].neuron.reset
    imported = from_nir(tmp_path / "model.nir", dt=SNNTORCH_DT, reset=reset, choices=CHOICES)
    expected, _ = twin(network).run(spikes)
    for found, train in zip(run(imported.network, spikes).layers, expected, strict=True):
        assert np.array_equal(found.spikes, train)


def test_our_own_export_runs_in_snntorch_with_the_same_spikes():
    from sw.exchange import to_nir

    network, spikes = random_network(9, kinds=("lif", "cubalif"), resets=("zero",), recurrent=False)
    expected = snntorch_spikes(to_nir(network), spikes)
    assert expected.any()
    assert np.array_equal(run(network, spikes).layers[-1].spikes, expected)


def test_snntorchs_own_import_takes_an_if_for_a_leaky_neuron_and_ours_does_not():
    found = chain(linear(), integrate())
    assert float(import_from_nir(found).n1.beta) == pytest.approx(0.9)
    assert isinstance(from_nir(found, reset="zero").network.layers[0].neuron, IF)


# By hand

WEIGHT = [[5, 1, -8], [-2, 3, 2], [0, 7, 4], [1, -4, 6]]  # of nir_graphs, (in, out)


def test_a_lif_by_hand():
    found = from_nir(
        chain(linear(), lif(shift=3, threshold=8)), dt=DT, reset="subtract", choices=Choices(steps=4)
    )
    assert np.array_equal(found.network.layers[0].weight, WEIGHT)
    # a state of one step and the next: 8 is not above 8; -8 -8 + 1 -8 + 2... needs no more than 7 bits
    neuron = found.network.layers[0].neuron
    assert (neuron.threshold, neuron.leak_shift, neuron.reset) == (8, 3, "subtract")
    assert found.network.layers[0].weight_bits == 4
    assert (found.network.inputs, found.network.steps, found.network.readout) == (4, 4, "counts")
    assert found.fits[0].neurons == "LIF 'n1'"
    assert found.fits[0].scale == 1


def test_an_input_gain_moves_the_threshold():
    # r dt/tau = 1/4: a weight of 1 adds 1/4, so 8 is reached by 32
    found = from_nir(chain(linear(), lif(r=ones(3, 1.0))), dt=DT, reset="zero")
    assert found.network.layers[0].neuron.threshold == 32
    # of a reset to zero the threshold may lie between integers: v > 33.2 is v > 33
    found = from_nir(chain(linear(), lif(r=ones(3, 1.0), threshold=8.3)), dt=DT, reset="zero")
    assert found.network.layers[0].neuron.threshold == 33


def test_a_gain_of_its_own_for_each_neuron_moves_its_threshold():
    found = from_nir(chain(linear(), lif(r=np.array([4, 2, 1], np.float32))), dt=DT, reset="zero")
    assert found.network.layers[0].neuron.threshold == (8, 16, 32)


def test_weights_on_a_power_of_two_are_integers():
    found = from_nir(
        chain(linear(np.array([[0.5, -0.25], [1.0, 0.75]])), lif(2), inputs=(2,)), dt=DT, reset="zero"
    )
    layer = found.network.layers[0]
    assert layer.weight.tolist() == [[2, 4], [-1, 3]]
    assert layer.neuron.threshold == 32
    assert found.fits[0].scale == 0.25


def test_an_if_adds_r_or_r_dt():
    taken = from_nir(chain(linear(), integrate(r=ones(3, 2.0))), reset="zero").network.layers[0].neuron
    assert (taken.name, taken.threshold) == ("if", 4)
    euler = from_nir(chain(linear(), integrate(r=ones(3, 2000.0))), dt=DT, reset="zero", if_gain="r*dt")
    assert euler.network.layers[0].neuron.threshold == 4


@pytest.mark.parametrize(
    ("node", "shift"),
    [
        (nir.LI(ones(3, DT * 8), ones(3, 8), ones(3, 0)), 3),
        (nir.I(ones(3)), None),
    ],
)
def test_an_integrator_is_a_readout_of_membranes(node, shift):
    network = from_nir(chain(linear(), node), dt=DT).network
    assert isinstance(network.layers[0].neuron, LI)
    assert network.layers[0].neuron.leak_shift == shift
    assert network.readout == "membrane"


def test_a_cubali_is_a_cubalif_that_never_fires():
    node = nir.CubaLI(ones(3, DT * 2), ones(3, DT * 4), ones(3, 4), ones(3, 0), ones(3, 2))
    network = from_nir(chain(linear(), node), dt=DT, choices=Choices(steps=3)).network
    neuron = network.layers[0].neuron
    assert (neuron.name, neuron.leak_shift, neuron.current_leak_shift, neuron.reset) == (
        "cubalif",
        2,
        1,
        "none",
    )
    found = run(network, np.ones((1, 3, 4), int), trace=True).layers[0]
    assert not found.spikes.any()
    # sums of the first column 4: c 4, 4-2+4=6, 6-3+4=7; v 4, 4-1+6=9, 9-2+7=14
    # of the second 7: c 7, 11, 13; v 7, 17, 26
    assert found.membrane[0, :, 0].tolist() == [4, 9, 14]
    assert found.membrane[0, :, 1].tolist() == [7, 17, 26]
    assert network.readout == "membrane"


def flat(neuron, back):
    """Recurrence in the graph itself, without a sub-graph."""
    nodes = {"input": nir.Input(np.array([4])), "w": linear(), "z": neuron, "u": back}
    edges = [("input", "w"), ("w", "z"), ("z", "u"), ("u", "z"), ("z", "output")]
    return graph({**nodes, "output": nir.Output(np.array([3]))}, edges)


@pytest.mark.parametrize(
    "found",
    [chain(linear(), recurrent(lif(), linear(BACK))), flat(lif(), linear(BACK))],
    ids=["sub-graph", "flat"],
)
def test_recurrence_in_a_sub_graph_or_not(found):
    layer = from_nir(found, dt=DT, reset="zero").network.layers[0]
    assert layer.recurrent.tolist() == BACK.T.tolist()
    assert layer.recurrent_bits == 4


def test_biases_of_both_weights_of_a_recurrent_layer_add_up():
    one = nir.Affine(np.eye(3, 4, dtype=np.float32), ones(3, 2.0))
    back = nir.Affine(BACK, np.array([1, 2, 3], np.float32))
    layer = from_nir(chain(one, recurrent(lif(), back)), dt=DT, reset="zero").network.layers[0]
    assert layer.bias.tolist() == [3, 4, 5]


def test_a_flatten_before_the_weights_and_a_whole_network_in_a_sub_graph():
    inner = graph(
        {"in": nir.Input(np.array([4])), "w": linear(), "z": lif(), "out": nir.Output(np.array([3]))}
    )
    flatten = nir.Flatten({"input": np.array([1, 2, 2])}, start_dim=0)
    found = from_nir(chain(flatten, inner, inputs=(1, 2, 2)), dt=DT, reset="zero")
    assert found.network.inputs == 4
    assert found.fits[0].neurons == "LIF 'n1.z'"


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 3)])
def test_parameters_of_one_value_or_one_a_neuron(shape):
    node = lif()
    for name in ("tau", "r", "v_leak", "v_threshold", "v_reset"):
        setattr(node, name, np.full(shape, getattr(node, name)[0]))
    layer = from_nir(chain(linear(), node), dt=DT, reset="zero").network.layers[0]
    assert (layer.neuron.leak_shift, layer.neuron.threshold) == (2, 8)


def test_a_reset_in_a_nodes_metadata_comes_before_the_argument():
    node = lif()
    node.metadata["spiker_reset"] = "none"
    assert from_nir(chain(linear(), node), dt=DT, reset="zero").network.layers[0].neuron.reset == "none"


def test_metadata_of_others_are_theirs():
    node = lif()
    node.metadata.update(colour="green", values=np.ones(3))
    assert from_nir(chain(linear(), node), dt=DT, reset="zero").network.layers[0].neuron.leak_shift == 2


# States that can't saturate


@pytest.mark.parametrize("reset", ["zero", "subtract", "none"])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_saturates_in_the_widths_that_are_taken(seed, reset):
    random = np.random.default_rng(seed)
    weight, back = random.integers(-8, 8, (3, 4)), random.integers(-8, 8, (3, 3))
    neurons = (cubalif, lif, lambda threshold: integrate(threshold=threshold))[seed % 3](
        threshold=float(seed * 7)
    )
    found = chain(linear(weight), recurrent(neurons, linear(back)))
    network = from_nir(found, dt=DT, reset=reset, choices=Choices(steps=9, readout="counts")).network
    layer = network.layers[0]
    wide = dict.fromkeys(layer.neuron.widths, 24)
    settings = {name: getattr(layer.neuron, name) for name in layer.neuron.ranges}
    unlimited = type(layer.neuron)(**settings, **wide, reset=reset)
    free = network.with_layers(
        [
            Layer(
                3,
                unlimited,
                layer.weight_bits,
                layer.recurrent_bits,
                weight=layer.weight,
                recurrent=layer.recurrent,
            )
        ]
    )
    spikes = np.concatenate(
        [random.random((200, 9, 4)) < random.random((200, 1, 1)), np.ones((1, 9, 4))]
        + [np.broadcast_to(sign * weight[neuron] > 0, (1, 9, 4)) for neuron in range(3) for sign in (1, -1)]
    ).astype(np.uint8)
    tight, wide_run = run(network, spikes, trace=True).layers[0], run(free, spikes, trace=True).layers[0]
    assert np.array_equal(tight.membrane, wide_run.membrane)


def test_the_width_is_the_narrowest_where_that_is_known_by_hand():
    # IF without reset, all weights 1, four inputs, five steps: up to 20, six bits
    found = chain(linear(np.ones((3, 4))), integrate(threshold=2.0))
    choices = Choices(steps=5)
    assert from_nir(found, reset="none", choices=choices).network.layers[0].neuron.state_bits == 6
    # reset to zero above 2: at most 2 + 4, four bits
    assert from_nir(found, reset="zero", choices=choices).network.layers[0].neuron.state_bits == 4
    # subtracted: 4, 2 + 4, 4 + 4, 6 + 4, 8 + 4: a rest above the threshold stays; five bits
    assert from_nir(found, reset="subtract", choices=choices).network.layers[0].neuron.state_bits == 5
    # of 10,000 steps: 40,000, seventeen bits
    many = Choices(steps=10_000)
    assert from_nir(found, reset="none", choices=many).network.layers[0].neuron.state_bits == 17
