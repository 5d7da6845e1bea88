"""A SAM reader on a serial port: 8N1, normally 115200, else one of the module's slower speeds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fieldkit.clock import Clock
from fieldkit.devices.errors import ReaderSilent
from fieldkit.devices.loop import Emit
from fieldkit.devices.sam import PREAMBLE
from fieldkit.devices.sam_cycle import SamLink, SamService, answers
from fieldkit.devices.serial_line import SerialLine

SPEEDS = (115200, 57600, 38400, 19200, 9600)


class SerialSam:
    """Reads ID cards on one port, whichever of the module's speeds it is set to."""

    def __init__(self, port: str, clock: Clock, *, photo: bool = False) -> None:
        self.name = port
        self._turn = 0
        self._service = SamService(port, "sam-serial", self._open, clock, photo=photo)

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped; the port may come and go."""
        self._service.run(stop, emit)

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` ten times a second."""

    @contextmanager
    def _open(self) -> Iterator[SamLink]:
        with SerialLine(self.name, SPEEDS[self._turn % len(SPEEDS)]) as line:
            # The next opening tries the next speed, unless this one was answered.
            self._turn += 1
            tried = _Answered(line)
            try:
                yield tried
            finally:
                if tried.answered:
                    self._turn -= 1


class _Answered:
    """A line that remembers whether anything ever came."""

    def __init__(self, line: SerialLine) -> None:
        self._line = line
        self._tail = b""
        self.answered = False

    def send(self, frame: bytes) -> None:
        self._line.send(frame)

    def receive(self, timeout_s: float) -> bytes:
        came = self._line.receive(timeout_s)
        # At a wrong speed bytes come too, but never a preamble.
        seen = self._tail + came
        self.answered = self.answered or PREAMBLE in seen
        self._tail = seen[-len(PREAMBLE) :]
        return came


def speed_of(port: str, stop: threading.Event) -> int | None:
    """Give the speed at which a SAM reader answers on a port, or None. Raises PortClosed."""
    for speed in SPEEDS:
        with SerialLine(port, speed) as line:
            try:
                answers(line, stop)
            except ReaderSilent:
                continue
            return speed
    return None
