"""The laptop time of every exposure: each body's clock error from arrivals, seats, slips, the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from fieldkit.links.arrivals import EVEN, JUMP, PILED, by_arrivals, came_later, came_live, jitter
from fieldkit.links.chair_clock import by_chair, lag, left_over
from fieldkit.links.companions import beside
from fieldkit.links.order import together
from fieldkit.links.recording import FrameTaken
from fieldkit.links.slip_clock import between, by_check_ins, in_line, turns_of
from fieldkit.links.times import (
    FARTHEST,
    GUESSED,
    LOST,
    SURE,
    ClockWitnesses,
    Flags,
    Laid,
    Numbers,
    Seconds,
    Trust,
    odd,
    shot_seconds,
)

_TOO_SHORT = 4.0
_BEFORE_DOOR = 900.0
_FEW = 0.05
_ASIDE = 600.0
_SET_BACK = 20.0
_FEWEST_TIMES = 0.2
_MANY = 30
_APART = 2.0
_TOO_UNEVEN = 0.2
# Few even days of the fastest are unsure with it; of uneven ones each that is missed is a person off.
_ALIKE, _NEARLY_ALIKE = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class BodyClock:
    """By how many seconds a body's clock shows less than the laptop's, and whether that is sure."""

    body: str
    frames: int
    behind: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Timed:
    """The frames of all bodies in one order, their times, how far those are trusted, and the clocks.

    ``trust`` is SURE, GUESSED where another clock fits nearly as well, or LOST where only the frames'
    order and the pauses between them are known. ``jitter`` is by how many seconds frames without a
    time of their own are unevenly late, on the average of all frames.
    """

    frames: tuple[FrameTaken, ...]
    times: Seconds
    trust: Trust
    clocks: tuple[BodyClock, ...]
    jitter: float = 0.0


def time_frames(order: Mapping[str, Sequence[FrameTaken]], witnesses: ClockWitnesses) -> Timed:
    """Estimate the clock of every body and merge the bodies into one shooting order.

    Arrivals through a tether follow the clock at a nearly constant distance; frames read in later
    are laid over the chair events by cross-correlation, else over the slips' check-ins.
    """
    frames = [frame for taken in order.values() for frame in taken]
    if not frames:
        return Timed((), np.empty(0), np.empty(0, np.int8), ())
    seated = [sum(frame.id not in witnesses.elsewhere for frame in taken) for taken in order.values()]
    bodies = [
        _lay(taken, round(witnesses.chair.size * many / max(1, sum(seated))), witnesses)
        for taken, many in zip(order.values(), seated, strict=True)
    ]
    if len(bodies) > 1:
        bodies = _in_company(bodies, witnesses)
    times = np.concatenate([body.times for body in bodies])
    trusts = np.concatenate([body.trust for body in bodies])
    slips = [np.array([frame.id in witnesses.turn_door for frame in body.taken]) for body in bodies]
    rank = together([body.times for body in bodies], slips)
    clocks = tuple(_clock(body, witnesses.zone) for body in bodies)
    uneven = sum(body.jitter * len(body.taken) for body in bodies) / len(frames)
    return Timed(tuple(frames[at] for at in rank), times[rank], trusts[rank], clocks, uneven)


@dataclass(frozen=True, slots=True)
class _Body:
    """One body's frames with what its clock told, their times, and how many people sat for it."""

    taken: Sequence[FrameTaken]
    told: Seconds
    times: Seconds
    trust: Trust
    live: bool
    sittings: int
    jitter: float

    @property
    def sure(self) -> bool:
        return bool((self.trust == SURE).mean() > 0.5)


def _lay(taken: Sequence[FrameTaken], sittings: int, witnesses: ClockWitnesses) -> _Body:
    told = np.array([np.nan if (shot := shot_seconds(frame)) is None else shot for frame in taken])
    arrived = np.array([frame.at.timestamp() for frame in taken])
    told[odd(told)] = np.nan
    if (~np.isnan(told)).mean() < _FEWEST_TIMES:
        told[:] = np.nan
    _tame(told, arrived, witnesses)
    times, live, trust = _in_stretches(taken, told, arrived, witnesses, sittings)
    uneven, much = _unevenly(told, arrived, witnesses, sittings)
    if much:
        trust = np.minimum(trust, np.int8(GUESSED))
    return _Body(taken, told, times, trust, live, sittings, uneven)


