"""A rehearsal played for the app: its devices are heard through the bridge, as any others are."""

import queue
from multiprocessing import resource_tracker

import pytest

from fieldkit.clock import FastClock, SystemClock
from fieldkit.ledger.read.frames import frames, portraits
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.rehearsal.play import first_minute, set_stage
from fieldkit.rehearsal.player import Player
from fieldkit.rehearsal.script import Arrives, Shoots, Sits, WalksIn
from fieldkit.screens import messages
from fieldkit.screens.bridge import Bridge
from fieldkit.screens.checkup import check_up
from fieldkit.screens.doctor_rows import finding_rows
from fieldkit.screens.hall import Hall
from fieldkit.words import bridge as words

PATIENCE_S = 60.0
SPEED = 60.0


class Posted:
    """What was posted to the app, in order."""

    def __init__(self):
        self.waiting = queue.Queue()
        self.all = []

    def __call__(self, message):
        self.waiting.put(message)
        return True

    def until(self, kind):
        while True:
            self.all.append(self.waiting.get(timeout=PATIENCE_S))
            if isinstance(self.all[-1], kind):
                return

    def of(self, kind):
        return [message for message in self.all if isinstance(message, kind)]


@pytest.fixture
def stage(tmp_path):
    resource_tracker.ensure_running()
    clock = FastClock(first_minute(SystemClock().now()), SPEED)
    stage = set_stage(tmp_path / "home", tmp_path / "props", 3, 2, "rehearsal", "zh", clock)
    yield stage
    stage.kit.close()


@pytest.fixture
def player(stage):
    player = Player(stage, stage.kit.clock, SPEED, 2)
    player.equipment.plug()
    yield player
    player.stop()
    player.equipment.unplug()


@pytest.fixture
def posted(stage, player):
    posted = Posted()
    bridge = Bridge(stage.kit, player.equipment.loops(), posted, player.equipment.desks())
    bridge.start()
    yield posted
    bridge.stop()


def test_what_the_script_says_is_heard_from_devices_at_their_desks(stage, player, posted):
    player.start(Hall(posted))
    posted.until(messages.RehearsalTold)
    posted.until(messages.RehearsalTold)
    heard = posted.of(messages.CredentialPresented)
    acts = stage.script.acts
    visit = stage.kit.require_visit().key

    def came(kind):
        return sum(isinstance(act, kind) for act in acts)

    assert len([one for one in heard if one.place == "door" and one.walk_in is None]) == came(Arrives)
    assert len([one for one in heard if one.place == "chair"]) == came(Sits)
    assert [one.walk_in for one in heard if one.walk_in] == ["临时同学"] * came(WalksIn)
    assert {one.read.kind for one in heard if one.place == "door"} >= {"id-card"}
    assert posted.of(messages.TroubleTold) == posted.of(messages.DeviceTroubled) == []
    assert {light.state for light in posted.of(messages.LightsChanged)[-1].lights} <= {"ok", "busy"}
    assert len(frames(stage.kit.store, visit)) == came(Shoots)
    figures = dict(posted.of(messages.RehearsalTold)[-1].notes[0].fields)
    assert (figures["frames"], figures["wrong"]) == (came(Shoots), 0)


def test_the_check_up_knows_the_equipment_that_the_lights_tell_of(stage, player):
    file = player.equipment.shoot(camera_jpeg(1, 1, shot=stage.kit.clock.now(), body="B1", number=1))

    found = {one.name: one for one in check_up(stage.kit, there=player.equipment.survey())}

    assert file
    assert [found[name].state for name in ("readers", "cameras", "cards")] == ["ok", "ok", "ok"]
    assert "chair reader (sim)" in found["readers"].fields["names"]
    (row,) = finding_rows([found["readers"]], 0, 80, 1, "zh")
    assert "…" not in row
    assert found["cards"].fields["names"] == f"{player.equipment.card} (1)"


def test_frames_are_judged_by_the_app_alone(stage, player, posted):
    player.start(Hall(posted))
    posted.until(messages.FramesJudged)

    assert posted.of(messages.FramesJudged)[0].total >= 1
    assert len(portraits(stage.kit.store, stage.kit.require_visit().key)) <= len(stage.script.acts)


def test_it_ends_at_once_in_the_middle(player, posted):
    player.start(Hall(posted))
    posted.until(messages.CredentialPresented)
    player.stop()

    assert [one.headline for one in posted.of(messages.RehearsalTold)] == [words.REHEARSAL_BEGINS]
