"""Settings at the check-up: kept in their file, followed at once, never changed by a scanner."""

import pytest

from fieldkit.ledger.read.line import checkins
from fieldkit.settings import Settings, read_settings, write_settings


def release(app):
    """Let the time pass after which a held key is a person's."""
    due = getattr(app.screen, "release", None)
    if due is not None:
        app.screen.call_later(due)


@pytest.fixture
def kept(kit):
    return lambda: read_settings(kit.home.path)[0]


@pytest.fixture
def drive_set(drive):
    """Give what opens the app with a check-up that finds nothing."""
    return lambda *script, **settings: drive(*script, check=lambda *_: [], **settings)


def test_every_setting_is_shown_with_its_number(drive_set, typed, golden):
    golden("settings-zh", drive_set("f8", typed("s"), release))


def test_the_language_is_changed_and_kept(drive_set, kept, typed, golden):
    golden("settings-en", drive_set("f8", typed("s"), release, typed("1"), "enter"))

    assert kept() == Settings("en")


def test_the_key_for_the_language_keeps_it_too(drive, kept):
    screen = drive("ctrl+t")

    assert kept() == Settings("en")
    assert "Door" in screen[0]


def test_sound_is_turned_off_at_once(drive_set, kept, kit, typed, monkeypatch):
    rung = []
    monkeypatch.setattr("textual.app.App.bell", lambda _: rung.append(1))

    drive_set("f8", typed("s"), release, typed("2"), "enter", "escape", "f2", typed("2022010118"), "enter")

    assert not kept().sound
    assert len(checkins(kit.store, kit.require_visit().key)) == 1
    assert rung == []
    kit.change(Settings())
    drive_set(typed("2022010118"), "enter")
    assert rung


def test_a_key_that_is_held_down_opens_the_settings_once(drive_set):
    stacks = []

    def hold(app):
        doctor = app.screen
        for place in range(3):
            doctor.post_message(key("s", 5000 + place * 0.045))
        doctor.call_later(doctor.release)

    drive_set("f8", hold, lambda app: stacks.append(len(app.screen_stack)))

    assert stacks == [2]


def test_a_scanner_without_an_end_key_is_known_once_it_is_set(drive_set, kit, kept, typed):
    def scan(app):
        for place, character in enumerate("2022010118"):
            app.screen.entry.post_message(key(character, 5000 + place * 0.005))
        # The next key, much later, tells that the code had ended.
        app.screen.entry.post_message(key("1", 5010))

    drive_set("f8", typed("s"), release, typed("5"), "enter", "escape", "f2", scan)

    assert not kept().scanner_end_key
    assert len(checkins(kit.store, kit.require_visit().key)) == 1


@pytest.mark.parametrize("end_key", [True, False])
def test_a_code_without_an_end_key_leaves_nothing_in_a_form_and_answers_nothing(
    drive_set, kit, typed, end_key
):
    kit.change(Settings(scanner_end_key=end_key))
    seen = []

    def scan(app):
        for place, character in enumerate("2022010118"):
            app.screen.entry.post_message(key(character, 5000 + place * 0.005))
        # The next key, much later, tells that the code had ended.
        app.screen.entry.post_message(key("left", 5010))

    drive_set(
        "f8", typed("s"), release, typed("9"), scan,
        lambda app: seen.append((app.screen.entry.value, len(app.screen.answers))),
    )  # fmt: skip

    # Undeclared, it is typing like any other.
    assert seen == [("92022010118" if end_key else "", 0)]


def key(character, at):
    from textual import events

    event = events.Key(character, character if len(character) == 1 else None)
    event.time = at
    return event


def test_a_port_is_typed_and_another_device_cannot_have_it(drive_set, kept, typed, golden):
    screen = drive_set(
        "f8", typed("s"), release, typed("3"), "enter", typed("/dev/ttyS9"), "enter",
        typed("4"), "enter", typed("/dev/ttyS9"), "enter",
    )  # fmt: skip

    assert (kept().sam_port, kept().scanner_port) == ("/dev/ttyS9", "")
    assert "这个串口已用作另一种设备" in "\n".join(screen)


def test_a_scanner_changes_no_setting(drive_set, kept, typed, scanned):
    drive_set("f8", scanned("xs2"), scanned("s2"), typed("s"), release, scanned("2222"), scanned("12345"))

    assert kept() == Settings()


def test_settings_that_cannot_be_kept_are_told(drive_set, kit, typed, monkeypatch):
    monkeypatch.setattr("fieldkit.settings.write_file_safely", _full)

    screen = drive_set("f8", typed("s"), release, typed("2"), "enter")

    assert "没有存下" in "\n".join(screen)
    assert kit.settings.sound


def _full(*_):
    raise OSError(28, "No space left on device")


def test_what_was_passed_over_is_told_by_the_command_line(kit):
    from fieldkit.screens.checkup import check_up

    (kit.home.path / "settings.toml").write_text("colour = 1\n")
    write = {finding.name: finding for finding in check_up(kit)}

    assert write["settings"].line("en") == "▲ settings: not known: colour"
    write_settings(kit.home.path, Settings())
