"""The newest frames of a station with whose they are and how they were judged, and what is odd about them."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from fieldkit.ledger.read.frames import PortraitRow, portraits
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.read.people import person_by_key
from fieldkit.ledger.store import Store
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.problems import excused_at
from fieldkit.studio.watch_day import StationDay, WatchedVisit
from fieldkit.words import Text


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame as the camera screen shows it; ``name`` is the person's or the proposal's, or empty."""

    file: str
    at: datetime
    status: str
    name: str
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Odd:
    """One alarm as it is shown: ``what`` it is, and ``who`` it names; ``where`` tells it from others."""

    what: Text
    who: str
    where: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Shots:
    """The newest frames, newest first, how many there are, and how many each person has by key."""

    newest: tuple[Shot, ...] = ()
    total: int = 0
    of_person: Mapping[str, int] | None = None
    odd: tuple[Odd, ...] | None = None


def newest_shots(store: Store, watched: WatchedVisit, station: str, most: int) -> Shots:
    """Give the newest frames of a station with their links as they stand, and what is odd."""
    days = watched.read(store)
    day = next((day for day in days if day.station == station), None)
    if day is None:
        return Shots(odd=())
    links = day.links
    shown = links[: -most - 1 : -1]
    judged = portraits(store, watched.visit, [link.frame.frame for link in shown])
    newest = tuple(_shot(store, watched.visit, link, judged.get(link.frame.frame)) for link in shown)
    taken = Counter(link.person for link in links if link.person)
    return Shots(
        newest,
        len(links),
        taken,
        odd_things(store, watched.visit, day, excused_at(store, watched.visit, days, station)),
    )


def odd_things(store: Store, visit: str, day: StationDay, excused: AbstractSet[str]) -> tuple[Odd, ...]:
    """Give the alarms of a station's day, without people who need no frame of this station."""
    files = {link.frame.frame: link.frame.file for link in day.links}
    found = []
    for alarm in day.alarms():
        if alarm.kind == "no-frames" and set(alarm.persons) <= excused:
            continue
        if alarm.kind == "no-person":
            who = PurePosixPath(files.get(alarm.frame or "", "")).stem
        else:
            who = "、".join(_named(store, visit, key) for key in alarm.persons[:2])
        # The frame beside which a person is missed may change; the person does not.
        where = alarm.persons if alarm.persons else (alarm.frame,)
        found.append(Odd(alarm.text, who, (alarm.kind, *where)))
    return tuple(found)


def _named(store: Store, visit: str, key: str) -> str:
    person, came = person_by_key(store, visit, key), checkins(store, visit, key)
    name = person.entry.name or person.entry.student_no if person else ""
    return f"{came[0].sequence_number if came else ''} {name}".strip()


def _shot(store: Store, visit: str, link: VisitLink, judged: PortraitRow | None) -> Shot:
    key = link.link.person or link.link.proposal
    person = person_by_key(store, visit, key) if key else None
    return Shot(
        file=link.frame.file,
        at=link.frame.at,
        status=link.link.status,
        name=person.entry.name if person else "",
        verdict=judged.verdict if judged else "",
        reasons=judged.reasons if judged else (),
    )
