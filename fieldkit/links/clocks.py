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
Trust = NDArray[np.int8]
LOST, GUESSED, SURE = 0, 1, 2

_FARTHEST = 40 * 3600
_LONGEST_DAY = 20 * 86400
_LEAD = 4.0
_SPAN = 30.0
_JUMP = 15.0
_SET_BACK = 20.0
_WELL_MET, _HARDLY_MET = 0.6, 0.5
_LEAST_STRETCH = 10
_WINDOW = 24
_APART = 2.0
_SETTING = 5.0
_WALK = 8.0
_TOGETHER = 30.0


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
    """The frames of all bodies in one order, their times, how far those are trusted, and the clocks.

    ``trust`` is SURE, GUESSED where another clock fits nearly as well, or LOST where only the frames'
    order and the pauses between them are known.
    """

    frames: tuple[FrameTaken, ...]
    times: Seconds
    trust: Trust
    clocks: tuple[BodyClock, ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    """What is added to each shot of a stretch, and how far that is trusted."""

    offsets: Seconds
    trust: Trust


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
) -> _Laid:
    ceiling = float(late.min())
    if witnesses.chair.size >= 2 and shots.size >= 2:
        return _by_chair(shots, late, witnesses, sittings)
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
    return _Laid(np.full(shots.size, min(offset, ceiling)), np.full(shots.size, GUESSED, np.int8))


def _last_of(distances: Seconds) -> float:
    """Give the largest of sorted distances from shot to check-in that is no misread slip's.

    Nobody is photographed before the door, so the clock error is where the check-ins stop: the last
    with two others just before it.
    """
    near = distances[2:] - distances[:-2] < _TOGETHER
    held = np.flatnonzero(near)
    return float(distances[held[-1] + 2] if held.size else np.median(distances))


def _starts(shots: Seconds, sittings: int) -> NDArray[np.intp]:
    """Pick the frames after the longest pauses, as many as people sat down."""
    gaps = np.diff(shots, prepend=shots[0] - 1e6)
    return np.sort(np.argsort(-gaps, kind="stable")[: max(2, sittings)])


def _by_chair(shots: Seconds, late: Seconds, witnesses: ClockWitnesses, sittings: int) -> _Laid:
    """Lay the frames over the chair events, in parts where somebody set the clock in between.

    Stretches that meet nobody sitting down even so are lost.
    """
    starts = _starts(shots, sittings)
    laid = _one_clock(shots, late, witnesses, starts)
    smooth = _smooth(_fit(shots[starts], witnesses.chair, laid.offsets[starts]))
    if starts.size < 2 * _LEAST_STRETCH or smooth.min() >= _WELL_MET:
        return laid
    cuts = _settings(shots[starts], late[starts], witnesses)
    if cuts:
        frames = (0, *starts[cuts].tolist(), shots.size)
        parts = [
            _one_clock(shots[first:last], late[first:last], witnesses, _between(starts, first, last))
            for first, last in pairwise(frames)
        ]
        laid = _Laid(
            np.concatenate([part.offsets for part in parts]), np.concatenate([part.trust for part in parts])
        )
        smooth = _smooth(_fit(shots[starts], witnesses.chair, laid.offsets[starts]))
    lost = smooth < _HARDLY_MET
    # In whose sitting the clock was set is not known to the frame.
    lost[[at for cut in cuts for at in (cut - 1, cut)]] = True
    owner = np.maximum(np.searchsorted(starts, np.arange(shots.size), side="right") - 1, 0)
    return _Laid(laid.offsets, np.where(lost[owner], np.int8(LOST), laid.trust))


def _between(starts: NDArray[np.intp], first: int, last: int) -> NDArray[np.intp]:
    return starts[(starts >= first) & (starts < last)] - first


def _one_clock(shots: Seconds, late: Seconds, witnesses: ClockWitnesses, starts: NDArray[np.intp]) -> _Laid:
    shift, stands_out = _peak(shots[starts], witnesses.chair, float(late.min()), witnesses.zone)
    offsets = np.full(shots.size, shift)
    offsets += _follow(shots, starts, offsets, witnesses.chair)
    return _Laid(offsets, np.full(shots.size, SURE if stands_out else GUESSED, np.int8))


def _smooth(met: Seconds) -> Seconds:
    """Give for each start the share of those around it that met somebody sitting down."""
    width = min(15, met.size)
    window = np.ones(width)
    return np.convolve(met, window, mode="same") / np.convolve(np.ones(met.size), window, mode="same")


def _settings(starts: Seconds, late: Seconds, witnesses: ClockWitnesses) -> list[int]:
    """Find the starts from which on the clock is another one.

    Of the shifts that fit some window of starts well, the way along the day is taken that meets the
    most people sitting down, each setting of the clock counted as ``_SETTING`` of them (Viterbi).
    """
    shifts = _candidates(starts, late, witnesses)
    chair = witnesses.chair
    met = np.stack([_fit(starts, chair, shift + _LEAD) for shift in shifts])
    # What nearly meets everybody is the same clock that drifted.
    came_from = np.zeros((starts.size, shifts.size), np.intp)
    best = met[:, 0].copy()
    for place in range(1, starts.size):
        onward = starts[place] + shifts[:, None] > starts[place - 1] + shifts[None, :]
        ways = np.where(onward, best[None, :] - _SETTING, -np.inf)
        np.fill_diagonal(ways, best)
        came_from[place] = ways.argmax(axis=1)
        best = ways.max(axis=1) + met[:, place]
    cuts = []
    shift = int(best.argmax())
    for place in range(starts.size - 1, 0, -1):
        before = int(came_from[place, shift])
        if before != shift:
            cuts.append(place)
        shift = before
    return cuts[::-1]


def _candidates(starts: Seconds, late: Seconds, witnesses: ClockWitnesses) -> Seconds:
    """Give the shifts that fit one window of starts best, window by window."""
    found: list[float] = []
    for first in range(0, max(1, starts.size - _WINDOW // 2), _WINDOW // 2):
        window = slice(first, first + _WINDOW)
        apart = (witnesses.chair[None, :] - starts[window, None]).ravel()
        apart = apart[(apart < late[window].min() + 60) & (np.abs(apart) < _FARTHEST)]
        if not apart.size:
            continue
        low = float(apart.min())
        tally = np.convolve(np.bincount((apart - low).astype(int)), np.ones(5), mode="same")
        for _ in range(3):
            at = int(tally.argmax())
            if all(abs(at + low - other) > 3 for other in found):
                found.append(at + low)
            tally[max(0, at - 15) : at + 16] = 0
    return np.array(found)


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
