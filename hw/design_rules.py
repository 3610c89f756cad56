"""What the hardware can run: one function a rule, all checked before one error is raised."""

from collections.abc import Callable, Iterator

from hw.control.row_address import RowOrder
from hw.ports import LOAD_ADDRESS_BITS, LOAD_LAYER_BITS
from spiker.errors import DesignRuleError, Violation
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.schedule import SCHEDULES
from spiker.timing_input import ENCODER_VISITS

Rule = Callable[[Network, Hardware], Iterator[Violation]]


def violations(network: Network, hardware: Hardware) -> tuple[Violation, ...]:
    """Everything in a network and its choices that the hardware cannot run."""
    return tuple(violation for rule in RULES for violation in rule(network, hardware))


def check(network: Network, hardware: Hardware) -> None:
    """Raise a `DesignRuleError` that names every layer and reason, if the hardware can't run it.

    An untrained network, or choices for another number of layers, are a `ConfigError`.
    """
    network.require_trained()
    hardware.require_fit(len(network.layers))
    broken = violations(network, hardware)
    if broken:
        raise DesignRuleError(broken, subject="the hardware cannot run this network: it")


def neurons_have_hardware(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """Only some neurons have hardware."""
    for number, layer in enumerate(network.layers):
        if type(layer.neuron) not in SCHEDULES:
            is_last = number == len(network.layers) - 1
            known = ", ".join(neuron.name for neuron in SCHEDULES if neuron.fires or is_last)
            yield Violation(f"layer {number}", f"neuron = {layer.neuron.name!r}", known)


def state_outlives_whole_samples(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """An early answer leaves the rest of a sample out, so there is no state after it to be kept."""
    if hardware.keep_state and network.readout == "first_spike":
        yield Violation("network", "keep_state with readout = 'first_spike'", "membrane, counts")


def thresholds_are_there(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """Only neurons that fire have thresholds to be loaded."""
    if hardware.load_thresholds and not any(layer.neuron.fires for layer in network.layers):
        yield Violation("network", "load_thresholds with no neuron that fires", "false")


def two_lanes_need_active_inputs(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """Who visits every input has no use for two at a time: the first layer's inputs, and all others."""
    for number, choices in enumerate(hardware.of_layers(network)):
        if choices.lanes == 2 and choices.schedule == "clock":
            yield Violation(f"layer {number}", "lanes = 2 with schedule = 'clock'", "lanes = 1, or event")


def what_is_left_out_is_known(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """Rows are left out when the hardware is built, and found for one event at a time."""
    for number, choices in enumerate(hardware.of_layers(network)):
        if choices.sparse not in ("rows", "blocks"):
            continue
        what = f"sparse = {choices.sparse!r} with"
        if choices.weights == "loadable":
            yield Violation(
                f"layer {number}", f"{what} weights = 'loadable'", "never, auto, or weights = 'rom', 'ram'"
            )
        if choices.lanes == 2:
            yield Violation(f"layer {number}", f"{what} lanes = 2", "never, auto, or lanes = 1")


def inputs_have_blocks(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """Values need an encoder that there is a block for; words and values give one event at a time."""
    encoder = network.value_encoder
    if hardware.input == "encoder" and type(encoder) not in ENCODER_VISITS:
        known = ", ".join(model.name for model in ENCODER_VISITS)
        name = "none" if encoder is None else encoder.name
        yield Violation("network", f"input = 'encoder' with encoder {name!r}", known)
    if hardware.input != "events" and hardware.of_layers(network)[0].lanes == 2:
        yield Violation("layer 0", f"lanes = 2 with input = {hardware.input!r}", "lanes = 1, or events")


def shells_reach_what_they_load(network: Network, hardware: Hardware) -> Iterator[Violation]:
    """A shell is told in registers which layer is loaded, and which row."""
    if hardware.shell == "axi":
        yield from _layers_in_reach(network, hardware)
        yield from _rows_in_reach(network, hardware)


def _layers_in_reach(network: Network, hardware: Hardware) -> Iterator[Violation]:
    layers = 1 << LOAD_LAYER_BITS
    beyond = list(enumerate(zip(network.layers, hardware.of_layers(network), strict=True)))[layers:]
    # one line, and not one for each of them
    weights = [number for number, (_, choices) in beyond if choices.weights == "loadable"]
    for number in weights[:1]:
        what = "weights = 'loadable' with shell = 'axi'"
        yield Violation(f"layer {number}", what, f"in layers 0 to {layers - 1}, or weights = 'rom', 'ram'")
    thresholds = [number for number, (layer, _) in beyond if layer.neuron.fires]
    for number in thresholds[:1] if hardware.load_thresholds else ():
        what = "load_thresholds with shell = 'axi'"
        yield Violation(f"layer {number}", what, f"{layers} layers, or false")


def _rows_in_reach(network: Network, hardware: Hardware) -> Iterator[Violation]:
    most = 1 << LOAD_ADDRESS_BITS
    for number, (layer, choices) in enumerate(zip(network.layers, hardware.of_layers(network), strict=True)):
        own = layer.size if layer.is_recurrent else 0
        rows = RowOrder.smallest(network.fan_in[number] + own, choices.passes).depth
        if choices.weights == "loadable" and rows > most:
            what = f"{rows} rows of weights = 'loadable' with shell = 'axi'"
            yield Violation(f"layer {number}", what, f"up to {most}, or weights = 'rom', 'ram'")


RULES: tuple[Rule, ...] = (
    neurons_have_hardware,
    state_outlives_whole_samples,
    thresholds_are_there,
    two_lanes_need_active_inputs,
    what_is_left_out_is_known,
    inputs_have_blocks,
    shells_reach_what_they_load,
)
