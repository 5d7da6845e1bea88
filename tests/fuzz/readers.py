"""Readers that lie: bytes of SAM lines, USB transfers, answers of cards, chips and typing scanners."""

import contextlib
import errno
import random
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from usb.core import USBError, USBTimeoutError

from fieldkit.clock import SetClock
from fieldkit.devices import sam
from fieldkit.devices.apdu import Answer, CardRead, conversation, is_id_card, is_memory_card
from fieldkit.devices.chip import LAYOUTS, LONG_TERM, ChipDocument, chip_text, read_chip_text
from fieldkit.devices.errors import CardUnusable, ChipUnreadable, NotASamReply, PortClosed
from fieldkit.devices.events import CredentialPresented, DeviceEvent
from fieldkit.devices.lines import event_object
from fieldkit.devices.sam_cycle import SamService
from fieldkit.devices.sam_usb import UsbSam
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.wedge import (
    ENDS,
    Key,
    Scan,
    Typed,
    Wedge,
    WedgeLimits,
    due_ms,
    interrupt,
    press,
    settle,
)
from tests.devices.soft_usb import SoftBus
from tests.fuzz.running import Feed
from tests.fuzz.spoiling import noise, split, spoilt

MORNING = datetime(2026, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=8)))
ATRS = (
    bytes.fromhex("3B888001D10386050080800058"),
    bytes.fromhex("3B888001D103860C0080800051"),
    bytes.fromhex("3B868001804F03F001003A"),
    bytes.fromhex("3B8F8001804F0CA00000030607FFB00000000020"),
    bytes.fromhex("3B8F8001804F0CA0000003060300010000000068"),
    bytes.fromhex("3B000000000000000000000000900000"),
    bytes.fromhex("3B8000"),
    b"",
)
LOOKS = 40


def documents() -> tuple[bytes, ...]:
    """Give a good chip text of every layout, with what real ones hold beside plain letters."""
    dates = {"born": "20010312", "valid_from": "20170405", "valid_to": "20270405"}
    return (
        resident_text(),
        resident_text(name="买买提·艾力江阿不都热合", valid_to=LONG_TERM, number="11010519491231002X"),
        resident_text(name="\ue863𬱖龘" * 6),
        chip_text(
            "J", **dates, name="何某", number="810000199408230021", permit_no="H12345678", issue_count="01"
        ),
        chip_text(
            "I", **dates, name="安某", number="KAZ110090123105", latin_name="AN, " * 15, nationality="KAZ"
        ),
        chip_text("Y", **dates, number="911124198108030024", latin_name="A" * 35, latin_rest="B" * 11),
    )


def _read_answer(text: bytes, photo: bytes = bytes(1024)) -> bytes:
    return len(text).to_bytes(2) + len(photo).to_bytes(2) + text + photo


def prepare_sam_stream() -> Feed:
    """Serial bytes: whatever was glued and however it came, splitting changes nothing that is found."""
    answers = [_read_answer(text) for text in documents()]
    frames = [
        sam.reply(sam.OK), sam.reply(sam.FOUND, bytes(4)), sam.reply(sam.NOTHING_THERE), sam.reply(0x41),
        sam.reply(sam.OK, bytes(8)), *(sam.reply(sam.OK, answer) for answer in answers),
    ]  # fmt: skip

    def feed(chance: random.Random) -> str:
        stream = b"".join(_piece(chance, frames) for _ in range(chance.randint(1, 5)))
        found = _scanned(split(chance, stream))
        assert found == _scanned([stream]), "split differently, found differently"
        replies = [one for one in found if isinstance(one, sam.Reply)]
        for one in replies:
            with contextlib.suppress(NotASamReply, ChipUnreadable):
                read_chip_text(sam.card_content(one.content).text)
        return "reply" if replies else "garbled" if found else "nothing"

    return feed


