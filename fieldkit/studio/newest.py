"""The newest frames of a station with whose they are and how they were judged, and what is odd about them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger.read.frames import PortraitRow, portraits
from fieldkit.ledger.read.line import reasons
from fieldkit.ledger.read.people import person_by_key
from fieldkit.ledger.store import Store
from fieldkit.studio.linking import VisitLink
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
    day = next((day for day in watched.read(store) if day.station == station), None)
    if day is None:
        return Shots(odd=())
    links = day.links
    shown = links[: -most - 1 : -1]
    judged = portraits(store, watched.visit, [link.frame.frame for link in shown])
    newest = tuple(_shot(store, watched.visit, link, judged.get(link.frame.frame)) for link in shown)
    taken = Counter(link.person for link in links if link.person)
    return Shots(newest, len(links), taken, odd_things(store, watched.visit, day))


def odd_things(store: Store, visit: str, day: StationDay) -> tuple[Odd, ...]:
    """Give the alarms of a station's day, without people whose absence was noted."""
    noted = reasons(store, visit)
    found = []
    for alarm in day.alarms():
        if alarm.kind == "no-frames" and set(alarm.persons) <= set(noted):
            continue
        people = [person_by_key(store, visit, key) for key in alarm.persons[:2]]
        names = [person.entry.name or person.entry.student_no for person in people if person]
        # The frame beside which a person is missed may change; the person does not.
        where = alarm.persons if alarm.persons else (alarm.frame,)
        found.append(Odd(alarm.text, "、".join(names), (alarm.kind, *where)))
    return tuple(found)


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
