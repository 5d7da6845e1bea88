"""Who sits in the chair: forward-backward over sittings of a semi-Markov chain.

State: how many entries of the line have been passed (``q``). From there the next sitting is the
next entry (N), the one after it while the next waits (O), that waiting one (L), a guest out of line
(G), or the frame is nobody's (X). A sitting of ``length`` frames weighs the gaps within it, the
number of frames, what the detector saw, and the odds of the witnesses at its start.
Forward-backward for explicit durations: Rabiner 1989, section IV.D; scaling as in section V.A.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.claims import Claims, likeness_odds, soft_cap
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
        self.place = np.zeros(self.count, np.int64)
        self.nobody_in = np.zeros(self.count)
        weights = 0.3 + 12.0 * missing
        self.guest_weight = weights / max(1.0, float(weights.sum()))
        self.likeness = self._likeness()
        self.done_before: list[Floats] = []
        self.pending_before: list[Floats] = []

    def _likeness(self) -> list[list[dict[int, float]]]:
        """Odds of faces for the sitting that starts at a frame, by its length."""
        odds = likeness_odds(self.evidence, self.rates)
        if not odds:
            return []
        table = []
        for start in range(self.count):
            summed: dict[int, float] = defaultdict(float)
            rows = []
            for length in range(min(self.terms.reach, self.count - start)):
                if length and self.terms.weight[start, length] < 1e-12:
                    break
                for person, odd in odds[start + length].items():
                    summed[person] += odd
                rows.append({who: soft_cap(odd, self.rates.look_alike) for who, odd in summed.items()})
            table.append(rows)
        return table

    def guest_odds(self, start: int, faces: Mapping[int, float]) -> dict[int, float]:
        """Weigh who a guest at a start may be; key -1 is everybody who was not named."""
        named = self.claims.person.get(start, {})
        shares: dict[int, float] = {}
        rest = 1.0
        here = int(self.place[start])
        for person in {*named, *faces}:
            prior = self._guest_prior(person, here, start)
            rest -= prior
            shares[person] = prior * (1 + named.get(person, 0.0)) * faces.get(person, 1.0)
        shares[-1] = max(rest, 0.05)
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
        for person, odds in self.claims.person.get(start, {}).items():
            for entry in evidence.entries_of[person]:
                if 0 <= entry + 1 - base < self.width:
                    factors[entry + 1 - base] *= 1 + odds
        for entry, odds in self.claims.entry.get(start, {}).items():
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
        named = 1.0 if self.likeness else sum(self.guest_odds(start, {}).values())
        self.guest[start] = outside * named * free

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
            if self.likeness:
                self._faces_forward(low, end, weights, new_done, new_pending)
            else:
                new_done += weights @ self.next[low : end + 1]
                new_done += weights @ self.waited[low : end + 1]
                new_done += weights @ self.guest[low : end + 1]
                new_pending += weights @ self.ahead[low : end + 1]
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

    def _faces_forward(self, low: int, end: int, weights: Floats, done: Floats, pending: Floats) -> None:
        for row, weight in zip(range(low, end + 1), weights.tolist(), strict=True):
            faces = self.likeness[row]
            if weight == 0.0 or end - row >= len(faces):
                continue
            odds = self._window_odds(faces[end - row], int(self.base[row]))
            done += weight * (self.next[row] * odds)
            done[1:] += weight * (self.waited[row, 1:] * odds[:-1])
            pending += weight * (self.ahead[row] * odds)
            done += weight * sum(self.guest_odds(row, faces[end - row]).values()) * self.guest[row]

    def _window_odds(self, faces: Mapping[int, float], base: int) -> Floats:
        odds = np.ones(self.width)
        for person, odd in faces.items():
            for entry in self.evidence.entries_of[person]:
                if 0 <= entry + 1 - base < self.width:
                    odds[entry + 1 - base] = odd
        return odds

    def run(self) -> Posterior:
        """Pass forward and back and give what is believed of every frame."""
        self.forward()
        return _Backward(self).run()


class _Backward:
    """The pass back, which sums the posterior up."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        count, width = chain.count, chain.width
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
        faces = chain.likeness[start][:length] if chain.likeness else []
        if chain.likeness:
            own, late, ahead, out = self._with_faces(start, faces, done, pending)
        else:
            own = late = done
            ahead, out = pending, done
        self._sum_up(start, length, own, late, ahead, out, faces)
        if start:
            self._back(start, own.sum(axis=0), late.sum(axis=0), ahead.sum(axis=0), out.sum(axis=0))
        before = chain.done_before[start]
        alone = chain.nobody_in[start]
        result.nobody[start] = alone * float(
            before @ self.done[start] + chain.pending_before[start] @ self.pending[start]
        )

    def _with_faces(
        self, start: int, faces: list[dict[int, float]], done: Floats, pending: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        chain = self.chain
        base = int(chain.base[start])
        own, late, ahead, out = done.copy(), done.copy(), pending.copy(), done.copy()
        for length in range(done.shape[0]):
            if length >= len(faces):
                for part in (own, late, ahead, out):
                    part[length] = 0.0
                continue
            odds = chain._window_odds(faces[length], base)
            own[length] *= odds
            ahead[length] *= odds
            late[length, 1:] *= odds[:-1]
            out[length] *= sum(chain.guest_odds(start, faces[length]).values())
        return own, late, ahead, out

    def _sum_up(
        self,
        start: int,
        length: int,
        own: Floats,
        late: Floats,
        ahead: Floats,
        out: Floats,
        faces: list[dict[int, float]],
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
        for person in chain.claims.person.get(start, {}):
            for entry in chain.evidence.entries_of[person]:
                if 0 <= entry + 1 - base < chain.width:
                    named[person] = named.get(person, 0.0) + float(whole[entry + 1 - base])
        self._sum_guests(start, guests, faces)

    def _sum_guests(self, start: int, guests: Floats, faces: list[dict[int, float]]) -> None:
        chain, result = self.chain, self.result
        if guests.sum() < 1e-6:
            return
        shares: dict[int, float] = {}
        for length in range(guests.size):
            if guests[length] < 1e-7:
                continue
            if faces or not shares:
                shares = chain.guest_odds(start, faces[length] if faces else {})
            total = sum(shares.values())
            for person, share in shares.items():
                part = float(guests[length]) * share / total
                if person != -1:
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
        named = 1.0 if chain.likeness else sum(chain.guest_odds(start, {}).values())
        free += outside * named * out
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
