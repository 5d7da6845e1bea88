"""Who sits in the chair: forward-backward over sittings of a semi-Markov chain.

State: how many entries of the line have been passed, the *place*. From there the next sitting is
the next entry's, or the one's after it while the next waits (ahead), or that waiting one's
(waited), or a guest's out of line, or the burst is nobody's. Forward-backward for explicit
durations: Rabiner 1989, section IV.D; scaling as in section V.A.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from fieldkit.links.claims import Claims
from fieldkit.links.densities import LONGEST
from fieldkit.links.evidence import Evidence
from fieldkit.links.guests import FrameOdds, Guests
from fieldkit.links.leaps import leaps
from fieldkit.links.left_over import came_before_pauses, came_by, left_over
from fieldkit.links.passing import Passing
from fieldkit.links.rates import Rates
from fieldkit.links.sittings import Sittings, parted, prepare
from fieldkit.links.times import Floats, Numbers

# Only somebody's name can tell that the line is at quite another place.
_TELEPORT, _UNNAMED = 3e-4, 1e-12
# Places in line that are weighed at a time, half as many on days of more bursts than this.
_WIDTH, _LONG_DAY = 256, 5000
# Chance that who waits while the next sits is the one after.
_RETURNS = 0.9
# What may go on to the next of the line: of all who had ended, and of who left one waiting.
_FREE = np.array([1.0, 1 - _RETURNS])
_LIGHTEST = 1e-12
# Share of who sits out of line that come for a frame or two, by how much each frame more is rarer, and the
# most of all people who are called back.
_FOR_A_FRAME, _ONE_MORE_FRAME, _CALLED_BACK = 0.5, 0.5, 0.03
# Shares of the window: where its peak is left alone, and where a new one puts it.
_CENTRAL, _PEAK_AT = (0.25, 0.7), 0.45
# Chance of a group of which more were let in than had come.
_NONE_WAIT = 0.02
# What leaps is believed to be anywhere, and the window waits for so many bursts to find it.
_LEAPT, _HELD = 0.1, 12
_LEFT_BEHIND = 3e-4
_NOT_NAMED: Mapping[int, float] = MappingProxyType({})


@dataclass(slots=True)
class Kept:
    """What the forward pass keeps of each burst, in a window of places from ``base`` on.

    ``ended`` is what had ended before a burst, in the window from ``end_base`` on, ``starting`` what
    may start at it: row 0 with everybody before the place done, row 1 with one person still pending.
    ``straight`` and ``waited`` add to row 0 of ``starting``, and ``guest`` stands beside it. ``shares``
    weighs who a guest would be, before faces. ``after`` is what had ended after the last one.
    """

    straight: Floats
    waited: Floats
    guest: Floats
    factors: Floats
    starting: Floats
    ended: Floats
    base: Numbers
    end_base: Numbers
    scale: Floats
    place: Numbers
    guest_sum: Floats
    shares: list[Mapping[int, float]]
    nobody: Floats
    after: Floats


class Chain:
    """A day as the chain sees it; ``forward`` passes along it.

    ``entering`` weighs the places in line before the first frame, where the day began earlier.
    """

    def __init__(
        self,
        evidence: Evidence,
        rates: Rates,
        claims: Claims,
        part: slice = slice(None),
        entering: Floats | None = None,
    ) -> None:
        self.evidence, self.rates, self.claims = evidence, rates, claims
        day = prepare(evidence, rates, claims, part)
        self.size = evidence.entry_times.size + 1
        self.width = min(self.size, _WIDTH if day.first.size < _LONG_DAY else _WIDTH // 2)
        start = 0 if entering is None else int(entering.argmax())
        self.leaps = leaps(evidence, claims, day, self.width, start)
        self.day: Sittings = parted(day, self.leaps)
        self.stops = {} if evidence.names_people else came_before_pauses(evidence, self.day)
        self.guests = Guests(evidence, rates, claims, self.day)
        self.weight = self.day.weight * self.guests.alike
        self.guest_weight = self.weight * _called_back(rates, self.day)
        self._ratios: dict[tuple[int, int], float] = {}
        self.entering = entering
        self.bursts, self.reach = self.day.weight.shape
        straight_on = 1 - rates.guest - rates.swap - rates.spare_between
        # Of so few places a product with ones is quicker than a sum.
        self._all = np.ones(self.width)
        self.passing = Passing(evidence, rates, self.width, straight_on, self.guests.elsewhere)
        self.unnamed = np.append(1.0, claims.unnamed)
        # How likely somebody out of line sits down at each burst.
        self.outside = (rates.guest * self.day.change * claims.anybody[self.day.first]).tolist()
        self.swapped = rates.swap / straight_on
        self.leap = (_TELEPORT if evidence.names_people else _UNNAMED) / self.size
        shape, both = (self.bursts, self.width), (self.bursts, 2, self.width)
        self.kept = Kept(
            straight=np.zeros(shape),
            waited=np.zeros(shape),
            guest=np.zeros(shape),
            factors=np.zeros(shape),
            starting=np.zeros(both),
            ended=np.zeros(both),
            base=np.zeros(self.bursts, np.int64),
            end_base=np.zeros(self.bursts, np.int64),
            scale=np.ones(self.bursts),
            place=np.zeros(self.bursts, np.int64),
            guest_sum=np.ones(self.bursts),
            shares=[{} for _ in range(self.bursts)],
            nobody=np.zeros(self.bursts),
            after=np.zeros(self.width),
        )

    def _weigh(self, factors: Floats, burst: int, base: int) -> None:
        """Weigh that each entry of the window sits down at a burst."""
        day, rates = self.day, self.rates
        start = int(day.first[burst])
        anybody = float(self.claims.anybody[start])
        unnamed = self.unnamed[base : base + self.width]
        np.multiply(unnamed, anybody * day.change[burst], out=factors)
        first, last = int(day.waiting[burst]) + 1 - base, int(day.come[burst]) + 1 - base
        if last < self.width:
            factors[max(0, last) :] *= rates.late
        low, high = max(0, first), min(self.width, last)
        if low < high and rates.walk is not None:
            waited = day.moment[burst] - self.evidence.entry_times[base + low - 1 : base + high - 1]
            walked = rates.walk(waited) * day.gap[burst] / np.maximum(waited, 0.5)
            factors[low:high] = anybody * walked / day.mean[burst] * unnamed[low:high]
        entries = self.claims.entry.get(start, _NOT_NAMED)
        if named := self.claims.person.get(start):
            entries = dict(entries)
            for person, odds in named.items():
                for entry in self.evidence.entries_of[person]:
                    entries[entry] = entries.get(entry, 0.0) + odds
        for entry, odds in entries.items():
            if 0 <= entry + 1 - base < self.width:
                factors[entry + 1 - base] *= 1 + odds / unnamed[entry + 1 - base]
        if base == 0:
            factors[0] = 0.0

    def _enter(self, burst: int, ended: Floats, base: int) -> None:
        """Fill what may start at a burst from what ended before it."""
        kept = self.kept
        kept.base[burst] = kept.end_base[burst] = base
        kept.ended[burst] = ended
        factors, starting = kept.factors[burst], kept.starting[burst]
        self._weigh(factors, burst, base)
        pending = ended[1]
        free = _FREE @ ended
        reached = self.passing.onward(free, base)
        reached += self.leap * float(free @ self._all)
        straight, waited, guest = kept.straight[burst], kept.waited[burst], kept.guest[burst]
        np.multiply(reached, factors, out=straight)
        straight *= self.passing.sit[base : base + self.width]
        np.multiply(factors[:-1], pending[1:], out=waited[1:])
        waited *= _RETURNS
        kept.place[burst] = here = base + int(free.argmax())
        kept.shares[burst] = shares = self.guests.shares(burst, here)
        kept.guest_sum[burst] = total = sum(shares.values())
        np.multiply(free, self.outside[burst] * total, out=guest)
        np.add(straight, waited, out=starting[0])
        np.multiply(reached[1:-1], factors[2:], out=starting[1, 2:])
        starting[1, 2:] *= self.swapped

    def forward(self) -> Kept:
        """Pass along the day."""
        kept, width = self.kept, self.width
        base, ended = self._at_first()
        running = np.ones(self.bursts)
        oldest = _oldest(self.day.lengths).tolist()
        by_end, guests_by_end = _by_end(self.weight), _by_end(self.guest_weight)
        held = 0
        for end in range(self.bursts):
            low = oldest[end]
            if end in self.leaps:
                base, ended = self._leapt(end, base, ended)
                held = end + _HELD
            elif end >= held and (wanted := self._wanted_base(base, ended)) != base:
                ended = moved(ended, wanted - base)
                self._rebase(low, end, wanted)
                base = wanted
            held_by = self.holding(end, base)
            self._enter(end, ended if held_by is None else ended * held_by, base)
            span, count = slice(low, end + 1), end + 1 - low
            weights = by_end[end, -count:] * running[span]
            alone = float(self.day.alone[end])
            guests = guests_by_end[end, -count:] * running[span]
            ended = (weights @ kept.starting[span].reshape(count, -1)).reshape(2, width)
            ended[0] += guests @ kept.guest[span]
            ended += alone * kept.ended[end]
            if self.claims.faces:
                for row, (weight, guest) in enumerate(
                    zip(weights.tolist(), guests.tolist(), strict=True), low
                ):
                    if end - row < len(self.guests.table[row]):
                        self._correct(row, end, weight, guest, ended)
            total = float((ended @ self._all).sum())
            kept.scale[end] = total
            kept.nobody[end] = alone / total
            running[span] /= total
            ended /= total
            ended[ended < 1e-30] = 0.0
        kept.after = ended[0] + ended[1]
        return kept

    def _at_first(self) -> tuple[int, Floats]:
        """Give the window and the places in line before the first burst."""
        ended = np.zeros((2, self.width))
        if self.entering is None:
            ended[0, 0] = 1.0
            return 0, ended
        peak = int(self.entering.argmax())
        base = self._around(peak)
        before = self.entering[base : base + self.width]
        ended[0] = before / max(float(before.sum()), 1e-12)
        return base, ended

    def queue(self, burst: int, base: int) -> Floats | None:
        """Weigh how many were waiting when a group was let in before a burst; None if none was."""
        first = self.day.let_in[burst]
        if self.rates.queue is None or not first:
            return None
        waiting = first - base - np.arange(self.width)
        return np.where(waiting < 0, _NONE_WAIT, self.rates.queue.take(waiting, mode="clip"))

    def holding(self, burst: int, base: int) -> Floats | None:
        """Weigh what holds the line in place before a burst: who waited at the door, who was left over."""
        queue, come = self.queue(burst, base), self.stops.get(burst)
        if come is None:
            return queue
        stopped = self.left_over(come, base)
        return stopped if queue is None else queue * stopped

    def closing(self) -> Floats | None:
        """Weigh who is left over behind the day's last burst; None where a witness, or more frames, tell."""
        if self.evidence.names_people or self.day.stop[-1] < self.evidence.times.size:
            return None
        return self.left_over(came_by(self.evidence, -1), int(self.kept.end_base[-1]))

    def left_over(self, come: int, base: int) -> Floats:
        """Weigh for each place of a window who is left over of so many, where photographing stops."""
        return left_over(self.rates, come - base - np.arange(self.width))

    def _wanted_base(self, base: int, ended: Floats) -> int:
        """Give where the window should begin, so that it leaves nothing behind that may be true."""
        if self.width >= self.size:
            return base
        peak = int(ended[0].argmax())
        if _CENTRAL[0] * self.width < peak < _CENTRAL[1] * self.width:
            return base
        wanted = self._around(base + peak)
        # Somebody called back is for a moment likelier where they first stood in line.
        left = ended.sum() - moved(ended, wanted - base).sum()
        return base if left > _LEFT_BEHIND * ended.sum() else wanted

    def _around(self, place: int) -> int:
        return max(0, min(self.size - self.width, place - int(_PEAK_AT * self.width)))

    def _leapt(self, burst: int, base: int, ended: Floats) -> tuple[int, Floats]:
        """Give the window around where the line leaps to, and in it what ended before, in part anywhere."""
        wanted = self._around(self.leaps[burst])
        onward = (1 - _LEAPT) * moved(ended, wanted - base)
        onward[0] += _LEAPT * float(ended.sum()) / self.width
        return wanted, onward

    def leapt_back(self, burst: int, both: Floats) -> Floats:
        """Carry what follows a leap back over it; from and to the windows as they were entered."""
        kept = self.kept
        entering = moved(both, int(kept.end_base[burst] - kept.base[burst]))
        before = (1 - _LEAPT) * moved(entering, int(kept.end_base[burst - 1] - kept.end_base[burst]))
        return np.asarray(before + _LEAPT * float(entering[0].sum()) / self.width)

    def _rebase(self, low: int, end: int, wanted: int) -> None:
        kept = self.kept
        for row in range(low, end):
            by = wanted - int(kept.base[row])
            for matrix in (kept.straight, kept.waited, kept.guest, kept.factors, kept.starting):
                matrix[row] = moved(matrix[row], by)
            kept.base[row] = wanted

    def _correct(self, row: int, end: int, weight: float, guest: float, ended: Floats) -> None:
        """Replace the plain odds of a sitting by those of its frames."""
        kept = self.kept
        odds = self.guests.table[row][end - row]
        if not odds.faces or max(weight, guest) * odds.most < _LIGHTEST:
            return
        done, pending = ended
        place, ratio = self.inside(odds, int(kept.base[row]))
        extra = weight * (ratio - 1)
        done[place] += extra * kept.straight[row, place]
        pending[place] += extra * kept.starting[row, 1, place]
        after = place + 1 < self.width
        done[place[after] + 1] += extra[after] * kept.waited[row, place[after] + 1]
        done += guest * (self.guest_ratio(row, end - row) - 1) * kept.guest[row]

    def guest_ratio(self, burst: int, more: int) -> float:
        """Compare what a guest weighs, given the frames, with what was put in the row."""
        if (burst, more) not in self._ratios:
            odds = self.guests.table[burst][more]
            shares = self.guests.shares(burst, int(self.kept.place[burst]), odds)
            self._ratios[burst, more] = sum(shares.values()) / float(self.kept.guest_sum[burst])
        return self._ratios[burst, more]

    def inside(self, odds: FrameOdds, base: int) -> tuple[Numbers, Floats]:
        """Give the places of a window that have odds of their own, and those odds."""
        place, own = odds.by_place
        fair = (place >= base) & (place < base + self.width)
        return place[fair] - base, own[fair]

    def before(self, burst: int, own: Floats, late: Floats, ahead: Floats, out: Floats) -> Floats:
        """Carry what follows a burst back over the way into it; in the window of its row.

        Gives two rows: for what was done, and for what was pending.
        """
        kept = self.kept
        base = int(kept.base[burst])
        factors = kept.factors[burst]
        sits = own * factors * self.passing.sit[base : base + self.width]
        sits[1:-1] += self.swapped * factors[2:] * ahead[2:]
        free = self.passing.back(sits, base)
        free += self.leap * float(sits @ self._all)
        free += self.outside[burst] * float(kept.guest_sum[burst]) * out
        both: Floats = _FREE[:, None] * free
        both[1, 1:] += _RETURNS * factors[:-1] * late[1:]
        return both


