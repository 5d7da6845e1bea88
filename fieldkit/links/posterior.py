"""What is believed of every frame once the whole day is known: the pass back along the chain."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.chain import Chain, moved
from fieldkit.links.densities import LONGEST
from fieldkit.links.evidence import Evidence
from fieldkit.links.guests import STRANGER
from fieldkit.links.rates import QUEUE
from fieldkit.links.sittings import Sittings
from fieldkit.links.times import Floats, Numbers

_FEW_GUESTS, _A_GUEST = 1e-6, 1e-7
_HARDLY, _NOTHING = 1e-9, 1e-10
_AT_A_TIME = 150


@dataclass(slots=True)
class Posterior:
    """Beliefs by burst, and sums to learn from.

    ``entry[burst]`` weighs the entries whose place is in the window from ``base[burst]`` on,
    ``guest[burst]`` persons out of line, ``nobody[burst]`` that it is between sittings.
    ``start[burst]`` is whether a sitting begins there, ``arrived`` with somebody who came in the
    gap before; ``named`` the weight of persons named at the start. ``sat`` is by entry; ``queue``
    counts how many were waiting when a group was let in. ``before[burst]`` weighs the places in
    line passed before the burst, in its window. ``strangers`` weighs that one without a check-in sits
    down there.
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
    strangers: Floats
    swaps: float = 0.0
    guests: float = 0.0
    burst_of: Numbers = field(default_factory=lambda: np.empty(0, np.int64))

    def starts(self, frames: int) -> Floats:
        """Give by frame whether a sitting begins there."""
        starts = np.zeros(frames)
        starts[self.day.first] = np.clip(self.start, 0.0, 1.0)
        return starts


def sitting_lengths(starts: Floats) -> Numbers:
    """Give for each frame how many frames a sitting from there on would have, up to the next likely start."""
    likely = np.append(np.flatnonzero(starts > 0.5), starts.size)
    at = np.arange(starts.size)
    return np.asarray(likely[np.searchsorted(likely, at, side="right")] - at)


def believe(chain: Chain) -> Posterior:
    """Pass forward and back along a day and give what is believed of it."""
    chain.forward()
    back = _Back(chain)
    back.run()
    return _summed(chain, back)


class _Faces(NamedTuple):
    """What faces add to a sitting: ``ratio`` by place, ``guest`` to guests."""

    place: Numbers
    ratio: Floats
    guest: float


