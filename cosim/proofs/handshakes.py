"""Streams: no beat is lost, none comes twice, and nothing gets stuck."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from cosim.proofs.netlist_text import Fault, converted, from_any_state, ports, with_more
from cosim.proofs.proof import Proof
from cosim.proofs.prover import Method, Problem
from hw.control.microprogram import Control
from hw.layer_design import LayerDesign
from hw.templates import render
from spiker.hardware import Hardware, Sparse
from spiker.network import Layer, Network
from spiker.neurons import LI, LIF

FAULT_CYCLES = 20
"""Cycles after a reset in which a fault must show."""

CYCLES = 12
"""Cycles after a reset in which every state is looked at."""


def _network(hidden: int, classes: int, *, recurrent: bool = False) -> Network:
    """A hidden layer and a readout by membrane; what the weights are doesn't matter to the streams."""
    own = np.arange(hidden * hidden).reshape(hidden, hidden) % 3 if recurrent else None
    neuron = LIF(state_bits=4, threshold=3, leak_shift=1)
    first = Layer(
        hidden,
        neuron,
        weight_bits=2,
        weight=np.ones((3, hidden), int),
        recurrent_bits=3 if recurrent else None,
        recurrent=own,
    )
    last = Layer(classes, LI(state_bits=4), weight_bits=2, weight=np.ones((hidden, classes), int))
    return Network(3, 2, (first, last), "membrane")


def inside(
    network: Network,
    hardware: Hardware,
    fault: Fault | None,
    *,
    module: str,
    template: str,
    values: dict[str, Any],
    methods: tuple[tuple[Method, int], ...],
) -> Problem:
    """Checks inside a module, whose registers may hold anything before the reset.

    What serves the induction alone (``inv_...``) is about how the module works: a fault must break
    what is promised to others, so there it's left out.
    """
    verilog = converted(network, hardware).netlist(fault)
    widths = {f"{port.name}_bits": port.bits for port in ports(verilog, module)}
    more = render(
        template, "cosim", **values, **{name: widths[name] for name in widths if name not in values}
    )
    if fault is not None:
        more = re.sub(r"^.*\binv_\w+: .*\n", "", more, flags=re.MULTILINE)
        methods = ((Method.BOUNDED, FAULT_CYCLES),)
    return Problem(with_more(from_any_state(verilog, [module]), module, more), module, methods)


FOREVER = ((Method.BOUNDED, CYCLES), (Method.INDUCTION, 3))


def serializer(name: str, neurons: int, parallelism: int, faults: tuple[Fault, ...], quick: bool) -> Proof:
    """Proof about the serializer of a layer."""
    network, hardware = _network(neurons, 2), Hardware(parallelism=(parallelism, 2))
    scan = LayerDesign.of(network, 0, hardware).scan
    values = {
        "spikes": scan.lanes * scan.passes,
        "lanes": scan.lanes,
        "passes": scan.passes,
        "words": scan.words,
        "starts": [
            turn * scan.lanes + part * scan.word_bits
            for turn in range(scan.passes)
            for part in range(scan.words_a_pass)
        ],
        "sizes": [
            min(scan.word_bits, scan.lanes - part * scan.word_bits)
            for _ in range(scan.passes)
            for part in range(scan.words_a_pass)
        ],
        "index_bits": max(1, (neurons - 1).bit_length()),
    }
    problem = partial(
        inside,
        network,
        hardware,
        module="layer0_serializer",
        template="proof_serializer.sv.j2",
        values=values,
        methods=FOREVER,
    )
    claim = "every spike of a step comes out once, in order, then one tick; nothing is lost where it proceeds"
    return Proof(name, claim, problem, faults, quick)


def merge(name: str, faults: tuple[Fault, ...]) -> Proof:
    """Proof about the merge of a recurrent layer's own events with the others."""
    network, hardware = _network(3, 2, recurrent=True), Hardware()
    problem = partial(
        inside,
        network,
        hardware,
        module="layer0_merge",
        template="proof_merge.sv.j2",
        values={"inputs": 3, "keeps_state": False},
        methods=FOREVER,
    )
    claim = "every beat of both sides goes on once, own ones first; their tick is swallowed"
    return Proof(name, claim, problem, faults, quick=True)


def readout(name: str, classes: int, faults: tuple[Fault, ...]) -> Proof:
    """Proof about the readout."""
    network, hardware = _network(2, classes), Hardware()
    problem = partial(
        inside,
        network,
        hardware,
        module="readout",
        template="proof_readout.sv.j2",
        values={"bits": 4, "classes": classes, "value_bits": 4},
        methods=(*FOREVER, (Method.COVER, 2 * classes + 6)),
    )
    claim = "the class is the lowest index of the highest score; then the scores, in order, once each"
    return Proof(name, claim, problem, faults, quick=True)