def _piece(chance: random.Random, frames: list[bytes]) -> bytes:
    frame = chance.choice(frames)
    match chance.randrange(6):
        case 0:
            return frame
        case 1:
            return noise(chance, 300)
        case 2:
            return sam.PREAMBLE * chance.randint(1, 9) + noise(chance, 4)
        case 3:
            return sam.PREAMBLE + chance.choice((0, 3, 4, 0x508, 0xA00, 0xA01, 0xFFFF)).to_bytes(2) + frame
        case _:
            return spoilt(chance, frame, frames)


def _scanned(pieces: list[bytes]) -> list[sam.Reply | sam.Garbled]:
    rest, found = b"", []
    for piece in pieces:
        scanned = sam.scan(rest + piece)
        rest = scanned.rest
        assert len(rest) <= sam.HEAD_BYTES + sam.LONGEST_REPLY
        found += scanned.found
    return found + list(sam.give_up(rest).found)


class Looks(threading.Event):
    """A stop event under which no time passes: each wait moves the clock and is counted."""

    def __init__(self, clock: SetClock, most: int = LOOKS) -> None:
        super().__init__()
        self._clock = clock
        self._left = most

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.forward(timedelta(seconds=timeout or 0))
        self._left -= 1
        if self._left < 0:
            self.set()
        return self.is_set()


class BadLine:
    """A line to a reader that misbehaves for a while and is good from then on, with a card on it."""

    def __init__(self, chance: random.Random, text: bytes, clock: SetClock) -> None:
        self._chance = chance
        self._text = text
        self._clock = clock
        self._bad = chance.randint(0, 16)
        self._waiting: list[bytes] = []
        self._babbles = False

    @contextlib.contextmanager
    def open(self) -> Iterator["BadLine"]:
        if self._trouble() and self._chance.random() < 0.2:
            raise PortClosed
        self._waiting = []
        yield self

    def send(self, frame: bytes) -> None:
        good = _good_answer(frame, self._text)
        if not self._trouble():
            self._babbles = False
            self._waiting = split(self._chance, good)
            return
        if self._chance.random() < 0.05:
            raise PortClosed
        self._babbles = self._chance.random() < 0.01
        came = b"".join(
            self._chance.choice((good, noise(self._chance, 80), spoilt(self._chance, good)))
            for _ in range(self._chance.randrange(3))
        )
        self._waiting += split(self._chance, came)

    def receive(self, timeout_s: float) -> bytes:
        self._clock.forward(timedelta(seconds=timeout_s))
        if self._babbles:
            return self._chance.randbytes(4096)
        return self._waiting.pop(0) if self._waiting else b""

    def _trouble(self) -> bool:
        self._bad -= 1
        return self._bad >= 0


def _good_answer(frame: bytes, text: bytes) -> bytes:
    return {
        bytes(sam.SAM_STATUS): sam.reply(sam.OK),
        bytes(sam.FIND): sam.reply(sam.FOUND, bytes(4)),
        bytes(sam.SELECT): sam.reply(sam.OK, bytes(8)),
        bytes(sam.READ): sam.reply(sam.OK, _read_answer(text)),
    }[frame[sam.HEAD_BYTES : -1]]


def prepare_sam_cycle() -> Feed:
    """The cycle of a serial reader: whatever the line did before, the card that lies there is told."""
    texts = documents()

    def feed(chance: random.Random) -> str:
        text, clock = chance.choice(texts), SetClock(MORNING)
        line = BadLine(chance, text, clock)
        return _served(chance, text, SamService("port", "sam-serial", line.open, clock).run, clock)

    return feed


def _served(
    chance: random.Random, text: bytes, run: Callable[[threading.Event, Any], None], clock: SetClock
) -> str:
    number, told = read_chip_text(text).number, list[DeviceEvent]()
    # Some runs go on to their last look, so that a card that was read meets trouble too.
    to_the_end = chance.random() < 0.2

    def emit(event: DeviceEvent) -> bool:
        told.append(event)
        return to_the_end or not (isinstance(event, CredentialPresented) and event.value == number)

    run(Looks(clock), emit)
    numbers = [event.value for event in told if isinstance(event, CredentialPresented)]
    assert number in numbers, "the card that lies on a good line was never told"
    return "at once" if len(told) == 2 else "after trouble"


