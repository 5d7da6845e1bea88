"""A serial port as plain bytes in and out, with one error for everything that ends it."""

import termios
from typing import Any, Self

from fieldkit.devices.errors import PortClosed


class SerialLine:
    """An open port: 8 data bits, no parity, one stop bit; ours alone while it is open."""

    def __init__(self, port: str, speed: int) -> None:
        self._path = port
        self._speed = speed
        self._port: Any = None

    def __enter__(self) -> Self:
        """Open the port. Raises PortClosed."""
        import serial

        try:
            self._port = serial.Serial(self._path, self._speed, timeout=0, write_timeout=2, exclusive=True)
        except (OSError, ValueError, termios.error) as problem:
            raise PortClosed from problem
        return self

    def __exit__(self, *_: object) -> None:
        """Close the port."""
        try:
            self._port.close()
        except (OSError, termios.error):
            return

    def send(self, content: bytes) -> None:
        """Send bytes. Raises PortClosed."""
        try:
            self._port.write(content)
        except (OSError, TypeError, termios.error) as problem:
            raise PortClosed from problem

    def receive(self, timeout_s: float) -> bytes:
        """Give what came, at the latest after the time. Raises PortClosed."""
        try:
            self._port.timeout = timeout_s
            first = self._port.read(1)
            if not first:
                return b""
            return bytes(first + self._port.read(self._port.in_waiting))
        except (OSError, TypeError, termios.error) as problem:
            # pyserial's own error is an OSError; a port closed under a read gives TypeError.
            raise PortClosed from problem
