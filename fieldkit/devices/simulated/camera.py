"""A camera made of software: it writes frames as slowly, in pairs and in pieces as cameras do."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.clock import Clock, SystemClock
from fieldkit.devices.events import CameraChanged
from fieldkit.devices.loop import Emit

_LAST_FILE = 9999
_LAST_FOLDER = 999


@dataclass(frozen=True, slots=True)
class DcfPlace:
    """Where a camera writes next: folder and file number, both going round as DCF has it."""

    folder: int = 100
    number: int = 1

    def next(self) -> "DcfPlace":
        """Give the place after this one: 9999 goes on with 0001 in the next folder."""
        if self.number < _LAST_FILE:
            return DcfPlace(self.folder, self.number + 1)
        return DcfPlace(self.folder + 1 if self.folder < _LAST_FOLDER else 100, 1)


class SimulatedCamera:
    """Writes exposures under ``DCIM`` of a card, or flat into a tether folder.

    As a loop it tells that it is connected by its cable.

    A file is written in ``pieces`` with ``pause_s`` between them, waiting on ``stop`` so that a
    rehearsal can end in the middle of one, as a pulled card does.
    """

    def __init__(
        self,
        card: Path,
        *,
        clock: Clock | None = None,
        name: str = "simulated camera",
        at: DcfPlace | None = None,
        maker: str = "FIELD",
        prefix: str = "IMG_",
        tether: bool = False,
        pieces: int = 4,
        pause_s: float = 0.0,
        stop: threading.Event | None = None,
    ) -> None:
        self.name = name
        self.card = card
        self.at = at or DcfPlace()
        self._maker = maker
        self._prefix = prefix
        self._tether = tether
        self._pieces = max(1, pieces)
        self._pause_s = pause_s
        self._stop = stop or threading.Event()
        self._clock = clock or SystemClock()

    def shoot(self, jpeg: bytes, raw: bytes = b"", raw_ending: str = "CR3") -> tuple[Path, ...]:
        """Write one exposure, the RAW first where there is one, and give its files' paths.

        Raises OSError where the card is full or gone.
        """
        files: list[tuple[str, bytes]] = [(raw_ending, raw)] if raw else []
        files.append(("JPG", jpeg))
        paths = tuple(self._write(ending, content) for ending, content in files)
        self.at = self.at.next()
        return paths

    def delete(self, paths: Sequence[Path]) -> None:
        """Delete an exposure, as the photographer does on the camera."""
        for path in paths:
            path.unlink(missing_ok=True)

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Tell that the camera is there, until stopped."""
        if emit(CameraChanged(self._clock.now(), "added", self.name)):
            stop.wait()

    def wake(self) -> None:
        """Do nothing: the loop waits on ``stop``."""

    def _write(self, ending: str, content: bytes) -> Path:
        name = f"{self._prefix}{self.at.number:04d}.{ending}"
        folder = self.card
        if not self._tether:
            folder = self.card / "DCIM" / f"{self.at.folder:03d}{self._maker}"
        folder.mkdir(parents=True, exist_ok=True)
        size = -(-len(content) // self._pieces) or 1
        with (folder / name).open("wb", buffering=0) as file:
            for start in range(0, len(content), size):
                if start and (self._stop.is_set() or self._stop.wait(self._pause_s)):
                    break
                file.write(content[start : start + size])
        return folder / name
