"""The newest frames of a station with whose they are and how they were judged, read beside the app."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldkit.kit import Kit
from fieldkit.ledger.read.frames import PortraitRow, portraits
from fieldkit.ledger.read.people import person_by_key
from fieldkit.screens.alarm import Odd, odd_things
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.watch_day import WatchedVisit
from fieldkit.text import fit, one_line
from fieldkit.words import Lang
from fieldkit.words import portrait as portrait_words
from fieldkit.words import screens as words

VERDICT_MARKS = {"good": "■", "doubtful": "▲", "bad": "×"}


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
class Shots:
    """The newest frames, newest first, how many there are, and how many each person has by key."""

    newest: tuple[Shot, ...] = ()
    total: int = 0
    of_person: Mapping[str, int] | None = None
    odd: tuple[Odd, ...] | None = None


def read_shots(kit: Kit, watched: WatchedVisit, most: int, before: Shots) -> Shots:
    """Open the home once more and give the newest frames, or ``before`` where they cannot be read."""
    try:
        own = kit.again()
        try:
            return newest_shots(own, watched, most)
        finally:
            own.close()
    except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
        log_fault(error)
        return before


def newest_shots(kit: Kit, watched: WatchedVisit, most: int) -> Shots:
    """Give the newest frames of this station with their links as they stand, and what is odd."""
    visit, station = kit.require_visit().key, kit.journal.station.id
    day = next((day for day in watched.read(kit.store) if day.station == station), None)
    if day is None:
        return Shots(odd=())
    links = day.links
    shown = links[: -most - 1 : -1]
    judged = portraits(kit.store, visit, [link.frame.frame for link in shown])
    newest = tuple(_shot(kit, visit, link, judged.get(link.frame.frame)) for link in shown)
    taken = Counter(link.person for link in links if link.person)
    return Shots(newest, len(links), taken, odd_things(kit, day))


def shot_rows(shots: Shots, width: int, most: int, lang: Lang) -> list[str]:
    """Show the newest frames: file, time, whose, verdict and its first reason."""
    if not shots.newest:
        return [fit(f" {words.NO_FRAMES.say(lang)}", width)]
    rows = []
    for shot in shots.newest[:most]:
        name = one_line(shot.name) or words.UNLINKED.say(lang)
        if shot.status == "spare":
            name = words.SPARE.say(lang)
        elif shot.status == "review" and shot.name:
            name = f"{name}?"
        mark = VERDICT_MARKS.get(shot.verdict, " ")
        reason = portrait_words.REASONS[shot.reasons[0]].say(lang) if shot.reasons else ""
        file = shot.file.rpartition("/")[2].partition(".")[0]
        rows.append(fit(f" {fit(file, 8)} {shot.at:%H:%M:%S} {fit(name, 10)} {mark} {reason}", width))
    return rows


def _shot(kit: Kit, visit: str, link: VisitLink, judged: PortraitRow | None) -> Shot:
    key = link.link.person or link.link.proposal
    person = person_by_key(kit.store, visit, key) if key else None
    return Shot(
        file=link.frame.file,
        at=link.frame.at,
        status=link.link.status,
        name=person.entry.name if person else "",
        verdict=judged.verdict if judged else "",
        reasons=judged.reasons if judged else (),
    )
