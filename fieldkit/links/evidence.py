"""One day's observations laid out for reasoning: entries of the line, frames, and who points at whom.

An *entry* is a check-in, in door order. Persons are numbers; entries, seats and slips point at
them. Frames that hold a read slip are kept apart: they stand at a *start*, the place before the
next frame.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.best_faces import scores_that_tell
from fieldkit.links.clocks import BodyClock, Timed, time_frames
from fieldkit.links.door import Door, at_the_door
from fieldkit.links.order import shooting_order
from fieldkit.links.recording import Faces, FrameTaken, Likeness, Next, Observation, Seat, Slate
from fieldkit.links.slips_behind import Shown, turned_round
from fieldkit.links.tempo import at_one_tempo
from fieldkit.links.times import LOST, ClockWitnesses, Flags, Numbers, Seconds, Trust
from fieldkit.links.usage import Usage, in_use

NOBODY = -1
_AT_ONCE, _AGAIN = 5.0, 15.0
_STALE = 300.0
_NAMED_TWICE = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for links on one day.

    ``order`` has every frame id in shooting order; ``frames`` those that hold no slip, with ``times``
    (see ``Timed.trust``), ``bodies`` and ``faces`` (-1 where nobody counted); ``gaps`` are the seconds
    from the frame before to the frame, or to the last slip photographed between them, ``paced`` the
    same at the day's usual tempo; ``jitter`` as in ``Timed``.
    ``slips[start]`` are the persons whose slips were photographed before frame ``start`` of
    ``frames``, or behind that sitting where ``slips_behind``. ``likeness[frame]`` are (person, score) pairs.
    """

    order: tuple[str, ...]
    clocks: tuple[BodyClock, ...]
    frames: tuple[str, ...]
    times: Seconds
    trust: Trust
    jitter: float
    gaps: Seconds
    paced: Seconds
    bodies: Numbers
    faces: Numbers
    persons: tuple[str, ...]
    entry_times: Seconds
    entry_persons: Numbers
    entry_again: NDArray[np.bool_]
    entry_left: Seconds
    entries_of: tuple[tuple[int, ...], ...]
    slips: Mapping[int, tuple[int, ...]]
    slips_behind: bool
    slip_frames: frozenset[str]
    slip_faces: Numbers
    seat_times: Seconds
    seat_persons: Numbers
    click_times: Seconds
    likeness: tuple[tuple[tuple[int, float], ...], ...]
    usage: Usage

    @property
    def has_faces(self) -> bool:
        """Tell whether anybody counted faces."""
        return self.slip_faces.size > 0 or bool((self.faces >= 0).any())

    @property
    def has_likeness(self) -> bool:
        """Tell whether any frame was compared with anybody."""
        return any(self.likeness)

    @property
    def names_people(self) -> bool:
        """Tell whether any witness at the camera says who sat there."""
        return bool(self.slips) or self.seat_times.size > 0 or self.has_likeness


@dataclass(frozen=True, slots=True)
class _Seen:
    """The observations of a day by kind; of two that say something of one frame the later counts."""

    taken: list[FrameTaken]
    slates: Mapping[str, Slate]
    seats: list[Seat]
    clicks: Seconds
    compared: list[Likeness]
    faces: Mapping[str, int]


