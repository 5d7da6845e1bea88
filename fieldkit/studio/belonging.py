"""Whether a card's photos are the open visit's, by their days and cameras, and what was said of it.

A crew member's own card, or yesterday's of another school, must not be read in unasked. Nobody is asked
where the days fit: at a noisy door a question costs more than it saves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from os import stat_result
from pathlib import Path

from fieldkit.frames.dcf import CardFile, Listing, arrange
from fieldkit.frames.exif import Facts
from fieldkit.frames.untouched import facts_of
from fieldkit.frames.volumes import card_at, content_name
from fieldkit.ledger import kinds
from fieldkit.ledger.home import Home
from fieldkit.ledger.read import cards as read_cards
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.visits import Visit, visits
from fieldkit.ledger.store import Store

YES, NO = "yes", "no"
HELD, REFUSED = "held", "refused"
_UNREAD = "unread"
_NAMED_BY_VOLUME = "vol-"
_HEADED = frozenset({"jpeg", "raw", "heif"})
_A_DAY = timedelta(days=1)
_RESET_DAYS = 2


@dataclass(frozen=True, slots=True)
class Stranger:
    """A card that does not look like the open visit's: files on it that are not kept here, a day of one."""

    card: str
    files: int
    day: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a visit and of the others; ``seen`` are those its cameras' own clocks showed.

    ``elsewhere`` are the cameras that took frames of other visits and none of this one.
    """

    ours: frozenset[date]
    others: frozenset[date] = frozenset()
    seen: Mapping[str, frozenset[date]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def holds(self, day: date, body: str) -> bool:
        """Say whether a photo of this day, taken with this camera, may be one of the visit.

        A clock may be a day off, or have lost its setting and counted from a New Year's Day of long ago;
        where another visit explains the day or the camera better, neither is believed.
        """
        known = self.ours | self.seen.get(body, frozenset())
        if day in known:
            return True
        if day in self.others or body in self.elsewhere:
            return False
        began_anew = day.year < max(self.ours).year and day.month == 1 and day.day <= _RESET_DAYS
        return began_anew or any(abs(day - one) <= _A_DAY for one in known)


def stranger(home: Home, visit: Visit, listing: Listing, now: datetime) -> Stranger | None:
    """Say of a card that it does not look like the visit's, or None where it may be read in unasked.

    That is so where it was read into the visit before, or somebody said so, where nothing on it is new
    here, and where its new files fit. Only a few heads of each day's files are read.
    """
    card = card_at(listing.card_root)
    if _names_one_card(card) and read_cards.read_into(home.store, visit.key, card):
        return None
    if _answer(home, visit, card, listing) == YES:
        return None
    kept = read_frames.kept_of_card(home.store, card)
    new: dict[date, list[CardFile]] = {}
    for file in arrange(listing.paths).files():
        found = _status(listing.root / file.path)
        if found and found.st_size and (file.path, found.st_size, found.st_mtime_ns) not in kept:
            new.setdefault(_day(found.st_mtime, now), []).append(file)
    calendar = _calendar(home.store, visit, now.date())
    for written, files in sorted(new.items()):
        for file in _some_of(files):
            facts = facts_of(listing.root / file.path) if file.kind in _HEADED else Facts()
            day = facts.shot.date() if facts.shot else written
            if not calendar.holds(day, facts.body):
                return Stranger(card, sum(map(len, new.values())), day)
    return None


def was_refused(home: Home, visit: Visit, listing: Listing) -> bool:
    """Say whether somebody said before that this card is not to be read into the visit."""
    return _answer(home, visit, card_at(listing.card_root), listing) == NO


def note_held(home: Home, visit: Visit, listing: Listing, *, refused: bool) -> None:
    """Write down that a card was not read in, so that nothing says that it may be formatted."""
    _note(home, visit, listing, REFUSED if refused else HELD, "")


def note_answer(home: Home, visit: Visit, listing: Listing, *, belongs: bool) -> None:
    """Write down whether somebody said that a card belongs to the visit; until it is read it stays unsafe."""
    _note(home, visit, listing, "" if belongs else REFUSED, YES if belongs else NO)


def _note(home: Home, visit: Visit, listing: Listing, reason: str, answer: str) -> None:
    card = card_at(listing.card_root)
    left = [{"path": listing.root.name, "state": _UNREAD, "reason": reason}]
    body = {"card": card, "left": left} | ({"answer": answer} if answer else {})
    if answer and not _names_one_card(card) and (content := content_name(listing)):
        body["content"] = content
    rows = [(row.path, row.state, row.reason) for row in read_frames.card_left(home.store, card)]
    if answer or rows != [(listing.root.name, _UNREAD, reason)]:
        with home.journal.writing() as pen:
            pen.record(kinds.CARD_READ, body, visit=visit.key, school=visit.school)


def _answer(home: Home, visit: Visit, card: str, listing: Listing) -> str:
    named = card if _names_one_card(card) else content_name(listing)
    return read_cards.card_answer(home.store, visit.key, named) if named else ""


def _names_one_card(card: str) -> bool:
    # Where no volume is known a card goes by its place, and the next card there is another.
    return card.startswith(_NAMED_BY_VOLUME)


def _calendar(store: Store, visit: Visit, today: date) -> Calendar:
    ours, others = {today, *_planned(visit)}, set[date]()
    for other in visits(store):
        if other.key != visit.key:
            others.update(_planned(other))
    for key, day in read_cards.door_days(store):
        (ours if key == visit.key else others).add(day)
    seen: dict[str, set[date]] = {}
    elsewhere = set[str]()
    for shot in read_cards.shot_days(store):
        if shot.visit == visit.key:
            seen.setdefault(shot.body, set()).add(shot.day)
        else:
            elsewhere.add(shot.body)
    return Calendar(
        frozenset(ours),
        frozenset(others),
        {body: frozenset(days) for body, days in seen.items()},
        frozenset(elsewhere - seen.keys()),
    )


def _planned(visit: Visit) -> Iterable[date]:
    days = [date.fromisoformat(day) for day in (visit.day_from, visit.day_to) if day]
    if days:
        for after in range((days[-1] - days[0]).days + 1):
            yield days[0] + after * _A_DAY


def _some_of(files: Sequence[CardFile]) -> list[CardFile]:
    places = sorted({0, len(files) // 2, len(files) - 1})
    return [files[place] for place in places]


def _status(path: Path) -> stat_result | None:
    try:
        return path.stat(follow_symlinks=False)
    except (OSError, ValueError):
        return None


def _day(seconds: float, now: datetime) -> date:
    try:
        return datetime.fromtimestamp(seconds, now.tzinfo).date()
    except (OSError, OverflowError, ValueError):
        return date.min
