"""A card that is read in: what a pass tells, what is left when it is pulled, and how that is shown."""

import threading
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices.events import CameraChanged, FolderChanged, ReaderChanged, VolumeChanged
from fieldkit.devices.simulated.camera import SimulatedCamera
from fieldkit.devices.simulated.slot import SimulatedSlot
from fieldkit.frames.errors import DiskFull
from fieldkit.ledger.read.frames import frames
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.screens.copying import Copying, Told, card_lines, card_state, copying_lines, trouble_elsewhere
from fieldkit.screens.holding import Question
from fieldkit.screens.lights import Plugged, lights, plugged_after
from fieldkit.screens.passes import CardPass, has_pictures, pulled
from fieldkit.text import cells
from fieldkit.words.frames import REASONS

AT = datetime(2026, 6, 12, 9, 46, tzinfo=UTC)
JPEG = camera_jpeg(1, 1, shot=AT, body="B1", number=1, size=(240, 320))


@pytest.fixture
def slot(tmp_path):
    """Give a slot with a card in it that holds five frames, each of its own content."""
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    camera = SimulatedCamera(slot.insert("one"))
    for number in range(5):
        camera.shoot(JPEG + bytes(number + 1))
    return slot


def files_of(kit):
    return [frame.file for frame in frames(kit.store, kit.require_visit().key)]


def test_a_pulled_card_says_what_is_missing_and_goes_on_when_it_is_back(kit, slot):
    told = []

    def pull(now):
        told.append(now)
        slot.pull()

    first = CardPass(kit, slot.place, "EOS_A", pull, quiet_ms=0).run(threading.Event())
    taken = files_of(kit)

    assert told[0].state == "copying"
    assert (told[0].of, told[0].to_come > 0) == (5, True)
    assert first.state == "pulled"
    assert first.left == 5 - len(taken) > 0

    slot.insert("one")
    second = CardPass(kit, slot.place, "EOS_A", told.append, quiet_ms=0).run(threading.Event())

    assert (second.state, second.new) == ("done", 5 - len(taken))
    assert len(files_of(kit)) == 5


def test_a_cancelled_pass_ends_after_the_file_it_reads(kit, slot):
    cancel = threading.Event()

    done = CardPass(kit, slot.place, "EOS_A", lambda _: cancel.set(), quiet_ms=0).run(cancel)

    assert (done.state, done.left, done.reason) == ("partly", 4, "cancelled")
    assert len(files_of(kit)) == 1
    assert pulled(done).left == 4


def test_a_card_that_holds_nothing_new_is_passed_over_in_silence(kit, slot):
    CardPass(kit, slot.place, "EOS_A", lambda _: None).run(threading.Event())
    told = []

    done = CardPass(kit, slot.place, "EOS_A", told.append, quiet_ms=0).run(threading.Event())

    assert (done.state, done.new, told) == ("done", 0, [])
    assert pulled(done) is None


def test_a_damaged_file_is_told_with_its_reason(kit, slot):
    (slot.place / "DCIM" / "100FIELD" / "IMG_0006.JPG").write_bytes(b"no photo at all" * 9)

    done = CardPass(kit, slot.place, "EOS_A", lambda _: None).run(threading.Event())

    assert (done.state, done.new, done.left, done.reason) == ("partly", 5, 1, "damaged")
    for lang in ("zh", "en"):
        shown = copying_lines(done, (0, 0), 80, lang)
        assert REASONS["damaged"].say(lang) in shown[0]


def test_only_a_volume_that_a_camera_wrote_to_has_pictures(slot, tmp_path):
    assert has_pictures(str(slot.place))
    assert not has_pictures(str(tmp_path))
    assert not has_pictures(str(tmp_path / "nowhere"))


COPYINGS = st.builds(
    Copying,
    card=st.text(max_size=30),
    state=st.sampled_from(["copying", "done", "partly", "pulled", "failed"]),
    files=st.integers(0, 50_000),
    of=st.integers(0, 50_000),
    read=st.integers(0, 10**12),
    to_come=st.integers(0, 10**12),
    seconds=st.floats(0, 1e5),
    new=st.integers(0, 50_000),
    left=st.integers(0, 50_000),
    reason=st.sampled_from(sorted(REASONS)),
    error=st.sampled_from([None, DiskFull()]),
)


