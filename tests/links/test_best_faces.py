"""Whose portrait a frame is most like."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.best_faces import best_faces, scores_that_tell
from fieldkit.links.recording import Likeness

_AT = datetime(2026, 3, 16, tzinfo=UTC)


def _like(frame: str, person: str, score: float) -> Likeness:
    return Likeness(_AT, frame, person, score)


_SCORED = st.builds(
    _like,
    st.sampled_from([f"f{at}" for at in range(12)]),
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.sampled_from([-0.5, 0.0, 0.05, 0.1, 0.55, 0.6, 0.6, 0.65, 0.9]),
)


@given(st.data(), st.lists(_SCORED, max_size=40))
def test_the_order_of_what_was_seen_does_not_matter(data, scores) -> None:
    otherwise = data.draw(st.permutations(scores))
    assert dict(best_faces(otherwise)) == dict(best_faces(scores))
    assert sorted(map(repr, scores_that_tell(otherwise)[0])) == sorted(map(repr, scores_that_tell(scores)[0]))


@given(st.lists(_SCORED, max_size=40))
def test_a_frame_is_named_for_one_that_it_is_most_like(scores) -> None:
    for frame, person in best_faces(scores).items():
        here = [one for one in scores if one.frame == frame]
        most = max(one.score for one in here)
        assert person == max(one.person for one in here if one.score == most)


@given(st.lists(_SCORED, max_size=40))
def test_of_few_frames_every_score_tells(scores) -> None:
    assert scores_that_tell(scores) == (tuple(scores), best_faces(scores))


def test_a_frame_that_is_like_nobody_in_particular_is_named_for_nobody() -> None:
    scores = [_like(f"f{at}", f"P{at}", 0.58 + at % 5 / 100) for at in range(20)]
    named = best_faces([*scores, _like("blank", "P7", 0.1), _like("rather", "P8", 0.45)])
    assert set(named) == {one.frame for one in scores} | {"rather"}
    assert best_faces([]) == {}


def _with_one_like_everybody(frames: int, alike: int) -> list[Likeness]:
    own = [_like(f"f{at:04}", f"P{at // 3}", 0.6) for at in range(frames)]
    return own + [_like(f"f{at:04}", "blank", 0.7) for at in range(0, frames, frames // alike)][:alike]


def test_a_portrait_that_is_like_everybody_tells_of_nobody() -> None:
    scores = _with_one_like_everybody(300, 60)
    kept, most_like = scores_that_tell(scores)
    assert kept == tuple(one for one in scores if one.person != "blank")
    assert most_like == best_faces(kept)
    assert set(most_like.values()) == {f"P{at}" for at in range(100)}


def test_somebody_with_many_frames_of_the_day_is_not_like_everybody() -> None:
    for frames, alike in ((120, 40), (900, 85)):
        scores = _with_one_like_everybody(frames, alike)
        assert scores_that_tell(scores)[0] == tuple(scores)
