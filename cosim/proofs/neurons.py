"""Neurons: whatever they hold and whatever is added, a step leaves what the contract says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from cosim.proofs.netlist_text import (
    Fault,
    converted,
    from_any_state,
    modules_of,
    ports,
    with_body,
    with_more,
)
from cosim.proofs.prover import Method, Problem
from hw.control.microprogram import Microprogram
from hw.layer_design import LayerDesign
from hw.neurons.constants import AdderDesign
from hw.templates import render
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.neurons import PerNeuron

LABEL = "layer0"
EVENTS = 1
"""Rows of weights that are added in a step."""


@dataclass(frozen=True)
class Timeline:
    """When a step's operations are carried out, in place of the layer's control.

    An operation is issued for one pass a cycle, and carried out in the next cycle.

    Attributes
    ----------
    signals : dict
        What the control's ports are, by port and cycle; 0 where nothing is named.
    phases : dict
        Cycles in which a phase is carried out for pass 0, by the phase.
    begin, end : int
        Cycles in which the states before and after the step show, of pass 0.
    """

    signals: dict[str, dict[int, int]]
    phases: dict[int, list[int]]
    begin: int
    end: int

    @classmethod
    def of(cls, program: Microprogram, passes: int) -> "Timeline":
        """A step, from its first operation to the one after it."""
        before = list(range(program.clearing + 1, len(program.words)))
        order = [*before, *[0] * EVENTS, *range(1, program.step_end + 1)]
        signals: dict[str, dict[int, int]] = {
            name: {} for name in ("control", "turn", "write_pass", "clipped", "clipped_second")
        }
        phases: dict[int, list[int]] = {}
        # what follows the step is only read
        for place, phase in enumerate([*order, program.next_step]):
            if place < len(order):
                phases.setdefault(phase, []).append(place * passes + 1)
            for turn in range(passes):
                cycle = place * passes + turn
                signals["turn"][cycle] = signals["write_pass"][cycle + 1] = turn
                signals["control"][cycle + 1] = program.words[phase] if place < len(order) else 0
                for name, (after, until) in zip(("clipped", "clipped_second"), program.clipped, strict=True):
                    signals[name][cycle] = int(after < phase <= until)
        return cls(signals, phases, 1, len(order) * passes + 1)

    def port(self, name: str) -> dict[int, int]:
        """What a port is, without zeros."""
        return {cycle: value for cycle, value in self.signals[name].items() if value}


def step_problem(network: Network, hardware: Hardware, fault: Fault | None) -> Problem:
    """One step of the network's first layer, from any state, with any weights."""
    design = LayerDesign.of(network, 0, hardware)
    passes = design.choices.passes
    timeline = Timeline.of(design.program, passes)
    events = [cycle + turn for cycle in timeline.phases[0] for turn in range(passes)]
    verilog = converted(network, hardware).netlist(fault)
    control = render(
        "proof_control.sv.j2",
        "cosim",
        ports=[port for port in ports(verilog, f"{LABEL}_control") if port.direction == "output"],
        values={name: timeline.port(name) for name in timeline.signals},
        optional=events,
    )
    checks = render("proof_neurons.sv.j2", "cosim", neurons=list(_neurons(design, timeline)))
    verilog = with_body(verilog, f"{LABEL}_control", control)
    verilog = with_body(verilog, f"{LABEL}_weights", "  assign row = $anyseq;\n")
    verilog = from_any_state(verilog, modules_of(verilog, f"{LABEL}_(.*_)?(registers|memory|spikes)"))
    verilog = with_more(verilog, LABEL, checks) + render("proof_contract.sv.j2", "cosim")
    return Problem(verilog, LABEL, ((Method.BOUNDED, timeline.end + passes),))


def _neurons(design: LayerDesign, timeline: Timeline) -> Iterator[dict[str, Any]]:
    """What the checks need to know of every neuron."""
    lanes = design.choices.parallelism
    least, most = _sums(design.layer)
    names = ["neurons"] if len(design.adders) == 1 else ["currents", "neurons"]
    fires = design.layer.neuron.fires
    compares = [phase for phase, name in enumerate(design.program.names) if "COMPARE" in name]
    for number, parameters in enumerate(_parameters(design.layer)):
        turn, lane = divmod(number, lanes)
        states = [
            _state(name, adders, lane) for name, adders in zip(names, design.adders, strict=True)
        ]
        yield {
            "parameters": parameters,
            "state": states[-1],
            "current": states[0] if len(states) == 2 else None,
            "silent": f"u_spikes_silent[{lane}]" if fires else None,
            "firing": f"u_comparison_firing[{lane}]",
            "begin": timeline.begin + turn,
            "events": [cycle + turn for cycle in timeline.phases[0]],
            "after_events": timeline.phases[1][0] + turn,
            "compare": timeline.phases[compares[0]][0] + turn if compares else None,
            "end": timeline.end + turn,
            "row_low": lane * design.weight_bits,
            "row_high": (lane + 1) * design.weight_bits - 1,
            "least": least[number],
            "most": most[number],
        }


def _state(name: str, adders: AdderDesign, lane: int) -> dict[str, Any]:
    kind = "memory" if adders.is_folded else "registers"
    low = lane * adders.sum_bits
    return {
        "wire": f"u_{name}_{kind}_accumulators[{low + adders.sum_bits - 1}:{low}]",
        "rest": 1 << (adders.state_bits - 1),
    }


def _sums(layer: Layer) -> tuple[list[int], list[int]]:
    """The least and the most that input weights of a neuron can sum up to, in any set of spikes."""
    weights = layer.weights
    return np.minimum(weights, 0).sum(axis=0).tolist(), np.maximum(weights, 0).sum(axis=0).tolist()


def _parameters(layer: Layer) -> Iterator[dict[str, int]]:
    """Parameters of the contract, of every neuron."""
    neuron = layer.neuron
    for number in range(layer.size):
        yield {
            "STATE_BITS": neuron.state_bits,
            "CURRENT_BITS": getattr(neuron, "current_bits", 0),
            "LEAK_SHIFT": _one(getattr(neuron, "leak_shift", None), number),
            "CURRENT_LEAK_SHIFT": _one(getattr(neuron, "current_leak_shift", None), number),
            "BIAS": int(layer.biases[number]),
            "FEEDBACK": int(layer.recurrent_weights[number, number]),
            "FIRES": int(neuron.fires),
            "THRESHOLD": _one(getattr(neuron, "threshold", None), number),
            "SUBTRACTS": int(getattr(neuron, "reset", "") == "subtract"),
            "ZEROES": int(getattr(neuron, "reset", "") == "zero"),
        }


def _one(value: PerNeuron | None, number: int) -> int:
    if value is None:
        return 0
    return value[number] if isinstance(value, tuple) else value
