"""Nothing is guessed: what a graph or network can't say, or the hardware can't hold, is refused by name."""

import contextlib

import nir
import numpy as np
import pytest
import snntorch
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nir_graphs import BACK, DT, WEIGHT, chain, cubalif, graph, integrate, lif, linear, ones, recurrent

from spiker import SpikerError
from sw.exchange import Choices, SnnTorchLayer, from_nir, from_snntorch


def refusal(call, *args, **kwargs):
    with pytest.raises(SpikerError) as error:
        call(*args, **kwargs)
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)
    return str(error.value)


def nir_refusal(found, **arguments):
    return refusal(from_nir, found, **({"dt": DT, "reset": "zero"} | arguments))


def conv(kind, dimensions):
    return kind(
        input_shape=None,
        weight=np.ones((1, 1, *[1] * dimensions), np.float32),
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=np.zeros(1),
    )


POOL = {"kernel_size": np.array([2, 2]), "stride": np.array([2, 2]), "padding": np.array([0, 0])}
NOT_IN_HARDWARE = {
    "Conv1d": (conv(nir.Conv1d, 1), "no convolutions yet"),
    "Conv2d": (conv(nir.Conv2d, 2), "no convolutions yet"),
    "SumPool2d": (nir.SumPool2d(**POOL), "no pooling yet"),
    "AvgPool2d": (nir.AvgPool2d(**POOL), "no pooling yet"),
    "Delay": (nir.Delay(ones(3)), "no delay"),
    "Scale": (nir.Scale(ones(3)), "multiplied into the weights"),
    "Threshold": (nir.Threshold(ones(3)), "IF, LIF or CubaLIF"),
}


@pytest.mark.parametrize("kind", NOT_IN_HARDWARE)
def test_nodes_that_the_hardware_has_not(kind):
    node, advice = NOT_IN_HARDWARE[kind]
    message = nir_refusal(chain(linear(), lif(), node))
    assert f"node 'n2': type = {kind}, allowed: " in message
    assert advice in message


def test_the_step_is_asked_for_where_there_are_time_constants():
    message = nir_refusal(chain(linear(), lif()), dt=None)
    assert "LIF 'n1' has time constants" in message
    assert "give dt in seconds (snnTorch exports for 1e-4, Norse for 1e-3)" in message
    assert from_nir(chain(linear(), integrate()), reset="zero").network.layers[0].neuron.threshold == 8


def test_the_reset_is_asked_for():
    assert "LIF 'n1' doesn't say its reset" in nir_refusal(chain(linear(), lif()), reset=None)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"dt": 0.0}, "dt = 0.0; allowed: seconds"),
        ({"dt": float("nan")}, "dt = nan"),
        ({"reset": "soft"}, "reset = 'soft'; allowed: subtract, zero, none"),
        ({"if_gain": "dt"}, "if_gain = 'dt'; allowed: r, r*dt"),
    ],
)
def test_arguments(arguments, named):
    assert named in nir_refusal(chain(linear(), lif()), **arguments)


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        ({"decay": "fit"}, "decay = 'fit'; allowed: exact, nearest"),
        ({"scale": "best"}, "scale = 'best'; allowed: largest, power"),
        ({"readout": "sum"}, "readout = 'sum'; allowed: membrane, counts, first_spike"),
        ({"steps": 0}, "steps = 0; allowed: 1 to 16777216"),
        ({"weight_bits": 1}, "weight_bits = 1; allowed: 2 to 16"),
        ({"state_bits": 25}, "state_bits = 25; allowed: 2 to 24"),
        ({"state_bits": 8.0}, "state_bits = 8.0; allowed: 2 to 24"),
    ],
)
def test_choices(choice, named):
    assert refusal(Choices, **choice) == named


