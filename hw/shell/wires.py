"""The wires between the parts of a shell."""

from typing import Any

from hw.entity import flag, word
from hw.ports import Extras
from hw.shell.description import WORD_BITS, RegisterMap
from hw.shell.pins import IN, OUT, vectors
from hw.shell.register_map import ADDRESS_BITS
from hw.shell.stream_format import StreamFormat
from spiker.fixed_point import unsigned_width
from spiker.network import Network

LITE_FLAGS = (
    *("awvalid", "awready", "wvalid", "wready", "bvalid", "bready"),
    *("arvalid", "arready", "rvalid", "rready"),
)
LITE_WORDS = ("awaddr", "wdata", "wstrb", "bresp", "araddr", "rdata", "rresp")
BUS = (
    *("write", "write_word", "write_data", "write_strobe", "write_known"),
    *("read_word", "read_data", "read_known"),
)
FRAMED = (
    *("begins", "moved", "dropped", "bad_index", "ended_early", "ended_late"),
    *("idle", "discarding"),
)
REFUSALS = ("weights_range", "weights_busy", "thresholds_range", "thresholds_busy")


class Wires:
    """Wires between the parts of a shell, by name; each is made where it's first asked for."""

    def __init__(
        self, network: Network, stream: StreamFormat, registers: RegisterMap, extras: Extras
    ) -> None:
        number_bits = ADDRESS_BITS - 2
        class_bits = unsigned_width(network.classes - 1)
        pins = vectors(stream.tdata_bits)
        self._widths = {name: pins[pin] for pin, name in (IN | OUT).items()} | {
            "write_word": number_bits,
            "read_word": number_bits,
            "write_data": WORD_BITS,
            "write_strobe": WORD_BITS // 8,
            "read_data": WORD_BITS,
            "status": WORD_BITS * len(registers.status),
            "occurred": WORD_BITS * len(registers.written),
            "stored": WORD_BITS * len(registers.written),
            "written": len(registers.written),
            "cycles": WORD_BITS,
            "score": WORD_BITS,
            "score_index": class_bits,
            "winner": class_bits,
        }
        self._widths |= {f"totals{n}": WORD_BITS * n for n in range(1, len(extras.spikes) + 1)}
        self._signals: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._signals:
            self._signals[name] = word(self._widths[name]) if name in self._widths else flag()
        return self._signals[name]

    def some(self, *names: str) -> dict[str, Any]:
        """Wires by their names."""
        return {name: self[name] for name in names}
