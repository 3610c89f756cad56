"""Here, to NIR, and back: the same network file byte for byte; and what other tools find in between."""

import tempfile
from pathlib import Path

import nir
import numpy as np
import pytest
from contract_networks import contract_networks
from hypothesis import given, settings

from spiker import IF, LI, LIF, CubaLIF, FormatError, Latency, Layer, Network, save
from sw.exchange import from_nir, to_nir, write_nir


def file_bytes(network, folder):
    save(network, folder / "net.h5")
    return (folder / "net.h5").read_bytes()


@settings(max_examples=60)
@given(contract_networks())
def test_a_network_comes_back_byte_for_byte(network):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_nir(network, folder / "model.nir")
        back = from_nir(folder / "model.nir")
        assert file_bytes(back.network, folder) == file_bytes(network, folder)
        assert (back.notes, back.fits) == ((), ())
        # through the package itself, as a tool does that reads, keeps and writes
        nir.write(folder / "again.nir", nir.read(folder / "model.nir"))
        assert file_bytes(from_nir(folder / "again.nir").network, folder) == file_bytes(network, folder)


@settings(max_examples=20)
@given(contract_networks(max_layers=2), contract_networks(max_layers=1))
def test_equal_networks_give_equal_files_and_others_dont(network, other):
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / str(number) for number in range(3)]
        for path, written in zip(paths, (network, network, other), strict=True):
            write_nir(written, path)
        contents = [path.read_bytes() for path in paths]
    assert contents[0] == contents[1]
    assert (contents[0] == contents[2]) == (network.digest == other.digest)


def test_the_exported_nodes_say_the_same_in_seconds():
    hidden = Layer(
        2, LIF(threshold=(5, 6), leak_shift=(1, 3)), bias_bits=3, weight=[[1, 2], [3, 4], [5, 6]], bias=3
    )
    second = Layer(
        2,
        CubaLIF(threshold=7, leak_shift=2, current_leak_shift=4, reset="zero"),
        recurrent_bits=4,
        weight=[[1, -1], [2, -2]],
        recurrent=[[0, 5], [-6, 0]],
    )
    third = Layer(1, IF(threshold=9, reset="none"), weight=[[1], [2]])
    graph = to_nir(Network(3, 6, [hidden, second, third], "counts", Latency(9, 2)), dt=1e-3)

    assert graph.edges == [
        ("input", "weights_0"),
        ("weights_0", "neurons_0"),
        ("neurons_0", "weights_1"),
        ("weights_1", "neurons_1"),
        ("neurons_1", "weights_2"),
        ("weights_2", "neurons_2"),
        ("neurons_2", "output"),
    ]
    weights, lif = graph.nodes["weights_0"], graph.nodes["neurons_0"]
    assert isinstance(weights, nir.Affine)
    assert weights.weight.tolist() == [[1, 3, 5], [2, 4, 6]]  # (out, in)
    assert weights.bias.tolist() == [3, 3]
    # Euler's rule: a leak of dt/tau = 1/2 and 1/8, a gain of r dt/tau = 1
    assert np.allclose(lif.tau, [0.002, 0.008], rtol=1e-7)
    assert lif.r.tolist() == [2, 8]
    assert lif.v_threshold.tolist() == [5, 6]
    assert lif.v_leak.tolist() == lif.v_reset.tolist() == [0, 0]
    assert lif.metadata["spiker_reset"] == "subtract"

    inner = graph.nodes["neurons_1"].nodes
    assert inner["recurrent"].weight.tolist() == [[0, -6], [5, 0]]  # (to, from)
    cuba = inner["neurons"]
    assert np.allclose(cuba.tau_syn, 0.016, rtol=1e-7)
    assert np.allclose(cuba.tau_mem, 0.004, rtol=1e-7)
    assert (cuba.w_in.tolist(), cuba.r.tolist()) == ([16, 16], [4, 4])
    assert graph.nodes["neurons_2"].r.tolist() == [1]
    assert graph.metadata["spiker_dt"] == 1e-3


