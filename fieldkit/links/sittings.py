"""Where sittings may begin, and what each possible sitting weighs but for who it is.

Frames that surely follow one another in a sitting are taken together as a *burst*; a sitting is one
or more bursts. What is prepared here holds one value a burst.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.claims import Claims
from fieldkit.links.densities import LONGEST
from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import Rates
from fieldkit.links.spares import face_factors, one_more, unread_odds, unread_prior
from fieldkit.links.times import SURE, Floats, Numbers

# Chance of a change of person in a gap below which frames are one burst.
_SURELY_WITHIN = 0.01
# Share of changes of person at which the camera body changes, too.
_WITH_THE_BODY = 0.05
# What is nobody's between people is half as often before one as behind the other.
_BEFORE_OR_BEHIND = 0.5
# Seconds by which a clock that is not sure may be off at the door.
_UNSURE_BY = 600.0
# Share of the time that one person takes for which a door stands still between groups.
_STANDS_STILL = 0.8
# Each frame more than LONGEST is so much rarer.
_BEYOND = 0.6
# The log of the least weight: further down numbers would run out.
_LEAST_LOG = -600.0
# The frame before the first of all, in seconds.
_BEFORE_ALL = 30.0
# Where faces are compared a person's frames are one burst, but for those that show none.
_WEIGHTLESS, _UNLIKE = 1e-30, 1e-12
_ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Sittings:
    """Bursts of a day and their weights.

    ``first[burst]`` is its first frame, ``stop[burst]`` the frame after its last.
    ``weight[burst, more]`` weighs a sitting of ``more`` further bursts from there on, of at most
    ``lengths[burst]`` bursts; ``alone`` that the burst is nobody's, ``change`` and ``mean`` the density
    of the gap before it as a change of person, against the sum of both densities, and that sum.
    Entries below ``waiting`` had checked in before the gap, those below ``come`` before its end.
    """

    first: Numbers
    stop: Numbers
    weight: Floats
    lengths: Numbers
    alone: Floats
    change: Floats
    mean: Floats
    waiting: Numbers
    come: Numbers
    moment: Floats
    gap: Floats
    let_in: tuple[int, ...]

    @property
    def ends(self) -> Numbers:
        """The last burst of each sitting, by burst and further bursts; none is behind the day's last."""
        bursts, reach = self.weight.shape
        ends: Numbers = np.minimum(np.arange(bursts)[:, None] + np.arange(reach), bursts - 1)
        return ends

    @property
    def frames(self) -> Numbers:
        """How many frames each sitting has, up to LONGEST."""
        frames: Numbers = np.minimum(self.stop[self.ends] - self.first[:, None], LONGEST)
        return frames


def prepare(evidence: Evidence, rates: Rates, claims: Claims, part: slice = _ALL) -> Sittings:
    """Prepare the sittings of a day, or of a part of its bursts."""
    gaps = evidence.gaps
    within, change = rates.within(evidence.paced), rates.change(evidence.paced)
    other = np.diff(evidence.bodies, prepend=evidence.bodies[0]) != 0
    within *= np.where(other, rates.other_body, 1 - rates.other_body)
    change *= np.where(other, _WITH_THE_BODY, 1 - _WITH_THE_BODY)
    mean = within + change
    within, change = within / mean, change / mean
    change[0] = 1.0
    first = _first_frames(evidence, claims, change, other)
    first, stop = first[part], np.append(first[1:], gaps.size)[part]
    weight = _weights(evidence, rates, within, first, stop)
    lengths = _lengths(weight, claims)
    _, spare = face_factors(evidence, rates)
    steps = np.log(spare * rates.spare_between * _BEFORE_OR_BEHIND)
    sums = np.concatenate(([0.0], np.cumsum(steps)))
    alone = np.exp(np.maximum(sums[stop] - sums[first], _LEAST_LOG))
    times, doors = evidence.times, evidence.entry_times
    before = np.where(first > 0, times[first - 1], times[first] - _BEFORE_ALL)
    moment = np.where(first > 0, before + gaps[first], times[first])
    # By a clock that is not sure nobody is held to have come in the gap before a frame, or too late.
    unsure = evidence.trust[first] != SURE
    come = np.searchsorted(doors, moment + np.where(unsure, _UNSURE_BY, 0.0))
    waiting = np.where(unsure, come, np.searchsorted(doors, before))
    since = int(waiting[0]) if first[0] else 0
    waiting[0] = come[0]
    return Sittings(
        first=first,
        stop=stop,
        weight=_cut(weight, lengths),
        lengths=lengths,
        alone=alone,
        change=change[first],
        mean=mean[first],
        waiting=waiting,
        come=come,
        moment=moment,
        gap=moment - before,
        let_in=_let_in(evidence, rates, np.append(since, come)),
    )


