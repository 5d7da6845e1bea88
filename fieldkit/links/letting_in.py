"""How many wait when the next are let in: it tells where the line stands where only order speaks.

A door that lets in by the chair does so at about the same number of waiting people all day. Taken for
one more or one fewer, that number would shift the whole day's links by a person.
"""

from dataclasses import replace

import numpy as np

from fieldkit.links.chain import Chain
from fieldkit.links.claims import Claims
from fieldkit.links.evidence import Evidence
from fieldkit.links.posterior import Posterior, believe
from fieldkit.links.rates import QUEUE, Rates
from fieldkit.links.times import Seconds

_TRIAL, _ANCHORED = 150, 60
_SHARE, _FIRST_GROUPS, _MORNING = 0.06, 6, 30
_BACKLOG, _STEADY = 6.0, 2.2
_COUNTED, _SOME, _MORE = 1.0, 1.7, 0.3


def with_queue(evidence: Evidence, rates: Rates, claims: Claims) -> Rates:
    """Find how many usually wait when the next are let in; none where that does not go by the chair."""
    found = believe(Chain(evidence, rates, claims, claims.turns, _TRIAL))
    waiting = _counted(found)
    if waiting.size < max(4.0, _SHARE * float(found.start.sum())):
        return replace(rates, queue=None)
    # Nobody has left yet among the first: how many came less how many sat is how many wait.
    counted = float(np.median(waiting[:_FIRST_GROUPS]))
    change = float(np.quantile(np.abs(np.diff(waiting[:_MORNING])), 0.75))
    if counted > _BACKLOG or change > _STEADY:
        return replace(rates, queue=None)
    usual = range(max(0, int(counted) - 1), max(0, int(np.ceil(counted)) + 1) + 1)
    # As long as it is not known how long the way to the chair is, it would speak for all to wait.
    tried = [replace(rates, queue=_around(number), walk=None) for number in usual]
    worth = np.array(
        [
            _likelihood(evidence, one, claims) - _COUNTED * abs(number - counted) - _unusual(number)
            for number, one in zip(usual, tried, strict=True)
        ]
    )
    best = int(worth.argmax())
    return replace(rates, queue=tried[best].queue, standing=1 / float(np.exp(worth - worth[best]).sum()))


def _unusual(number: int) -> float:
    """Give what speaks against so many before anything is seen: most doors let in to an empty chair."""
    return _SOME + _MORE * number if number else 0.0


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
    return np.asarray(np.where(more >= 0, 0.5**more, 0.1 * 0.5**-more) + 0.002)


def _counted(found: Posterior) -> Seconds:
    """Count who came less who sat, each time that somebody was let in."""
    sat = np.concatenate(([0.0], np.cumsum(found.start)))
    let_in = found.day.let_in[: found.start.size]
    return np.array([first - sat[burst] for burst, first in enumerate(let_in) if first])


def _likelihood(evidence: Evidence, rates: Rates, claims: Claims) -> float:
    """Give the log likelihood of the morning, when the line's beginning still holds it in place."""
    kept = Chain(evidence, rates, claims, claims.turns, _ANCHORED).forward()
    return float(np.log(kept.scale).sum())
