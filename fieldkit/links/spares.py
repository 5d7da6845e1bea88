"""Which frames are nobody's though somebody sits there: test shots, and slips that nobody could read."""

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.densities import LONGEST
from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import Rates
from fieldkit.links.times import Floats, Numbers

_RUN_ON = 0.2
_RUN_GAP = 8.0
_NO_PORTRAIT = 0.01


def face_factors(evidence: Evidence, rates: Rates) -> tuple[Floats, Floats]:
    """Give for each frame how likely the faces counted are in a portrait, and in a spare frame."""
    portrait = np.append(rates.face_portrait, 1.0)[evidence.faces]
    return portrait, np.append(rates.face_spare, 1.0)[evidence.faces]


def spare_share(evidence: Evidence, rates: Rates) -> Floats:
    """Give for each frame the chance that it is nobody's although somebody sits there.

    Spare frames come in runs (a test, a second try at the trigger): a two-state chain over the
    frames of one sitting, by what the face detector saw.
    """
    portrait, spare = face_factors(evidence, rates)
    if not evidence.has_faces:
        return np.full(evidence.times.size, rates.spare_within)
    enter, stay = rates.spare_within, _RUN_ON
    close = evidence.gaps < _RUN_GAP
    ratio = spare / portrait
    ahead = _run(ratio, close, enter, stay)
    back = _run(ratio[::-1], np.append(True, close[:0:-1]), enter, stay)[::-1]
    prior = enter / (1 - enter)
    odds = prior * (ahead / prior) * ratio * (back / prior)
    return np.asarray(odds / (1 + odds))


def _run(ratio: Floats, close: NDArray[np.bool_], enter: float, stay: float) -> Floats:
    """Give the odds that each frame is spare from the frames before it alone."""
    odds = np.empty(ratio.size)
    before = enter / (1 - enter)
    for at, (one, near) in enumerate(zip(ratio.tolist(), close.tolist(), strict=True)):
        if at and near:
            share = before / (1 + before)
            now = share * stay + (1 - share) * enter
        else:
            now = enter
        odds[at] = now / (1 - now)
        before = odds[at] * one
    return odds


def unread_prior(evidence: Evidence, rates: Rates) -> Floats:
    """Give for each frame that would open a sitting the chance that a slip nobody could read does so.

    It is 0 where slips are not in use, or one was read.
    """
    share = rates.unread_slip * evidence.usage.slips * bool(evidence.slips)
    share[[at for at in evidence.slips if at < share.size]] = 0.0
    return np.asarray(share)


def unread_odds(evidence: Evidence, rates: Rates) -> Floats:
    """Weigh by its faces that a frame which opens a sitting is an unread slip, against a portrait."""
    share = unread_prior(evidence, rates)
    portrait, _ = face_factors(evidence, rates)
    return np.asarray(share / (1 - share) * np.append(rates.face_slip, 1.0)[evidence.faces] / portrait)


def one_more(rates: Rates, frames: Numbers) -> Floats:
    """Give how much likelier so many frames are a slip and one portrait fewer than portraits only."""
    counts = np.append(_NO_PORTRAIT, rates.counts)
    at = np.minimum(frames, LONGEST)
    return np.asarray(counts[at - 1] / counts[at])
