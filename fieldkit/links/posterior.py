"""What is believed of every frame once the whole day is known: the pass back along the chain."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from fieldkit.links.chain import Chain, moved
from fieldkit.links.evidence import Evidence, Numbers
from fieldkit.links.guests import STRANGER
from fieldkit.links.rates import LONGEST, QUEUE
from fieldkit.links.sittings import Floats, Sittings


@dataclass(slots=True)
class Posterior:
    """Beliefs by burst, and sums to learn from.

    ``entry[burst]`` weighs the entries whose place is in the window from ``base[burst]`` on,
    ``guest[burst]`` persons out of line, ``nobody[burst]`` that it is between sittings.
    ``start[burst]`` is whether a sitting begins there, ``arrived`` with somebody who came in the
    gap before; ``named`` the weight of persons named at the start. ``sat`` is by entry; ``queue``
    counts how many were waiting when a group was let in. ``before[burst]`` weighs the places in
    line passed before the burst, in its window.
    """

    day: Sittings
    base: Numbers
    entry: Floats
    guest: list[dict[int, float]]
    nobody: Floats
    start: Floats
    arrived: Floats
    named: list[dict[int, float]]
    counts: Floats
    sat: Floats
    queue: Floats
    before: Floats
    swaps: float = 0.0
    guests: float = 0.0
    strangers: float = 0.0
    burst_of: Numbers = field(default_factory=lambda: np.empty(0, np.int64))

    def starts(self, frames: int) -> Floats:
        """Give by frame whether a sitting begins there."""
        starts = np.zeros(frames)
        starts[self.day.first] = np.clip(self.start, 0.0, 1.0)
        return starts


def believe(chain: Chain) -> Posterior:
    """Pass forward and back along a day and give what is believed of it."""
    chain.forward()
    return _Back(chain).run()


class _Back:
    """The pass back, which sums the posterior up."""

    def __init__(self, chain: Chain) -> None:
        self.chain, self.kept = chain, chain.kept
        shape = (chain.bursts, chain.width)
        self.done, self.pending = np.ones(shape), np.ones(shape)
        self.seated: dict[int, set[int]] = defaultdict(set)
        for one in chain.claims.seats:
            self.seated[one.start].add(one.person)
        day = chain.day
        self.result = Posterior(
            day=day,
            base=chain.kept.end_base,
            entry=np.zeros(shape),
            guest=[{} for _ in range(chain.bursts)],
            nobody=np.zeros(chain.bursts),
            start=np.zeros(chain.bursts),
            arrived=np.zeros(chain.bursts),
            named=[{} for _ in range(chain.bursts)],
            counts=np.zeros(LONGEST),
            sat=np.zeros(chain.size - 1),
            queue=np.zeros(QUEUE),
            before=np.zeros(shape),
            burst_of=np.repeat(np.arange(chain.bursts), day.stop - day.first),
        )

    def run(self) -> Posterior:
        for burst in range(self.chain.bursts - 1, -1, -1):
            self._burst(burst)
        return self.result

    def _rows(self, matrix: Floats, burst: int, length: int) -> Floats:
        """Give rows of ends from a burst on, in the window of its row."""
        rows = matrix[burst : burst + length]
        shifts = self.kept.base[burst] - self.kept.end_base[burst : burst + length]
        if not shifts.any():
            return rows
        return np.stack([moved(row, int(by)) for row, by in zip(rows, shifts, strict=True)])

    def _burst(self, burst: int) -> None:
        chain, kept = self.chain, self.kept
        length = min(chain.reach, chain.bursts - burst)
        scaled = np.cumprod(1 / kept.scale[burst : burst + length])
        weights = chain.weight[burst, :length] * scaled
        used = np.flatnonzero(weights > 0)
        length = int(used[-1]) + 1 if used.size else 1
        weights = weights[:length, None]
        own = late = out = weights * self._rows(self.done, burst, length)
        ahead = weights * self._rows(self.pending, burst, length)
        if chain.guests.table[burst]:
            own, late, ahead, out = self._with_table(burst, own, ahead)
        self._sum_up(burst, own, late, ahead, out)
        self.result.nobody[burst] = kept.nobody[burst] * float(
            kept.done[burst] @ self.done[burst] + kept.pending[burst] @ self.pending[burst]
        )
        if not burst:
            return
        both = chain.before(burst, own.sum(axis=0), late.sum(axis=0), ahead.sum(axis=0), out.sum(axis=0))
        both[0] += kept.nobody[burst] * self._rows(self.done, burst, 1)[0]
        both[1] += kept.nobody[burst] * self._rows(self.pending, burst, 1)[0]
        passed = both[0] * kept.done[burst]
        self.result.before[burst] = passed / max(1e-300, float(passed.sum()))
        queue = chain.queue(burst, int(kept.base[burst]))
        if queue is not None:
            both *= queue
            passed = passed / queue
        if chain.day.let_in[burst]:
            self._let_in(burst, passed)
        by = int(kept.end_base[burst - 1] - kept.base[burst])
        self.done[burst - 1], self.pending[burst - 1] = moved(both[0], by), moved(both[1], by)

    def _let_in(self, burst: int, shares: Floats) -> None:
        """Note how many were waiting when a group was let in, the surer the more."""
        first = self.chain.day.let_in[burst]
        waiting = first - int(self.kept.base[burst]) - np.arange(shares.size)
        fair = (waiting >= 0) & (waiting < QUEUE)
        total = float(shares.sum())
        if total > 0:
            shares = shares / total
            np.add.at(self.result.queue, waiting[fair], shares[fair] * float(shares.max()) ** 3)

    def _with_table(self, burst: int, done: Floats, pending: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        chain = self.chain
        base = int(self.kept.base[burst])
        own, late, ahead, out = done.copy(), done.copy(), pending.copy(), done.copy()
        for more, odds in enumerate(chain.guests.table[burst][: done.shape[0]]):
            if odds.plain:
                continue
            place, ratio = chain.inside(odds, base)
            own[more, place] *= ratio
            ahead[more, place] *= ratio
            after = place + 1 < chain.width
            late[more, place[after] + 1] *= ratio[after]
            out[more] *= chain.guest_ratio(burst, more)
        return own, late, ahead, out

    def _sum_up(self, burst: int, own: Floats, late: Floats, ahead: Floats, out: Floats) -> None:
        chain, kept, result = self.chain, self.kept, self.result
        sitters = kept.straight[burst] * own
        waited = kept.waited[burst] * late
        swapped = kept.ahead[burst] * ahead
        guests = out @ kept.guest[burst]
        sitters += swapped
        sitters[:, :-1] += waited[:, 1:]
        by_length = sitters.sum(axis=1) + guests
        total = float(by_length.sum())
        result.start[burst] = total
        if total < 1e-9:
            return
        day = chain.day
        length = by_length.size
        frames = day.stop[burst : burst + length] - day.first[burst]
        np.add.at(result.counts, np.minimum(frames, LONGEST) - 1, by_length)
        result.swaps += float(swapped.sum())
        result.guests += float(guests.sum())
        tails = np.cumsum(sitters[::-1], axis=0)[::-1]
        base = int(kept.base[burst])
        whole = tails[0]
        low = max(base - 1, 0)
        result.sat[low : base + chain.width - 1] += whole[low + 1 - base :]
        shifts = kept.end_base[burst : burst + length] - base
        if shifts.any():
            tails = np.stack([moved(row, int(by)) for row, by in zip(tails, shifts, strict=True)])
        result.entry[burst : burst + length] += tails
        first, last = int(day.waiting[burst]) + 1 - base, int(day.come[burst]) + 1 - base
        if last > max(0, first):
            result.arrived[burst] = float(whole[max(0, first) : last].sum())
        start = int(day.first[burst])
        named = result.named[burst]
        for person in {*chain.claims.person.get(start, {}), *self.seated.get(start, ())}:
            for entry in chain.evidence.entries_of[person]:
                if 0 <= entry + 1 - base < chain.width:
                    named[person] = named.get(person, 0.0) + float(whole[entry + 1 - base])
        self._sum_guests(burst, guests)

    def _sum_guests(self, burst: int, guests: Floats) -> None:
        chain, result = self.chain, self.result
        if guests.sum() < 1e-6:
            return
        table, here = chain.guests.table[burst], int(self.kept.place[burst])
        told = chain.claims.person.get(int(chain.day.first[burst]), {})
        shares: dict[int, float] = {}
        for more in np.flatnonzero(guests > 1e-7).tolist():
            if table or not shares:
                odds = table[more] if more < len(table) else None
                shares = chain.guests.shares(burst, here, odds)
            total = sum(shares.values())
            for person, share in shares.items():
                part = float(guests[more]) * share / total
                if person == STRANGER:
                    result.strangers += part
                elif table or person in told:
                    named = result.named[burst]
                    named[person] = named.get(person, 0.0) + part
                for row in range(burst, burst + more + 1):
                    found = result.guest[row]
                    found[person] = found.get(person, 0.0) + part


def belief(evidence: Evidence, found: Posterior, frame: int, person: int) -> float:
    """Give the weight of a person at a frame."""
    burst = int(found.burst_of[frame])
    weight = found.guest[burst].get(person, 0.0)
    base = int(found.base[burst])
    for entry in evidence.entries_of[person]:
        if 0 <= entry + 1 - base < found.entry.shape[1]:
            weight += float(found.entry[burst, entry + 1 - base])
    return weight