@pytest.mark.parametrize(
    ("node", "named"),
    [
        # beta = 0.9: between 7/8 and 15/16
        (
            lif(tau=ones(3, DT * 10), r=ones(3, 10)),
            "decay = 0.9, allowed: 0.875 (shift 3) or 0.9375 (shift 4)",
        ),
        (lif(tau=ones(3, DT), r=ones(3)), "decay = 0, allowed: 0.5 (shift 1) or 0.75 (shift 2)"),
        (lif(tau=ones(3, DT / 2)), "decay = -1, allowed: 0 to below 1: a time constant of dt or more"),
        (cubalif(tau_syn=ones(3, DT * 3)), "CubaLIF 'n1': decay of the current = 0.666667"),
        (lif(tau=ones(3, 0)), "tau = 0.0, allowed: above 0"),
        (
            lif(tau=ones(3, np.inf), r=ones(3, np.inf)),
            "tau = inf, allowed: finite; neurons without a leak are IF",
        ),
        (lif(r=ones(3, -1)), "r = -1.0, allowed: above 0"),
        (
            lif(v_leak=ones(3, 0.5)),
            "v_leak = 0.5, allowed: 0; add v_leak / r to the bias of the Affine before it",
        ),
        (lif(v_reset=ones(3, 1)), "v_reset = 1.0, allowed: 0"),
        (integrate(v_reset=ones(3, -1)), "IF 'n1': v_reset = -1.0, allowed: 0"),
        (lif(threshold=-1.0), "v_threshold = -1.0, allowed: 0 or more"),
        (cubalif(w_in=ones(3, 0)), "w_in = 0.0, allowed: above 0"),
        (lif(threshold=2.0**24), "a threshold of 16777216 units of a weight, 26 bits, allowed: 24 bits"),
        (lif(4), "tau of shape (4,), allowed: one value, or (3,)"),
        (lif(tau=ones(3, 1e-38), r=ones(3, 3e38)), "decay = -"),
    ],
)
def test_neurons(node, named):
    assert named in nir_refusal(chain(linear(), node))


def test_a_decay_is_fitted_where_it_is_asked_for_and_the_error_told():
    node = lif(tau=ones(3, DT * 10), r=ones(3, 10))
    found = from_nir(chain(linear(), node), dt=DT, reset="zero", choices=Choices(decay="nearest"))
    assert found.network.layers[0].neuron.leak_shift == 3
    assert found.fits[0].decay_error == pytest.approx(0.025)


def test_all_that_is_wrong_is_told_at_once():
    message = nir_refusal(chain(linear(), lif(v_leak=ones(3)), linear(BACK), cubalif(v_reset=ones(3))))
    assert "breaks 2 design rules" in message
    assert "LIF 'n1': v_leak" in message
    assert "CubaLIF 'n3': v_reset" in message


@pytest.mark.parametrize(
    ("weight", "named"),
    [
        (WEIGHT + np.float32(0.1), "integers times 2^-"),
        (WEIGHT * 2.0**13, "of 17 bits, allowed: 16 bits; take weight_bits"),
        (WEIGHT * np.nan, "has a weight that is not a number (NaN)"),
        (np.full_like(WEIGHT, np.inf), "Linear 'n0': weight = "),
        (WEIGHT.T, "weight of shape (4, 3), allowed: (out, in) with in = 4"),
        (WEIGHT.reshape(1, 3, 4), "weight of shape (1, 3, 4), allowed: (out, in)"),
        (WEIGHT[:, :3], "weight of shape (3, 3), allowed: (out, in) with in = 4, what is before it"),
    ],
)
def test_weights(weight, named):
    assert named in nir_refusal(chain(linear(weight), lif()))


def test_flattened_weights():
    node = linear()
    node.weight = node.weight.reshape(-1)
    assert "weight of shape (12,), allowed: (out, in)" in nir_refusal(chain(node, lif()))


def test_a_bias_of_another_size():
    node = nir.Affine(WEIGHT, ones(4))
    assert "Affine 'n0': bias of shape (4,), allowed: (3,)" in nir_refusal(chain(node, lif()))


def test_a_threshold_between_integers_that_would_be_subtracted():
    # 1/3 needs a gain that is no power of two
    node = lif(r=ones(3, 3.0), threshold=1.0)
    message = nir_refusal(chain(linear(), node), reset="subtract")
    assert "among its numbers" in message
    assert from_nir(chain(linear(), node), dt=DT, reset="zero").network.layers[0].neuron.threshold == 1


