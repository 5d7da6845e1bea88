from fieldkit.links.engine import link_frames
from fieldkit.links.live import LiveDay
from fieldkit.links.recording import Assign, Slate
from tests.links.conftest import Sits, linked_right, sit_down


def test_a_day_linked_as_it_grows_is_the_day_linked_at_its_end(build, turns_of) -> None:
    day = build(turns_of(110), 110, "seat")
    live = LiveDay()
    for row in day.observations:
        live.add(row)

    whole = link_frames(day.observations)

    assert [link.frame for link in live.links] == [link.frame for link in whole]
    for now, then in zip(live.links, whole, strict=True):
        if now.status == then.status == "linked":
            assert now.person == then.person
    same = sum(now.status == then.status for now, then in zip(live.links, whole, strict=True))
    assert same > 0.97 * len(whole)
    assert live.settle() == whole


def test_what_reaches_back_is_taken_in(build, turns_of) -> None:
    day = build(turns_of(90), 90)
    live = LiveDay(day.observations)
    first = live.links[1].frame

    live.add(Assign(day.observations[-1].at, first, "P077"))

    assert live.links[1].person == "P077"
    whole = link_frames(day.observations)
    assert [(now.status, now.person) for now in live.links[2:]] == [
        (then.status, then.person) for then in whole[2:]
    ]


def test_a_day_that_starts_with_nothing_has_no_links() -> None:
    assert LiveDay().add() == ()
    assert LiveDay().settle() == ()


def test_a_witness_that_comes_into_use_at_noon_is_believed_as_it_happens() -> None:
    """Behind the first hundreds of frames rates were not learned again: a new witness counted nothing."""
    sits = [Sits(at, "slip" if at < 130 else "seat") for at in range(190)]
    day = sit_down(sits, 190, 5)
    live = LiveDay()
    for row in day.observations:
        live.add(row)

    assert linked_right(day, live.links[-120:]) > 0.9


def test_the_operators_word_counts_before_anybody_has_sat_down(build, turns_of) -> None:
    day = build(turns_of(3), 3)
    slip = next(row for row in day.observations if isinstance(row, Slate))
    live = LiveDay(
        [row for row in day.observations if getattr(row, "id", getattr(row, "frame", "")) == slip.frame]
    )

    live.add(Assign(slip.at, slip.frame, "P002"))

    assert [(link.person, link.why) for link in live.links] == [("P002", ("operator",))]
