"""AXI4-Lite on one side, plain reads and writes of words on the other."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import flag, word

OKAY = 0
SLAVE_ERROR = 2


@block
def axi_lite(
    clk: Any,
    rst: Any,
    awaddr: Any,
    awvalid: Any,
    awready: Any,
    wdata: Any,
    wstrb: Any,
    wvalid: Any,
    wready: Any,
    bresp: Any,
    bvalid: Any,
    bready: Any,
    araddr: Any,
    arvalid: Any,
    arready: Any,
    rdata: Any,
    rresp: Any,
    rvalid: Any,
    rready: Any,
    write: Any,
    write_word: Any,
    write_data: Any,
    write_strobe: Any,
    write_known: Any,
    read_word: Any,
    read_data: Any,
    read_known: Any,
) -> Any:
    """One write and one read at a time, independent of one another; address and data in any order.

    `write` is set for a cycle, with everything that belongs to it. What no register is at answers
    with SLVERR. No output depends on an input of the same cycle.
    """
    address_bits = len(awaddr)
    data_bits = len(wdata)
    strobe_bits = len(wstrb)
    has_address = flag()
    has_data = flag()
    has_response = flag()
    response = word(2)
    has_read = flag()
    has_answer = flag()
    answer = word(2)
    kept_write_word = word(len(write_word))
    kept_read_word = word(len(read_word))
    kept_data = word(data_bits)
    kept_strobe = word(strobe_bits)
    read_value = word(data_bits)
    writing = flag()
    reading = flag()

    @always_comb
    def decide() -> None:
        writing.next = has_address and has_data and not has_response
        reading.next = has_read and not has_answer

    @always_comb
    def offer() -> None:
        awready.next = not has_address
        wready.next = not has_data
        arready.next = not has_read
        bvalid.next = has_response
        bresp.next = response
        rvalid.next = has_answer
        rresp.next = answer
        rdata.next = read_value
        write.next = writing
        write_word.next = kept_write_word
        write_data.next = kept_data
        write_strobe.next = kept_strobe
        read_word.next = kept_read_word

    @always(clk.posedge)
    def take_write() -> None:
        if rst:
            has_address.next = False
            has_data.next = False
            has_response.next = False
        else:
            if writing:
                has_address.next = False
                has_data.next = False
                has_response.next = True
                if write_known:
                    response.next = OKAY
                else:
                    response.next = SLAVE_ERROR
            else:
                if awvalid and not has_address:
                    has_address.next = True
                    kept_write_word.next = awaddr[address_bits:2]
                if wvalid and not has_data:
                    has_data.next = True
                    kept_data.next = wdata
                    kept_strobe.next = wstrb
                if bready and has_response:
                    has_response.next = False

    @always(clk.posedge)
    def take_read() -> None:
        if rst:
            has_read.next = False
            has_answer.next = False
        else:
            if reading:
                has_read.next = False
                has_answer.next = True
                read_value.next = read_data
                if read_known:
                    answer.next = OKAY
                else:
                    answer.next = SLAVE_ERROR
            else:
                if arvalid and not has_read:
                    has_read.next = True
                    kept_read_word.next = araddr[address_bits:2]
                if rready and has_answer:
                    has_answer.next = False

    return instances()
