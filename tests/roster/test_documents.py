from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.roster.documents import (
    PROVINCES,
    check_character,
    examine,
    icao_check,
    normalise_number,
)

BIRTHS = st.dates(date(1930, 1, 1), date(2029, 12, 31))
RESIDENT_REGIONS = st.builds(
    "{}{:04d}".format, st.sampled_from(sorted(PROVINCES - {"81", "82", "83"})), st.integers(0, 9999)
)
PERMIT_REGIONS = st.sampled_from(["810000", "820000", "830000"])
FOREIGN_REGIONS = st.builds("9{}{:03d}".format, st.sampled_from(sorted(PROVINCES)), st.integers(1, 899))


def eighteen(region, birth, sequence):
    first_17 = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return first_17 + check_character(first_17)


def foreign_2017(country, region, birth, sex):
    first_14 = f"{country}{region:04d}{birth:%y%m%d}{sex}"
    return first_14 + icao_check(first_14)


EIGHTEENS = st.builds(
    eighteen,
    st.one_of(RESIDENT_REGIONS, PERMIT_REGIONS, FOREIGN_REGIONS),
    BIRTHS,
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("number", "kind", "birth", "sex"),
    [
        ("11010519491231002X", "resident", date(1949, 12, 31), "女"),
        ("810000199408230021", "hmt-permit", date(1994, 8, 23), "女"),
        ("830000199201300022", "hmt-permit", date(1992, 1, 30), "女"),
        ("911124198108030024", "foreign-permit", date(1981, 8, 3), "女"),
        ("931012199012010018", "foreign-permit", date(1990, 12, 1), "男"),
        ("KAZ110090123105", "foreign-permit", date(1990, 12, 31), None),
    ],
)
def test_specimens_of_every_kind_that_carries_a_check(number, kind, birth, sex):
    found = examine(number)

    assert (found.number, found.kind, found.birth, found.problem) == (number, kind, birth, None)
    assert found.valid
    assert sex is None or found.sex == sex


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("H12345678", "hm-travel-permit"),
        ("m1234567890", "hm-travel-permit"),
        ("12345678", "taiwan-travel-permit"),
        ("1234567890", "taiwan-travel-permit"),
        ("E12345678", "passport"),
        ("PA 1234567", "passport"),
        ("123456789", "passport"),
        ("", "none"),
        ("1101**********002X", "masked"),
        ("＊＊＊＊２１", "masked"),
        ("军字第1号", "unknown"),
    ],
)
def test_kinds_without_a_check_are_known_by_their_form(number, kind):
    found = examine(number)

    assert found.kind == kind
    assert not found.valid


@given(EIGHTEENS)
def test_a_made_number_tells_its_birth_and_sex(number):
    found = examine(number)

    assert found.problem is None
    assert found.valid
    assert found.birth == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert found.sex == ("男" if int(number[16]) % 2 else "女")


@given(EIGHTEENS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_character_is_found(number, place, char):
    wrong = number[:place] + char + number[place + 1 :]
    found = examine(wrong)

    assert found.valid == (wrong == number)
    assert (found.problem is None) == (wrong == number)


@given(EIGHTEENS, st.integers(0, 15))
def test_two_neighbouring_digits_exchanged_are_found(number, place):
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert examine(wrong).valid == (wrong == number)


@given(EIGHTEENS, st.integers(0, 17))
def test_a_lost_digit_never_passes(number, place):
    found = examine(number[:place] + number[place + 1 :])

    assert found.problem == "unknown-document"


@given(RESIDENT_REGIONS, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_fifteen_digits_become_the_eighteen_of_the_same_person(region, birth, sequence):
    new = eighteen(region, birth, sequence)
    found = examine(f"{region}{birth:%y%m%d}{sequence:03d}")

    assert found.number == new
    assert found.problem is None
    assert not found.valid


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
    st.integers(0, 9999),
    BIRTHS,
    st.sampled_from("12"),
    st.integers(3, 14),
    st.integers(1, 9),
)
def test_a_foreign_card_of_2017_is_checked_too(country, region, birth, sex, place, shift):
    number = foreign_2017(country, region, birth, sex)
    found = examine(number)

    assert found.valid
    assert found.birth == birth
    assert found.sex == {"1": "男", "2": "女"}[sex]
    # 7-3-1 modulo 10 misses no single digit, as 7, 3 and 1 have no factor in common with 10.
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not examine(wrong).valid


def test_an_impossible_birth_date_with_a_right_check_is_named():
    first_17 = "11010519990230001"

    assert examine(first_17 + check_character(first_17)).problem == "birth-date"


def test_a_region_that_does_not_exist_is_named():
    assert examine(eighteen("990000"[::-1], date(2000, 1, 1), 1)).problem == "unknown-document"


@given(EIGHTEENS)
def test_full_width_lower_case_and_spaces_do_not_count(number):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    spaced = f" {number[:6]} {number[6:14]}-{number[14:].lower()}\u3000"

    assert examine(wide) == examine(number) == examine(spaced)


@given(st.text())
def test_any_text_gets_a_kind(text):
    found = examine(text)

    assert found.number == normalise_number(found.number)
    assert examine(found.number).kind == found.kind
