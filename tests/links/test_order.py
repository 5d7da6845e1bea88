from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.order import shooting_order
from fieldkit.links.recording import FrameTaken

START = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def frame(place: int, name: str, shot: float | None, body: str = "cam-1") -> FrameTaken:
    moment = None if shot is None else START.replace(tzinfo=None) + timedelta(seconds=shot)
    return FrameTaken(START + timedelta(seconds=place * 5), f"f{place}", body, name, moment)


def dcf(count: int) -> tuple[str, str]:
    folder, number = divmod(count - 1, 9999)
    return f"{100 + folder}CANON", f"IMG_{number + 1:04}.JPG"


@given(
    st.integers(1, 9999),
    st.integers(2, 60),
    st.booleans(),
    st.booleans(),
    st.sets(st.integers(0, 59)),
    st.randoms(use_true_random=False),
)
def test_the_order_survives_roll_over_whole_seconds_and_holes(
    first: int, length: int, new_folder: bool, timed: bool, holes: set[int], chance
) -> None:
    frames = []
    for place in range(length):
        folder, name = dcf(first + place)
        path = f"{folder if new_folder else '100CANON'}/{name}"
        frames.append(frame(place, path, float(place * 2 // 3) if timed else None))
    kept = [one for place, one in enumerate(frames) if place not in holes] or frames[:1]
    mixed = list(kept)
    chance.shuffle(mixed)

    assert shooting_order(mixed) == {"cam-1": tuple(kept)}


def test_a_clock_set_back_does_not_move_frames() -> None:
    shots = [100.0, 110.0, 120.0, 30.0, 40.0]
    frames = [frame(at, f"100CANON/IMG_{at + 1:04}.JPG", shot) for at, shot in enumerate(shots)]

    assert shooting_order(reversed(frames)) == {"cam-1": tuple(frames)}


@given(st.integers(5, 35), st.integers(1, 34), st.sampled_from([-28_800.0, -3600.0, 3600.0]))
def test_a_clock_set_about_a_new_folder_does_not_move_frames(new: int, behind: int, by: float) -> None:
    frames = []
    for place in range(40):
        folder, name = dcf(9999 - new + 1 + place)
        frames.append(frame(place, f"{folder}/{name}", place * 5.0 + by * (place >= behind)))

    assert shooting_order(reversed(frames)) == {"cam-1": tuple(frames)}


def test_a_second_card_with_the_same_numbers_follows_the_clock() -> None:
    first = [frame(at, f"100CANON/IMG_{at + 1:04}.JPG", at * 4.0) for at in range(5)]
    second = [frame(9 + at, f"100CANON/IMG_{at + 1:04}.JPG", 90 + at * 4.0) for at in range(5)]

    assert shooting_order(second + first) == {"cam-1": (*first, *second)}


def test_bodies_are_kept_apart_and_odd_names_do_no_harm() -> None:
    frames = [
        frame(0, "shot.jpg", 0.0, "b"),
        frame(1, "", None, "a"),
        frame(2, "x/y/z/-.CR3", None, "a"),
        frame(3, "9" * 400 + ".JPG", 7.0, "b"),
    ]

    order = shooting_order(frames)

    assert list(order) == ["a", "b"]
    assert sorted(one.id for body in order.values() for one in body) == ["f0", "f1", "f2", "f3"]


@given(st.lists(st.integers(10, 40), min_size=3, max_size=6), st.booleans())
def test_cards_that_are_put_in_by_turns_follow_the_clock(stays: list[int], folders: bool) -> None:
    """Each of two cards counts on from its own last number."""
    frames, last = [], [0, 7000]
    for turn, stay in enumerate(stays):
        card = turn % 2
        for _ in range(stay):
            last[card] += 1
            folder = f"{100 + card * folders}CANON"
            frames.append(frame(len(frames), f"{folder}/IMG_{last[card]:04}.JPG", len(frames) * 4.0))

    assert shooting_order(reversed(frames)) == {"cam-1": tuple(frames)}


@given(st.integers(20, 180), st.integers(200, 5000), st.integers(20, 90))
def test_a_clock_set_back_beside_a_hole_in_the_numbers_mixes_nothing(
    behind: int, hole: int, back: int
) -> None:
    frames = [
        frame(at, f"100CANON/IMG_{1 + at + hole * (at >= behind):04}.JPG", at * 5.0 - back * (at >= behind))
        for at in range(200)
    ]

    assert shooting_order(reversed(frames)) == {"cam-1": tuple(frames)}


def test_a_folder_without_camera_times_is_put_among_the_others_by_the_laptops_clock() -> None:
    east = timezone(timedelta(hours=8))

    def at(seconds: int) -> datetime:
        return datetime(2026, 3, 16, 8, tzinfo=east) + timedelta(seconds=seconds)

    timed = [
        FrameTaken(
            at(10 * one),
            f"a{one}",
            "cam",
            f"100CANON/IMG_{one + 1:04}.JPG",
            at(10 * one).replace(tzinfo=None),
        )
        for one in range(5)
    ]
    bare = [
        FrameTaken(at(600 + 10 * one), f"b{one}", "cam", f"102CANON/IMG_{one + 501:04}.JPG", None)
        for one in range(5)
    ]

    assert shooting_order([*bare, *timed]) == {"cam": (*timed, *bare)}


def test_copies_of_a_file_keep_its_place_and_counters_go_on_over_9999() -> None:
    names = ["IMG_0108", "IMG_0109", "IMG_0110 (1)", "IMG_0111", "IMG_0115-2", "IMG_0116"]
    copied = [frame(at, f"100CANON/{name}.JPG", 5.0 * at) for at, name in enumerate(names)]
    counted = [frame(at, f"tether/IMG{9990 + at:05}.jpg", None) for at in range(20)]

    assert shooting_order(copied[::-1]) == {"cam-1": tuple(copied)}
    assert shooting_order(counted[::-1]) == {"cam-1": tuple(counted)}
