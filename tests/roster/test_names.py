import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.roster.names import (
    PRIVATE_USE_REPAIRS,
    SEPARATORS,
    clean,
    comparison_key,
    has_private_use,
    is_masked,
)

HANZI = st.text(
    st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
              st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)),
    min_size=1, max_size=25,
)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "text", "found"),
    [
        ("张三", "张三", ()),
        (" 张三\u3000", "张三", ("space",)),
        ("张 三", "张三", ("space",)),
        ("张\u200b三\ufeff", "张三", ("hidden",)),
        ("\t张三", "张三", ("hidden",)),
        ("John Smith", "John Smith", ()),
        ("John  Smith ", "John Smith", ("space",)),
        ("李\ue81e", "李\u9fb4", ("private-use",)),
        ("李\ue000", "李\ue000", ("private-use",)),
        ("李\U00020087", "李\U00020087", ()),
        ("\u4dae某", "\u4dae某", ()),
        ("阿依古丽•买买提", "阿依古丽•买买提", ()),
        ("张?", "张?", ("garbled",)),
        ("张□", "张□", ("garbled",)),
        ("张\ufffd", "张\ufffd", ("garbled",)),
        ("锟斤拷", "锟斤拷", ("garbled",)),
        ("李\ud840", "李\ufffd", ("garbled",)),
    ],
)
def test_what_is_repaired_and_what_is_named(raw, text, found):
    cleaned = clean(raw, name=True)

    assert (cleaned.text, cleaned.found) == (text, found)


@given(st.lists(HANZI, min_size=1, max_size=1))
def test_a_hanzi_name_is_kept_to_the_character(names):
    if "garbled" not in clean(names[0], name=True).found:
        assert clean(names[0], name=True).text == names[0]


@given(
    st.text(
        st.sampled_from("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建文宇欣怡子涵梓萱诗雨王李张刘陈"),
        min_size=2,
        max_size=4,
    )
)
def test_utf_8_read_as_gbk_and_as_latin_is_garbled(name):
    as_gbk = name.encode("utf-8").decode("gb18030", errors="replace")
    as_latin = name.encode("utf-8").decode("latin-1")

    assert clean(name, name=True).found == ()
    assert "garbled" in clean(as_gbk, name=True).found
    assert "garbled" in clean(as_latin, name=True).found


@given(st.text(), st.booleans())
def test_cleaning_is_done_once_and_leaves_nothing_that_cannot_be_stored(raw, name):
    once = clean(raw, name=name)

    assert clean(once.text, name=name).text == once.text
    assert once.text.encode("utf-8").decode("utf-8") == once.text


@given(HANZI, st.sampled_from(SEPARATORS), st.sampled_from(SEPARATORS), HANZI)
def test_every_separator_compares_alike(first, one, other, second):
    assert comparison_key(f"{first}{one}{second}") == comparison_key(f"{first} {other}{second}")
    assert comparison_key(f"{first}{one}{second}") != comparison_key(f"{first}{second}")


def test_case_width_and_compatibility_forms_compare_alike():
    assert comparison_key("ＪＯＨＮ smith") == comparison_key("John Smith")
    assert comparison_key("\u2f6f") == comparison_key("石")
    assert comparison_key("李\ue81e") == comparison_key("李\u9fb4")


@given(st.text())
def test_a_comparison_key_is_its_own_key(text):
    key = comparison_key(text)

    assert comparison_key(key) == key


def test_the_repairs_agree_with_the_codec_where_it_is_newer():
    moved = {0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864}
    rows = [0xFE00 | low for low in [*range(0x50, 0x7F), *range(0x80, 0xA1)]]

    for step, code in enumerate(rows):
        now = code.to_bytes(2, "big").decode("gb18030")
        repaired = PRIVATE_USE_REPAIRS[0xE815 + step]
        assert not has_private_use(repaired)
        if not has_private_use(now):
            assert repaired == now
        elif 0xE815 + step in moved:
            assert 0x9FB4 <= ord(repaired) <= 0x9FBB


def test_a_mask_is_recognised():
    assert is_masked("张*")
    assert is_masked("张＊＊")
    assert not is_masked("张三")
