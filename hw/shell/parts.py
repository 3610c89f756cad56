"""The parts of a shell."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from hw import headers
from hw.accelerator import Accelerator
from hw.entity import Entity, Writer, place
from hw.ports import LoadSize
from hw.shell.axi_lite import axi_lite
from hw.shell.control import StatusPlaces, WrittenPlaces, control
from hw.shell.description import WORD_BITS, Register, RegisterMap
from hw.shell.event_input import event_input
from hw.shell.loader import LoadPlaces, loader
from hw.shell.packed_input import packed_input
from hw.shell.pair_input import pair_input
from hw.shell.pins import IN, OUT, UNUSED, axi_pins, vhdl
from hw.shell.register_file import register_file
from hw.shell.result_output import result_output
from hw.shell.sample_queue import depth_bits, sample_queue
from hw.shell.spike_total import spike_total
from hw.shell.stream_format import StreamFormat
from hw.shell.wires import BUS, FRAMED, LITE_FLAGS, LITE_WORDS, REFUSALS, Wires
from spiker.fixed_point import lowest
from spiker.network import Network
from spiker.widths import score_bits


@dataclass(frozen=True, eq=False)
class PartMaker:
    """Makes the parts of a shell."""

    network: Network
    accelerator: Accelerator
    format: StreamFormat
    registers: RegisterMap
    outer: dict[str, Any]
    wires: Wires

    def pins(self) -> Any:
        names = (*IN, *OUT, *UNUSED)
        part = axi_pins(
            **{name: self.outer[name] for name in names}, **self.wires.some(*IN.values(), *OUT.values())
        )
        text = "changes types: the pins are std_logic_vector, the wires inside are unsigned numbers."
        writer = partial(vhdl, tdata_bits=self.format.tdata_bits)
        return self._place(part, "pins", text, write=writer)

    def lite(self) -> Any:
        flags = {name: self.outer[f"s_axi_{name}"] for name in LITE_FLAGS}
        part = axi_lite(
            clk=self.accelerator.clk,
            rst=self.wires["hard_reset"],
            **flags,
            **self.wires.some(*LITE_WORDS, *BUS),
        )
        return self._place(
            part,
            "lite",
            "AXI4-Lite on one side, reads and writes of 32-bit words on the other.",
            "One write and one read at a time, independent of one another; address and data of a write in "
            "any order. What no register is at answers with SLVERR.",
        )

    def file(self) -> Any:
        part = register_file(
            clk=self.accelerator.clk,
            rst=self.wires["hard_reset"],
            **self.wires.some(*BUS, "status", "occurred", "stored", "written"),
            registers=self.registers,
        )
        return self._place(
            part,
            "registers",
            "the registers, as registers/registers.md describes them.",
            f"status holds, 32 bits each from bit 0: {_listed(self.registers.status)}.",
            f"stored, occurred and written hold, in the same way: {_listed(self.registers.written)}.",
        )

    def control(self) -> Any:
        names = (
            *("hard_reset", "soft_reset", "stored", "status", "occurred", "admit", "spoils", "busy"),
            *("score_index", *FRAMED, "offered", "room", "is_empty", "answer_given", "answering"),
            *("cycles", "winner", "score"),
        )
        part = control(
            clk=self.accelerator.clk,
            aresetn=self.outer["aresetn"],
            either_reset=self.accelerator.rst,
            irq=self.outer["irq"],
            **self.wires.some(*names),
            **self._refusals(),
            spike_totals=self._totals(len(self.accelerator.extras.spikes)),
            moved_second=self.wires["moved_second"] if self.format.lanes == 2 else None,
            seen=StatusPlaces.of(self.registers),
            told=WrittenPlaces.of(self.registers, self.format.kind),
            status_bits=WORD_BITS * len(self.registers.status),
        )
        return self._place(
            part,
            "control",
            "resets, starts, error flags, the interrupt and counters.",
            "admit lets the next sample in. A soft reset resets the accelerator and what the shell knows "
            "of the samples in it; registers and counters stay.",
        )

    def input(self) -> Any:
        names = (*FRAMED, "soft_reset", "admit", "stamps", "offered")
        ports = {
            "clk": self.accelerator.clk,
            "rst": self.wires["hard_reset"],
            "tdata": self.wires["in_tdata"],
            **{name: self.outer[f"s_axis_{name}"] for name in ("tvalid", "tready", "tlast")},
            **self.wires.some(*names),
        }
        return self._place(
            self._packed_input(ports) if self.format.beats else self._event_input(ports),
            "input",
            f"takes packets, and gives samples of {_carried(self.format)}.",
            f"A packet is {self.format.text}.",
            "Whatever a packet is like, the accelerator gets one whole sample for it: bad beats and what is "
            "too much are dropped, what is missing is filled in.",
        )

    def _packed_input(self, ports: dict[str, Any]) -> Any:
        source = self.accelerator.source
        assert source is not None  # as the format says
        return packed_input(
            **ports,
            data_valid=source.valid,
            data_ready=source.ready,
            data=source.data,
            data_end=source.end,
            largest=self.format.largest,
            words=self.format.per_step if self.format.kind == "words" else 1,
            is_value=self.format.kind == "encoder",
        )

    def _event_input(self, ports: dict[str, Any]) -> Any:
        events = self.accelerator.events.ports("event")
        sizes = {"inputs": self.network.inputs, "steps": self.network.steps}
        if self.format.lanes == 2:
            return pair_input(**ports, **events, **sizes, moved_second=self.wires["moved_second"])
        return event_input(**ports, **events, **sizes)

    def queue(self) -> Any:
        bits = depth_bits(len(self.network.layers))
        names = ("begins", "stamps", "spoils", "class_given", "answer_given", "room", "is_empty")
        part = sample_queue(
            clk=self.accelerator.clk,
            rst=self.accelerator.rst,
            **self.wires.some(*names, "malformed", "cycles"),
            place_bits=bits,
        )
        return self._place(
            part,
            "queue",
            f"when each of up to {(1 << bits) - 1} samples began, and whether it was malformed.",
        )

    def output(self) -> Any:
        results = self.accelerator.results
        part = result_output(
            clk=self.accelerator.clk,
            rst=self.wires["hard_reset"],
            **{f"result_{name}": signal for name, signal in vars(results).items()},
            tdata=self.wires["out_tdata"],
            **{name: self.outer[f"m_axis_{name}"] for name in ("tvalid", "tready", "tlast", "tuser")},
            **self.wires.some(
                *("soft_reset", "malformed", "winner", "score_index", "score"),
                *("class_given", "answer_given"),
            ),
            waiting=self.wires["answering"],
            classes=self.network.classes,
            score_bits=score_bits(self.network),
        )
        return self._place(
            part,
            "output",
            "gives answers as packets, and keeps the last one for the registers.",
            "A beat is the class or a score, sign-extended; tuser marks the answer to a malformed sample. A "
            "soft reset within a packet ends it with beats of 0 and tuser set.",
        )

    def weights(self) -> Any:
        port = self.accelerator.extras.weights
        assert port is not None
        return self._load(
            "weights",
            "loads weights at run time.",
            port.sizes,
            [lowest(size.bits) for size in port.sizes],
            LoadPlaces.of_weights(self.registers),
            load_valid=port.valid,
            load_layer=port.layer,
            load_address=port.address,
            load_lane=port.lane,
            load_value=port.value,
        )

    def thresholds(self) -> Any:
        port = self.accelerator.extras.thresholds
        assert port is not None
        return self._load(
            "thresholds",
            "sets thresholds at run time.",
            port.sizes,
            [0 for _ in port.sizes],
            LoadPlaces.of_thresholds(self.registers),
            load_valid=port.valid,
            load_layer=port.layer,
            load_address=None,
            load_lane=port.neuron,
            load_value=port.value,
        )

    def spike_totals(self) -> list[Any]:
        return [
            self._place(
                spike_total(
                    clk=self.accelerator.clk,
                    rst=self.wires["hard_reset"],
                    tally=tally,
                    below=self._totals(number),
                    totals=self._totals(number + 1),
                ),
                f"spikes{number}",
                f"counts the spikes of layer {number}, modulo 2^32.",
            )
            for number, tally in enumerate(self.accelerator.extras.spikes)
        ]

    def _totals(self, layers: int) -> Any:
        """The spikes of the first layers, None for no layer."""
        return self.wires[f"totals{layers}"] if layers else None

    def _load(
        self,
        kind: str,
        text: str,
        sizes: tuple[LoadSize, ...],
        lowest_values: list[int],
        places: LoadPlaces,
        **ports: Any,
    ) -> Any:
        part = loader(
            clk=self.accelerator.clk,
            rst=self.wires["hard_reset"],
            **self.wires.some("stored", "written", "busy"),
            refused_range=self.wires[f"{kind}_range"],
            refused_busy=self.wires[f"{kind}_busy"],
            **ports,
            places=places,
            sizes=sizes,
            lowest_value=tuple(lowest_values),
        )
        return self._place(
            part,
            f"{kind}_loader",
            text,
            "A value is refused where layer, place or value is out of range, and while a sample is being "
            "computed.",
        )

    def _refusals(self) -> dict[str, Any]:
        """What tells of refused weights and thresholds, None where there are none."""
        has = {
            "weights": self.accelerator.extras.weights is not None,
            "thresholds": self.accelerator.extras.thresholds is not None,
        }
        return {name: self.wires[name] if has[name.partition("_")[0]] else None for name in REFUSALS}

    def _place(self, part: Any, label: str, *text: str, write: Writer | None = None) -> Any:
        name = f"axi_{label}"
        entity = Entity(name, headers.header(name, self.network, *text), write=write)
        return place(adopted(part), label, entity)


def adopted(part: Any) -> Any:
    """A block that was made outside of the block it goes into, which MyHDL wouldn't take otherwise."""
    part.modctxt = True
    return part


def _carried(stream: StreamFormat) -> str:
    """What a sample is made of."""
    return "values" if stream.kind == "encoder" else stream.kind


def _listed(registers: tuple[Register, ...]) -> str:
    return ", ".join(register.name for register in registers)
