"""What a register map is made of: registers, their fields, and who may change them.

A map is a plain value. The register file, the C header, the Python module and the documentation are
made from it, and other blocks ask it for the places of fields: nothing is written down twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from spiker.errors import ConfigError

Access = Literal["constant", "status", "stored", "pulse", "sticky", "command"]

ACCESS_TEXT: dict[Access, str] = {
    "constant": "read only, never changes",
    "status": "read only",
    "stored": "read and write",
    "pulse": "write 1 to act; reads as 0",
    "sticky": "set by the hardware; write 1 to clear",
    "command": "every write acts; reads as 0",
}
"""What software may do with a field, by its access."""

WRITABLE: tuple[Access, ...] = ("stored", "pulse", "sticky", "command")
READABLE: tuple[Access, ...] = ("constant", "status", "stored", "pulse", "sticky")

WORD_BITS = 32
WORD_BYTES = 4


@dataclass(frozen=True)
class Field:
    """Some bits of a register.

    Attributes
    ----------
    name : str
        In small letters, with underscores.
    low, bits : int
        Lowest bit and width.
    access : Access
        Who changes it, and how.
    text : str
        What it means, in a line.
    value : int
        What a constant reads as, and what a stored field holds after a reset; unsigned.
    is_signed : bool
        Whether it's read as two's complement.
    """

    name: str
    low: int
    bits: int
    access: Access
    text: str
    value: int = 0
    is_signed: bool = False

    @property
    def mask(self) -> int:
        """Ones at the field's bits."""
        return ((1 << self.bits) - 1) << self.low


@dataclass(frozen=True)
class Register:
    """A word of 32 bits.

    Attributes
    ----------
    name : str
        In small letters, with underscores.
    offset : int
        Byte address, a multiple of 4.
    text : str
        What it's for.
    fields : tuple of Field
        From bit 0 up.
    """

    name: str
    offset: int
    text: str
    fields: tuple[Field, ...]

    @property
    def number(self) -> int:
        """Which word of the map it is."""
        return self.offset // WORD_BYTES

    @property
    def value(self) -> int:
        """What constants read as, and what stored fields hold after a reset."""
        return sum(field.value << field.low for field in self.fields)

    def mask(self, *access: Access) -> int:
        """Ones at the bits of all fields with one of these accesses."""
        return sum(field.mask for field in self.fields if field.access in access)

    @property
    def is_readable(self) -> bool:
        """Whether there's anything to read."""
        return self.mask(*READABLE) != 0

    @property
    def is_written(self) -> bool:
        """Whether there's anything to write."""
        return self.mask(*WRITABLE) != 0


@dataclass(frozen=True)
class RegisterMap:
    """All registers of a design, in the order of their addresses.

    Raises
    ------
    ConfigError
        Two registers or fields in one place, or one that lies outside.
    """

    registers: tuple[Register, ...]
    address_bits: int

    def __post_init__(self) -> None:
        _check_names_and_places(self)
        for register in self.registers:
            _check_fields(register)

    def register(self, name: str) -> Register:
        """The register of that name."""
        return next(register for register in self.registers if register.name == name)

    def has(self, name: str) -> bool:
        """Whether there's a register of that name."""
        return any(register.name == name for register in self.registers)

    def field(self, register: str, field: str) -> Field:
        """A field by the names of its register and itself."""
        return next(each for each in self.register(register).fields if each.name == field)

    @property
    def constant(self) -> tuple[Register, ...]:
        """Registers that always read the same."""
        return tuple(r for r in self.registers if r.is_readable and r.mask("constant") == r.mask(*READABLE))

    @property
    def status(self) -> tuple[Register, ...]:
        """Registers with a value that comes from elsewhere."""
        return tuple(register for register in self.registers if register.mask("status"))

    @property
    def written(self) -> tuple[Register, ...]:
        """Registers that software writes."""
        return tuple(register for register in self.registers if register.is_written)

    def status_bit(self, register: str, field: str) -> int:
        """Where a field lies among all status registers, 32 bits each, side by side."""
        return _place(self.status, self.field(register, field), register)

    def written_bit(self, register: str, field: str) -> int:
        """Where a field lies among all written registers, 32 bits each, side by side."""
        return _place(self.written, self.field(register, field), register)

    def written_number(self, register: str) -> int:
        """Which of the written registers it is."""
        return self.written.index(self.register(register))


def _place(registers: tuple[Register, ...], field: Field, name: str) -> int:
    number = [register.name for register in registers].index(name)
    return WORD_BITS * number + field.low


def _check_names_and_places(registers: RegisterMap) -> None:
    names: set[str] = set()
    end = 0
    for register in registers.registers:
        if register.name in names:
            raise ConfigError(f"two registers are called {register.name!r}; allowed: a name once")
        names.add(register.name)
        limit = (1 << registers.address_bits) - WORD_BYTES
        if register.offset % WORD_BYTES or not end <= register.offset <= limit:
            raise ConfigError(
                f"register {register.name!r} at {register.offset:#x}; "
                f"allowed: multiples of {WORD_BYTES}, {end:#x} to {limit:#x}"
            )
        end = register.offset + WORD_BYTES


def _check_fields(register: Register) -> None:
    taken = 0
    for field in _ascending(register):
        if field.low + field.bits > WORD_BITS or field.mask & taken:
            raise ConfigError(
                f"register {register.name!r}: field {field.name!r} in bits {field.low} to "
                f"{field.low + field.bits - 1}; allowed: free ones of 0 to {WORD_BITS - 1}"
            )
        if not 0 <= field.value < 1 << field.bits:
            raise ConfigError(
                f"register {register.name!r}: field {field.name!r} = {field.value}; "
                f"allowed: {field.bits} bits, unsigned"
            )
        taken |= field.mask


def _ascending(register: Register) -> Iterator[Field]:
    yield from sorted(register.fields, key=lambda field: field.low)
