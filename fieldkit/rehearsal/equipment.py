"""The devices of a rehearsal, made of software: what the loops of real devices read from."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fieldkit.clock import Clock
from fieldkit.devices.events import CameraChanged
from fieldkit.devices.loop import DeviceLoop
from fieldkit.devices.sam_serial import SerialSam
from fieldkit.devices.simulated.camera import DcfPlace, SimulatedCamera
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.reader import SimulatedReader
from fieldkit.devices.simulated.sam import SimulatedSam
from fieldkit.devices.simulated.slot import SimulatedSlot
from fieldkit.devices.volumes import VolumeLoop, counted, volumes_now
from fieldkit.model import RosterEntry
from fieldkit.rehearsal.errors import RehearsalBroke
from fieldkit.rehearsal.script import Shows

if TYPE_CHECKING:
    from fieldkit.devices.survey import Survey

LABEL = "REHEARSAL"
MAKER = "REHRS"
# A card's number goes round within the first half hour.
FIRST = DcfPlace(100, 9990)
# Short, so that all of them stand in one row of the check-up.
DOOR_SAM, DOOR_SCANNER, CHAIR_READER = "door SAM (sim)", "door scanner (sim)", "chair reader (sim)"
_WRITING_S = 0.4
_PIECES = 4


class Equipment:
    """A serial ID reader and a scanner at the door, a reader at the camera, and a camera with its cards.

    ``clock`` is what the readers' events are timed by; ``speed`` says how much faster than life the
    camera writes; ``card_out_s`` is how long it is without a card while that is changed. Nothing is
    opened before ``plug``.
    """

    def __init__(
        self, folder: Path, clock: Clock, speed: float, stop: threading.Event, card_out_s: float = 0.0
    ) -> None:
        self._stop = stop
        self._card_out_s = card_out_s
        self._sam = SimulatedSam(port=folder / "reader")
        self._scanner = SimulatedReader(clock, DOOR_SCANNER)
        self._chair = SimulatedReader(clock, CHAIR_READER)
        self._slot = SimulatedSlot(folder / "slot", LABEL)
        self._cards = 0
        self._camera = SimulatedCamera(
            self._slot.place,
            clock=clock,
            at=FIRST,
            maker=MAKER,
            pieces=_PIECES,
            pause_s=_WRITING_S / (_PIECES - 1) / speed,
            stop=stop,
        )
        self._clock = clock

    def plug(self) -> None:
        """Switch everything on, with an empty card in the camera. Raises RehearsalBroke."""
        try:
            self._sam.plug()
            self._insert()
        except OSError as error:
            raise RehearsalBroke from error

    def unplug(self) -> None:
        """Switch off what answers by itself."""
        self._sam.unplug()

    def loops(self) -> list[DeviceLoop]:
        """Make the loops that serve it, once it is plugged in."""
        return [
            SerialSam(self._sam.port, self._clock),
            self._scanner,
            self._chair,
            self._camera,
            VolumeLoop(self._clock, mountinfo=self._slot.mount_table),
        ]

    def survey(self) -> "Survey":
        """Say what of it is plugged in at this moment: the machine itself knows nothing of it."""
        # Imported when it is asked: no rehearsal waits for the libraries of real readers.
        from fieldkit.devices.survey import ReaderFound, Survey

        readers = (
            ReaderFound(DOOR_SAM, "sam-serial"),
            ReaderFound(self._scanner.name, "keyboard"),
            ReaderFound(self._chair.name, "pcsc"),
        )
        camera = CameraChanged(self._clock.now(), "added", self._camera.name)
        volumes = tuple(counted(volume) for volume in volumes_now(self._slot.mount_table))
        return Survey(readers, (), (camera,), volumes, (), ())

    @property
    def card(self) -> Path:
        """Give where the card that is in has its files."""
        return self._slot.place

    def desks(self) -> Mapping[str, Literal["door", "chair"]]:
        """Say by which desk each reader stands."""
        return {self._sam.port: "door", self._scanner.name: "door", self._chair.name: "chair"}

    def present_at_door(self, entry: RosterEntry, shows: Shows) -> None:
        """Have somebody present a credential at the door. Raises RehearsalBroke."""
        if shows == "student-no":
            self._scanner.scan(entry.student_no)
        elif not self._sam.present(_card(entry), self._stop) and not self._stop.is_set():
            raise RehearsalBroke

    def present_at_chair(self, entry: RosterEntry, shows: Shows) -> None:
        """Have somebody present a credential at the camera."""
        if shows == "student-no":
            self._chair.scan(entry.student_no)
        else:
            self._chair.present_card(_card(entry))

    def shoot(self, jpeg: bytes) -> str:
        """Have the camera write an exposure and give its file below ``DCIM``. Raises RehearsalBroke."""
        try:
            (path,) = self._camera.shoot(jpeg)
        except OSError as error:
            raise RehearsalBroke from error
        return str(path.relative_to(self._slot.place / "DCIM"))

    def change_card(self) -> None:
        """Take the card out and put an empty one in a little later. Raises RehearsalBroke."""
        try:
            self._slot.pull()
            if not self._stop.wait(self._card_out_s):
                self._insert()
        except OSError as error:
            raise RehearsalBroke from error

    def _insert(self) -> None:
        self._cards += 1
        self._slot.insert(f"card-{self._cards}")


def _card(entry: RosterEntry) -> bytes:
    return resident_text(
        name=entry.name,
        number=entry.id_number,
        born=entry.id_number[6:14],
        sex="1" if entry.sex == "男" else "2",
    )
