"""A home's own files: key slots in two copies, and what a crash left."""

import fcntl
import os
from collections import namedtuple
from pathlib import Path

import pytest

from fieldkit.doctor import laptop
from fieldkit.doctor.camera import camera_clocks, keys_to_screen, spoken_seconds
from fieldkit.doctor.home import slots, spool
from fieldkit.words import doctor as words

SLOTS, COPY = "keyslots.json", "keyslots.copy.json"


def test_two_equal_copies_of_the_key_slots_are_sound(home_path):
    assert slots(home_path).state == "ok"


@pytest.mark.parametrize(("broken", "other"), [(SLOTS, COPY), (COPY, SLOTS)])
@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_copy_that_is_lost_is_told_with_the_command_that_restores_it(home_path, broken, other, damage):
    path = home_path / broken
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:50])

    found = slots(home_path)

    assert (found.state, found.fields["broken"]) == ("failure", broken)
    assert found.row("en")["next"].endswith(f"cp {home_path / other} {home_path / broken}")
    path.write_bytes((home_path / other).read_bytes())
    assert slots(home_path).state == "ok"


def test_copies_that_differ_are_told_and_the_one_in_use_is_kept(home_path):
    copy = home_path / COPY
    copy.write_text(copy.read_text().replace('"v":1', '"v":2'))

    found = slots(home_path)

    assert (found.state, found.found) == ("warning", words.SLOTS_DIFFER)
    assert found.row("zh")["next"].endswith(f"cp {home_path / SLOTS} {copy}")


def test_both_copies_lost_is_a_failure_that_says_so(home_path):
    (home_path / SLOTS).write_text("{}")
    (home_path / COPY).write_text("")

    found = slots(home_path)

    assert found.state == "failure"
    assert all(found.row(lang)["next"] for lang in ("zh", "en"))


def test_an_empty_spool_is_well_and_so_is_none(tmp_path):
    assert spool(tmp_path).found == words.SPOOL_EMPTY
    (tmp_path / "spool").mkdir()
    assert (spool(tmp_path).state, spool(tmp_path).found) == ("ok", words.SPOOL_EMPTY)


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """Give a spool with a half-written original in it."""
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "ab.part").write_bytes(bytes(3_000_000))
    return tmp_path


def test_what_a_crash_left_is_told(left):
    found = spool(left)

    assert (found.state, found.fields) == ("warning", {"count": 1, "megabytes": 3})
    assert (left / "spool" / "ab.part").exists()


def test_a_spool_that_is_written_to_is_no_leftover(left):
    descriptor = os.open(left / "spool", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        assert (spool(left).state, spool(left).found) == ("ok", words.SPOOL_IN_USE)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(
    ("seconds", "state", "text"),
    [
        (3.2, "ok", words.CAMERA_BEHIND),
        (-119.0, "ok", words.CAMERA_AHEAD),
        (121.0, "warning", words.CAMERA_BEHIND),
        (-28812.0, "warning", words.CAMERA_AHEAD),
    ],
)
def test_a_camera_clock_is_judged_by_how_far_it_is_off(seconds, state, text):
    (found,) = camera_clocks({"B1": seconds})

    assert (found.state, found.found) == (state, text)
    assert (found.next_step is None) == (state == "ok")


@pytest.mark.parametrize(
    ("seconds", "spoken"), [(0.4, "0 s"), (37, "37 s"), (99.6, "1:40"), (725, "12:05"), (28812, "8:00:12")]
)
def test_a_span_is_written_as_people_say_it(seconds, spoken):
    assert spoken_seconds(seconds) == spoken


def test_the_time_of_keys_is_that_of_the_slow_ones():
    assert list(keys_to_screen([])) == []
    (quick,) = keys_to_screen([9.0] * 99 + [400.0])
    (slow,) = keys_to_screen([9.0] * 90 + [80.0] * 10)

    assert (quick.state, quick.fields) == ("ok", {"milliseconds": 9})
    assert (slow.state, slow.fields) == ("warning", {"milliseconds": 80})


@pytest.mark.parametrize(
    ("free", "to_come", "state"),
    [
        (200, None, "ok"),
        (100, None, "warning"),
        (10, None, "failure"),
        (100, 60, "ok"),
        (100, 130, "warning"),
        (10, 0, "failure"),
    ],
)
def test_space_is_judged_by_what_is_still_to_come(tmp_path, monkeypatch, free, to_come, state):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(laptop.shutil, "disk_usage", lambda _: usage(0, 0, free * 10**9))

    found = laptop.space(tmp_path, None if to_come is None else to_come * 10**9)

    assert found.state == state
    assert (found.next_step is None) == (state == "ok")
