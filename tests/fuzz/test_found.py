"""What fuzzing found once, each held by a small test of its own."""

import io
import json
import struct
import threading

import pytest
from PIL import Image

from fieldkit.devices import sam_cycle
from fieldkit.devices.errors import ReaderSilent
from fieldkit.frames import exif
from fieldkit.frames.exif import Facts, read_facts
from fieldkit.links.recording import Likeness, read_recording
from fieldkit.portrait.errors import PictureUnreadable
from fieldkit.portrait.picture import open_picture
from fieldkit.words import links as words
from tests.frames.made import box, heif, tiff
from tests.fuzz.pictures import with_size


class Babbler:
    """A line that never falls silent: no reader, or a reader at another speed."""

    heard = 0

    def send(self, frame):
        self.sent = frame

    def receive(self, timeout_s):
        self.heard += 1
        assert self.heard < 100_000, "nobody ever stops listening"
        return b"\x55" * 64


def test_a_line_that_never_falls_silent_is_given_up():
    with pytest.raises(ReaderSilent):
        sam_cycle.answers(Babbler(), threading.Event())


def test_a_score_too_large_for_a_float_is_a_bad_line():
    row = {"at": "2026-03-16T08:31:04+08:00", "obs": "likeness", "frame": "f1", "person": "P1"}

    read = read_recording([json.dumps({**row, "score": score}) for score in (10**400, -(10**400), 1, -1)])

    assert [(one.line, one.reason) for one in read.problems] == [(1, words.FIELD_BAD), (2, words.FIELD_BAD)]
    assert [one.score for one in read.observations if isinstance(one, Likeness)] == [1.0, -1.0]


def test_a_chain_of_folders_with_false_counts_is_left_after_a_bounded_number_of_looks(monkeypatch):
    looks = []
    read = exif._Bounded.read
    monkeypatch.setattr(exif._Bounded, "read", lambda self, size=-1: looks.append(size) or read(self, size))
    places = range(8, 8 + 6 * 2000, 6)
    chain = b"".join(struct.pack("<HI", 0xFFFF, place + 6) for place in places)

    assert read_facts(b"II*\0" + struct.pack("<I", 8) + chain) == Facts()
    assert 1000 < len(looks) < 25_000


@pytest.mark.parametrize("long", [False, True])
def test_places_of_items_without_width_are_not_counted(monkeypatch, long):
    whole = heif(b"heic", tiff({0x010F: "Canon"}))
    assert read_facts(whole).body == "Canon"
    at = whole.index(b"iloc")
    places = b"\1\0\0\0" + b"\0\0" + b"\xff\xff" + b"\0\1\0\0\0\0\xff\xff" * 9000
    head = struct.pack(">I4sQ", 1, b"iloc", len(places) + 16) if long else box(b"iloc", places)[:8]
    bomb = whole[: at - 4] + head + places
    # The library must not even begin: it would not end while there is memory.
    monkeypatch.setattr(exif, "_tags", lambda block: pytest.fail("it was read"))

    assert read_facts(bomb) == Facts()


def _scanned_often(mode, progressive, times):
    """A few kilobytes that claim 12 megapixels and go over them again and again."""
    out = io.BytesIO()
    Image.new(mode, (64, 64), 90).save(out, "JPEG", progressive=progressive, subsampling=0)
    whole = with_size(out.getvalue(), 4000, 3000)
    start = whole.rfind(b"\xff\xda")
    if progressive:
        return whole[:-2] + whole[start:-2] * times + b"\xff\xd9"
    alone = b"".join(
        b"\xff\xda" + struct.pack(">H6B", 8, 1, colour, 0, 0, 63, 0) + b"\x12\x34" * 8 for colour in (1, 2, 3)
    )
    return whole[:start] + alone * times + b"\xff\xd9"


@pytest.mark.parametrize(("mode", "progressive"), [("L", True), ("RGB", True), ("RGB", False)])
def test_a_picture_that_would_keep_the_decoder_for_hours_is_refused(mode, progressive):
    with pytest.raises(PictureUnreadable) as refused:
        open_picture(_scanned_often(mode, progressive, 20_000), 1000)

    assert refused.value.__cause__ is None, "it was decoded"
    assert open_picture(_scanned_often(mode, progressive, 1), 1000).width == 4000
