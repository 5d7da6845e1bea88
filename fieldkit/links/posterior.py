"""What is believed of every frame once the whole day is known: the pass back along the chain."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fieldkit.links.chain import Chain, moved
from fieldkit.links.evidence import Evidence
from fieldkit.links.guests import STRANGER
from fieldkit.links.rates import LONGEST, QUEUE
from fieldkit.links.sittings import Floats, Sittings
from fieldkit.links.times import Numbers

_UNLIKELY = 1e-9


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


class _Faces(NamedTuple):
    """What faces add to a sitting of ``more`` further bursts: ``ratio`` by place, ``guest`` to guests."""

    more: int
    place: Numbers
    ratio: Floats
    guest: float


class _Back:
    """The pass back, which sums the posterior up."""

    def __init__(self, chain: Chain) -> None:
        self.chain, self.kept = chain, chain.kept
        self.back = np.ones((chain.bursts, 2, chain.width))
        self.weights = _scaled(chain)
        self.by_length = np.zeros_like(self.weights)
        self.seated: dict[int, set[int]] = defaultdict(set)
        for one in chain.claims.seats:
            self.seated[one.start].add(one.person)
        day = chain.day
        self.result = Posterior(
            day=day,
            base=chain.kept.end_base,
            entry=np.zeros((chain.bursts, chain.width)),
            guest=[{} for _ in range(chain.bursts)],
            nobody=np.zeros(chain.bursts),
            start=np.zeros(chain.bursts),
            arrived=np.zeros(chain.bursts),
            named=[{} for _ in range(chain.bursts)],
            counts=np.zeros(LONGEST),
            sat=np.zeros(chain.size - 1),
            queue=np.zeros(QUEUE),
            before=np.zeros((chain.bursts, chain.width)),
            burst_of=np.repeat(np.arange(chain.bursts), day.stop - day.first),
        )

    def run(self) -> Posterior:
        for burst in range(self.chain.bursts - 1, -1, -1):
            self._burst(burst)
        self.result.counts = self._counts()
        return self.result

    def _counts(self) -> Floats:
        """Sum up how many frames people have."""
        day, (bursts, reach) = self.chain.day, self.by_length.shape
        last = np.minimum(np.arange(bursts)[:, None] + np.arange(reach), bursts - 1)
        frames = np.minimum(day.stop[last] - day.first[:, None], LONGEST)
        return np.bincount(frames.ravel(), self.by_length.ravel(), LONGEST + 1)[1:].astype(float)

    def _rows(self, burst: int, length: int) -> Floats:
        """Give what follows each end from a burst on, in the window of its row."""
        rows = self.back[burst : burst + length]
        shifts = self.kept.base[burst] - self.kept.end_base[burst : burst + length]
        if not shifts.any():
            return rows
        return np.stack([moved(row, int(by)) for row, by in zip(rows, shifts, strict=True)])

    def _burst(self, burst: int) -> None:
        chain, kept = self.chain, self.kept
        length = int(chain.day.lengths[burst])
        weights = self.weights[burst, :length]
        after = self._rows(burst, length)
        own, ahead = (weights @ after.reshape(length, -1)).reshape(2, chain.width)
        late = out = own
        faces = self._faces(burst, length)
        if faces:
            own, late, ahead, out = self._with_faces(burst, faces, after, own, ahead)
        self._sum_up(burst, faces, after, own, late, ahead)
        self.result.nobody[burst] = kept.nobody[burst] * float(np.vdot(kept.ended[burst], self.back[burst]))
        if not burst:
            return
        both = chain.before(burst, own, late, ahead, out)
        both += kept.nobody[burst] * self._rows(burst, 1)[0]
        passed = both[0] * kept.ended[burst, 0]
        self.result.before[burst] = passed / max(1e-300, float(passed.sum()))
        queue = chain.queue(burst, int(kept.base[burst]))
        if queue is not None:
            both *= queue
            passed = passed / queue
        if chain.day.let_in[burst]:
            self._let_in(burst, passed)
        self.back[burst - 1] = moved(both, int(kept.end_base[burst - 1] - kept.base[burst]))

    def _let_in(self, burst: int, shares: Floats) -> None:
        """Note how many were waiting when a group was let in, the surer the more."""
        first = self.chain.day.let_in[burst]
        waiting = first - int(self.kept.base[burst]) - np.arange(shares.size)
        fair = (waiting >= 0) & (waiting < QUEUE)
        total = float(shares.sum())
        if total > 0:
            shares = shares / total
            np.add.at(self.result.queue, waiting[fair], shares[fair] * float(shares.max()) ** 3)

    def _faces(self, burst: int, length: int) -> list[_Faces]:
        """Give what the faces of the sittings from a burst on add to its window."""
        chain, base = self.chain, int(self.kept.base[burst])
        return [
            _Faces(more, *chain.inside(odds, base), chain.guest_ratio(burst, more))
            for more, odds in enumerate(chain.guests.table[burst][:length])
            if not odds.plain and self.weights[burst, more] > 0
        ]

    def _with_faces(
        self, burst: int, faces: list[_Faces], after: Floats, own: Floats, ahead: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Put the odds of faces into what follows: for own, late, ahead and guests."""
        own, late, ahead, out = own.copy(), own.copy(), ahead.copy(), own.copy()
        for more, place, ratio, guest in faces:
            weight = float(self.weights[burst, more])
            extra = weight * (ratio - 1)
            own[place] += extra * after[more, 0, place]
            ahead[place] += extra * after[more, 1, place]
            fair = place + 1 < own.size
            late[place[fair] + 1] += extra[fair] * after[more, 0, place[fair] + 1]
            out += weight * (guest - 1) * after[more, 0]
        return own, late, ahead, out

    def _sum_up(
        self, burst: int, faces: list[_Faces], after: Floats, own: Floats, late: Floats, ahead: Floats
    ) -> None:
        chain, kept, result = self.chain, self.kept, self.result
        whole = kept.straight[burst] * own + kept.starting[burst, 1] * ahead
        whole[:-1] += kept.waited[burst, 1:] * late[1:]
        guests = self.weights[burst, : after.shape[0]] * (after[:, 0] @ kept.guest[burst])
        for one in faces:
            guests[one.more] *= one.guest
        total = float(whole.sum()) + float(guests.sum())
        result.start[burst] = total
        if total < 1e-9:
            return
        day = chain.day
        likely = np.flatnonzero(whole > _UNLIKELY * total)
        part = slice(int(likely[0]), int(likely[-1]) + 1) if likely.size else slice(0, 1)
        sitters, swaps = self._sitters(burst, faces, after, part)
        by_length = sitters.sum(axis=1) + guests
        self.by_length[burst, : by_length.size] = by_length
        result.swaps += swaps
        result.guests += float(guests.sum())
        base = int(kept.base[burst])
        low = max(base - 1, 0)
        result.sat[low : base + chain.width - 1] += whole[low + 1 - base :]
        tails = np.cumsum(sitters[::-1], axis=0)[::-1]
        rows = slice(burst, burst + by_length.size)
        if (kept.end_base[rows] == base).all():
            result.entry[rows, part] += tails
        else:
            self._add_moved(rows, part, tails)
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

    def _add_moved(self, rows: slice, part: slice, tails: Floats) -> None:
        """Add what is believed of places of the first row's window, in the windows of later rows."""
        kept, width = self.kept, self.chain.width
        for row, tail in zip(range(rows.start, rows.stop), tails, strict=True):
            whole = np.zeros(width)
            whole[part] = tail
            self.result.entry[row] += moved(whole, int(kept.end_base[row] - kept.base[rows.start]))

    def _sitters(self, burst: int, faces: list[_Faces], after: Floats, part: slice) -> tuple[Floats, float]:
        """Weigh by length and place who of the line sits down, within a part of the window; and all swaps."""
        kept, length = self.kept, after.shape[0]
        ahead = kept.starting[burst, 1, part] * after[:, 1, part]
        sitters = kept.straight[burst, part] * after[:, 0, part] + ahead
        behind = slice(part.start + 1, part.stop + 1)
        waited = kept.waited[burst, behind] * after[:, 0, behind]
        sitters[:, : waited.shape[1]] += waited
        weights = np.repeat(self.weights[burst, :length, None], sitters.shape[1], axis=1)
        for more, place, ratio, _ in faces:
            fair = (place >= part.start) & (place < part.stop)
            weights[more, place[fair] - part.start] *= ratio[fair]
        return sitters * weights, float((ahead * weights).sum())

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


def _scaled(chain: Chain) -> Floats:
    """Give the weights of all sittings, by the scales of the bursts that they last for."""
    inverse = 1 / chain.kept.scale
    running = np.ones(chain.bursts)
    scaled = np.zeros_like(chain.weight)
    for more in range(chain.reach):
        lasting = chain.bursts - more
        running[:lasting] *= inverse[more:]
        scaled[:lasting, more] = chain.weight[:lasting, more] * running[:lasting]
    return scaled


def belief(evidence: Evidence, found: Posterior, frame: int, person: int) -> float:
    """Give the weight of a person at a frame."""
    burst = int(found.burst_of[frame])
    weight = found.guest[burst].get(person, 0.0)
    base = int(found.base[burst])
    for entry in evidence.entries_of[person]:
        if 0 <= entry + 1 - base < found.entry.shape[1]:
            weight += float(found.entry[burst, entry + 1 - base])
    return weight
