"""Networks from NIR graphs: nothing is guessed, and what can't be represented is refused by name."""

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from spiker.errors import ConfigError, DesignRuleError
from spiker.network import Network
from spiker.neurons.base import RESETS, Reset
from sw.exchange.choices import Choices
from sw.exchange.integer_network import Imported, network_of
from sw.exchange.nir_chain import Chain, Link, chain_of
from sw.exchange.nir_graph import FIRING, NirGraph, flat_graph
from sw.exchange.nir_metadata import has_integers, network_from_metadata, step_of
from sw.exchange.nir_neurons import IF_GAINS, IfGain, real_layer, violations
from sw.exchange.nir_tree import PREFIX, tree_of_file, tree_of_graph

if TYPE_CHECKING:
    import nir

DEFAULTS = Choices()


def from_nir(
    source: "str | Path | nir.NIRGraph",
    dt: float | None = None,
    reset: Reset | None = None,
    choices: Choices = DEFAULTS,
    if_gain: IfGain = "r",
) -> Imported:
    """Import a network.

    Parameters
    ----------
    source : path or nir.NIRGraph
        A file, or a graph of the `nir` package.
    dt : float, optional
        Seconds of a time step, needed where a node has a time constant.
    reset : {"subtract", "zero", "none"}, optional
        Of neurons whose node doesn't say it in its metadata; NIR itself knows v_reset only.
    choices : Choices
        How numbers become integers, and what isn't in a graph.
    if_gain : {"r", "r*dt"}
        What an input of one adds to an IF or I in a step: r, as all tools that read NIR have it, or
        r dt, as Euler's rule has it.

    Returns
    -------
    Imported
        Network, notes on what was taken, and each layer's errors. Of a graph that this project
        wrote, exactly the network that was exported.

    Raises
    ------
    ConfigError
        The file can't be read, or an argument is missing or wrong.
    FormatError
        It is no NIR file, damaged, or breaks the format.
    DesignRuleError
        With everything that can't be represented: nodes, values, and what to do.
    """
    _check(dt, reset, if_gain)
    if isinstance(source, str | Path):
        graph = flat_graph(tree_of_file(source), str(source))
    else:
        graph = flat_graph(tree_of_graph(source), "graph")
    chain = chain_of(graph)
    if has_integers(graph):
        try:
            network = network_from_metadata(graph, chain)
        except DesignRuleError as error:
            raise DesignRuleError(error.violations, graph.source) from error
        return Imported(network, tuple(_ignored(graph, network, dt, reset, choices)), ())
    broken = [violation for link in chain.links for violation in violations(link)]
    if broken:
        raise DesignRuleError(broken, graph.source)
    step = _step(graph, chain, dt)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        layers = [real_layer(link, step, _reset(graph, link, reset), if_gain) for link in chain.links]
    return network_of(chain.inputs, layers, choices, _notes(chain, dt, if_gain), graph.source)


def _check(dt: float | None, reset: Reset | None, if_gain: IfGain) -> None:
    if dt is not None and not (isinstance(dt, int | float) and math.isfinite(dt) and dt > 0):
        raise ConfigError(f"dt = {dt!r}; allowed: seconds of a step, above 0")
    if reset is not None and reset not in RESETS:
        raise ConfigError(f"reset = {reset!r}; allowed: {', '.join(RESETS)}")
    if if_gain not in IF_GAINS:
        raise ConfigError(f"if_gain = {if_gain!r}; allowed: {', '.join(get_args(IfGain))}")


def _step(graph: NirGraph, chain: Chain, dt: float | None) -> float:
    for link in chain.links:
        if dt is None and any(name.startswith("tau") for name in link.neuron.values):
            raise ConfigError(
                f"{graph.source}: {link.neuron.where} has time constants, and NIR doesn't say the time step: "
                "give dt in seconds (snnTorch exports for 1e-4, Norse for 1e-3)"
            )
    return 1.0 if dt is None else float(dt)


def _reset(graph: NirGraph, link: Link, reset: Reset | None) -> Reset:
    """What the node's metadata say, otherwise what the caller says."""
    node = link.neuron
    if node.kind not in FIRING:
        return "none"
    found = node.metadata.get(f"{PREFIX}reset", reset)
    if found is None:
        raise ConfigError(
            f"{graph.source}: {node.where} doesn't say its reset, because NIR knows one to v_reset only: "
            "give reset = subtract or zero, what the source did"
        )
    if found not in RESETS:
        raise ConfigError(
            f"{graph.source}: {node.where}: metadata {PREFIX}reset = {found!r}; allowed: {', '.join(RESETS)}"
        )
    chosen: Reset = found
    return chosen


def _notes(chain: Chain, dt: float | None, if_gain: IfGain) -> list[str]:
    kinds = {link.neuron.kind for link in chain.links}
    notes = []
    if dt is not None:
        notes.append(f"dt = {dt:g} s: leaks are dt/tau, gains r dt/tau, by Euler's rule")
    if kinds & {"IF", "I"}:
        notes.append(f"IF and I: an input of one adds {if_gain.replace('*', ' ')} in a step")
    if kinds & {"CubaLIF", "CubaLI"}:
        notes.append("CubaLIF: the membrane sees the current of the same step")
    if any(link.recurrent for link in chain.links):
        notes.append("recurrent spikes arrive one step later")
    return notes


def _ignored(
    graph: NirGraph, network: Network, dt: float | None, reset: Reset | None, choices: Choices
) -> list[str]:
    """Arguments that say something else than the metadata, which are what counts."""
    notes = []
    if dt is not None and dt != step_of(graph):
        notes.append(
            f"dt = {dt:g} not used: the graph was written for {step_of(graph):g}, and holds integers"
        )
    # the readout may never fire, and has no reset then
    resets = {layer.neuron.reset for layer in network.layers if hasattr(layer.neuron, "reset")}
    if reset is not None and resets - {reset}:
        notes.append(f"reset = {reset} not used: the nodes' metadata say {', '.join(sorted(resets))}")
    kept = Choices(
        steps=choices.steps and network.steps,
        readout=choices.readout and network.readout,
        encoder=choices.encoder and network.encoder,
    )
    if replace(choices, decay="exact", scale="largest") != kept:
        notes.append("the graph holds integers: no other choices are used")
    return notes
