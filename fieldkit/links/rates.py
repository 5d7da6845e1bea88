"""What is learned of a day: gaps, frames a person, how often each witness speaks and errs.

Distributions are histograms smoothed over a broad base, so that no shape is taken for granted.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.arrivals import EVEN
from fieldkit.links.distances import about_one_distance, belongs, to_nearest
from fieldkit.links.evidence import Evidence
from fieldkit.links.following import Steps
from fieldkit.links.times import Seconds

LONGEST = 16
QUEUE = 40
_GRID = np.linspace(np.log(0.15), np.log(6 * 3600), 96)
_STEP = float(_GRID[1] - _GRID[0])
WITHIN, CHANGE, WALK = (2.5, 0.6), (12.0, 0.7), (9.0, 0.8)
_FASTER = 1.7
_BETWEEN_BURSTS = 0.5
_SIDE = np.arange(-90.0, 91.0)
_UNEVEN = 1.3
_GAPS_MIXED, _DELAYS_MIXED = 0.4, 0.15
_LONG_DELAY = 6.0
_ONE_EACH = 0.85
_FARTHEST_DELAY = 30.0
_MISSED, _MANY_FACELESS, _MISSED_OF_MANY = 0.006, 0.06, 0.75
_UNREAD, _MOST_UNREAD = 0.006, 0.5
USUAL_SLIP_ASTRAY = 2e-5


@dataclass(frozen=True, slots=True)
class Gaps:
    """A density of seconds, on a grid of their logarithms; per unit of the logarithm."""

    density: NDArray[np.float64]

    @property
    def middle(self) -> float:
        """Give the median in seconds."""
        share = np.cumsum(self.density)
        return float(np.exp(_GRID[int(np.searchsorted(share, share[-1] / 2))]))

    def __call__(self, seconds: Seconds) -> NDArray[np.float64]:
        """Give the density at each gap; a gap under a fifth of a second counts as that long."""
        where = np.log(np.maximum(seconds, 0.2))
        return np.interp(where, _GRID, self.density)


@dataclass(frozen=True, slots=True)
class Delays:
    """A density of seconds from a chair event to the first frame; negative when it came late."""

    density: NDArray[np.float64]

    def __call__(self, seconds: Seconds) -> NDArray[np.float64]:
        """Give the density per second, small but never zero within a minute and a half."""
        return np.interp(seconds, _SIDE, self.density, left=1e-7, right=1e-7)

    def at(self, share: float) -> float:
        """Give the delay that this share of all is shorter than."""
        return float(_SIDE[int(np.argmax(np.cumsum(self.density) >= share * self.density.sum()))])

    def apart(self, other: "Delays") -> float:
        """Give the share of events that two densities expect at other delays."""
        return float(np.abs(self.density - other.density).sum() / 2)


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything the model counts on; see docs/links.md for what each is.

    ``standing`` is how sure it is where the line stands, on days on which only order tells.
    """

    within: Gaps
    change: Gaps
    walk: Gaps | None
    counts: NDArray[np.float64]
    seat_delay: Delays
    click_delay: Delays
    seat: float
    slip: float
    click: float
    seat_astray: float = 0.002
    seat_idle: float = 0.003
    slip_astray: float = USUAL_SLIP_ASTRAY
    neighbour_seat: float = 0.006
    neighbour_slip: float = 0.003
    skip: float = 0.025
    swap: float = 0.012
    guest: float = 0.02
    usual_guest: float = 0.015
    steps: Steps | None = None
    stranger: float = 0.002
    spare_between: float = 0.012
    spare_within: float = 0.012
    other_body: float = 0.01
    late: float = 3e-4
    face_portrait: tuple[float, float, float] = (0.006, 0.979, 0.015)
    face_spare: tuple[float, float, float] = (0.88, 0.1, 0.02)
    face_slip: tuple[float, float, float] = (0.7, 0.25, 0.05)
    unread_slip: float = 0.1
    genuine: tuple[float, float] = (0.6, 0.12)
    impostor: tuple[float, float] = (0.1, 0.12)
    usual_scale: tuple[tuple[float, float], tuple[float, float]] = ((0.6, 0.12), (0.1, 0.12))
    look_alike: float = 3e-5
    scored: float = 0.9
    queue: NDArray[np.float64] | None = None
    standing: float = 1.0


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
    share, reach = (0.01, 1.2) if falling_from is None else (0.004, 0.8)
    tail = np.exp(-np.abs(_GRID - middle) / reach)
    tail /= tail.sum()
    where = np.clip((np.log(np.maximum(seconds, 0.2)) - _GRID[0]) / _STEP, 0, _GRID.size - 1.001)
    cell = where.astype(int)
    rest = where - cell
    seen = np.bincount(cell, weights * (1 - rest), _GRID.size).astype(float)
    seen = seen + np.bincount(cell + 1, weights * rest, _GRID.size)
    seen = np.convolve(seen, _bell(1.0), mode="same")
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


