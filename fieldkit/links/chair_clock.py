"""The clock of frames read in later: where they lie over the moments when people sat down."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.distances import about_one_distance, to_nearest
from fieldkit.links.times import FARTHEST, GUESSED, LOST, SURE, ClockWitnesses, Flags, Laid, Seconds

_LONGEST_DAY = 20 * 86400
LAG = 4.0
_NEAR = 3.0
_TOO_EARLY = 60.0
_AT_ONE_PACE, _APART, _SOME_PEOPLE = 7.0, 16.0, 90.0
_PLAINLY, _PLAINLY_EACH, _BETTER = (12.0, 40.0), 0.1, 5.0
_LEAST_STRETCH = 10
_WINDOWS, _MOST_SHIFTS = (24, 96), 60
_STEEPEST = 2e-4
_SETTING, _HARDLY_SET = 12.0, 25.0
_ASTRAY = 6.0
_AS_WELL = 3.0
_AWAY = [sign * (20.0 + 17.0 * step) for step in range(12) for sign in (-1, 1)]


def by_chair(shots: Seconds, late: Seconds, witnesses: ClockWitnesses, sittings: int) -> Laid:
    """Lay the frames over the chair events, in parts where somebody set the clock in between.

    Stretches that meet nobody sitting down even so are lost.
    """
    starts = _starts(shots, sittings)
    laid = _one_clock(shots, late, witnesses, starts)
    astray = _astray(shots[starts], late[starts], witnesses.chair, laid.offsets[starts])
    if starts.size < 2 * _LEAST_STRETCH or not astray.any():
        return laid
    cuts, shifts, unsure = _settings(shots[starts], late[starts], witnesses)
    if shifts:
        frames = (0, *starts[cuts].tolist(), shots.size)
        parts = [
            _one_clock(shots[first:last], late[first:last], witnesses, _between(starts, first, last), shift)
            for (first, last), shift in zip(pairwise(frames), shifts, strict=True)
        ]
        offsets, trust = (
            np.concatenate(each) for each in zip(*((part.offsets, part.trust) for part in parts), strict=True)
        )
        # Where a part tells the same as the whole, it was no other clock, and what few tell is no doubt.
        same = np.abs(offsets - laid.offsets) < 2 * _NEAR
        laid = Laid(offsets, np.where(same, np.maximum(trust, laid.trust), trust))
        unsure &= ~same[starts]
        astray = _astray(shots[starts], late[starts], witnesses.chair, laid.offsets[starts])
    lost = astray | unsure
    owner = np.maximum(np.searchsorted(starts, np.arange(shots.size), side="right") - 1, 0)
    return Laid(laid.offsets, np.where(lost[owner], np.int8(LOST), laid.trust))


def lag(moments: Seconds, witnesses: ClockWitnesses, sittings: int) -> float | None:
    """Give by how much frames of known times follow the chair events, if that is plain."""
    if witnesses.chair.size < 2 or not sittings:
        return None
    starts = _starts(moments, sittings)
    laid = _one_clock(moments, np.zeros(moments.size), witnesses, starts, 0.0)
    met = _fit(moments[starts], witnesses.chair, laid.offsets[starts])
    plain = met.sum() >= 2 * _LEAST_STRETCH and met.mean() > 0.5
    return LAG - float(np.median(laid.offsets)) if plain else None


def left_over(chair: Seconds, moments: Seconds, behind: float, sittings: int) -> Seconds:
    """Give the chair events that frames of known times do not follow: there others' people sat down."""
    followed = _fit(chair, np.sort(moments[_starts(moments, sittings)] - behind), LAG) > 0
    return np.asarray(chair[~followed])


def _starts(shots: Seconds, sittings: int) -> NDArray[np.intp]:
    """Pick the frames after the longest pauses, as many as people sat down."""
    gaps = np.diff(shots, prepend=shots[0] - 1e6)
    return np.sort(np.argsort(-gaps, kind="stable")[: max(2, sittings)])


def _between(starts: NDArray[np.intp], first: int, last: int) -> NDArray[np.intp]:
    return starts[(starts >= first) & (starts < last)] - first


