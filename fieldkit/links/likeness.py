"""How like people are to themselves and to others: two bells of scores, learned from the day.

Makers of face models scale their scores as they like, so that nothing is known before a day is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import Rates, clip_rate
from fieldkit.links.times import Numbers, Seconds

_NARROWEST = 0.05
_STRENGTH = 10.0
_STEPS, _FRAMES, _SCORES = 10, 1000, 10_000
_FAR = 4.0
_OTHERS_BELOW = (0.5, 0.12)
_BETTER = 10.0

Bell = tuple[float, float]
Own = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class _Scales:
    """The bells of a day's scores, and how often whoever sits in a frame is among the scored.

    ``likelihood`` is the logarithm of how well those that they were improved from go with the scores.
    """

    genuine: Bell
    impostor: Bell
    scored: float
    likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scores:
    """Scores, the number of the frame of each, and how many scores a frame has."""

    values: Seconds
    frame: Numbers
    many: Numbers


def bell(values: Seconds, middle: float, spread: float) -> Seconds:
    """Give the density of scores, with a little anywhere: a score may be quite off."""
    dense = np.exp(-0.5 * ((values - middle) / spread) ** 2) / (spread * 2.5066)
    return np.asarray(0.98 * dense + 0.01)


def first_likeness(evidence: Evidence, rates: Rates) -> Rates:
    """Find the scale of a day's scores before anybody is named.

    At most one of those whom a frame was compared with sits in it. What is usual is kept unless the
    best score of each frame, taken for its person's own, explains the scores better.
    """
    scores = _some_scores(evidence)
    if not scores.many.size:
        return rates
    usual = _settled(scores, _Scales(rates.genuine, rates.impostor, rates.scored))
    other = _settled(scores, _best_against_rest(scores, rates))
    found = other if other.likelihood > usual.likelihood + _BETTER else usual
    if found.genuine[0] <= found.impostor[0]:
        return rates
    scale = (found.genuine, found.impostor)
    return replace(
        rates, genuine=found.genuine, impostor=found.impostor, usual_scale=scale, scored=found.scored
    )


def likeness_rates(evidence: Evidence, rates: Rates, own: Own) -> Rates:
    """Learn how like a person is to herself and to others, from who sat where by now."""
    if not evidence.has_likeness:
        return rates
    scores, weights = [], []
    for frame, found in enumerate(evidence.likeness):
        for person, score in found:
            weight_here = own(frame, person)
            if weight_here >= 0:
                scores.append(score)
                weights.append(min(1.0, weight_here))
    values, shares = np.array(scores), np.array(weights)
    genuine = _bell_of(values, shares, rates.usual_scale[0])
    impostor = _bell_of(values, 1 - shares, rates.usual_scale[1])
    if genuine[0] <= impostor[0]:
        return rates
    return replace(rates, genuine=genuine, impostor=impostor, scored=_scored(evidence, own))


def _scored(evidence: Evidence, own: Own) -> float:
    """Learn how often whoever sits in a frame with scores is among the scored."""
    found = [
        sum(max(0.0, own(frame, person)) for person, _ in scores)
        for frame, scores in enumerate(evidence.likeness)
        if scores and own(frame, scores[0][0]) >= 0
    ]
    return clip_rate(sum(found), len(found), 0.9, 20)


def _some_scores(evidence: Evidence) -> _Scores:
    """Take the scores of frames from all over the day."""
    told = [[score for _, score in found] for found in evidence.likeness if found]
    told = told[:: 1 + max(len(told) // _FRAMES, sum(map(len, told)) // _SCORES)]
    many = np.array([len(found) for found in told], np.int64)
    values = np.array([score for found in told for score in found])
    return _Scores(values, np.repeat(np.arange(many.size), many), many)


def _best_against_rest(scores: _Scores, rates: Rates) -> _Scales:
    best = np.full(scores.many.size, -np.inf)
    np.maximum.at(best, scores.frame, scores.values)
    middle = float(np.median(best))
    spread = max(_NARROWEST, 1.48 * float(np.median(np.abs(best - middle))))
    rest = scores.values[(scores.values < best[scores.frame]) | (scores.values < middle - _FAR * spread)]
    below, wide = _OTHERS_BELOW
    impostor = _bell_of(rest, np.ones(rest.size), (middle - below, wide))
    return _Scales((middle, spread), impostor, rates.scored)


def _settled(scores: _Scores, start: _Scales) -> _Scales:
    """Improve two bells by expectation-maximisation over frames of which at most one score is genuine."""
    found = start
    for _ in range(_STEPS):
        other = bell(scores.values, *found.impostor)
        each = found.scored / scores.many[scores.frame]
        odds = each * bell(scores.values, *found.genuine) / other
        summed = 1 - found.scored + np.bincount(scores.frame, odds, scores.many.size)
        own = odds / summed[scores.frame]
        found = _Scales(
            _bell_of(scores.values, own, start.genuine),
            _bell_of(scores.values, 1 - own, start.impostor),
            clip_rate(float(own.sum()), scores.many.size, start.scored, 20),
            float(np.log(summed).sum() + np.log(other).sum()),
        )
    return found


def _bell_of(score: Seconds, weight: Seconds, prior: Bell) -> Bell:
    total = float(weight.sum()) + _STRENGTH
    middle = (float(weight @ score) + _STRENGTH * prior[0]) / total
    square = float(weight @ (score - middle) ** 2) + _STRENGTH * prior[1] ** 2
    return middle, max(_NARROWEST, float(np.sqrt(square / total)))
