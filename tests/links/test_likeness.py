"""Scores of likeness on any scale: the day itself tells how like people are to themselves and to others."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.links.engine import link_frames, reason
from fieldkit.links.evidence import lay_out
from fieldkit.links.first_rates import first_rates
from fieldkit.links.likeness import likeness_rates
from fieldkit.links.recording import Likeness, Observation
from tests.links.conftest import Builder, Day, Sits, build, linked_right, sit_down, turns_of


def _compared(day: Day, own: float, others: float, among: int, seed: int = 5) -> tuple[Observation, ...]:
    """Compare each portrait with whoever sits there and ``among`` of the line, on one scale."""
    chance = Random(seed)
    rows: list[Observation] = []
    for seen in day.observations:
        if not isinstance(seen, Likeness):
            rows.append(seen)
        elif seen.person == day.truth[seen.frame]:
            rows.append(replace(seen, score=chance.gauss(own, 0.04)))
            known = [person for person in day.line if person != seen.person]
            rows.extend(
                replace(seen, person=person, score=chance.gauss(others, 0.06))
                for person in chance.sample(known, among)
            )
    return tuple(rows)


@pytest.mark.parametrize(("own", "others"), [(0.9, 0.6), (0.3, 0.0), (0.1, -0.15), (0.62, 0.1)])
@pytest.mark.parametrize("among", [1, 4, 30])
def test_the_scale_of_scores_is_found(build: Builder, own: float, others: float, among: int) -> None:
    day = build(turns_of(60), 60, witness="likeness")
    observations = _compared(day, own, others, among)
    with np.errstate(all="raise", under="ignore"):
        links = link_frames(observations)
    assert linked_right(day, links) > 0.97
    rates, _, _ = reason(lay_out(observations))
    assert rates.genuine[0] == pytest.approx(own, abs=0.05)
    assert rates.impostor[0] == pytest.approx(others, abs=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_is_called_back_and_compared_with_nobody_but_themselves_is_linked(
    build: Builder, seed: int
) -> None:
    chance = Random(seed)
    turns = turns_of(300)
    for again in chance.sample(turns[:150], 12):
        turns.insert(chance.randrange(200, 280), again)
    day = build(turns, 300, witness="likeness")
    links = link_frames(
        tuple(
            replace(seen, score=chance.gauss(0.5, 0.08)) if isinstance(seen, Likeness) else seen
            for seen in day.observations
            if not isinstance(seen, Likeness) or seen.person == day.truth[seen.frame]
        )
    )
    assert linked_right(day, links) > 0.985


def test_scores_that_nobody_reaches_name_nobody(build: Builder) -> None:
    """Everybody compared with one who is not there: faces like nobody's tie no frame to that one."""
    day = build(turns_of(60), 60, witness="likeness")
    strange = tuple(
        replace(seen, person="P060", score=0.05 + seen.score / 100) if isinstance(seen, Likeness) else seen
        for seen in day.observations
        if not isinstance(seen, Likeness) or day.truth[seen.frame] not in (None, "P060")
    )
    assert [link.frame for link in link_frames(strange) if link.status == "linked"] == []


_COMPARED = lay_out(build(turns_of(6), 6, witness="likeness").observations)
_SCORED = st.tuples(st.integers(0, 5), st.floats(-1, 1))


@settings(max_examples=60)
@given(
    st.lists(st.lists(_SCORED, min_size=1, max_size=4), min_size=1, max_size=12),
    st.lists(st.floats(-1, 4), min_size=8, max_size=8),
)
@example([[(0, 0.6)]] * 12, [1.0 + 1e-12] * 8)
@example([[(0, 0.9), (1, -0.9)]] * 12, [4.0] * 8)
@example([[(0, 1.0)], [(1, -1.0)]] * 6, [1.9] * 8)
def test_bells_are_learned_though_beliefs_do_not_quite_add_up(found, beliefs) -> None:
    """Beliefs summed over the ways to sit may be over one by rounding, and below 0 they are not known."""
    evidence = replace(_COMPARED, likeness=tuple(tuple(dict(scores).items()) for scores in found))
    rates = likeness_rates(
        evidence, first_rates(_COMPARED), lambda frame, person: beliefs[(frame + person) % len(beliefs)]
    )
    for middle, spread in (rates.genuine, rates.impostor):
        assert -1.01 < middle < 1.01
        assert 0 < spread < 1.1
    assert 0 < rates.scored < 1


def test_a_face_unlike_whom_order_puts_there_is_looked_at() -> None:
    """A stranger in the place of somebody who left had that one's name at 0.997."""
    day = sit_down([Sits(at, "likeness") for at in range(60)], 60, 3)
    taken = [frame for frame, person in day.truth.items() if person == "P031"]
    seen = [
        replace(row, score=0.08) if isinstance(row, Likeness) and row.person == "P031" else row
        for row in day.observations
    ]

    links = {link.frame: link for link in link_frames(seen)}

    assert {links[frame].status for frame in taken} == {"review"}
