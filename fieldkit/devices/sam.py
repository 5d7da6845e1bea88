"""The frames between a computer and a SAM_V module, on a serial line or over USB (pure).

``AA AA AA 96 69 | length, two bytes, big-endian | body | XOR``; the length counts the body and the
XOR byte, the XOR covers the length and the body. A request's body is command, parameter, bytes;
a reply's body is three status bytes and bytes (the module's published protocol page).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from types import MappingProxyType

from fieldkit.devices.errors import NotASamReply
from fieldkit.words import Text

PREAMBLE = bytes.fromhex("AAAAAA9669")
HEAD_BYTES = len(PREAMBLE) + 2
SHORTEST_REPLY = 4
LONGEST_REPLY = 0x0A00

FOUND = 0x9F
OK = 0x90
NOTHING_THERE = 0x80
NOT_SELECTED = 0x81

STATUS_WORDS: Mapping[int, Text] = MappingProxyType(
    {
        0x90: Text("正常", "done"),
        0x9F: Text("找到证件", "card found"),
        0x10: Text("校验和错", "checksum error"),
        0x11: Text("长度错或超时", "length error or time-out"),
        0x21: Text("不认识的命令", "unknown command"),
        0x23: Text("无权执行", "not permitted"),
        0x24: Text("无法识别的错误", "unknown error"),
        0x31: Text("证件不认可安全模块", "the card rejects the module"),
        0x32: Text("安全模块不认可证件", "the module rejects the card"),
        0x33: Text("信息校验失败", "the content's check failed"),
        0x34: Text("尚未找卡", "no card was found before"),
        0x37: Text("指纹校验失败", "the fingerprint's check failed"),
        0x3F: Text("信息长度错", "wrong content length"),
        0x40: Text("证件类型不对", "wrong kind of card"),
        0x41: Text("读卡失败", "reading failed"),
        0x47: Text("取随机数失败", "no random number"),
        0x60: Text("安全模块自检失败", "the module failed its own test"),
        0x66: Text("安全模块未授权", "the module is not authorised"),
        0x80: Text("没有证件", "no card"),
        0x81: Text("选卡失败", "the card could not be selected"),
        0x91: Text("没有该项内容", "no such content"),
    }
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply with a good checksum; ``content`` is what follows the three status bytes."""

    status: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Garbled:
    """Something began like a reply and was none: ask again."""


def request(command: int, parameter: int, content: bytes = b"") -> bytes:
    """Make the frame of a command."""
    return _frame(bytes((command, parameter)) + content)


def reply(status: int, content: bytes = b"") -> bytes:
    """Make the frame of a reply, as simulated readers send it."""
    return _frame(bytes((0, 0, status)) + content)


SAM_STATUS = (0x11, 0xFF)
SAM_RESET = (0x10, 0xFF)
SAM_ID = (0x12, 0xFF)
FIND = (0x20, 0x01)
SELECT = (0x20, 0x02)
READ = (0x30, 0x01)
READ_NEW_ADDRESS = (0x30, 0x03)
READ_WITH_FINGERPRINT = (0x30, 0x10)
SET_BAUD = (0x60, 0x00)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What ``scan`` found, and the bytes that may still become a reply."""

    found: tuple[Reply | Garbled, ...]
    rest: bytes = field(default=b"", repr=False)


def scan(received: bytes) -> Scanned:
    """Find the replies in what a line delivered, however it was split and whatever lies between.

    Give ``rest`` plus what comes next to the following call. After a frame that fails its check
    the search goes on one byte later, so that a true frame swallowed by a false one is found.
    """
    found: list[Reply | Garbled] = []
    at = 0
    while True:
        start = received.find(PREAMBLE, at)
        if start < 0:
            return Scanned(tuple(found), _tail(received[at:]))
        if len(received) < start + HEAD_BYTES:
            return Scanned(tuple(found), received[start:])
        length = int.from_bytes(received[start + len(PREAMBLE) : start + HEAD_BYTES])
        if not SHORTEST_REPLY <= length <= LONGEST_REPLY:
            at = start + 1
            continue
        end = start + HEAD_BYTES + length
        if len(received) < end:
            return Scanned(tuple(found), received[start:])
        if reduce(xor, received[start + len(PREAMBLE) : end]) != 0:
            found.append(Garbled())
            at = start + 1
            continue
        body = received[start + HEAD_BYTES : end - 1]
        found.append(Reply(body[2], body[3:]))
        at = end


def give_up(rest: bytes) -> Scanned:
    """Search behind a frame that never became whole, when its time is over."""
    if not rest.startswith(PREAMBLE):
        return Scanned((), b"")
    scanned = scan(rest[1:])
    while scanned.rest.startswith(PREAMBLE):
        further = scan(scanned.rest[1:])
        scanned = Scanned(scanned.found + further.found, further.rest)
    return Scanned((Garbled(), *scanned.found), b"")


def usb_parts(frame: bytes) -> tuple[bytes, bytes]:
    """Split a frame as the USB form wants it: preamble and length on one pipe, the rest on another."""
    return frame[:HEAD_BYTES], frame[HEAD_BYTES:]


@dataclass(frozen=True, slots=True)
class CardContent:
    """The parts of a read command's answer; none of them shows in a repr."""

    text: bytes = field(repr=False)
    photo: bytes = field(default=b"", repr=False)
    fingerprint: bytes = field(default=b"", repr=False)


def card_content(content: bytes) -> CardContent:
    """Take the answer of a read apart: two lengths, or three with a fingerprint, then the parts.

    Raises NotASamReply where the lengths do not add up.
    """
    for heads in (2, 3):
        lengths = [int.from_bytes(content[2 * i : 2 * i + 2]) for i in range(heads)]
        if len(content) == 2 * heads + sum(lengths) and lengths[0]:
            at = 2 * heads
            parts: list[bytes] = []
            for length in lengths:
                parts.append(content[at : at + length])
                at += length
            return CardContent(*parts)
    raise NotASamReply


def _frame(body: bytes) -> bytes:
    counted = (len(body) + 1).to_bytes(2) + body
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


def _tail(noise: bytes) -> bytes:
    # The last bytes may be the beginning of a preamble that goes on in the next delivery.
    for length in range(min(len(PREAMBLE) - 1, len(noise)), 0, -1):
        if PREAMBLE.startswith(noise[-length:]):
            return noise[-length:]
    return b""
