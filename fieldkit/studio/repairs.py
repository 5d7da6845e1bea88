"""Repairs of links: the operator's word, one event each, undoable."""

from collections.abc import Mapping

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal, Pen
from fieldkit.ledger.read.frames import FrameRow, frame, frames
from fieldkit.ledger.read.visits import Visit
from fieldkit.ledger.store import Store
from fieldkit.line.chair import Chair
from fieldkit.model import Person
from fieldkit.studio.errors import NoSuchFrame, NothingToSwap, SamePerson
from fieldkit.studio.linking import visit_links


class Repairs:
    """What the operator says of links at one visit. Each act is one transaction and one event."""

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
            self._say(pen, {found.frame: person.key})
        return found, person

    def unassign(self, frame_typed: str) -> FrameRow:
        """Say that a frame is nobody's. Raises NoSuchFrame."""
        with self.journal.writing() as pen:
            found = find_frame(self.store, self.visit.key, frame_typed)
            self._say(pen, {found.frame: None})
        return found

    def swap(self, first: str, second: str) -> dict[str, str]:
        """Exchange the frames of two people, those under review with them as proposal included.

        Gives the frames that changed with their new person's key. Raises NobodyFound, SeveralFound,
        SamePerson, NothingToSwap.
        """
        with self.journal.writing() as pen:
            one, other = self._chair.find(first).key, self._chair.find(second).key
            if one == other:
                raise SamePerson(first=first, second=second)
            partner = {one: other, other: one}
            said = {
                link.frame.frame: partner[holder]
                for link in visit_links(self.store, self.visit.key)
                if (holder := link.link.person or link.link.proposal) in partner
            }
            if not said:
                raise NothingToSwap(first=first, second=second)
            self._say(pen, said)
        return said

    def _say(self, pen: Pen, said: Mapping[str, str | None]) -> None:
        pen.record(
            kinds.LINKS_SAID,
            {"frames": dict(said)},
            visit=self.visit.key,
            school=self.visit.school,
            subject=next(iter(said)),
        )


def find_frame(store: Store, visit: str, typed: str) -> FrameRow:
    """Find a frame by its name, or by its file where only one frame goes by it.

    Raises NoSuchFrame.
    """
    found = frame(store, visit, typed.strip())
    if found:
        return found
    named = [row for row in frames(store, visit) if typed.strip() in (row.file, row.file.rpartition("/")[2])]
    if len(named) != 1:
        raise NoSuchFrame(typed=typed)
    return named[0]
