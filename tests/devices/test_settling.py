"""When a file is told: never while it grows, once when it is still."""

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices.settling import QUIET_MS, Settling

STEPS = st.lists(
    st.tuples(st.integers(0, 3000), st.booleans(), st.sampled_from(sorted(QUIET_MS))),
    max_size=40,
)


@given(STEPS)
def test_a_file_is_told_only_after_it_was_the_same_long_enough(steps):
    settling, now, size, changed_at = Settling(), 0, 1, 0
    told_since_change = False

    for pause, grows, sign in steps:
        now += pause
        if grows:
            size += 1
        if grows or now == 0:
            changed_at, told_since_change = now, False
        settling.look({"a.jpg": (size, size)}, now)
        still = settling.settled({"a.jpg": sign}, now)

        for file in still:
            assert file.size == size
            assert now - changed_at >= QUIET_MS[sign] or changed_at == 0
            assert not told_since_change
            told_since_change = True


@given(st.dictionaries(st.text(min_size=1), st.tuples(st.integers(1), st.integers(0)), max_size=30))
def test_every_file_at_rest_is_told_exactly_once(files):
    settling = Settling()

    told = []
    for now in range(0, 10_000, 1000):
        settling.look(files, now)
        told += settling.settled({}, now)

    assert {file.path: (file.size, file.mtime_ns) for file in told} == files
    assert len(told) == len(files)
    assert not settling.pending


def test_one_look_is_never_enough():
    settling = Settling()
    settling.look({"a.jpg": (1, 1)}, 0)

    assert settling.settled({"a.jpg": "ended"}, 60_000) == ()


def test_a_file_written_again_is_told_again():
    settling = Settling()
    for now in (0, 5000):
        settling.look({"a.jpg": (1, 1)}, now)
    first = settling.settled({}, 5000)
    for now in (6000, 9000):
        settling.look({"a.jpg": (2, 2)}, now)

    assert [file.size for file in first + settling.settled({}, 9000)] == [1, 2]


def test_only_files_that_were_told_are_told_as_gone():
    settling = Settling()
    settling.look({"a.jpg": (1, 1), "b.jpg": (1, 1)}, 0)
    settling.look({"a.jpg": (1, 1)}, 5000)
    settling.settled({}, 5000)

    assert settling.vanished({}) == ("a.jpg",)
    assert settling.vanished({}) == ()
    assert not settling.pending


def test_ten_thousand_files_written_slowly_are_never_told_half():
    settling, sizes, whole = Settling(), {}, {}
    for number in range(10_000):
        whole[f"{number:05}.jpg"] = 3 + number % 5
    for step in range(1, 9):
        now = step * 200
        sizes = {path: (min(step, size), min(step, size)) for path, size in whole.items()}
        settling.look(sizes, now)
        for file in settling.settled(dict.fromkeys(sizes, "ended"), now):
            assert file.size == whole[file.path]
    settling.look(sizes, 5000)
    settling.settled({}, 5000)

    assert not settling.pending