def lay_out(observations: Sequence[Observation], door: Door | None = None) -> Evidence:
    """Lay the observations of a day out for the model; their order does not matter.

    With ``door``, check-ins and who left are taken from it and not from the observations.
    """
    seen, door = _by_kind(observations), door or at_the_door(observations)
    slates, clicks, count, holder = seen.slates, seen.clicks, seen.faces, door.holder
    numbers = _numbers(door.numbers, (*seen.seats, *seen.compared))
    seats = _seats(seen.seats, numbers, holder)
    scores, most_like = scores_that_tell(seen.compared)
    timed = _timed(seen, door, seats, most_like)
    held = _held_in_portraits([frame.id for frame in timed.frames], slates, count)
    kept = [held or frame.id not in slates for frame in timed.frames]
    rows = np.flatnonzero(kept)
    once = ~_again(seats, timed.times)
    shown = turned_round(_starts(timed, kept, slates, holder), timed.times[rows])
    slips, gaps = shown.slips, shown.gaps
    ids = tuple(timed.frames[at].id for at in rows.tolist())
    likeness = _likeness(scores, ids, numbers)
    bodies = {clock.body: number for number, clock in enumerate(timed.clocks)}
    names = tuple(numbers)
    times = timed.times[rows]
    seat_times = seats[0][once]
    by_frame = [np.fromiter(slips, np.int64), *(np.searchsorted(times, at) for at in (seat_times, clicks))]
    return Evidence(
        order=tuple(frame.id for frame in timed.frames),
        clocks=timed.clocks,
        frames=ids,
        times=times,
        trust=timed.trust[rows],
        jitter=timed.jitter,
        gaps=gaps,
        paced=at_one_tempo(gaps),
        bodies=np.array([bodies[timed.frames[at].body] for at in rows.tolist()], np.int64),
        faces=np.array([min(2, count.get(name, -1)) for name in ids], np.int64),
        persons=names,
        entry_times=door.times,
        entry_persons=door.persons,
        entry_again=door.again,
        entry_left=door.left,
        entries_of=door.entries_of + ((),) * (len(names) - len(door.entries_of)),
        slips={at: tuple(found) for at, found in slips.items()},
        slips_behind=shown.behind,
        slip_frames=frozenset(slates),
        slip_faces=np.array([min(2, count[name]) for name in slates if name in count], np.int64),
        seat_times=seat_times,
        seat_persons=seats[1][once],
        click_times=np.asarray(clicks, float),
        likeness=likeness,
        usage=Usage(*(in_use(marks, times.size) for marks in by_frame)),
    )


def _by_kind(observations: Sequence[Observation]) -> _Seen:
    by_kind: dict[type, list[Observation]] = defaultdict(list)
    for seen in observations:
        by_kind[type(seen)].append(seen)
    read = [seen for seen in by_kind[Slate] if isinstance(seen, Slate)]
    compared = [seen for seen in by_kind[Likeness] if isinstance(seen, Likeness)]
    counted = [seen for seen in by_kind[Faces] if isinstance(seen, Faces)]
    count = {seen.frame: seen.count for seen in sorted(counted, key=lambda seen: (seen.at, seen.count))}
    # Only a face that was found can be compared, whatever was counted.
    count |= {seen.frame: 1 for seen in compared if count.get(seen.frame) == 0}
    return _Seen(
        taken=[seen for seen in by_kind[FrameTaken] if isinstance(seen, FrameTaken)],
        slates={seen.frame: seen for seen in sorted(read, key=lambda seen: (seen.at, seen.seq))},
        seats=[seen for seen in by_kind[Seat] if isinstance(seen, Seat)],
        clicks=np.sort([seen.at.timestamp() for seen in by_kind[Next] if isinstance(seen, Next)]),
        compared=compared,
        faces=count,
    )


def _timed(seen: _Seen, door: Door, seats: tuple[Seconds, Numbers], most_like: Mapping[str, str]) -> Timed:
    """Time the frames by all that ties the cameras' clocks to the laptop's."""
    whose = {name: door.holder.get(slate.seq) for name, slate in seen.slates.items()}
    whose |= {name: door.numbers.get(who) for name, who in most_like.items()}
    in_order = shooting_order(seen.taken)
    turns = dict(_turns(in_order, whose))
    turn_door = {name: float(door.times[door.entries_of[who][0]]) for name, who in turns.items()}
    zone = min(seen.taken, key=lambda one: (one.at, one.id)).at.utcoffset() if seen.taken else None
    witnesses = ClockWitnesses(
        chair=np.sort(np.concatenate((seats[0], seen.clicks))),
        door=door.times,
        turn_door=turn_door,
        elsewhere=_elsewhere(in_order, turns, seats[1]),
        zone=zone.total_seconds() if zone else 0.0,
    )
    return time_frames(in_order, witnesses)


def _turns(
    in_order: Mapping[str, Sequence[FrameTaken]], whose: Mapping[str, int | None]
) -> Iterator[tuple[str, int]]:
    """Give the slips, and the first frames with somebody's face, that begin another's turn in their body."""
    for taken in in_order.values():
        latest = None
        for frame in taken:
            who = whose.get(frame.id)
            if who is not None and who != latest:
                yield frame.id, who
                latest = who


def _elsewhere(
    in_order: Mapping[str, Sequence[FrameTaken]], turns: Mapping[str, int], confirmed: Numbers
) -> frozenset[str]:
    """Give the frames of stretches where slips or faces tell, if others than those were confirmed."""
    told, sat = {*turns.values()}, {*confirmed.tolist()}
    if not told or not sat or len(told & sat) > _NAMED_TWICE * min(len(told), len(sat)):
        return frozenset()
    found: set[str] = set()
    for taken in in_order.values():
        marks = np.array([at for at, frame in enumerate(taken) if frame.id in turns], np.int64)
        used = np.flatnonzero(in_use(marks, len(taken)) > 0.5) if marks.size else marks
        found.update(taken[at].id for at in used.tolist())
    return frozenset(found)


