"""The clock of frames read in later: where they lie over the moments when people sat down."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.times import GUESSED, LOST, SURE, ClockWitnesses, Flags, Laid, Seconds

_FARTHEST = 40 * 3600
_LONGEST_DAY = 20 * 86400
_LEAD = 4.0
_WELL_MET, _HARDLY_MET = 0.6, 0.5
_LEAST_STRETCH = 10
_WINDOW = 24
_SETTING = 5.0
_AS_WELL = 1.5


def by_chair(shots: Seconds, late: Seconds, witnesses: ClockWitnesses, sittings: int) -> Laid:
    """Lay the frames over the chair events, in parts where somebody set the clock in between.

    Stretches that meet nobody sitting down even so are lost.
    """
    starts = _starts(shots, sittings)
    laid = _one_clock(shots, late, witnesses, starts)
    smooth = _smooth(_fit(shots[starts], witnesses.chair, laid.offsets[starts]))
    if starts.size < 2 * _LEAST_STRETCH or smooth.min() >= _WELL_MET:
        return laid
    cuts, unsure = _settings(shots[starts], late[starts], witnesses)
    if cuts:
        frames = (0, *starts[cuts].tolist(), shots.size)
        parts = [
            _one_clock(shots[first:last], late[first:last], witnesses, _between(starts, first, last))
            for first, last in pairwise(frames)
        ]
        laid = Laid(
            np.concatenate([part.offsets for part in parts]), np.concatenate([part.trust for part in parts])
        )
        smooth = _smooth(_fit(shots[starts], witnesses.chair, laid.offsets[starts]))
    lost = (smooth < _HARDLY_MET) | unsure
    owner = np.maximum(np.searchsorted(starts, np.arange(shots.size), side="right") - 1, 0)
    return Laid(laid.offsets, np.where(lost[owner], np.int8(LOST), laid.trust))


def _starts(shots: Seconds, sittings: int) -> NDArray[np.intp]:
    """Pick the frames after the longest pauses, as many as people sat down."""
    gaps = np.diff(shots, prepend=shots[0] - 1e6)
    return np.sort(np.argsort(-gaps, kind="stable")[: max(2, sittings)])


def _between(starts: NDArray[np.intp], first: int, last: int) -> NDArray[np.intp]:
    return starts[(starts >= first) & (starts < last)] - first


def _one_clock(shots: Seconds, late: Seconds, witnesses: ClockWitnesses, starts: NDArray[np.intp]) -> Laid:
    shift, stands_out = _peak(shots[starts], witnesses.chair, float(late.min()), witnesses.zone)
    offsets = np.full(shots.size, shift)
    offsets += _follow(shots, starts, offsets, witnesses.chair)
    sure = stands_out and _paces_differ(shots, starts)
    return Laid(offsets, np.full(shots.size, SURE if sure else GUESSED, np.int8))


def _paces_differ(shots: Seconds, starts: NDArray[np.intp]) -> bool:
    """Tell whether people follow one another more slowly than the frames of one person do.

    Where they do not, a clock that is off by a frame fits as well as the right one.
    """
    inside = np.ones(shots.size, bool)
    inside[starts] = False
    if inside.sum() < 0.1 * shots.size:
        return True
    gaps = np.diff(shots, prepend=shots[0])
    return bool(np.median(gaps[starts]) > 1.4 * np.median(gaps[inside]))


def _smooth(met: Seconds) -> Seconds:
    """Give for each start the share of those around it that met somebody sitting down."""
    width = min(15, met.size)
    window = np.ones(width)
    return np.convolve(met, window, mode="same") / np.convolve(np.ones(met.size), window, mode="same")


def _settings(starts: Seconds, late: Seconds, witnesses: ClockWitnesses) -> tuple[list[int], Flags]:
    """Find the starts from which on the clock is another one, and those that either clock may time.

    Of the shifts that fit some window of starts well, the way along the day is taken that meets the
    most people sitting down, each setting of the clock counted as ``_SETTING`` of them (Viterbi).
    """
    shifts = _candidates(starts, late, witnesses)
    unsure = np.zeros(starts.size, bool)
    if not shifts.size:
        return [], unsure
    met = np.stack([_fit(starts, witnesses.chair, shift + _LEAD) for shift in shifts])
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
            unsure[_about(place, met[before] - met[shift])] = True
        shift = before
    return cuts[::-1], unsure


def _about(cut: int, better: Seconds) -> slice:
    """Give the starts where the clock may have been set as well; ``better`` is how the first one fits."""
    behind = np.cumsum(better[cut : cut + _WINDOW]) >= -_AS_WELL
    ahead = np.cumsum(-better[max(0, cut - _WINDOW) : cut][::-1]) >= -_AS_WELL
    last = int(np.flatnonzero(behind)[-1]) + 1 if behind.any() else 0
    first = int(np.flatnonzero(ahead)[-1]) + 1 if ahead.any() else 0
    return slice(max(0, cut - 1 - first), cut + 1 + last)


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