@given(
    COPYINGS, st.integers(0, 9999), st.integers(0, 9999), st.integers(40, 200), st.sampled_from(["zh", "en"])
)
def test_two_lines_of_the_screens_width_show_any_state(now, done, total, width, lang):
    shown = copying_lines(now, (done, total), width, lang)

    assert [cells(line) for line in shown] == [width, width]


def test_while_it_is_read_it_says_not_to_remove_it_with_rate_and_time_left():
    now = Copying("EOS_A", "copying", files=132, of=480, read=820_000_000, to_come=369_000_000, seconds=20.0)

    first, bar = copying_lines(now, (0, 0), 80, "zh")

    assert first.strip() == "! 勿拔卡 DO NOT REMOVE   EOS_A   132/480 个文件   41 MB/秒   剩 0:09"
    assert bar.strip().endswith("27%")
    assert "▒" in bar


@pytest.mark.parametrize(
    ("state", "stays"),
    [("done", False), ("copying", False), ("partly", True), ("pulled", True), ("failed", True)],
)
def test_what_went_wrong_with_a_card_stays_after_it_is_taken_out(state, stays):
    told, now = Told(), Copying("EOS_A", state)
    told.after(now)

    assert told.after(None) == (now if stays else None)


def test_what_another_card_tells_does_not_hide_that_one_was_pulled():
    told = Told()
    told.after(Copying("EOS_A", "pulled", 3, 5, left=2, key="a"))

    reading = told.after(Copying("EOS_B", "copying", files=1, of=9, key="b"))
    read = told.after(Copying("EOS_B", "done", 9, 9, new=9, key="b"))

    for now, state, first in ((reading, "copying", "勿拔卡"), (read, "pulled", "EOS_B 已读完")):
        shown = card_lines(now, (0, 0), None, 80, "zh")
        assert first in shown[0]
        assert shown[1].startswith(" × EOS_A 拔得太早：还有 2 个文件没读")
        assert [cells(line) for line in shown] == [80, 80]
        assert card_state(now, None) == state
    back = told.after(Copying("EOS_A", "done", 5, 5, new=2, key="a"))
    assert back.beside is None
    assert told.after(None) is None


def test_two_cards_of_which_one_name_is_known_are_told_apart():
    told = Told()
    told.after(Copying("EOS_DIGITAL", "pulled", left=2, key="uuid-1"))

    assert told.after(Copying("EOS_DIGITAL", "done", key="uuid-2")).beside.left == 2


def test_that_a_second_card_was_pulled_is_told_at_the_door_too():
    first, second = Copying("EOS_A", "pulled", left=2), Copying("EOS_B", "pulled", left=7)

    assert "EOS_B" in trouble_elsewhere(first, second, "zh")
    assert trouble_elsewhere(second, second, "zh") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("refused", [False, True])
def test_what_to_do_with_a_held_card_is_told_whole_and_fits_whether_it_was_answered(lang, refused):
    asked = Question("/media/A", "EOS_A", 123, date(2025, 6, 1), refused)

    shown = card_lines(None, (0, 0), asked, 80, lang)

    assert not any("…" in line for line in shown)
    undecided = {"zh": "决定之前", "en": "before that"}[lang]
    assert (undecided in shown[1]) == (not refused)


def states(there, card=None):
    return [light.state for light in lights(there, card)]


def test_lights_are_folded_from_what_is_told():
    there = Plugged()
    assert states(there) == ["absent", "absent", "absent"]

    for event in (
        ReaderChanged(AT, "added", "ACS"),
        ReaderChanged(AT, "added", "/dev/ttyUSB0"),
        CameraChanged(AT, "added", "EOS", "/dev/bus/usb/1/2"),
        VolumeChanged(AT, "mounted", "/media/EOS"),
        FolderChanged(AT, "/media/EOS", present=True),
    ):
        there = plugged_after(there, event)
    assert states(there) == ["ok", "ok", "ok"]
    assert states(there, "copying") == ["ok", "ok", "busy"]
    assert states(there, "pulled") == ["ok", "ok", "fault"]

    there = plugged_after(there, ReaderChanged(AT, "service-lost", "pcscd"))
    assert there.readers == {"/dev/ttyUSB0"}
    there = plugged_after(there, ReaderChanged(AT, "removed", "/dev/ttyUSB0"))
    assert states(there)[0] == "fault"
    there = plugged_after(there, ReaderChanged(AT, "service-back", "pcscd"))
    assert states(there)[0] == "absent"
