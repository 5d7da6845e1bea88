import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldkit.frames.jpeg import JpegWalk, jpeg_verdict


@pytest.fixture(scope="module")
def samples():
    thumb = io.BytesIO()
    Image.effect_noise((16, 16), 50).save(thumb, "JPEG")
    made = []
    for progressive, restart in ((False, 0), (True, 0), (False, 2)):
        out = io.BytesIO()
        Image.effect_noise((40, 30), 90).convert("RGB").save(
            out,
            "JPEG",
            progressive=progressive,
            restart_marker_blocks=restart,
            # A whole small JPEG inside APP1, as a thumbnail is: it has an end marker of its own.
            exif=b"Exif\0\0" + thumb.getvalue(),
        )
        made.append(out.getvalue())
    return made


def test_the_samples_hold_an_end_marker_inside(samples):
    assert all(whole.count(b"\xff\xd9") >= 2 for whole in samples)


def test_every_cut_is_incomplete(samples):
    for whole in samples:
        assert jpeg_verdict(whole) == "complete"
        assert {jpeg_verdict(whole[:cut]) for cut in range(len(whole))} == {"incomplete"}


@settings(max_examples=200, deadline=None)
@given(data=st.data(), trailer=st.binary(max_size=200))
def test_trailers_and_block_sizes_do_not_matter(samples, data, trailer):
    whole = samples[data.draw(st.integers(0, 2))]
    cut = data.draw(st.integers(0, len(whole)))
    content = whole[:cut] + trailer if cut == len(whole) else whole[:cut]
    walk = JpegWalk()
    at = 0
    while at < len(content):
        step = data.draw(st.integers(1, 700))
        walk.feed(content[at : at + step])
        at += step

    assert walk.verdict == ("complete" if cut == len(whole) else "incomplete")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_hole_not_yet_written_is_incomplete(samples, data):
    whole = samples[data.draw(st.integers(0, 2))]
    cut = data.draw(st.integers(0, len(whole) - 2))

    assert jpeg_verdict(whole[:cut] + bytes(len(whole) - cut)) == "incomplete"


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_never_complete_without_a_scan(garbage):
    verdict = jpeg_verdict(garbage)

    assert verdict in {"complete", "incomplete", "damaged"}
    assert verdict != "complete" or b"\xff\xda" in garbage


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 not a photo", b"\x89PNG\r\n", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xda\0\x02\xff\xd9"],
)
def test_what_is_no_jpeg_is_damaged(content):
    assert jpeg_verdict(content) == "damaged"


def test_a_second_picture_behind_the_first_is_a_trailer(samples):
    assert jpeg_verdict(samples[0] + samples[1][:100]) == "complete"
