"""Simulated devices through the same loops and messages as real ones: the ledger first, then the screen."""

import queue
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing import resource_tracker

import pytest
from textual.message import Message

from fieldkit.app import FieldkitApp
from fieldkit.clock import SystemClock
from fieldkit.devices.errors import CardSilent
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    FilesSettled,
    ReaderChanged,
    SettledFile,
)
from fieldkit.devices.sam_serial import speed_of
from fieldkit.devices.simulated.camera import SimulatedCamera
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.reader import SimulatedReader
from fieldkit.devices.simulated.sam import SimulatedSam
from fieldkit.devices.simulated.slot import SimulatedSlot
from fieldkit.devices.volumes import VolumeLoop
from fieldkit.kit import open_kit
from fieldkit.ledger.read.frames import files as files_of
from fieldkit.ledger.read.frames import frames, portraits
from fieldkit.ledger.read.line import chair_acts, checkins
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.screens import messages
from fieldkit.screens.bridge import Bridge, message_of
from fieldkit.screens.copying import Copying
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import way_to
from fieldkit.settings import Settings
from fieldkit.studio.cards import cards_of
from fieldkit.words import bridge as words

PATIENCE_S = 30.0
SHOT = datetime(2026, 6, 12, 9, 46, tzinfo=UTC)
# A card is read in unasked where its photos are of today.
TODAY = SystemClock().now()


class Posts:
    """Passes messages on to the app and keeps count, so that a script can wait for one."""

    def __init__(self):
        self.told = queue.Queue()
        self.seen = []
        self.bridge = None

    def of(self, app):
        def post(message: Message) -> bool:
            taken = app.post_message(message)
            self.told.put(message)
            return taken

        return post

    def wait(self, wanted):
        """Give a step that waits, the app standing still, until such a message was posted; each once."""

        def step(_):
            while not any(wanted(message) for message in self.seen):
                self.seen.append(self.told.get(timeout=PATIENCE_S))
            self.seen.remove(next(message for message in self.seen if wanted(message)))

        return step


@pytest.fixture
def posts():
    return Posts()


@pytest.fixture
def bridged(kit, drive_any, posts):
    """Give what opens the app at the desks with these loops and runs a script."""

    def run(loops, *script, own=None, desks=None):
        own = own or kit
        bridges = []

        def plug_in(app):
            posts.bridge = Bridge(own, loops, posts.of(app), desks or {})
            app.halt = posts.bridge.halt
            app.answer = lambda path, belongs: posts.bridge.answer(path, belongs=belongs)
            bridges.append(posts.bridge)
            bridges[0].start()

        app = FieldkitApp(
            home=own.home.path, clock=own.clock, lang="zh", kit=own, glyphs=Glyphs(()), player=plug_in
        )
        try:
            return drive_any(app, *script)
        finally:
            bridges[0].stop()
            names = {thread.name for thread in threading.enumerate()}
            assert not names & {"cards", "judging", "card folder", *(loop.name for loop in loops)}

    return run


def at_once(*steps):
    """Take steps without letting the app settle between them: a card is read on meanwhile."""

    def step(app):
        for one in steps:
            one(app)

    return step


def of_kind(kind, **fields):
    return lambda message: (
        isinstance(message, kind) and all(getattr(message, key) == value for key, value in fields.items())
    )


def lit(place, state):
    return lambda message: (
        isinstance(message, messages.LightsChanged) and message.lights[place].state == state
    )


@pytest.fixture
def reader():
    return SimulatedReader(SystemClock())


class Scripted:
    """A loop that tells some events and ends."""

    name = "scripted"

    def __init__(self, *events):
        self.events = events

    def run(self, stop, emit):
        for event in self.events:
            emit(event)

    def wake(self):
        pass


def test_a_scanned_number_checks_in_at_the_door(bridged, kit, reader, posts):
    reader.scan("2022010118")

    screen = bridged([reader], posts.wait(of_kind(messages.CredentialPresented)))

    assert [entry.sequence_number for entry in checkins(kit.store, kit.require_visit().key)] == ["A-0001"]
    assert "CHECKED IN" in screen[2]
    assert "读●" in screen[0]


def test_an_id_card_at_the_camera_seats(bridged, kit, reader, posts):
    kit.desk().check_in("2022010118")
    text = resident_text(number="100000200401010018", name="张伟")

    screen = bridged(
        [reader],
        posts.wait(lit(0, "ok")),
        "f3",
        lambda _: reader.present_card(text),
        posts.wait(of_kind(messages.CredentialPresented)),
    )

    assert [(act.what, act.number) for act in chair_acts(kit.store, kit.require_visit().key)] == [
        ("seat", "A-0001")
    ]
    assert "PLEASE SIT DOWN" in screen[2]


