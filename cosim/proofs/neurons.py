"""Neurons: whatever they hold and whatever is added, a step leaves what the contract says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cosim.proofs.netlist_text import (
    Fault,
    Port,
    converted,
    from_any_state,
    modules_of,
    ports,
    with_body,
    with_more,
    with_outputs,
)
from cosim.proofs.proof import Proof
from cosim.proofs.prover import Method, Problem, ProofError
from hw.control.microprogram import Microprogram
from hw.layer_design import LayerDesign
from hw.neurons.constants import AdderDesign
from hw.templates import render
from spiker.fixed_point import highest, lowest
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.neurons import IF, LI, LIF, CubaLIF, PerNeuron
from spiker.neurons.base import RESETS, Neuron

LABEL = "layer0"
STEERING = ("control", "turn", "state_turn", "write_pass", "clipped", "clipped_second")
"""Outputs of a control that the neurons look at during a step."""

OTHERS = (
    *(
        "event_ready",
        "read",
        "restart",
        "hold",
        "new_scores",
        "comparing",
        "fired",
        "fired_last",
        "step_done",
    ),
    *("bias_row", "bias_number", "decided"),
)
"""Outputs of a control that are 0 during a proof: what they lead to isn't looked at."""

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
        signals: dict[str, dict[int, int]] = {name: {} for name in STEERING}
        phases: dict[int, list[int]] = {}
        # what follows the step is only read
        for place, phase in enumerate([*order, program.next_step]):
            if place < len(order):
                phases.setdefault(phase, []).append(place * passes + 1)
            for turn in range(passes):
                cycle = place * passes + turn
                signals["turn"][cycle] = signals["state_turn"][cycle] = signals["write_pass"][cycle + 1] = (
                    turn
                )
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
        ports=_outputs(verilog),
        values={name: timeline.port(name) for name in timeline.signals},
        optional=events,
    )
    checks = render("proof_neurons.sv.j2", "cosim", neurons=list(_neurons(design, timeline)))
    verilog = with_body(verilog, f"{LABEL}_control", control)
    verilog = with_body(verilog, f"{LABEL}_weights", "  assign row = $anyseq;\n")
    verilog = from_any_state(verilog, modules_of(verilog, f"{LABEL}_(.*_)?(registers|memory|spikes)"))
    verilog = with_more(with_outputs(verilog, LABEL), LABEL, checks) + render("proof_contract.sv.j2", "cosim")
    return Problem(verilog, LABEL, ((Method.BOUNDED, timeline.end + passes),))


def operation_problem(network: Network, hardware: Hardware, fault: Fault | None) -> Problem:
    """An event, clearing or nothing, from whatever the first layer's registers hold."""
    design = LayerDesign.of(network, 0, hardware)
    add, clear = design.program.words[0], design.program.words[design.program.clearing]
    names = ["neurons"] if len(design.adders) == 1 else ["currents", "neurons"]
    verilog = converted(network, hardware).netlist(fault)
    checks = render(
        "proof_operations.sv.j2",
        "cosim",
        stages=[
            {"name": name, "bits": adders.sum_bits, "rest": adders.rest}
            for name, adders in zip(names, design.adders, strict=True)
        ],
        lanes=design.choices.parallelism,
        row_bits=design.row_bits,
        weight_bits=design.weight_bits,
        add=add,
        clear=clear,
    )
    control = "  wire [1:0] choice = $anyseq;\n"
    for port in _outputs(verilog):
        chosen = f"choice == 1 ? {add} : choice == 2 ? {clear} : 0" if port.name == "control" else "0"
        control += f"  assign {port.name} = {chosen};\n"
    verilog = with_body(verilog, f"{LABEL}_control", control)
    verilog = with_body(verilog, f"{LABEL}_weights", "  assign row = $anyseq;\n")
    verilog = from_any_state(verilog, modules_of(verilog, f"{LABEL}_(.*_)?(registers|spikes)"))
    verilog = with_more(with_outputs(verilog, LABEL), LABEL, checks)
    return Problem(verilog, LABEL, ((Method.BOUNDED, 2),))


