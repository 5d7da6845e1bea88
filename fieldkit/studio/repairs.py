"""Repairs of links: the operator's word, one event each, undoable."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import NothingToUndo
from fieldkit.ledger.events import Event
from fieldkit.ledger.journal import Journal, Pen
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.read.history import last_repairs
from fieldkit.ledger.read.line import station_checkins
from fieldkit.ledger.read.visits import Visit
from fieldkit.ledger.store import Store
from fieldkit.line.chair import Chair
from fieldkit.links import repairs
from fieldkit.links.outcome import Link
from fieldkit.links.repairs import Repair
from fieldkit.model import Person
from fieldkit.studio.beside import LinksBeside
from fieldkit.studio.errors import FrameSealed, NoSuchFrame, NothingToRepair, NothingToSwap, SamePerson
from fieldkit.studio.evidence import observations
from fieldkit.studio.linking import VisitLink, visit_links

if TYPE_CHECKING:
    from fieldkit.studio.watch_day import WatchedVisit


class Repairs:
    """What the operator says of links at one visit. Each act is one transaction and one event.

    An act names its frames: whatever the frames of others are linked to stays. ``seen`` are the links
    as they stood on the operator's screen; they are worked out where they are not given. A signed-off
    frame is changed by ``assign`` and ``unassign`` alone, which name it.
    """

    def __init__(self, journal: Journal, visit: Visit) -> None:
        self.journal = journal
        self.store = journal.store
        self.visit = visit
        self._chair = Chair(journal, visit)

    def assign(self, frame_typed: str, who: str) -> tuple[FrameRow, Person]:
        """Say that a frame is somebody's.

        Raises NoSuchFrame, NobodyFound, SeveralFound.
        """
        with self.journal.writing() as pen:
            found = find_frame(self.store, self.visit.key, frame_typed)
            person = self._chair.find(who)
            self._record(pen, repairs.assign([found.frame], person.key))
        return found, person

    def unassign(self, frame_typed: str) -> FrameRow:
        """Say that a frame is nobody's. Raises NoSuchFrame."""
        with self.journal.writing() as pen:
            found = find_frame(self.store, self.visit.key, frame_typed)
            self._record(pen, repairs.unassign([found.frame]))
        return found

    def swap(
        self, first: str, second: str, *, seen: Sequence[VisitLink] | None = None
    ) -> dict[str, str | None]:
        """Exchange the frames of two people, those under review with them as proposal included.

        Gives the frames that changed with their new person's key. Raises NobodyFound, SeveralFound,
        SamePerson, NothingToSwap, FrameSealed.
        """
        one, other = self._two(first, second)
        links = self._links(seen)
        self._none_sealed(links, {one, other})
        repair = repairs.swap([link.link for link in links], one, other)
        if not repair.words:
            raise NothingToSwap(first=first, second=second)
        return self.say(repair)

    def split(
        self, frame_typed: str, who: str, *, seen: Sequence[VisitLink] | None = None
    ) -> dict[str, str | None]:
        """Give a frame, and those behind it that are the same person's, to somebody else.

        Raises NoSuchFrame, NobodyFound, SeveralFound, NothingToRepair, FrameSealed.
        """
        found = find_frame(self.store, self.visit.key, frame_typed)
        person = self._chair.find(who).key
        return self.say(repairs.split(self._station_links(found.station, seen), found.frame, person))

    def merge(
        self, into: str, other: str, *, seen: Sequence[VisitLink] | None = None
    ) -> dict[str, str | None]:
        """Give all frames of somebody to another person.

        Raises NobodyFound, SeveralFound, SamePerson, NothingToRepair, FrameSealed.
        """
        kept, gone = self._two(into, other)
        links = self._links(seen)
        self._none_sealed(links, {gone})
        return self.say(repairs.merge([link.link for link in links], kept, gone))

    def shift(
        self, frame_typed: str, step: int, *, seen: Sequence[VisitLink] | None = None
    ) -> dict[str, str | None]:
        """Move the frames from here to the next firm witness by ``step`` places along the line.

        Raises NoSuchFrame, NothingToRepair, FrameSealed.
        """
        found = find_frame(self.store, self.visit.key, frame_typed)
        line = door_order(self.store, self.visit.key, found.station)
        return self.say(repairs.shift(self._station_links(found.station, seen), line, found.frame, step))

    def clock(
        self,
        frame_typed: str,
        ahead: timedelta,
        *,
        seen: Sequence[VisitLink] | None = None,
        beside: LinksBeside | None = None,
    ) -> dict[str, str | None]:
        """Settle frames under review by saying how far their camera's clock was ahead from a frame on.

        Only what this settles is said; it is worked out ``beside`` where that is given. Raises NoSuchFrame,
        NothingToRepair, FrameSealed, LinksStopped.
        """
        found = find_frame(self.store, self.visit.key, frame_typed)
        before = self._station_links(found.station, seen)
        order = [link.frame for link in before]
        late = frozenset(order[order.index(found.frame) :])
        if beside is None:
            after = links_with_clock(self.store, self.visit.key, found, late, ahead)
        else:
            after = beside.ask(clock_beside, self.visit.key, found, late, ahead)
        return self.say(repairs.clock(before, after))

    def say(self, repair: Repair) -> dict[str, str | None]:
        """Say what a repair says, as one event, and give it. Raises NothingToRepair, FrameSealed."""
        if not repair.words:
            raise NothingToRepair
        with self.journal.writing() as pen:
            sealed = read_frames.sealed(self.store, self.visit.key)
            fixed = next((frame for frame, _ in repair.words if frame in sealed), None)
            if fixed is not None:
                raise FrameSealed(frame=fixed)
            self._record(pen, repair)
        return dict(repair.words)

    def left(self, person: str) -> Person:
        """Note that somebody was seen to have left, which is why they have no frame. Raises NobodyFound."""
        return self._chair.leave(person, desk=kinds.ALIGN_DESK).person

    def standing(self, most: int) -> list[Event]:
        """Give the newest repairs of this station that ``undo`` takes back, newest first."""
        return last_repairs(self.store, self.visit.key, self.journal.station.id, most)

    def undo(self) -> Event:
        """Undo this station's newest repair that still stands; what door and chair did is not touched.

        Gives the event of the repair. Raises NothingToUndo.
        """
        with self.journal.writing() as pen:
            newest = self.standing(1)
            if not newest:
                raise NothingToUndo
            pen.undo(newest[0])
        return newest[0]

    def _record(self, pen: Pen, repair: Repair) -> None:
        pen.record(
            kinds.LINKS_SAID,
            {"frames": dict(repair.words)},
            visit=self.visit.key,
            school=self.visit.school,
            subject=repair.words[0][0],
        )

    def _two(self, first: str, second: str) -> tuple[str, str]:
        one, other = self._chair.find(first).key, self._chair.find(second).key
        if one == other:
            raise SamePerson(first=first, second=second)
        return one, other

    def _links(self, seen: Sequence[VisitLink] | None) -> Sequence[VisitLink]:
        return visit_links(self.store, self.visit.key) if seen is None else seen

    def _station_links(self, station: str, seen: Sequence[VisitLink] | None) -> list[Link]:
        return [link.link for link in self._links(seen) if link.frame.station == station]

    def _none_sealed(self, links: Sequence[VisitLink], people: set[str]) -> None:
        # Half of an exchange would be worse than none.
        for link in links:
            if link.link.sealed and link.person in people:
                raise FrameSealed(frame=link.frame.frame)


