"""Cards read in beside each other: what a camera has just written does not wait for a card."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from fieldkit.clock import SetClock, SystemClock
from fieldkit.devices.events import FilesSettled, FilesVanished, SettledFile, VolumeChanged
from fieldkit.devices.simulated.camera import SimulatedCamera
from fieldkit.kit import open_kit
from fieldkit.ledger.read.frames import card_left, frames
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.screens.cards import Cards
from fieldkit.screens.copying import Copying
from fieldkit.studio.cards import cards_of
from fieldkit.words import bridge as bridge_words
from fieldkit.words import frames as frame_words
from tests.screens.conftest import PASSPHRASE

PATIENCE_S = 60.0


class Told:
    """Hears what is told, and does something at the first sign of a card being copied."""

    def __init__(self):
        self.results: list[Copying] = []
        self.unfinished: list[Copying] = []
        self.questions = []
        self.news = threading.Condition()
        self.at_first_copying = None

    def card(self, now):
        act = None
        with self.news:
            if now is not None and now.state == "copying":
                act, self.at_first_copying = self.at_first_copying, None
                # Progress counts no files as left; a result that waits for the camera does.
                self.unfinished += [now] if now.left else []
            elif now is not None:
                self.results.append(now)
            self.news.notify_all()
        if act is not None:
            act()

    def asked(self, path, question):
        with self.news:
            self.questions.append(question)
            self.news.notify_all()

    def judged(self, done, total):
        pass

    def frames_changed(self):
        pass

    def wait_for(self, wanted, told=None, *, pass_time=None):
        """Wait until it was told; the clock is moved on meanwhile where one is given."""
        told = self.results if told is None else told
        for _ in range(round(PATIENCE_S)):
            with self.news:
                if self.news.wait_for(lambda: any(map(wanted, told)), 1.0 if pass_time else PATIENCE_S):
                    return
            if pass_time is not None:
                pass_time.forward(timedelta(seconds=61))
        raise AssertionError(told)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def kit(home):
    """Give a kit whose clock runs: progress is told after a while only."""
    kit = open_kit(home, PASSPHRASE, SystemClock(), "zh")
    yield kit
    kit.close()


@pytest.fixture
def cards(kit, told):
    running = Cards(kit, told)
    running.start()
    yield running
    running.stop()


def jpeg(shot):
    return camera_jpeg(1, 1, shot=shot, body="B1", number=1, size=(240, 320))


def test_a_frame_of_one_camera_is_read_in_between_two_files_of_another_card(kit, cards, told, tmp_path):
    now, photo = kit.clock.now(), jpeg(kit.clock.now())
    live, full = SimulatedCamera(tmp_path / "live"), SimulatedCamera(tmp_path / "full")
    live.shoot(photo + b"\0")
    for number in range(400):
        full.shoot(photo + bytes(200_000) + f"{number:04}".encode())
    cards.hear(VolumeChanged(now, "mounted", str(live.card), "LIVE"))
    told.wait_for(lambda result: result.card == "LIVE")

    def shoot():
        (path,) = live.shoot(photo + bytes(2))
        status = path.stat()
        settled = SettledFile(str(path.relative_to(live.card)), status.st_size, status.st_mtime_ns)
        cards.hear(FilesSettled(now, str(live.card), (settled,)))

    told.at_first_copying = shoot
    cards.hear(VolumeChanged(now, "mounted", str(full.card), "FULL"))
    told.wait_for(lambda result: result.card == "FULL")

    read = [(frame.card, frame.file) for frame in frames(kit.store, kit.require_visit().key)]
    assert len(read) == 402
    assert read.index((read[0][0], "100FIELD/IMG_0002.JPG")) < 401
    live_results = [result for result in told.results if result.card == "LIVE"]
    assert {result.state for result in told.results} == {"done"}
    assert (live_results[-1].new, live_results[-1].of) == (2, 2)


def test_a_new_frame_does_not_hide_what_is_left_of_its_card(kit, cards, told, tmp_path):
    now, photo = kit.clock.now(), jpeg(kit.clock.now())
    camera = SimulatedCamera(tmp_path / "card")
    camera.shoot(photo)
    camera.shoot(b"no photo at all")
    cards.hear(VolumeChanged(now, "mounted", str(camera.card), "EOS"))
    told.wait_for(lambda result: result.card == "EOS")
    camera.shoot(photo + b"\0")
    told.wait_for(lambda result: result.new == 2)

    last = told.results[-1]
    assert (last.state, last.left, last.reason) == ("partly", 1, "damaged")
    own = kit.again()
    assert [row.state for row in card_left(own.store)] == ["failed"]
    own.close()


@pytest.fixture
def patience():
    """Give the clock that a card's quiet is told by; it stands until it is moved."""
    return SetClock(datetime(2026, 6, 12, 9, 46, tzinfo=UTC))


