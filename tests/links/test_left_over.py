"""Who is left over where photographing stops."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.links.engine import reason
from fieldkit.links.evidence import lay_out
from fieldkit.links.first_rates import first_rates
from fieldkit.links.left_over import came_before_pauses, came_by, left_over, pauses
from fieldkit.links.rates import QUEUE
from fieldkit.links.recording import Checkin
from tests.links.conftest import build, turns_of

_PEOPLE = 30
_EVIDENCE = lay_out(build(turns_of(_PEOPLE), _PEOPLE).observations)
_RATES = first_rates(_EVIDENCE)


@given(st.floats(0.001, 0.5))
def test_the_fewer_are_left_over_the_likelier_and_anything_may_be(skip: float) -> None:
    weights = left_over(replace(_RATES, skip=skip), np.arange(-QUEUE, 2 * QUEUE))
    ahead, behind = weights[:QUEUE], weights[QUEUE:]
    assert (weights > 0).all()
    assert (np.diff(behind) <= 0).all()
    assert behind[0] == behind.max() > 10 * behind[-1]
    # More have sat than came: that is as unlikely as any number may be.
    assert (ahead <= behind.min()).all()


@settings(max_examples=40)
@given(st.lists(st.floats(0, 10_000), max_size=40), st.lists(st.floats(0, 10_000), min_size=1, max_size=9))
def test_all_who_checked_in_before_a_frame_have_come_by_it(doors, frames) -> None:
    day = replace(_EVIDENCE, entry_times=np.sort(doors), times=np.sort(frames))
    for frame, moment in enumerate(day.times.tolist()):
        assert came_by(day, frame) == sum(door < moment for door in doors)


@pytest.mark.parametrize("hours", [0, 1])
def test_a_pause_is_a_long_stretch_without_frames(hours: int) -> None:
    day = build(turns_of(_PEOPLE), _PEOPLE, offset=0.0)
    names = list(day.truth)
    first = next(at for at, name in enumerate(names) if day.truth[name] == "P016") - 1
    behind = set(names[first:])

    def later(seen):
        if getattr(seen, "frame", getattr(seen, "id", "")) in behind:
            shift = timedelta(hours=hours)
            seen = replace(seen, at=seen.at + shift)
            return replace(seen, shot=seen.shot + shift) if hasattr(seen, "shot") else seen
        if isinstance(seen, Checkin) and seen.seq > 20:
            return replace(seen, at=seen.at + timedelta(minutes=40))
        return seen

    evidence = lay_out([later(seen) for seen in day.observations])
    _, _, found = reason(evidence)
    at = pauses(found.day).tolist()
    assert [day.truth[evidence.frames[found.day.first[burst]]] for burst in at] == ["P016"] * hours
    assert came_before_pauses(evidence, found.day) == dict.fromkeys(at, 20)
