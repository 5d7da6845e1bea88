"""From what was presented to the people it can mean."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldkit.ledger.read.line import person_of_number
from fieldkit.ledger.read.people import (
    ExactField,
    people_beginning,
    people_ending,
    people_with,
    person_by_key,
)
from fieldkit.ledger.store import Store
from fieldkit.model import CredentialKind, Person, RosterEntry

TAIL_DIGITS = 4

_NUMBER = re.compile(r"([A-Za-z])[-－ ]?0*(\d{1,6})")
_NUMERIC = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{1,29}")
# In the order of trust: what a device reads byte for byte, then what people type.
_WHOLE: Mapping[CredentialKind, ExactField] = {
    "capture-code": "capture_code",
    "chip-serial": "chip_serial",
    "student-no": "student_no",
    "id-number": "id_number",
}


@dataclass(frozen=True, slots=True)
class Identified:
    """The people a credential can mean, and as what it was understood."""

    kind: CredentialKind
    people: tuple[Person, ...] = ()


def read_number(typed: str) -> tuple[str, int] | None:
    """Read a sequence number such as ``A-0123`` or ``a123``; None for anything else."""
    match = _NUMBER.fullmatch(typed.strip())
    return (match[1].upper(), int(match[2])) if match else None


def identify(store: Store, visit: str, presented: str) -> Identified:
    """Find whom a whole credential names: byte for byte first, then as a person would type it.

    Nothing is guessed from a part, apart from the last four or more digits of a student or ID number.
    """
    from fieldkit.roster.documents import normalise_number

    typed = normalise_number(presented)
    for text in dict.fromkeys((presented, typed)):
        for kind, field in _WHOLE.items():
            people = people_with(store, visit, field, text)
            if people:
                return Identified(kind, tuple(people))
    number = read_number(typed)
    holder = person_of_number(store, visit, *number) if number else None
    person = person_by_key(store, visit, holder or typed)
    if person:
        return Identified("sequence-number" if holder else "student-no", (person,))
    if typed.isascii() and len(typed) >= TAIL_DIGITS and typed[:-1].isdigit():
        people = people_ending(store, visit, "student_no", typed, 2)
        people += [
            person for person in people_ending(store, visit, "id_number", typed, 2) if person not in people
        ]
        if people:
            return Identified("student-no", tuple(people))
    return _by_name(store, visit, presented)


def candidates(store: Store, visit: str, typed: str, most: int) -> list[Person]:
    """Find whom half-typed text may mean, likeliest first: whole, then beginnings, then ends."""
    from fieldkit.roster.documents import normalise_number
    from fieldkit.roster.identity import name_key

    found = {person.key: person for person in identify(store, visit, typed).people}
    text, name = normalise_number(typed), name_key(typed)
    latin = name.lower()
    if not text or not name:
        return list(found.values())
    searches: list[Callable[[], list[Person]]] = []
    if text.isascii():
        searches.append(lambda: people_ending(store, visit, "student_no", text, most))
    if len(text) >= TAIL_DIGITS:
        searches.append(lambda: people_ending(store, visit, "id_number", text, most))
    searches.append(lambda: people_beginning(store, visit, "name_key", name, most))
    if latin.isascii():
        searches.append(lambda: people_beginning(store, visit, "initials", latin, most))
        searches.append(lambda: people_beginning(store, visit, "pinyin", latin, most))
    searches.append(lambda: people_beginning(store, visit, "student_no", text, most))
    for search in searches:
        if len(found) >= most:
            break
        found |= {person.key: person for person in search() if person.key not in found}
    return list(found.values())[:most]


def stranger(presented: str, name: str) -> tuple[CredentialKind, RosterEntry]:
    """Describe somebody whom the roster does not hold, by what they presented and the name they gave."""
    from fieldkit.roster.documents import examine, normalise_number

    typed = normalise_number(presented)
    if examine(typed).valid:
        return "id-number", RosterEntry(name=name.strip(), id_number=typed)
    if presented.strip() == name.strip() or not presented.isascii():
        return "name", RosterEntry(name=name.strip())
    if _NUMERIC.fullmatch(typed):
        return "student-no", RosterEntry(name=name.strip(), student_no=typed)
    return "capture-code", RosterEntry(name=name.strip(), capture_code=presented)


def _by_name(store: Store, visit: str, presented: str) -> Identified:
    from fieldkit.roster.identity import name_key

    name = name_key(presented)
    for field, text in (("name_key", name), ("pinyin", name.lower()), ("initials", name.lower())):
        people = people_with(store, visit, field, text)  # type: ignore[arg-type]
        if people:
            return Identified("name", tuple(people))
    return Identified("name")
