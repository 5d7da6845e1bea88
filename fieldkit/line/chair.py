"""The chair: who sits in front of the camera now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.line import chair_acts, checkins, last_standing, station_checkins
from fieldkit.ledger.read.people import person_by_key
from fieldkit.ledger.read.visits import Visit
from fieldkit.line.credentials import identify
from fieldkit.line.errors import EmptyCredential, NobodyFound, NobodyWaits, SeveralFound
from fieldkit.line.queue import Line, LiningUp
from fieldkit.model import Person


@dataclass(frozen=True, slots=True)
class ChairOutcome:
    """Who sits down, and their sequence number; None for somebody who never checked in."""

    person: Person
    number: str | None


class Chair:
    """The chair of one visit at one station. Each act is one transaction, committed when it returns."""

    def __init__(self, journal: Journal, visit: Visit) -> None:
        self.journal = journal
        self.store = journal.store
        self.visit = visit
        self._lining = LiningUp()
        self._known = (0, 0)
        self._line = self._lining.line()

    def line(self) -> Line:
        """Give the line as it stands at this station; what was worked out before is not worked out again."""
        known, station = self._known, self.journal.station.id
        now = last_standing(self.store, self.visit.key, station)
        if now == known:
            return self._line
        after = known[0] if now[1] == known[1] and now[0] > known[0] else 0
        if not after or not self._take(station, after, now[0]):
            self._lining = LiningUp()
            self._take(station, 0, now[0])
        self._known, self._line = now, self._lining.line()
        return self._line

    def _take(self, station: str, after: int, upto: int) -> bool:
        return self._lining.take(
            station_checkins(self.store, self.visit.key, station, after=after, upto=upto),
            chair_acts(self.store, self.visit.key, station, after=after, upto=upto),
        )

    def seat(self, who: str, *, at: datetime | None = None) -> ChairOutcome:
        """Say who sits down now, by credential, sequence number or key.

        A bare number that names nobody otherwise is a sequence number of this station. Raises NobodyFound,
        SeveralFound, EmptyCredential, and what writing raises.
        """
        return self._act(kinds.SEAT, who, at)

    def leave(self, who: str, *, at: datetime | None = None, desk: str = "") -> ChairOutcome:
        """Say that somebody left the line; ``desk`` is where it was seen, if not at the chair.

        Raises what ``seat`` raises.
        """
        return self._act(kinds.LEAVE, who, at, {"desk": desk} if desk else {})

    def next(self, *, at: datetime | None = None) -> ChairOutcome:
        """Say that the next in line sits down: the clicker. Raises NobodyWaits."""
        with self.journal.writing() as pen:
            waiting = self.line().waiting
            if not waiting:
                raise NobodyWaits
            head = waiting[0]
            person = person_by_key(self.store, self.visit.key, head.person)
            assert person is not None
            pen.record(
                kinds.NEXT,
                {"number": head.sequence_number},
                visit=self.visit.key,
                school=self.visit.school,
                subject=head.person,
                at=at,
            )
        return ChairOutcome(person, head.sequence_number)

    def find(self, who: str) -> Person:
        """Give the one person whom a credential, number or key names.

        Raises NobodyFound, SeveralFound, EmptyCredential.
        """
        if not who.strip():
            raise EmptyCredential
        people = identify(self.store, self.visit.key, who).people
        if not people and who.strip().isdecimal():
            numbered = f"{self.journal.station.letter}-{who.strip()}"
            people = identify(self.store, self.visit.key, numbered).people
        if not people:
            raise NobodyFound(typed=who)
        if len(people) > 1:
            shown = "、".join(f"{person.entry.name} {person.entry.student_no}" for person in people[:5])
            raise SeveralFound(typed=who, count=len(people), people=shown)
        return people[0]

    def _act(
        self, kind: str, who: str, at: datetime | None, more: Mapping[str, str] = MappingProxyType({})
    ) -> ChairOutcome:
        with self.journal.writing() as pen:
            person = self.find(who)
            number = self.number(person.key)
            pen.record(
                kind,
                {"number": number or "", **more},
                visit=self.visit.key,
                school=self.visit.school,
                subject=person.key,
                at=at,
            )
        return ChairOutcome(person, number)

    def number(self, key: str) -> str | None:
        """Give somebody's sequence number, or None."""
        found = checkins(self.store, self.visit.key, key)
        return found[0].sequence_number if found else None