def test_states_that_need_more_than_24_bits():
    found = chain(linear(2.0**12 * WEIGHT), integrate())
    message = nir_refusal(found, reset="none", choices=Choices(steps=1000))
    assert (
        "IF 'n1': more than 24 bits of state needed to exclude saturation, allowed: 24; choose state_bits"
        in message
    )
    narrow = Choices(steps=1000, state_bits=20)
    assert from_nir(found, reset="none", choices=narrow).network.layers[0].neuron.state_bits == 20


def test_a_state_that_is_too_narrow_for_threshold_or_leak():
    message = nir_refusal(chain(linear(), lif(shift=4, threshold=8)), choices=Choices(state_bits=4))
    assert "threshold = 8, allowed: up to 7 in 4 bits" in message
    assert "leak shift 4, allowed: up to 3 in 4 bits" in message


def test_membranes_of_unequal_gains_are_no_scores():
    node = nir.LI(ones(3, DT * 4), np.array([1, 2, 4], np.float32), ones(3, 0))
    assert "LI 'n1': gains of 0.25 to 1, allowed: equal ones" in nir_refusal(chain(linear(), node))


INPUT, OUTPUT = nir.Input(np.array([4])), nir.Output(np.array([3]))
LINE = [("input", "a"), ("a", "z"), ("z", "output")]
NODES = {"input": INPUT, "a": linear(), "z": lif(), "output": OUTPUT}
SQUARE = linear(BACK)
STRUCTURES = {
    "neurons without weights": (
        graph({"input": INPUT, "z": lif(4), "output": OUTPUT}),
        "LIF 'z': without weights",
    ),
    "two weights in a row": (chain(linear(), SQUARE, lif()), "followed by Linear 'n1', allowed: neurons"),
    "weights last": (
        chain(linear(), lif(), SQUARE),
        "Linear 'n2': followed by Output 'output', allowed: neurons",
    ),
    "a readout in between": (
        chain(linear(), nir.I(ones(3)), SQUARE, lif()),
        "I 'n1': followed by Linear 'n2', allowed: the last layer only",
    ),
    "no layers": (graph({"input": INPUT, "output": OUTPUT}), "joined to the output"),
    "no input": (graph({"a": linear(), "z": lif(), "output": OUTPUT}), "0 nodes of type Input, allowed: one"),
    "two outputs": (
        graph({**NODES, "second": OUTPUT}, [*LINE, ("z", "second")]),
        "2 nodes of type Output, allowed: one",
    ),
    "a branch": (
        graph({**NODES, "b": SQUARE, "y": lif()}, [*LINE, ("z", "b"), ("b", "y"), ("y", "output")]),
        "LIF 'z': followed by 'output', 'b'",
    ),
    "a skip": (
        graph({**NODES, "b": linear()}, [*LINE, ("input", "b"), ("b", "z")]),
        "Input 'input': followed by 'a', 'b', allowed: one node",
    ),
    "an edge to itself": (graph(NODES, [*LINE, ("z", "z")]), "LIF 'z': an edge to itself"),
    "two ways back": (
        graph({**NODES, "b": SQUARE, "c": SQUARE}, [*LINE, ("z", "b"), ("b", "z"), ("z", "c"), ("c", "z")]),
        "LIF 'z': followed by 'b', 'c', 'output'",
    ),
    "feedback from a later layer": (
        graph(
            {**NODES, "b": SQUARE, "y": lif(), "c": SQUARE},
            [("input", "a"), ("a", "z"), ("z", "b"), ("b", "y"), ("y", "c"), ("c", "z"), ("y", "output")],
        ),
        "LIF 'z': input from 'c' too",
    ),
    "recurrent weights of another shape": (
        chain(linear(), recurrent(lif(), linear(WEIGHT))),
        "Linear 'n1.w_rec': weight of shape (3, 4), allowed: (3, 3)",
    ),
    "an edge twice": (graph(NODES, [*LINE, ("a", "z")]), "edge 'a' to 'z': 2 times, allowed: once"),
    "a node apart": (graph({**NODES, "b": linear()}, LINE), "Linear 'b': no part of the chain"),
    "an edge to nowhere": (
        graph(NODES, [*LINE, ("z", "gone")]),
        "has an edge with 'gone'; allowed: its nodes",
    ),
    "a picture without Flatten": (
        chain(linear(), lif(), inputs=(2, 2)),
        "Linear 'n0': input of shape (2, 2), allowed: one dimension: a Flatten before it",
    ),
    "half a Flatten": (
        chain(nir.Flatten({"input": np.array([1, 2, 2])}, 0, 1), linear(), lif(), inputs=(1, 2, 2)),
        "input of shape (2, 2)",
    ),
    "an input of no size": (
        chain(linear(), lif(), inputs=(0,)),
        "shape = [0.0], allowed: integers, 1 to 2^24",
    ),
    "a circle of Flatten": (
        graph(
            {"input": INPUT, "f": nir.Flatten({"input": np.array([4])}, 0), "output": OUTPUT},
            [("input", "f"), ("f", "f")],
        ),
        "Flatten 'f': in a circle without neurons",
    ),
    "a sub-graph without an output": (
        chain(linear(), graph({"input": INPUT, "z": lif()}, [("input", "z")])),
        "graph 'n1' has 0 nodes of type Output; allowed: one",
    ),
}