def _unevenly(
    told: Seconds, arrived: Seconds, witnesses: ClockWitnesses, sittings: int
) -> tuple[float, bool]:
    """Give how unevenly late the frames of a body without times are, and whether that is too much to be sure.

    Frames as late as people are apart may be the one's before or the one's behind.
    """
    if not np.isnan(told).all() or sittings < 2:
        return 0.0, False
    live, chair = arrived[~came_later(arrived)], witnesses.chair
    uneven, alike = jitter(live, chair)
    much = uneven > 0 and uneven > _TOO_UNEVEN * float(np.median(np.diff(chair)))
    return uneven, much or alike > (_ALIKE if uneven < EVEN else _NEARLY_ALIKE)


def _in_company(bodies: Sequence[_Body], witnesses: ClockWitnesses) -> list[_Body]:
    """Lay cards over the chair events that other bodies leave over, as far behind them as live frames.

    So a body that was used for a few people finds those, and people wait as long for each body's frame.
    """
    laid = list(bodies)
    free, behind_live, turns = witnesses, None, None
    for at in sorted(range(len(laid)), key=lambda at: (not laid[at].live, -len(laid[at].taken))):
        body = laid[at]
        if np.ptp(body.times) < _TOO_SHORT:
            # Nothing tells a card's few frames from few that came as they were taken.
            np.minimum(body.trust, GUESSED, out=body.trust)
        if all(one.live for one in bodies):
            continue
        if not body.live and free is not witnesses:
            body = laid[at] = _lay(body.taken, body.sittings, free)
        names = [frame.id for frame in body.taken]
        own = turns_of(names, body.times, witnesses.turn_door)
        if turns and not body.live and not body.sure:
            body.times[:] += between(own, turns, witnesses.door)
            own = turns_of(names, body.times, witnesses.turn_door)
        turns = in_line(turns, own) if turns else in_line(own)
        behind = lag(body.times[body.trust == SURE], witnesses, body.sittings) if body.sure else None
        if behind is None:
            continue
        if body.live:
            behind_live = behind
        elif behind_live is not None:
            body.times[body.trust == SURE] += behind_live - behind
            np.maximum.accumulate(body.times, out=body.times)
            behind = behind_live
        free = replace(
            free, chair=left_over(free.chair, body.times[body.trust == SURE], behind, body.sittings)
        )
    if witnesses.chair.size >= 2:
        _set_aside(
            [body for body in laid if witnesses.turn_door.keys().isdisjoint(f.id for f in body.taken)], laid
        )
    _beside_the_first(laid)
    return laid


def _beside_the_first(bodies: Sequence[_Body]) -> None:
    """Lay cards whose frames all come with those of the body that took most: of the same people."""
    first = max(bodies, key=lambda body: (body.live, len(body.taken)))
    for body in bodies:
        if body is not first and not body.live and (by := beside(body.times, first.times)) is not None:
            body.times[:] += by
            body.trust[:] = SURE if first.sure else GUESSED


def _set_aside(doubtful: Sequence[_Body], bodies: Sequence[_Body]) -> None:
    """Put a body's few frames behind all others where nothing tells when they were taken.

    Among others' frames they would be given to whoever sat there.
    """
    few = _FEW * sum(len(body.taken) for body in bodies)
    last = max(float(body.times.max()) for body in bodies)
    for body in doubtful:
        if len(body.taken) <= few and not (body.live or body.sure):
            body.times[:] += last + _ASIDE - body.times.min()
            body.trust[:] = LOST


def _clock(body: _Body, zone: float) -> BodyClock:
    late = (body.times - body.told)[~np.isnan(body.told)]
    behind = float(np.median(late)) + zone if late.size else 0.0
    return BodyClock(body.taken[0].body, len(body.taken), behind, body.sure)