def _one_clock(
    shots: Seconds,
    late: Seconds,
    witnesses: ClockWitnesses,
    starts: NDArray[np.intp],
    near: float | None = None,
) -> Laid:
    """Lay frames over the chair events by one clock, that ``near`` a shift if one is given."""
    # Those behind a clock that was set forward may be less late than this one clock allows.
    ceiling = float(np.quantile(late, 0.1))
    shift, stands_out, from_far = _peak(shots[starts], witnesses.chair, ceiling, witnesses.zone, near)
    offsets = np.full(shots.size, shift)
    for _ in range(2):
        offsets += _follow(shots, starts, offsets, witnesses.chair)
    better, plain = _beside(shots[starts], witnesses.chair, offsets[starts])
    if better:
        offsets += better
        offsets += _follow(shots, starts, offsets, witnesses.chair)
    sure = _slower_between(shots, starts) and (
        (from_far and plain) or (stands_out and _alone(shots[starts], witnesses.chair, offsets[starts]))
    )
    return Laid(offsets, np.full(shots.size, SURE if sure else GUESSED, np.int8))


def _alone(starts: Seconds, chair: Seconds, offsets: Seconds) -> bool:
    """Tell whether a clock meets plainly more people than one that is off by one, who sat within seconds."""
    met = _fit(starts, chair, offsets)
    for off in np.arange(_AT_ONE_PACE, _APART):
        for other in (_fit(starts, chair, offsets - off), _fit(starts, chair, offsets + off)):
            fewer = met.sum() - other.sum()
            if fewer < 0.5 * met.sum() and fewer < 2.0 * np.abs(met - other).sum() ** 0.5:
                return False
    return True


def _beside(starts: Seconds, chair: Seconds, offsets: Seconds) -> tuple[float, bool]:
    """Compare a clock with those that are off by a few people: by how much the best is, and if it is plain.

    Where people follow one another evenly any of them meets somebody at every start, but the wrong
    ones at distances that vary by a person's whole sitting, and not only by the way from chair to camera.
    """
    steps = np.arange(_NEAR, _SOME_PEOPLE, 2.0)
    tried = np.concatenate(([0.0], steps, -steps))
    worth, middle = about_one_distance(_apart(starts, chair, offsets + tried[:, None]))
    # What the distance takes back is no other clock.
    at = tried - middle
    best = int(worth.argmax())
    other = worth.max(where=np.abs(at - at[best]) > _NEAR, initial=-np.inf)
    least = float(np.clip(_PLAINLY_EACH * min(starts.size, chair.size), *_PLAINLY))
    plain = bool(worth[best] - other >= least)
    better = abs(at[best] - at[0]) > _NEAR and worth[best] - worth[0] > _BETTER
    return (float(tried[best]) if better else 0.0), plain


def _slower_between(shots: Seconds, starts: NDArray[np.intp]) -> bool:
    """Tell whether people follow one another more slowly than the frames of one person do.

    Where they do not, a clock that is off by a frame fits as well as the right one.
    """
    inside = np.ones(shots.size, bool)
    inside[starts] = False
    if inside.sum() < 0.1 * shots.size:
        return True
    gaps = np.diff(shots, prepend=shots[0])
    return bool(np.median(gaps[starts]) > 1.4 * np.median(gaps[inside]))


def _astray(starts: Seconds, late: Seconds, chair: Seconds, offsets: Seconds) -> Flags:
    """Find the stretches that meet people sitting down no oftener than any clock would.

    Few people are confirmed on some days, so a stretch is held against how well the day's better
    ones fit and against chance. Frames that came before they would have been taken are astray.
    """
    met = _fit_about(starts, chair, offsets)
    by_chance = float(np.mean([_fit_about(starts, chair, offsets + away) for away in _AWAY]))
    low, high = _odds(by_chance, float(np.quantile(_smooth(met), 0.7)))
    gain = np.where(met > 0, np.log(low / high), np.log((1 - low) / (1 - high)))
    return _stretches(np.where(late < offsets - _TOO_EARLY, 2 * _ASTRAY, gain))


