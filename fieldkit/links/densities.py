"""What is learned of a day is kept in densities: histograms smoothed over a broad base.

So no shape is taken for granted.
"""

from dataclasses import dataclass

import numpy as np

from fieldkit.links.times import Floats, Numbers, Seconds

# The most frames a sitting has; more are no less one person's.
LONGEST = 16
# What is usual before a day is seen: the middle in seconds, and the spread in log units.
WITHIN, CHANGE, WALK = (2.5, 0.6), (12.0, 0.7), (9.0, 0.8)
# Cells of gaps, by the logarithm of seconds, and of delays, a second each.
_GRID = np.linspace(np.log(0.15), np.log(6 * 3600), 96)
_STEP = float(_GRID[1] - _GRID[0])
SIDE = np.arange(-90.0, 91.0)
# People follow one another so many times as slowly as frames of one person do.
_FASTER = 1.7
# As a share of the usual gap between people: longer gaps within a sitting are ever rarer.
_BETWEEN_BURSTS = 0.5
# Share of gaps within a sitting that are as long as may be.
_PAUSES = 0.01
# Each frame more is so much rarer, before a day is seen.
_ONE_MORE = 0.75


@dataclass(frozen=True, slots=True)
class Gaps:
    """A density of seconds, on a grid of their logarithms; per unit of the logarithm."""

    density: Floats

    @property
    def middle(self) -> float:
        """Give the median in seconds."""
        share = np.cumsum(self.density)
        return float(np.exp(_GRID[int(np.searchsorted(share, share[-1] / 2))]))

    def __call__(self, seconds: Seconds) -> Floats:
        """Give the density at each gap; a gap under a fifth of a second counts as that long."""
        where = np.log(np.maximum(seconds, 0.2))
        return np.interp(where, _GRID, self.density)


@dataclass(frozen=True, slots=True)
class Delays:
    """A density of seconds from a chair event to the first frame; negative when it came late."""

    density: Floats

    def __call__(self, seconds: Seconds) -> Floats:
        """Give the density per second, small but never zero within a minute and a half."""
        return np.interp(seconds, SIDE, self.density, left=1e-7, right=1e-7)

    def at(self, share: float) -> float:
        """Give the delay that this share of all is shorter than."""
        return float(SIDE[int(np.argmax(np.cumsum(self.density) >= share * self.density.sum()))])

    def apart(self, other: "Delays") -> float:
        """Give the share of events that two densities expect at other delays."""
        return float(np.abs(self.density - other.density).sum() / 2)


def gaps_from(
    seconds: Seconds, weights: Seconds, prior: tuple[float, float], *, falling_from: float | None = None
) -> Gaps:
    """Learn a density of gaps: a histogram over a log-normal bell fitted to the same gaps.

    ``prior`` is the middle in seconds and the spread in log units that a day without gaps has.
    Short gaps are the rarer the shorter, or with ``falling_from`` gaps longer than that the rarer the
    longer: what no day contradicts but a histogram of mixed gaps may.
    """
    middle, spread = _bell_of_gaps(seconds, weights, prior)
    base = np.exp(-0.5 * ((_GRID - middle) / spread) ** 2)
    base /= base.sum()
    # Once somebody sits, a long pause is rarer than a quick change of people is.
    share, reach = (0.01, 1.2) if falling_from is None else (_PAUSES, 0.8)
    tail = np.exp(-np.abs(_GRID - middle) / reach)
    tail /= tail.sum()
    where = np.clip((np.log(np.maximum(seconds, 0.2)) - _GRID[0]) / _STEP, 0, _GRID.size - 1.001)
    cell = where.astype(int)
    rest = where - cell
    seen = np.bincount(cell, weights * (1 - rest), _GRID.size).astype(float)
    seen = seen + np.bincount(cell + 1, weights * rest, _GRID.size)
    seen = np.convolve(seen, _smoothing(1.0), mode="same")
    held = 20.0 + 0.35 * float(seen.sum())
    mass = (seen + held * base) / (float(seen.sum()) + held)
    mass = (1 - share) * mass + share * tail
    if falling_from is None:
        centre = int(np.searchsorted(_GRID, middle))
        mass[:centre] = np.minimum.accumulate(mass[:centre][::-1])[::-1]
    else:
        turn = int(np.searchsorted(_GRID, max(middle, float(np.log(falling_from)))))
        mass[turn:] = np.minimum.accumulate(mass[turn:])
    return Gaps(mass / (mass.sum() * _STEP))


def falling_from(change: Gaps) -> float:
    """Give from which gap on a longer one is ever less likely within a sitting.

    Below it there may be two paces: that of a burst, and that from burst to burst.
    """
    return _BETWEEN_BURSTS * change.middle


def _bell_of_gaps(seconds: Seconds, weights: Seconds, prior: tuple[float, float]) -> tuple[float, float]:
    logs = np.log(np.maximum(seconds, 0.2))
    total = float(weights.sum()) + 5
    middle = (float(weights @ logs) + 5 * np.log(prior[0])) / total
    square = float(weights @ (np.minimum(np.abs(logs - middle), 1.5) ** 2)) + 5 * prior[1] ** 2
    return middle, float(np.clip(np.sqrt(square / total), 0.15, 1.2))


def expected_delay(delay: Seconds) -> Floats:
    """Weigh delays before anything is learned."""
    # Who sits down is confirmed some seconds before the camera fires, and hardly ever behind it.
    ahead = np.clip(0.25 + 0.375 * delay, 0.25, 1.0) * np.exp(-np.abs(delay) / 8)
    return np.where(delay >= 0, ahead, 0.25 * np.exp(-np.abs(delay) / 2.5))


def delays_from(seconds: Seconds, weights: Seconds, *, prior: float = 10.0) -> Delays:
    """Learn a density of delays over a base that expects the chair event before the first frame."""
    base = expected_delay(SIDE)
    base /= base.sum()
    near = np.abs(seconds) < SIDE[-1] - 1
    cell = np.rint(seconds[near] - SIDE[0]).astype(int)
    seen = np.convolve(np.bincount(cell, weights[near], SIDE.size), _smoothing(0.7), mode="same")
    mass = (seen + prior * base) / (seen.sum() + prior)
    # A first frame that was lost or deleted makes the delay longer than it was.
    middle = Delays(mass).at(0.5)
    tail = np.exp(-np.abs(SIDE - middle) / 5.0)
    return Delays(0.96 * mass + 0.03 * tail / tail.sum() + 0.01 / SIDE.size)


def paces_differ(within: Gaps, change: Gaps) -> bool:
    """Tell whether the frames of one person follow one another faster than people do."""
    return change.middle >= _FASTER * within.middle


def counts_from(seen: Floats | Numbers) -> Floats:
    """Learn how many frames a person gets (1 to LONGEST) over a base that falls off slowly."""
    base = _ONE_MORE ** np.arange(1, LONGEST + 1)
    base /= base.sum()
    smooth = np.convolve(seen, (0.06, 0.88, 0.06), mode="same")
    mass = smooth + 8 * base
    return np.asarray(mass / mass.sum())


def _smoothing(width: float) -> Floats:
    around = np.arange(-4, 5)
    bell = np.exp(-0.5 * (around / width) ** 2)
    return np.asarray(bell / bell.sum())
