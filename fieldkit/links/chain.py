"""Who sits in the chair: forward-backward over sittings of a semi-Markov chain.

State: how many entries of the line have been passed (``q``). From there the next sitting is the
next entry (N), the one after it while the next waits (O), that waiting one (L), a guest out of line
(G), or the frame is nobody's (X). A sitting of ``length`` frames weighs the gaps within it, the
number of frames, what the detector saw, and the odds of the witnesses at its start.
Forward-backward for explicit durations: Rabiner 1989, section IV.D; scaling as in section V.A.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.claims import Claims, Later, likeness_odds, soft_cap
from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import LONGEST, Rates

Floats = NDArray[np.float64]

_SKIPS = 5
_LATE_CHECKIN = 3e-4
_TELEPORT = 3e-4
_CELLS = 2_600_000
_NARROWEST = 192
_NEAR_GUEST = 4.0


@dataclass(slots=True)
class Posterior:
    """What the chain believes.

    ``entry[frame]`` weighs the entries from ``base[frame]`` on, ``guest[frame]`` persons out of
    line, ``nobody[frame]`` is the weight of a frame between sittings. ``start[frame]`` tells
    whether a sitting begins there, ``counts`` how many frames sittings have, ``sat`` how often each
    entry sat, ``named`` the weight of each person at a start.
    """

    base: NDArray[np.int64]
    entry: Floats
    guest: list[dict[int, float]]
    nobody: Floats
    start: Floats
    arrived: Floats
    counts: Floats
    sat: Floats
    swaps: float
    guests: float
    strangers: float
    named: list[dict[int, float]]


@dataclass(slots=True)
class _Terms:
    """Factors prepared for all frames at once."""

    change: Floats
    within: Floats
    spare_gap: Floats
    spare: Floats
    weight: Floats
    skip: Floats
    sit: Floats
    reach: int


def spare_share(evidence: Evidence, rates: Rates, *, first: bool) -> Floats:
    """Give for each frame the chance that it is nobody's although somebody sits there.

    ``first`` is for the first frame of a sitting without a read slip, which may be a slip that
    could not be read.
    """
    portrait, spare = _face_factors(evidence, rates)
    share = rates.spare_within
    within = share * spare / (share * spare + (1 - share) * portrait)
    if not first or not evidence.slips:
        return within
    slip = np.append(rates.face_slip, 1.0)[evidence.faces]
    unread = rates.unread_slip * slip
    chance = unread + (1 - rates.unread_slip) * (share * spare + (1 - share) * portrait)
    return (unread + (1 - rates.unread_slip) * share * spare) / chance


def _face_factors(evidence: Evidence, rates: Rates) -> tuple[Floats, Floats]:
    portrait = np.append(rates.face_portrait, 1.0)[evidence.faces]
    return portrait, np.append(rates.face_spare, 1.0)[evidence.faces]


def _terms(evidence: Evidence, rates: Rates, missing: Floats) -> _Terms:
    count = evidence.times.size
    within, change = rates.within(evidence.gaps), rates.change(evidence.gaps)
    other = np.diff(evidence.bodies, prepend=evidence.bodies[0]) != 0
    within *= np.where(other, rates.other_body, 1 - rates.other_body)
    change *= np.where(other, 0.05, 0.95)
    total = within + change
    within, change = within / total, change / total
    change[0] = 1.0
    portrait, spare = _face_factors(evidence, rates)
    mixed = (1 - rates.spare_within) * portrait + rates.spare_within * spare
    first = mixed.copy()
    if evidence.slips:
        slip = np.append(rates.face_slip, 1.0)[evidence.faces]
        unread = np.ones(count, bool)
        unread[[at for at in evidence.slips if at < count]] = False
        first = np.where(unread, 0.85 * mixed + 0.15 * slip, mixed)
    weight = np.zeros((count, LONGEST))
    weight[:, 0] = first
    for length in range(1, min(LONGEST, count)):
        stop = count - length
        weight[:stop, length] = weight[:stop, length - 1] * (within * mixed)[length:]
    survive = np.cumsum(rates.counts[::-1])[::-1]
    for length in range(LONGEST):
        weight[:, length] *= rates.counts[length]
        if length < count:
            weight[count - 1 - length, length] *= survive[length] / rates.counts[length]
    best = weight.max(axis=1, keepdims=True)
    used = np.flatnonzero((weight > 1e-9 * best).any(axis=0))
    skip = np.where(evidence.entry_again, 0.5, rates.skip)
    skip = np.where(np.isfinite(evidence.entry_left), 0.9, skip)
    skip = np.clip(skip, 1e-3, 0.97)
    products = np.ones((_SKIPS + 1, skip.size + 1))
    for far in range(1, _SKIPS + 1):
        products[far] = 0.0
        products[far, far + 1 :] = products[far - 1, far + 1 :] * skip[: skip.size - far]
    _ = missing
    return _Terms(
        change=change,
        within=within,
        spare_gap=0.5 * (within + change),
        spare=spare * rates.spare_between,
        weight=weight,
        skip=products,
        sit=np.append(0.0, 1 - skip),
        reach=int(used[-1]) + 1,
    )


@dataclass(frozen=True, slots=True)
class _Odds:
    """What the frames of one possible sitting add: odds by place in line, and of guests."""

    place: NDArray[np.int64]
    odds: Floats
    named: Mapping[int, float]
    faces: Mapping[int, float]


class Chain:
    """One pass of forward-backward over a day; ``run`` gives the posterior."""

    def __init__(self, evidence: Evidence, rates: Rates, claims: Claims, missing: Floats) -> None:
        self.evidence, self.rates, self.claims = evidence, rates, claims
        self.terms = _terms(evidence, rates, missing)
        self.count = evidence.times.size
        entries = evidence.entry_times.size
        self.size = entries + 1
        self.width = min(self.size, max(_NARROWEST, _CELLS // self.count))
        shape = (self.count, self.width)
        self.next, self.ahead = np.zeros(shape), np.zeros(shape)
        self.waited, self.guest = np.zeros(shape), np.zeros(shape)
        # The window of a start's row may be moved after the frame's own window was settled.
        self.base, self.end_base = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)
        self.scale = np.ones(self.count)
        self.guest_sum = np.ones(self.count)
        self.place = np.zeros(self.count, np.int64)
        self.nobody_in = np.zeros(self.count)
        weights = 0.3 + 12.0 * missing
        self.guest_weight = weights / max(1.0, float(weights.sum()))
        self.table = self._table()
        self.done_before: list[Floats] = []
        self.pending_before: list[Floats] = []

    def _table(self) -> list[list[_Odds]]:
        """Odds of sittings by start and length, where they depend on the frames they have."""
        faces = likeness_odds(self.evidence, self.rates)
        table: list[list[_Odds]] = []
        for start in range(self.count):
            table.append([])
            later = self.claims.later.get(start, ())
            summed: dict[int, float] = defaultdict(float)
            if not faces and not later:
                continue
            for length in range(min(self.terms.reach, self.count - start)):
                if length and self.terms.weight[start, length] < 1e-13:
                    break
                if faces:
                    for person, odd in faces[start + length].items():
                        summed[person] += odd
                persons = {who: soft_cap(odd, self.rates.look_alike) for who, odd in summed.items()}
                table[start].append(self._odds(start, length, persons, later))
        return table

    def _odds(self, start: int, length: int, faces: dict[int, float], later: Sequence[Later]) -> _Odds:
        named = dict(self.claims.person.get(start, {}))
        entries: dict[int, float] = dict(self.claims.entry.get(start, {}))
        fixed = dict(entries)
        for one in later:
            if length >= one.reach:
                named[one.person] = named.get(one.person, 0.0) + one.odds
                for entry, odd in one.near.items():
                    entries[entry] = entries.get(entry, 0.0) + odd
        plain = self.claims.person.get(start, {})
        ratio: dict[int, float] = {}
        for entry in {
            *entries,
            *(entry for who in {*named, *faces} for entry in self.evidence.entries_of[who]),
        }:
            who = int(self.evidence.entry_persons[entry])
            now = 1 + entries.get(entry, 0.0) + named.get(who, 0.0)
            then = 1 + fixed.get(entry, 0.0) + plain.get(who, 0.0)
            change = now / then * faces.get(who, 1.0)
            if change != 1.0:
                ratio[entry + 1] = change
        return _Odds(
            np.fromiter(ratio, np.int64, len(ratio)),
            np.fromiter(ratio.values(), float, len(ratio)),
            named,
            faces,
        )

    def guest_odds(self, start: int, odds: _Odds | None = None) -> dict[int, float]:
        """Weigh who a guest at a start may be; key -1 is everybody who was not named."""
        named = odds.named if odds else self.claims.person.get(start, {})
        faces = odds.faces if odds else {}
        shares: dict[int, float] = {}
        rest = 1.0
        here = int(self.place[start])
        for person in {*named, *faces}:
            prior = self._guest_prior(person, here, start)
            rest -= prior
            shares[person] = prior * (1 + named.get(person, 0.0)) * faces.get(person, 1.0)
        shares[-1] = max(rest, 0.05) + self.rates.stranger / self.rates.guest / self.claims.silent
        return shares

    def _guest_prior(self, person: int, here: int, start: int) -> float:
        entries = self.evidence.entries_of[person]
        if not entries:
            return 0.2 / self.size
        own = entries[0]
        if self.evidence.entry_times[own] > self.evidence.times[start] + 2:
            return 1e-5
        near = min(abs(entry + 1 - here) for entry in entries)
        close = 0.5 * np.exp(-near / _NEAR_GUEST) / (2 * _NEAR_GUEST)
        return float(close + 0.5 * self.guest_weight[own])

    def _entry_factors(self, start: int, base: int) -> Floats:
        """Give what it weighs that each entry of the window sits down at a start."""
        evidence, rates = self.evidence, self.rates
        times, doors = evidence.times, evidence.entry_times
        anybody = self.claims.anybody[start]
        factors = np.full(self.width, anybody * self.terms.change[start])
        moment = times[start]
        before = times[start - 1] if start else moment - 30.0
        moment = min(moment, before + evidence.gaps[start]) if start else moment
        first = int(np.searchsorted(doors, before)) + 1 - base
        last = int(np.searchsorted(doors, moment)) + 1 - base
        if last < self.width:
            factors[max(0, last) :] *= _LATE_CHECKIN
        if start and first < self.width and last > first and last > 0:
            lo, hi = max(0, first), min(self.width, last)
            waited = moment - doors[base + lo - 1 : base + hi - 1]
            gap = moment - before
            walked = rates.walk(waited) * gap / np.maximum(waited, 0.5)
            mean = float(rates.within(np.array([gap]))[0] + rates.change(np.array([gap]))[0])
            factors[lo:hi] = anybody * walked / mean
        summed = dict(self.claims.entry.get(start, {}))
        for person, odds in self.claims.person.get(start, {}).items():
            for entry in evidence.entries_of[person]:
                summed[entry] = summed.get(entry, 0.0) + odds
        for entry, odds in summed.items():
            if 0 <= entry + 1 - base < self.width:
                factors[entry + 1 - base] *= 1 + odds
        if base == 0:
            factors[0] = 0.0
        return factors

    def _enter(self, start: int, done: Floats, pending: Floats, base: int) -> None:
        """Fill the row of a start from what ended before it."""
        rates, terms, width = self.rates, self.terms, self.width
        factors = self._entry_factors(start, base)
        free = done + 0.08 * pending
        window = slice(base, base + width)
        reached = np.full(width, _TELEPORT * float(free.sum()) / self.size)
        straight = 1 - rates.guest - rates.swap - rates.spare_between
        for far in range(_SKIPS + 1):
            if far + 1 < width:
                skipped = terms.skip[far, window][far + 1 :]
                reached[far + 1 :] += straight * skipped * free[: width - far - 1]
        self.next[start] = reached * factors * terms.sit[window]
        if width > 2:
            self.ahead[start, 2:] = rates.swap * factors[2:] * done[:-2]
            self.waited[start, 1:] = 0.9 * factors[:-1] * pending[1:]
        outside = rates.guest * terms.change[start] * self.claims.anybody[start]
        self.place[start] = base + int(done.argmax())
        self.guest_sum[start] = sum(self.guest_odds(start).values())
        self.guest[start] = outside * self.guest_sum[start] * free

    def forward(self) -> None:
        """Pass along the day, keeping what may start at each frame."""
        count, width, reach = self.count, self.width, self.terms.reach
        done, pending = np.zeros(width), np.zeros(width)
        done[0] = 1.0
        base = 0
        running = np.ones(count)
        for end in range(count):
            wanted = self._wanted_base(base, int(done.argmax()))
            if wanted != base:
                done, pending = _moved(done, wanted - base), _moved(pending, wanted - base)
                for row in range(max(0, end - reach + 1), end):
                    for kept in (self.next, self.ahead, self.waited, self.guest):
                        kept[row] = _moved(kept[row], wanted - base)
                    self.base[row] = wanted
                base = wanted
            self.base[end] = self.end_base[end] = base
            self._enter(end, done, pending, base)
            alone = self.terms.spare[end] * self.terms.spare_gap[end]
            low = max(0, end - reach + 1)
            rows = np.arange(low, end + 1)
            weights = self.terms.weight[rows, end - rows] * running[low : end + 1]
            new_done = alone * done
            new_pending = alone * pending
            new_done += weights @ self.next[low : end + 1]
            new_done += weights @ self.waited[low : end + 1]
            new_done += weights @ self.guest[low : end + 1]
            new_pending += weights @ self.ahead[low : end + 1]
            for row in range(low, end + 1):
                if end - row < len(self.table[row]):
                    self._correct(row, end, float(weights[row - low]), new_done, new_pending)
            total = float(new_done.sum() + new_pending.sum())
            self.scale[end] = total
            self.nobody_in[end] = alone / total
            running[low : end + 1] /= total
            self.done_before.append(done)
            self.pending_before.append(pending)
            done, pending = new_done / total, new_pending / total
            done[done < 1e-30] = 0.0
            pending[pending < 1e-30] = 0.0

    def _wanted_base(self, base: int, peak: int) -> int:
        if self.width >= self.size or 0.25 * self.width < peak < 0.7 * self.width:
            return base
        wanted = base + peak - int(0.45 * self.width)
        return max(0, min(self.size - self.width, wanted))

    def _correct(self, row: int, end: int, weight: float, done: Floats, pending: Floats) -> None:
        """Replace the plain odds of a sitting by those of its frames."""
        odds = self.table[row][end - row]
        place, extra = self.inside(odds, int(self.base[row]))
        extra = weight * (extra - 1)
        done[place] += extra * self.next[row, place]
        pending[place] += extra * self.ahead[row, place]
        after = place + 1 < self.width
        done[place[after] + 1] += extra[after] * self.waited[row, place[after] + 1]
        done += weight * (self.guest_ratio(row, odds) - 1) * self.guest[row]

    def guest_ratio(self, row: int, odds: _Odds) -> float:
        """Compare what a guest weighs, given the frames, with what was put in the row."""
        return sum(self.guest_odds(row, odds).values()) / float(self.guest_sum[row])

    def inside(self, odds: _Odds, base: int) -> tuple[NDArray[np.int64], Floats]:
        """Give the places in a window that have odds of their own, and those odds."""
        place = odds.place - base
        fair = (place >= 0) & (place < self.width)
        return place[fair], odds.odds[fair]

    def run(self) -> Posterior:
        """Pass forward and back and give what is believed of every frame."""
        self.forward()
        return _Backward(self).run()


class _Backward:
    """The pass back, which sums the posterior up."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        count, width = chain.count, chain.width
        self.seated: dict[int, set[int]] = defaultdict(set)
        for one in chain.claims.seats:
            self.seated[one.start].add(one.person)
        self.done = np.ones((count, width))
        self.pending = np.ones((count, width))
        self.result = Posterior(
            base=chain.end_base,
            entry=np.zeros((count, width)),
            guest=[{} for _ in range(count)],
            nobody=np.zeros(count),
            start=np.zeros(count),
            arrived=np.zeros(count),
            counts=np.zeros(LONGEST),
            sat=np.zeros(chain.size - 1),
            swaps=0.0,
            guests=0.0,
            strangers=0.0,
            named=[{} for _ in range(count)],
        )

    def run(self) -> Posterior:
        for start in range(self.chain.count - 1, -1, -1):
            self._start(start)
        return self.result

    def _rows(self, matrix: Floats, start: int, length: int) -> Floats:
        """Give rows of a matrix of ends in the window of a start."""
        rows = matrix[start : start + length]
        shifts = self.chain.base[start] - self.chain.end_base[start : start + length]
        if not shifts.any():
            return rows
        return np.stack([_moved(row, int(by)) for row, by in zip(rows, shifts, strict=True)])

    def _start(self, start: int) -> None:
        chain, result = self.chain, self.result
        length = min(chain.terms.reach, chain.count - start)
        scaled = np.cumprod(1 / chain.scale[start : start + length])
        weights = chain.terms.weight[start, :length] * scaled
        used = int(np.flatnonzero(weights > 0)[-1]) + 1 if weights.any() else 1
        weights, length = weights[:used], used
        done = weights[:, None] * self._rows(self.done, start, length)
        pending = weights[:, None] * self._rows(self.pending, start, length)
        own = late = out = done
        ahead = pending
        if chain.table[start]:
            own, late, ahead, out = self._with_table(start, done, pending)
        self._sum_up(start, length, own, late, ahead, out)
        if start:
            self._back(start, own.sum(axis=0), late.sum(axis=0), ahead.sum(axis=0), out.sum(axis=0))
        before = chain.done_before[start]
        alone = chain.nobody_in[start]
        result.nobody[start] = alone * float(
            before @ self.done[start] + chain.pending_before[start] @ self.pending[start]
        )

    def _with_table(self, start: int, done: Floats, pending: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        chain = self.chain
        base = int(chain.base[start])
        own, late, ahead, out = done.copy(), done.copy(), pending.copy(), done.copy()
        for length, odds in enumerate(chain.table[start][: done.shape[0]]):
            place, ratio = chain.inside(odds, base)
            own[length, place] *= ratio
            ahead[length, place] *= ratio
            after = place + 1 < chain.width
            late[length, place[after] + 1] *= ratio[after]
            out[length] *= chain.guest_ratio(start, odds)
        return own, late, ahead, out

    def _sum_up(
        self,
        start: int,
        length: int,
        own: Floats,
        late: Floats,
        ahead: Floats,
        out: Floats,
    ) -> None:
        chain, result = self.chain, self.result
        straight = chain.next[start] * own
        waited = chain.waited[start] * late
        swapped = chain.ahead[start] * ahead
        guests = out @ chain.guest[start]
        by_length = (straight + swapped).sum(axis=1) + waited.sum(axis=1) + guests
        total = float(by_length.sum())
        result.start[start] = total
        if total < 1e-9:
            return
        result.counts[:length] += by_length
        result.swaps += float(swapped.sum())
        result.guests += float(guests.sum())
        sitters = straight + swapped
        sitters[:, :-1] += waited[:, 1:]
        tails = np.cumsum(sitters[::-1], axis=0)[::-1]
        base = int(chain.base[start])
        whole = tails[0]
        lo = max(base - 1, 0)
        result.sat[lo : base + chain.width - 1] += whole[lo + 1 - base :]
        for step in range(length):
            row = start + step
            by = int(chain.end_base[row] - base)
            result.entry[row] += tails[step] if by == 0 else _moved(tails[step], by)
        doors = chain.evidence.entry_times
        if start:
            first = int(np.searchsorted(doors, chain.evidence.times[start - 1])) + 1 - base
            last = int(np.searchsorted(doors, chain.evidence.times[start])) + 1 - base
            result.arrived[start] = float(whole[max(0, first) : max(0, last)].sum())
        named = result.named[start]
        for person in {*chain.claims.person.get(start, {}), *self.seated.get(start, ())}:
            for entry in chain.evidence.entries_of[person]:
                if 0 <= entry + 1 - base < chain.width:
                    named[person] = named.get(person, 0.0) + float(whole[entry + 1 - base])
        self._sum_guests(start, guests)

    def _sum_guests(self, start: int, guests: Floats) -> None:
        chain, result = self.chain, self.result
        if guests.sum() < 1e-6:
            return
        shares: dict[int, float] = {}
        for length in range(guests.size):
            if guests[length] < 1e-7:
                continue
            table = chain.table[start]
            if table or not shares:
                shares = chain.guest_odds(start, table[length] if length < len(table) else None)
            total = sum(shares.values())
            for person, share in shares.items():
                part = float(guests[length]) * share / total
                if person == -1:
                    result.strangers += part
                else:
                    named = result.named[start]
                    named[person] = named.get(person, 0.0) + part
                for row in range(start, start + length + 1):
                    found = result.guest[row]
                    found[person] = found.get(person, 0.0) + part

    def _back(self, start: int, own: Floats, late: Floats, ahead: Floats, out: Floats) -> None:
        """Fill what follows the frame before a start."""
        chain = self.chain
        rates, terms, width = chain.rates, chain.terms, chain.width
        base = int(chain.base[start])
        factors = chain._entry_factors(start, base)
        window = slice(base, base + width)
        sits = own * factors * terms.sit[window]
        free = np.full(width, _TELEPORT * float(sits.sum()) / chain.size)
        straight = 1 - rates.guest - rates.swap - rates.spare_between
        for far in range(_SKIPS + 1):
            if far + 1 < width:
                skipped = terms.skip[far, window][far + 1 :]
                free[: width - far - 1] += straight * skipped * sits[far + 1 :]
        outside = rates.guest * terms.change[start] * chain.claims.anybody[start]
        free += outside * float(chain.guest_sum[start]) * out
        alone = chain.nobody_in[start]
        done = free + alone * self._rows(self.done, start, 1)[0]
        pending = 0.08 * free + alone * self._rows(self.pending, start, 1)[0]
        if width > 2:
            done[:-2] += rates.swap * factors[2:] * ahead[2:]
            pending[1:] += 0.9 * factors[:-1] * late[1:]
        by = int(chain.end_base[start - 1] - base)
        self.done[start - 1] = _moved(done, by) if by else done
        self.pending[start - 1] = _moved(pending, by) if by else pending


def _moved(row: Floats, by: int) -> Floats:
    """Shift a row to a window that begins ``by`` entries later."""
    moved = np.zeros_like(row)
    if by >= 0:
        moved[: row.size - by] = row[by:]
    else:
        moved[-by:] = row[:by]
    return moved
