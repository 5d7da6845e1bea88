import io
import logging
import struct
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldkit.frames.exif import Facts, read_facts


def tiff(entries, order="<", extra_ifds=()):
    """A TIFF of ASCII and SHORT entries: {tag: text or whole number}, with children by tag."""
    out = bytearray(struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8))
    children = dict(extra_ifds)
    table_at = 8
    values = bytearray()
    values_at = table_at + 2 + 12 * (len(entries) + len(children)) + 4
    table = bytearray(struct.pack(order + "H", len(entries) + len(children)))
    pointers = []
    for tag, value in sorted({**entries, **dict.fromkeys(children)}.items()):
        if value is None:
            pointers.append((len(table) + 8, tag))
            table += struct.pack(order + "HHII", tag, 4, 1, 0)
        elif isinstance(value, int):
            table += struct.pack(order + "HHIHH", tag, 3, 1, value, 0)
        else:
            raw = value.encode() + b"\0"
            if len(raw) <= 4:
                table += struct.pack(order + "HHI4s", tag, 2, len(raw), raw)
            else:
                table += struct.pack(order + "HHII", tag, 2, len(raw), values_at + len(values))
                values += raw
    table += struct.pack(order + "I", 0)
    out += table + values
    for where, tag in pointers:
        struct.pack_into(order + "I", out, table_at + where, len(out))
        child = children[tag]
        body = bytearray(struct.pack(order + "H", len(child)))
        at = len(out) + 2 + 12 * len(child) + 4
        tail = bytearray()
        for child_tag, text in sorted(child.items()):
            raw = text.encode() + b"\0"
            if len(raw) <= 4:
                body += struct.pack(order + "HHI4s", child_tag, 2, len(raw), raw)
            else:
                body += struct.pack(order + "HHII", child_tag, 2, len(raw), at + len(tail))
                tail += raw
        out += body + struct.pack(order + "I", 0) + tail
    return bytes(out)


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def cr3():
    first = tiff({0x010F: "Canon", 0x0110: "Canon EOS R6", 0x0112: 8})
    exposure = tiff({0x9003: "2026:03:16 08:00:01", 0x9291: "57 ", 0xA431: "SYN-000777"}, order=">")
    uuid = box(b"uuid", CANON, box(b"CNCV", b"x"), box(b"CMT1", first), box(b"CMT2", exposure))
    return box(b"ftyp", b"crx \0\0\0\1", b"crx isom") + box(b"moov", uuid) + box(b"mdat", b"1234")


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


def heif(brand, block):
    """A HEIF of one Exif item, as its boxes demand; the item lies in mdat."""
    ftyp = box(b"ftyp", brand, b"\0\0\0\0", b"mif1", brand)
    item = b"\0\0\0\6Exif\0\0" + block
    infe = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"Exif", b"\0")
    iinf = box(b"iinf", b"\0\0\0\0", struct.pack(">H", 1), infe)

    def meta(offset):
        spot = struct.pack(">HHH", 1, 0, 1) + struct.pack(">II", offset, len(item))
        iloc = box(b"iloc", b"\0\0\0\0", b"\x44\0", struct.pack(">H", 1), spot)
        return box(b"meta", b"\0\0\0\0", box(b"hdlr", b"\0" * 8, b"pict", b"\0" * 13), iinf, iloc)

    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", item)


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
