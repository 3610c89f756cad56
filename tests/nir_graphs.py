"""NIR graphs as other tools make them, with the real package, and files of them that can be damaged."""

import itertools

import nir
import numpy as np

DT = 1e-3


def ones(size, value=1.0):
    return np.full(size, value, np.float32)


def lif(size=3, shift=2, threshold=8.0, dt=DT, **changes):
    """A leak of 2^-shift and a gain of one in steps of `dt`."""
    slow = 2.0**shift
    values = {
        "tau": ones(size, dt * slow),
        "r": ones(size, slow),
        "v_leak": ones(size, 0),
        "v_threshold": ones(size, threshold),
        "v_reset": ones(size, 0),
    }
    return nir.LIF(**(values | changes))


def cubalif(size=3, shift=2, current_shift=1, threshold=8.0, dt=DT, **changes):
    values = {
        "tau_syn": ones(size, dt * 2.0**current_shift),
        "tau_mem": ones(size, dt * 2.0**shift),
        "r": ones(size, 2.0**shift),
        "w_in": ones(size, 2.0**current_shift),
        "v_leak": ones(size, 0),
        "v_threshold": ones(size, threshold),
        "v_reset": ones(size, 0),
    }
    return nir.CubaLIF(**(values | changes))


def integrate(size=3, threshold=8.0, **changes):
    """An IF."""
    values = {"r": ones(size), "v_threshold": ones(size, threshold), "v_reset": ones(size, 0)}
    return nir.IF(**(values | changes))


WEIGHT = np.array([[5, -2, 0, 1], [1, 3, 7, -4], [-8, 2, 4, 6]], np.float32)  # (out, in)


BACK = np.array([[0, 1, 2], [3, 0, 4], [5, 6, 0]], np.float32)  # (to, from)


def linear(weight=WEIGHT):
    return nir.Linear(np.asarray(weight, np.float32))


def chain(*nodes, inputs=(4,), outputs=(3,)):
    """A graph of nodes one after the other: input, n0, n1..., output."""
    named = {f"n{number}": node for number, node in enumerate(nodes)}
    return graph({"input": nir.Input(np.array(inputs)), **named, "output": nir.Output(np.array(outputs))})


def graph(nodes, edges=None):
    names = list(nodes)
    joined = list(itertools.pairwise(names)) if edges is None else edges
    return nir.NIRGraph(nodes=nodes, edges=joined, type_check=False)


def recurrent(neuron, back, size=3):
    """A sub-graph with weights back, as snnTorch makes it."""
    shape = np.array([size])
    nodes = {"input": nir.Input(shape), "lif": neuron, "w_rec": back, "output": nir.Output(shape)}
    edges = [("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")]
    return graph(nodes, edges)
