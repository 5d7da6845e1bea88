"""Who the people of a visit are, by key, by credential, by what was typed at the door."""

import json
from collections.abc import Sequence
from typing import Literal

from fieldkit.ledger.store import Row, Store
from fieldkit.model import Person, RosterEntry

ExactField = Literal[
    "student_no", "id_number", "capture_code", "chip_serial", "name_key", "pinyin", "initials"
]
BeginsField = Literal["name_key", "pinyin", "initials", "student_no"]
EndsField = Literal["student_no", "id_number"]

_ENTRY = tuple(name for name in RosterEntry.__dataclass_fields__ if name != "extra")
# The plus keeps the planner from choosing the index of who stands over the one of the number asked for.
STANDING = "visit=? AND +void=0"
IN_ORDER = 100


def person_by_key(store: Store, visit: str, key: str) -> Person | None:
    """Give the person of a key, or None."""
    found = _select(store, f"{STANDING} AND person=?", (visit, key))
    return found[0] if found else None


def people_by_key(store: Store, visit: str, keys: Sequence[str]) -> dict[str, Person]:
    """Give the people of some keys, by key."""
    found = _select(store, f"{STANDING} AND person IN ({','.join('?' * len(keys))})", (visit, *keys))
    return {person.key: person for person in found}


def people_with(store: Store, visit: str, field: ExactField, value: str) -> list[Person]:
    """Give the people whose field is exactly this; none for an empty value.

    A chip is whoever's it was bound to last, else whose the roster says.
    """
    if not value:
        return []
    if field == "chip_serial" and (bound := _bound(store, visit, value)):
        return [bound]
    return _select(store, f"{STANDING} AND {field}=?", (visit, value))


def people_beginning(store: Store, visit: str, field: BeginsField, text: str, most: int) -> list[Person]:
    """Give the people whose field begins with a text, in roster order where they are not too many."""
    # All of a school's numbers begin alike: only as many are put in order as the index gives at once.
    rows = store.query(
        f"SELECT * FROM (SELECT rowid AS place, * FROM people WHERE {STANDING} AND {field}>=? AND {field}<? "
        f"ORDER BY {field} LIMIT ?) ORDER BY place LIMIT ?",
        (visit, text, text + "\U0010ffff", IN_ORDER, most),
    )
    return [_person(row) for row in rows]


def people_ending(store: Store, visit: str, field: EndsField, text: str, most: int) -> list[Person]:
    """Give the people whose field ends with a text, in roster order."""
    # The index holds the last three characters.
    where = f"{STANDING} AND substr({field}, -3)=? AND substr({field}, ?)=?"
    if len(text) < 3:
        return _select(store, f"{STANDING} AND substr({field}, ?)=?", (visit, -len(text), text), most)
    return _select(store, where, (visit, text[-3:], -len(text), text), most)


def all_people(store: Store, visit: str) -> list[Person]:
    """Give everybody of a visit, walk-ins included, in roster order."""
    return _select(store, STANDING, (visit,))


def is_listed(store: Store, visit: str, key: str) -> bool:
    """Say whether the newest roster lists a person; walk-ins count as listed."""
    return bool(store.value("SELECT listed FROM people WHERE visit=? AND person=?", (visit, key)))


def unlisted_keys(store: Store, visit: str) -> frozenset[str]:
    """Give the keys of those whom the newest roster no longer lists."""
    rows = store.query("SELECT person FROM people WHERE visit=? AND void=0 AND listed=0", (visit,))
    return frozenset(row["person"] for row in rows)


def count_people(store: Store, visit: str) -> int:
    """Count the people of a visit."""
    return int(store.value("SELECT count(*) FROM people WHERE visit=? AND void=0", (visit,)))


def has_capture_codes(store: Store, visit: str) -> bool:
    """Say whether the roster lists capture codes."""
    return bool(
        store.value(
            "SELECT 1 FROM people WHERE visit=? AND void=0 AND origin='roster' AND capture_code<>'' LIMIT 1",
            (visit,),
        )
    )


def roster_rows(store: Store, visit: str) -> dict[str, RosterEntry]:
    """Give what the rosters said of each listed or once listed person, before corrections, by key."""
    rows = store.query("SELECT person, base FROM people WHERE visit=? AND origin='roster'", (visit,))
    return {row["person"]: entry_from(json.loads(row["base"])) for row in rows}


def entry_from(fields: dict[str, object]) -> RosterEntry:
    """Read a roster entry out of an event's body or a row."""
    extra = fields.get("extra", {})
    return RosterEntry(
        **{name: str(fields.get(name, "")) for name in _ENTRY},
        extra=extra if isinstance(extra, dict) else {},
    )


def _bound(store: Store, visit: str, chip_serial: str) -> Person | None:
    key = store.value(
        "SELECT person FROM chips JOIN people USING (visit, person) "
        "WHERE chips.visit=? AND chips.chip_serial=? AND chips.void=0 AND people.void=0 "
        "ORDER BY chips.hlc DESC, chips.station DESC, chips.seq DESC LIMIT 1",
        (visit, chip_serial),
    )
    return None if key is None else person_by_key(store, visit, key)


def _select(store: Store, where: str, params: tuple[object, ...], most: int = -1) -> list[Person]:
    rows = store.query(
        f"SELECT * FROM people WHERE {where} ORDER BY rowid LIMIT ?",
        (*params, most),
    )
    return [_person(row) for row in rows]


def _person(row: Row) -> Person:
    return Person(
        key=row["person"],
        origin=row["origin"],
        entry=entry_from({**row, "extra": json.loads(row["extra"])}),
        pinyin=row["pinyin"],
        initials=row["initials"],
    )
