"""The clock of frames that came through a tether: by how late they are, past what a stall held back."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.times import GUESSED, SURE, Flags, Laid, Seconds

Places = NDArray[np.intp]

JUMP = 15.0
PILED = 1.0
# Frames that are late by so many seconds more or less (standard deviation) are evenly late.
EVEN = 1.1
_TOGETHER = 30
_SPANS = 30.0, 120.0
_STEADY = 7.0
_AT_ONCE = 3.0
_STEP = 4.0
_LONGEST_STALL = 180.0
_AROUND = 25
_MOSTLY, _HARDLY = 0.2, 0.05
_FEWEST_PAIRS = 30
_RANGE = 2.3
_PARTS = 24


def came_live(shots: Seconds, late: Seconds) -> Flags:
    """Tell which frames came as they were taken: about as late as others a while before or behind.

    Of frames that a stalled tether held back, or that a card brought later, each is less late than
    the one before it by the time between them.
    """
    running = np.maximum.accumulate(shots)
    long = float(running[-1] - shots[0])
    if long < _SPANS[0]:
        return np.full(shots.size, abs(late[-1] - late[0]) <= max(2.0, 0.5 * long))
    live = np.zeros(shots.size, bool)
    for span in _SPANS:
        for one, other in _pairs(running, span):
            live[one] |= np.abs(late[other] - late[one]) <= _STEADY
    for one, other in _pairs(running, _AT_ONCE):
        sooner = (late[other] - late[one]) / (running[one] - running[other])
        live[one] &= sooner < 0.6
    return live if live.mean() > _HARDLY else np.zeros(shots.size, bool)


def came_later(arrived: Seconds) -> Flags:
    """Tell by their arrivals alone which frames came later than they were taken.

    More frames at once than anybody takes come from a card or past a stall, and so do those that
    come behind frames taken after them.
    """
    later = np.zeros(arrived.size, bool)
    long = arrived[_TOGETHER:] - arrived[:-_TOGETHER]
    first = np.flatnonzero((long >= 0) & (long < PILED * _TOGETHER))
    for place in range(_TOGETHER + 1):
        later[first + place] = True
    soonest = np.minimum.accumulate(arrived[::-1])[::-1]
    return np.asarray(later | (arrived > soonest + JUMP))


def jitter(arrived: Seconds, chair: Seconds) -> tuple[float, float]:
    """Give by how many seconds (standard deviation) frames are unevenly late, by their arrivals alone.

    ``arrived`` is in shooting order. A late frame comes long after somebody sat down and just before
    the next frame; people who are slow do not bring the next frame nearer. Where frames overtake one
    another, that tells as well. Also gives how many come at the quietest time between two people's
    sitting down, against the mean of all times: where as many do, a frame may as well be the neighbour's.
    """
    if arrived.size < _FEWEST_PAIRS or chair.size < _FEWEST_PAIRS:
        return 0.0, 0.0
    soonest = np.minimum.accumulate(arrived[::-1])[::-1]
    overtaken = float(np.quantile(arrived - soonest, 0.99)) / _RANGE
    running, usual = np.maximum.accumulate(arrived), float(np.median(np.diff(chair)))
    edges = np.linspace(-0.5, 0.5, _PARTS + 1) * usual
    before = np.searchsorted(running, chair[:, None] + edges[None, :]).sum(axis=0)
    # A sixth of the time at once, lest few people make a part look empty.
    around, middles = before[4:] - before[:-4], edges[2:-2]
    alike = float(np.quantile(around, 0.1) / max(1.0, float(around.mean())))
    # Whoever's frames come between, the first one past the quiet time is somebody's first.
    quiet = middles[np.lexsort((np.abs(middles), around))[0]]
    first = np.searchsorted(running, chair + quiet)
    fair = first + 1 < running.size
    first, sat = first[fair], chair[fair]
    after, onward = running[first] - sat, np.minimum(running[first + 1] - running[first], usual)
    near = after < 1.5 * usual
    if near.sum() < _FEWEST_PAIRS:
        return overtaken, alike
    spread = np.cov(after[near], onward[near])
    # Few pairs may go against one another by chance.
    by_chance = float(np.sqrt(spread[0, 0] * spread[1, 1] / near.sum()))
    return max(overtaken, float(np.sqrt(max(0.0, -float(spread[0, 1]) - by_chance)))), alike


def _pairs(running: Seconds, span: float) -> Iterator[tuple[Places, Places]]:
    """Give each frame with the next one so long behind it, and with the last one so long before it."""
    behind = np.searchsorted(running, running + span)
    before = np.searchsorted(running, running - span, side="right") - 1
    for other in (behind, before):
        one = np.flatnonzero((other >= 0) & (other < running.size))
        yield one, other[one]


def by_arrivals(shots: Seconds, late: Seconds, live: Flags) -> Laid:
    """Follow the clock by the frames that came as they were taken, and past others between them.

    Frames stay without an offset where it is not plain under which setting of the clock they were taken.
    """
    offsets, trust = np.full(shots.size, np.nan), np.full(shots.size, SURE, np.int8)
    at, others = np.flatnonzero(live), np.flatnonzero(~live)
    if not at.size:
        return Laid(offsets, trust)
    cuts = _set_anew(shots[at], late[at])
    offsets[at] = _live_offsets(late[at], cuts)
    if others.size:
        behind = np.searchsorted(at, others)
        setting = np.searchsorted(cuts, np.arange(at.size), side="right")
        sides = np.maximum(behind - 1, 0), np.minimum(behind, at.size - 1)
        plain = setting[sides[0]] == setting[sides[1]]
        if live.mean() <= _MOSTLY:
            plain &= (behind > 0) & (behind < at.size)
        between = np.interp(others, at, offsets[at])
        plain &= late[others] > between - JUMP
        offsets[others[plain]] = between[plain]
        for side in sides:
            near = ~plain & (np.abs(late[others] - offsets[at][side]) <= _STEADY)
            offsets[others[near]] = offsets[at][side][near]
        last = others[behind == at.size]
        unlike = late[last] - offsets[at[-1]]
        if last.size and shots[last[-1]] - shots[last[0]] < _SPANS[0] and np.abs(unlike).max() > JUMP:
            # Nothing behind them tells yet whether they were held back or the clock was set.
            offsets[last] = offsets[at[-1]] if unlike.min() > -JUMP else late[last].min()
            trust[last] = GUESSED
    return Laid(offsets, trust)


def _set_anew(shots: Seconds, late: Seconds) -> list[int]:
    """Find the frames from which on the clock is another one.

    No frame comes before it is taken, so less late for good is a clock set forward. More late is a
    clock set back only where no frame soon behind is as early as before; else the tether stalled.
    """
    cuts: list[int] = []
    for step in (np.flatnonzero(np.abs(np.diff(late)) > _STEP) + 1).tolist():
        start = cuts[-1] if cuts else 0
        level = float(np.quantile(late[max(start, step - _AROUND) : step], 0.25))
        after = late[step : step + 5]
        soon = late[step:][shots[step:] - shots[step] < _LONGEST_STALL]
        if np.median(after) < level - _STEP or min(soon.min(), after.min()) > level + _STEP:
            cuts.append(step)
    return cuts


def _live_offsets(late: Seconds, cuts: Sequence[int]) -> Seconds:
    """Follow the clock error through the day by a low quantile of the lateness around each frame."""
    offsets = np.empty_like(late)
    for start, stop in pairwise((0, *cuts, late.size)):
        piece = late[start:stop]
        reach = min(_AROUND, piece.size - 1)
        padded = np.pad(piece, reach, mode="reflect") if reach else piece
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        offsets[start:stop] = np.quantile(around, 0.25, axis=1)
    return offsets
