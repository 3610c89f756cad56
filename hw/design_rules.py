"""What the hardware can run: one function a rule, all checked before one error is raised."""

from collections.abc import Callable, Iterator

from spiker.errors import DesignRuleError, Violation
from spiker.network import Network
from spiker.schedule import SCHEDULES

WEIGHT_BITS = (2, 8)
STATE_BITS = (4, 16)

Rule = Callable[[Network], Iterator[Violation]]


def violations(network: Network) -> tuple[Violation, ...]:
    """Everything in a network that the hardware cannot run yet."""
    return tuple(violation for rule in RULES for violation in rule(network))


def check(network: Network) -> None:
    """Raise a `DesignRuleError` that names every layer and reason, if the hardware can't run it.

    An untrained network is a `ConfigError`.
    """
    network.require_trained()
    broken = violations(network)
    if broken:
        raise DesignRuleError(broken, subject="the hardware cannot run this network yet: it")


def neurons_have_hardware(network: Network) -> Iterator[Violation]:
    """Only some neurons have hardware."""
    for number, layer in enumerate(network.layers):
        if type(layer.neuron) not in SCHEDULES:
            is_last = number == len(network.layers) - 1
            known = ", ".join(neuron.name for neuron in SCHEDULES if neuron.fires or is_last)
            yield Violation(f"layer {number}", f"neuron = {layer.neuron.name!r}", known)


def resets_have_hardware(network: Network) -> Iterator[Violation]:
    """Resets are by subtraction or to zero."""
    for number, layer in enumerate(network.layers):
        if getattr(layer.neuron, "reset", None) == "none":
            yield Violation(f"layer {number}", "reset = 'none'", "subtract, zero")


def layers_are_feed_forward(network: Network) -> Iterator[Violation]:
    """No recurrent layers."""
    for number, layer in enumerate(network.layers):
        if layer.is_recurrent:
            yield Violation(f"layer {number}", "recurrent", "feed-forward")


def widths_have_hardware(network: Network) -> Iterator[Violation]:
    """Weights of 2 to 8 bits, states of 4 to 16."""
    for number, layer in enumerate(network.layers):
        for name, bits, (low, high) in (
            ("weight_bits", layer.weight_bits, WEIGHT_BITS),
            ("state_bits", layer.neuron.state_bits, STATE_BITS),
        ):
            if not low <= bits <= high:
                yield Violation(f"layer {number}", f"{name} = {bits}", f"{low} to {high}")


def readout_has_hardware(network: Network) -> Iterator[Violation]:
    """Readout by final membrane or by spike counts."""
    if network.readout not in ("membrane", "counts"):
        yield Violation("network", f"readout = {network.readout!r}", "membrane, counts")


RULES: tuple[Rule, ...] = (
    neurons_have_hardware,
    resets_have_hardware,
    layers_are_feed_forward,
    widths_have_hardware,
    readout_has_hardware,
)
