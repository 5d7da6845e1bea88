"""A scanner on a serial port: each line it sends is one code, kept as it came."""

import threading

from fieldkit.clock import Clock
from fieldkit.devices.errors import PortClosed
from fieldkit.devices.events import CredentialPresented, DeviceTrouble, PresentedKind, ReaderChanged
from fieldkit.devices.loop import Emit
from fieldkit.devices.serial_line import SerialLine

_SLICE_S = 0.05
_REOPEN_S = 0.5
_LONGEST = 16 * 1024


class SerialScanner:
    """Reads codes from one port; the port may come and go.

    A code ends where the line falls silent, with or without a line break, since an opaque code may
    hold line breaks of its own.
    """

    def __init__(self, port: str, clock: Clock, *, speed: int = 9600) -> None:
        self.name = port
        self._speed = speed
        self._clock = clock

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` twenty times a second."""

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped."""
        told = there = False
        while not stop.is_set():
            try:
                with SerialLine(self.name, self._speed) as line:
                    there, told = True, False
                    if not emit(ReaderChanged(self._clock.now(), "added", self.name)):
                        return
                    self._listen(line, stop, emit)
            except PortClosed as problem:
                if there and not emit(ReaderChanged(self._clock.now(), "removed", self.name)):
                    return
                if not told and not emit(
                    DeviceTrouble(self._clock.now(), self.name, problem.message, problem.hint)
                ):
                    return
                there, told = False, True
                stop.wait(_REOPEN_S)

    def _listen(self, line: SerialLine, stop: threading.Event, emit: Emit) -> None:
        received = b""
        while not stop.is_set():
            came = line.receive(_SLICE_S)
            received += came
            if came and len(received) < _LONGEST:
                continue
            code = scanned_text(received)
            received = b""
            if code and not emit(scanned(code, self.name, self._clock)):
                return


def scanned(code: str, reader: str, clock: Clock) -> CredentialPresented:
    """Make the event of a scanned or typed code."""
    return CredentialPresented(clock.now(), reader, "keyboard", scanned_kind(code), code)


def scanned_kind(code: str) -> PresentedKind:
    """Tell a number (student number, ID number, ``A-0123``) from an opaque capture code.

    A hint only: the roster decides what the text names.
    """
    plain = code.isascii() and len(code) <= 20
    if plain and (code.isdigit() or (code[:-1].isdigit() and code[-1] in "Xx")):
        return "number"
    if plain and len(code) >= 6 and code[0].isupper() and code[1] == "-" and code[2:].isdigit():
        return "number"
    return "capture-code"


def scanned_text(received: bytes) -> str:
    """Give the text of what a scanner sent, without the line break it ends with.

    UTF-8, else GB18030, else one character a byte: nothing is replaced and nothing refused.
    """
    code = received.removesuffix(b"\n").removesuffix(b"\r")
    for encoding in ("utf-8", "gb18030"):
        try:
            return code.decode(encoding)
        except UnicodeDecodeError:
            continue
    return code.decode("latin-1")
