"""What a person must look at in the links of a visit, and the line around it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from fieldkit.ledger.read.line import reasons
from fieldkit.ledger.store import Store
from fieldkit.links import pauses
from fieldkit.links.alarms import Alarm
from fieldkit.links.line import Line, line_of
from fieldkit.links.recording import Seat
from fieldkit.links.repairs import Repair, RepairKind, assign, whose
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.watch_day import StationDay, WatchedVisit

ProblemKind = Literal["review", "no-frames", "no-person", "many-frames"]
_BEHIND = 2


@dataclass(frozen=True, slots=True)
class Sitting:
    """Frames of one station that follow one another and stand for the same person, or for none."""

    person: str | None
    links: tuple[VisitLink, ...]

    @property
    def frames(self) -> tuple[str, ...]:
        """Give the frames' names."""
        return tuple(link.frame.frame for link in self.links)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at: the sitting concerned, or a person without one, and what would repair it.

    ``place`` is the index of the sitting in its day, or of the one that follows where there is none.
    """

    kind: ProblemKind
    station: str
    place: int
    person: str | None
    sitting: Sitting | None
    repair: Repair | None

    @property
    def what(self) -> tuple[object, ...]:
        """Give what tells this problem from every other, however the day goes on."""
        return self.station, self.kind, self.person, self.sitting and self.sitting.frames


@dataclass(frozen=True, slots=True)
class LineRow:
    """One person of the line with their frames, or frames that nobody is known for.

    ``together`` is how many of the frames are of the first sitting.
    """

    person: str | None
    came: datetime | None
    links: tuple[VisitLink, ...]
    together: int = 0

    def is_of(self, other: "LineRow") -> bool:
        """Tell whether this is the same place in the line, however many frames it has got."""
        return self.person == other.person and (
            self.person is not None or self.links[0].frame == other.links[0].frame
        )


@dataclass(frozen=True, slots=True)
class AlignDay:
    """One station's day for aligning: sittings in shooting order, people in line order, problems."""

    station: str
    sittings: tuple[Sitting, ...]
    line: tuple[LineRow, ...]
    problems: tuple[Problem, ...]


def align_day(day: StationDay, excused: AbstractSet[str] = frozenset()) -> AlignDay:
    """Lay one station's day out for aligning.

    ``excused`` are people who need no frame of this station: taken at another, or absent with a reason.
    """
    sittings, line = sittings_of(day.links), line_of(day.seen)
    problems = [
        *_reviews(day.station, sittings, day.alarms()),
        *_without_frames(day, line, sittings, excused),
    ]
    problems.sort(key=lambda problem: (problem.place, problem.kind != "no-frames"))
    return AlignDay(day.station, sittings, _line(line, sittings), tuple(problems))


def sittings_of(links: Iterable[VisitLink]) -> tuple[Sitting, ...]:
    """Put frames that follow one another and stand for the same person together; spares are left out."""
    taken = (link for link in links if link.link.status != "spare")
    return tuple(
        Sitting(person, tuple(group)) for person, group in groupby(taken, key=lambda one: whose(one.link))
    )


def shot_time(link: VisitLink) -> datetime:
    """Give when a frame was taken by its camera's clock, else when it arrived; without a zone."""
    return pauses.shot_time(link.frame)


def pause_between(before: VisitLink, after: VisitLink) -> timedelta | None:
    """Give how long it was between two frames, or None where no one clock tells of both."""
    return pauses.pause_between(before.frame, after.frame)


def widest_pause(links: Sequence[VisitLink]) -> int:
    """Give the index of the frame behind the widest pause, 0 where there are not two."""
    return pauses.widest_pause([link.frame for link in links])


def _reviews(station: str, sittings: Sequence[Sitting], alarms: Sequence[Alarm]) -> list[Problem]:
    by_frame: Mapping[str | None, Alarm] = {
        alarm.frame: alarm for alarm in alarms if alarm.kind in {"no-person", "many-frames"}
    }
    found = []
    taken = {sitting.person for sitting in sittings}
    for place, sitting in enumerate(sittings):
        alarm = next((by_frame[frame] for frame in sitting.frames if frame in by_frame), None)
        doubtful = any(link.link.status == "review" for link in sitting.links)
        spoken = all(link.link.why in {("operator",), ("sealed",)} for link in sitting.links)
        if spoken or not (doubtful or alarm):
            continue
        kind: ProblemKind = "review"
        repair = assign(_names(sitting), sitting.person) if sitting.person else None
        if alarm and alarm.kind == "many-frames":
            kind = "many-frames"
            # Who has frames of their own gets no more unless somebody chose them.
            if alarm.repair and alarm.repair.words[0][1] not in taken:
                repair = alarm.repair
        elif alarm:
            kind = "no-person"
        found.append(Problem(kind, station, place, sitting.person, sitting, repair))
    return found