def test_a_card_that_could_not_be_read_is_red_with_its_hint(bridged, posts):
    unread = CardNotRead(SHOT, "r", CardSilent.message, CardSilent.hint)

    screen = bridged([Scripted(unread)], posts.wait(of_kind(messages.CardNotRead)))

    assert "读卡失败 CARD NOT READ" in screen[2]
    assert "翻面或换个位置" in "\n".join(screen)


def test_lights_follow_what_is_plugged_in(bridged, reader, posts):
    seen = []

    def look(app):
        seen.append(app.export_screenshot())

    gone = ReaderChanged(SHOT, "service-lost", "pcscd")
    bridged(
        [reader, Scripted(gone)],
        posts.wait(lit(0, "fault")),
        lambda _: reader.plug(),
        posts.wait(lit(0, "ok")),
        look,
        lambda _: reader.unplug(),
        posts.wait(lit(0, "fault")),
        look,
    )

    assert ["读●" in seen[0], "读×" in seen[1]] == [True, True]


def test_a_loop_that_breaks_is_told_and_the_others_go_on(bridged, kit, reader, posts):
    breaks = threading.Event()

    class Broken(Scripted):
        name = "broken"

        def run(self, stop, emit):
            breaks.wait(PATIENCE_S)
            raise RuntimeError("张伟")

    reader.scan("2022010150")
    screen = bridged(
        [Broken(), reader],
        posts.wait(of_kind(messages.CredentialPresented)),
        lambda _: breaks.set(),
        posts.wait(of_kind(messages.DeviceTroubled, device="broken")),
    )

    assert len(checkins(kit.store, kit.require_visit().key)) == 1
    assert "broken：设备程序出错" in "\n".join(screen)
    assert "张伟" not in screen[22]


def test_nothing_is_taken_once_the_app_is_closed(kit):
    bridge = Bridge(kit, [], lambda _: False)

    assert bridge.emit(CredentialPresented(SHOT, "r", "pcsc", "chip-serial", "00")) is False


def test_an_app_that_went_away_in_between_is_no_error(kit):
    def gone(_):
        raise RuntimeError("Event loop is closed")

    assert Bridge(kit, [], gone).emit(CardNotRead(SHOT, "r", CardSilent.message, CardSilent.hint)) is False


def test_what_only_a_light_tells_is_no_message():
    assert message_of(ReaderChanged(SHOT, "added", "r")) is None


@pytest.fixture
def live(home):
    """Open the home with the real clock: files have to stand still for real time."""
    resource_tracker.ensure_running()  # as before the app takes standard error's place
    kit = open_kit(home, "correct horse", SystemClock(), "zh")
    yield kit
    kit.close()


def photo(number: int) -> bytes:
    return camera_jpeg(number, number, shot=TODAY, body="B1", number=number, size=(480, 640))


def test_a_card_is_read_in_judged_and_read_again_when_the_camera_writes(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    camera = SimulatedCamera(slot.place)
    visit = live.require_visit().key

    def insert(_):
        slot.insert("one")
        camera.shoot(photo(1))

    screen = bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        "f3",
        insert,
        posts.wait(lambda message: isinstance(message, messages.CardTold) and message.now.new == 1),
        lambda _: camera.shoot(photo(2)),
        posts.wait(lambda message: isinstance(message, messages.CardTold) and message.now.new == 2),
        posts.wait(lambda message: isinstance(message, messages.FramesJudged) and message.done == 1),
        own=live,
    )

    assert [frame.file for frame in frames(live.store, visit)] == [
        "100FIELD/IMG_0001.JPG",
        "100FIELD/IMG_0002.JPG",
    ]
    assert portraits(live.store, visit)
    assert "卡●" in screen[0]
    assert "■ EOS_A 已读完：新 2，共 2 个文件" in "\n".join(screen)