def _odds(by_chance: float, well: float) -> tuple[float, float]:
    """Give the shares met by a wrong clock and by the right one, both short of certain."""
    low = min(max(by_chance, 0.02), 0.8)
    return low, min(max(well, low + 0.15), 0.97)


def _smooth(met: Seconds) -> Seconds:
    """Give for each start the share of those around it that met somebody sitting down."""
    window = np.ones(min(31, met.size))
    return np.convolve(met, window, mode="same") / np.convolve(np.ones(met.size), window, mode="same")


def _stretches(gain: Seconds) -> Flags:
    """Give the stretches whose gains outweigh what each of their two ends costs (Viterbi)."""
    outside, inside = 0.0, -_ASTRAY
    came_out, came_in = np.zeros(gain.size, bool), np.zeros(gain.size, bool)
    for place, value in enumerate(gain.tolist()):
        came_out[place], came_in[place] = inside - _ASTRAY > outside, inside < outside - _ASTRAY
        outside, inside = max(outside, inside - _ASTRAY), max(inside, outside - _ASTRAY) + value
    flags = np.zeros(gain.size, bool)
    now = inside - _ASTRAY > outside
    for place in range(gain.size - 1, -1, -1):
        flags[place] = now
        now = not came_in[place] if now else bool(came_out[place])
    return flags


def _settings(
    starts: Seconds, late: Seconds, witnesses: ClockWitnesses
) -> tuple[list[int], list[float], Flags]:
    """Find the starts from which on the clock is another one, the shifts, and which either may time.

    Of the shifts that fit some window of starts well, the way along the day is taken that meets the
    most people sitting down, each worth so much and each setting of the clock costing ``_SETTING`` (Viterbi).
    """
    shifts = _candidates(starts, late, witnesses)
    unsure = np.zeros(starts.size, bool)
    if not shifts.size:
        return [], [], unsure
    met = np.stack([_fit(starts, witnesses.chair, shift + LAG) for shift in shifts])
    well = np.max([_smooth(row) for row in met], axis=0)
    low, high = _odds(float(met.mean()), float(np.median(well)))
    met *= np.log(high / low) + np.log((1 - low) / (1 - high))
    # Who sets a clock does not set it by a person or two: that is a line that moved on, or a drift.
    set_by = np.abs(shifts[:, None] - shifts[None, :])
    costs = np.where(set_by < _HARDLY_SET, 2 * _SETTING, _SETTING)
    came_from = np.zeros((starts.size, shifts.size), np.intp)
    best = met[:, 0].copy()
    for place in range(1, starts.size):
        onward = starts[place] + shifts[:, None] > starts[place - 1] + shifts[None, :]
        ways = np.where(onward, best[None, :] - costs, -np.inf)
        np.fill_diagonal(ways, best)
        came_from[place] = ways.argmax(axis=1)
        best = ways.max(axis=1) + met[:, place]
    cuts: list[int] = []
    shift = int(best.argmax())
    taken = [shift]
    for place in range(starts.size - 1, 0, -1):
        before = int(came_from[place, shift])
        if before != shift:
            cuts.append(place)
            taken.append(before)
            unsure[_about(place, met[before] - met[shift])] = True
        shift = before
    return cuts[::-1], shifts[taken[::-1]].tolist(), unsure


def _about(cut: int, better: Seconds) -> slice:
    """Give the starts where the clock may have been set as well; ``better`` is how the first one fits."""
    behind = np.cumsum(better[cut : cut + _WINDOWS[0]]) >= -_AS_WELL
    ahead = np.cumsum(-better[max(0, cut - _WINDOWS[0]) : cut][::-1]) >= -_AS_WELL
    last = int(np.flatnonzero(behind)[-1]) + 1 if behind.any() else 0
    first = int(np.flatnonzero(ahead)[-1]) + 1 if ahead.any() else 0
    return slice(max(0, cut - 1 - first), cut + 1 + last)


def _candidates(starts: Seconds, late: Seconds, witnesses: ClockWitnesses) -> Seconds:
    """Give the shifts that fit one window of starts best; of windows of either width only the best of a day.

    Nobody sets a clock more often.
    """
    found: list[float] = []
    for width in _WINDOWS:
        by_fit = sorted(_window_shifts(starts, late, witnesses, width), reverse=True)
        for _, shift in by_fit[:_MOST_SHIFTS]:
            if all(abs(shift - other) > _NEAR for other in found):
                found.append(shift)
    return np.sort(np.array(found))