@pytest.mark.parametrize("structure", STRUCTURES)
def test_structures(structure):
    found, named = STRUCTURES[structure]
    assert named in nir_refusal(found)


EXTREMES = st.sampled_from(
    [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        5e-324,
        1e-310,
        1e-38,
        1e-3,
        3e38,
        1e308,
        np.inf,
        -np.inf,
        np.nan,
        2.0**53,
        0.3,
    ]
)


@settings(max_examples=300)
@given(
    fields=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("tau_syn", "tau_mem", "r", "w_in", "v_leak", "v_threshold", "v_reset", "weight", "bias"),
            EXTREMES,
        ),
    ),
    dt=st.sampled_from([5e-324, 1e-4, DT, 1e308]),
    reset=st.sampled_from(["subtract", "zero", "none"]),
    choices=st.builds(
        Choices,
        decay=st.sampled_from(["exact", "nearest"]),
        weight_bits=st.none() | st.integers(2, 16),
        scale=st.sampled_from(["largest", "power"]),
        state_bits=st.none() | st.integers(2, 24),
    ),
)
# a gain of 0 times infinity
@example(fields={"tau_syn": 5e-324, "r": 5e-324}, dt=1e-4, reset="subtract", choices=Choices())
def test_numbers_beyond_reason_give_a_network_or_one_line(fields, dt, reset, choices):
    weight, bias = np.array(WEIGHT, np.float64), np.zeros(3)
    weight[1, 1], bias[2] = fields.pop("weight", 1), fields.pop("bias", 0)
    node = cubalif(**{name: np.array([2e-3, value, 2e-3]) for name, value in fields.items()})
    # anything but our own errors, warnings included, fails the test
    with contextlib.suppress(SpikerError):
        found = from_nir(chain(nir.Affine(weight, bias), node), dt=dt, reset=reset, choices=choices)
        assert found.network.layers[0].neuron.reset == reset


# Rounding


def test_float_weights_are_rounded_where_a_width_is_given_and_the_error_told():
    weight = np.array([[0.7, -0.35], [0.1, 0.24]], np.float32)
    found = chain(linear(weight), lif(2, threshold=1.0), inputs=(2,))
    assert "take weight_bits" in nir_refusal(found)
    layer = from_nir(found, dt=DT, reset="subtract", choices=Choices(weight_bits=4))
    # 0.7 is 7, one unit is 0.1: -0.35 is -3.5, rounded to even; 1.0 is 10
    assert layer.network.layers[0].weight.tolist() == [[7, 1], [-4, 2]]
    assert layer.network.layers[0].neuron.threshold == 10
    assert layer.fits[0].scale == pytest.approx(0.1)
    assert layer.fits[0].weight_error == pytest.approx(0.05 / 0.7, rel=1e-5)
    # the next power of two above 0.1
    layer = from_nir(found, dt=DT, reset="subtract", choices=Choices(weight_bits=4, scale="power"))
    assert layer.fits[0].scale == 0.125
    assert layer.network.layers[0].weight.tolist() == [[6, 1], [-3, 2]]
    assert layer.network.layers[0].neuron.threshold == 8


