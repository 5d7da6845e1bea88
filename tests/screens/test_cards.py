"""Cards read in beside each other: what a camera has just written does not wait for a card."""

import threading

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.events import FilesSettled, SettledFile, VolumeChanged
from fieldkit.devices.simulated.camera import SimulatedCamera
from fieldkit.kit import open_kit
from fieldkit.ledger.read.frames import card_left, frames
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.screens.cards import Cards
from fieldkit.screens.copying import Copying
from tests.screens.conftest import PASSPHRASE

PATIENCE_S = 60.0


class Told:
    """Hears what is told, and does something at the first sign of a card being copied."""

    def __init__(self):
        self.results: list[Copying] = []
        self.questions = []
        self.news = threading.Condition()
        self.at_first_copying = None

    def card(self, now):
        act = None
        with self.news:
            if now is not None and now.state == "copying":
                act, self.at_first_copying = self.at_first_copying, None
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

    def wait_for(self, wanted):
        with self.news:
            assert self.news.wait_for(lambda: any(map(wanted, self.results)), PATIENCE_S)


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