def _tame(told: Seconds, arrived: Seconds, witnesses: ClockWitnesses) -> None:
    """Bring a clock that lost its date near the day, and drop times that fit no day at all.

    The day is when people came, for a card may be read in months later.
    """
    if np.isnan(told).all():
        return
    day = np.concatenate((witnesses.chair, witnesses.door))
    low, high = (float(day.min()), float(day.max())) if day.size else (arrived.min(), arrived.max())
    middle = float(np.nanmedian(told))
    if not low - FARTHEST < middle < high + FARTHEST:
        told += 0.5 * (low + high) - middle
    told[(told < low - 2 * FARTHEST) | (told > high + 2 * FARTHEST)] = np.nan


def _in_stretches(
    taken: Sequence[FrameTaken],
    told: Seconds,
    arrived: Seconds,
    witnesses: ClockWitnesses,
    sittings: int,
) -> tuple[Seconds, bool, Trust]:
    """Time a body's frames, each stretch between two settings-back of its clock by itself.

    The frames are in the order of their numbers, so a time that goes back means that somebody set
    the clock; what comes behind owes nothing to the clock before.
    """
    known = np.flatnonzero(~np.isnan(told))
    back = known[1:][np.diff(told[known]) < -_SET_BACK]
    if not back.size:
        return _one_body(taken, told, arrived, witnesses, sittings)
    moments, live, trust = np.empty(told.size), True, np.empty(told.size, np.int8)
    for first, last in pairwise((0, *back.tolist(), told.size)):
        part = slice(first, last)
        share = max(1, round(sittings * (last - first) / told.size))
        moments[part], its_live, trust[part] = _one_body(
            taken[part], told[part], arrived[part], witnesses, share
        )
        live = live and its_live
    return _in_order(moments, trust), live, trust


def _in_order(moments: Seconds, trust: Trust) -> Seconds:
    """Let no frame be before another that was taken earlier; lost stretches keep their pauses."""
    edges = np.flatnonzero(np.diff((trust == LOST).astype(np.int8))) + 1
    for first, last in pairwise((0, *edges.tolist(), trust.size)):
        if trust[first] != LOST:
            continue
        low = moments[first - 1] if first else -np.inf
        high = moments[last] if last < trust.size else np.inf
        long = moments[last - 1] - moments[first]
        begin = min(max(moments[first], low + _APART), max(high - long - _APART, low))
        moments[first:last] = np.minimum(moments[first:last] + begin - moments[first], high)
    return np.maximum.accumulate(moments)


def _one_body(
    taken: Sequence[FrameTaken],
    told: Seconds,
    arrived: Seconds,
    witnesses: ClockWitnesses,
    sittings: int,
) -> tuple[Seconds, bool, Trust]:
    known = np.flatnonzero(~np.isnan(told))
    moments, trust = np.full(told.size, np.nan), np.full(told.size, SURE, np.int8)
    live = ~came_later(arrived)
    latency = 0.0
    if known.size:
        shots, late = told[known], arrived[known] - told[known]
        came = came_live(shots, late)
        laid = by_arrivals(shots, late, came)
        others = np.isnan(laid.offsets)
        if others.any():
            names = [taken[at].id for at in known[others]]
            found = _unarrived_offsets(shots[others], late[others], names, witnesses, sittings)
            laid.offsets[others], laid.trust[others] = found.offsets, found.trust
        moments[known], trust[known] = shots + laid.offsets, laid.trust
        live &= ~_brought_by(known[~came], arrived)
        live[known] = came
        latency = float(np.median((late - laid.offsets)[came])) if came.any() else 0.0
    _by_own_arrival(moments, arrived - latency, live)
    _fill(moments, arrived, witnesses, trust)
    return _in_order(moments, trust), bool(live.mean() > 0.5), trust


def _brought_by(later: Numbers, arrived: Seconds) -> Flags:
    """Tell which frames came on the card of those beside them that are known to have come later."""
    found = np.zeros(arrived.size, bool)
    if later.size:
        place = np.searchsorted(later, np.arange(arrived.size))
        for side in (np.maximum(place - 1, 0), np.minimum(place, later.size - 1)):
            apart = np.abs(np.arange(arrived.size) - later[side])
            found |= np.abs(arrived - arrived[later[side]]) <= PILED * apart
    return found