def test_integers_that_fit_the_width_stay_as_they_are():
    layer = from_nir(
        chain(linear(), lif()), dt=DT, reset="zero", choices=Choices(weight_bits=6)
    ).network.layers[0]
    assert np.array_equal(layer.weight, WEIGHT.T)
    assert layer.weight_bits == 6


def test_weights_of_zero_can_be_rounded_too():
    node = nir.Affine(np.zeros((3, 4), np.float32), ones(3, 0.1))
    found = from_nir(chain(node, lif(threshold=0.3)), dt=DT, reset="zero", choices=Choices(weight_bits=4))
    layer = found.network.layers[0]
    assert (layer.bias.tolist(), layer.neuron.threshold) == ([7, 7, 7], 21)  # in units of the bias


# snnTorch


def leaky(beta=0.5, **settings):
    return snntorch.Leaky(beta=beta, reset_delay=False, **settings)


def net(*neurons):
    modules = []
    for neuron in neurons:
        linear_module = torch.nn.Linear(2, 2, bias=False)
        linear_module.weight.data = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        modules += [linear_module, neuron]
    return torch.nn.Sequential(*modules)


def snn_refusal(*arguments, **choices):
    return refusal(from_snntorch, *arguments, **choices)


@pytest.mark.parametrize(
    ("neuron", "named"),
    [
        (snntorch.Leaky(beta=0.5), "Leaky '1': reset_delay = True, allowed: False"),
        (
            snntorch.Synaptic(0.5, 0.5, reset_mechanism="zero"),
            "Synaptic '1': reset_delay = True, allowed: False",
        ),
        (
            snntorch.RLeaky(0.5, linear_features=2, reset_mechanism="zero"),
            "reset_delay = True, allowed: False",
        ),
        (leaky(0.9), "decay = 0.9, allowed: 0.875 (shift 3) or 0.9375 (shift 4)"),
        (leaky(threshold=-1.0), "threshold = -1, allowed: 0 or more"),
        (leaky(graded_spikes_factor=2.0), "graded_spikes_factor = 2, allowed: 1"),
        (leaky(state_quant=lambda value: value), "state_quant is set, allowed: state_quant=False"),
        (leaky(threshold=torch.tensor([1.0, 2.0, 3.0])), "1.threshold of shape (3,); allowed: () or (2,)"),
        (leaky(threshold=float("nan")), "1.threshold holds nan; allowed: finite numbers"),
        (leaky(threshold=1 / 3), "2^-25"),
        (snntorch.Synaptic(1.0, 0.5, reset_delay=False), "decay of the current = 1, allowed: 0 to below 1"),
        (
            snntorch.Alpha(0.9, 0.8),
            "Linear '0' is followed by '1', a Alpha; allowed: Leaky, RLeaky, Synaptic, RSynaptic",
        ),
        (torch.nn.ReLU(), "Linear '0' is followed by '1', a ReLU; allowed"),
    ],
)
def test_snntorchs_neurons(neuron, named):
    assert named in snn_refusal(net(neuron))


@pytest.mark.filterwarnings("ignore:Inhibition is an unstable feature")
def test_snntorchs_inhibition():
    assert "Leaky '1': inhibition is set" in snn_refusal(net(leaky(inhibition=True)))


def one(kind="Leaky", neuron="1"):
    return SnnTorchLayer("0", neuron, kind, reset_delay=False)


