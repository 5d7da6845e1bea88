import io
import logging
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldkit.frames.exif import Facts, read_facts
from tests.frames.made import cr3, heif, tiff


def test_a_jpeg_tells_moment_body_and_orientation(jpeg):
    facts = read_facts(jpeg())

    assert facts.shot == datetime(2026, 3, 16, 7, 28, 15, 229000)  # noqa: DTZ001
    assert (facts.body, facts.orientation) == ("00012345", 6)
    assert facts.offset is not None
    assert facts.offset.utcoffset(None) == timedelta(hours=8)


def test_a_truncated_jpeg_still_tells_them(jpeg):
    assert read_facts(jpeg()[:900]) == read_facts(jpeg())


@pytest.mark.parametrize(
    ("subsec", "micro"),
    [("05", 50000), ("5", 500000), (" ", 0), ("", 0), (None, 0), ("123456789", 123456), ("x", 0)],
)
def test_fractions_of_a_second(jpeg, subsec, micro):
    shot = read_facts(jpeg(subsec=subsec)).shot

    assert shot is not None
    assert shot.microsecond == micro


@pytest.mark.parametrize(
    "shot", ["0000:00:00 00:00:00", "2026:13:40 07:28:15", "    :  :     :  :  ", "", "yesterday", None]
)
def test_a_camera_without_a_clock_has_no_moment(jpeg, shot):
    assert read_facts(jpeg(shot=shot)).shot is None


@pytest.mark.parametrize(
    ("serial", "make", "model", "body"),
    [
        (None, "Canon", "Canon EOS R5", "Canon EOS R5"),
        ("0000000", "SONY", "ILCE-7M4", "SONY ILCE-7M4"),
        (None, None, "Z 6", "Z 6"),
        (None, "NIKON CORPORATION", "NIKON Z 6", "NIKON Z 6"),
        (None, None, None, ""),
    ],
)
def test_body_without_a_serial_number(jpeg, serial, make, model, body):
    assert read_facts(jpeg(serial=serial, make=make, model=model)).body == body


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_based_raw(order):
    exposure = {0x9003: "2026:03:16 09:10:11", 0x9291: "120", 0xA431: "SYN-42"}
    content = tiff({0x010F: "NIKON", 0x0110: "Z 8", 0x0112: 1}, order, {0x8769: exposure})
    facts = read_facts(content)

    assert facts.shot == datetime(2026, 3, 16, 9, 10, 11, 120000)  # noqa: DTZ001
    assert facts.body == "SYN-42"


def test_a_cr3_holds_its_facts_in_boxes():
    facts = read_facts(cr3())

    assert facts.shot == datetime(2026, 3, 16, 8, 0, 1, 570000)  # noqa: DTZ001
    assert (facts.body, facts.orientation) == ("SYN-000777", 8)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_a_heif_of_any_brand(brand):
    exposure = {0x9003: "2026:03:16 09:10:11", 0xA431: "SYN-43"}
    facts = read_facts(heif(brand, tiff({0x0110: "Z 8"}, ">", {0x8769: exposure})))

    assert facts.shot == datetime(2026, 3, 16, 9, 10, 11)  # noqa: DTZ001
    assert facts.body == "SYN-43"


def test_other_pictures_have_no_facts():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")

    assert read_facts(out.getvalue()) == Facts()
    assert read_facts(b"") == Facts()


def test_nothing_is_printed_or_logged(capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        for content in (b"garbage", b"\xff\xd8\xff\xe1garbage", b"II*\0\xff\xff\xff\xff", b""):
            read_facts(content)

    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_damaged_heads_never_raise(data):
    sources = (cr3(), tiff({0x010F: "X", 0x0112: 3}, "<", {0x8769: {0x9003: "2026:03:16 09:10:11"}}))
    whole = bytearray(sources[data.draw(st.integers(0, 1))])
    for _ in range(data.draw(st.integers(1, 10))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    facts = read_facts(bytes(whole[: data.draw(st.integers(0, len(whole)))]))

    assert 1 <= facts.orientation <= 8
    assert facts.body.isprintable()


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([b"", b"II*\0", b"MM\0*", b"\xff\xd8\xff\xe1", b"\0\0\0\x18ftypheic"]),
    st.binary(max_size=300),
)
def test_garbage_never_raises(start, garbage):
    assert 1 <= read_facts(start + garbage).orientation <= 8
