"""Where in a day a witness is in use, told by the frames at which it spoke."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.usage import in_use

_FRAMES = 300
_MARKS = st.sets(st.integers(0, _FRAMES - 1), max_size=80)


def _used(marks, frames: int = _FRAMES):
    return in_use(np.array(sorted(marks), np.int64), frames)


@given(_MARKS)
def test_it_is_in_use_where_it_speaks_and_likely_or_not_elsewhere(marks) -> None:
    use = _used(marks)
    assert use.shape == (_FRAMES,)
    assert ((use >= 0) & (use <= 1)).all()
    assert (use[sorted(marks)] == 1).all()


@given(st.permutations(range(0, 160, 4)), st.lists(st.integers(0, 39), max_size=9), st.integers(1, 50))
def test_neither_order_nor_words_said_twice_nor_words_outside_the_day_matter(order, again, beyond) -> None:
    marks = np.array([*order, *(order[at] for at in again), -beyond, _FRAMES - 1 + beyond], np.int64)
    assert (in_use(marks, _FRAMES) == _used(order)).all()


@given(_MARKS)
def test_a_day_that_runs_backwards_is_used_alike(marks) -> None:
    backwards = _used({_FRAMES - 1 - mark for mark in marks})
    assert backwards[::-1] == pytest.approx(_used(marks), abs=1e-9)


@given(_MARKS)
def test_of_two_silences_it_is_rather_not_in_use_in_the_longer(marks) -> None:
    spoken = sorted(marks)
    use = _used(marks)
    inner = sorted(
        (after - before, use[before + 1]) for before, after in pairwise(spoken) if after > before + 1
    )
    shares = [share for _, share in inner]
    assert shares == sorted(shares, reverse=True)


@given(st.sets(st.integers(0, _FRAMES - 1), max_size=4))
def test_a_few_words_tell_nothing(marks) -> None:
    assert (_used(marks) == 1).all()


def test_a_day_without_frames_has_no_use_of_anything() -> None:
    assert in_use(np.array([0, 1, 2], np.int64), 0).size == 0


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_a_witness_that_falls_silent_at_lunch_is_not_in_use_behind_it(every: int) -> None:
    use = _used(range(0, 150, every))
    assert use[: 150 - every].min() > 0.98
    assert use[160:].max() < 0.01


def test_a_witness_that_misses_some_is_in_use_all_day() -> None:
    missed = {17, 18, 50, 90, 91, 92}
    assert _used({3 * at for at in range(100)} - {3 * at for at in missed}).min() > 0.9
