"""Cells, cutting and filling: nothing is lost without a mark, nothing is ever too wide."""

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.text import cells, centre, cut, ends, fit, mask, one_line, spread, wrap

texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("张𠮷·… aé́")), max_size=40).map(
    one_line
)
widths = st.integers(0, 60)


def test_han_takes_two_cells():
    assert [cells(text) for text in ("张伟", "𠮷", "·", "A-0123", "é")] == [4, 2, 1, 6, 1]


def test_a_cut_name_ends_in_a_mark():
    assert cut("买买提·艾力江", 8) == "买买提·…"
    assert cut("买买提·艾力江", 13) == "买买提·艾力江"


@given(texts, widths)
def test_fit_is_exactly_as_wide_as_asked(text, width):
    assert cells(fit(text, width)) == width
    assert cells(centre(text, width)) == width


@given(texts, texts, widths)
def test_both_ends_are_exactly_as_wide_as_asked(left, right, width):
    assert cells(ends(left, right, width)) == width


@given(texts, st.integers(1, 60))
def test_what_was_cut_says_so(text, width):
    shown = cut(text, width)

    assert shown == text or shown.endswith("…")


@given(texts, st.integers(2, 60), st.integers(1, 6))
def test_wrapped_lines_fit_and_lose_nothing_silently(text, width, most):
    lines = wrap(text, width, most)

    assert len(lines) <= most
    assert all(cells(line) <= width for line in lines)
    kept = "".join("".join(lines).split())
    assert kept == "".join(text.split()) or lines[-1].endswith("…")


@given(st.text())
def test_one_line_never_moves_the_cursor(text):
    assert not set(one_line(text)) & set("\n\r\t\x1b\x00\x07\u2028\u202e\x9b")


def test_spread_gives_way_where_there_is_no_room():
    assert spread("张伟", 10) == "张  伟"
    assert spread("张伟", 5) == "张伟"


def test_a_masked_number_keeps_what_tells_people_apart():
    assert mask("100000200401010018") == "100***********0018"
    assert mask("2022") == "2022"
