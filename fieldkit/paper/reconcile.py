"""Who of each batch is taken, who is not and why: figures that always follow from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger import kinds
from fieldkit.ledger.read.line import ChairAct, CheckedIn
from fieldkit.ledger.read.visits import Slot
from fieldkit.model import Person
from fieldkit.paper.day import Day, LinkedFrame
from fieldkit.paper.errors import NoSuchBatch
from fieldkit.roster.names import comparison_key
from fieldkit.words import Lang
from fieldkit.words import paper as words

# A crew must look after these; whoever is absent or left is nothing that can be mended at the desk.
OPEN_CODES = frozenset({"no-frame", "review", "rejected", "unjudged"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who is due: ``frames`` are theirs, ``accepted`` those that count, in shooting order.

    ``code`` says why they are not taken and is empty where they are; ``noted`` is what somebody wrote.
    """

    person: Person
    batch: str
    frames: tuple[LinkedFrame, ...]
    accepted: tuple[LinkedFrame, ...]
    proposed: int
    code: str
    noted: str

    @property
    def taken(self) -> bool:
        """Say whether they have a linked and accepted frame."""
        return not self.code

    @property
    def reason(self) -> str:
        """Give the noted reason, else the code; empty where they are taken."""
        return self.code and (self.noted or self.code)

    @property
    def photographed(self) -> bool:
        """Say whether there is a frame that is theirs or may be."""
        return bool(self.frames or self.proposed)

    def say(self, lang: Lang) -> str:
        """Say the reason in words."""
        return self.noted or words.REASONS[self.code].say(lang)


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """One batch: due is taken and not taken and walk-ins; ``review`` counts frames."""

    batch: str
    taken: int
    not_taken: tuple[Standing, ...]
    walk_ins: int
    review: int
    sealed: bool

    @property
    def due(self) -> int:
        """Count those who are due."""
        return self.taken + len(self.not_taken) + self.walk_ins

    def counts(self) -> dict[str, int]:
        """Give the figures alone."""
        return {
            "due": self.due,
            "taken": self.taken,
            "not_taken": len(self.not_taken),
            "walk_ins": self.walk_ins,
            "review": self.review,
        }

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``fieldkit reconcile``."""
        missing = [{"person": one.person.key, "reason": one.reason} for one in self.not_taken]
        return {"batch": self.batch, **self.counts(), "not_taken": missing, "sealed": self.sealed}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Batches in the order of the timetable, then of the roster; ``review`` counts frames of nobody too."""

    batches: tuple[BatchFigures, ...]
    review: int

    def total(self) -> dict[str, int]:
        """Give the figures of all batches together."""
        names = ("due", "taken", "not_taken", "walk_ins")
        rows = [batch.counts() for batch in self.batches]
        return {name: sum(row[name] for row in rows) for name in names} | {"review": self.review}

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``fieldkit reconcile``."""
        return {"batches": [batch.row() for batch in self.batches], "total": self.total()}


def reconcile(day: Day, batch: str | None = None) -> Reconciliation:
    """Work out the figures of every batch, or of one. Raises NoSuchBatch."""
    places = batches_of(day)
    known = batch_names(day, places)
    batch = None if batch is None else find_batch(day, batch)
    due = standings(day, places)
    review = _reviews(day)
    of_nobody = review.pop("", 0)
    by_batch: dict[str, list[Standing]] = {}
    for one in due:
        by_batch.setdefault(one.batch, []).append(one)
    reviews: dict[str, int] = {}
    for key, count in review.items():
        reviews[places.get(key, "")] = reviews.get(places.get(key, ""), 0) + count
    shown = known if batch is None else [batch]
    figures = tuple(
        _figures(name, by_batch.get(name, []), reviews.get(name, 0), sealed=name in day.sealed_batches)
        for name in shown
    )
    total = sum(reviews.values()) + of_nobody if batch is None else reviews.get(batch, 0)
    return Reconciliation(figures, total)


def standings(day: Day, places: Mapping[str, str] | None = None) -> list[Standing]:
    """Say of everybody who is due how they stand, in roster order.

    Whom the newest roster no longer lists is due only with a frame of their own.
    """
    places = batches_of(day) if places is None else places
    frames: dict[str, list[LinkedFrame]] = {}
    for linked in day.links:
        if linked.link.status == "linked" and linked.link.person:
            frames.setdefault(linked.link.person, []).append(linked)
    review = _reviews(day)
    came = {entry.person for entry in day.checkins} | {act.person for act in day.chair if act.person}
    gone = _gone(day)
    due = []
    for person in day.people:
        own = tuple(frames.get(person.key, ()))
        if person.key in day.unlisted and not own:
            continue
        accepted = tuple(one for one in own if day.is_accepted(one.frame.frame))
        proposed = review.get(person.key, 0)
        code = "" if accepted else _why(day, person.key, own, proposed, came, gone)
        noted = day.reasons.get(person.key, "").strip()
        due.append(Standing(person, places[person.key], own, accepted, proposed, code, noted))
    return due


def batch_names(day: Day, places: Mapping[str, str]) -> list[str]:
    """Name the batches: the timetable's, then the classes' in roster order, those without a class last."""
    named = dict.fromkeys(slot.batch for slot in day.slots)
    named |= dict.fromkeys(sorted(day.sealed_batches - {""}))
    present = {places[person.key] for person in day.people if person.key not in day.unlisted}
    present |= {places.get(one.link.person, "") for one in day.links if one.link.person}
    order = dict.fromkeys(places[person.key] for person in day.people)
    named |= dict.fromkeys(batch for batch in order if batch and batch in present)
    nameless = "" in present or "" in day.sealed_batches
    return [*(name for name in named if name), *([""] if nameless else [])]


def find_batch(day: Day, typed: str) -> str:
    """Give the batch of a name, or the only one of a class. Raises NoSuchBatch."""
    known = batch_names(day, batches_of(day))
    if typed in known:
        return typed
    wanted = comparison_key(typed)
    found = {name for name in known if wanted and comparison_key(name) == wanted}
    found = found or {
        slot.batch for slot in day.slots if wanted and comparison_key(slot.class_name) == wanted
    }
    if len(found) != 1:
        raise NoSuchBatch(typed=typed, known="、".join(name for name in known if name) or "—")
    return found.pop()


def batches_of(day: Day) -> dict[str, str]:
    """Give everybody's batch by key: that of their seal, else by class and time slot, else the class."""
    sealed = {row.person: row.batch for row in day.sealed.values() if row.person}
    first: dict[str, CheckedIn] = {}
    for entry in day.checkins:
        first.setdefault(entry.person, entry)
    by_class: dict[str, list[Slot]] = {}
    by_college: dict[str, list[Slot]] = {}
    for slot in day.slots:
        name, table = (slot.class_name, by_class) if slot.class_name else (slot.college, by_college)
        table.setdefault(comparison_key(name), []).append(slot)
    found = {}
    for person in day.people:
        slots = _slots_for(person, by_class, by_college)
        place = _in_time(slots, first.get(person.key)) if slots else person.entry.class_name
        found[person.key] = sealed.get(person.key, place)
    return found


