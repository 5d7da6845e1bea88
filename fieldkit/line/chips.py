"""Chips that a plain reader gives only the serial of: bound to a person once, recognised after."""

import re
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.read.people import people_with, person_by_key
from fieldkit.ledger.read.visits import Visit
from fieldkit.ledger.store import Store
from fieldkit.line.credentials import identify
from fieldkit.line.errors import ChipOfAnother, EmptyCredential, NobodyFound, NotAChip
from fieldkit.model import Person

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ :-]?){4,10}")


@dataclass(frozen=True, slots=True)
class Binding:
    """Whose a chip is now, whose it was before, and the sequence number they have."""

    person: Person
    before: Person | None
    number: str | None

    @property
    def changed(self) -> bool:
        """Say whether anything was written."""
        return self.before is None or self.before.key != self.person.key


class Chips:
    """The chips of one visit at one station. Each binding is one event, committed when it returns."""

    def __init__(self, journal: Journal, visit: Visit) -> None:
        self.journal = journal
        self.store = journal.store
        self.visit = visit

    def holder(self, serial: str) -> Person | None:
        """Give whose a chip is, or None; the first where a roster gives one chip to several."""
        return next(iter(people_with(self.store, self.visit.key, "chip_serial", serial)), None)

    def bind(
        self, serial: str, person: str, *, replacing: str | None = None, at: datetime | None = None
    ) -> Binding:
        """Bind a chip to a person by key.

        ``replacing`` is the key of the one it is taken from, so that nobody else's is. Raises
        EmptyCredential, NobodyFound, NotAChip, ChipOfAnother, and what writing raises.
        """
        with self.journal.writing() as pen:
            found = person_by_key(self.store, self.visit.key, person)
            if found is None:
                raise NobodyFound(typed=person)
            before = self.holder(serial)
            if not bindable(self.store, self.visit.key, serial, person, replacing):
                return Binding(found, found, self._number(person))
            pen.record(
                kinds.CHIP_BOUND,
                {"chip_serial": serial},
                visit=self.visit.key,
                school=self.visit.school,
                subject=person,
                at=at,
            )
        return Binding(found, before, self._number(person))

    def _number(self, key: str) -> str | None:
        found = checkins(self.store, self.visit.key, key)
        return found[0].sequence_number if found else None


def bindable(store: Store, visit: str, serial: str, person: str, replacing: str | None = None) -> bool:
    """Say whether a chip is to be bound to a person; False where it is theirs already.

    Raises EmptyCredential, NotAChip, ChipOfAnother.
    """
    if not serial.strip():
        raise EmptyCredential
    found = identify(store, visit, serial)
    holders = {holder.key: holder for holder in found.people}
    if found.people and found.kind != "chip-serial":
        raise NotAChip(holder=_shown(found.people[0]))
    if list(holders) == [person]:
        return False
    if holders and replacing not in holders:
        raise ChipOfAnother(holder=_shown(found.people[0]))
    return True


def read_chip(typed: str) -> str:
    """Read a chip's serial as people write it: pairs of hex digits become what a reader would give."""
    serial = typed.strip()
    return re.sub("[ :-]", "", serial).upper() if _HEX.fullmatch(serial) else serial


def _shown(person: Person) -> str:
    return f"{person.entry.name} {person.entry.student_no}".strip() or person.key