def _names(sitting: Sitting) -> list[str]:
    return [link.frame.frame for link in _unsealed(sitting.links)]


def _without_frames(
    day: StationDay, line: Line, sittings: Sequence[Sitting], excused: AbstractSet[str]
) -> list[Problem]:
    """Find people who sat down, or were passed by two who have frames, and have none themselves."""
    seats = [seen.person for seen in day.seen if isinstance(seen, Seat)]
    sat = set(seats[:-1])
    first: dict[str, int] = {}
    for place, sitting in enumerate(sittings):
        if sitting.person:
            first.setdefault(sitting.person, place)
    # Who came again waits from there on; who has frames stands where they came first.
    taken = sorted((at, person) for person, at in line.came.items() if person in first)
    found = []
    for person, at in line.waits.items():
        if person in first or person in excused:
            continue
        behind = taken[bisect_left(taken, (at, "")) :]
        if person in sat or len(behind) >= _BEHIND:
            place = first[behind[0][1]] if behind else len(sittings)
            found.append(Problem("no-frames", day.station, place, person, None, None))
    return found


def _line(line: Line, sittings: Sequence[Sitting]) -> tuple[LineRow, ...]:
    """Give the people in line order; whoever never checked in stands behind whom they sat after."""
    frames: dict[str, list[VisitLink]] = {}
    together: dict[str, int] = {}
    behind: dict[str | None, list[LineRow]] = {}
    before: str | None = None
    for sitting in sittings:
        person = sitting.person
        if person is None:
            behind.setdefault(before, []).append(LineRow(None, None, sitting.links, len(sitting.links)))
            continue
        if person not in line.came and person not in frames:
            behind.setdefault(before, []).append(LineRow(person, None, ()))
        frames.setdefault(person, []).extend(sitting.links)
        together.setdefault(person, len(sitting.links))
        before = person
    rows: list[LineRow] = []
    waiting: list[LineRow] = [
        LineRow(person, line.checkins[at].at, ()) for person, at in reversed([*line.came.items()])
    ] + list(reversed(behind.pop(None, [])))
    while waiting:
        row = waiting.pop()
        if row.person is None:
            rows.append(row)
        else:
            links = tuple(frames.get(row.person, ()))
            rows.append(LineRow(row.person, row.came, links, together.get(row.person, 0)))
            waiting.extend(reversed(behind.pop(row.person, [])))
    return tuple(rows)


def cut_at(day: AlignDay, problem: Problem, mark: int, chosen: str | None = None) -> Repair | None:
    """Give the repair that splits a problem's sitting before frame ``mark``, or None where nobody is meant.

    The part on the chosen person's side of the line is theirs; where nobody is chosen, it is the
    neighbour's in line who has no frame.
    """
    sitting = problem.sitting
    if sitting is None or not 0 < mark < len(sitting.links):
        return None
    order = [row.person for row in day.line]
    here = order.index(sitting.person) if sitting.person in order else None
    if chosen is not None and chosen != sitting.person:
        other = order.index(chosen) if chosen in order else len(order)
    elif here is None:
        return None
    else:
        beside = [at for at in (here - 1, here + 1) if 0 <= at < len(order)]
        free = [at for at in beside if day.line[at].person and not day.line[at].links]
        if not free:
            return None
        other, chosen = free[0], order[free[0]]
    first = here is not None and other < here
    part = sitting.links[:mark] if first else sitting.links[mark:]
    return _words("split", _unsealed(part), chosen)


def joined(day: AlignDay, problem: Problem) -> Repair | None:
    """Give the repair that makes a problem's sitting one with the sitting before it, or None."""
    before = _before(day, problem)
    if before is None or problem.sitting is None or before.person is None:
        return None
    return _words("merge", _unsealed(problem.sitting.links), before.person)