@pytest.mark.parametrize(("shift", "kind"), [(None, nir.I), (3, nir.LI)])
def test_integrators_are_exported_as_such(shift, kind):
    graph = to_nir(Network(1, 2, [Layer(1, LI(leak_shift=shift), weight=[[1]])]))
    assert type(graph.nodes["neurons_0"]) is kind


SMALL = Network(2, 3, [Layer(2, LIF(threshold=5, leak_shift=2), weight=[[1, 2], [3, 4]])], "counts")


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (
            lambda g: g.nodes["neurons_0"].v_threshold.__setitem__(1, 6),
            "v_threshold of neuron 1 = 6, its metadata say 5",
        ),
        (lambda g: g.nodes["neurons_0"].tau.__setitem__(0, 1), "tau of neuron 0 = 1"),
        (
            lambda g: g.nodes["weights_0"].weight.__setitem__((0, 0), 0.5),
            "weight holds 0.5, its metadata say integers",
        ),
        (lambda g: g.nodes["weights_0"].metadata.pop("spiker_weight_bits"), "spiker_weight_bits is missing"),
        (lambda g: g.nodes["neurons_0"].metadata.update(spiker_neuron="alif"), "unknown neuron 'alif'"),
        (
            lambda g: g.nodes["neurons_0"].metadata.update(spiker_neuron="if"),
            "of type LIF, its metadata say IF",
        ),
        (
            lambda g: g.nodes["neurons_0"].metadata.update(spiker_threshold=5.0),
            "spiker_threshold is of another type",
        ),
        (lambda g: g.nodes["neurons_0"].metadata.update(spiker_threshold=np.ones(3, int)), "has shape (3,)"),
        (lambda g: g.metadata.update(spiker_format=2), "spiker_format = 2; allowed: 1"),
        (lambda g: g.metadata.update(spiker_steps="many"), "spiker_steps is of another type"),
        (lambda g: g.metadata.update(spiker_encoder="morse"), "unknown encoder 'morse'"),
    ],
)
def test_what_another_program_changed_is_refused_by_name(edit, named):
    graph = to_nir(SMALL)
    edit(graph)
    with pytest.raises(FormatError) as error:
        from_nir(graph)
    assert named in str(error.value)


def test_a_design_rule_that_metadata_break_names_the_file():
    graph = to_nir(SMALL)
    graph.nodes["weights_0"].weight[1, 1] = 8
    with pytest.raises(ValueError, match=r"graph breaks design rule: layer 0: weight\[1, 1\] = 8 in 4 bits"):
        from_nir(graph)


def test_arguments_that_differ_from_the_metadata_are_told_of():
    back = from_nir(to_nir(SMALL), dt=1e-3, reset="zero")
    assert back.network.digest == SMALL.digest
    assert len(back.notes) == 2
    assert "dt = 0.001 not used" in back.notes[0]
    assert back.notes[1] == "reset = zero not used: the nodes' metadata say subtract"
    readout = Layer(2, LI(), weight=[[1, 0], [0, 1]])
    with_readout = Network(2, 3, [*SMALL.layers, readout])
    # a readout never fires, so that no metadata have a reset of it
    assert from_nir(to_nir(with_readout), reset="zero").notes == back.notes[1:]


@pytest.mark.parametrize("dt", [0, -1e-3, float("nan"), float("inf"), 1e300, 1e-40, "1"])
def test_a_step_that_is_no_time_is_refused(dt):
    with pytest.raises(ValueError, match=r"dt = .*; allowed: seconds of a step"):
        to_nir(SMALL, dt)


def test_a_network_without_weights_is_refused():
    with pytest.raises(ValueError, match="layer 0 has no weights"):
        to_nir(Network(2, 3, [Layer(2, LIF())], "counts"))