def _by_own_arrival(moments: Seconds, own: Seconds, live: Flags) -> None:
    """Time live frames without a time of their own by their arrival, but between their neighbours.

    Where no arrival fits in between, they are left.
    """
    missing = np.flatnonzero(np.isnan(moments) & live)
    before, after = _neighbours(moments, missing)
    low = np.where(before >= 0, moments[before], -np.inf)
    high = np.where(after < moments.size, moments[np.minimum(after, moments.size - 1)], np.inf)
    fits = (own[missing] <= high + 2 * _APART) | (high - low <= 2 * _APART)
    moments[missing[fits]] = np.maximum(low, np.minimum(own[missing], high))[fits]


def _fill(moments: Seconds, arrived: Seconds, witnesses: ClockWitnesses, trust: Trust) -> None:
    """Give frames that came later without a time one between their neighbours.

    They are lost where the neighbours leave room. Many in a row are put where people sat down or, where
    no slips part them, checked in: so the line goes on over them.
    """
    missing = np.flatnonzero(np.isnan(moments))
    if not missing.size:
        return
    events = witnesses.chair if witnesses.chair.size >= 2 or witnesses.turn_door else witnesses.door
    filled = moments.copy()
    for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1):
        first, last = int(run[0]), int(run[-1]) + 1
        low = moments[first - 1] if first else -np.inf
        high = moments[last] if last < moments.size else np.inf
        meant = events[(events > low) & (events < min(high, arrived[first]))]
        if run.size >= _MANY and meant.size >= 2:
            where = np.linspace(0, meant.size - 1, run.size)
            filled[run] = np.interp(where, np.arange(meant.size), meant)
        elif not first and last == moments.size:
            filled[run] = np.maximum.accumulate(arrived[run])
        else:
            ends = [end for end in (low, high) if np.isfinite(end)]
            filled[run] = np.linspace(ends[0], ends[-1], run.size + 2)[1:-1]
        sides = trust[max(0, first - 1)], trust[min(last, moments.size - 1)]
        tight = first and last < moments.size and high - low <= 2 * _APART
        trust[run] = min(sides) if tight else LOST
    moments[missing] = filled[missing]


def _neighbours(moments: Seconds, missing: Numbers) -> tuple[Numbers, Numbers]:
    known = np.flatnonzero(~np.isnan(moments))
    place = np.searchsorted(known, missing)
    edged = np.concatenate(([-1], known, [moments.size]))
    return edged[place], edged[place + 1]


def _ceiling(late: Seconds, check_ins: float | None) -> float:
    """Give the latest clock by which no frame was taken after it came.

    One whose time the check-ins contradict is odd, and decides nothing for the others.
    """
    least = np.sort(late)[:2].tolist()
    contradicted = check_ins is not None and least[0] < check_ins - JUMP < least[-1]
    return float(least[-1] if contradicted else least[0])


def _unarrived_offsets(
    shots: Seconds,
    late: Seconds,
    names: Sequence[str],
    witnesses: ClockWitnesses,
    sittings: int,
) -> Laid:
    seated = np.flatnonzero([name not in witnesses.elsewhere for name in names])
    to_door = {
        at: witnesses.turn_door[name] - float(shots[at])
        for at, name in enumerate(names)
        if name in witnesses.turn_door
    }
    if witnesses.chair.size >= 2 and seated.size >= 2:
        laid = by_chair(shots[seated], late[seated], witnesses, sittings)
        # Where others tell whose turn it was, the clock is that of the nearest who were confirmed.
        nearest = np.searchsorted((seated[1:] + seated[:-1]) / 2, np.arange(shots.size))
        laid = Laid(laid.offsets[nearest], laid.trust[nearest])
        before = [laid.offsets[at] < apart - _BEFORE_DOOR for at, apart in to_door.items()]
        # A clock by which most turns come before their check-ins is another day's.
        if sum(before) <= 0.5 * len(before):
            return laid
    offset = by_check_ins(to_door.values())
    ceiling = _ceiling(late, offset)
    if offset is None and witnesses.door.size:
        places = np.linspace(0, witnesses.door.size - 1, shots.size).astype(int)
        offset = float(np.quantile(witnesses.door[places] - shots, 0.9)) + 15.0
    offset = ceiling if offset is None else offset
    return Laid(np.full(shots.size, min(offset, ceiling)), np.full(shots.size, GUESSED, np.int8))