def links_with_clock(
    store: Store, visit: str, frame: FrameRow, late: AbstractSet[str], ahead: timedelta
) -> tuple[Link, ...]:
    """Link a station's frames as if the clock of a frame's camera had not been ahead in the ``late`` ones."""
    from dataclasses import replace

    from fieldkit.links.engine import link_frames
    from fieldkit.links.recording import FrameTaken

    moved = [
        replace(seen, shot=seen.shot - ahead)
        if isinstance(seen, FrameTaken) and seen.shot and seen.body == frame.body and seen.id in late
        else seen
        for seen in observations(store, visit, frame.station)
    ]
    return link_frames(moved)


def clock_beside(
    store: Store, watched: "WatchedVisit", frame: FrameRow, late: AbstractSet[str], ahead: timedelta
) -> tuple[Link, ...]:
    """Answer ``links_with_clock`` as a question to the process that works links out."""
    return links_with_clock(store, watched.visit, frame, late, ahead)


def door_order(store: Store, visit: str, station: str) -> list[str]:
    """Give the people who checked in at a station in the order of their first coming."""
    entries = sorted(station_checkins(store, visit, station), key=lambda entry: (entry.at, entry.number))
    return list(dict.fromkeys(entry.person for entry in entries))


def find_frame(store: Store, visit: str, typed: str) -> FrameRow:
    """Find a frame by its name, or by its file where only one frame goes by it.

    Raises NoSuchFrame.
    """
    found = read_frames.frame(store, visit, typed.strip())
    if found:
        return found
    named = [
        row
        for row in read_frames.frames(store, visit)
        if typed.strip() in (row.file, row.file.rpartition("/")[2])
    ]
    if len(named) != 1:
        raise NoSuchFrame(typed=typed)
    return named[0]
