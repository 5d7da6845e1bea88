"""The four layouts of a chip's text, and anything else 256 bytes can hold."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices.chip import LAYOUTS, TEXT_BYTES, chip_text, read_chip_text
from fieldkit.devices.errors import ChipUnreadable
from fieldkit.devices.simulated.people import resident_text

han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=15)
numbers = st.text(string.digits + "X", min_size=15, max_size=15)


def test_every_layout_fits_and_no_two_fields_share_a_byte():
    for _, spans in LAYOUTS.values():
        taken = [at for start, length in spans.values() for at in range(start, start + length)]
        assert len(taken) == len(set(taken))
        assert max(taken) < TEXT_BYTES
        assert not {248, 249} & set(taken)


def test_a_resident_card():
    document = read_chip_text(resident_text(valid_to="长期"))

    assert (document.kind, document.name, document.number) == (
        "resident",
        "沈知夏",
        "110101200103120026",
    )
    assert (document.sex, document.nation, document.born) == ("2", "01", "2001-03-12")
    assert (document.valid_from, document.valid_to) == ("2017-04-05", "长期")
    assert (document.private_use, document.damaged) == ((), ())


def test_a_permit_for_hong_kong_macao_and_taiwan_residents():
    raw = chip_text(
        "J",
        name="陈大文",
        sex="1",
        born="19990102",
        number="810000199901020019",
        permit_no="H12345678",
        issue_count="01",
        valid_to="20280101",
    )

    document = read_chip_text(raw)

    assert (document.kind, document.layout) == ("hmt-permit", "J")
    assert (document.permit_no, document.issue_count) == ("H12345678", "01")
    assert document.valid_to == "2028-01-01"


def test_a_foreigner_of_2017():
    raw = chip_text(
        "I",
        latin_name="DOE, JOHN EXAMPLE",
        sex="1",
        number="USA110099010203",
        nationality="USA",
        name="杜约翰",
        born="19990102",
        valid_from="20190101",
        valid_to="20290101",
        version="01",
        issuer="1100",
    )

    document = read_chip_text(raw)

    assert (document.kind, document.number) == ("foreign-permit", "USA110099010203")
    assert (document.name, document.latin_name) == ("杜约翰", "DOE, JOHN EXAMPLE")
    assert (document.nationality, document.issuer, document.version) == ("USA", "1100", "01")


def test_a_foreigner_of_2023_whose_latin_name_goes_on_in_the_second_field():
    latin = "ABDULRAHMAN MUHAMMAD EXAMPLE IBRAHI" + "M ALEXANDER"
    raw = chip_text(
        "Y",
        name="阿卜杜",
        latin_name=latin[:35],
        latin_rest=latin[35:],
        number="911840199901020017",
        nationality="156",
        issue_count="02",
        former_number="101",
    )

    document = read_chip_text(raw)

    assert (document.kind, document.layout) == ("foreign-permit", "Y")
    assert document.latin_name == latin
    assert (document.former_number, document.issue_count) == ("101", "02")


def test_a_character_of_two_units_cut_at_the_end_of_a_field_is_dropped_and_told():
    document = read_chip_text(resident_text(name="沈" * 14 + "𠮷"))

    assert document.name == "沈" * 14
    assert document.damaged == ("name",)


def test_a_whole_character_beyond_the_basic_plane_is_kept():
    document = read_chip_text(resident_text(name="沈𠮷"))

    assert document.name == "沈𠮷"
    assert document.damaged == ()


def test_a_private_use_character_is_kept_and_told():
    document = read_chip_text(resident_text(name="沈\ue863"))

    assert document.name == "沈\ue863"
    assert document.private_use == ("name",)


def test_nul_padding_and_control_characters_do_not_reach_the_screen():
    document = read_chip_text(resident_text(name="沈夏\0\0\0", address="一\x1b[2J\r\n路"))

    assert document.name == "沈夏"
    assert document.address == "一[2J路"
    assert document.damaged == ("address",)


@pytest.mark.parametrize("bad", ["20010230", "2001-1-1", "２００１０１０１", "长"])
def test_a_date_that_is_none_is_kept_and_told(bad):
    document = read_chip_text(resident_text(born=bad))

    assert document.born == bad
    assert document.damaged == ("born",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(TEXT_BYTES),
        b"\xff" * TEXT_BYTES,
        chip_text(" "),
        resident_text() + b" ",
        resident_text()[:248] + b"Q\0" + resident_text()[250:],
        resident_text(number="11010１200103120026"),
    ],
)
def test_what_is_no_document_is_refused(raw):
    with pytest.raises(ChipUnreadable):
        read_chip_text(raw)


@given(han, numbers, st.sampled_from("JIY "))
def test_what_was_written_is_read(name, number, flag):
    document = read_chip_text(chip_text(flag, name=name, number=number, valid_to="20300131"))

    assert (document.name, document.number) == (name, number)
    assert document.valid_to == "2030-01-31"


@given(st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES), st.sampled_from("JIY \0"))
def test_any_bytes_make_a_clean_document_or_a_refusal(noise, flag):
    raw = noise[:122] + "A1".encode("utf-16-le") + bytes(34) + noise[158:248]
    raw += flag.encode("utf-16-le") + noise[250:]

    try:
        document = read_chip_text(raw)
    except ChipUnreadable:
        return

    texts = [getattr(document, key) for key in document.__slots__]
    for text in texts:
        assert isinstance(text, tuple) or text.encode("utf-8") is not None
    assert document.number.isascii()
    assert document.number not in repr(document)


@given(st.binary(max_size=TEXT_BYTES - 8))
def test_noise_never_ends_in_anything_but_a_refusal(noise):
    # A random number field or flag is refused; the few inputs that pass would be whole documents.
    with pytest.raises(ChipUnreadable):
        read_chip_text(noise.ljust(TEXT_BYTES, b"\xff"))
