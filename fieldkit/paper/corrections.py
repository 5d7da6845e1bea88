"""Corrections: one named change of one field of one person, checked as the roster is, undoable."""

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.people import ExactField, people_with, person_by_key
from fieldkit.ledger.read.visits import Visit
from fieldkit.ledger.store import Store
from fieldkit.model import Person
from fieldkit.paper.errors import BadValue, NoSuchPerson, SameValue, UnknownField, ValueTaken
from fieldkit.roster.columns import CHINESE, FIELD_OF, heading_code
from fieldkit.roster.problems import Problem
from fieldkit.words import Text
from fieldkit.words import paper as words

MOST_CHARACTERS = 200
_UNIQUE: dict[str, ExactField] = {
    "Xh": "student_no",
    "Sfzh": "id_number",
    "caijima": "capture_code",
    "card": "chip_serial",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """What was corrected: field code, old and new value, and what looks odd about the new one."""

    person: Person
    code: str
    old: str
    new: str
    warnings: tuple[Problem, ...]


def field_code(typed: str) -> str:
    """Give the field code for what was typed: the code in any letter case, or its Chinese heading.

    Raises UnknownField, which lists the fields.
    """
    by_case = {code.casefold(): code for code in FIELD_OF}
    code = by_case.get(typed.strip().casefold()) or heading_code(typed)
    if code is None:
        raise UnknownField(typed=typed, known="、".join(f"{name} {CHINESE[name]}" for name in FIELD_OF))
    return code


def correct(journal: Journal, visit: Visit, key: str, field_typed: str, value_typed: str) -> Correction:
    """Correct one field of the person with this key, in one event that can be undone.

    The value is repaired and checked by the roster's rules. Raises NoSuchPerson, UnknownField, BadValue,
    ValueTaken, SameValue.
    """
    code = field_code(field_typed)
    name = FIELD_OF[code]
    with journal.writing() as pen:
        person = person_by_key(journal.store, visit.key, key)
        if person is None:
            raise NoSuchPerson(typed=key)
        old = str(getattr(person.entry, name))
        new, warnings = checked_value(person, code, value_typed)
        if new == old:
            raise SameValue(field=shown_field(code))
        _refuse_taken(journal.store, visit.key, person, code, new)
        fields = {name: new}
        if name == "name":
            fields |= _search_keys(new)
        pen.record(
            kinds.CORRECTION_MADE,
            {"fields": fields, "old": {name: old}},
            visit=visit.key,
            school=visit.school,
            subject=key,
        )
    return Correction(person, code, old, new, warnings)


def checked_value(person: Person, code: str, typed: str) -> tuple[str, tuple[Problem, ...]]:
    """Give a value as the roster would keep it, and the roster's warnings about it.

    Raises BadValue where the roster would refuse the row for it.
    """
    from fieldkit.roster.checks import check
    from fieldkit.roster.documents import examine
    from fieldkit.roster.fields import read_cell
    from fieldkit.roster.workbook import Sheet

    if len(typed) > MOST_CHARACTERS:
        raise BadValue(field=shown_field(code), fault=words.FAULTS["long"])
    text = read_cell(code, typed).text
    if code == "Sfzh":
        text = examine(text).number
    if not text and code == "Xm":
        raise BadValue(field=shown_field(code), fault=words.FAULTS["empty"])
    codes = tuple(FIELD_OF)
    row = [typed if one == code else str(getattr(person.entry, FIELD_OF[one])) for one in codes]
    report = check(Sheet("", (1, 2), (codes, row)))
    concerned = {code, "Xb"} if code == "Sfzh" else {code}
    found = [one for one in report.problems if one.row == 2 and one.column in concerned]
    for one in found:
        if one.severity == "error":
            raise BadValue(field=shown_field(code), fault=Text(one.say("zh"), one.say("en")))
    if code == "Xb" and text not in ("男", "女", ""):
        raise BadValue(field=shown_field(code), fault=words.FAULTS["sex"])
    # What was typed around the value is gone, and an empty value was asked for.
    return text, tuple(one for one in found if one.code not in ("empty", "space", "hidden"))


def _refuse_taken(store: Store, visit: str, person: Person, code: str, value: str) -> None:
    field = _UNIQUE.get(code)
    others: Sequence[Person] = people_with(store, visit, field, value) if field else ()
    for other in others:
        if other.key != person.key:
            shown = f"{other.entry.name} {other.entry.student_no}".strip() or other.key
            raise ValueTaken(field=shown_field(code), other=shown)


def _search_keys(name: str) -> dict[str, str]:
    from fieldkit.roster.identity import search_keys

    return search_keys(name)


def shown_field(code: str) -> Text:
    """Give what a field is called: its Chinese heading and its code, in English the code."""
    return Text(f"{CHINESE[code]} {code}", code)
