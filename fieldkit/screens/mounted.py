"""The cards that are inside, and what is to be read of them next: asked and told from any thread."""

import threading
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from fieldkit.clock import Clock
from fieldkit.devices.events import FilesVanished, VolumeChanged
from fieldkit.screens.copying import Copying
from fieldkit.screens.due import Due, Inside, Turn
from fieldkit.screens.passes import has_pictures
from fieldkit.screens.watches import Watches

LOOK_S = 1.0

Halt = Literal["stopped", "resumed", "idle"]


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of a pass, whether its card is still inside, whether that it went away is told already."""

    result: Copying
    inside: bool
    told: bool


class Mounted:
    """Knows every card that is mounted, one lock for all that is known of them.

    A card without ``DCIM`` is looked at once a second: a camera makes that folder with its first frame.
    """

    def __init__(self, watches: Watches, told_by: Clock) -> None:
        self._watches = watches
        self._told_by = told_by
        self._stop = threading.Event()
        self._turn = threading.Condition()
        self._due = Due()
        self._inside: dict[str, Inside] = {}
        self._ended: set[str] = set()
        self._running: dict[str, threading.Event] = {}

    @property
    def stopped(self) -> bool:
        """Say whether nothing is to be read any more."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Cancel what is being read, and give nothing more to read."""
        self._stop.set()
        with self._turn:
            for cancel in self._running.values():
                cancel.set()
            self._turn.notify_all()

    # What is told of cards.

    def came(self, event: VolumeChanged) -> None:
        """Note that a card was mounted, and have it read where there are pictures on it."""
        pictured = has_pictures(event.path)
        with self._turn:
            self._watches.end(event.path)
            # What a camera writes to a card that came without pictures is of this visit.
            self._inside[event.path] = Inside(event, admitted=not pictured)
            self._ended.discard(event.path)
            self._turn.notify_all()
        if pictured:
            self._begin(event.path)

    def went(self, path: str) -> None:
        """Note that a card is gone: what is being read of it is cancelled."""
        with self._turn:
            self._watches.end(path)
            self._inside.pop(path, None)
            self._due.forget(path)
            if path in self._running:
                self._running[path].set()

    def want(self, path: str, files: AbstractSet[str] | None = None) -> None:
        """Note that a card, or these files of it, are to be read."""
        with self._turn:
            if card := self._inside.get(path):
                card.resting.tell(files or ())
                if not card.waits:
                    self._due.want(path, files)
                    self._turn.notify_all()

    def gone(self, event: FilesVanished) -> None:
        """Look at a card again of which unfinished files went away."""
        with self._turn:
            card = self._inside.get(event.folder)
            if card is not None and not card.resting.unfinished.isdisjoint(event.paths):
                self.want(event.folder)

    def halt(self) -> Halt:
        """Stop what is being read after the present file, or else go on with what was stopped.

        A card that was stopped stays so until it is put in again: nothing that is told of it resumes it.
        """
        with self._turn:
            running = [path for path in self._running if path in self._inside]
            stopped = [path for path in running if not self._inside[path].halted]
            for path in stopped:
                self._inside[path].halted = True
                self._due.forget(path)
                self._running[path].set()
            resumed = [] if stopped else [path for path, card in self._inside.items() if card.halted]
            for path in resumed:
                self._go_on(path)
        return "stopped" if stopped else "resumed" if resumed else "idle"

    def answer(self, path: str, *, belongs: bool) -> None:
        """Take in whether a card that is held is the visit's; what was said counts once it is kept."""
        with self._turn:
            card = self._inside.get(path)
            if card is not None and card.question is not None:
                card.answer = belongs
                self.want(path)

    # What the thread that reads asks.

    def next(self) -> Turn | None:
        """Wait for the next pass to make; None once nothing is to be read any more."""
        while not self._stop.is_set():
            with self._turn:
                if turn := self._taken(self._due.next(self._told_by.mono_ms())):
                    return turn
                blank = [path for path in self._inside if path not in self._watches]
                self._turn.wait(LOOK_S if blank or self._due.partly_seen else None)
            for path in blank:
                if has_pictures(path):
                    self._begin(path)
        return None

    def between(self, turn: Turn) -> Turn | None:
        """Give a short pass to make between two files of this one, or None."""
        with self._turn:
            if self._stop.is_set() or self._running[turn.path].is_set():
                return None
            return self._taken(self._due.live(self._told_by.mono_ms()))

    def entered(self, turn: Turn) -> tuple[Inside, threading.Event] | None:
        """Give the card of a pass and what cancels it; None where there is nothing to read for now."""
        with self._turn:
            if (card := self._inside.get(turn.path)) is None or card.waits:
                return None
            return card, self._running[turn.path]

    def held(self, path: str) -> None:
        """Note that a card waits for an answer: nothing else of it is due."""
        with self._turn:
            self._due.forget(path)

    def passed(self, path: str, card: Inside, done: Copying, *, whole: bool) -> Passed:
        """Take in what came of a pass, and what is due after it."""
        there = has_pictures(path)
        with self._turn:
            # That a card went away is told once, by the pass that it went away from.
            told = not there and path in self._ended
            self._ended.add(path)
            result = card.after(done, whole=whole)
            inside = there and path in self._inside
            if inside and result.unfinished:
                self._due.later(path, self._told_by.mono_ms())
            if inside and card.halted and done.state == "done":
                # It was told to stop when nothing was left: what came meanwhile must not wait for a key.
                self._go_on(path)
        return Passed(result, inside, told)

    def let_go(self, turn: Turn, within: Turn | None = None) -> None:
        """Note that a pass is over; one that was made ``within`` another of its card is part of that."""
        with self._turn:
            if within is None or turn.path != within.path:
                del self._running[turn.path]

    def _begin(self, path: str) -> None:
        with self._turn:
            if self._stop.is_set() or path not in self._inside or path in self._watches:
                return
            self._watches.begin(path)
        self.want(path)

    def _go_on(self, path: str) -> None:
        self._inside[path].halted = False
        self.want(path)

    def _taken(self, turn: Turn | None) -> Turn | None:
        """Note under the lock that a pass begins: a card that goes away from now on cancels it."""
        if turn is not None:
            self._running.setdefault(turn.path, threading.Event())
        return turn