@pytest.mark.parametrize(
    ("module", "layers", "named"),
    [
        (
            net(snntorch.Synaptic(0.5, 0.75, reset_delay=False)),
            [one()],
            "Leaky '1': has '1.alpha', allowed: a layer of kind Synaptic or RSynaptic",
        ),
        (
            net(snntorch.RLeaky(0.5, linear_features=2, reset_delay=False)),
            [one()],
            "Leaky '1': has '1.recurrent.weight', allowed: a layer of kind RLeaky or RSynaptic",
        ),
        (
            net(snntorch.RSynaptic(0.5, 0.75, linear_features=2, reset_delay=False)),
            [one("RLeaky")],
            "RLeaky '1': has '1.alpha', allowed: a layer of kind Synaptic or RSynaptic",
        ),
        (
            net(leaky(), leaky()),
            [one()],
            "'2.weight': is of no described layer, allowed: one that a SnnTorch",
        ),
        (
            torch.nn.Sequential(net(leaky())[0], torch.nn.BatchNorm1d(2), leaky()),
            [one(neuron="2")],
            "'1.running_mean': is of no described layer",
        ),
    ],
)
def test_a_state_dict_of_which_something_is_not_described(module, layers, named):
    assert named in snn_refusal(module.state_dict(), layers)


@pytest.mark.parametrize(
    ("between", "named"),
    [
        (torch.nn.BatchNorm1d(2), "module '1' is a BatchNorm1d of no described layer; allowed: Flatten, Id"),
        (torch.nn.ReLU(), "module '1' is a ReLU of no described layer"),
        (torch.nn.Sequential(torch.nn.ReLU()), "module '1.0' is a ReLU of no described layer"),
        (leaky(), "module '1' is a Leaky of no described layer"),
    ],
)
def test_a_module_of_which_something_is_not_described(between, named):
    module = torch.nn.Sequential(net(leaky())[0], between, leaky())
    assert named in snn_refusal(module, [one(neuron="2")])


def test_what_changes_nothing_needs_no_description():
    linear = net(leaky())[0]
    plain = torch.nn.Sequential(linear, leaky())
    for idle in (torch.nn.Dropout(0.5), torch.nn.Identity(), torch.nn.CrossEntropyLoss()):
        module = torch.nn.Sequential(linear, leaky(), idle)
        assert from_snntorch(module, [one()]).network.digest == from_snntorch(plain).network.digest


def test_snntorchs_modules_and_descriptions():
    module = net(leaky())
    state = module.state_dict()
    layer = SnnTorchLayer("0", "1", reset_delay=False)
    assert "give description" in snn_refusal(state)
    assert "doesn't say reset_delay of Leaky '1'" in snn_refusal(state, [SnnTorchLayer("0", "1")])
    assert "has no 'fc.weight'; it has: 0.weight" in snn_refusal(state, [SnnTorchLayer("fc", "1")])
    assert "has no '1.alpha'" in snn_refusal(state, [SnnTorchLayer("0", "1", "Synaptic", False)])
    assert "Alpha '1'; allowed: Leaky" in snn_refusal(state, [SnnTorchLayer("0", "1", "Alpha", False)])
    assert "no module 'fc'; there are: 0, 1" in snn_refusal(module, [SnnTorchLayer("fc", "1")])
    assert "module '1' is a Leaky; allowed: Linear" in snn_refusal(module, [SnnTorchLayer("1", "1")])
    assert "module '0' is a Linear; allowed: snnTorch's" in snn_refusal(module, [SnnTorchLayer("0", "0")])
    assert "doesn't describe module '1'" in snn_refusal(module, [SnnTorchLayer("0", "1", reset_delay=True)])
    assert "a ModuleDict doesn't say the order" in snn_refusal(torch.nn.ModuleDict({"a": leaky()}))
    assert "is a Conv2d; allowed: Linear" in snn_refusal(
        torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), leaky())
    )
    assert "has no layers" in snn_refusal(torch.nn.Sequential(torch.nn.Flatten()))
    assert "description is empty" in snn_refusal(module, [])
    wide = torch.nn.Sequential(*net(leaky()), torch.nn.Linear(3, 2), leaky())
    assert "Linear '2': 3 inputs, allowed: 2, what Leaky '1' gives" in snn_refusal(wide)
    state["1.reset_mechanism_val"] = torch.tensor(7)
    assert "1.reset_mechanism_val = 7" in snn_refusal(state, [layer])