def control(name: str, number: int, parallelism: int, faults: tuple[Fault, ...], quick: bool) -> Proof:
    """Proof about the control of the hidden layer (0) or of the last one (1)."""
    network = _network(4, 4)
    hardware = Hardware(parallelism=parallelism)
    design = LayerDesign.of(network, number, hardware)
    program, passes = design.program, design.choices.passes
    phases = len(program.words) * passes
    values = {
        "words": [word & ~(1 << Control.LAST) for word in program.words],
        "names": program.names,
        "mask": (1 << Control.LAST) - 1,
        "passes": passes,
        "clearing": program.clearing,
        "step_end": program.step_end,
        "next_step": program.next_step,
        "after_sample": program.after_sample,
        "holding": len(program.words) if program.holding is None else program.holding,
        "final": program.final,
        "is_last": program.holding is not None,
        "keeps_last_step": passes > 1 or program.step_end > 1,
        "bound": phases + 2,
    }
    problem = partial(
        inside,
        network,
        hardware,
        module=f"layer{number}_control",
        template="proof_phases.sv.j2",
        values=values,
        methods=((Method.BOUNDED, CYCLES), (Method.INDUCTION, 3), (Method.COVER, 4 * phases + 8)),
    )
    claim = (
        "the operations come in order, one an event; every phase is reached, none is stuck; reset from any"
    )
    return Proof(name, claim, problem, faults, quick)


def visits(name: str, sparse: Sparse, faults: tuple[Fault, ...]) -> Proof:
    """Proof about the control of a layer in 4 passes that leaves rows or blocks out."""
    network, hardware = _network(4, 4), Hardware(parallelism=(1, 4), sparse=(sparse, "never"))
    design = LayerDesign.of(network, 0, hardware)
    values = {
        "words": [word & ~(1 << Control.LAST) for word in design.program.words],
        "mask": (1 << Control.LAST) - 1,
        "passes": design.choices.passes,
    }
    problem = partial(
        inside,
        network,
        hardware,
        module="layer0_control",
        template="proof_visits.sv.j2",
        values=values,
        methods=((Method.BOUNDED, CYCLES), (Method.INDUCTION, 3), (Method.COVER, 30)),
    )
    claim = "what is there of an event is added once, from its word; no state is read while it's written"
    return Proof(name, claim, problem, faults, quick=True)


SERIALIZER = "layer0_serializer"
SERIALIZER_FAULTS = (
    Fault(
        "a beat that waits is overwritten",
        SERIALIZER,
        r"if \(bool\(event_ready\) or \(not bool\(offers\)\)\) then",
        "if true then",
    ),
    Fault("a spike comes again and again", SERIALIZER, r"current <= remaining;", "null;"),
    Fault(
        "a spike is scanned while the one before waits",
        SERIALIZER,
        r"(gives_spike <= stdl\(\(state = S_SCAN\) and bool\(has_beat\)) and .*;",
        r"\1);",
    ),
    Fault("it always proceeds", SERIALIZER, r"proceed <= .*;", "proceed <= '1';"),
    Fault("a step that waits is forgotten", SERIALIZER, r"waiting <= '1';", "waiting <= '0';"),
    Fault("a tick doesn't wait", SERIALIZER, r"gives_tick <= .*;", "gives_tick <= stdl(state = S_TICK);"),
    Fault("the mark of the last step is lost", SERIALIZER, r"last_step <= .*;", "last_step <= waiting_last;"),
)
WORDS_FAULTS = (
    *SERIALIZER_FAULTS,
    Fault(
        "a word is left before its last spike was given",
        SERIALIZER,
        r"bool\(gives_spike\) and bool\(at_word_end\)",
        "bool(at_word_end)",
    ),
    Fault(
        "every other word is left out",
        SERIALIZER,
        r"coming <= \(coming \+ 1\);",
        "coming <= (coming + 2);",
    ),
)
MERGE = "layer0_merge"
MERGE_FAULTS = (
    Fault(
        "own beats don't wait",
        MERGE,
        r"own_ready <= stdl\(bool\(own_tick\) or bool\(row_ready\)\);",
        "own_ready <= '1';",
    ),
    Fault(
        "the own tick goes on",
        MERGE,
        r"row_valid <= stdl\(bool\(own_valid\) and .*\);",
        "row_valid <= own_valid;",
    ),
    Fault("beats are taken while it's compared", MERGE, r"blocked <= .*;", "blocked <= '0';"),
    Fault("own events after a sample's last step", MERGE, r"comes <= .*;", "comes <= fired;"),
    Fault("the turn doesn't end", MERGE, r"(own_tick\)\) then\s+own <= )'0';", r"\1'1';"),
)
READOUT_FAULTS = (
    Fault("the highest index wins where scores are equal", "readout", r"score > best", "score >= best"),
    Fault("the best score isn't kept", "readout", r"best <= score;", "null;"),
    Fault(
        "a score doesn't wait until it's taken",
        "readout",
        r"\(state = S_SCORES\) and bool\(result_ready\)\)\);",
        "(state = S_SCORES)));",
    ),
    Fault("the class comes twice", "readout", r"state <= S_SCORES;", "state <= S_CLASS;"),
    Fault("the last score isn't marked", "readout", r"result_last <= .*;", "result_last <= '0';"),
)


