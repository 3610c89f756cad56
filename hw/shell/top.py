"""The shell: an accelerator between AXI4-Stream and AXI4-Lite."""

from dataclasses import dataclass
from typing import Any

from myhdl import block

from hw import headers
from hw.accelerator import Accelerator
from hw.elaboration import quick_elaboration
from hw.entity import Entity, flag, place, word
from hw.shell.description import RegisterMap
from hw.shell.parts import PartMaker, adopted
from hw.shell.pins import vectors
from hw.shell.register_map import register_map
from hw.shell.stream_format import StreamFormat
from hw.shell.wires import Wires
from spiker.hardware import Hardware
from spiker.network import Network

AXI_TOP = "spiker_axi"

PINS = (
    *("aclk", "aresetn", "irq"),
    *("s_axi_awaddr", "s_axi_awprot", "s_axi_awvalid", "s_axi_awready"),
    *("s_axi_wdata", "s_axi_wstrb", "s_axi_wvalid", "s_axi_wready"),
    *("s_axi_bresp", "s_axi_bvalid", "s_axi_bready"),
    *("s_axi_araddr", "s_axi_arprot", "s_axi_arvalid", "s_axi_arready"),
    *("s_axi_rdata", "s_axi_rresp", "s_axi_rvalid", "s_axi_rready"),
    *("s_axis_tdata", "s_axis_tvalid", "s_axis_tready", "s_axis_tlast"),
    *("m_axis_tdata", "m_axis_tvalid", "m_axis_tready", "m_axis_tlast", "m_axis_tuser"),
)
"""All pins, in the order of the entity's ports."""


@dataclass(frozen=True, eq=False)
class AxiShell:
    """An elaborated accelerator in its shell.

    Attributes
    ----------
    block
        The MyHDL block: to be simulated beside a bench, or converted.
    pins : dict
        The signals at its ports, by name.
    stream : StreamFormat
        What its input stream carries.
    registers : RegisterMap
        Its registers.
    """

    block: Any
    pins: dict[str, Any]
    stream: StreamFormat
    registers: RegisterMap


@quick_elaboration()
def build_axi(network: Network, hardware: Hardware, accelerator: Accelerator) -> AxiShell:
    """Put an elaborated accelerator into its shell.

    Parameters
    ----------
    network, hardware
        What it computes, and how it was built.
    accelerator : Accelerator
        Built for them.
    """
    stream = StreamFormat.of(network, hardware)
    registers = register_map(network, hardware, accelerator.extras)
    widths = vectors(stream.tdata_bits)
    pins = {name: word(widths[name]) if name in widths else flag() for name in PINS}
    pins["aclk"] = accelerator.clk
    wires = Wires(network, stream, registers, accelerator.extras)
    top = spiker_axi(PartMaker(network, accelerator, stream, registers, pins, wires))
    text = headers.header(AXI_TOP, network, *_top_text(network, stream))
    place(top, AXI_TOP, Entity(AXI_TOP, text, ports=pins))
    return AxiShell(top, pins, stream, registers)


@block
def spiker_axi(make: PartMaker) -> Any:
    """Connect pins, registers, streams and accelerator."""
    parts = [make.pins(), make.lite(), make.file(), make.control(), make.input(), make.queue()]
    if make.accelerator.extras.weights is not None:
        parts.append(make.weights())
    if make.accelerator.extras.thresholds is not None:
        parts.append(make.thresholds())
    return [*parts, *make.spike_totals(), adopted(make.accelerator.block), make.output()]


def _top_text(network: Network, stream: StreamFormat) -> tuple[str, ...]:
    return (
        f"accelerator of a spiking network with {network.inputs} inputs, {network.steps} time steps and "
        f"{network.classes} classes, between AXI4-Stream and AXI4-Lite.",
        f"A packet on s_axis is a sample: {stream.text}.",
        "A packet on m_axis is the answer: the class, then a score for each class, signed; tuser marks the "
        "answer to a malformed packet.",
        "Registers on s_axi: registers/registers.md. All in the clock domain of aclk; aresetn is "
        "synchronous, active low.",
    )