def _slots_for(
    person: Person, by_class: Mapping[str, list[Slot]], by_college: Mapping[str, list[Slot]]
) -> list[Slot]:
    college = comparison_key(person.entry.college)
    of_class = by_class.get(comparison_key(person.entry.class_name), []) if person.entry.class_name else []
    same = [slot for slot in of_class if not college or comparison_key(slot.college) in ("", college)]
    return same or (by_college.get(college, []) if college else [])


def _in_time(slots: Sequence[Slot], entry: CheckedIn | None) -> str:
    """Choose among a class's slots by the first check-in; who did not come may still come to the last."""
    if len(slots) == 1:
        return slots[0].batch
    timed = [(start, slot) for slot in slots if (start := _moment(slot.day, slot.starts))]
    if entry is None or not timed:
        return max(timed, key=lambda one: one[0])[1].batch if timed else slots[-1].batch
    came = entry.at.replace(tzinfo=None)

    def distance(one: tuple[datetime, Slot]) -> float:
        start, slot = one
        end = _moment(slot.day, slot.ends)
        inside = end is not None and start <= came < end
        return -1.0 if inside else abs((came - start).total_seconds())

    return min(timed, key=distance)[1].batch


def _moment(day: str, time: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=None) if day and time else None
    except ValueError:
        return None


def _reviews(day: Day) -> dict[str, int]:
    """Count the frames under review by the person they are proposed to; under the empty key, nobody's."""
    counts: dict[str, int] = {}
    for linked in day.links:
        if linked.link.status == "review":
            key = linked.link.proposal or ""
            counts[key] = counts.get(key, 0) + 1
    return counts


def _gone(day: Day) -> set[str]:
    """Name those who left the line and did not come again."""
    acts: list[CheckedIn | ChairAct] = [*day.checkins, *day.chair]
    acts.sort(key=lambda act: (act.at, act.hlc))
    left = {act.person: isinstance(act, ChairAct) and act.what == kinds.LEAVE for act in acts}
    return {person for person, gone in left.items() if gone}


def _why(
    day: Day, key: str, own: Sequence[LinkedFrame], proposed: int, came: set[str], gone: set[str]
) -> str:
    if own:
        unjudged = any(day.is_unjudged(one.frame.frame) for one in own)
        return "unjudged" if unjudged else "rejected"
    if proposed:
        return "review"
    if key in gone:
        return "left"
    return "no-frame" if key in came else "absent"


def _figures(batch: str, due: Sequence[Standing], review: int, *, sealed: bool) -> BatchFigures:
    taken = [one for one in due if one.taken]
    walk_ins = sum(one.person.origin == "walk-in" for one in taken)
    return BatchFigures(
        batch,
        len(taken) - walk_ins,
        tuple(one for one in due if not one.taken),
        walk_ins,
        review,
        sealed,
    )
