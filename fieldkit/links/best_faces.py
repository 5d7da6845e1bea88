"""Whose portrait each frame is most like, where that is as like as frames usually are."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from fieldkit.links.recording import Likeness

_TOO_UNLIKE = 4.5
_LEAST_SPREAD = 0.05
_MOST_FRAMES, _MOST_SHARE = 40, 0.1


def scores_that_tell(scores: Sequence[Likeness]) -> tuple[tuple[Likeness, ...], Mapping[str, str]]:
    """Give the scores without those for a portrait that is like everybody, and whom each frame is most like.

    Nobody has so many frames; it may be a blank, or the one that all were compared with by mistake.
    """
    best = best_faces(scores)
    frames = Counter(best.values())
    most = max(_MOST_FRAMES, _MOST_SHARE * frames.total())
    everybody = {person for person, count in frames.items() if count > most}
    if not everybody:
        return tuple(scores), best
    kept = tuple(one for one in scores if one.person not in everybody)
    return kept, best_faces(kept)


def best_faces(scores: Sequence[Likeness]) -> Mapping[str, str]:
    """Give by frame the person it is most like, left out where that is far less than usual.

    Scores are on any scale: what is usual is the median of the best ones, and their median deviation.
    """
    best: dict[str, Likeness] = {}
    for one in scores:
        rival = best.get(one.frame, one)
        best[one.frame] = max(one, rival, key=lambda scored: (scored.score, scored.person))
    highest = np.array([one.score for one in best.values()])
    if not highest.size:
        return {}
    usual = float(np.median(highest))
    spread = max(_LEAST_SPREAD, float(np.median(np.abs(highest - usual))))
    return {frame: one.person for frame, one in best.items() if one.score > usual - _TOO_UNLIKE * spread}
