"""Is a raw file, a HEIF or a movie complete? Its own offsets and box lengths say how long it must be.

TIFF 6.0 (and what NEF, CR2, ARW, ORF, RW2, PEF and DNG make of it), ISO/IEC 14496-12 boxes (CR3,
HEIF, MP4) and Fuji's RAF header; only a few bytes of the file are read, wherever they stand.
"""

import struct
from collections.abc import Callable
from typing import Final, Literal

Extent = Literal["complete", "incomplete", "unknown"]
ReadAt = Callable[[int, int], bytes]
"""Gives up to ``length`` bytes at ``offset``; fewer at the end of the file."""

_STRIP_PAIRS: Final = ((0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202))
_CHILD_TAGS: Final = frozenset((0x014A, 0x8769, 0x8825))
_SIZES: Final = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8}
_FORMATS: Final = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_MOST_FOLDERS = 64
_MOST_ENTRIES = 4096
_MOST_VALUES = 100_000
_MOST_BOXES = 4096
_NOT_GIVEN = 0xFFFFFFFF
_TOP_BOXES: Final = frozenset(
    b"ftyp moov mdat meta free skip wide uuid udta moof mfra pnot sidx styp idat".split()
)


def extent(read_at: ReadAt, size: int) -> Extent:
    """Tell whether a file of ``size`` bytes holds all that its structure announces.

    ``unknown`` where the structure is none of those known here: then only a size that has stopped
    changing speaks for the file.
    """
    head = read_at(0, 16)
    if not head.strip(b"\0"):
        return "incomplete"
    try:
        if head[:2] in {b"II", b"MM"}:
            return _tiff(read_at, size, "<" if head[:2] == b"II" else ">", head)
        if head[4:8] == b"ftyp":
            return _boxes(read_at, size)
        if head == b"FUJIFILMCCD-RAW ":
            return _raf(read_at, size)
    except struct.error:
        return "incomplete"
    return "unknown"


def _tiff(read_at: ReadAt, size: int, order: str, head: bytes) -> Extent:
    waiting = [struct.unpack_from(order + "I", head, 4)[0]]
    seen: set[int] = set()
    images = 0
    while waiting and len(seen) < _MOST_FOLDERS:
        offset = waiting.pop()
        if offset in seen or offset == 0:
            continue
        seen.add(offset)
        if offset + 6 > size:
            return "incomplete"
        (count,) = struct.unpack(order + "H", read_at(offset, 2))
        table = read_at(offset + 2, min(count, _MOST_ENTRIES) * 12 + 4)
        if count == 0 or count > _MOST_ENTRIES or len(table) < count * 12 + 4:
            return "incomplete"
        tags = {
            tag: (kind, many, table[at + 8 : at + 12])
            for at, tag, kind, many in _entries(order, table, count)
        }
        for starts, lengths in _STRIP_PAIRS:
            if starts in tags and lengths in tags:
                ends = _ends(read_at, order, tags[starts], tags[lengths])
                images += bool(ends)
                if any(end > size for end in ends):
                    return "incomplete"
        waiting += [
            child for tag in _CHILD_TAGS & tags.keys() for child in _values(read_at, order, tags[tag])[:16]
        ]
        waiting.append(struct.unpack_from(order + "I", table, count * 12)[0])
    return "complete" if images else "unknown"


def _entries(order: str, table: bytes, count: int) -> list[tuple[int, int, int, int]]:
    return [(at, *struct.unpack_from(order + "HHI", table, at)) for at in range(0, count * 12, 12)]


def _ends(
    read_at: ReadAt, order: str, starts: tuple[int, int, bytes], lengths: tuple[int, int, bytes]
) -> list[int]:
    pairs = zip(_values(read_at, order, starts), _values(read_at, order, lengths), strict=False)
    return [start + length for start, length in pairs if start not in {0, _NOT_GIVEN}]


def _values(read_at: ReadAt, order: str, entry: tuple[int, int, bytes]) -> list[int]:
    """Read an entry's whole numbers; raises struct.error where they lie beyond the end."""
    kind, many, inline = entry
    width = _SIZES.get(kind)
    if width is None or many > _MOST_VALUES:
        return []
    raw = inline
    if width * many > 4:
        raw = read_at(struct.unpack(order + "I", inline)[0], width * many)
    return list(struct.unpack_from(f"{order}{many}{_FORMATS[kind]}", raw))


def _boxes(read_at: ReadAt, size: int) -> Extent:
    """Follow the boxes of the top level: the last must end where the file ends."""
    at = 0
    seen: set[bytes] = set()
    for _ in range(_MOST_BOXES):
        if at == size:
            return "complete" if seen & {b"mdat", b"idat", b"meta"} else "incomplete"
        head = read_at(at, 16)
        length, name = struct.unpack_from(">I4s", head)
        if length == 0:
            # A last box of length 0 reaches to the end, wherever that is: it proves nothing.
            return "unknown" if name in _TOP_BOXES else "incomplete"
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
        if length < 8 or at + length > size:
            return "incomplete"
        seen.add(name)
        at += length
    return "unknown"


def _raf(read_at: ReadAt, size: int) -> Extent:
    """Check the three parts of a RAF: preview, colour filter header, sensor data (big-endian)."""
    parts = struct.unpack(">6I", read_at(84, 24))
    ends = [start + length for start, length in zip(parts[::2], parts[1::2], strict=True)]
    return "complete" if parts[0] and max(ends) <= size else "incomplete"