def _expected(delay: Seconds) -> NDArray[np.float64]:
    """Weigh delays before anything is learned."""
    # Who sits down is confirmed some seconds before the camera fires, and hardly ever behind it.
    ahead = np.clip(0.25 + 0.375 * delay, 0.25, 1.0) * np.exp(-np.abs(delay) / 8)
    return np.where(delay >= 0, ahead, 0.25 * np.exp(-np.abs(delay) / 2.5))


def delays_from(seconds: Seconds, weights: Seconds, *, prior: float = 10.0) -> Delays:
    """Learn a density of delays over a base that expects the chair event before the first frame."""
    base = _expected(_SIDE)
    base /= base.sum()
    near = np.abs(seconds) < _SIDE[-1] - 1
    cell = np.rint(seconds[near] - _SIDE[0]).astype(int)
    seen = np.convolve(np.bincount(cell, weights[near], _SIDE.size), _bell(0.7), mode="same")
    mass = (seen + prior * base) / (seen.sum() + prior)
    # A first frame that was lost or deleted makes the delay longer than it was.
    middle = Delays(mass).at(0.5)
    tail = np.exp(-np.abs(_SIDE - middle) / 5.0)
    return Delays(0.96 * mass + 0.03 * tail / tail.sum() + 0.01 / _SIDE.size)


def blurred(evidence: Evidence, rates: Rates) -> Rates:
    """Let gaps and delays tell less on a day whose frames are timed by arrivals that are unevenly late.

    One late frame makes the gap before it long and the gap behind it short: that counts once, not twice.
    """
    uneven = float(np.clip((evidence.jitter - EVEN) / (_UNEVEN - EVEN), 0, 1))
    if not uneven or not evidence.seat_times.size:
        return rates
    mixed, share = _GAPS_MIXED * uneven, _DELAYS_MIXED * uneven
    within, change, delay = rates.within.density, rates.change.density, rates.seat_delay.density
    both = 0.5 * (within + change)
    far = np.exp(-np.abs(_SIDE - rates.seat_delay.at(0.5)) / _LONG_DELAY)
    return replace(
        rates,
        within=Gaps((1 - mixed) * within + mixed * both),
        change=Gaps((1 - mixed) * change + mixed * both),
        seat_delay=Delays((1 - share) * delay + share * far / far.sum()),
    )


def _bell(width: float) -> NDArray[np.float64]:
    around = np.arange(-4, 5)
    bell = np.exp(-0.5 * (around / width) ** 2)
    return np.asarray(bell / bell.sum())


def first_rates(evidence: Evidence) -> Rates:
    """Learn gaps from the shape of the day alone, before anybody is named."""
    gaps = evidence.paced[1:]
    cue = _cues(evidence)
    expected = change_share = _starts_share(evidence, gaps)
    most = _most_starts(evidence, gaps, expected)
    order = np.sort(gaps)
    cut = order[min(gaps.size - 1, int(gaps.size * (1 - change_share)))] if gaps.size else 5.0
    start = np.where(gaps >= cut, 0.9, 0.1)
    for _ in range(8):
        change = gaps_from(gaps, start, CHANGE)
        within = gaps_from(gaps, 1 - start, WITHIN, falling_from=falling_from(change))
        odds = change_share / (1 - change_share) * change(gaps) / within(gaps) * cue
        start = odds / (1 + odds)
        change_share = float(np.clip((start.sum() + 2) / (gaps.size + 4), 0.12, most))
    if not paces_differ(within, change) and expected > _ONE_EACH:
        # One frame each: there is no pace within a sitting to be told from that of people.
        start = np.ones(gaps.size)
        change, within = gaps_from(gaps, start, CHANGE), gaps_from(gaps[:0], start[:0], WITHIN)
    sure = np.concatenate(([1.0], start)) if evidence.times.size else np.empty(0)
    use = evidence.usage
    walk = gaps_from(np.empty(0), np.empty(0), WALK)
    told, counts = sure, _first_counts(sure)
    if not paces_differ(within, change):
        # Frames that all follow at one pace do not tell which of them is somebody's first.
        told = np.zeros(sure.size)
        each = (gaps.size + 1) / max(1.0, gaps.size * expected)
        counts = counts_from(40 * np.exp(-np.abs(np.arange(1, LONGEST + 1) - each)))
    slip = _spoken(len(evidence.slips), sure, use.slips)
    rates = Rates(
        within=within,
        change=change,
        walk=walk,
        counts=counts,
        seat_delay=_first_delay(evidence.seat_times, evidence.times, told),
        click_delay=_first_delay(evidence.click_times, evidence.times, told),
        seat=_spoken(evidence.seat_times.size, sure, use.seats),
        slip=slip,
        unread_slip=usual_unread(slip),
        click=_spoken(evidence.click_times.size, sure, use.clicks),
    )
    return blurred(evidence, _face_rates(evidence, rates))


def paces_differ(within: Gaps, change: Gaps) -> bool:
    """Tell whether the frames of one person follow one another faster than people do."""
    return change.middle >= _FASTER * within.middle


