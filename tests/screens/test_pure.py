"""What the screens are made of, without a terminal: credentials, keys, banner lines, walk-ins."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.help import help_text
from fieldkit.screens.keys import KEYS, WHY_NOT, key_line, screen_bindings
from fieldkit.screens.picker import scanned
from fieldkit.screens.rows import pause_shown, size_shown
from fieldkit.screens.showing import MARKS, Showing, banner_lines, with_note
from fieldkit.screens.verdicts import read_walk_in
from fieldkit.text import cells, one_line


def test_a_scanned_number_is_not_taken_for_an_opaque_code():
    assert scanned("2022010118").kind == "student-no"
    assert scanned("CJM:0f3a/==").kind == "capture-code"
    assert scanned("A" * 21).kind == "capture-code"


def test_a_second_enter_belongs_to_no_number_but_a_code_is_kept_to_the_byte():
    assert scanned("2022010118\r").value == "2022010118"
    assert scanned("CJM:0f\r3a\n").value == "CJM:0f\r3a\n"


@pytest.mark.parametrize("screen", ["door", "capture", "form", "help"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_keys_and_help_fit_eighty_cells(screen, lang):
    pieces = key_line(screen, lang, frozenset(WHY_NOT), 80)

    assert cells("".join(piece for piece, _ in pieces)) <= 80
    assert all(cells(line) <= 74 for line in help_text(screen, lang))
    assert len(help_text(screen, lang)) <= 22


@pytest.mark.parametrize("screen", ["door", "capture", "align", "doctor"])
def test_help_tells_of_both_ways_through_a_list(screen):
    assert any("↑↓" in line for line in help_text(screen, "zh"))


@pytest.mark.parametrize("screen", ["door", "capture"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_key_line_always_tells_of_help(screen, lang):
    assert "F1" in "".join(piece for piece, _ in key_line(screen, lang, frozenset(), 80))


def test_a_key_that_cannot_act_stays_in_its_place():
    can = key_line("capture", "zh", frozenset(), 80)
    cannot = key_line("capture", "zh", frozenset({"acts", "waiting"}), 80)

    assert [piece for piece, _ in can] == [piece for piece, _ in cannot]
    assert sum(works for _, works in can) > sum(works for _, works in cannot)


def test_function_keys_have_an_alias_and_no_key_has_two_meanings():
    for screen in ("door", "capture", "form", "help"):
        keys = [key for binding in screen_bindings(screen) for key in binding.key.split(",")]
        assert len(keys) == len(set(keys))
    assert {key.keys for key in KEYS if key.act in {"door", "capture"}} == {"f2,alt+2", "f3,alt+3"}


showings = st.builds(
    Showing,
    tone=st.sampled_from(sorted(MARKS)),
    headline=st.just("已签到 CHECKED IN"),
    number=st.sampled_from(["", "A-0001"]),
    name=st.text(max_size=30),
    details=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    id_number=st.sampled_from(["", "100000200401010018"]),
    notes=st.lists(st.text(max_size=60), max_size=3).map(tuple),
)


@given(showings, st.integers(20, 140), st.integers(11, 30), st.sampled_from(["new", "old", "hidden"]))
def test_a_banner_takes_exactly_its_room(showing, width, height, age):
    lines = banner_lines(showing, width, height, Glyphs(()), age)

    assert len(lines) == height
    assert all(cells(line) == width and line == one_line(line) for line in lines)


def test_the_four_verdicts_differ_in_shape():
    assert len({MARKS[tone] for tone in ("ok", "again", "attention", "stop")}) == 4


def test_an_old_verdict_hides_the_id_number():
    showing = Showing("ok", name="张伟", id_number="100000200401010018")

    assert "100000200401010018" in "".join(banner_lines(showing, 80, 11, Glyphs(()), "old"))
    assert "100000200401010018" not in "".join(banner_lines(showing, 80, 11, Glyphs(()), "hidden"))


def test_a_note_asks_for_attention_but_never_softens_a_stop():
    assert with_note(Showing("ok"), "x").tone == "attention"
    assert with_note(Showing("stop"), "x").tone == "stop"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+刘洋 9001", ("刘洋", "9001")),
        ("＋刘洋", ("刘洋", "")),
        ("+John Smith K9", ("John Smith", "K9")),
        ("+John Smith", ("John Smith", "")),
        ("+9001", ("9001", "")),
        ("+", ("", "")),
    ],
)
def test_a_walk_in_is_a_name_and_perhaps_a_number(typed, read):
    assert read_walk_in(typed) == read


def test_sizes_are_said_as_people_say_them():
    assert [size_shown(count) for count in (0, 999, 1500, 212 * 10**9, 8 * 10**12)] == [
        "0B", "999B", "1.5K", "212G", "8.0T",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("欧阳娜娜", "计算机科学与技术（中外合作办学）2201班"),
        (
            "Anna-Maria Schmidt-Rosenfeld von Hohenzollern",
            "Computer Science and Business Administration 2201",
        ),
    ],
)
def test_a_long_class_or_name_never_cuts_the_numbers_the_person_compares(name, class_name):
    showing = Showing(
        "preview", "x", name=name, details=("2022010118", class_name), id_number="100000200401010018"
    )

    facts = banner_lines(showing, 80, 11, Glyphs(()), "new")[-2]

    assert "2022010118" in facts
    assert "100000200401010018" in facts
    assert cells(facts) == 80


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0s"), (37, "37s"), (300, "300s"), (5400, "90m"), (61200, "17h"), (46915180, "543d")],
)
def test_a_pause_is_told_in_a_unit_that_says_something(seconds, shown):
    assert pause_shown(timedelta(seconds=seconds)) == shown
