"""Playing a rehearsal into the open app: its devices are simulated, everything else is real."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from fieldkit.clock import Clock
from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.ledger.read.frames import frames
from fieldkit.model import CredentialRead
from fieldkit.rehearsal.equipment import Equipment
from fieldkit.rehearsal.pictures import Pictures
from fieldkit.rehearsal.play import Stage, tally
from fieldkit.rehearsal.script import Act, Arrives, ChangesCard, Leaves, Shoots, Sits, WalksIn
from fieldkit.studio.judging import unjudged

LOOK_S = 0.1
LOOKS = 200
# Longer than the loop of volumes goes without a look.
CARD_OUT_S = 2.5


class Hall(Protocol):
    """Where the crew's own acts are heard; each call says False once nobody listens any more."""

    def walks_in(self, read: CredentialRead, name: str) -> bool:
        """Hear that the door operator takes in somebody who is not listed."""
        ...

    def left(self, who: str) -> bool:
        """Hear that somebody left the line."""
        ...

    def begun(self) -> bool:
        """Hear that people will come."""
        ...

    def ended(self, figures: Mapping[str, int]) -> bool:
        """Hear that the half day is over, and how its frames are linked."""
        ...

    def failed(self, error: FieldkitError) -> bool:
        """Hear why the rehearsal broke off."""
        ...


class Player:
    """Plays a script in a thread of its own, in step with a clock that runs ``speed`` times as fast.

    What devices would tell is told by ``equipment``; the app listens to its loops as to any others.
    """

    def __init__(self, stage: Stage, clock: Clock, speed: float, seed: int) -> None:
        self._stage = stage
        self._clock = clock
        self._speed = speed
        self._seed = seed
        self._stop = threading.Event()
        self._sat: dict[str, int | None] = {}
        self._thread: threading.Thread | None = None
        self._late = timedelta()
        self.equipment = Equipment(stage.props, clock, speed, self._stop, CARD_OUT_S)

    def start(self, hall: Hall) -> None:
        """Begin to play."""
        self._thread = threading.Thread(target=self._play, args=(hall,), name="rehearsal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End playing, in the middle of a file if need be."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _play(self, hall: Hall) -> None:
        hall.begun()
        kit = self._stage.kit.again()
        try:
            with Pictures(self._stage.script, self._seed, workers=1) as pictures:
                for act in self._stage.script.acts:
                    if self._wait_until(act.at) or not self._perform(act, hall, kit, pictures):
                        return
                self._until(lambda: self._all_read(kit) and self._all_judged(kit))
                hall.ended(tally(kit, self._stage.script, self._sat))
        except FieldkitError as error:
            hall.failed(error)
        finally:
            kit.close()

    def _perform(self, act: Act, hall: Hall, kit: Kit, pictures: Pictures) -> bool:
        cast, equipment = self._stage.script.cast, self.equipment
        match act:
            case Arrives():
                equipment.present_at_door(cast[act.who], act.shows)
            case Sits():
                equipment.present_at_chair(cast[act.who], act.shows)
            case Shoots():
                file = equipment.shoot(pictures.taken(act, self._clock.now()))
                self._sat[file] = act.sitter
            case ChangesCard():
                # As the photographer does who sees that the card may come out.
                if self._until(lambda: self._all_read(kit)):
                    equipment.change_card()
            case Leaves():
                return hall.left(cast[act.who].id_number)
            case WalksIn():
                number = cast[act.who].id_number
                return hall.walks_in(
                    CredentialRead("id-number", number, source="simulated"), cast[act.who].name
                )
        return True

    def _all_read(self, kit: Kit) -> bool:
        return len(frames(kit.store, kit.require_visit().key)) >= len(self._sat)

    def _all_judged(self, kit: Kit) -> bool:
        return not unjudged(kit.home, kit.require_visit())

    def _until(self, ready: Callable[[], bool]) -> bool:
        """Wait for something that the app does by itself; False where that takes too long."""
        for _ in range(LOOKS):
            if ready():
                return True
            if self._stop.wait(LOOK_S):
                break
        return False

    def _wait_until(self, moment: datetime) -> bool:
        # What is late makes everything after it later: people do not sit shorter to catch up.
        ahead = moment + self._late - self._clock.now()
        if ahead < timedelta():
            self._late -= ahead
        return self._stop.wait(max(0.0, ahead.total_seconds() / self._speed))
