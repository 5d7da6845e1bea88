"""Taking a checked roster into the ledger: who is new, who changed, who is no longer there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.people import all_people, roster_rows, unlisted_keys
from fieldkit.ledger.read.visits import Visit
from fieldkit.model import Person, RosterEntry
from fieldkit.roster.identity import entry_body, person_key

PAGE = 500


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import did, people by key."""

    rows: int
    added: int
    changed: int
    unchanged: int
    missing: tuple[str, ...]


def take_in(journal: Journal, visit: Visit, entries: Sequence[RosterEntry]) -> Intake:
    """Import the accepted entries of a roster in one transaction, all or nothing.

    People are recognised by student number, else by ID number or capture code; check-ins, links and
    corrections stay with them. Those whom the new roster no longer holds are kept and marked.
    """
    with journal.writing() as pen:
        matcher = _Matcher(visit, all_people(journal.store, visit.key), entries)
        before = roster_rows(journal.store, visit.key)
        keys = [matcher.key(entry) for entry in entries]
        changed = [(key, entry) for key, entry in zip(keys, entries, strict=True) if before.get(key) != entry]
        missing = tuple(sorted(before.keys() - set(keys)))
        for start in range(0, len(changed), PAGE):
            page = [{"person": key, **entry_body(entry)} for key, entry in changed[start : start + PAGE]]
            pen.record(kinds.ROSTER_PEOPLE, {"people": page}, visit=visit.key, school=visit.school)
        added = sum(key not in before for key, _ in changed)
        body: dict[str, Any] = {
            "rows": len(entries),
            "added": added,
            "changed": len(changed) - added,
            "back": sorted(unlisted_keys(journal.store, visit.key) & set(keys)),
            "missing": list(missing),
        }
        pen.record(kinds.ROSTER_IMPORTED, body, visit=visit.key, school=visit.school)
    return Intake(len(entries), added, len(changed) - added, len(entries) - len(changed), missing)


class _Matcher:
    """Finds the key under which an entry is known already."""

    def __init__(self, visit: Visit, people: Sequence[Person], entries: Sequence[RosterEntry]) -> None:
        self._salt = visit.salt
        coming = {entry.student_no for entry in entries if entry.student_no}
        self._by_number = {p.entry.student_no: p.key for p in people if p.entry.student_no}
        # Somebody whose student number the new roster still holds is not found by another number.
        free = [person for person in people if person.entry.student_no not in coming]
        self._by_document = {p.entry.id_number: p.key for p in free if p.entry.id_number}
        self._by_code = {p.entry.capture_code: p.key for p in free if p.entry.capture_code}
        self._used: set[str] = set()

    def key(self, entry: RosterEntry) -> str:
        known = (
            self._by_number.get(entry.student_no)
            or self._by_document.get(entry.id_number)
            or self._by_code.get(entry.capture_code)
        )
        key = known if known and known not in self._used else person_key(self._salt, entry)
        if not key or key in self._used:
            key = person_key(self._salt, RosterEntry(exam_no=f"{len(self._used)} {entry!r}"))
        self._used.add(key)
        return key
