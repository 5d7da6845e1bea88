"""What is said to a card on a PC/SC reader, and what its answers mean (pure).

``conversation`` is a generator: it yields commands, is sent ``Answer``s, and returns what the card
is. So the same dialogue runs with a reader, with a fuzzer and with recorded answers.
"""

from collections.abc import Generator
from dataclasses import dataclass, field

from fieldkit.devices.chip import ChipDocument, read_chip_text
from fieldkit.devices.errors import CardUnusable, ChipUnreadable
from fieldkit.devices.sam import card_content

READ_SERIAL = bytes.fromhex("0036000008")
READ_UID = bytes.fromhex("FFCA000000")
BLOCKS = 6
BLOCK_BYTES = 256
HEAD = bytes.fromhex("01000400")

_GOOD = 0x9000


@dataclass(frozen=True, slots=True)
class Answer:
    """A card's answer: bytes and status word; ``status`` 0 where the reader refused to ask."""

    content: bytes = field(default=b"", repr=False)
    status: int = 0


@dataclass(frozen=True, slots=True)
class CardRead:
    """What a card turned out to be: a document with a number, or a serial as upper-case hex."""

    value: str = field(repr=False)
    document: ChipDocument | None = field(default=None, repr=False)
    photo: bytes = field(default=b"", repr=False)


Dialogue = Generator[bytes, Answer, CardRead]


def read_block(number: int) -> bytes:
    """Make the command for one 256-byte block of a SAM reader that speaks PC/SC."""
    return bytes((0xFF, 0xB0, number, 0x00, 0x00))


def is_id_card(atr: bytes) -> bool:
    """Tell whether an ATR is one that readers make for a second-generation ID card.

    The first mask is PC/SC's rule for type B with the card's own protocol bytes; the others stand
    in public ATR lists: a storage card of type B, and one reader's own form.
    """
    if len(atr) == 13 and atr.startswith(bytes.fromhex("3B888001D10386")):
        return atr[8] == 0x00 and atr[9] == 0x80 and atr[10] & 0x0F == 0 and atr[11] == 0x00
    if atr == bytes.fromhex("3B868001804F03F001003A"):
        return True
    return _storage_standard(atr) in {0x05, 0x06, 0x07}


def is_memory_card(atr: bytes) -> bool:
    """Tell whether an ATR is a storage card's of type A or 15693, which has a UID and no more."""
    standard = _storage_standard(atr)
    return standard is not None and standard not in {0x05, 0x06, 0x07}


def is_sam_reader(atr: bytes) -> bool:
    """Tell whether a SAM reader marks its ATR as such with 90 00 in bytes 13 and 14."""
    return atr[13:15] == b"\x90\x00"


def conversation(atr: bytes, *, photo: bool = False) -> Dialogue:
    """Find out what the card is: a document through a SAM, a chip serial, or a campus card's UID.

    Raises CardUnusable where nothing names the card for good, ChipUnreadable where a SAM's text
    is no document. The photo's bytes are only asked for with ``photo``.
    """
    if not is_memory_card(atr):
        first = yield from _ask(read_block(0))
        if first.status == _GOOD and len(first.content) >= BLOCK_BYTES and _heads(first.content):
            return (yield from _read_document(first.content, photo=photo))
        if is_sam_reader(atr):
            raise ChipUnreadable
        serial = yield from _ask(READ_SERIAL)
        if serial.status == _GOOD and len(serial.content) == 8 and _names(serial.content):
            return CardRead(serial.content.hex().upper())
    uid = yield from _ask(READ_UID)
    if uid.status == _GOOD and _lasts(uid.content, id_card=is_id_card(atr)):
        return CardRead(uid.content.hex().upper())
    raise CardUnusable


def _read_document(first: bytes, *, photo: bool) -> Dialogue:
    stream = bytearray(first[:BLOCK_BYTES])
    needed = len(HEAD) + sum(_lengths(first))
    # The text ends four bytes into the second block; the photo is the rest.
    last = BLOCKS if photo else 2
    for number in range(1, last):
        block = yield from _ask(read_block(number))
        if block.status != _GOOD:
            raise ChipUnreadable
        stream += block.content
    if not photo:
        return _document(bytes(stream[len(HEAD) : len(HEAD) + 256]), b"")
    parts = card_content(bytes(stream[:needed]))
    return _document(parts.text, parts.photo)


def _document(text: bytes, photo: bytes) -> CardRead:
    document = read_chip_text(text)
    return CardRead(document.number, document, photo)


def _ask(command: bytes) -> Generator[bytes, Answer, Answer]:
    answer = yield command
    if answer.status >> 8 == 0x6C:
        answer = yield command[:4] + bytes((answer.status & 0xFF,))
    content = answer.content
    # A chip speaking T=0 announces what it has; eight rounds are more than any answer here needs.
    for _ in range(8):
        if answer.status >> 8 != 0x61:
            break
        answer = yield bytes((0x00, 0xC0, 0x00, 0x00, answer.status & 0xFF))
        content += answer.content
    return Answer(content, answer.status)


def _heads(content: bytes) -> bool:
    text, photo = _lengths(content)
    return text == 256 and photo <= (BLOCKS - 1) * BLOCK_BYTES


def _lengths(content: bytes) -> tuple[int, int]:
    return int.from_bytes(content[0:2]), int.from_bytes(content[2:4])


def _names(serial: bytes) -> bool:
    return any(serial) and any(byte != 0xFF for byte in serial)


def _lasts(uid: bytes, *, id_card: bool) -> bool:
    # An ID card's four bytes are the PUPI: zero, or chosen anew each time; only its serial lasts.
    # ISO 14443-3: other four-byte UIDs that begin with 08 are random too (phones, passports).
    if id_card:
        return len(uid) == 8 and _names(uid)
    random = len(uid) == 4 and uid[0] == 0x08
    return 4 <= len(uid) <= 10 and _names(uid) and not random


def _storage_standard(atr: bytes) -> int | None:
    # PC/SC part 3: 3B 8F 80 01 80 4F 0C, RID A0 00 00 03 06, standard, two bytes of card name.
    if len(atr) == 20 and atr.startswith(bytes.fromhex("3B8F8001804F0CA000000306")):
        return atr[12]
    return None
