"""The laptop time of every exposure: each body's clock error from arrivals, seats, slips, the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

import numpy as np

from fieldkit.links.chair_clock import by_chair
from fieldkit.links.recording import FrameTaken
from fieldkit.links.times import GUESSED, LOST, SURE, ClockWitnesses, Flags, Laid, Seconds, Trust

_FARTHEST = 40 * 3600
_SPAN = 30.0
_JUMP = 15.0
_SET_BACK = 20.0
_APART = 2.0
_WALK = 8.0
_TOGETHER = 30.0


@dataclass(frozen=True, slots=True)
class BodyClock:
    """How far a body's clock was behind the laptop's, over its frames."""

    body: str
    frames: int
    offset: float
    drift: float
    live: bool
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Timed:
    """The frames of all bodies in one order, their times, how far those are trusted, and the clocks.

    ``trust`` is SURE, GUESSED where another clock fits nearly as well, or LOST where only the frames'
    order and the pauses between them are known.
    """

    frames: tuple[FrameTaken, ...]
    times: Seconds
    trust: Trust
    clocks: tuple[BodyClock, ...]


def time_frames(order: Mapping[str, Sequence[FrameTaken]], witnesses: ClockWitnesses) -> Timed:
    """Estimate the clock of every body and merge the bodies into one shooting order.

    Arrivals through a tether follow the clock at a nearly constant distance; frames read in later
    are laid over the chair events by cross-correlation, else over the slips' check-ins.
    """
    frames: list[FrameTaken] = []
    times: list[Seconds] = []
    trust: list[Trust] = []
    clocks = []
    total = sum(len(taken) for taken in order.values())
    for body, taken in order.items():
        told = np.array([_shot(frame) for frame in taken])
        arrived = np.array([frame.at.timestamp() for frame in taken])
        _tame(told, arrived, witnesses)
        sittings = round(witnesses.chair.size * len(taken) / total)
        moments, live, trusted = _in_stretches(taken, told, arrived, witnesses, sittings)
        known = ~np.isnan(told)
        late = (moments - told)[known]
        rate = 0.0
        if late.size > 20 and np.ptp(told[known]) > 1800:
            rate = float((late[-1] - late[0]) / (told[known][-1] - told[known][0] or 1.0))
        offset = float(np.median(late)) if late.size else 0.0
        clocks.append(BodyClock(body, len(taken), offset, rate, live, bool((trusted == SURE).mean() > 0.5)))
        frames.extend(taken)
        times.append(moments)
        trust.append(trusted)
    if not frames:
        return Timed((), np.empty(0), np.empty(0, np.int8), ())
    merged = np.concatenate(times)
    rank = np.argsort(merged, kind="stable")
    return Timed(tuple(frames[at] for at in rank), merged[rank], np.concatenate(trust)[rank], tuple(clocks))


def _shot(frame: FrameTaken) -> float:
    return frame.shot.replace(tzinfo=UTC).timestamp() if frame.shot else np.nan


def _tame(told: Seconds, arrived: Seconds, witnesses: ClockWitnesses) -> None:
    """Bring a clock that lost its date near the day, and drop times that fit no day at all.

    The day is when people came, for a card may be read in months later.
    """
    if np.isnan(told).all():
        return
    day = np.concatenate((witnesses.chair, witnesses.door))
    low, high = (float(day.min()), float(day.max())) if day.size else (arrived.min(), arrived.max())
    middle = float(np.nanmedian(told))
    if not low - _FARTHEST < middle < high + _FARTHEST:
        told += 0.5 * (low + high) - middle
    told[(told < low - 2 * _FARTHEST) | (told > high + 2 * _FARTHEST)] = np.nan


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
    trust = np.full(told.size, SURE, np.int8)
    if known.size == 0:
        return np.maximum.accumulate(arrived), True, trust
    shots, late = told[known], arrived[known] - told[known]
    live = _live(shots, late)
    offsets = np.full(known.size, np.nan)
    if live.any():
        offsets[live] = _live_offsets(late[live])
    if not live.all():
        others = ~live
        if live.mean() > 0.2 and not (np.abs(np.diff(late[live])) > _JUMP).any():
            offsets[others] = np.median(offsets[live])
        else:
            names = [taken[at].id for at in known[others]]
            laid = _unarrived_offsets(shots[others], late[others], names, witnesses, sittings)
            offsets[others], trust[known[others]] = laid.offsets, laid.trust
    moments = np.full(told.size, np.nan)
    moments[known] = shots + offsets
    _fill(
        moments,
        arrived,
        float(np.median(arrived[known][live] - moments[known][live])) if live.any() else None,
    )
    return _in_order(moments, trust), bool(live.mean() > 0.5), trust


def _live(shots: Seconds, late: Seconds) -> Flags:
    """Tell which frames came through a tether: their lateness hardly changes while time passes."""
    count = shots.size
    running = np.maximum.accumulate(shots)
    far = np.searchsorted(running, running + _SPAN)
    near = np.searchsorted(running, running - _SPAN, side="right") - 1
    first = np.flatnonzero(far < count)
    if first.size == 0:
        return np.ones(count, bool)
    live = np.zeros(count, bool)
    for one, other in ((first, far[first]), (np.flatnonzero(near >= 0), near[near >= 0])):
        live[one] |= np.abs(late[other] - late[one]) <= 0.25 * np.abs(shots[other] - shots[one])
    # The last half minute has no frame behind it to be judged by.
    tail = np.arange(first[-1] + 1, count)
    live[tail] = live[first[-1]]
    return live


def _live_offsets(late: Seconds) -> Seconds:
    """Follow the clock error through the day by a low quantile of the lateness around each frame."""
    steps = np.flatnonzero(np.abs(np.diff(late)) > _JUMP) + 1
    cuts = [0]
    for step in steps:
        before, after = late[max(cuts[-1], step - 5) : step], late[step : step + 5]
        if abs(np.median(after) - np.median(before)) > 0.7 * _JUMP:
            cuts.append(int(step))
    cuts.append(late.size)
    offsets = np.empty_like(late)
    for start, stop in pairwise(cuts):
        piece = late[start:stop]
        reach = min(12, piece.size - 1)
        padded = np.pad(piece, reach, mode="reflect") if reach else piece
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        offsets[start:stop] = np.quantile(around, 0.25, axis=1)
    return offsets


def _fill(moments: Seconds, arrived: Seconds, latency: float | None) -> None:
    """Give frames without a time of their own one between their neighbours."""
    missing = np.flatnonzero(np.isnan(moments))
    if missing.size == 0:
        return
    known = np.flatnonzero(~np.isnan(moments))
    filled = np.interp(missing, known, moments[known])
    if latency is not None:
        low = np.interp(missing, known, np.maximum.accumulate(moments[known]))
        before = moments[known][np.maximum(np.searchsorted(known, missing) - 1, 0)]
        after = moments[known][np.minimum(np.searchsorted(known, missing), known.size - 1)]
        own = arrived[missing] - latency
        filled = np.where(after > before, np.clip(own, before, after), np.maximum(low, own))
    moments[missing] = filled


def _unarrived_offsets(
    shots: Seconds,
    late: Seconds,
    names: Sequence[str],
    witnesses: ClockWitnesses,
    sittings: int,
) -> Laid:
    ceiling = float(late.min())
    if witnesses.chair.size >= 2 and shots.size >= 2:
        return by_chair(shots, late, witnesses, sittings)
    pairs = [
        (witnesses.slip_door[name] - shot)
        for name, shot in zip(names, shots, strict=True)
        if name in witnesses.slip_door
    ]
    if len(pairs) >= 3:
        offset = _last_of(np.sort(pairs)) + _WALK
    elif witnesses.door.size:
        places = np.linspace(0, witnesses.door.size - 1, shots.size).astype(int)
        offset = float(np.quantile(witnesses.door[places] - shots, 0.9)) + 15.0
    else:
        offset = ceiling
    return Laid(np.full(shots.size, min(offset, ceiling)), np.full(shots.size, GUESSED, np.int8))


def _last_of(distances: Seconds) -> float:
    """Give the largest of sorted distances from shot to check-in that is no misread slip's.

    Nobody is photographed before the door, so the clock error is where the check-ins stop: the last
    with two others just before it.
    """
    near = distances[2:] - distances[:-2] < _TOGETHER
    held = np.flatnonzero(near)
    return float(distances[held[-1] + 2] if held.size else np.median(distances))