def test_a_file_that_the_camera_still_writes_is_no_fault(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    content = photo(2)
    half = slot.insert("one") / "DCIM" / "100FIELD" / "IMG_0002.JPG"
    SimulatedCamera(slot.place).shoot(photo(1))
    half.write_bytes(content[: len(content) // 2])
    seen = []

    def told(state, new, of):
        return lambda message: (
            isinstance(message, messages.CardTold)
            and (message.now.state, message.now.new, message.now.of) == (state, new, of)
        )

    bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        "f3",
        posts.wait(told("copying", 1, 2)),
        lambda app: seen.append(app.export_screenshot()),
        # A frame that is read in alone makes no fault of the other, and does not hide it.
        lambda _: half.with_name("IMG_0003.JPG").write_bytes(photo(3)),
        posts.wait(told("copying", 2, 3)),
        lambda _: half.write_bytes(content),
        posts.wait(told("done", 3, 3)),
        own=live,
    )

    assert "卡▒" in seen[0]
    assert len(frames(live.store, live.require_visit().key)) == 3


def test_readers_speak_for_the_desk_they_stand_at(bridged, kit, posts):
    door, chair = (
        SimulatedReader(SystemClock(), "at the door"),
        SimulatedReader(SystemClock(), "at the chair"),
    )
    desks = {"at the door": "door", "at the chair": "chair"}
    door.scan("2022010118")
    credential = of_kind(messages.CredentialPresented)

    bridged(
        [door, chair],
        "f3",
        posts.wait(credential),
        lambda _: chair.scan("2022010118"),
        posts.wait(credential),
        desks=desks,
    )

    visit = kit.require_visit().key
    assert [entry.sequence_number for entry in checkins(kit.store, visit)] == ["A-0001"]
    assert [act.what for act in chair_acts(kit.store, visit)] == ["seat"]


def test_a_card_taken_out_and_put_in_again_is_read_once(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    SimulatedCamera(slot.insert("one")).shoot(photo(1))
    told = lambda new: (  # noqa: E731
        lambda message: (
            isinstance(message, messages.CardTold) and message.now is not None and message.now.state == "done"
            and message.now.new == new
        )
    )  # fmt: skip

    screen = bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        posts.wait(told(1)),
        lambda _: slot.pull(),
        posts.wait(of_kind(messages.CardTold, now=None)),
        lambda _: slot.insert("one"),
        posts.wait(told(0)),
        own=live,
    )

    assert len(frames(live.store, live.require_visit().key)) == 1
    assert screen[0].startswith(" F2")


def test_quitting_in_the_middle_of_a_card_keeps_what_was_acknowledged(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    camera = SimulatedCamera(slot.insert("one"))
    content = photo(1)
    for number in range(400):
        camera.shoot(content + bytes(number + 1))

    bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        at_once(posts.wait(lit(2, "busy")), lambda _: posts.bridge.stop()),
        "ctrl+q",
        own=live,
    )

    files = files_of(live.store, live.require_visit().key)
    stored = sorted(path.stem for path in (live.home.path / "blobs").rglob("*.age"))
    assert 0 < len(files) < 400
    assert sorted(file.ct_sha256 for file in files) == stored
    assert list((live.home.path / "spool").glob("*.part")) == []


def test_a_reading_that_was_stopped_goes_on_by_the_same_key_alone(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    camera = SimulatedCamera(slot.insert("one"))
    content = photo(1)
    most = 1200
    for number in range(most):
        camera.shoot(content + bytes(number + 1))
    seen = []

    def told(state, reason=""):
        return lambda message: (
            isinstance(message, messages.CardTold)
            and message.now is not None
            and (message.now.state, message.now.reason) == (state, reason)
        )

    def read():
        return len(frames(live.store, live.require_visit().key))

    bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        "f3",
        at_once(posts.wait(lit(2, "busy")), lambda app: app.screen.action_halt()),
        posts.wait(told("partly", "cancelled")),
        lambda app: seen.append((read(), *(row.visual.plain for row in (app.screen.cards, app.screen.last)))),
        # What the watch tells of the card, all that was there included, resumes nothing.
        lambda app: posts.bridge.emit(
            FilesSettled(SHOT, str(slot.place), (SettledFile("DCIM/100FIELD/IMG_1200.JPG", 1, 1),))
        ),
        lambda app: seen.append((read(),)),
        "ctrl+x",
        lambda app: seen.append((app.screen.last.visual.plain,)),
        posts.wait(told("done")),
        "ctrl+x",
        lambda app: seen.append((app.screen.last.visual.plain,)),
        own=live,
    )

    stopped, still, resumed, idle = seen
    assert 0 < stopped[0] == still[0] < most
    assert "按 ^X 接着读" in stopped[1]
    assert "再按 ^X 接着读" in stopped[2]
    assert (resumed[0].strip(), idle[0].strip()) == ("接着读卡", "现在没有在读卡")
    assert read() == most


def test_a_card_that_is_not_the_visits_is_read_in_only_when_somebody_says_so(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "PRIVATE")
    camera = SimulatedCamera(slot.insert("one"))
    old = camera_jpeg(1, 1, shot=TODAY - timedelta(days=40), body="B9", number=1, size=(240, 320))
    camera.shoot(old)
    seen = []

    def state():
        statuses = cards_of(live.home)
        return len(frames(live.store, live.require_visit().key)), [
            (status.may_format, file.reason) for status in statuses for file in status.unsafe
        ]

    def look(app):
        seen.append((state(), app.screen.cards.visual.plain))

    held = lambda refused: (  # noqa: E731
        lambda message: (
            isinstance(message, messages.CardHeld)
            and message.question is not None
            and message.question.refused == refused
        )
    )

    screen = bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        "f3",
        posts.wait(held(False)),
        look,
        # What a camera writes to it meanwhile is held with it.
        lambda _: camera.shoot(old + bytes(1)),
        "ctrl+n",
        posts.wait(held(True)),
        look,
        lambda _: slot.pull(),
        posts.wait(of_kind(messages.CardHeld, question=None)),
        lambda _: slot.insert("one"),
        # No volume names it, but it is known again by its photos: nothing is asked a second time.
        posts.wait(held(True)),
        "ctrl+y",
        posts.wait(of_kind(messages.CardHeld, question=None)),
        posts.wait(
            lambda message: (
                isinstance(message, messages.CardTold)
                and message.now is not None
                and (message.now.state, message.now.of) == ("done", 2)
            )
        ),
        own=live,
    )

    (asked, asking), (refused, refusal) = seen
    assert (asked, refused) == ((0, [(False, "held")]), (0, [(False, "refused")]))
    assert "^Y 读入  ^N 不读" in asking
    assert "没有读入" in refusal
    assert "可以取出" not in asking + refusal
    assert state() == (2, [(False, "no-second-copy")] * 2)
    assert "PRIVATE 已读完" in "\n".join(screen)


def test_a_pulled_card_is_told_at_the_door_and_goes_on_when_it_is_back(bridged, live, posts, tmp_path):
    slot = SimulatedSlot(tmp_path / "slot", "EOS_A")
    camera = SimulatedCamera(slot.insert("one"))
    content = photo(1)
    for number in range(400):
        camera.shoot(content + bytes(number + 1))
    seen = []

    def state(wanted):
        return lambda message: (
            isinstance(message, messages.CardTold) and message.now is not None and message.now.state == wanted
        )

    bridged(
        [VolumeLoop(SystemClock(), mountinfo=slot.mount_table)],
        at_once(posts.wait(lit(2, "busy")), lambda _: slot.pull()),
        posts.wait(state("pulled")),
        lambda app: seen.append(app.screen.last.visual.plain),
        lambda _: slot.insert("one"),
        posts.wait(state("done")),
        own=live,
    )

    assert "F3 EOS_A 拔得太早：还有" in seen[0]
    assert len(frames(live.store, live.require_visit().key)) == 400


@pytest.mark.parametrize("way", ["door", "capture", "align", "doctor"])
def test_what_is_told_while_a_screen_is_being_made_harms_nothing(drive, way):
    def told_at_once(app):
        getattr(app, f"action_{way}")()
        app.on_line_changed()
        app.on_frames_changed()
        app.on_lights_changed(messages.LightsChanged(()))
        app.on_card_told(messages.CardTold(Copying("EOS_A", "pulled", 3, 5, left=2)))
        app.on_trouble_told(messages.TroubleTold(CardSilent()))
        app.on_rehearsal_told(messages.RehearsalTold(words.REHEARSAL_OVER, ()))

    screen = drive(told_at_once, told_at_once)

    assert screen[0].startswith(f" {way_to(way)} ")


def test_a_serial_reader_is_heard_from_when_it_is_set_until_it_is_set_otherwise(bridged, kit, posts):
    with SimulatedSam() as sam:
        named = Settings(sam_port=sam.port)
        screen = bridged(
            [],
            lambda _: posts.bridge.plug(named),
            posts.wait(lit(0, "ok")),
            lambda _: sam.place(resident_text(number="100000200401010018", name="张伟")),
            posts.wait(of_kind(messages.CredentialPresented)),
            lambda _: posts.bridge.plug(Settings()),
            posts.wait(lit(0, "absent")),
        )

        assert [entry.sequence_number for entry in checkins(kit.store, kit.require_visit().key)] == ["A-0001"]
        assert "CHECKED IN" in screen[2]
        # Its port is free again for whoever opens it next.
        assert speed_of(sam.port, threading.Event()) == 115200


def test_a_port_set_before_is_heard_from_the_start(bridged, kit, posts):
    with SimulatedSam() as sam:
        kit.change(Settings(sam_port=sam.port))

        bridged([], posts.wait(lit(0, "ok")))
