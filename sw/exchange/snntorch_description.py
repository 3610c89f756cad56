"""Which modules of an snnTorch network are its layers, and what their settings are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from spiker.errors import ConfigError, Violation
from spiker.neurons.base import Reset

if TYPE_CHECKING:
    import torch

NEURONS = ("Leaky", "RLeaky", "Synaptic", "RSynaptic")
"""snnTorch's neurons that the hardware's arithmetic has."""

HAS_CURRENT = ("Synaptic", "RSynaptic")
RESETS: tuple[Reset, ...] = ("subtract", "zero", "none")
"""By snnTorch's `reset_mechanism_val`."""

PASS_ON = ("Flatten", "Identity", "Dropout")
"""Modules that change nothing in evaluation."""

STATE = ("threshold", "graded_spikes_factor", "reset_mechanism_val", "beta")
CURRENT_STATE = ("alpha",)
RECURRENT_STATE = ("recurrent.weight", "recurrent.bias", "recurrent.V", "V")
"""What a state dict has of a neuron: of all, of those with a current, and of the recurrent ones."""


@dataclass(frozen=True)
class SnnTorchLayer:
    """A layer: weights, then neurons.

    Parameters
    ----------
    linear, neuron : str
        The modules' names, as in the state dict's keys: ``fc1`` and ``lif1``.
    kind : {"Leaky", "RLeaky", "Synaptic", "RSynaptic"}
        The neuron's class.
    reset_delay : bool, optional
        snnTorch's argument, True unless the neuron was made with False. A module says it, a state
        dict doesn't.
    """

    linear: str
    neuron: str
    kind: str = "Leaky"
    reset_delay: bool | None = None

    @property
    def is_recurrent(self) -> bool:
        """Whether spikes come back."""
        return self.kind.startswith("R")

    @property
    def keys(self) -> set[str]:
        """What a state dict may have of the layer."""
        own = STATE + CURRENT_STATE * (self.kind in HAS_CURRENT) + RECURRENT_STATE * self.is_recurrent
        return {f"{self.linear}.weight", f"{self.linear}.bias", *(f"{self.neuron}.{name}" for name in own)}


def described(module: "torch.nn.Module", description: Sequence[SnnTorchLayer] | None) -> list[SnnTorchLayer]:
    """The layers of a module; kinds and delays are those of the module, and a description may not differ."""
    if description is None:
        return _of_sequential(module)
    if not description:
        raise ConfigError("description is empty; allowed: a SnnTorchLayer for each layer")
    layers = [_checked(module, layer) for layer in description]
    _require_all(module, layers)
    return layers


def undescribed(state: Iterable[str], layers: Sequence[SnnTorchLayer]) -> Iterator[Violation]:
    """Values of a state dict that belong to no layer of the description."""
    known = {key for layer in layers for key in layer.keys}
    for name in state:
        if name in known:
            continue
        owner = next((layer for layer in layers if name.startswith(f"{layer.neuron}.")), None)
        if owner is None:
            yield Violation(repr(name), "is of no described layer", "one that a SnnTorchLayer names")
            continue
        kinds = [kind for kind in NEURONS if name in replace(owner, kind=kind).keys]
        allowed = f"a layer of kind {' or '.join(kinds)}" if kinds else "a neuron without it"
        yield Violation(f"{owner.kind} {owner.neuron!r}", f"has {name!r}", allowed)


def _require_all(module: "torch.nn.Module", layers: Sequence[SnnTorchLayer]) -> None:
    """Refuse a description that leaves out a module that may change what the network computes."""
    known = [name for layer in layers for name in (layer.linear, layer.neuron)]
    for name, child in module.named_modules():
        kind = type(child).__name__
        is_part = any(name == other or name.startswith(f"{other}.") for other in known)
        if is_part or kind in PASS_ON or kind.endswith("Loss") or next(child.children(), None) is not None:
            continue
        raise ConfigError(
            f"module {name!r} is a {kind} of no described layer; "
            f"allowed: {', '.join(PASS_ON)} between layers, and a SnnTorchLayer for everything else"
        )


def _of_sequential(module: "torch.nn.Module") -> list[SnnTorchLayer]:
    if type(module).__name__ != "Sequential":
        raise ConfigError(
            f"a {type(module).__name__} doesn't say the order of its layers: "
            "give description=[SnnTorchLayer(...)]"
        )
    modules = [
        (name, child) for name, child in module.named_children() if type(child).__name__ not in PASS_ON
    ]
    layers = []
    for place in range(0, len(modules), 2):
        name, child = modules[place]
        if type(child).__name__ != "Linear":
            raise ConfigError(
                f"module {name!r} is a {type(child).__name__}; allowed: Linear, then neurons, in turn"
            )
        if place + 1 == len(modules) or not _is_neuron(modules[place + 1][1]):
            after = "nothing"
            if place + 1 < len(modules):
                after = f"{modules[place + 1][0]!r}, a {type(modules[place + 1][1]).__name__}"
            raise ConfigError(f"Linear {name!r} is followed by {after}; allowed: {', '.join(NEURONS)}")
        neuron, found = modules[place + 1]
        layers.append(_checked(module, SnnTorchLayer(name, neuron, type(found).__name__)))
    if not layers:
        raise ConfigError("the Sequential has no layers; allowed: Linear, then neurons, in turn")
    return layers


def _is_neuron(module: Any) -> bool:
    return type(module).__module__.startswith("snntorch.") and type(module).__name__ in NEURONS


def _checked(module: "torch.nn.Module", layer: SnnTorchLayer) -> SnnTorchLayer:
    neuron = _child(module, layer.neuron)
    linear = _child(module, layer.linear)
    kind = type(neuron).__name__
    if not _is_neuron(neuron):
        raise ConfigError(f"module {layer.neuron!r} is a {kind}; allowed: snnTorch's {', '.join(NEURONS)}")
    if type(linear).__name__ != "Linear":
        raise ConfigError(f"module {layer.linear!r} is a {type(linear).__name__}; allowed: Linear")
    delay = bool(neuron.reset_delay)
    if layer.kind != kind or layer.reset_delay not in (None, delay):
        raise ConfigError(
            f"{layer} doesn't describe module {layer.neuron!r}, which is a {kind} with reset_delay={delay}"
        )
    return replace(layer, reset_delay=delay)


def _child(module: "torch.nn.Module", name: str) -> Any:
    try:
        return module.get_submodule(name)
    except AttributeError:
        known = ", ".join(child for child, _ in module.named_modules() if child)
        raise ConfigError(f"no module {name!r}; there are: {known or 'none'}") from None


def settings_of(module: "torch.nn.Module", layer: SnnTorchLayer) -> Iterator[Violation]:
    """Settings of the neurons that the hardware doesn't have and a state dict doesn't show."""
    neuron = _child(module, layer.neuron)
    for name, meaning in (
        ("inhibition", "all neurons may fire"),
        ("state_quant", "states are integers here"),
    ):
        if getattr(neuron, name, False):
            yield Violation(f"{layer.kind} {layer.neuron!r}", f"{name} is set", f"{name}=False; {meaning}")
