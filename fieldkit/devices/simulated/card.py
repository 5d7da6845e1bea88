"""Cards made of software: their answers, and a virtual card in vsmartcard's reader over TCP.

The reader's driver listens; the card connects. Every message is a two-byte big-endian length and
bytes; one byte alone is control: 0 off, 1 on, 2 reset, 4 tell the ATR (vsmartcard's protocol page).
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fieldkit.devices.apdu import BLOCK_BYTES, BLOCKS, HEAD, READ_SERIAL, READ_UID, read_block

ID_CARD_ATR = bytes.fromhex("3B888001D10386050080800058")
MEMORY_CARD_ATR = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
SLOT_PORT = 0x8C7B

_TELL_ATR = 4
_NO_SUCH_COMMAND = bytes.fromhex("6D00")
_GOOD = bytes.fromhex("9000")


@dataclass(frozen=True, slots=True)
class CardScript:
    """What a card answers: its ATR and a response, status word included, for each command."""

    atr: bytes
    answers: Mapping[bytes, bytes] = field(repr=False)

    def answer(self, command: bytes) -> bytes:
        """Give the response to a command; 6D00 for one it does not know."""
        return self.answers.get(command, _NO_SUCH_COMMAND)


def document_card(text: bytes, photo: bytes = b"") -> CardScript:
    """Make an ID card as a SAM reader shows it: 256 bytes of text and a photo in six blocks."""
    stream = HEAD + text + photo.ljust(1024, b"\0")
    blocks = {read_block(n): stream[n * BLOCK_BYTES : (n + 1) * BLOCK_BYTES] + _GOOD for n in range(BLOCKS)}
    return CardScript(ID_CARD_ATR, blocks)


def chip_card(serial: bytes) -> CardScript:
    """Make an ID card as a plain reader sees it: its chip's eight-byte serial and a zero PUPI."""
    return CardScript(ID_CARD_ATR, {READ_SERIAL: serial + _GOOD, READ_UID: bytes(4) + _GOOD})


def campus_card(uid: bytes) -> CardScript:
    """Make a campus card of type A: a UID and nothing else."""
    return CardScript(MEMORY_CARD_ATR, {READ_UID: uid + _GOOD})


class VirtualCard:
    """A card that lies in a slot of vsmartcard's reader from ``place`` to ``lift``.

    ``before`` is called with each command before it is answered: there a slow card waits, and a
    card pulled in the middle is lifted.
    """

    def __init__(
        self,
        script: CardScript,
        *,
        host: str = "127.0.0.1",
        port: int = SLOT_PORT,
        before: Callable[[bytes], None] | None = None,
    ) -> None:
        self._script = script
        self._address = (host, port)
        self._before = before
        self._line: socket.socket | None = None

    def place(self) -> None:
        """Put the card on the reader. Raises OSError where no virtual reader listens."""
        line = socket.create_connection(self._address, timeout=5)
        line.settimeout(None)
        self._line = line
        threading.Thread(target=self._serve, args=(line,), name="virtual card", daemon=True).start()

    def lift(self) -> None:
        """Take the card away."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                size = _exactly(line, 2)
                message = _exactly(line, int.from_bytes(size)) if size else b""
                if not message:
                    return
                if len(message) > 1:
                    if self._before:
                        self._before(message)
                    _say(line, self._script.answer(message))
                elif message[0] == _TELL_ATR:
                    _say(line, self._script.atr)

    def __enter__(self) -> "VirtualCard":
        """Put the card on the reader."""
        self.place()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the card away."""
        self.lift()


def _say(line: socket.socket, message: bytes) -> None:
    line.sendall(len(message).to_bytes(2) + message)


def _exactly(line: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        chunk = line.recv(count - len(received))
        if not chunk:
            return b""
        received += chunk
    return received
