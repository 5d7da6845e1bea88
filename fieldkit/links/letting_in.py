"""How many wait when the next are let in: it tells where the line stands where only order speaks.

A door that lets in by the chair does so at about the same number of waiting people all day. Taken for
one more or one fewer, that number would shift the whole day's links by a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from fieldkit.links.chain import Chain
from fieldkit.links.claims import Claims
from fieldkit.links.evidence import Evidence
from fieldkit.links.left_over import came_by, left_over, pauses
from fieldkit.links.posterior import Posterior, believe
from fieldkit.links.rates import QUEUE, Rates
from fieldkit.links.sittings import Sittings, prepare
from fieldkit.links.times import Floats, Seconds

_TRIAL, _ANCHORED = 150, 60
_SHARE, _FIRST_GROUPS = 0.06, 6
_BACKLOG, _GROUPS = 6.0, 0.3
_SHARPER, _NOT_BY_THE_CHAIR = 3, -15.0
_COUNTED, _SOME, _MORE = 1.0, 0.5, 0.7
_MISLEADS = 0.1
_FEW_TIMES, _STEADY = 8, 1.05


def with_queue(evidence: Evidence, rates: Rates, claims: Claims) -> Rates:
    """Find how many usually wait when the next are let in; none where that does not go by the chair."""
    # As long as it is not known how long the way to the chair is, it would speak for all to wait.
    rates = replace(rates, walk=None)
    found = believe(Chain(evidence, rates, claims, slice(_TRIAL)))
    waiting = _counted(found)
    if waiting.size < max(4.0, _SHARE * float(found.start.sum())):
        return replace(rates, queue=None)
    # Nobody has left yet among the first: how many came less how many sat is how many wait.
    counted = float(np.median(waiting[:_FIRST_GROUPS]))
    usual = range(max(0, int(counted) - 2), max(1, int(np.ceil(counted))) + 1)
    # Behind many who wait, people who come one by one come as they please.
    by_ones = counted > _BACKLOG and waiting.size > _GROUPS * float(found.start.sum())
    if by_ones or usual.stop > QUEUE:
        return replace(rates, queue=None)
    if not (_steady(waiting) or _by_the_chair(evidence, rates, claims, found, waiting, usual)):
        return replace(rates, queue=None)
    tried = [_as_learned(evidence, replace(rates, queue=_around(number)), claims) for number in usual]
    parts = _held_in_place(prepare(evidence, rates, claims))
    told = np.array([[_likelihood(evidence, one, claims, part) for part in parts] for one in tried])
    # Late comers behind the last group, or a leaver among the first, mislead now and then.
    shares = (1 - _MISLEADS) * np.exp(told - told.max(axis=0)) + _MISLEADS
    worth = np.log(shares).sum(axis=1) - [_COUNTED * abs(one - counted) + _unusual(one) for one in usual]
    best = int(worth.argmax())
    return replace(tried[best], standing=1 / float(np.exp(worth - worth[best]).sum()))


def _steady(waiting: Seconds) -> bool:
    """Tell whether about as many wait each time, but for a drift where sittings are not parted well."""
    if waiting.size < _FEW_TIMES:
        return False
    times = np.arange(waiting.size)
    return float(np.std(waiting - np.polyval(np.polyfit(times, waiting, 1), times))) < _STEADY


def _as_learned(evidence: Evidence, rates: Rates, claims: Claims) -> Rates:
    """Learn how many wait if it is about so many; as shares, so that no shape explains the day better."""
    found = believe(Chain(evidence, rates, claims, slice(_TRIAL)))
    queue = learn_queue(rates, found)
    return replace(rates, queue=None if queue is None else queue / queue.sum())


def _by_the_chair(
    evidence: Evidence,
    rates: Rates,
    claims: Claims,
    found: Posterior,
    waiting: Seconds,
    usual: Iterable[int],
) -> bool:
    """Tell whether the next are let in when about so many wait, and not whenever they happen to come.

    People who come as they please are let in at the same rate whoever waits; that costs what such a
    rate leaves open. A door that goes by the chair costs those who must then have left.
    """
    ahead = found.day.come - (np.cumsum(found.start) - found.start)
    turns = float(found.start[ahead > 1.5].sum()) + 1
    came = float((waiting > 0.5).sum()) + 0.5
    share = min(came / turns, 0.99)
    as_they_please = came * np.log(share) + max(0.0, turns - came) * np.log(1 - share)

    def worth(queue: Seconds | None) -> float:
        chain = Chain(evidence, replace(rates, queue=queue), claims, slice(_TRIAL))
        return float(np.log(chain.forward().scale).sum())

    sharp = max(worth(np.maximum(_around(number) ** _SHARPER, 1e-4)) for number in usual)
    return bool(sharp - worth(None) - as_they_please > _NOT_BY_THE_CHAIR)


def _unusual(number: int) -> float:
    """Give what speaks against so many before anything is seen: most doors let in to an empty chair."""
    return _SOME + _MORE * float(np.log2(1 + number)) if number else 0.0


def learn_queue(rates: Rates, found: Posterior) -> Seconds | None:
    """Learn how many are waiting when a group is let in: rarer the further from what is usual."""
    if rates.queue is None:
        return None
    usual = int(rates.queue.argmax())
    share = np.convolve(found.queue, (0.05, 0.9, 0.05), mode="same") + 4 * _around(usual) + 3 / QUEUE
    share[usual:] = np.minimum.accumulate(share[usual:])
    share[: usual + 1] = np.minimum.accumulate(share[usual::-1])[::-1]
    return np.asarray(share / share.max())


def _around(usual: int) -> Seconds:
    # The same whatever is usual, so that no number explains the day better by its shape alone.
    more = np.arange(QUEUE) - usual
    return np.asarray(np.where(more >= 0, 0.5**more, 0.3 * 0.5**-more) + 0.002)


def _counted(found: Posterior) -> Seconds:
    """Count who came less who sat, each time that somebody was let in."""
    sat = np.concatenate(([0.0], np.cumsum(found.start)))
    let_in = found.day.let_in[: found.start.size]
    return np.array([first - sat[burst] for burst, first in enumerate(let_in) if first])


@dataclass(frozen=True, slots=True)
class _Part:
    """Bursts behind a long pause, where the line begins, or before one, where it ends.

    They hold the frames from ``first`` to ``last``.
    """

    bursts: slice
    first: int
    last: int
    begins: bool


def _held_in_place(day: Sittings) -> list[_Part]:
    """Give the parts behind and before each long pause of the day.

    There the line's beginning, and its end, hold it in place: hardly anybody is left over.
    """
    edges = [0, *pauses(day).tolist(), day.first.size]
    parts = []
    for first, last in pairwise(edges):
        reach = min(_ANCHORED, (last - first + 1) // 2)
        for low, begins in ((first, True), (last - reach, False)):
            high = low + reach
            frames = int(day.first[low]), int(day.stop[high - 1]) - 1
            parts.append(_Part(slice(low, high), *frames, begins))
    return parts


def _likelihood(evidence: Evidence, rates: Rates, claims: Claims, part: _Part) -> float:
    """Give the log likelihood of the sittings of a part."""
    chain = Chain(evidence, rates, claims, part.bursts, _entering(evidence, rates, part))
    kept = chain.forward()
    worth = float(np.log(kept.scale).sum())
    if part.begins:
        return worth
    left = chain.left_over(came_by(evidence, part.last), int(kept.end_base[-1]))
    return worth + float(np.log(kept.after @ left))


def _entering(evidence: Evidence, rates: Rates, part: _Part) -> Floats | None:
    """Weigh the places in line before a part; None where it is the day's beginning."""
    places = np.arange(evidence.entry_times.size + 1)
    if not part.begins:
        come = came_by(evidence, part.first)
        return np.where((places <= come) & (places > come - QUEUE), 1.0, 0.0)
    return left_over(rates, came_by(evidence, part.first - 1) - places) if part.first else None
