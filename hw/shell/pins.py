"""The pins of the shell: numbers inside, std_logic_vector outside, as other people's tools want it."""

from typing import Any

from myhdl import always_comb, block, instances

from hw.shell.description import WORD_BITS
from hw.shell.register_map import ADDRESS_BITS
from hw.templates import render


@block
def axi_pins(
    s_axi_awaddr: Any,
    s_axi_awprot: Any,
    s_axi_wdata: Any,
    s_axi_wstrb: Any,
    s_axi_bresp: Any,
    s_axi_araddr: Any,
    s_axi_arprot: Any,
    s_axi_rdata: Any,
    s_axi_rresp: Any,
    s_axis_tdata: Any,
    m_axis_tdata: Any,
    awaddr: Any,
    wdata: Any,
    wstrb: Any,
    bresp: Any,
    araddr: Any,
    rdata: Any,
    rresp: Any,
    in_tdata: Any,
    out_tdata: Any,
) -> Any:
    """Pass everything through; in VHDL this is where the types change."""

    @always_comb
    def inward() -> None:
        awaddr.next = s_axi_awaddr
        wdata.next = s_axi_wdata
        wstrb.next = s_axi_wstrb
        araddr.next = s_axi_araddr
        in_tdata.next = s_axis_tdata

    @always_comb
    def outward() -> None:
        s_axi_bresp.next = bresp
        s_axi_rdata.next = rdata
        s_axi_rresp.next = rresp
        m_axis_tdata.next = out_tdata

    return instances()


IN = {
    "s_axi_awaddr": "awaddr",
    "s_axi_wdata": "wdata",
    "s_axi_wstrb": "wstrb",
    "s_axi_araddr": "araddr",
    "s_axis_tdata": "in_tdata",
}
OUT = {"s_axi_bresp": "bresp", "s_axi_rdata": "rdata", "s_axi_rresp": "rresp", "m_axis_tdata": "out_tdata"}
UNUSED = {"s_axi_awprot": 3, "s_axi_arprot": 3}
"""Pins that AXI4-Lite asks for and that nothing here needs."""

_VECTORS = {
    "s_axi_awaddr": ADDRESS_BITS,
    "s_axi_wdata": WORD_BITS,
    "s_axi_wstrb": WORD_BITS // 8,
    "s_axi_bresp": 2,
    "s_axi_araddr": ADDRESS_BITS,
    "s_axi_rdata": WORD_BITS,
    "s_axi_rresp": 2,
    "m_axis_tdata": WORD_BITS,
} | UNUSED


def vectors(tdata_bits: int) -> dict[str, int]:
    """Widths of the pins that are vectors; `tdata_bits` is the input stream's."""
    return _VECTORS | {"s_axis_tdata": tdata_bits}


def vhdl(name: str, header: str, tdata_bits: int) -> str:
    """Text of the entity."""
    return render(
        "axi_pins.vhd.j2",
        package="hw.shell",
        name=name,
        header=header,
        inward=IN,
        outward=OUT,
        unused=UNUSED,
        bits=vectors(tdata_bits),
    )
