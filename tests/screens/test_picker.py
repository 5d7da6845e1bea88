"""The input line on its own: what it tells of keys by their own times, whenever they are handled."""

import asyncio

import pytest
from textual.app import App
from textual.events import Key, Paste

from fieldkit.screens.picker import Entry

NAMES = {"\r": "enter", "\n": "ctrl+j", "\t": "tab", " ": "space"}


class EntryApp(App):
    """Nothing but the line, and what it told."""

    def __init__(self):
        super().__init__()
        self.entry = Entry(frozenset({"space", "delete"}))
        self.told = []

    def compose(self):
        yield self.entry

    def on_entry_entered(self, event):
        self.told.append(("scan", event.scanned) if event.scanned is not None else ("enter", event.value))

    def on_entry_pressed(self, event):
        self.told.append(("key", event.key))

    def on_input_changed(self, event):
        self.told.append(("look", event.value))


@pytest.fixture
def line():
    """Give what posts steps at once: text with its gap in ms, a key, or what is called; then waits."""

    def run(*steps):
        app = EntryApp()

        async def play():
            async with app.run_test() as pilot:
                at = 1000.0
                for step in steps:
                    if callable(step):
                        await pilot.pause()
                        step(app)
                        continue
                    text, gap = step
                    for key in [text] if text in {"delete", "left", "home"} else text:
                        at += gap / 1000
                        event = Key(NAMES.get(key, key), key if len(key) == 1 else None)
                        event.time = at
                        app.post_message(event)
                await pilot.pause()
                while app.entry.hurried:
                    await pilot.pause(0.01)
                await pilot.pause()
                return app.entry.value, app.told

        return asyncio.run(play())

    return run


def acts(told):
    return [one for one in told if one[0] != "look"]


def looks(told):
    return [value for what, value in told if what == "look"]


@pytest.mark.parametrize("gap", [60, 120, 400])
def test_a_persons_keys_stand_in_the_line_at_once(line, gap):
    seen = []

    value, told = line(("zha", gap), lambda app: seen.append(app.entry.value), ("ng\r", gap))

    assert seen == ["zha"]
    assert value == "zhang"
    assert acts(told) == [("enter", "zhang")]


@pytest.mark.parametrize("gap", [1, 10, 20])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\t", "\n"])
def test_a_scanner_is_told_by_its_speed(line, gap, end):
    value, told = line(("zh", 120), ("A", 300), ("2022010118" + end, gap))

    assert acts(told) == [("scan", "A2022010118")]
    assert value == "A2022010118"


def test_nobody_looks_up_the_beginning_of_a_code(line):
    _, told = line(("2022010118\r", 5))

    assert set(looks(told)) <= {"2"}


def test_a_code_may_hold_line_breaks(line):
    _, told = line(("CJM:0f3a\r9b==\r\n", 8))

    assert acts(told) == [("scan", "CJM:0f3a\r9b==")]


def test_a_stall_of_the_machine_does_not_cut_a_code(line):
    _, told = line(("20220", 5), ("1", 300), ("0118\r", 5))

    assert acts(told) == [("scan", "2022010118")]


def test_two_codes_one_after_the_other_are_two(line):
    _, told = line(("A-0001\r", 5), ("B", 80), ("-0002\r", 5))

    assert acts(told) == [("scan", "A-0001"), ("scan", "B-0002")]


def test_text_that_came_at_once_shows_without_another_key(line):
    value, told = line(("欧阳娜娜", 0))

    assert value == "欧阳娜娜"
    assert looks(told)[-1] == "欧阳娜娜"
    assert acts(told) == []


def test_enter_at_a_scanners_speed_comes_before_anything_was_looked_up(line):
    _, told = line(("zha\r", 20))

    assert acts(told) == [("enter", "zha")]
    assert "zha" not in looks(told)


def test_a_held_enter_comes_before_the_held_text_was_looked_up(line):
    _, told = line(("zhang", 5), ("\r", 400))

    assert acts(told) == [("enter", "zhang")]
    assert "zhang" not in looks(told)


def test_a_key_that_is_no_character_gives_held_keys_back_first(line):
    value, told = line(("12345", 5), ("home", 5), ("0", 300))

    assert value.replace("0", "") == "12345"
    assert acts(told) == []


def test_what_is_pasted_stands_behind_what_was_held(line):
    value, _ = line(("12345", 5), lambda app: app.post_message(Paste("678")))

    assert value == "12345678"


def test_what_is_put_takes_the_place_of_held_keys_but_a_code_stays_whole(line):
    def put(app):
        app.entry.put("")

    assert line(("12345", 5), put)[0] == ""
    assert acts(line(("12345", 5), put, ("678\r", 5))[1]) == [("scan", "12345678")]


def test_keys_act_on_an_empty_line_only(line):
    _, told = line((" ", 300), ("delete", 300), ("a b", 120), ("delete", 300))

    assert acts(told) == [("key", "space"), ("key", "delete")]


def test_a_tab_of_a_person_does_nothing(line):
    value, told = line(("ab", 120), ("\t", 120))

    assert value == "ab"
    assert acts(told) == []
