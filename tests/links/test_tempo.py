"""A photographer who gets quicker, or slower, over the day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.day.regime import Disorder, Pace, Regime, Witnesses
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames
from fieldkit.links.tempo import at_one_tempo
from tests.links.conftest import linked_right

_SEATS = Witnesses(seat=0.97, seat_lead=(4.0, 1.0))
_CALM = Disorder(*[0.0] * 11)


def _gaps(count: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return np.where(np.arange(count) % 3 == 0, 12.0, 2.2) * chance.lognormal(0, 0.35, count)


@given(st.integers(0, 2000), st.integers(0, 50))
def test_gaps_of_one_tempo_are_left_alone(count: int, seed: int) -> None:
    gaps = _gaps(count, seed)

    assert at_one_tempo(gaps) == pytest.approx(gaps, rel=0.05)


@given(st.floats(0.3, 3.0), st.integers(0, 50))
def test_gaps_of_a_tempo_that_changes_become_alike(by: float, seed: int) -> None:
    gaps = _gaps(1800, seed) * np.linspace(1, by, 1800)

    told = at_one_tempo(gaps)

    parts = [np.median(part[np.arange(part.size) % 3 != 0]) for part in np.array_split(told, 6)]
    assert max(parts) / min(parts) < 1.6


@pytest.mark.parametrize("tempo", [0.4, 2.5])
@pytest.mark.parametrize("seed", [1, 2])
def test_people_are_parted_at_any_tempo_of_the_day(tempo: float, seed: int) -> None:
    pace = Pace(people=400, change=13.0, tempo=tempo)
    day = see_the_day(Regime(f"tempo {tempo}", pace, _CALM, witnesses=_SEATS), seed)

    right = linked_right(day, link_frames(day.observations))

    assert right > 0.95