def _outputs(verilog: str) -> list[Port]:
    """Outputs of the control; one that isn't known here is an error, as nobody would drive it rightly."""
    outputs = [port for port in ports(verilog, f"{LABEL}_control") if port.direction == "output"]
    for port in outputs:
        if port.name not in (*STEERING, *OTHERS):
            known = ", ".join((*STEERING, *OTHERS))
            raise ProofError(f"the control's output {port.name!r} is unknown to the proofs; known: {known}")
    return outputs


def _neurons(design: LayerDesign, timeline: Timeline) -> Iterator[dict[str, Any]]:
    """What the checks need to know of every neuron."""
    lanes = design.choices.parallelism
    least, most = _sums(design.layer)
    names = ["neurons"] if len(design.adders) == 1 else ["currents", "neurons"]
    fires = design.layer.neuron.fires
    added = [phase for phase, name in enumerate(design.program.names) if "CURRENT" in name]
    compares = [phase for phase, name in enumerate(design.program.names) if "COMPARE" in name]
    for number, parameters in enumerate(_parameters(design.layer)):
        turn, lane = divmod(number, lanes)
        states = [_state(name, adders, lane) for name, adders in zip(names, design.adders, strict=True)]
        yield {
            "parameters": parameters,
            "state": states[-1],
            "current": states[0] if len(states) == 2 else None,
            "silent": f"u_spikes_silent[{lane}]" if fires else None,
            "firing": f"u_comparison_firing[{lane}]",
            "begin": timeline.begin + turn,
            "events": [cycle + turn for cycle in timeline.phases[0]],
            "after_events": timeline.phases[1][0] + turn,
            "current_added": timeline.phases[added[0]][0] + turn if added else None,
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


KINDS: dict[str, Callable[..., Neuron]] = {"if": IF, "lif": LIF, "cubalif": CubaLIF}


def _network(kind: str, reset: str, bits: int, *, is_folded: bool, feedback: bool) -> Network:
    """One layer of neurons that all differ."""
    highest_state = highest(bits)
    size = 8 if bits == 4 else 2 * (bits // 2)
    chosen = range(8) if bits == 4 else [0, 1, highest_state // 2, highest_state - 1, highest_state]
    numbers = range(size)
    values: dict[str, Any] = {"state_bits": bits}
    if kind != "li":
        values |= {"reset": reset, "threshold": tuple(chosen[n % len(chosen)] for n in numbers)}
    shifts = tuple(1 + n % (bits - 1) for n in numbers)
    if kind in ("lif", "cubalif"):
        values["leak_shift"] = shifts
    if kind == "li" and reset == "leaks":
        values["leak_shift"] = shifts
    if kind == "cubalif":
        values |= {"current_bits": bits, "current_leak_shift": shifts[::-1]}
    neuron = LI(**values) if kind == "li" else KINDS[kind](**values)
    weight_bits = bits + 2
    layer = Layer(
        size,
        neuron,
        weight_bits=weight_bits,
        weight=np.array([[lowest(weight_bits)] * size, [highest(weight_bits)] * size]),
        bias_bits=None if is_folded else 4,
        bias=None if is_folded else np.array([(-8, 7, 0, 3)[n % 4] for n in numbers]),
        recurrent_bits=4 if feedback else None,
        recurrent=np.diag([(-8, 7, 5, -1)[n % 4] for n in numbers]) if feedback else None,
    )
    return Network(2, 2, (layer,), "membrane" if kind == "li" else "counts")


def step(
    kind: str,
    reset: str,
    bits: int,
    *,
    passes: int = 1,
    feedback: bool = False,
    faults: tuple[Fault, ...] = (),
    quick: bool = False,
) -> Proof:
    """Proof about a neuron's step: of 4 bits for all thresholds, of all widths for all leaks.

    Every neuron of the layer has a threshold, leaks and a bias of its own; one row of weights holds
    any sum that the layer's weights can have, far beyond the state's range on both sides.
    """
    network = _network(kind, reset, bits, is_folded=passes > 1, feedback=feedback)
    parallelism = -(-network.layers[0].size // passes)
    name = f"{kind} {reset}, {bits} bits" + (f", {passes} passes" if passes > 1 else "")
    name += ", feedback" if feedback else ""
    return Proof(
        name,
        "a step from any state with any weights leaves what the contract says",
        partial(step_problem, network, Hardware(parallelism=parallelism)),
        faults,
        quick,
    )


def operations(kind: str, faults: tuple[Fault, ...]) -> Proof:
    """Proof about single operations: any number of events adds up, and clearing clears."""
    network = _network(kind, "subtract", 4, is_folded=False, feedback=False)
    claim = "an event adds its weights, modulo the accumulator; clearing clears; nothing changes nothing"
    problem = partial(operation_problem, network, Hardware())
    return Proof(f"operations of {kind}, 4 bits", claim, problem, faults, quick=True)


ADDERS = f"{LABEL}_neurons"

CARRY = Fault("the clip's carry is lost", ADDERS, r"addend\(0\) := own\(\d+\);", "addend(0) := '0';")
STRICT = Fault(
    "fires at the threshold too", ADDERS, r"chosen := not_threshold\(i\);", "chosen := not_threshold(i) + 1;"
)
CLIP = Fault("clips only just above the range", ADDERS, r"above /= 0", "above = 1")
RESET = Fault(
    "resets who hasn't fired",
    ADDERS,
    r"keeps\(i\) <= stdl\(\(not bool\(silent\(i\)\)\)\);",
    "keeps(i) <= '1';",
)
SHIFT = Fault(
    "the leak's shift is unsigned",
    ADDERS,
    r"shift_right\(signed\(state\), (to_integer\(\w+\(i\)\))\)",
    r"signed(shift_right(state, \1))",
)
NARROW = Fault(
    "the accumulator has one bit less",
    ADDERS,
    r"<= unsigned\(total\(\((\d+) \+ 1\)-1 downto 1\)\);",
    r"<= unsigned(resize(signed(total(\1-1 downto 1)), \1));",
)
SETTLE = Fault(
    "the bits above the state stay", f"{LABEL}_neurons_registers", r"if bool\(settle\) then", "if false then"
)
ZERO = Fault(
    "the reset to zero adds the state",
    ADDERS,
    r"(reset_operand\(i\) <= )\(not (.*)\);",
    r"\1(\2);",
)
CURRENT_SHIFT = Fault(
    "the current's leak has an unsigned shift", f"{LABEL}_currents", SHIFT.right, SHIFT.wrong
)
CURRENT_NARROW = Fault(
    "the current's accumulator has one bit less", f"{LABEL}_currents", NARROW.right, NARROW.wrong
)
MEMORY = Fault(
    "what is read isn't clipped", f"{LABEL}_neurons_memory", r"if clipped = '1' then", "if false then"
)


CLEAR = Fault(
    "clearing keeps the states", f"{LABEL}_neurons_registers", r"if bool\(clear\) then", "if false then"
)
UNSIGNED = Fault(
    "weights are unsigned",
    ADDERS,
    r"resize\(signed\((source\(.*?\))\), (\d+)\)",
    r"signed(resize(\1, \2))",
)


def proofs() -> Iterator[Proof]:
    """Every neuron, at 4, 6 and 8 bits; unfolded and folded."""
    faults = {
        ("lif", "subtract"): (CARRY, STRICT, CLIP, RESET, SHIFT, NARROW, SETTLE),
        ("lif", "zero"): (ZERO, STRICT, RESET),
        ("if", "subtract"): (CARRY, STRICT, CLIP, NARROW, RESET),
        ("cubalif", "subtract"): (STRICT, NARROW, CURRENT_SHIFT, CURRENT_NARROW),
    }
    for bits in (4, 6, 8):
        for kind in KINDS:
            for reset in RESETS:
                broken = faults.get((kind, reset), (STRICT,)) if bits == 4 else ()
                yield step(kind, reset, bits, faults=broken, quick=bits == 4 and reset == "subtract")
        for leaks in ("leaks", "keeps"):
            yield step("li", leaks, bits, faults=(CLIP,) if bits == 4 else ())
        yield step("lif", "subtract", bits, feedback=True, faults=(NARROW,) if bits == 4 else ())
    yield operations("lif", (CLEAR, UNSIGNED))
    yield operations("cubalif", (CLEAR,))
    for kind in KINDS:
        yield step(kind, "subtract", 4, passes=2, faults=(MEMORY, STRICT))
    yield step("lif", "zero", 8, passes=3, feedback=True, faults=(MEMORY,))