def _window_shifts(
    starts: Seconds, late: Seconds, witnesses: ClockWitnesses, width: int
) -> Iterator[tuple[float, float]]:
    """Give for each window of so many starts how many chair events its best shifts meet, and the shifts."""
    for first in range(0, max(1, starts.size - width // 2), width // 2):
        window = slice(first, first + width)
        apart = (witnesses.chair[None, :] - starts[window, None]).ravel()
        apart = apart[(apart < late[window].min() + _TOO_EARLY) & (np.abs(apart) < FARTHEST)]
        if not apart.size:
            continue
        low = float(apart.min())
        tally = np.convolve(np.bincount((apart - low).astype(int)), np.ones(5), mode="same")
        for _ in range(3):
            at = int(tally.argmax())
            yield float(tally[at]), at + low
            tally[max(0, at - 15) : at + 16] = 0


def _peak(
    shots: Seconds, chair: Seconds, ceiling: float, zone: float, near: float | None
) -> tuple[float, bool, bool]:
    """Find the shift with the most frames near a chair event, by correlation (FFT).

    Of shifts that fit alike, a right clock and whole hours are likelier. With ``near`` the best
    shift is sought there. Also tells whether it stands out: among all, and among those that are off by
    more than some people.
    """
    base = float(shots.min())
    origin = float(chair.min())
    if np.ptp(shots) + np.ptp(chair) > _LONGEST_DAY:
        return ceiling, False, False
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
    match[(shift > ceiling + _TOO_EARLY) | (np.abs(shift) > FARTHEST)] = -1.0
    sought = match if near is None else np.where(np.abs(shift - near) < 15, match, -2.0)
    best = int(np.argmax(sought))
    peak = float(match[best])
    away = np.abs(shift - shift[best])
    # Where everybody sat down on the minute, only the first and the last tell the shifts apart.
    whole = peak > 0.85 * max(shots.size, chair.size)
    least = 0.5 if whole else max(1.5, 0.12 * peak)
    near_by, from_far = (
        bool(peak - match.max(where=away > apart, initial=0.0) > least) for apart in (15, _SOME_PEOPLE)
    )
    return float(shift[best]) + LAG, near_by, from_far


def _fit(starts: Seconds, chair: Seconds, offset: float | Seconds) -> Seconds:
    return np.asarray(np.abs(_apart(starts, chair, offset)) < _NEAR, dtype=float)


def _fit_about(starts: Seconds, chair: Seconds, offsets: Seconds) -> Seconds:
    """Tell who is met where the way from chair to camera takes a little longer, or less, for a while."""
    apart = _apart(starts, chair, offsets)
    fair = (np.abs(apart) < 2 * _NEAR).astype(float)
    window = np.ones(min(31, apart.size))
    many = np.maximum(np.convolve(fair, window, mode="same"), 1.0)
    usual = np.convolve(apart * fair, window, mode="same") / many
    return np.asarray(np.abs(apart - usual) < _NEAR, dtype=float)


def _apart(starts: Seconds, chair: Seconds, offset: float | Seconds) -> Seconds:
    """Give how long behind the nearest chair event, all but the usual lag, each start comes."""
    return to_nearest(starts + offset - LAG, chair)


def _follow(shots: Seconds, starts: NDArray[np.intp], offsets: Seconds, chair: Seconds) -> Seconds:
    """Correct for drift: the middle distance of starts and chair events, stretch by stretch."""
    ahead = -_apart(shots[starts], chair, offsets[starts])
    fair = np.abs(ahead) < 2 * _NEAR
    x, y = shots[starts][fair], ahead[fair]
    if x.size < 40:
        return np.full(shots.size, np.median(y) if x.size >= _LEAST_STRETCH else 0.0)
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
    if abs(slope) > _STEEPEST:
        slope = 0.0
    line: Seconds = slope * shots + float(np.median(values - slope * middles))
    return line
