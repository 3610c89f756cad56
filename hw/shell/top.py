"""The shell: an accelerator between AXI4-Stream and AXI4-Lite."""

from dataclasses import dataclass
from typing import Any

from myhdl import block

from hw import headers
from hw.accelerator import Accelerator
from hw.elaboration import quick_elaboration
from hw.entity import Entity, flag, place, word
from hw.ports import Extras, PackedStream
from hw.shell.description import RegisterMap
from hw.shell.event_input import TICK_BIT
from hw.shell.parts import PartMaker, adopted
from hw.shell.pins import VECTORS
from hw.shell.register_map import register_map
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
    registers : RegisterMap
        Its registers.
    """

    block: Any
    pins: dict[str, Any]
    registers: RegisterMap


@quick_elaboration()
def build_axi(
    network: Network, hardware: Hardware, accelerator: Accelerator, extras: Extras | None = None
) -> AxiShell:
    """Put an elaborated accelerator into its shell.

    Parameters
    ----------
    network, hardware
        What it computes, and how it was built.
    accelerator : Accelerator
        Its `events` may be a `PackedStream` too, for spike words and values.
    extras : Extras, optional
        Ports of the accelerator beside its streams.
    """
    extras = extras if extras is not None else Extras()
    registers = register_map(network, hardware, extras)
    pins = {name: word(VECTORS[name]) if name in VECTORS else flag() for name in PINS}
    pins["aclk"] = accelerator.clk
    wires = Wires(network, registers, extras)
    top = spiker_axi(network, accelerator, extras, registers, pins, wires)
    text = headers.header(AXI_TOP, network, *_top_text(network, accelerator))
    place(top, AXI_TOP, Entity(AXI_TOP, text, ports=pins))
    return AxiShell(top, pins, registers)


@block
def spiker_axi(
    network: Network,
    accelerator: Accelerator,
    extras: Extras,
    registers: RegisterMap,
    pins: dict[str, Any],
    wires: Wires,
) -> Any:
    """Connect pins, registers, streams and accelerator."""
    make = PartMaker(network, accelerator, extras, registers, pins, wires)
    parts = [make.pins(), make.lite(), make.file(), make.control(), make.input(), make.queue()]
    if extras.weights is not None:
        parts.append(make.weights())
    if extras.thresholds is not None:
        parts.append(make.thresholds())
    if extras.spikes is not None:
        parts.append(make.spike_totals())
    return [*parts, adopted(accelerator.block), make.output()]


def _top_text(network: Network, accelerator: Accelerator) -> tuple[str, ...]:
    stream = accelerator.events
    beats = (
        f"{stream.beats} beats, each a word of {len(stream.data)} bits"
        if isinstance(stream, PackedStream)
        else "beats that are each the index of an input that spikes in this step, or, with bit "
        f"{TICK_BIT} set, the end of the step; tlast comes with the end of the last step"
    )
    return (
        f"accelerator of a spiking network with {network.inputs} inputs, {network.steps} time steps and "
        f"{network.classes} classes, between AXI4-Stream and AXI4-Lite.",
        f"A packet on s_axis is a sample: {beats}.",
        "A packet on m_axis is the answer: the class, then a score for each class, signed; tuser marks the "
        "answer to a malformed packet.",
        "Registers on s_axi: registers/registers.md. All in the clock domain of aclk; aresetn is "
        "synchronous, active low.",
    )
