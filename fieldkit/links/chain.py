"""Who sits in the chair: forward-backward over sittings of a semi-Markov chain.

State: how many entries of the line have been passed, the *place*. From there the next sitting is
the next entry's, or the one's after it while the next waits (ahead), or that waiting one's
(waited), or a guest's out of line, or the burst is nobody's. Forward-backward for explicit
durations: Rabiner 1989, section IV.D; scaling as in section V.A.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.claims import Claims
from fieldkit.links.evidence import Evidence, Numbers
from fieldkit.links.guests import FrameOdds, Guests
from fieldkit.links.rates import Rates
from fieldkit.links.sittings import SKIPS, Floats, Sittings, prepare, skip_products

_LATE_CHECKIN = 3e-4
_TELEPORT = 3e-4
_WIDTH, _LONG_DAY = 256, 5000
_RETURNS = 0.9
_LIGHTEST = 1e-18


@dataclass(slots=True)
class Kept:
    """What the forward pass keeps of each burst, in a window of places from ``base`` on.

    ``straight``, ``ahead``, ``waited`` and ``guest`` are what may start at a burst; ``done`` and
    ``pending`` what had ended before it, in the window from ``end_base`` on.
    """

    straight: Floats
    ahead: Floats
    waited: Floats
    guest: Floats
    factors: Floats
    done: Floats
    pending: Floats
    base: Numbers
    end_base: Numbers
    scale: Floats
    place: Numbers
    guest_sum: Floats
    nobody: Floats


class Chain:
    """A day as the chain sees it; ``forward`` passes along it.

    ``sat`` tells of each person whether they are known to have had their turn; ``entering`` weighs
    the places in line before the first frame, where the day began earlier.
    """

    def __init__(
        self,
        evidence: Evidence,
        rates: Rates,
        claims: Claims,
        sat: NDArray[np.bool_],
        limit: int = 0,
        entering: Floats | None = None,
    ) -> None:
        self.evidence, self.rates, self.claims = evidence, rates, claims
        self.day: Sittings = prepare(evidence, rates, claims, limit)
        self.guests = Guests(evidence, rates, claims, self.day, sat)
        self.weight = self.day.weight * self.guests.alike
        self._ratios: dict[tuple[int, int], float] = {}
        self.entering = entering
        self.skip, self.sit = skip_products(evidence, rates)
        self.size = evidence.entry_times.size + 1
        self.width = min(self.size, _WIDTH if self.day.first.size < _LONG_DAY else _WIDTH // 2)
        self.bursts, self.reach = self.day.weight.shape
        self.straight_on = 1 - rates.guest - rates.swap - rates.spare_between
        shape = (self.bursts, self.width)
        self.kept = Kept(
            straight=np.zeros(shape),
            ahead=np.zeros(shape),
            waited=np.zeros(shape),
            guest=np.zeros(shape),
            factors=np.zeros(shape),
            done=np.zeros(shape),
            pending=np.zeros(shape),
            base=np.zeros(self.bursts, np.int64),
            end_base=np.zeros(self.bursts, np.int64),
            scale=np.ones(self.bursts),
            place=np.zeros(self.bursts, np.int64),
            guest_sum=np.ones(self.bursts),
            nobody=np.zeros(self.bursts),
        )

    def _factors(self, burst: int, base: int) -> Floats:
        """Weigh that each entry of the window sits down at a burst."""
        day, rates = self.day, self.rates
        start = int(day.first[burst])
        anybody = float(self.claims.anybody[start])
        factors = np.full(self.width, anybody * day.change[burst])
        first, last = int(day.waiting[burst]) + 1 - base, int(day.come[burst]) + 1 - base
        if last < self.width:
            factors[max(0, last) :] *= _LATE_CHECKIN
        low, high = max(0, first), min(self.width, last)
        if low < high:
            waited = day.moment[burst] - self.evidence.entry_times[base + low - 1 : base + high - 1]
            walked = rates.walk(waited) * day.gap[burst] / np.maximum(waited, 0.5)
            factors[low:high] = anybody * walked / day.mean[burst]
        named = self.claims.person.get(start, {})
        entries = dict(self.claims.entry.get(start, {}))
        for person, odds in named.items():
            for entry in self.evidence.entries_of[person]:
                entries[entry] = entries.get(entry, 0.0) + odds
        for entry, odds in entries.items():
            if 0 <= entry + 1 - base < self.width:
                factors[entry + 1 - base] *= 1 + odds
        if base == 0:
            factors[0] = 0.0
        return factors

    def _enter(self, burst: int, done: Floats, pending: Floats, base: int) -> None:
        """Fill what may start at a burst from what ended before it."""
        kept, width = self.kept, self.width
        factors = self._factors(burst, base)
        free = done + (1 - _RETURNS) * pending
        window = slice(base, base + width)
        reached = np.full(width, _TELEPORT * float(free.sum()) / self.size)
        skip = self.straight_on * self.skip[:, window]
        for far in range(min(SKIPS + 1, width - 1)):
            reached[far + 1 :] += skip[far, far + 1 :] * free[: width - far - 1]
        kept.factors[burst] = factors
        kept.straight[burst] = reached * factors * self.sit[window]
        swapped = self.rates.swap / self.straight_on
        kept.ahead[burst, 2:] = swapped * reached[1:-1] * factors[2:]
        kept.waited[burst, 1:] = _RETURNS * factors[:-1] * pending[1:]
        kept.place[burst] = here = base + int(done.argmax())
        kept.guest_sum[burst] = total = sum(self.guests.shares(burst, here).values())
        kept.guest[burst] = self.outside(burst) * total * free

    def outside(self, burst: int) -> float:
        """Weigh that somebody out of line sits down at a burst."""
        anybody = float(self.claims.anybody[self.day.first[burst]])
        return float(self.rates.guest * self.day.change[burst] * anybody)

    def forward(self) -> Kept:
        """Pass along the day."""
        kept, day = self.kept, self.day
        base, done = self._at_first()
        pending = np.zeros(self.width)
        running = np.ones(self.bursts)
        for end in range(self.bursts):
            wanted = self._wanted_base(base, int(done.argmax()))
            if wanted != base:
                done, pending = moved(done, wanted - base), moved(pending, wanted - base)
                self._rebase(max(0, end - self.reach + 1), end, wanted)
                base = wanted
            kept.base[end] = kept.end_base[end] = base
            queue = self.queue(end, base)
            if queue is not None:
                done, pending = done * queue, pending * queue
            kept.done[end], kept.pending[end] = done, pending
            self._enter(end, done, pending, base)
            low = max(0, end - self.reach + 1)
            rows = np.arange(low, end + 1)
            weights = self.weight[rows, end - rows] * running[low : end + 1]
            span = slice(low, end + 1)
            alone = float(day.alone[end])
            new_done = alone * done + weights @ (kept.straight[span] + kept.waited[span] + kept.guest[span])
            new_pending = alone * pending + weights @ kept.ahead[span]
            for row in range(low, end + 1):
                if end - row < len(self.guests.table[row]) and weights[row - low] > _LIGHTEST:
                    self._correct(row, end, float(weights[row - low]), new_done, new_pending)
            total = float(new_done.sum() + new_pending.sum())
            kept.scale[end] = total
            kept.nobody[end] = alone / total
            running[span] /= total
            done, pending = new_done / total, new_pending / total
            done[done < 1e-30] = 0.0
            pending[pending < 1e-30] = 0.0
        return kept

    def _at_first(self) -> tuple[int, Floats]:
        """Give the window and the places in line before the first burst."""
        if self.entering is None:
            done = np.zeros(self.width)
            done[0] = 1.0
            return 0, done
        peak = int(self.entering.argmax())
        base = max(0, min(self.size - self.width, peak - int(0.45 * self.width)))
        done = self.entering[base : base + self.width].copy()
        return base, done / max(float(done.sum()), 1e-12)

    def queue(self, burst: int, base: int) -> Floats | None:
        """Weigh how many were waiting when a group was let in before a burst; None if none was."""
        first = self.day.let_in[burst]
        if self.rates.queue is None or not first:
            return None
        waiting = first - base - np.arange(self.width)
        last = self.rates.queue.size - 1
        return np.where(waiting < 0, 0.02, self.rates.queue[np.clip(waiting, 0, last)])

    def _wanted_base(self, base: int, peak: int) -> int:
        if self.width >= self.size or 0.25 * self.width < peak < 0.7 * self.width:
            return base
        wanted = base + peak - int(0.45 * self.width)
        return max(0, min(self.size - self.width, wanted))

    def _rebase(self, low: int, end: int, wanted: int) -> None:
        kept = self.kept
        for row in range(low, end):
            by = wanted - int(kept.base[row])
            for matrix in (kept.straight, kept.ahead, kept.waited, kept.guest, kept.factors):
                matrix[row] = moved(matrix[row], by)
            kept.base[row] = wanted

    def _correct(self, row: int, end: int, weight: float, done: Floats, pending: Floats) -> None:
        """Replace the plain odds of a sitting by those of its frames."""
        kept = self.kept
        odds = self.guests.table[row][end - row]
        if odds.plain:
            return
        place, ratio = self.inside(odds, int(kept.base[row]))
        extra = weight * (ratio - 1)
        done[place] += extra * kept.straight[row, place]
        pending[place] += extra * kept.ahead[row, place]
        after = place + 1 < self.width
        done[place[after] + 1] += extra[after] * kept.waited[row, place[after] + 1]
        done += weight * (self.guest_ratio(row, end - row) - 1) * kept.guest[row]

    def guest_ratio(self, burst: int, more: int) -> float:
        """Compare what a guest weighs, given the frames, with what was put in the row."""
        if (burst, more) not in self._ratios:
            odds = self.guests.table[burst][more]
            shares = self.guests.shares(burst, int(self.kept.place[burst]), odds)
            self._ratios[burst, more] = sum(shares.values()) / float(self.kept.guest_sum[burst])
        return self._ratios[burst, more]

    def inside(self, odds: FrameOdds, base: int) -> tuple[Numbers, Floats]:
        """Give the places of a window that have odds of their own, and those odds."""
        place = odds.place - base
        fair = (place >= 0) & (place < self.width)
        return place[fair], odds.odds[fair]

    def before(self, burst: int, own: Floats, late: Floats, ahead: Floats, out: Floats) -> Floats:
        """Carry what follows a burst back over the way into it; in the window of its row.

        Gives two rows: for what was done, and for what was pending.
        """
        width, kept = self.width, self.kept
        base = int(kept.base[burst])
        factors = kept.factors[burst]
        window = slice(base, base + width)
        sits = own * factors * self.sit[window]
        sits[1:-1] += self.rates.swap / self.straight_on * factors[2:] * ahead[2:]
        free = np.full(width, _TELEPORT * float(sits.sum()) / self.size)
        skip = self.straight_on * self.skip[:, window]
        for far in range(min(SKIPS + 1, width - 1)):
            free[: width - far - 1] += skip[far, far + 1 :] * sits[far + 1 :]
        free += self.outside(burst) * float(kept.guest_sum[burst]) * out
        both = np.stack((free, (1 - _RETURNS) * free))
        both[1, 1:] += _RETURNS * factors[:-1] * late[1:]
        return both


def moved(row: Floats, by: int) -> Floats:
    """Shift a row to a window that begins ``by`` places later."""
    if by == 0:
        return row
    shifted = np.zeros_like(row)
    if by > 0:
        shifted[: max(0, row.size - by)] = row[by:]
    else:
        shifted[-by:] = row[:by]
    return shifted
