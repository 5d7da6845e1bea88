"""A crew without screens: it hears the devices as the app does, and does each act they call for."""

import queue
import threading
from datetime import timedelta
from pathlib import Path
from typing import Self, TypeVar

from fieldkit.clock import Clock, SetClock
from fieldkit.devices.events import CredentialPresented, DeviceEvent, FilesSettled, VolumeChanged
from fieldkit.devices.loop import LoopRunner, LoopSet
from fieldkit.devices.watch import FolderWatch
from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.rehearsal.equipment import Equipment
from fieldkit.rehearsal.errors import RehearsalBroke
from fieldkit.rehearsal.pictures import Pictures
from fieldkit.rehearsal.script import Act, Arrives, ChangesCard, Leaves, Script, Shoots, Sits, WalksIn
from fieldkit.studio.judging import Judges, judge_frames
from fieldkit.studio.reading import read_in

PATIENCE_S = 30.0
READ_AFTER = timedelta(seconds=1)

Told = TypeVar("Told", bound=DeviceEvent)


class Crew:
    """Plays a script's acts one by one, each to its end, so that a seed always gives the same day.

    ``clock`` is the day's, moved by the script; ``pace`` is the running clock by which files settle.
    """

    def __init__(
        self,
        kit: Kit,
        script: Script,
        equipment: Equipment,
        pictures: Pictures,
        judges: Judges,
        clock: SetClock,
        pace: Clock,
    ) -> None:
        self._kit, self._script = kit, script
        self._equipment, self._pictures = equipment, pictures
        self._clock, self._pace = clock, pace
        self._desk, self._chair = kit.desk(), kit.chair()
        self._heard: queue.SimpleQueue[DeviceEvent] = queue.SimpleQueue()
        self._loops = LoopSet(equipment.loops(), self._hear, clock)
        self._watch: LoopRunner | None = None
        self._mounted = False
        self._settled: set[str] = set()
        self._judging = _Judging(kit, judges)
        self.sat: dict[str, int | None] = {}

    def __enter__(self) -> Self:
        self._loops.start()
        self._judging.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loops.stop()
        self._unwatch()
        self._judging.stop()

    def perform(self, act: Act) -> None:
        """Have an act happen and do what it calls for.

        Raises RehearsalBroke where a device stays silent, and what the use cases raise.
        """
        self._clock.set(max(act.at, self._clock.now()))
        match act:
            case Arrives():
                self._equipment.present_at_door(self._script.cast[act.who], act.shows)
                read = self._next(CredentialPresented).as_read()
                self._desk.check_in(read.value, kind=read.kind)
            case WalksIn():
                entry = self._script.cast[act.who]
                self._desk.check_in(entry.id_number, walk_in=entry.name)
            case Leaves():
                self._chair.leave(self._script.cast[act.who].id_number)
            case Sits():
                self._equipment.present_at_chair(self._script.cast[act.who], act.shows)
                self._chair.seat(self._next(CredentialPresented).as_read().value)
            case Shoots():
                self._shoot(act)
            case ChangesCard():
                self._equipment.change_card()
                self._mounted = False

    def finish(self) -> None:
        """Wait until every frame is judged. Raises what judging raises."""
        self._judging.finish()

    def _shoot(self, act: Shoots) -> None:
        while not self._mounted:
            self._next(VolumeChanged)
        file = self._equipment.shoot(self._pictures.taken(act, self._clock.now()))
        self.sat[file] = act.sitter
        self._clock.forward(READ_AFTER)
        while f"DCIM/{file}" not in self._settled:
            self._next(FilesSettled)
        read_in(self._kit.home, self._kit.require_visit(), self._equipment.card)
        self._judging.wake()

    def _hear(self, event: DeviceEvent) -> bool:
        self._heard.put(event)
        return True

    def _next(self, kind: type[Told]) -> Told:
        while True:
            try:
                event = self._heard.get(timeout=PATIENCE_S)
            except queue.Empty as error:
                raise RehearsalBroke from error
            if isinstance(event, VolumeChanged):
                self._volume(event)
            elif isinstance(event, FilesSettled):
                self._settled |= {file.path for file in event.files}
            if isinstance(event, kind):
                return event

    def _volume(self, event: VolumeChanged) -> None:
        self._unwatch()
        if event.state == "mounted":
            self._watch = LoopRunner(FolderWatch(Path(event.path), self._pace), self._hear, self._pace)
            self._watch.start()
            self._mounted = True

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None


class _Judging:
    """Has frames judged beside the acts, with a kit of its own, as the app does."""

    def __init__(self, kit: Kit, judges: Judges) -> None:
        self._kit = kit
        self._judges = judges
        self._due = threading.Event()
        self._last = False
        self._error: FieldkitError | None = None
        self._thread = threading.Thread(target=self._run, name="rehearsal-judge", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._due.set()

    def finish(self) -> None:
        self.stop()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        self._last = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            kit = self._kit.again()
            try:
                last = False
                while not last:
                    self._due.wait()
                    self._due.clear()
                    last = self._last
                    judge_frames(kit.home, kit.require_visit(), self._judges, kit.profile())
            finally:
                kit.close()
        except FieldkitError as error:
            self._error = error