def _starts(
    timed: Timed, kept: Sequence[bool], slates: Mapping[str, Slate], holder: Mapping[int, int]
) -> Shown:
    """Give the pause before each frame that is kept, and whose slips were photographed in it."""
    slips: dict[int, list[int]] = defaultdict(list)
    gaps: list[float] = []
    before, gap, shown = None, None, None
    latest: dict[str, float] = {}
    told: float | None = None
    rows = zip(timed.frames, kept, timed.times.tolist(), (timed.trust != LOST).tolist(), strict=True)
    for frame, keep, moment, known in rows:
        slate = slates.get(frame.id)
        if known and told is not None and moment - told > _STALE:
            # Whose slip it was had their frames elsewhere, on a card that is not there.
            slips.pop(len(gaps), None)
            gap, shown, told = moment - told, None, None
        # Of several slips in a row the last one's holder is next to sit, when it is photographed.
        if gap is None or (slate is not None and slate.seq != shown):
            since = moment if before is None else before
            # Another body may still have been at work: then its own frame before tells the pause.
            gap = moment - (since if since <= moment else latest.get(frame.body, moment))
        if slate is not None:
            shown, told = slate.seq, moment if known else None
            slips[len(gaps)].append(holder.get(slate.seq, NOBODY))
        if keep:
            gaps.append(max(gap, 0.05))
            before, gap, shown, told = moment, None, None, None
            latest[frame.body] = moment
    return Shown(slips, np.array(gaps))


def _numbers(door: Mapping[str, int], named: Iterable[Seat | Likeness]) -> dict[str, int]:
    """Give the persons numbers: those of the door, and on from there those whom only witnesses name."""
    others = {seen.person for seen in named if seen.person is not None} - door.keys()
    return dict(door) | {person: len(door) + at for at, person in enumerate(sorted(others))}


def _seats(
    seats: Sequence[Seat], numbers: Mapping[str, int], holder: Mapping[int, int]
) -> tuple[Seconds, Numbers]:
    """Give times and persons of seats, in order."""
    times: list[float] = []
    who: list[int] = []
    for seat in sorted(seats, key=lambda seen: (seen.at, seen.seq or 0, seen.person or "")):
        person = NOBODY if seat.seq is None else holder.get(seat.seq, NOBODY)
        if seat.person is not None:
            person = numbers[seat.person]
        times.append(seat.at.timestamp())
        who.append(person)
    return np.array(times), np.array(who, np.int64)


def _again(seats: tuple[Seconds, Numbers], frames: Seconds) -> Flags:
    """Tell seats that repeat the one before: the same person at once, or soon and no frame between."""
    times, who = seats
    taken = np.searchsorted(np.sort(frames), times)
    soon = (np.diff(times) < _AT_ONCE) | ((np.diff(times) < _AGAIN) & (np.diff(taken) == 0))
    same = soon & (np.diff(who) == 0) & (who[1:] != NOBODY)
    return np.append(np.zeros(min(1, times.size), bool), same)


def _held_in_portraits(ids: Sequence[str], slates: Mapping[str, Slate], count: Mapping[str, int]) -> bool:
    """Tell a day on which the slip is held in the portrait itself: no frames but the slips'."""
    if len(slates) < 5:
        return False
    alone = sum(
        name in slates and following in slates and slates[name].seq != slates[following].seq
        for name, following in pairwise(ids)
    )
    faced = [count[name] > 0 for name in slates if name in count]
    empty = bool(faced) and sum(faced) < 0.6 * len(faced)
    return not empty and alone > 0.6 * len({slate.seq for slate in slates.values()})


def _likeness(
    compared: Sequence[Likeness], ids: Sequence[str], numbers: Mapping[str, int]
) -> tuple[tuple[tuple[int, float], ...], ...]:
    latest: dict[str, dict[int, Likeness]] = defaultdict(dict)
    for seen in compared:
        scored, person = latest[seen.frame], numbers[seen.person]
        before = scored.get(person, seen)
        scored[person] = max(before, seen, key=lambda one: (one.at, one.score))
    return tuple(
        tuple((person, one.score) for person, one in sorted(latest[name].items())) if name in latest else ()
        for name in ids
    )