class _Back:
    """The pass back; ``own``, ``late`` and ``ahead`` keep what follows who sits down at each burst.

    They are for the line's next, for one who had waited, and for one before whom another still waits.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain, self.kept = chain, chain.kept
        shape = chain.bursts, chain.width
        self.back = np.ones((chain.bursts, 2, chain.width))
        self.weights, self.guest_weights = _scaled(chain, chain.weight), _scaled(chain, chain.guest_weight)
        self.starting = chain.kept.starting.sum(axis=(1, 2)) + chain.kept.guest.sum(axis=1)
        closing = chain.closing()
        if closing is not None:
            self.back[-1] = closing / (closing @ chain.kept.after)
        self.after = np.zeros((chain.bursts, 2, chain.width))
        self.own, self.ahead = self.after[:, 0], self.after[:, 1]
        self.late = np.zeros(shape) if chain.claims.faces else self.own
        self.passed = np.zeros(shape)
        # Where no window moves while somebody sits, nothing need be shifted.
        last = np.arange(chain.bursts) + chain.day.lengths - 1
        moves = np.cumsum(np.diff(chain.kept.end_base, prepend=0) != 0)
        self.still = (chain.kept.base == chain.kept.end_base) & (moves[last] == moves)
        self.faces: list[dict[int, _Faces]] = [{} for _ in range(chain.bursts)]

    def run(self) -> None:
        for burst in range(self.chain.bursts - 1, -1, -1):
            self._burst(burst)

    def _burst(self, burst: int) -> None:
        chain, kept = self.chain, self.kept
        length = int(chain.day.lengths[burst])
        weights = self.weights[burst, :length]
        ends = slice(burst, burst + length)
        after = self.back[ends]
        if not self.still[burst]:
            after = _aligned(after, kept.base[burst] - kept.end_base[ends])
        np.matmul(weights, after.reshape(length, -1), out=self.after[burst].reshape(-1))
        own, ahead = self.after[burst]
        late, out = own, self.guest_weights[burst, :length] @ after[:, 0]
        if chain.claims.faces:
            late = self.late[burst]
            np.copyto(late, own)
            self.faces[burst] = self._faces(burst, after)
            self._put_faces(burst, after, out)
        if not burst:
            return
        both = chain.before(burst, own, late, ahead, out)
        both += kept.nobody[burst] * after[0]
        np.multiply(both[0], kept.ended[burst, 0], out=self.passed[burst])
        held_by = chain.holding(burst, int(kept.base[burst]))
        if held_by is not None:
            both *= held_by
        self.back[burst - 1] = (
            chain.leapt_back(burst, both)
            if burst in chain.leaps
            else moved(both, int(kept.end_base[burst - 1] - kept.base[burst]))
        )

    def _faces(self, burst: int, after: Floats) -> dict[int, _Faces]:
        """Give what the faces of the sittings from a burst on add to its window, by further bursts."""
        chain, base = self.chain, int(self.kept.base[burst])
        length = after.shape[0]
        weights = np.maximum(self.weights[burst, :length], self.guest_weights[burst, :length])
        # No sitting weighs more than what starts it, all in all, times the most that follows anywhere.
        worth = weights * self.starting[burst] * after.max(axis=(1, 2))
        return {
            more: _Faces(*chain.inside(odds, base), chain.guest_ratio(burst, more))
            for more, odds in enumerate(chain.guests.table[burst][:length])
            if odds.faces and worth[more] * odds.most > _HARDLY
        }

    def _put_faces(self, burst: int, after: Floats, out: Floats) -> None:
        """Put the odds of faces into what follows, and into ``out``, which is that for guests."""
        own, late, ahead = self.own[burst], self.late[burst], self.ahead[burst]
        for more, (place, ratio, guest) in self.faces[burst].items():
            extra = float(self.weights[burst, more]) * (ratio - 1)
            own[place] += extra * after[more, 0, place]
            ahead[place] += extra * after[more, 1, place]
            fair = place + 1 < own.size
            late[place[fair] + 1] += extra[fair] * after[more, 0, place[fair] + 1]
            out += float(self.guest_weights[burst, more]) * (guest - 1) * after[more, 0]


def _summed(chain: Chain, back: _Back) -> Posterior:
    """Sum up what both passes believe, for all bursts at once."""
    kept, day = chain.kept, chain.day
    ahead = kept.starting[:, 1] * back.ahead
    whole = kept.straight * back.own + ahead
    whole[:, :-1] += kept.waited[:, 1:] * back.late[:, 1:]
    guests, by_length, entry = _by_length(chain, back, whole)
    base = kept.base[:, None]
    places = base + np.arange(chain.width)
    in_line = np.concatenate((np.zeros((chain.bursts, 1)), np.cumsum(whole, axis=1)), axis=1)
    rows = np.arange(chain.bursts)
    low, high = (np.clip(one + 1 - kept.base, 0, chain.width) for one in (day.waiting, day.come))
    result = Posterior(
        day=day,
        base=kept.end_base,
        entry=entry,
        guest=[{} for _ in range(chain.bursts)],
        nobody=kept.nobody * np.einsum("bij,bij->b", kept.ended, back.back),
        start=in_line[:, -1] + guests.sum(axis=1),
        arrived=np.where(high > low, in_line[rows, high] - in_line[rows, low], 0.0),
        named=_named(chain, whole),
        counts=_counts(day, by_length),
        sat=np.bincount(places.ravel(), whole.ravel(), chain.size)[1:].astype(float),
        queue=_let_in(chain, back.passed),
        before=back.passed / np.maximum(1e-300, back.passed.sum(axis=1, keepdims=True)),
        strangers=np.zeros(chain.bursts),
        swaps=float(ahead.sum()),
        guests=float(guests.sum()),
        burst_of=np.repeat(rows, day.stop - day.first),
    )
    likely = np.where(guests > _A_GUEST, guests, 0.0)
    # Who sits for some further bursts sits at each of them.
    lasting = np.cumsum(likely[:, ::-1], axis=1)[:, ::-1]
    for burst in np.flatnonzero(guests.sum(axis=1) >= _FEW_GUESTS).tolist():
        _sum_guests(chain, result, burst, lasting[burst], likely[burst])
    return result


def _by_length(chain: Chain, back: _Back, whole: Floats) -> tuple[Floats, Floats, Floats]:
    """Weigh guests, then the line's, by burst and further bursts; and who of the line sits at each burst.

    ``whole`` weighs who of the line sits down there.
    """
    kept = chain.kept
    guests, by_length = np.zeros_like(back.weights), np.zeros_like(back.weights)
    entry, lasting = np.zeros_like(back.own), np.zeros_like(back.own)
    most = np.maximum(back.weights, back.guest_weights)
    for burst, faces in enumerate(back.faces):
        for more, one in faces.items():
            most[burst, more] *= max(1.0, one.guest, float(one.ratio.max(initial=1.0)))
    anybody = whole + kept.guest * back.own
    worth = most * back.starting[:, None] * back.back.max(axis=(1, 2))[chain.day.ends]
    lengths = _longest(worth > _NOTHING)
    for block in np.array_split(np.arange(chain.bursts), 1 + chain.bursts // _AT_A_TIME):
        # Of a window most places are far from where the line may be.
        still = not chain.claims.faces and back.still[block].all()
        here = _likely_places(anybody[block]) if still else slice(0, chain.width)
        for more in range(int(lengths[block].max()) - 1, -1, -1):
            rows = block[lengths[block] > more]
            ends, weights = rows + more, back.weights[rows, more]
            further = kept.end_base[ends] - kept.base[rows]
            after = _aligned(back.back[ends, :, here], -further)
            seated = kept.straight[rows, here] * after[:, 0]
            seated += kept.starting[rows, 1, here] * after[:, 1]
            seated[:, :-1] += kept.waited[rows, here][:, 1:] * after[:, 0, 1:]
            seated *= weights[:, None]
            out = np.einsum("bw,bw->b", after[:, 0], kept.guest[rows, here])
            guests[rows, more] = back.guest_weights[rows, more] * out
            for row, burst in enumerate(rows.tolist() if chain.claims.faces else ()):
                if found := back.faces[burst].get(more):
                    seated[row, found.place] *= found.ratio
                    guests[burst, more] *= found.guest
            by_length[rows, more] = seated.sum(axis=1)
            lasting[rows, here] += seated
            entry[ends, here] += _aligned(lasting[rows, here], further)
    return guests, by_length, entry


def _likely_places(anybody: Floats) -> slice:
    """Give the part of a window that has all places where somebody may sit down at any of some bursts."""
    likely = np.flatnonzero(anybody.max(axis=0) > _NOTHING)
    if not likely.size:
        return slice(0, 1)
    return slice(max(0, int(likely[0]) - 1), int(likely[-1]) + 2)


def _longest(worth: NDArray[np.bool_]) -> Numbers:
    """Give for each burst of how many bursts the longest sitting from there is that is worth anything."""
    return np.where(worth.any(axis=1), worth.shape[1] - worth[:, ::-1].argmax(axis=1), 1)


def _aligned(rows: Floats, by: Numbers) -> Floats:
    """Shift each row to a window that begins so many places later."""
    if not by.any():
        return rows
    shifted = rows.copy()
    for row in np.flatnonzero(by).tolist():
        shifted[row] = moved(rows[row], int(by[row]))
    return shifted


def _counts(day: Sittings, by_length: Floats) -> Floats:
    """Sum up how many frames people have."""
    return np.bincount(day.frames.ravel(), by_length.ravel(), LONGEST + 1)[1:].astype(float)


def _let_in(chain: Chain, passed: Floats) -> Floats:
    """Count how many were waiting when a group was let in, the surer the more."""
    counts = np.zeros(QUEUE)
    for burst in np.flatnonzero(chain.day.let_in[: chain.bursts]).tolist():
        base = int(chain.kept.base[burst])
        queue = chain.queue(burst, base)
        shares = passed[burst] if queue is None else passed[burst] / queue
        waiting = chain.day.let_in[burst] - base - np.arange(chain.width)
        fair = (waiting >= 0) & (waiting < QUEUE)
        total = float(shares.sum())
        if total > 0:
            shares = shares / total
            counts += np.bincount(waiting[fair], shares[fair] * float(shares.max()) ** 3, QUEUE)
    return counts


def _named(chain: Chain, whole: Floats) -> list[dict[int, float]]:
    """Weigh by burst whom a witness names there, as one of the line."""
    day, claims = chain.day, chain.claims
    persons: dict[int, set[int]] = {at: set(named) for at, named in claims.person.items()}
    for one in claims.seats:
        persons.setdefault(one.start, set()).add(one.person)
    named: list[dict[int, float]] = [{} for _ in range(chain.bursts)]
    for burst, start in enumerate(day.first.tolist()):
        base = int(chain.kept.base[burst])
        for person in persons.get(start, ()):
            for entry in chain.evidence.entries_of[person]:
                if 0 <= entry + 1 - base < chain.width:
                    weight = float(whole[burst, entry + 1 - base])
                    named[burst][person] = named[burst].get(person, 0.0) + weight
    return named


def _sum_guests(chain: Chain, result: Posterior, burst: int, lasting: Floats, guests: Floats) -> None:
    """Share out among persons what is believed of a guest at a burst, by further bursts.

    ``lasting`` weighs that a guest sits for so many or more; with faces, shares differ by how many.
    """
    table = chain.guests.table[burst]
    if not table:
        told = chain.claims.person.get(int(chain.day.first[burst]), ())
        _share_out(result, burst, lasting, chain.kept.shares[burst], told)
        return
    here = int(chain.kept.place[burst])
    for more in np.flatnonzero(guests).tolist():
        shares = chain.guests.shares(burst, here, table[more])
        _share_out(result, burst, np.full(more + 1, guests[more]), shares, shares)


def _share_out(
    result: Posterior, burst: int, lasting: Floats, shares: Mapping[int, float], told: Container[int]
) -> None:
    """Share out among persons what a guest weighs at a burst and the further ones; some are told by name."""
    weights = (lasting / sum(shares.values())).tolist()
    for person, share in shares.items():
        part = weights[0] * share
        if person == STRANGER:
            result.strangers[burst] += part
        elif person in told:
            named = result.named[burst]
            named[person] = named.get(person, 0.0) + part
        for further, weight in enumerate(weights, burst):
            if weight * share < _HARDLY:
                break
            found = result.guest[further]
            found[person] = found.get(person, 0.0) + weight * share


def _scaled(chain: Chain, weight: Floats) -> Floats:
    """Give the weights of all sittings, by the scales of the bursts that they last for."""
    inverse = 1 / chain.kept.scale
    running = np.ones(chain.bursts)
    scaled = np.zeros_like(weight)
    for more in range(chain.reach):
        lasting = chain.bursts - more
        running[:lasting] *= inverse[more:]
        scaled[:lasting, more] = weight[:lasting, more] * running[:lasting]
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