def _let_in(evidence: Evidence, rates: Rates, come: Numbers) -> tuple[int, ...]:
    """Give for each burst the entry that began a new group at the door since the one before, or 0.

    ``come`` counts the check-ins before the first burst, then at each.
    A group begins where the door stood still for about as long as one person sits.
    """
    doors = evidence.entry_times
    lengths = np.arange(1, LONGEST + 1)
    cycle = rates.change.middle + (float(lengths @ rates.counts) - 1) * rates.within.middle
    begins = np.flatnonzero(np.diff(doors) > _STANDS_STILL * cycle) + 1
    found = []
    for low, high in pairwise(come.tolist()):
        inside = begins[(begins >= low) & (begins < high)]
        found.append(int(inside[-1]) if inside.size else 0)
    return tuple(found)


def _first_frames(evidence: Evidence, claims: Claims, change: Floats, other: NDArray[np.bool_]) -> Numbers:
    count = change.size
    may = (change > _SURELY_WITHIN) | other
    may[0] = True
    for starts in (claims.person, claims.entry, evidence.slips):
        may[[at for at in starts if at < count]] = True
    may |= claims.anybody > 1.0
    # One face is one sitting at whatever pace, and two faces are two.
    here: int | None = None
    latest: int | None = None
    for at in range(len(claims.faces)):
        before, here = here, claims.shows.get(at)
        if here is not None and here == before:
            may[at] = False
        elif here is not None:
            may[at] |= here != latest
            latest = here
    return np.flatnonzero(may)


def parted(day: Sittings, bursts: Iterable[int]) -> Sittings:
    """Let no sitting last over the beginning of any of these bursts."""
    edges = np.array([*sorted(bursts), day.first.size])
    rows = np.arange(day.first.size)
    lengths = np.minimum(day.lengths, edges[np.searchsorted(edges, rows, side="right")] - rows)
    return replace(day, lengths=lengths, weight=_cut(day.weight, lengths))


def _cut(weight: Floats, lengths: Numbers) -> Floats:
    """Let sittings that are longer than this weigh nothing."""
    return np.where(np.arange(weight.shape[1]) < lengths[:, None], weight, 0.0)


def _weights(evidence: Evidence, rates: Rates, within: Floats, first: Numbers, stop: Numbers) -> Floats:
    portrait, spare = face_factors(evidence, rates)
    mixed = (1 - rates.spare_within) * portrait + rates.spare_within * spare
    opening = mixed * (1 - unread_prior(evidence, rates))
    unread = unread_odds(evidence, rates)
    sums = np.concatenate(([0.0], np.cumsum(np.log(within * mixed))))
    survive = np.cumsum(rates.counts[::-1])[::-1]
    columns = []
    bursts = first.size
    for more in range(LONGEST):
        column = np.zeros(bursts)
        here = np.arange(max(0, bursts - more))
        begin, end = first[here], stop[here + more]
        length = end - begin
        # More frames than the model counts to are no less one person's.
        counts = np.where(
            end == evidence.times.size,
            survive[np.minimum(length, LONGEST) - 1],
            rates.counts[np.minimum(length, LONGEST) - 1],
        ) * _BEYOND ** np.maximum(length - LONGEST, 0)
        logs = sums[end] - sums[begin + 1]
        begun = opening[begin] * (1 + unread[begin] * one_more(rates, length))
        column[here] = begun * np.exp(np.maximum(logs, _LEAST_LOG)) * counts
        columns.append(column)
        if more and not (column > 1e-10 * columns[0]).any():
            break
    return np.stack(columns, axis=1)


def _lengths(weight: Floats, claims: Claims) -> Numbers:
    """Give for each burst how many bursts the longest sitting from there has that weighs anything."""
    least = _UNLIKE if claims.faces else _WEIGHTLESS
    counts = weight > least * weight.max(axis=1, keepdims=True)
    counts[:, 0] = True
    return np.asarray(weight.shape[1] - counts[:, ::-1].argmax(axis=1))
