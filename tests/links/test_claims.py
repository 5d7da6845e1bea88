"""Which starts may be whose that were confirmed at the chair."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldkit.links import claims
from fieldkit.links.densities import delays_from
from fieldkit.links.evidence import NOBODY, lay_out
from fieldkit.links.first_rates import first_rates
from fieldkit.links.recording import FrameTaken, Next

_OVER = 0.1
_SECONDS = st.integers(0, 4000).map(lambda quarters: quarters / 4)
_SEATS = st.lists(st.tuples(_SECONDS, st.integers(NOBODY, 5)), max_size=25)
_STARTS = st.lists(
    st.tuples(_SECONDS, st.sampled_from([0.02, 0.3, 0.5, 0.99]), st.booleans()), min_size=1, max_size=40
)


def _one_by_one(times, seats, whom, delays, fresh, placed):
    """Look at each seat by itself, the plain way."""
    loudest = delays.density.max()
    soonest = delays.at(claims._SOONEST)
    for seat, (moment, who) in enumerate(zip(seats, whom, strict=True)):
        near = [
            at for at, time in enumerate(times) if moment - claims._EARLIEST <= time < moment + claims._LATEST
        ]
        if not near:
            continue
        fit = {at: float(delays(times[at] - moment)) / loudest * placed[at] for at in near}
        likely = {at: fit[at] * fresh[at] for at in near}
        most = max(likely.values())
        next_one = next((at for at in near if times[at] - moment >= soonest), None)
        if who == NOBODY:
            fair = [next(at for at in near if likely[at] == most)]
        else:
            fair = [
                at
                for at in near
                if fit[at] > claims._CORE and (likely[at] > claims._IDLE * most or at == next_one)
            ]
        behind = [at for at, time in enumerate(times) if time >= moment + claims._AT_ONCE]
        for at in fair:
            over = at in behind[1:]
            seldom = _OVER if over else 1 - _OVER
            yield seat, at, times[at] - moment, fit[at] * seldom, likely[at] * seldom, over


@given(_SEATS, _STARTS, st.sampled_from([2.0, -3.0, 8.0]), st.sampled_from([1, 7, 40, 1_000_000]))
@example([(900.0, 1), (950.0, NOBODY)], [(10.0, 0.5, True)], 2.0, 7)
@example([(100.0, 1), (400.0, 2), (700.0, 3)], [(103.0, 0.9, True), (703.0, 0.9, True)], 2.0, 1)
@example([(100.0, NOBODY)], [(103.0, 0.5, True), (103.0, 0.5, True)], 2.0, 7)
@example([(100.0, NOBODY), (100.0, 1)], [(103.0, 0.9, False)], 2.0, 1)
def test_seats_are_paired_as_if_each_were_looked_at_by_itself(seats, starts, usual, at_a_time) -> None:
    seats, starts = sorted(seats), sorted(starts)
    times = np.array([time for time, _, _ in starts])
    moments = np.array([moment for moment, _ in seats], float)
    whom = np.array([who for _, who in seats], np.int64)
    fresh = np.array([share for _, share, _ in starts])
    placed = np.array([sure for _, _, sure in starts])
    delays = delays_from(np.array([usual - 1, usual, usual + 1]), np.array([20.0, 60.0, 20.0]))
    evidence = SimpleNamespace(times=times, seat_times=moments, seat_persons=whom)
    rates = SimpleNamespace(seat_delay=delays, seat_over=_OVER)

    with patch.object(claims, "_AT_A_TIME", at_a_time):
        parts = list(claims._starts_near(evidence, rates, fresh, placed))

    found = [row for part in parts for row in zip(*(column.tolist() for column in part), strict=True)]
    plain = list(_one_by_one(times, moments, whom, delays, fresh, placed))
    assert [row[:2] for row in found] == [row[:2] for row in plain]
    assert np.array(found) == pytest.approx(np.array(plain))


def test_a_guest_sits_down_where_a_seat_fits_best_and_not_again_behind() -> None:
    """A guest is no state of the chain: one seat spoke for two sittings of theirs in a row."""
    seats = (
        claims.SeatClaim(0, 10, 7, 4.0, 0.9, over=False),
        claims.SeatClaim(0, 11, 7, 6.2, 0.2, over=True),
        claims.SeatClaim(1, 11, 8, 3.0, 0.5, over=False),
        claims.SeatClaim(1, 14, 8, 9.0, 0.4, over=True),
    )
    assert claims._rather_another(seats) == {11: frozenset({7})}


@given(st.floats(0.5, 5.0), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_a_click_that_may_mean_two_starts_tells_less_of_each(apart, first, second) -> None:
    """The one it fitted better was taken for certain, and the other all but ruled out."""
    evidence = SimpleNamespace(times=np.array([100.0, 100.0 + apart, 160.0]), click_times=np.array([97.0]))
    rates = SimpleNamespace(click_delay=delays_from(np.array([2.0, 3.0, 4.0]), np.full(3, 30.0)))

    shares = claims._clicks(evidence, rates, np.array([first, second, 0.9]))

    assert shares[:2].sum() == pytest.approx(1.0)
    assert shares[2] == 0.0
    alone = claims._clicks(evidence, rates, np.array([first, 0.0, 0.9]))
    assert shares[0] < alone[0] == pytest.approx(1.0)


@pytest.mark.parametrize("often", [0.1, 0.9])
def test_a_click_tells_the_more_the_oftener_people_are_clicked_for(build, turns_of, often) -> None:
    """A clicker that was seldom used went for one that was nearly always used."""
    day = build(turns_of(12), 12, "seat")
    first = next(row.at for row in day.observations if isinstance(row, FrameTaken))
    evidence = lay_out([*day.observations, Next(first - timedelta(seconds=2))])
    rates = replace(first_rates(evidence), click=often)
    alone = claims.claim(replace(evidence, click_times=np.empty(0)), rates).anybody

    clicked = claims.claim(evidence, rates)

    (start,) = clicked.clicked
    assert clicked.anybody[start] / alone[start] <= often / claims._CLICK_ASTRAY
