"""The laptop time of every exposure: each body's clock error from arrivals, seats, slips, the door.

Times here are seconds of the laptop's clock (POSIX) in float64 arrays, one value a frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.recording import FrameTaken

Seconds = NDArray[np.float64]
Flags = NDArray[np.bool_]

_FARTHEST = 40 * 3600
_LONGEST_DAY = 20 * 86400
_LEAD = 4.0
_SPAN = 30.0
_JUMP = 15.0
_SET_BACK = 20.0
_PAUSE = 90.0
_PAUSES = 3
_LEAST_STRETCH = 10


@dataclass(frozen=True, slots=True)
class ClockWitnesses:
    """What ties the camera's clock to the laptop's: chair events, the door, read slips."""

    chair: Seconds
    door: Seconds
    slip_door: Mapping[str, float]
    zone: float = 0.0


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
    """The frames of all bodies in one order, their times, and the clocks found."""

    frames: tuple[FrameTaken, ...]
    times: Seconds
    clocks: tuple[BodyClock, ...]


def time_frames(order: Mapping[str, Sequence[FrameTaken]], witnesses: ClockWitnesses) -> Timed:
    """Estimate the clock of every body and merge the bodies into one shooting order.

    Arrivals through a tether follow the clock at a nearly constant distance; frames read in later
    are laid over the chair events by cross-correlation, else over the slips' check-ins.
    """
    frames: list[FrameTaken] = []
    times: list[Seconds] = []
    clocks = []
    total = sum(len(taken) for taken in order.values())
    for body, taken in order.items():
        told = np.array([_shot(frame) for frame in taken])
        arrived = np.array([frame.at.timestamp() for frame in taken])
        _tame(told, arrived, witnesses)
        sittings = round(witnesses.chair.size * len(taken) / total)
        moments, live, sure = _in_stretches(taken, told, arrived, witnesses, sittings)
        known = ~np.isnan(told)
        late = (moments - told)[known]
        rate = 0.0
        if late.size > 20 and np.ptp(told[known]) > 1800:
            rate = float((late[-1] - late[0]) / (told[known][-1] - told[known][0] or 1.0))
        offset = float(np.median(late)) if late.size else 0.0
        clocks.append(BodyClock(body, len(taken), offset, rate, live, sure))
        frames.extend(taken)
        times.append(moments)
    if not frames:
        return Timed((), np.empty(0), ())
    merged = np.concatenate(times)
    rank = np.argsort(merged, kind="stable")
    return Timed(tuple(frames[at] for at in rank), merged[rank], tuple(clocks))


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
) -> tuple[Seconds, bool, bool]:
    """Time a body's frames, each stretch between two settings-back of its clock by itself.

    The frames are in the order of their numbers, so a time that goes back means that somebody set
    the clock; what comes behind owes nothing to the clock before.
    """
    known = np.flatnonzero(~np.isnan(told))
    back = known[1:][np.diff(told[known]) < -_SET_BACK]
    if not back.size:
        return _one_body(taken, told, arrived, witnesses, sittings)
    moments, live, sure = np.empty(told.size), True, True
    for first, last in pairwise((0, *back.tolist(), told.size)):
        part = slice(first, last)
        share = max(1, round(sittings * (last - first) / told.size))
        stretch, its_live, its_sure = _one_body(taken[part], told[part], arrived[part], witnesses, share)
        moments[part] = stretch
        live, sure = live and its_live, sure and its_sure
    return np.maximum.accumulate(moments), live, sure


def _one_body(
    taken: Sequence[FrameTaken],
    told: Seconds,
    arrived: Seconds,
    witnesses: ClockWitnesses,
    sittings: int,
) -> tuple[Seconds, bool, bool]:
    known = np.flatnonzero(~np.isnan(told))
    if known.size == 0:
        return np.maximum.accumulate(arrived), True, True
    shots, late = told[known], arrived[known] - told[known]
    live = _live(shots, late)
    offsets, sure = np.full(known.size, np.nan), True
    if live.any():
        offsets[live] = _live_offsets(late[live])
    if not live.all():
        others = ~live
        if live.mean() > 0.2 and not (np.abs(np.diff(late[live])) > _JUMP).any():
            offsets[others] = np.median(offsets[live])
        else:
            names = [taken[at].id for at in known[others]]
            offsets[others], sure = _unarrived_offsets(
                shots[others], late[others], names, witnesses, sittings
            )
    moments = np.full(told.size, np.nan)
    moments[known] = shots + offsets
    _fill(
        moments,
        arrived,
        float(np.median(arrived[known][live] - moments[known][live])) if live.any() else None,
    )
    return np.maximum.accumulate(moments), bool(live.mean() > 0.5), sure or bool(live.mean() > 0.5)


def _live(shots: Seconds, late: Seconds) -> Flags:
    """Tell which frames came through a tether: their lateness hardly changes while time passes."""
    count = shots.size
    far = np.searchsorted(np.maximum.accumulate(shots), shots + _SPAN)
    first = np.flatnonzero(far < count)
    if first.size == 0:
        return np.ones(count, bool)
    second = far[first]
    close = np.abs(late[second] - late[first]) <= 0.25 * np.abs(shots[second] - shots[first])
    live = np.zeros(count, bool)
    live[first[close]] = True
    live[second[close]] = True
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
) -> tuple[Seconds, bool]:
    ceiling = float(late.min())
    if witnesses.chair.size >= 2 and shots.size >= 2:
        return _set_forward(shots, ceiling, witnesses, sittings)
    pairs = [
        (witnesses.slip_door[name] - shot)
        for name, shot in zip(names, shots, strict=True)
        if name in witnesses.slip_door
    ]
    if len(pairs) >= 3:
        # Nobody is photographed before the door: the clock error is where check-ins stop.
        offset = float(np.quantile(pairs, 0.97)) + 8.0
    elif witnesses.door.size:
        places = np.linspace(0, witnesses.door.size - 1, shots.size).astype(int)
        offset = float(np.quantile(witnesses.door[places] - shots, 0.9)) + 15.0
    else:
        offset = ceiling
    return np.full(shots.size, min(offset, ceiling)), False


def _starts(shots: Seconds, sittings: int) -> NDArray[np.intp]:
    """Pick the frames after the longest pauses, as many as people sat down."""
    gaps = np.diff(shots, prepend=shots[0] - 1e6)
    return np.sort(np.argsort(-gaps, kind="stable")[: max(2, sittings)])


def _set_forward(
    shots: Seconds, ceiling: float, witnesses: ClockWitnesses, sittings: int
) -> tuple[Seconds, bool]:
    """Lay the frames over the chair events, in two where the clock was set forward in a pause.

    A pause looks the same whether somebody set the clock in it or not; only where two clocks meet
    clearly more people sitting down than one is the day cut there.
    """
    offsets, sure = _by_chair(shots, ceiling, witnesses, sittings)
    chair = witnesses.chair
    starts = _starts(shots, sittings)
    met = _fit(shots[starts], chair, offsets[starts]).sum()
    more = max(4.0, 0.15 * starts.size)
    gaps = np.diff(shots)
    for place in np.argsort(-gaps, kind="stable")[:_PAUSES].tolist():
        cut = place + 1
        if gaps[place] < _PAUSE or min(cut, shots.size - cut) < _LEAST_STRETCH:
            continue
        share = max(2, round(sittings * cut / shots.size))
        before = _by_chair(shots[:cut], ceiling, witnesses, share)
        behind = _by_chair(shots[cut:], ceiling, witnesses, max(2, sittings - share))
        both = np.concatenate((before[0], behind[0]))
        fits = _fit(shots[starts], chair, both[starts]).sum()
        plain = before[1] and behind[1]
        better = fits >= met + more or (plain and not sure and fits >= met)
        if better and shots[cut] + both[cut] > shots[place] + both[place]:
            met, offsets, sure = fits, both, plain
    return offsets, sure


def _by_chair(
    shots: Seconds, ceiling: float, witnesses: ClockWitnesses, sittings: int
) -> tuple[Seconds, bool]:
    """Lay the frames over the chair events; stretches that do not fit get a clock of their own.

    Also tells whether no other clock fits nearly as well.
    """
    offsets = np.empty(shots.size)
    chair, zone = witnesses.chair, witnesses.zone
    starts = _starts(shots, sittings)
    whole, sure = _peak(shots[starts], chair, ceiling, zone)
    offsets[:] = whole
    fits = _fit(shots[starts], chair, whole)
    width = 15
    if starts.size >= 3 * width:
        smooth = np.convolve(fits, np.ones(width) / width, mode="same")
        poor = smooth < 0.35 * float(np.quantile(smooth, 0.8))
        for first, last in _runs(poor):
            if last - first >= width:
                begin = starts[first] if first else 0
                end = starts[last] if last < starts.size else shots.size
                offsets[begin:end] = _peak(shots[starts[first:last]], chair, ceiling, zone)[0]
    return offsets + _follow(shots, starts, offsets, chair), sure


def _runs(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _peak(shots: Seconds, chair: Seconds, ceiling: float, zone: float) -> tuple[float, bool]:
    """Find the shift with the most frames near a chair event, by correlation (FFT).

    Of shifts that fit alike, a right clock and whole hours are likelier. Also tells whether the
    best shift stands out.
    """
    base = float(shots.min())
    origin = float(chair.min())
    if np.ptp(shots) + np.ptp(chair) > _LONGEST_DAY:
        return ceiling, False
    size = 1 << int(np.ceil(np.log2(np.ptp(shots) + np.ptp(chair) + 200)))
    mine = np.bincount((shots - base).astype(int), minlength=size).astype(float)
    theirs = np.bincount((chair - origin).astype(int), minlength=size).astype(float)
    apart = np.minimum(np.arange(size), size - np.arange(size))
    # Few events need a broad look; many are told apart by a sharp one.
    width = 2.0 if chair.size > 60 else 3.5
    kernel = np.exp(-0.5 * (apart / width) ** 2)
    product = np.conj(np.fft.rfft(mine)) * np.fft.rfft(theirs) * np.fft.rfft(kernel)
    match = np.fft.irfft(product, size)
    lags = np.arange(size, dtype=float)
    lags[lags > np.ptp(chair) + 100] -= size
    shift = lags + origin - base
    wrong = shift + zone
    hours = np.abs(wrong - 3600 * np.rint(wrong / 3600))
    match = match + 0.35 * np.exp(-np.abs(wrong) / 120) + 0.25 * np.exp(-hours / 60)
    match[(shift > ceiling + 60) | (np.abs(shift) > _FARTHEST)] = -1.0
    best = int(np.argmax(match))
    peak = float(match[best])
    rest = match[np.abs(shift - shift[best]) > 15]
    other = float(rest.max()) if rest.size else 0.0
    # Where everybody sat down on the minute, only the first and the last tell the shifts apart.
    whole = peak > 0.85 * min(shots.size, chair.size)
    stands_out = peak - other > max(0.5, (0.0 if whole else 0.12) * peak)
    return float(shift[best]) + _LEAD, stands_out


def _fit(starts: Seconds, chair: Seconds, offset: float | Seconds) -> Seconds:
    moments = starts + offset - _LEAD
    place = np.searchsorted(chair, moments)
    near = np.minimum(
        np.abs(chair[np.minimum(place, chair.size - 1)] - moments),
        np.abs(chair[np.maximum(place - 1, 0)] - moments),
    )
    return np.asarray(near < 3.0, dtype=float)


def _follow(shots: Seconds, starts: NDArray[np.intp], offsets: Seconds, chair: Seconds) -> Seconds:
    """Correct for drift: the middle distance of starts and chair events, stretch by stretch."""
    moments = shots[starts] + offsets[starts]
    place = np.clip(np.searchsorted(chair, moments), 1, chair.size - 1)
    before, after = chair[place - 1] - moments, chair[place] - moments
    nearest = np.where(np.abs(before) < np.abs(after), before, after)
    fair = np.abs(nearest) < 8
    if fair.sum() < 40:
        return np.zeros(shots.size)
    x, y = shots[starts][fair], nearest[fair]
    parts = np.array_split(np.arange(x.size), min(12, x.size // 20))
    middles = np.array([np.median(x[part]) for part in parts])
    values = np.array([np.median(y[part]) for part in parts])
    slopes = [
        (values[b] - values[a]) / (middles[b] - middles[a])
        for a in range(len(parts))
        for b in range(a + 1, len(parts))
        if middles[b] > middles[a]
    ]
    slope = float(np.median(slopes)) if slopes else 0.0
    if abs(slope) > 1e-3:
        return np.zeros(shots.size)
    level = float(np.median(values - slope * middles))
    line: Seconds = slope * shots + level
    return line - float(np.median(line))