KEPT_MARK = (r"last_step <= event_last;", "last_step <= '0';")
# a step of one operation, issued while the tick is taken: nothing has to be kept
TICKS_MARK = (r"bool\(event_last\)", "false")


def _control_faults(number: int, mark: tuple[str, str]) -> tuple[Fault, ...]:
    """Faults of a control; `mark` is a pattern of what tells a sample's last step, and what replaces it."""
    file = f"layer{number}_control"
    return (
        Fault(
            "a reset doesn't clear",
            file,
            r"(if bool\(rst\) then\s+phase <= )to_unsigned\(\d+, \d+\);",
            r"\1current;",
        ),
        Fault(
            "a reset carries out an operation",
            file,
            r"if \(bool\(issuing\) and \(not bool\(rst\)\)\) then",
            "if bool(issuing) then",
        ),
        Fault("a beat is taken twice", file, r"issuing <= event_valid;", "issuing <= '1';"),
        Fault("events are taken while operations run", file, r"event_ready <= .*;", "event_ready <= '1';"),
        Fault(
            "the mark of the last step is lost",
            file,
            *mark,
        ),
    )


CONTROL = "layer0_control"
ROWS_FAULTS = (
    Fault(
        "a row that isn't there is visited by all passes",
        CONTROL,
        r"at_last_pass <= .*;",
        "at_last_pass <= stdl(place = 3);",
    ),
    Fault("a row that isn't there is added", CONTROL, r"working <= .*;", "working <= issuing;"),
)
BLOCKS_FAULTS = (
    Fault(
        "an event may end in the lower half",
        CONTROL,
        r"passes_choice_search_visited\(3\) <= '1';",
        "null;",
    ),
    Fault(
        "an event may begin in the upper half",
        CONTROL,
        r"passes_choice_search_visited\(0\) <= '1';",
        "null;",
    ),
    Fault("a pass that only keeps the order is added", CONTROL, r"counted <= .*;", "counted <= '1';"),
    Fault("the last block is left out", CONTROL, r"is_last\(0\) := '0';", "null;"),
    Fault("blocks aren't counted", CONTROL, r"passes_block_number <= \(passes_block_number \+ 1\);", "null;"),
    Fault(
        "passes are counted in place of blocks",
        CONTROL,
        r"turn <= passes_block_number;",
        "turn <= place_now;",
    ),
)


def proofs() -> Iterator[Proof]:
    """Every stream of the accelerator, and the control that takes its beats."""
    yield serializer("serializer, one word", 4, 4, SERIALIZER_FAULTS, quick=True)
    yield serializer("serializer, three words by pass", 6, 2, WORDS_FAULTS, quick=True)
    yield serializer("serializer, two passes of two words", 24, 12, WORDS_FAULTS[-2:], quick=False)
    yield merge("merge of own events", MERGE_FAULTS)
    yield readout("readout, 3 classes", 3, READOUT_FAULTS)
    yield readout("readout, 6 classes", 6, READOUT_FAULTS)
    yield control("control, hidden layer", 0, 4, _control_faults(0, KEPT_MARK), quick=True)
    yield control("control, last layer", 1, 4, _control_faults(1, TICKS_MARK), quick=True)
    yield control("control, hidden layer, 2 passes", 0, 2, _control_faults(0, KEPT_MARK), quick=False)
    yield control("control, last layer, 2 passes", 1, 2, _control_faults(1, KEPT_MARK), quick=False)
    yield visits("control, rows left out", "rows", ROWS_FAULTS)
    yield visits("control, blocks left out", "blocks", BLOCKS_FAULTS)
