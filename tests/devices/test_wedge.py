"""Bursts and typing: what is a code, what is a person's, and that neither becomes the other."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices.wedge import (
    ENDS,
    Key,
    Scan,
    Typed,
    Wedge,
    WedgeLimits,
    due_ms,
    interrupt,
    press,
    settle,
)

codes = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=4, max_size=200).filter(
    lambda code: len(set(code)) > 1
)
fast = st.integers(0, 35)
slow = st.integers(60, 400)


def play(keys, limits=None, then_ms=5000):
    """Give what the screen is told, pressing keys and settling whenever that is due."""
    wedge, told = Wedge(limits or WedgeLimits()), []
    for key in keys:
        due = due_ms(wedge)
        if due is not None and due <= key.at_ms:
            wedge, outcomes = settle(wedge, due)
            told += outcomes
        wedge, outcomes = press(wedge, key)
        told += outcomes
    _, outcomes = settle(wedge, (keys[-1].at_ms if keys else 0) + then_ms)
    return told + list(outcomes)


def keys(text, gaps, start=1000):
    at, made = start, []
    for place, char in enumerate(text):
        at += gaps[place % len(gaps)] if place else 0
        made.append(Key(char, at))
    return made


def scans(told):
    return [one.text for one in told if isinstance(one, Scan)]


def typed(told):
    return "".join(one.text for one in told if isinstance(one, Typed))


@given(codes, st.lists(fast, min_size=1, max_size=9), st.sampled_from(["\r", "\n", "\t", "\r\n"]))
def test_a_fast_burst_with_its_end_is_one_scan_of_exactly_that_code(code, gaps, end):
    told = play(keys(code + end, gaps))

    assert scans(told) == [code]
    assert typed(told) == code[:3]
    assert told[-1].shown == 3


@given(st.text(string.printable, min_size=1, max_size=40), st.lists(slow, min_size=1, max_size=9))
def test_typing_is_never_a_scan_and_reaches_the_field_key_by_key(text, gaps):
    told = play(keys(text, gaps))

    assert told == [Typed(char) for char in text]


@given(
    st.lists(st.tuples(st.text(string.printable, min_size=1, max_size=12), st.integers(0, 700)), max_size=12),
    st.booleans(),
)
def test_every_key_ends_in_the_field_or_in_a_scan_and_in_order(parts, needs_end):
    pressed, at = [], 1000
    for text, gap in parts:
        for char in text:
            at += gap
            pressed.append(Key(char, at))
        at += 900

    told = play(pressed, WedgeLimits(needs_end=needs_end))

    kept = ""
    for one in told:
        if isinstance(one, Scan):
            kept = kept[: len(kept) - one.shown] + one.text + "\r"
        else:
            kept += one.text
    strip = str.maketrans("", "", "".join(ENDS))
    assert kept.translate(strip) == "".join(key.char for key in pressed).translate(strip)


def test_half_typed_text_is_not_part_of_the_scan():
    half = keys("zh", [150])
    burst = keys("A-0123\r", [8], start=half[-1].at_ms + 300)

    told = play(half + burst)

    assert scans(told) == ["A-0123"]


def test_the_enter_of_a_burst_never_reaches_the_screen():
    told = play(keys("2022010118\r", [5]))

    assert not ENDS & set(typed(told))


def test_a_persons_enter_passes_at_once():
    wedge = Wedge()
    for key in keys("yes", [140]):
        wedge, _ = press(wedge, key)

    _, outcomes = press(wedge, Key("\r", 2000))

    assert outcomes == (Typed("\r"),)


def test_a_code_with_line_breaks_inside_is_one_scan():
    told = play(keys("line one\rline two\r\r\n", [10]))

    assert scans(told) == ["line one\rline two\r"]


def test_two_scans_one_after_the_other_are_two():
    first = keys("A-0001\r", [5])
    second = keys("A-0002\r", [5], start=first[-1].at_ms + 60)

    assert scans(play(first + second)) == ["A-0001", "A-0002"]


def test_a_key_soon_after_a_scan_does_not_undo_it():
    burst = keys("A-0001\r", [5])
    told = play([*burst, Key("z", burst[-1].at_ms + 40)])

    assert scans(told) == ["A-0001"]
    assert told[-1] == Typed("z")


def test_a_burst_held_up_by_the_machine_is_not_cut_in_two():
    first = keys("20220", [5])
    rest = keys("10118\r", [5], start=first[-1].at_ms + 300)

    assert scans(play(first + rest)) == ["2022010118"]


def test_keys_that_a_busy_terminal_delivers_at_once_stay_typing_when_typing_goes_on():
    at_once = keys("zhang", [0])
    going_on = keys("wei", [160], start=at_once[-1].at_ms + 160)

    told = play(at_once + going_on)

    assert scans(told) == []
    assert typed(told) == "zhangwei"


def test_a_key_held_down_is_not_a_scan():
    assert scans(play(keys("0" * 30 + "\r", [33]))) == []
    assert typed(play(keys("0" * 30 + "\r", [33]))) == "0" * 30 + "\r"


@pytest.mark.parametrize(("needs_end", "found"), [(True, []), (False, ["2022010118"])])
def test_a_scanner_without_an_enter_must_be_declared(needs_end, found):
    told = play(keys("2022010118", [5]), WedgeLimits(needs_end=needs_end))

    assert scans(told) == found
    assert (typed(told) == "2022010118") is needs_end


def test_a_short_fast_word_with_enter_is_a_persons():
    assert typed(play(keys("abc\r", [10]))) == "abc\r"


def test_a_late_enter_still_belongs_to_a_long_burst():
    burst = keys("2022010118", [5])

    assert scans(play([*burst, Key("\r", burst[-1].at_ms + 120)])) == ["2022010118"]


def test_an_interrupted_burst_gives_its_keys_back():
    wedge = Wedge()
    for key in keys("123456", [5]):
        wedge, _ = press(wedge, key)

    wedge, outcomes = interrupt(wedge)

    assert outcomes == (Typed("456"),)
    assert due_ms(wedge) is None


def test_what_was_scanned_does_not_show_in_a_repr():
    assert "secret" not in repr(Scan("secret")) + repr(Typed("secret")) + repr(Key("secret", 0))