@pytest.fixture
def slow_cards(kit, told, patience):
    running = Cards(kit, told, patience)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def unfinished(kit, slow_cards, told, tmp_path):
    """Give what puts in a card with one frame that is whole and one that is this, and waits for its pass."""
    camera = SimulatedCamera(tmp_path / "card")
    (whole,) = camera.shoot(jpeg(kit.clock.now()))

    def insert(content):
        other = whole.with_name("IMG_0002.JPG")
        other.write_bytes(content)
        slow_cards.hear(VolumeChanged(kit.clock.now(), "mounted", str(camera.card), "EOS"))
        told.wait_for(lambda now: now.left == 1, told.unfinished)
        assert told.results == []
        return other

    return insert


def not_safe(kit):
    own = kit.again()
    try:
        (status,) = cards_of(own.home)
        return status.may_format, {file.path: file.reason for file in status.unsafe}
    finally:
        own.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_file_is_told_as_left_after_a_minute_and_taken_once_it_is_written(
    kit, told, patience, unfinished, lang
):
    empty = unfinished(b"")
    told.wait_for(lambda now: now.state == "partly", pass_time=patience)

    left = told.results[-1]
    assert (left.file, left.reason, left.left) == ("IMG_0002.JPG", "empty", 1)
    what, step = left.result(lang)
    assert "IMG_0002.JPG" in what
    assert frame_words.REASONS["empty"].say(lang) in what
    assert step == bridge_words.UNFINISHED_NEXT.say(lang)
    assert not_safe(kit) == (
        False,
        {"100FIELD/IMG_0001.JPG": "no-second-copy", "100FIELD/IMG_0002.JPG": "incomplete"},
    )

    empty.write_bytes(jpeg(kit.clock.now()) + bytes(1))
    told.wait_for(lambda now: (now.state, now.new) == ("done", 2))
    assert set(not_safe(kit)[1].values()) == {"no-second-copy"}


def test_a_file_that_is_still_written_is_not_told_as_left_however_long_it_takes(
    kit, told, patience, unfinished
):
    empty = unfinished(b"")
    for seconds in range(3):
        told.unfinished.clear()
        # Its time changes as a camera's writing changes it; nothing of it is seen to be complete.
        os.utime(empty, (seconds, seconds))
        told.wait_for(lambda now: now.left == 1, told.unfinished, pass_time=patience)

    assert told.results == []


@pytest.mark.parametrize("seen", [True, False], ids=["the watch saw it go", "nobody saw it go"])
def test_a_file_that_was_deleted_before_it_was_complete_counts_no_more(
    kit, told, patience, slow_cards, unfinished, seen
):
    photo = jpeg(kit.clock.now()) + bytes(1)
    gone = unfinished(photo[: len(photo) // 2] if seen else b"")
    gone.unlink()
    if seen:
        card = gone.parents[2]
        slow_cards.hear(FilesVanished(kit.clock.now(), str(card), (str(gone.relative_to(card)),)))
    told.wait_for(lambda now: (now.state, now.left) == ("done", 0), pass_time=None if seen else patience)

    assert not_safe(kit)[1] == {"100FIELD/IMG_0001.JPG": "no-second-copy"}
