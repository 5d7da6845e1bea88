"""A door that lets in by the chair, told by order alone."""

from dataclasses import replace

import pytest

from benchmarks.day.regime import Disorder, Pace, Regime
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames

_CALM = Disorder(*[0.0] * 11)


@pytest.mark.parametrize("early", [0, 1, 2])
def test_a_line_in_order_is_proposed_in_order_however_many_wait_when_the_next_come(early: int) -> None:
    pace = Pace(people=150, let_in="free", group=(2, 4), early=early, lunch=False)
    day = see_the_day(Regime(f"in order, {early} wait", pace=pace, disorder=_CALM), 1)
    links = link_frames(day.observations)
    portraits = [link for link in links if day.truth[link.frame]]
    assert not any(link.status == "linked" for link in links)
    right = sum(link.proposal == day.truth[link.frame] for link in portraits)
    assert right > 0.9 * len(portraits)


def test_nothing_is_said_to_be_sure_where_only_order_speaks() -> None:
    pace = Pace(people=120, let_in="single")
    day = see_the_day(Regime("one by one", pace=replace(pace, lunch=False)), 3)
    assert all(link.confidence < 1 for link in link_frames(day.observations) if link.status == "review")
