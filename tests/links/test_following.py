"""Who follows whom, told by the persons that witnesses name one after the other."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.following import as_they_please, followed

_LINE = 400
_ENTRIES = [(at,) for at in range(_LINE)]
_NAMED = st.lists(st.integers(-1, _LINE - 1), max_size=120)


@given(_NAMED, st.integers(0, 10_000), st.lists(st.integers(1, 3), min_size=120, max_size=120))
def test_whether_they_sit_as_they_please_goes_by_their_order_alone(entries, further, times) -> None:
    pleased = as_they_please(entries)
    assert as_they_please([entry + further for entry in entries]) == pleased
    often = [entry for entry, many in zip(entries, times, strict=False) for _ in range(many)]
    assert as_they_please(often) == pleased


def test_people_in_line_do_not_sit_as_they_please_though_some_are_called_back() -> None:
    entries = list(range(_LINE))
    assert not as_they_please(entries)
    for at in range(5, _LINE, 10):
        entries[at] = at // 3
    assert not as_they_please(entries)


def test_people_in_another_order_sit_as_they_please_unless_they_are_few() -> None:
    backwards = list(range(_LINE, 0, -1))
    assert as_they_please(backwards)
    assert as_they_please(Random(1).sample(backwards, _LINE))
    assert not as_they_please(backwards[:20])
    assert not as_they_please([])


@given(
    st.lists(st.tuples(_NAMED, st.sampled_from([None, 0.1, 0.5, 1.0])), min_size=1, max_size=3),
    st.sampled_from([0, 1, 2]),
)
def test_all_that_is_told_are_shares(rows, ever_checked_in) -> None:
    entries = [(at,) if at % 3 <= ever_checked_in else () for at in range(_LINE)]
    found = followed([named for named, _ in rows], [often for _, often in rows], entries)
    assert 0 <= found.out_of_turn < 1
    assert 0 <= found.passed_over < 1
    steps = [found.steps(step) for step in range(-70, 71)]
    assert min(steps) >= 0
    # The rest are steps that are farther.
    assert 0 < sum(steps) < 1 + 1e-9
    assert found.steps(61) == found.steps(-61) == 0


@pytest.mark.parametrize("often", [1.0, 0.7])
@pytest.mark.parametrize("passed", [0.0, 0.5, 0.75])
def test_how_many_of_the_list_are_passed_over_is_told_from_how_often_people_are_named(often, passed) -> None:
    chance = Random(7)
    named = [at for at in range(_LINE) if chance.random() < (1 - passed) * often]
    found = followed([named], [often], _ENTRIES)
    assert found.out_of_turn == 0
    assert found.passed_over == pytest.approx(passed, abs=0.12)


def test_on_from_somebody_called_back_nobody_is_passed_over() -> None:
    called = list(range(_LINE))
    for at in range(380, 30, -25):
        called.insert(at, at - 20)
    assert followed([called], [1.0], _ENTRIES).passed_over < 0.05


def test_a_witness_of_whom_nobody_knows_how_often_it_speaks_tells_of_nobody_passed_over() -> None:
    assert followed([range(0, _LINE, 4)], [None], _ENTRIES).passed_over == 0


def test_of_people_who_sit_as_they_please_it_is_told_that_they_do_and_not_who_is_missing() -> None:
    classes = [Random(at).sample(range(at, at + 40), 40) for at in range(0, _LINE, 40)]
    found = followed([[at for members in classes for at in members]], [1.0], _ENTRIES)
    assert found.out_of_turn > 0.3
    assert found.passed_over == 0


def test_steps_that_people_often_take_are_likely() -> None:
    called = [at for first in range(0, _LINE, 20) for at in (*range(first, first + 20), max(0, first - 11))]
    found = followed([called], [1.0], _ENTRIES)
    likeliest = sorted(range(-60, 61), key=found.steps, reverse=True)
    assert set(likeliest[:2]) == {-30, 31}
    assert min(found.steps(-30), found.steps(31)) > 0.3


def test_each_witness_is_followed_by_itself() -> None:
    """Slips before lunch and seats behind it: from the last of one to the first of the other is no step."""
    apart = followed([range(200, 400), range(200)], [1.0, 1.0], _ENTRIES)
    assert apart.out_of_turn == apart.passed_over == 0
    assert np.isclose(sum(apart.steps(step) for step in range(-60, 61)), 1)