class BadBus(SoftBus):
    """A reader on a bad wire: transfers split, short, doubled, on the wrong pipe, and errors of libusb."""

    def __init__(self, chance: random.Random, text: bytes) -> None:
        self._chance = chance
        self._text = text
        self._bad = chance.randint(0, 24)
        self._head = b""
        self._pipes: dict[int, list[bytes]] = {0x81: [], 0x85: []}

    def bulk_write(self, dev_handle: Any, ep: int, intf: Any, data: Any, timeout: int) -> int:
        self._trouble((errno.ENODEV, errno.EIO, errno.ETIMEDOUT))
        content = bytes(data)
        if ep == 0x02:
            self._head = content
            return len(content)
        head, body = sam.usb_parts(_good_answer(self._head + content, self._text))
        if self._bad >= 0:
            head, body = (self._spoilt(part) for part in (head, body))
        self._pipes = {0x81: [head], 0x85: [body]} if self._bad < 0 else self._joined(head, body)
        return len(content)

    def bulk_read(self, dev_handle: Any, ep: int, intf: Any, buff: Any, timeout: int) -> int:
        self._trouble((errno.ENODEV, errno.EIO, errno.ETIMEDOUT, errno.EOVERFLOW, errno.EPIPE))
        if not self._pipes[ep]:
            raise USBTimeoutError("time-out", errno=errno.ETIMEDOUT)
        came = self._pipes[ep].pop(0)
        if len(came) > len(buff):
            raise USBError("overflow", errno=errno.EOVERFLOW)
        buff[: len(came)] = type(buff)("B", came)
        return len(came)

    def _joined(self, head: bytes, body: bytes) -> dict[int, list[bytes]]:
        more = split(self._chance, head + body, 4)
        return {
            0x81: self._chance.choice(([head], more, [head] * 3, [*self._pipes[0x81], head], [])),
            0x85: self._chance.choice(([body], more, split(self._chance, body), [body] * 2, [])),
        }

    def _spoilt(self, part: bytes) -> bytes:
        return spoilt(self._chance, part) if self._chance.random() < 0.3 else part

    def _trouble(self, numbers: tuple[int, ...]) -> None:
        self._bad -= 1
        if self._bad >= 0 and self._chance.random() < 0.15:
            number = self._chance.choice(numbers)
            kind = USBTimeoutError if number == errno.ETIMEDOUT else USBError
            raise kind("trouble", errno=number)


def prepare_sam_usb() -> Feed:
    """The USB reader: transfers split, short, doubled, on the wrong pipe, pulled out at any moment."""
    texts = documents()

    def feed(chance: random.Random) -> str:
        text, clock = chance.choice(texts), SetClock(MORNING)
        return _served(chance, text, UsbSam(clock, backend=BadBus(chance, text)).run, clock)

    return feed


def prepare_apdu() -> Feed:
    """What a card answers: any status word, any length, any ATR; the dialogue always ends, and soon."""
    texts = documents()

    def feed(chance: random.Random) -> str:
        atr = chance.choice(ATRS) if chance.random() < 0.6 else spoilt(chance, chance.choice(ATRS))
        is_id_card(atr)
        is_memory_card(atr)
        stream = _read_answer(chance.choice(texts))
        dialogue = conversation(atr, photo=chance.random() < 0.5)
        honest, command = chance.random(), next(dialogue)
        try:
            for _ in range(120):
                assert 4 <= len(command) <= 5
                command = dialogue.send(_card_says(chance, command, stream, honest))
        except StopIteration as end:
            read: CardRead = end.value
            assert read.value
            assert read.value not in repr(read)
            return "document" if read.document else "serial"
        except (CardUnusable, ChipUnreadable, NotASamReply) as refused:
            return type(refused).__name__
        raise AssertionError("the dialogue does not end")

    return feed


