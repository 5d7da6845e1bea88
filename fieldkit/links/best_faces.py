"""Whose portrait each frame is most like, where that is as like as frames usually are."""

from collections.abc import Mapping, Sequence

import numpy as np

from fieldkit.links.recording import Likeness, Observation

_TOO_UNLIKE = 4.5
_LEAST_SPREAD = 0.05


def best_faces(seen: Sequence[Observation]) -> Mapping[str, str]:
    """Give by frame the person it is most like, left out where that is far less than usual.

    Scores are on any scale: what is usual is the median of the best ones, and their median deviation.
    """
    best: dict[str, Likeness] = {}
    for one in seen:
        if isinstance(one, Likeness):
            best[one.frame] = max(
                one, best.get(one.frame, one), key=lambda scored: (scored.score, scored.person)
            )
    scores = np.array([one.score for one in best.values()])
    if not scores.size:
        return {}
    usual = float(np.median(scores))
    spread = max(_LEAST_SPREAD, float(np.median(np.abs(scores - usual))))
    return {frame: one.person for frame, one in best.items() if one.score > usual - _TOO_UNLIKE * spread}
