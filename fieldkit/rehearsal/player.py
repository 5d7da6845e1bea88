"""Playing a rehearsal into the open app: its devices are simulated, everything else is real."""

import threading
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from fieldkit.clock import Clock
from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.model import CredentialRead
from fieldkit.portrait.worker import Judge
from fieldkit.rehearsal.camera import Camera
from fieldkit.rehearsal.play import Stage
from fieldkit.rehearsal.script import Act, Arrives, Leaves, Sits
from fieldkit.studio.judging import judge_frames
from fieldkit.studio.reading import read_in


class Hall(Protocol):
    """Where the simulated devices are heard; each call says False once nobody listens any more."""

    def presented_at_door(self, read: CredentialRead, walk_in: str | None) -> bool:
        """Hear a credential at the door."""
        ...

    def presented_at_chair(self, read: CredentialRead) -> bool:
        """Hear a credential at the camera."""
        ...

    def left(self, who: str) -> bool:
        """Hear that somebody left the line."""
        ...

    def frames_changed(self) -> bool:
        """Hear that frames were read in or judged."""
        ...

    def failed(self, error: FieldkitError) -> bool:
        """Hear why a simulated device gave up."""
        ...


class Player:
    """Plays a script in threads of its own, in step with a clock that runs ``speed`` times as fast."""

    def __init__(self, stage: Stage, clock: Clock, speed: float, seed: int) -> None:
        self._stage = stage
        self._clock = clock
        self._speed = speed
        self._seed = seed
        self._stop = threading.Event()
        self._read = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, hall: Hall) -> None:
        """Begin to play."""
        for name, run in (("rehearsal", self._play), ("rehearsal-judge", self._judge)):
            thread = threading.Thread(target=run, args=(hall,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End playing and wait until the threads have closed what they hold."""
        self._stop.set()
        self._read.set()
        for thread in self._threads:
            thread.join()

    def _play(self, hall: Hall) -> None:
        kit = self._stage.kit.again()
        try:
            with Camera(self._stage.script, self._seed, self._stage.card, workers=1) as camera:
                for act in self._stage.script.acts:
                    if self._wait_until(act.at) or not self._perform(act, hall, kit, camera):
                        return
        except FieldkitError as error:
            hall.failed(error)
        finally:
            kit.close()

    def _perform(self, act: Act, hall: Hall, kit: Kit, camera: Camera) -> bool:
        if isinstance(act, Arrives):
            return hall.presented_at_door(self._card(act.credential), act.walk_in)
        if isinstance(act, Leaves):
            return hall.left(act.credential)
        if isinstance(act, Sits):
            return hall.presented_at_chair(self._card(act.credential))
        camera.shoot(act, self._clock.now())
        read_in(kit.home, kit.require_visit(), self._stage.card)
        self._read.set()
        return hall.frames_changed()

    def _judge(self, hall: Hall) -> None:
        kit = self._stage.kit.again()
        try:
            with Judge() as judge:
                while not self._stop.is_set():
                    self._read.wait()
                    self._read.clear()
                    # What could not be judged now is judged with the next frame.
                    with suppress(FieldkitError):
                        judge_frames(kit.home, kit.require_visit(), judge, kit.profile())
                    if not hall.frames_changed():
                        return
        finally:
            kit.close()

    def _wait_until(self, moment: datetime) -> bool:
        seconds = (moment - self._clock.now()).total_seconds() / self._speed
        return self._stop.wait(max(0.0, seconds))

    def _card(self, number: str) -> CredentialRead:
        return CredentialRead(
            kind="id-card" if len(number) == 18 else "student-no", value=number, source="simulated"
        )