def _card_says(chance: random.Random, command: bytes, stream: bytes, honest: float) -> Answer:
    if chance.random() < honest:
        if command[:2] == b"\xff\xb0":
            return Answer(stream[command[2] * 256 :][:256], 0x9000)
        if chance.random() < 0.5:
            return Answer(chance.randbytes(8), 0x9000)
    status = chance.choice(
        (0, 0x9000, 0x9000, 0x6100, 0x6110, 0x61FF, 0x6C00, 0x6C08, 0x6A82, 0x6700, 0x1_0000)
    )
    length = chance.choice((0, 1, 4, 7, 8, 10, 255, 256, 257, 300, 65_536))
    status = status if chance.random() < 0.7 else chance.randrange(0x10000)
    return Answer(stream[:length] if chance.random() < 0.5 else chance.randbytes(length), status)


def prepare_chip() -> Feed:
    """The chip's 256 bytes: a document whose every field is clean text, or a refusal."""
    texts = documents()

    def feed(chance: random.Random) -> str:
        raw = spoilt(chance, chance.choice(texts), texts) if chance.random() < 0.9 else chance.randbytes(256)
        if chance.random() < 0.8:
            raw = raw[:256].ljust(256, b"\0")
            if chance.random() < 0.7:
                raw = raw[:248] + chance.choice(list(LAYOUTS)).encode("utf-16-le") + raw[250:]
        try:
            document = read_chip_text(raw)
        except ChipUnreadable:
            return "refused"
        _clean(document)
        event = CredentialPresented(MORNING, "r", "pcsc", "id-card", document.number, document)
        shown = event_object(event, reveal=False)
        assert shown
        if len(document.number) >= 10:
            assert document.number not in str(shown)
            assert document.number not in repr(event)
        return document.kind

    return feed


def _clean(document: ChipDocument) -> None:
    assert document.number.isascii()
    assert document.number.isalnum()
    for key in document.__slots__:
        value = getattr(document, key)
        if isinstance(value, str):
            value.encode()
            assert "\0" not in value, key


def prepare_wedge() -> Feed:
    """Keys of people and scanners in any rhythm: no key is lost, and none comes twice."""
    letters = "0123456789ABCXx=/-采码\t\r\n "

    def feed(chance: random.Random) -> str:
        limits = WedgeLimits(needs_end=chance.random() < 0.7)
        wedge, now, scans = Wedge(limits), chance.randint(-5, 10_000), 0
        field, typed = "", ""

        def take(outcomes: tuple[Typed | Scan, ...]) -> None:
            nonlocal field, scans
            for outcome in outcomes:
                if isinstance(outcome, Typed):
                    field += outcome.text
                    continue
                scans += 1
                assert len(outcome.text) >= limits.shortest - 1
                field = field[: len(field) - outcome.shown] + outcome.text

        rhythm = chance.choice(((1, 30), (5, 60), (20, 200), (0, 0), (-50, 50), (1, 700)))
        for _ in range(chance.randint(1, 30)):
            key = Key(chance.choice(letters if chance.random() < 0.9 else "\r"), now)
            typed += key.char
            wedge, outcomes = press(wedge, key)
            take(outcomes)
            now += chance.randint(*rhythm)
            due = due_ms(wedge)
            if due is not None and due <= now and chance.random() < 0.5:
                wedge, outcomes = settle(wedge, due)
                take(outcomes)
            if chance.random() < 0.02:
                wedge, outcomes = interrupt(wedge)
                take(outcomes)
        wedge, outcomes = interrupt(wedge)
        take(outcomes)
        assert not wedge.run
        assert due_ms(wedge) is None
        kept = [char for char in typed if char not in ENDS]
        assert [char for char in field if char not in ENDS] == kept, "keys were lost or doubled"
        assert 0 <= len(typed) - len(field) <= 2 * scans
        return f"{min(scans, 3)} scans"

    return feed
