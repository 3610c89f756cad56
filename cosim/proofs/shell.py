"""The AXI shell's streams: every packet is one whole sample, and nothing gets stuck."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from cosim.proofs.handshakes import FOREVER, inside
from cosim.proofs.netlist_text import Fault
from cosim.proofs.proof import Proof
from hw.shell.stream_format import StreamFormat
from spiker.encoders import Latency
from spiker.encoders.base import Encoder
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.neurons import IF

INPUT = "axi_input"


def _network(inputs: int, steps: int, encoder: Encoder | None = None) -> Network:
    """What the layer is doesn't matter to the shell's input."""
    layer = Layer(2, IF(), weight_bits=2, weight=np.ones((inputs, 2), int))
    return Network(inputs, steps, [layer], "counts", encoder)


def packets(name: str, network: Network, faults: tuple[Fault, ...], **choices: Any) -> Proof:
    """Proof about the input of a network's shell."""
    hardware = Hardware(**{"shell": "axi", **choices})
    stream = StreamFormat.of(network, hardware)
    values = {
        "kind": stream.kind,
        "lanes": stream.lanes,
        "tdata_bits": stream.tdata_bits,
        "inputs": network.inputs,
        "beats": stream.beats or network.steps,
        "words": stream.per_step if stream.kind == "words" else 1,
        "largest": stream.largest,
    }
    problem = partial(
        inside,
        network,
        hardware,
        module=INPUT,
        template="proof_axi_input.sv.j2",
        values=values,
        methods=FOREVER,
    )
    claim = (
        "whatever a packet is like, it's one whole sample; every beat goes on once, in order, or is flagged"
    )
    return Proof(name, claim, problem, faults, quick=True)


FAULTS = (
    Fault(
        "a beat that waits is overwritten",
        INPUT,
        r"elsif \(bool\(tvalid\) and \(not bool\(stream_buffer0_holds_more\)\)\) then",
        "elsif bool(tvalid) then",
    ),
    Fault(
        "what follows a sample begins the next one",
        INPUT,
        r"sample_framer0_state <= S_DISCARD;(\s+end if;\s+elsif \(sample_framer0_state = S_FILL)",
        r"sample_framer0_state <= S_WAIT;\1",
    ),
    Fault(
        "a short packet isn't filled up",
        INPUT,
        r"sample_framer0_state <= S_FILL;",
        "sample_framer0_state <= S_WAIT;",
    ),
    Fault(
        "a reset lets the packet's rest in",
        INPUT,
        r"(elsif \(bool\(soft_reset\) and .* then\s+sample_framer0_state <= )S_DISCARD;",
        r"\1S_FEED;",
    ),
    Fault("nothing ends early", INPUT, r"ended_early <= .*;", "ended_early <= '0';"),
)
EVENT_FAULTS = (
    *FAULTS,
    Fault("ticks aren't counted anew", INPUT, r"tick_counter0_count <= to_unsigned\(0, \d+\);", "null;"),
    Fault("an index too large goes on", INPUT, r"(is_outside <= .*) >= \d+\)\);", r"\1 >= 8));"),
)
PAIR_FAULTS = (
    *EVENT_FAULTS[:-1],
    Fault("a second index too large goes on", INPUT, r"second_fits <= .*;", "second_fits <= has_second;"),
    Fault("the first index stands for the second", INPUT, r"first <= tdata\(\(32 \+ \d+\).*;", "null;"),
)
WORD_FAULTS = (
    *FAULTS,
    Fault(
        "what is missing isn't zero", INPUT, r"data <= to_unsigned\(0, \d+\);", "data <= beat(data'range);"
    ),
    Fault("every word is judged", INPUT, r"is_judged <= .*;", "is_judged <= '1';"),
    Fault(
        "words aren't counted anew",
        INPUT,
        r"if \(bool\(idle\) or (\(bool\(moves\) .*\))\) then",
        r"if \1 then",
    ),
)
VALUE_FAULTS = (
    *FAULTS,
    Fault(
        "a value isn't limited",
        INPUT,
        r"judged <= to_unsigned\(\d+, \d+\);",
        "judged <= tdata(judged'range);",
    ),
)


def proofs() -> Iterator[Proof]:
    """The shell's input, by what its packets carry."""
    yield packets("packets of events", _network(3, 3), EVENT_FAULTS)
    yield packets("packets of events, one step", _network(5, 1), FAULTS[:1])
    yield packets("packets of events, two in a beat", _network(3, 3), PAIR_FAULTS, lanes=2)
    yield packets("packets of words", _network(40, 2), WORD_FAULTS, input="words")
    yield packets("packets of a word", _network(5, 3), FAULTS[:1], input="words")
    latency = Latency(maximum=5, threshold=1)
    yield packets("packets of values", _network(3, 2, latency), VALUE_FAULTS, input="encoder")
