"""What the ledger says of a visit, as the plain values that reconciling and delivering work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read import line as read_line
from fieldkit.ledger.read import people as read_people
from fieldkit.ledger.read import visits as read_visits
from fieldkit.ledger.read.frames import FrameRow, PortraitRow, SealedRow
from fieldkit.ledger.read.line import ChairAct, CheckedIn
from fieldkit.ledger.read.visits import Slot
from fieldkit.ledger.store import Store
from fieldkit.links.outcome import Link
from fieldkit.model import Person


class LinkedFrame(Protocol):
    """A frame with its link."""

    @property
    def link(self) -> Link:
        """Give its link."""
        ...

    @property
    def frame(self) -> FrameRow:
        """Give the frame."""
        ...


@dataclass(frozen=True, slots=True)
class Day:
    """A visit as it stands now; ``accepted`` is what somebody said of a frame by hand."""

    people: Sequence[Person]
    links: Sequence[LinkedFrame]
    unlisted: frozenset[str]
    slots: Sequence[Slot]
    checkins: Sequence[CheckedIn]
    chair: Sequence[ChairAct]
    reasons: Mapping[str, str]
    accepted: Mapping[str, bool]
    portraits: Mapping[str, PortraitRow]
    sealed: Mapping[str, SealedRow]
    sealed_batches: frozenset[str]

    def is_accepted(self, frame: str) -> bool:
        """Say whether a frame counts: the newest word by hand, else its verdict; unjudged does not."""
        by_hand = self.accepted.get(frame)
        if by_hand is not None:
            return by_hand
        portrait = self.portraits.get(frame)
        return portrait is not None and portrait.verdict != "bad"

    def taken(self) -> frozenset[str]:
        """Give the keys of those who have an accepted linked frame, walk-ins included."""
        return frozenset(
            link.link.person
            for link in self.links
            if link.link.person is not None and self.is_accepted(link.frame.frame)
        )

    def is_unjudged(self, frame: str) -> bool:
        """Say whether nobody and nothing has judged a frame yet."""
        return frame not in self.accepted and frame not in self.portraits

    def numbers(self) -> dict[str, str]:
        """Give everybody's sequence number by key: the first they were given."""
        return {entry.person: entry.sequence_number for entry in reversed(self.checkins)}


def read_day(store: Store, visit: str, links: Sequence[LinkedFrame]) -> Day:
    """Read what a visit's links are reconciled and delivered with."""
    return Day(
        people=read_people.all_people(store, visit),
        links=links,
        unlisted=read_people.unlisted_keys(store, visit),
        slots=read_visits.slots(store, visit),
        checkins=read_line.checkins(store, visit),
        chair=read_line.chair_acts(store, visit),
        reasons=read_line.reasons(store, visit),
        accepted=read_frames.accepted_by_hand(store, visit),
        portraits=read_frames.portraits(store, visit),
        sealed=read_frames.sealed(store, visit),
        sealed_batches=read_frames.sealed_batches(store, visit),
    )
