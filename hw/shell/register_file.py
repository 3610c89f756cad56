"""The registers themselves, as their map describes them."""

from typing import Any

from myhdl import Constant, always, always_comb, block, instances, intbv

from hw.entity import word
from hw.shell.description import WORD_BITS, RegisterMap


@block
def register_file(
    clk: Any,
    rst: Any,
    write: Any,
    write_word: Any,
    write_data: Any,
    write_strobe: Any,
    write_known: Any,
    read_word: Any,
    read_data: Any,
    read_known: Any,
    status: Any,
    occurred: Any,
    stored: Any,
    written: Any,
    registers: RegisterMap,
) -> Any:
    """Keep what software writes, and show it what the design does.

    `status` holds the status registers side by side, 32 bits each, `stored` and `occurred` the
    written ones: `stored` what they hold, `occurred` which of their sticky bits to set. Pulses and
    commands are in `stored` for one cycle, in which the register's bit of `written` is set too.
    """
    bits = WORD_BITS
    n_constant = len(registers.constant)
    n_status = len(registers.status)
    n_written = len(registers.written)
    word_bits = len(read_word)
    constant_at = [_number(register.number, word_bits) for register in registers.constant]
    constant_value = [_mask(register.value) for register in registers.constant]
    status_at = [_number(register.number, word_bits) for register in registers.status]
    written_at = [_number(register.number, word_bits) for register in registers.written]
    kept = [_mask(register.mask("stored")) for register in registers.written]
    taken = [_mask(register.mask("stored", "pulse", "command")) for register in registers.written]
    sticky = [_mask(register.mask("sticky")) for register in registers.written]
    shown = [_mask(register.mask("stored", "sticky")) for register in registers.written]
    at_reset = [_mask(register.value) for register in registers.written]
    value = [word(WORD_BITS, register.value) for register in registers.written]
    strobes = word(n_written)

    @always_comb
    def show() -> None:
        for i in range(n_written):
            stored.next[bits * i + bits : bits * i] = value[i]
        written.next = strobes

    @always_comb
    def read() -> None:
        found = intbv(0)[bits:]
        known = intbv(0)[1:]
        found[:] = 0
        known[:] = 0
        for i in range(n_constant):
            if read_word == constant_at[i]:
                found[:] = constant_value[i]
                known[:] = 1
        for i in range(n_status):
            if read_word == status_at[i]:
                found[:] = status[bits * i + bits : bits * i]
                known[:] = 1
        for i in range(n_written):
            if read_word == written_at[i]:
                found[:] = value[i] & shown[i]
                known[:] = 1
        read_data.next = found
        read_known.next = known != 0

    @always_comb
    def recognize() -> None:
        known = intbv(0)[1:]
        known[:] = 0
        for i in range(n_written):
            if write_word == written_at[i]:
                known[:] = 1
        write_known.next = known != 0

    @always(clk.posedge)
    def keep() -> None:
        mask = intbv(0)[bits:]
        for b in range(bits):
            mask[b] = write_strobe[b // 8]
        for i in range(n_written):
            if rst:
                value[i].next = at_reset[i]
                strobes.next[i] = False
            elif write and write_word == written_at[i]:
                value[i].next = (
                    (value[i] & kept[i] & ~mask)
                    | (write_data & mask & taken[i])
                    | (value[i] & sticky[i] & ~(write_data & mask))
                    | (occurred[bits * i + bits : bits * i] & sticky[i])
                )
                strobes.next[i] = True
            else:
                value[i].next = (value[i] & (kept[i] | sticky[i])) | (
                    occurred[bits * i + bits : bits * i] & sticky[i]
                )
                strobes.next[i] = False

    return instances()


def _mask(value: int) -> Any:
    return Constant(intbv(value)[WORD_BITS:])


def _number(value: int, bits: int) -> Any:
    return Constant(intbv(value)[bits:])
