"""Slips in one part of the day, something else in the rest: where a witness is not in use it misleads not."""

from datetime import UTC, timedelta

import numpy as np
import pytest

from fieldkit.links import clocks
from fieldkit.links.engine import link_frames
from fieldkit.links.evidence import lay_out
from fieldkit.links.recording import FrameTaken, Next, Slate
from fieldkit.links.times import GUESSED, SURE, ClockWitnesses
from tests.links.conftest import Manner, Sits, linked_right, sit_down

_MIXES = [("slip", "seat"), ("seat", "slip"), ("likeness", "seat"), ("slip", "likeness")]
_NAMES = ["-".join(mix) for mix in _MIXES]


def in_halves(people: int, first: str, then: str) -> list[Sits]:
    return [Sits(at, first if at < people // 2 else then) for at in range(people)]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("first", "then"), _MIXES[:3], ids=_NAMES[:3])
def test_on_a_quick_day_nobody_is_taken_for_the_next_where_another_witness_is_used(
    first: str, then: str, seed: int
) -> None:
    quick = Manner(change=(5.0, 7.0), lead=(3.0, 4.0), frames=(3, 3))
    day = sit_down(in_halves(120, first, then), 120, seed, quick)
    assert linked_right(day, link_frames(day.observations)) > 0.97


@pytest.mark.parametrize("faces", [True, False], ids=["faces", "no faces"])
@pytest.mark.parametrize("frames", [(1, 1), (2, 3)], ids=["one frame", "a few frames"])
@pytest.mark.parametrize(("first", "then"), _MIXES, ids=_NAMES)
def test_no_first_frame_is_held_for_an_unread_slip_where_no_slips_are_shown(
    first: str, then: str, frames: tuple[int, int], faces: bool
) -> None:
    manner = Manner(frames=frames, faces=faces)
    for seed in (1, 2):
        day = sit_down(in_halves(100, first, then), 100, seed, manner)
        assert linked_right(day, link_frames(day.observations)) > 0.97


def _by_turns(at: int) -> int:
    return at % 2


def _in_blocks(at: int) -> int:
    return at // 23 % 2


@pytest.mark.parametrize("whose_turn", [_by_turns, _in_blocks])
@pytest.mark.parametrize("second", [500.0, -3590.0], ids=["clocks differ", "clocks nearly agree"])
@pytest.mark.parametrize(("first", "then"), [("likeness", "likeness"), *_MIXES[:2]])
def test_two_cards_that_are_read_in_at_the_end_are_linked(first, then, second, whose_turn) -> None:
    manner = Manner(read_in_later=True, bodies=(-3600.0, second))
    for seed in (1, 2):
        sits = [Sits(one.at, one.witness, whose_turn(one.at)) for one in in_halves(120, first, then)]
        day = sit_down(sits, 120, seed, manner)
        assert linked_right(day, link_frames(day.observations)) > 0.97


def test_no_clock_puts_most_turns_before_their_check_ins() -> None:
    """A few seats that fit yesterday's hours as well laid a whole card a day too early."""
    shots = np.arange(40) * 15.0
    names = [f"f{at}" for at in range(40)]
    door = {name: shot + 5000.0 - 60.0 for name, shot in zip(names, shots.tolist(), strict=True)}
    witnesses = ClockWitnesses(
        chair=shots[:20] - 86_400.0 - 4.0, door=np.array(list(door.values())), turn_door=door
    )
    late = np.full(40, 9000.0) - shots

    laid = clocks._unarrived_offsets(shots, late, names, witnesses, 20)

    assert 4900 < float(np.median(laid.offsets)) < 5100
    assert (laid.trust == GUESSED).all()


def test_clicks_name_nobody_and_tell_the_clock_of_days_with_slips() -> None:
    manner = Manner(read_in_later=True, bodies=(-3600.0, 500.0))
    day = sit_down([Sits(at, "slip", at % 2) for at in range(80)], 80, 3, manner)
    taken = {row.id: row for row in day.observations if isinstance(row, FrameTaken)}
    clicks = tuple(
        Next(taken[row.frame].shot.replace(tzinfo=UTC) - timedelta(seconds=behind + 1.0))
        for row in day.observations
        if isinstance(row, Slate)
        for behind in (manner.bodies[int(taken[row.frame].body[-1]) - 1],)
    )

    evidence = lay_out((*day.observations, *clicks))

    assert (evidence.trust == SURE).all()
    assert linked_right(day, link_frames((*day.observations, *clicks))) > 0.97