def boundary_moved(day: AlignDay, problem: Problem, step: int) -> Repair | None:
    """Give the repair that moves the boundary to the sitting before by one frame, forth or back, or None."""
    before, sitting = _before(day, problem), problem.sitting
    if before is None or sitting is None:
        return None
    if step > 0:
        return _words("shift", sitting.links[:1], before.person) if before.person else None
    return _words("shift", before.links[-1:], sitting.person) if sitting.person else None


def given(problem: Problem, person: str | None) -> Repair | None:
    """Give the repair that makes all frames of a problem a person's, or nobody's; None without frames."""
    if problem.sitting is None:
        return None
    return _words("assign" if person else "unassign", _unsealed(problem.sitting.links), person)


def at_hand(day: AlignDay, problem: Problem, chosen: int | None) -> tuple[VisitLink, ...]:
    """Give the frames that keys act on: the problem's, else those of the ``chosen`` place in the line."""
    if problem.sitting is not None:
        return problem.sitting.links
    return day.line[chosen].links if chosen is not None else ()


def accepted(day: AlignDay, problem: Problem, chosen: int | None) -> Repair | None:
    """Give the repair that accepts: as proposed, for the chosen person, or from them who has too many."""
    if problem.sitting is None:
        return _words("assign", _unsealed(at_hand(day, problem, chosen)), problem.person)
    person = day.line[chosen].person if chosen is not None else None
    return given(problem, person) if person else problem.repair


def all_accepted(day: AlignDay, least: float) -> Repair | None:
    """Give the one repair that accepts every proposal that is at least so sure, or None without any.

    Frames in which nobody is proposed, sealed ones and those of a count that ran away stay as they are.
    """
    proposed = [
        link
        for sitting in day.sittings
        for link in _unsealed(sitting.links)
        if link.link.status == "review" and link.link.proposal and link.link.confidence >= least
    ]
    words = tuple((link.frame.frame, link.link.proposal) for link in proposed)
    return Repair("assign", words) if words else None


def parted(day: AlignDay, problem: Problem, mark: int, chosen: int | None) -> Repair | None:
    """Give the repair that splits the frames at hand before frame ``mark``, or None where nobody is meant.

    Somebody without frames gets the part on their side of whoever was chosen in the line.
    """
    if problem.sitting is not None:
        return cut_at(day, problem, mark, day.line[chosen].person if chosen is not None else None)
    links = at_hand(day, problem, chosen)
    if chosen is None or not 0 < mark < len(links):
        return None
    here = [row.person for row in day.line].index(problem.person)
    return _words("split", _unsealed(links[:mark] if here < chosen else links[mark:]), problem.person)


def shifted_from(day: AlignDay, problem: Problem, step: int) -> str | None:
    """Give the frame from which a shift along the line begins, or None where it would mend nothing.

    What is missing to somebody without frames can only come back from those behind.
    """
    if problem.sitting is not None:
        return problem.sitting.frames[0]
    return day.sittings[problem.place].frames[0] if step < 0 and problem.place < len(day.sittings) else None


def _before(day: AlignDay, problem: Problem) -> Sitting | None:
    return day.sittings[problem.place - 1] if problem.place > 0 else None


def is_sealed(link: VisitLink) -> bool:
    """Tell whether a frame's batch was signed off."""
    return link.link.sealed


def _unsealed(links: Iterable[VisitLink]) -> list[VisitLink]:
    return [link for link in links if not is_sealed(link)]


def _words(kind: RepairKind, links: Sequence[VisitLink], person: str | None) -> Repair | None:
    return Repair(kind, tuple((link.frame.frame, person) for link in links)) if links else None


def read_days(store: Store, watched: WatchedVisit, settle: bool = False) -> tuple[AlignDay, ...]:
    """Read every station's day of a visit for aligning, as ``WatchedVisit.read`` does."""
    days = watched.read(store, settle=settle)
    return tuple(align_day(day, excused_at(store, watched.visit, days, day.station)) for day in days)


def excused_at(store: Store, visit: str, days: Sequence[StationDay], station: str) -> frozenset[str]:
    """Give who needs no frame of a station: taken at another, or not taken with a reason."""
    taken = {whose(link.link) for day in days if day.station != station for link in day.links}
    return frozenset({person for person in taken if person} | set(reasons(store, visit)))
