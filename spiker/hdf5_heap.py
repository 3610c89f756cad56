"""A look at an HDF5 file's global heaps before the library reads them.

Texts of variable length lie there. A free block of length zero, as damaged files have it, makes
HDF5 (up to 2.0 at least) loop for ever.
"""

import mmap
from pathlib import Path

SIGNATURE = b"GCOL\x01\0\0\0"  # with its version and padding
HEADER = 16  # bytes, of a heap and of each block: index 2, references 2, padding 4, length 8


def has_endless_heap(path: Path) -> bool:
    """Whether reading the file's global heaps would never end."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            heap = content.find(SIGNATURE)
            while heap >= 0:
                if _is_endless(content, heap):
                    return True
                heap = content.find(SIGNATURE, heap + HEADER)
    return False


def _is_endless(content: mmap.mmap, heap: int) -> bool:
    end = min(heap + _number(content, heap + 8), len(content))
    block = heap + HEADER
    while block + HEADER <= end:
        length = _number(content, block + 8)
        is_free = content[block : block + 2] == b"\0\0"
        if is_free and length == 0:
            return True
        block += length if is_free else HEADER + -(-length // 8) * 8
    return False


def _number(content: mmap.mmap, place: int) -> int:
    return int.from_bytes(content[place : place + 8], "little")
