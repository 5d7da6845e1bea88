"""The door: a credential becomes a person, a person becomes the next sequence number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal, Pen
from fieldkit.ledger.read.line import CheckedIn, checkins, next_number, sequence_number
from fieldkit.ledger.read.people import has_capture_codes, is_listed, people_with, person_by_key
from fieldkit.ledger.read.visits import Visit
from fieldkit.line.chips import bindable
from fieldkit.line.credentials import candidates, identify, stranger
from fieldkit.line.errors import EmptyCredential
from fieldkit.model import CheckinStatus, CredentialKind, Person
from fieldkit.roster.identity import entry_body, name_key, person_key, walk_in_key
from fieldkit.words import Lang, Text
from fieldkit.words import line as words

UNPAID = frozenset({"否", "未缴", "未缴费", "0", "no", "n", "×"})


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a person that the operator must see; places of the text in ``fields``."""

    text: Text
    fields: tuple[tuple[str, object], ...] = ()

    def say(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.text.say(lang, **dict(self.fields))


@dataclass(frozen=True, slots=True)
class DoorOutcome:
    """What came of one presentation at the door.

    ``number`` is None where nothing was issued: then ``status`` is unknown, and ``people`` are those whom
    the credential could mean, none or several.
    """

    status: CheckinStatus
    credential: CredentialKind
    person: Person | None = None
    number: str | None = None
    notes: tuple[Note, ...] = ()
    people: tuple[Person, ...] = ()


class Desk:
    """The door of one visit at one station. Each act is one transaction, committed when it returns.

    ``seal`` is given where the visit keeps the photo of a card's chip: what seals it.
    """

    def __init__(self, journal: Journal, visit: Visit, seal: Callable[[bytes], str] | None = None) -> None:
        self.journal = journal
        self.store = journal.store
        self.visit = visit
        self._seal = seal

    def find(self, typed: str, most: int = 8) -> list[Person]:
        """Give the people whom half-typed text may mean, likeliest first."""
        return candidates(self.store, self.visit.key, typed, most) if typed.strip() else []

    def check_in(
        self,
        presented: str,
        *,
        kind: CredentialKind | None = None,
        walk_in: str | None = None,
        binds: str = "",
        photo: bytes = b"",
        at: datetime | None = None,
    ) -> DoorOutcome:
        """Check in whoever holds a credential.

        ``kind`` is what a device says it read. ``walk_in`` is the name under which to serve somebody whom
        the credential does not name. ``binds`` is a chip that is theirs from now on, by the same event;
        ``photo`` the chip's own. Raises EmptyCredential, what ``bindable`` raises, and what writing raises.
        """
        if not presented.strip():
            raise EmptyCredential
        more = self._kept(photo)
        with self.journal.writing() as pen:
            found = identify(self.store, self.visit.key, presented)
            if len(found.people) == 1:
                return self._admit(pen, found.people[0], found.kind, at, binds, more)
            if found.people:
                return DoorOutcome("unknown", found.kind, people=found.people)
            if walk_in is not None:
                return self._admit_stranger(pen, presented, walk_in, kind, at, binds, more)
            if kind == "capture-code" and not has_capture_codes(self.store, self.visit.key):
                return self._admit_stranger(pen, presented, None, kind, at, binds, more)
        return DoorOutcome("unknown", kind or found.kind)

    def check_in_person(self, key: str, *, binds: str = "", at: datetime | None = None) -> DoorOutcome:
        """Check in somebody who was picked from a list by key. Raises what ``check_in`` raises."""
        with self.journal.writing() as pen:
            person = person_by_key(self.store, self.visit.key, key)
            if person is None:
                return DoorOutcome("unknown", "name")
            return self._admit(pen, person, "name", at, binds, {})

    def notes_on(self, person: Person) -> tuple[Note, ...]:
        """Give what the operator must see about a person."""
        notes = []
        if person.origin == "roster" and not is_listed(self.store, self.visit.key, person.key):
            notes.append(Note(words.NO_LONGER_LISTED))
        same = people_with(self.store, self.visit.key, "name_key", name_key(person.entry.name))
        if len(same) > 1:
            notes.append(Note(words.SAME_NAME, (("count", len(same)),)))
        if person.entry.paid.strip().lower() in UNPAID:
            notes.append(Note(words.NOT_PAID))
        if any("\ue000" <= character <= "\uf8ff" for character in person.entry.name):
            notes.append(Note(words.NAME_UNSURE))
        return tuple(notes)

    def _kept(self, photo: bytes) -> dict[str, object]:
        # Sealed before the transaction: the day's key may have to be made and written down first.
        return {"chip_photo": self._seal(photo)} if photo and self._seal else {}

    def _admit(
        self,
        pen: Pen,
        person: Person,
        credential: CredentialKind,
        at: datetime | None,
        binds: str,
        more: Mapping[str, object],
    ) -> DoorOutcome:
        before = checkins(self.store, self.visit.key, person.key)
        notes = self.notes_on(person)
        if before:
            first = before[0]
            if first.letter != self.journal.station.letter:
                notes = (*notes, Note(words.OTHER_STATION, (("letter", first.letter),)))
        number = self._write(pen, person.key, credential, before[0] if before else None, at, binds, more)
        return DoorOutcome("again" if before else "new", credential, person, number, notes)

    def _admit_stranger(
        self,
        pen: Pen,
        presented: str,
        name: str | None,
        kind: CredentialKind | None,
        at: datetime | None,
        binds: str,
        more: Mapping[str, object],
    ) -> DoorOutcome:
        credential, entry = stranger(presented, name or "", kind)
        key = person_key(self.visit.salt, entry) or walk_in_key(self.visit.salt, presented)
        origin = "capture-code" if name is None else "walk-in"
        more = {"adds": {"origin": origin, **entry_body(entry)}, **more}
        number = self._write(pen, key, credential, None, at, binds, more)
        person = person_by_key(self.store, self.visit.key, key)
        status: CheckinStatus = "new" if name is None else "walk-in"
        return DoorOutcome(status, credential, person, number)

    def _write(
        self,
        pen: Pen,
        person: str,
        credential: CredentialKind,
        before: CheckedIn | None,
        at: datetime | None,
        binds: str,
        more: Mapping[str, object],
    ) -> str:
        letter = before.letter if before else self.journal.station.letter
        number = before.number if before else next_number(self.store, self.visit.key, letter)
        body: dict[str, object] = {
            "letter": letter,
            "number": number,
            "again": before is not None,
            "credential": credential,
        }
        if binds and bindable(self.store, self.visit.key, binds, person):
            body["chip_serial"] = binds
        pen.record(
            kinds.CHECKIN,
            {**body, **more},
            visit=self.visit.key,
            school=self.visit.school,
            subject=person,
            at=at,
        )
        return sequence_number(letter, number)
