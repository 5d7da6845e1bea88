import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldkit.frames.tiff import extent


def judge(content):
    return extent(lambda offset, length: content[offset : offset + length], len(content))


@pytest.fixture(scope="module")
def plain_tiff():
    out = io.BytesIO()
    Image.effect_noise((40, 30), 50).save(out, "TIFF", compression=None)
    return out.getvalue()


@pytest.fixture(scope="module")
def raw_with_child():
    """What a NEF or ARW is: a folder, a child folder, the sensor data at the end."""
    data = b"\x55" * 300
    child_at, data_at = 8 + 2 + 12 + 4, 8 + 2 + 12 + 4 + 2 + 24 + 4
    first = struct.pack("<HHHIII", 1, 0x014A, 4, 1, child_at, 0)
    child = struct.pack("<H", 2)
    child += struct.pack("<HHII", 0x0111, 4, 1, data_at) + struct.pack("<HHII", 0x0117, 4, 1, 300)
    return b"II*\0" + struct.pack("<I", 8) + first + child + struct.pack("<I", 0) + data


def box(kind, body):
    return struct.pack(">I4s", len(body) + 8, kind) + body


@pytest.fixture(scope="module")
def boxes():
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + b"y" * 50
    return box(b"ftyp", b"crx \0\0\0\1") + box(b"moov", b"x" * 40) + large


@pytest.fixture(scope="module")
def raf():
    parts = struct.pack(">6I", 108, 50, 158, 20, 178, 100)
    return b"FUJIFILMCCD-RAW " + b"0" * 68 + parts + b"p" * 50 + b"h" * 20 + b"s" * 100


@pytest.mark.parametrize("name", ["plain_tiff", "raw_with_child", "boxes", "raf"])
def test_whole_files_are_complete_and_cut_ones_are_not(name, request):
    whole = request.getfixturevalue(name)

    assert judge(whole) == "complete"
    assert "complete" not in {judge(whole[:cut]) for cut in range(len(whole) - 1)}


@pytest.mark.parametrize("name", ["plain_tiff", "raw_with_child", "raf"])
def test_a_trailer_does_no_harm(name, request):
    assert judge(request.getfixturevalue(name) + b"trailer") == "complete"


def test_zeros_are_a_file_not_yet_written():
    assert judge(bytes(500)) == "incomplete"


def test_a_box_without_a_length_proves_nothing(boxes):
    assert judge(boxes + struct.pack(">I4s", 0, b"free") + b"...") == "unknown"


def test_unknown_structures_say_so():
    assert judge(b"FOVb sigma's own") == "unknown"


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damage_never_raises(plain_tiff, raw_with_child, boxes, raf, data):
    whole = bytearray((plain_tiff, raw_with_child, boxes, raf)[data.draw(st.integers(0, 3))])
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, min(len(whole), 200) - 1))] = data.draw(st.integers(0, 255))

    assert judge(bytes(whole)) in {"complete", "incomplete", "unknown"}
