"""A look at an HDF5 file's heaps before the library reads them.

Names of members lie in local heaps, texts of variable length in global ones. Both keep lists of
free blocks, and HDF5 (up to 2.0 at least) follows one that never ends, as damaged files have it,
for ever.
"""

import mmap
import os
from typing import IO

FILE_SIGNATURE = b"\x89HDF\r\n\x1a\n"
GLOBAL = b"GCOL\x01\0\0\0"  # with its version and padding
GLOBAL_HEADER = 16  # bytes, of a heap and of each block: index 2, references 2, padding 4, length 8
LOCAL = b"HEAP\0\0\0\0"  # then, of 8 bytes each: size, first free block, address of the data
END_OF_LIST = 1


def has_endless_heap(file: IO[bytes]) -> bool:
    """Whether reading the open file's heaps would never end."""
    if os.fstat(file.fileno()).st_size == 0:
        return False
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(_is_endless_global(content, heap) for heap in _all(content, GLOBAL)):
            return True
        base = max(content.find(FILE_SIGNATURE), 0)  # addresses count from there
        return any(_is_endless_local(content, heap, base) for heap in _all(content, LOCAL))


def _all(content: mmap.mmap, signature: bytes) -> list[int]:
    places = []
    place = content.find(signature)
    while place >= 0:
        places.append(place)
        place = content.find(signature, place + len(signature))
    return places


def _is_endless_global(content: mmap.mmap, heap: int) -> bool:
    """Whether a free block has length zero, so that the next one is itself."""
    end = min(heap + _number(content, heap + 8), len(content))
    block = heap + GLOBAL_HEADER
    while block + GLOBAL_HEADER <= end:
        length = _number(content, block + 8)
        is_free = content[block : block + 2] == b"\0\0"
        if is_free and length == 0:
            return True
        block += length if is_free else GLOBAL_HEADER + -(-length // 8) * 8
    return False


def _is_endless_local(content: mmap.mmap, heap: int, base: int) -> bool:
    """Whether the list of free blocks comes back to one of them."""
    block, data = _number(content, heap + 16), base + _number(content, heap + 24)
    seen = set()
    while block != END_OF_LIST and data + block + 8 <= len(content):
        if block in seen:
            return True
        seen.add(block)
        block = _number(content, data + block)
    return False


def _number(content: mmap.mmap, place: int) -> int:
    return int.from_bytes(content[place : place + 8], "little")
