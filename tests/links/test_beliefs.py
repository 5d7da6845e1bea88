"""What is believed of a frame sums up to one, whoever sits there and whatever was compared."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.links.recording import FrameTaken, Likeness
from tests.links.conftest import belief_sums

PEOPLE = 24
GENUINE, OTHER = 0.62, 0.08


def compared(day, strangers_with):
    """Compare each frame with whoever sits there and two near in line, a stranger with anybody."""
    rows = list(day.observations)
    taken = [row for row in rows if isinstance(row, FrameTaken)]
    for at, frame in enumerate(taken):
        owner = day.truth[frame.id]
        if owner is None:
            continue
        if owner in day.line:
            rows.append(Likeness(frame.at, frame.id, owner, GENUINE))
            others = [day.line[(day.line.index(owner) + step) % PEOPLE] for step in (1, 3)]
        else:
            others = [day.line[(at * 7 + step * 5) % PEOPLE] for step in range(strangers_with)]
        rows.extend(Likeness(frame.at, frame.id, other, OTHER) for other in dict.fromkeys(others))
    return rows


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, PEOPLE - 1), st.integers(1, 9)), min_size=1, max_size=3),
    st.integers(1, 4),
)
def test_a_stranger_whose_face_is_like_nobodys_takes_no_belief_away(
    build, turns_of, turn, strangers, strangers_with
) -> None:
    turns = turns_of(PEOPLE)
    for number, (place, frames) in enumerate(strangers):
        turns.insert(place, turn(f"X{number}", None, frames, told=False))

    assert belief_sums(compared(build(turns, PEOPLE, "none"), strangers_with)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("witness", ["slip", "seat", "none"])
def test_beliefs_of_a_day_with_a_stranger_and_one_who_left_sum_to_one(build, turns_of, turn, witness) -> None:
    turns = turns_of(PEOPLE)
    turns[9:10] = []
    turns.insert(15, turn("X0", None, 3, told=False))

    assert belief_sums(build(turns, PEOPLE, witness).observations) == pytest.approx(1, abs=1e-4)
