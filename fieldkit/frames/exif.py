"""What the camera wrote into a file's head: when it was shot, by which body, how it was held."""

import io
import logging
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

HEAD_BYTES: Final = 1 << 18
"""How much of a file's beginning is enough to read its facts."""

_MOMENT = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_CANON_UUID: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_HEIF_BRANDS: Final = frozenset(
    (b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis", b"mif2")
)
# Past its first segments no JPEG or TIFF has facts; what is longer only costs time when it is damaged.
_TIFF_BYTES: Final = 1 << 17
# No camera's head needs more looks; damaged counts lead the library from entry to entry for hours.
_MOST_LOOKS: Final = 20_000
_MOST_LOOKED_AT: Final = 1 << 24
_MOST_TEXT = 200
_LONGEST_BODY = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """The camera's word about one file; every part may be missing.

    ``shot`` is the camera's own clock, without a zone; ``offset`` what the camera takes its zone to
    be. ``body`` is the serial number, else make and model, else empty. ``orientation`` is EXIF's
    1–8, 1 where it is not given. ``number`` is ImageNumber, 0 where it is not given.
    """

    shot: datetime | None = None
    body: str = ""
    orientation: int = 1
    offset: timezone | None = None
    number: int = 0


def read_facts(head: bytes) -> Facts:
    """Read the facts from the first bytes of a JPEG, a TIFF-based RAW, a CR3 or a HEIF.

    ``head`` is the file's beginning, HEAD_BYTES or less; garbage of any kind gives empty facts.
    """
    tags: dict[str, object] = {}
    for block in _blocks(head[:HEAD_BYTES]):
        for name, value in _tags(block).items():
            tags.setdefault(name, value)
    return Facts(
        shot=_shot(tags),
        body=_body(tags),
        orientation=_whole(tags.get("Orientation"), 1, 8, default=1),
        offset=_zone(_text(tags.get("OffsetTimeOriginal"))),
        number=_whole(tags.get("ImageNumber"), 1, 1 << 32, default=0),
    )


def _blocks(head: bytes) -> Iterator[bytes]:
    """Give what the library can read: the head itself, or the TIFF blocks that a CR3 holds."""
    if head[4:12] == b"ftypcrx ":
        yield from _cr3_blocks(head)
    elif head[4:8] != b"ftyp":
        yield head[:_TIFF_BYTES]
    elif not _without_width(head):
        # The library goes by the major brand; these brands hold the same boxes as heic.
        yield head[:8] + b"heic" + head[12:] if head[8:12] in _HEIF_BRANDS else head


def _without_width(head: bytes) -> bool:
    """Tell a HEIF whose places of items have no bytes: the library would note thousands of millions."""
    for found in re.finditer(b"iloc", head):
        # A box whose length is 1 has its true length, of eight bytes, behind its name.
        long = head[: found.start()].endswith(b"\0\0\0\1")
        if head[found.end() + 8 * long + 4 :].startswith(b"\0"):
            return True
    return False


def _cr3_blocks(head: bytes) -> Iterator[bytes]:
    """Find CMT1 (image) and CMT2 (exposure) under moov and Canon's uuid; each is a small TIFF."""
    for kind, moov in _boxes(head):
        if kind != b"moov":
            continue
        for inner, uuid in _boxes(moov):
            if inner == b"uuid" and uuid[:16] == _CANON_UUID:
                yield from (body for name, body in _boxes(uuid[16:]) if name in {b"CMT1", b"CMT2"})


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8:
            return
        yield kind, data[at + 8 : at + length]
        at += length


def _tags(block: bytes) -> Mapping[str, object]:
    """Read one block by the library; names lose the directory they stand in, the first one wins."""
    import exifread

    # The library warns about what it cannot read, and would write on the screen of the app.
    logging.getLogger("exifread").disabled = True
    try:
        found = exifread.process_file(
            _Bounded(block), details=False, extract_thumbnail=False, builtin_types=False
        )
    except Exception:  # noqa: BLE001
        # On damaged bytes the library raises errors of many kinds that share no class of its own.
        return {}
    tags: dict[str, object] = {}
    for name, tag in found.items():
        directory, _, short = name.partition(" ")
        if directory in {"Image", "EXIF"}:
            tags.setdefault(short, getattr(tag, "values", None))
    return tags


class _Bounded(io.BytesIO):
    """A block whose reading ends in an error where it never would by itself."""

    _looks = 0
    _looked_at = 0

    def read(self, size: int | None = -1, /) -> bytes:
        came = super().read(size)
        self._looks += 1
        self._looked_at += len(came)
        if self._looks > _MOST_LOOKS or self._looked_at > _MOST_LOOKED_AT:
            raise EOFError
        return came


def _shot(tags: Mapping[str, object]) -> datetime | None:
    for name, fraction in (
        ("DateTimeOriginal", "SubSecTimeOriginal"),
        ("DateTimeDigitized", "SubSecTimeDigitized"),
    ):
        match = _MOMENT.match(_text(tags.get(name)))
        if match is None:
            continue
        digits = re.match(r"\d{1,6}", _text(tags.get(fraction)), re.ASCII)
        micro = int(digits[0].ljust(6, "0")) if digits else 0
        year, month, day, hour, minute, second = map(int, match.groups())
        try:
            # The camera's clock knows no zone: it is compared with the laptop's elsewhere.
            return datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001
        except ValueError:
            continue
    return None


def _zone(text: str) -> timezone | None:
    match = _ZONE.fullmatch(text)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def _body(tags: Mapping[str, object]) -> str:
    serial = _text(tags.get("BodySerialNumber"))
    if serial.strip("0 "):
        return serial[:_LONGEST_BODY]
    make, model = _text(tags.get("Make")), _text(tags.get("Model"))
    if make and model.casefold().startswith(make.split()[0].casefold()):
        make = ""
    return f"{make} {model}".strip()[:_LONGEST_BODY]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value[:_MOST_TEXT].decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    printable = "".join(c for c in value[:_MOST_TEXT].split("\0")[0] if c.isprintable())
    return " ".join(printable.split())


def _whole(value: object, low: int, high: int, *, default: int) -> int:
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, int) and low <= first <= high else default