def _spoken(events: int, starts: Seconds, use: Seconds) -> float:
    sittings = max(1.0, float(starts @ use))
    return 0.0 if events == 0 else float(np.clip((events + 1) / (sittings + 2), 0.05, 0.985))


def _cues(evidence: Evidence) -> Seconds:
    """Odds that each gap is a change of person, from slips; chair events may come late or early."""
    count = max(0, evidence.times.size - 1)
    cue = np.ones(count)
    if len(evidence.slips) > 4:
        cue *= 1 - 0.7 * evidence.usage.slips[1:]
        for start in evidence.slips:
            if 1 <= start <= count:
                cue[start - 1] = 300.0
    return cue


def _starts_share(evidence: Evidence, gaps: Seconds) -> float:
    use, events = evidence.usage, (len(evidence.slips), evidence.seat_times.size, evidence.click_times.size)
    spoken = [
        many / max(1.0, float(where.sum())) * where
        for many, where in zip(events, (use.slips, use.seats, use.clicks), strict=True)
    ]
    often = np.max(spoken, axis=0)
    told = float(often.sum())
    if max(events) < 5:
        told = float((evidence.entry_times < evidence.times[-1]).sum()) if gaps.size else 0.0
    elif told:
        # Where no witness is in use, people have as many frames as elsewhere.
        told *= often.size / float(np.max((use.slips, use.seats, use.clicks), axis=0).sum())
    return float(np.clip((told + 1) / (gaps.size + 2), 0.15, 0.95)) if gaps.size else 0.4


def _most_starts(evidence: Evidence, gaps: Seconds, told: float) -> float:
    """Give the greatest share of gaps that may be changes of person.

    Hardly more people sit down than checked in; where all gaps are alike nothing else tells.
    """
    if not gaps.size or not evidence.entry_times.size:
        return 0.95
    came = float((evidence.entry_times < evidence.times[-1]).sum())
    return float(np.clip(1.2 * came / gaps.size, 1.1 * told, 0.95))


def _first_counts(sure: Seconds) -> NDArray[np.float64]:
    starts = np.flatnonzero(sure > 0.5)
    lengths = np.diff(np.append(starts, sure.size))
    return counts_from(np.bincount(np.minimum(lengths, LONGEST), minlength=LONGEST + 1)[1:])


def counts_from(seen: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
    """Learn how many frames a person gets (1 to LONGEST) over a base that falls off slowly."""
    base = 0.75 ** np.arange(1, LONGEST + 1)
    base /= base.sum()
    smooth = np.convolve(seen, (0.06, 0.88, 0.06), mode="same")
    mass = smooth + 8 * base
    return np.asarray(mass / mass.sum())


def _first_delay(events: Seconds, times: Seconds, sure: Seconds) -> Delays:
    """Find how long before the first frame chair events come.

    People who follow evenly show a delay to the next, too, and one to whoever sat before: those vary by a
    person's whole turn, and the day's first and last, and whoever sits beside a pause, do not show them.
    """
    starts = times[sure > 0.6]
    if events.size < 5 or starts.size < 5:
        return delays_from(np.empty(0), np.empty(0))
    tried = np.arange(-_FARTHEST_DELAY, _FARTHEST_DELAY + 1)
    likely = np.log(_expected(tried))
    fits = [
        about_one_distance(to_nearest(events + delay, starts))[0]
        + about_one_distance(to_nearest(starts - delay, events))[0]
        for delay in tried.tolist()
    ]
    delay = float(tried[int(np.argmax(likely + fits))])
    early = to_nearest(events + delay, starts)
    return delays_from(delay - early, belongs(early), prior=0.1 * events.size + 1.0)


def _face_rates(evidence: Evidence, rates: Rates) -> Rates:
    told = evidence.faces[evidence.faces >= 0]
    if told.size == 0:
        return rates
    none, two = float((told == 0).mean()), float((told == 2).mean())
    # Of few frames without a face most are spare; of many, the detector missed most.
    missed = max(_MISSED, _MISSED + _MISSED_OF_MANY * (none - _MANY_FACELESS))
    extra = float(np.clip(two, 0.004, 0.3))
    spare = float(np.clip(none - missed, 0.006, 0.1)) / rates.face_spare[0]
    often = float(np.clip(spare * 0.6, 0.006, 0.05))
    slip = np.bincount(evidence.slip_faces, minlength=3)[:3] + 8 * np.array(rates.face_slip)
    slip = slip / slip.sum()
    return replace(
        rates,
        face_portrait=(missed, 1 - missed - extra, extra),
        spare_between=often,
        spare_within=often,
        face_slip=(float(slip[0]), float(slip[1]), float(slip[2])),
    )


def usual_unread(slip: float) -> float:
    """Give how often a sitting without a read slip begins with an unread one, by how often slips are read."""
    return min(_UNREAD * slip / (1 - slip), _MOST_UNREAD)


def clip_rate(hits: float, chances: float, prior: float, strength: float) -> float:
    """Learn a rate from counts, held by what is usual in lines like these."""
    return float(np.clip((hits + prior * strength) / (chances + strength), 1e-4, 0.985))
