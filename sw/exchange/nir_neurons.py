"""NIR's differential equations, discretized: gains and leaks of a step dt, by Euler's rule."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from spiker.errors import Violation
from spiker.neurons.base import Reset
from sw.exchange.nir_chain import Link
from sw.exchange.nir_graph import FIRING, FloatArray, NirNode
from sw.exchange.real_layer import Kind, RealLayer

IfGain = Literal["r", "r*dt"]
IF_GAINS: tuple[IfGain, ...] = ("r", "r*dt")

KINDS: dict[str, Kind] = {
    "IF": "if",
    "LIF": "lif",
    "CubaLIF": "cubalif",
    "I": "li",
    "LI": "li",
    "CubaLI": "cubali",
}


def violations(link: Link) -> Iterator[Violation]:
    """What can't be represented in a layer's neurons and weights, whatever dt is."""
    node, size = link.neuron, int(link.linear.values["weight"].shape[0])
    for name, values in node.values.items():
        if values.size != 1 and (values.size != size or sum(n > 1 for n in values.shape) > 1):
            yield Violation(node.where, f"{name} of shape {values.shape}", f"one value, or ({size},)")
        elif not np.isfinite(values).all():
            advice = "; neurons without a leak are IF or I" if name.startswith("tau") else ""
            yield Violation(
                node.where, f"{name} = {_outside(values, np.isfinite(values))}", f"finite{advice}"
            )
        elif name.startswith("tau") or name in ("r", "w_in"):
            if (values <= 0).any():
                yield Violation(node.where, f"{name} = {_outside(values, values > 0)}", "above 0")
        elif name == "v_leak" and values.any():
            advice = "0; add v_leak / r to the bias of the Affine before it"
            yield Violation(node.where, f"v_leak = {_outside(values, values == 0)}", advice)
        elif name == "v_reset" and values.any():
            yield Violation(node.where, f"v_reset = {_outside(values, values == 0)}", "0")
        elif name == "v_threshold" and (values < 0).any():
            yield Violation(node.where, f"v_threshold = {_outside(values, values >= 0)}", "0 or more")
    for linear in (link.linear, link.recurrent):
        if linear is not None:
            yield from _weights(linear, size)


def _weights(linear: NirNode, size: int) -> Iterator[Violation]:
    for name, values in linear.values.items():
        if not np.isfinite(values).all():
            yield Violation(
                linear.where, f"{name} = {_outside(values, np.isfinite(values))}", "finite numbers"
            )
    bias = linear.values.get("bias")
    if bias is not None and bias.shape not in ((), (1,), (size,)):
        yield Violation(linear.where, f"bias of shape {bias.shape}", f"({size},)")


def _outside(values: FloatArray, fine: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    return float(values[~fine].reshape(-1)[0])


def real_layer(link: Link, dt: float, reset: Reset, if_gain: IfGain) -> RealLayer:
    """The layer in steps of `dt` seconds; `link` has no violations.

    A spike is a current of one during its step. Euler's rule gives v a leak of dt/tau and a gain of
    r dt/tau, and CubaLIF's current a leak of dt/tau_syn and a gain of w_in dt/tau_syn; v sees the
    current of the same step. An IF has no time constant: its gain is r, or r dt.
    """
    node = link.neuron
    size = int(link.linear.values["weight"].shape[0])
    values = {name: np.broadcast_to(v.reshape(-1), (size,)) for name, v in node.values.items()}
    leak = current_leak = None
    gain = values["r"]
    if node.kind in ("IF", "I"):
        gain = gain if if_gain == "r" else gain * dt
    else:
        leak = dt / values["tau" if "tau" in values else "tau_mem"]
        gain = gain * leak
    if "tau_syn" in values:
        current_leak = dt / values["tau_syn"]
        gain = gain * values.get("w_in", np.ones(size)) * current_leak
    fires = node.kind in FIRING
    return RealLayer(
        where=node.where,
        linear=link.linear.where,
        kind=KINDS[node.kind],
        weight=link.linear.values["weight"].T,
        recurrent=None if link.recurrent is None else link.recurrent.values["weight"].T,
        bias=_bias(link, size),
        gain=gain,
        leak=leak,
        current_leak=current_leak,
        threshold=values["v_threshold"] if fires else None,
        reset=reset if fires else "none",
    )


def _bias(link: Link, size: int) -> FloatArray | None:
    """The biases of both weights: they're added in every step, the first included."""
    found = [
        np.broadcast_to(linear.values["bias"].reshape(-1), (size,))
        for linear in (link.linear, link.recurrent)
        if linear is not None and "bias" in linear.values
    ]
    return np.sum(found, axis=0) if found else None
