"""From what was presented to the people it can mean."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fieldkit.ledger.read.line import person_of_number
from fieldkit.ledger.read.people import (
    BeginsField,
    EndsField,
    ExactField,
    people_beginning,
    people_ending,
    people_with,
    person_by_key,
)
from fieldkit.ledger.store import Store
from fieldkit.model import CredentialKind, Person, RosterEntry

# A shorter tail is offered in a list and never taken for the whole number.
SURE_TAIL = 4

_NUMERIC = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{1,29}")
# In the order of trust: what a device reads byte for byte comes before what people type.
_AS_PRESENTED: Mapping[CredentialKind, ExactField] = {
    "capture-code": "capture_code",
    "chip-serial": "chip_serial",
    "student-no": "student_no",
    "id-number": "id_number",
}
_EXACT: Mapping[str, tuple[CredentialKind, ExactField]] = {
    "student-no": ("student-no", "student_no"),
    "id-number": ("id-number", "id_number"),
    "masked-id-number": ("id-number", "id_number"),
    "name": ("name", "name_key"),
    "pinyin": ("name", "pinyin"),
    "initials": ("name", "initials"),
}
_ENDS: Mapping[str, tuple[CredentialKind, EndsField]] = {
    "student-no-tail": ("student-no", "student_no"),
    "id-number-tail": ("id-number", "id_number"),
}
_BEGINS: Mapping[str, BeginsField] = {
    "student-no": "student_no",
    "name": "name_key",
    "initials": "initials",
    "pinyin": "pinyin",
}


@dataclass(frozen=True, slots=True)
class Identified:
    """The people a credential can mean, and as what it was understood."""

    kind: CredentialKind
    people: tuple[Person, ...] = ()


def identify(store: Store, visit: str, presented: str) -> Identified:
    """Find whom a whole credential names: byte for byte first, then as a person would type it.

    Nothing is guessed from a part, apart from the last four or more digits of a student or ID number.
    """
    return next(_wholly(store, visit, presented), Identified("name"))


def candidates(store: Store, visit: str, typed: str, most: int) -> list[Person]:
    """Find whom half-typed text may mean, likeliest first: whole, then ends of numbers, then beginnings."""
    from fieldkit.roster.search import meanings

    found: dict[str, Person] = {}
    for identified in _wholly(store, visit, typed):
        found |= {person.key: person for person in identified.people if person.key not in found}
    for meaning in meanings(typed):
        if len(found) >= most:
            break
        more: list[Person] = []
        if meaning.kind in _ENDS:
            more = people_ending(store, visit, _ENDS[meaning.kind][1], meaning.value, most)
        elif meaning.kind in _BEGINS:
            more = people_beginning(store, visit, _BEGINS[meaning.kind], meaning.value, most)
        found |= {person.key: person for person in more if person.key not in found}
    return list(found.values())[:most]


def stranger(
    presented: str, name: str, kind: CredentialKind | None = None
) -> tuple[CredentialKind, RosterEntry]:
    """Describe somebody whom the roster does not hold, by what they presented and the name they gave.

    ``kind`` is what a device says it read; without it the form of the text decides.
    """
    from fieldkit.roster.documents import examine, normalise_number

    if kind == "capture-code":
        return kind, RosterEntry(name=name.strip(), capture_code=presented)
    if kind == "chip-serial":
        return kind, RosterEntry(name=name.strip(), chip_serial=presented)
    typed = normalise_number(presented)
    if examine(typed).valid:
        return "id-number", RosterEntry(name=name.strip(), id_number=typed)
    if presented.strip() == name.strip() or not presented.isascii():
        return "name", RosterEntry(name=name.strip())
    if _NUMERIC.fullmatch(typed):
        return "student-no", RosterEntry(name=name.strip(), student_no=typed)
    return "capture-code", RosterEntry(name=name.strip(), capture_code=presented)


def _wholly(store: Store, visit: str, presented: str) -> Iterator[Identified]:
    """Give each understanding of a whole credential that names anybody, surest first."""
    from fieldkit.roster.search import meanings

    for kind, field in _AS_PRESENTED.items():
        if people := people_with(store, visit, field, presented):
            yield Identified(kind, tuple(people))
    if person := person_by_key(store, visit, presented.strip()):
        yield Identified("student-no", (person,))
    for meaning in meanings(presented):
        if meaning.kind == "sequence-number":
            letter, _, number = meaning.value.partition("-")
            holder = person_of_number(store, visit, letter, int(number))
            if holder and (person := person_by_key(store, visit, holder)):
                yield Identified("sequence-number", (person,))
        elif meaning.kind in _EXACT:
            kind, field = _EXACT[meaning.kind]
            if people := people_with(store, visit, field, meaning.value):
                yield Identified(kind, tuple(people))
        elif meaning.kind in _ENDS and len(meaning.value) >= SURE_TAIL:
            kind, ending = _ENDS[meaning.kind]
            if people := people_ending(store, visit, ending, meaning.value, 2):
                yield Identified(kind, tuple(people))
