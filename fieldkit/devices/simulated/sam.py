"""A SAM reader made of software on a pseudo-terminal, with cards to place and faults to play."""

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

from fieldkit.devices import sam

_PATIENCE_S = 20.0
_SLICE_S = 0.05
_CHIP = bytes.fromhex("5A00112233445566")


class SimulatedSam:
    """A serial reader: ``port`` is what the real loop opens.

    ``spoil`` turns each reply into the pieces that really arrive, so that noise, losses and splits
    can be played. ``finds_again`` makes a card that was read be found until it is lifted, as some
    readers do; others answer as if it were gone. With ``port`` a link of that name is kept, so
    that a reader unplugged and plugged in again has the same path.
    """

    def __init__(
        self,
        *,
        port: Path | None = None,
        spoil: Callable[[bytes], Iterator[bytes]] | None = None,
        finds_again: bool = False,
    ) -> None:
        self._link = port
        self._spoil = spoil
        self._finds_again = finds_again
        self._lock = threading.Lock()
        self._card: bytes | None = None
        self._read = False
        self._was_read = threading.Event()
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self.port = ""

    def plug(self) -> None:
        """Make the port and answer on it."""
        master, slave = os.openpty()
        tty.setraw(slave)
        path = os.ttyname(slave)
        self.port = str(self._link or path)
        self._wake = os.pipe()
        self._thread = threading.Thread(
            target=self._serve, args=(master, slave, self._wake[0]), name="simulated SAM", daemon=True
        )
        self._thread.start()
        if self._link:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(path)

    def unplug(self) -> None:
        """Take the reader away; its port goes with it."""
        if self._wake is None or self._thread is None:
            return
        if self._link:
            self._link.unlink(missing_ok=True)
        reading, writing = self._wake
        os.close(writing)
        self._thread.join()
        os.close(reading)
        self._wake = None

    def place(self, text: bytes, photo: bytes = b"") -> None:
        """Lay a card on the reader: its 256 bytes of text, and a photo."""
        photo = photo.ljust(1024, b"\0")
        content = len(text).to_bytes(2) + len(photo).to_bytes(2) + text + photo
        with self._lock:
            self._card, self._read = content, False
            self._was_read.clear()

    def lift(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card = None

    def present(self, text: bytes, stop: threading.Event, patience_s: float = _PATIENCE_S) -> bool:
        """Lay a card down, lift it when it was read, and say whether it was.

        As at a real door the next card comes only then; nobody waits longer than the patience or
        once ``stop`` is set.
        """
        self.place(text)
        for _ in range(round(patience_s / _SLICE_S)):
            if stop.is_set() or self._was_read.wait(_SLICE_S):
                break
        self.lift()
        return self._was_read.is_set()

    def __enter__(self) -> "SimulatedSam":
        """Plug the reader in."""
        self.plug()
        return self

    def __exit__(self, *_: object) -> None:
        """Unplug it."""
        self.unplug()

    def _serve(self, master: int, slave: int, wake: int) -> None:
        received = b""
        try:
            while True:
                ready, _, _ = select.select([master, wake], [], [])
                if wake in ready:
                    return
                received += os.read(master, 4096)
                commands, received = _requests(received)
                for command in commands:
                    for piece in self._pieces(self._answer(command)):
                        os.write(master, piece)
        except OSError:
            return
        finally:
            os.close(master)
            os.close(slave)

    def _pieces(self, answer: bytes) -> Iterator[bytes]:
        return self._spoil(answer) if self._spoil else iter((answer,))

    def _answer(self, command: bytes) -> bytes:
        with self._lock:
            lies = self._card is not None
            if command == bytes(sam.SAM_STATUS):
                return sam.reply(sam.OK)
            if command == bytes(sam.FIND):
                found = lies and (self._finds_again or not self._read)
                return sam.reply(sam.FOUND, bytes(4)) if found else sam.reply(sam.NOTHING_THERE)
            if command == bytes(sam.SELECT):
                return sam.reply(sam.OK, _CHIP) if lies else sam.reply(sam.NOT_SELECTED)
            if command == bytes(sam.READ):
                if self._card is None or (self._read and not self._finds_again):
                    return sam.reply(0x41)
                self._read = True
                self._was_read.set()
                return sam.reply(sam.OK, self._card)
        return sam.reply(0x21)


def _requests(received: bytes) -> tuple[list[bytes], bytes]:
    commands: list[bytes] = []
    while True:
        start = received.find(sam.PREAMBLE)
        if start < 0 or len(received) < start + sam.HEAD_BYTES:
            return commands, received[max(start, 0) :] if start >= 0 else received[-4:]
        length = int.from_bytes(received[start + len(sam.PREAMBLE) : start + sam.HEAD_BYTES])
        end = start + sam.HEAD_BYTES + length
        if len(received) < end:
            return commands, received[start:]
        commands.append(received[start + sam.HEAD_BYTES : end - 1])
        received = received[end:]
