"""Networks from snnTorch: a module, or a state dict, with a description of its layers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spiker.errors import ConfigError, DesignRuleError, Violation
from sw.exchange.choices import Choices
from sw.exchange.integer_network import Imported, network_of
from sw.exchange.numbers import FloatArray
from sw.exchange.real_layer import Kind, RealLayer
from sw.exchange.snntorch_description import (
    HAS_CURRENT,
    NEURONS,
    RESETS,
    SnnTorchLayer,
    described,
    settings_of,
    undescribed,
)

if TYPE_CHECKING:
    import torch

DEFAULTS = Choices()
SOURCE = "the snnTorch network"


def from_snntorch(
    source: "torch.nn.Module | Mapping[str, torch.Tensor]",
    description: Sequence[SnnTorchLayer] | None = None,
    choices: Choices = DEFAULTS,
) -> Imported:
    """Import a network.

    Parameters
    ----------
    source : torch.nn.Module or state dict
        The network, or what its ``state_dict()`` gave.
    description : sequence of SnnTorchLayer, optional
        The layers, first to last. Of a ``torch.nn.Sequential`` it isn't needed.
    choices : Choices
        How numbers become integers, and what isn't in a network.

    Returns
    -------
    Imported
        Network, notes on what was taken, and each layer's errors.

    Raises
    ------
    ConfigError
        The description or an argument is missing or wrong, or the state dict lacks a name.
    DesignRuleError
        With everything that can't be represented: modules, values, and what to do.
    """
    if isinstance(source, Mapping):
        if not description:
            raise ConfigError(
                "a state dict says neither order nor kinds of layers: give description=[SnnTorchLayer(...)]"
            )
        layers, state = list(description), source
    else:
        layers, state = described(source, description), source.state_dict()
        broken = [found for layer in layers for found in settings_of(source, layer)]
        if broken:
            raise DesignRuleError(broken, SOURCE)
    values = {name: _array(name, tensor) for name, tensor in state.items()}
    violations = list(undescribed(values, layers))
    real = [_real_layer(layer, values, violations) for layer in layers]
    if not violations:
        violations = _sizes(layers, real)
    if violations:
        raise DesignRuleError(violations, SOURCE)
    return network_of(real[0].weight.shape[0], real, choices, (), SOURCE)


def _array(name: str, tensor: Any) -> FloatArray:
    values: FloatArray = np.asarray(tensor.detach().cpu(), np.float64)
    if not np.isfinite(values).all():
        raise ConfigError(
            f"{SOURCE}: {name} holds {values[~np.isfinite(values)][0]}; allowed: finite numbers"
        )
    return values


def _real_layer(
    layer: SnnTorchLayer, state: Mapping[str, FloatArray], violations: list[Violation]
) -> RealLayer:
    where = f"{layer.kind} {layer.neuron!r}"
    if layer.kind not in NEURONS:
        raise ConfigError(f"{where}; allowed: {', '.join(NEURONS)}")
    weight = _tensor(state, layer.linear, "weight").T
    if weight.ndim != 2:
        raise ConfigError(f"{SOURCE}: {layer.linear}.weight of shape {weight.T.shape}; allowed: (out, in)")
    size = weight.shape[1]

    def own(name: str) -> FloatArray:
        values = _tensor(state, layer.neuron, name)
        if values.size not in (1, size):
            raise ConfigError(
                f"{SOURCE}: {layer.neuron}.{name} of shape {values.shape}; allowed: () or ({size},)"
            )
        return np.broadcast_to(values.reshape(-1), (size,))

    reset = _reset(layer, state)
    leak = 1 - np.clip(own("beta"), 0, 1)
    kind: Kind = "cubalif" if layer.kind in HAS_CURRENT else "lif"
    if kind == "lif" and not leak.any():
        kind = "if"
    violations += _order(layer, where, reset, keeps_all=kind == "if")
    threshold = own("threshold")
    if (threshold < 0).any():
        violations.append(Violation(where, f"threshold = {threshold.min():.9g}", "0 or more"))
    if (own("graded_spikes_factor") != 1).any():
        found = f"graded_spikes_factor = {own('graded_spikes_factor')[0]:.9g}"
        violations.append(Violation(where, found, "1: spikes are 0 and 1; multiply it into the next weights"))
    recurrent, biases = _recurrent(layer, state, size), []
    for name in (f"{layer.linear}.bias", f"{layer.neuron}.recurrent.bias"):
        if name in state:
            biases.append(state[name])
    return RealLayer(
        where=where,
        linear=f"Linear {layer.linear!r}",
        kind=kind,
        weight=weight,
        recurrent=recurrent,
        bias=np.sum(biases, axis=0) if biases else None,
        gain=np.ones(size),
        leak=None if kind == "if" else leak,
        current_leak=1 - np.clip(own("alpha"), 0, 1) if kind == "cubalif" else None,
        threshold=threshold,
        reset=reset,
    )


def _tensor(state: Mapping[str, FloatArray], module: str, name: str) -> FloatArray:
    full = f"{module}.{name}"
    if full not in state:
        raise ConfigError(f"{SOURCE} has no {full!r}; it has: {', '.join(state) or 'nothing'}")
    return state[full]


def _reset(layer: SnnTorchLayer, state: Mapping[str, FloatArray]) -> Any:
    value = _tensor(state, layer.neuron, "reset_mechanism_val")
    if value.size != 1 or value.item() not in range(len(RESETS)):
        raise ConfigError(
            f"{SOURCE}: {layer.neuron}.reset_mechanism_val = {value.tolist()}; allowed: 0, 1, 2"
        )
    return RESETS[int(value.item())]


def _recurrent(layer: SnnTorchLayer, state: Mapping[str, FloatArray], size: int) -> FloatArray | None:
    if not layer.is_recurrent:
        return None
    if f"{layer.neuron}.recurrent.V" in state:
        one_to_one = state[f"{layer.neuron}.recurrent.V"].reshape(-1)
        if one_to_one.size not in (1, size):
            raise ConfigError(
                f"{SOURCE}: {layer.neuron}.recurrent.V of {one_to_one.size} values; allowed: {size}"
            )
        return np.diag(np.broadcast_to(one_to_one, (size,)))
    weight = _tensor(state, layer.neuron, "recurrent.weight")
    if weight.shape != (size, size):
        raise ConfigError(
            f"{SOURCE}: {layer.neuron}.recurrent.weight of shape {weight.shape}; allowed: {(size, size)}"
        )
    return weight.T


def _order(layer: SnnTorchLayer, where: str, reset: str, *, keeps_all: bool) -> list[Violation]:
    """Whether the reset comes in the step of the spike, or makes no difference a step later."""
    if layer.reset_delay is None:
        raise ConfigError(
            f"{SOURCE}: a state dict doesn't say reset_delay of {where}: "
            "give SnnTorchLayer(..., reset_delay=False)"
        )
    if not layer.reset_delay or reset == "none":
        return []
    # one step later comes to the same where nothing leaks in between, or nothing is left to leak
    if (reset == "subtract" and keeps_all) or (reset == "zero" and layer.kind == "Leaky"):
        return []
    return [Violation(where, "reset_delay = True", "False: the hardware resets in the step of the spike")]


def _sizes(layers: Sequence[SnnTorchLayer], real: Sequence[RealLayer]) -> list[Violation]:
    """Each layer takes what the one before it gives."""
    found = []
    for layer, one, after in zip(layers[1:], real, real[1:], strict=False):
        if after.weight.shape[0] != one.size:
            inputs = f"{after.weight.shape[0]} inputs"
            found.append(Violation(f"Linear {layer.linear!r}", inputs, f"{one.size}, what {one.where} gives"))
    return found
