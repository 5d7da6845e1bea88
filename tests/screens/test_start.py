"""The forms before the desks: first start, passphrase, visits."""

import re
from pathlib import Path

import pytest

from fieldkit.app import FieldkitApp
from fieldkit.clock import SetClock
from fieldkit.kit import open_kit
from fieldkit.ledger.home import is_home, make_home
from fieldkit.roster.visits import new_visit
from fieldkit.screens.glyphs import Glyphs

START = "2026-06-12T09:46:00+08:00"


@pytest.fixture
def clock():
    from datetime import datetime

    return SetClock(datetime.fromisoformat(START))


@pytest.fixture
def app_at(clock):
    """Give what makes an app at a folder; kits that it opens are closed after the test."""
    kits = []

    def make(home, lang="zh", **settings):
        return FieldkitApp(
            home=home, clock=clock, lang=lang, glyphs=Glyphs(()), opened=kits.append, **settings
        )

    yield make
    for kit in kits:
        kit.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_home_offers_what_there_is(drive_any, app_at, golden, lang):
    def rehearse(_):
        raise AssertionError

    golden(f"start-{lang}", drive_any(app_at(Path("/nowhere/fieldkit"), lang, rehearse=rehearse)))


def test_a_new_home_is_made_by_keyboard(drive_any, app_at, tmp_path, clock, typed):
    home = tmp_path / "home"
    seen = {}

    def type_proof(app):
        secret = re.search(r"AGE-SECRET-KEY-1\w+", app.screen.form.lines[2].say("zh"))[0]
        seen["secret"] = secret
        app.screen.entry.value = secret[-6:].lower()

    screen = drive_any(
        app_at(home),
        typed("1"), "enter", typed("pass word"), "enter",
        typed("other"), "enter", typed("pass word"), "enter",
        typed("b"), "enter", typed("一中 六月"), "enter", typed("第一中学"), "enter", type_proof, "enter",
    )  # fmt: skip

    assert is_home(home)
    assert "机位 B" in screen[0]
    assert "一中 六月" in screen[0]
    assert len(seen["secret"]) == 74
    kit = open_kit(home, "pass word", clock, "zh")
    assert kit.require_visit().school == "第一中学"
    kit.close()


def test_a_wrong_passphrase_can_be_typed_again(drive_any, app_at, home, typed):
    wrong = drive_any(app_at(home), typed("guess"), "enter")
    assert "口令不对" in "\n".join(wrong)

    right = drive_any(app_at(home), typed("guess"), "enter", typed("correct horse"), "enter")
    assert "清华 6月" in right[0]


def test_a_passphrase_is_never_shown(drive_any, app_at, home, typed):
    assert "guess" not in "\n".join(drive_any(app_at(home), typed("guess")))


def test_without_an_open_visit_one_is_made(drive_any, app_at, tmp_path, clock, typed):
    make_home(tmp_path / "home", "A", "x", clock)

    screen = drive_any(
        app_at(tmp_path / "home"),
        typed("x"), "enter", typed("二中"), "enter", typed("第二中学"), "enter",
    )  # fmt: skip

    assert "二中" in screen[0]


def test_a_visit_that_cannot_be_made_says_why(drive_any, app_at, tmp_path, clock, typed):
    make_home(tmp_path / "home", "A", "x", clock)

    screen = drive_any(
        app_at(tmp_path / "home"), typed("x"), "enter", typed("a" * 130), "enter", typed("b"), "enter"
    )

    assert "名称不可用" in "\n".join(screen)


def test_escape_goes_back_one_step(drive_any, app_at, tmp_path, typed):
    screen = drive_any(
        app_at(tmp_path / "home"), typed("1"), "enter", typed("x"), "enter", "escape", "escape"
    )

    assert "欢迎使用" in "\n".join(screen)


def test_the_language_changes_in_a_form(drive_any, app_at, home):
    assert "passphrase" in "\n".join(drive_any(app_at(home), "ctrl+t"))


def test_quit_ends_the_app(drive_any, app_at, home):
    app = app_at(home)
    drive_any(app, "ctrl+q")

    assert app.return_code == 0


def test_another_visit_can_be_opened(kit):
    new_visit(kit.journal, "二中", "第二中学")

    assert kit.require_visit().name == "二中"


def test_a_scan_before_the_passphrase_neither_answers_nor_stays_in_its_way(
    drive_any, app_at, tmp_path, clock, typed, scanned
):
    home = tmp_path / "home"
    make_home(home, "A", "pass word", clock)
    seen = []
    note = lambda app: seen.append((app.screen.entry.value, app.screen.text.visual.plain))  # noqa: E731

    drive_any(app_at(home), scanned("2022010118"), note, typed("pass word"), "enter")

    assert seen[0][0] == ""
    assert "扫码不算回答" in seen[0][1]


def test_what_was_wrong_with_an_answer_follows_the_language(drive_any, app_at, tmp_path, typed):
    def rehearse(_):
        raise AssertionError

    screen = drive_any(app_at(tmp_path / "home", rehearse=rehearse), typed("9"), "enter", "ctrl+t")

    assert any("type one of the numbers" in line for line in screen)
    assert not any("请输入列出的数字" in line for line in screen)
