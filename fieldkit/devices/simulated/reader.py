"""A reader made of software, without a card service: it tells what is presented to it."""

import queue
import threading

from fieldkit.clock import Clock
from fieldkit.devices.chip import read_chip_text
from fieldkit.devices.events import CredentialPresented, DeviceEvent, ReaderChanged
from fieldkit.devices.loop import Emit
from fieldkit.devices.serial_scanner import scanned

_SLICE_S = 0.1


class SimulatedReader:
    """A loop like those of real readers; presentations may be made before it runs."""

    def __init__(self, clock: Clock, name: str = "simulated reader") -> None:
        self.name = name
        self._clock = clock
        self._waiting: queue.SimpleQueue[DeviceEvent] = queue.SimpleQueue()

    def present_card(self, text: bytes) -> None:
        """Lay an ID card on the reader, by its 256 bytes. Raises ChipUnreadable."""
        document = read_chip_text(text)
        self._waiting.put(
            CredentialPresented(
                at=self._clock.now(),
                reader=self.name,
                source="pcsc",
                kind="id-card",
                value=document.number,
                document=document,
            )
        )

    def present_chip(self, serial: str) -> None:
        """Lay a card on the reader of which only the chip's serial can be read."""
        self._waiting.put(CredentialPresented(self._clock.now(), self.name, "pcsc", "chip-serial", serial))

    def scan(self, code: str) -> None:
        """Hold a code before the scanner."""
        self._waiting.put(scanned(code, self.name, self._clock))

    def plug(self) -> None:
        """Plug the reader in, again after ``unplug``."""
        self._waiting.put(ReaderChanged(self._clock.now(), "added", self.name))

    def unplug(self) -> None:
        """Pull the reader's cable."""
        self._waiting.put(ReaderChanged(self._clock.now(), "removed", self.name))

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Tell what is presented until stopped."""
        if not emit(ReaderChanged(self._clock.now(), "added", self.name)):
            return
        while not stop.is_set():
            try:
                event = self._waiting.get(timeout=_SLICE_S)
            except queue.Empty:
                continue
            if not emit(event):
                return

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` ten times a second."""