def moved(rows: Floats, by: int) -> Floats:
    """Shift rows of places to a window that begins ``by`` places later."""
    if by == 0:
        return rows
    shifted = np.zeros_like(rows)
    if by > 0:
        shifted[..., : max(0, rows.shape[-1] - by)] = rows[..., by:]
    else:
        shifted[..., -by:] = rows[..., :by]
    return shifted


def _oldest(lengths: Numbers) -> Numbers:
    """Give for each burst the first one from which a sitting may last until it."""
    bursts = np.arange(lengths.size)
    oldest = bursts.copy()
    np.minimum.at(oldest, bursts + lengths - 1, bursts)
    return np.minimum.accumulate(oldest[::-1])[::-1]


def _by_end(weight: Floats) -> Floats:
    """Give for each burst what sittings that end with it weigh, in rows that end with the shortest."""
    bursts, reach = weight.shape
    by_end = np.zeros_like(weight)
    for more in range(min(bursts, reach)):
        by_end[more:, reach - 1 - more] = weight[: bursts - more, more]
    return by_end


def _called_back(rates: Rates, day: Sittings) -> Floats:
    """Compare how many frames who sits out of line has with how many people have in turn, for each sitting.

    Who is called back for a frame that was no good often has just one.
    """
    few = _ONE_MORE_FRAME ** np.arange(LONGEST)
    # The more sit out of line, the fewer of them were called back.
    share = _FOR_A_FRAME * min(1.0, _CALLED_BACK / rates.guest)
    ratio = 1 - share + share * few / few.sum() / rates.counts
    return np.asarray(ratio[day.frames - 1])
