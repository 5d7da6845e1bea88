"""SAM frames: the published examples, and anything a bad line makes of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices import sam
from fieldkit.devices.errors import NotASamReply

statuses = st.integers(0, 255)
contents = st.binary(max_size=64)
replies = st.builds(sam.Reply, statuses, contents)
quiet_noise = st.binary(max_size=40).map(lambda noise: noise.replace(b"\xaa", b"\x55"))


def whole(found):
    return [one for one in found if isinstance(one, sam.Reply)]


def fed(stream, cuts):
    """Feed a stream in pieces, then let the time run out."""
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    rest, found = b"", []
    for start, end in pairwise(edges):
        scanned = sam.scan(rest + stream[start:end])
        rest = scanned.rest
        found += scanned.found
    return found + list(sam.give_up(rest).found)


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (sam.SAM_STATUS, "AAAAAA9669000311FFED"),
        (sam.SAM_RESET, "AAAAAA9669000310FFEC"),
        (sam.SAM_ID, "AAAAAA9669000312FFEE"),
        (sam.FIND, "AAAAAA96690003200122"),
        (sam.SELECT, "AAAAAA96690003200221"),
        (sam.READ, "AAAAAA96690003300132"),
        (sam.READ_NEW_ADDRESS, "AAAAAA96690003300330"),
    ],
)
def test_requests_are_those_of_the_protocol_page(command, frame):
    assert sam.request(*command) == bytes.fromhex(frame)


@pytest.mark.parametrize(
    ("frame", "status", "length"),
    [
        ("AAAAAA9669000400009094", sam.OK, 0),
        ("AAAAAA9669000400006064", 0x60, 0),
        ("AAAAAA9669000800009F0000000097", sam.FOUND, 4),
        ("AAAAAA9669000400008084", sam.NOTHING_THERE, 0),
        ("AAAAAA9669000C000090" + "00" * 8 + "9C", sam.OK, 8),
        ("AAAAAA9669000400008185", sam.NOT_SELECTED, 0),
    ],
)
def test_replies_of_the_protocol_page_are_understood(frame, status, length):
    scanned = sam.scan(bytes.fromhex(frame))

    assert scanned.found == (sam.Reply(status, bytes(length)),)
    assert scanned.rest == b""


def test_the_lengths_of_a_read_are_those_of_the_protocol_page():
    plain = sam.reply(sam.OK, bytes.fromhex("01000400") + bytes(1280))
    with_finger = sam.reply(sam.OK, bytes.fromhex("010004000400") + bytes(2304))

    assert (len(plain), plain[5:7]) == (1295, bytes.fromhex("0508"))
    assert (len(with_finger), with_finger[5:7]) == (2321, bytes.fromhex("090A"))
    assert len(sam.card_content(whole(sam.scan(plain).found)[0].content).photo) == 1024
    assert len(sam.card_content(whole(sam.scan(with_finger).found)[0].content).fingerprint) == 1024


@given(st.lists(st.tuples(quiet_noise, replies), max_size=5), st.lists(st.integers(0), max_size=8))
def test_replies_are_found_between_noise_however_the_stream_is_split(parts, cuts):
    stream = b"".join(noise + sam.reply(one.status, one.content) for noise, one in parts)

    assert whole(fed(stream, cuts)) == [one for _, one in parts]


@given(st.binary(max_size=60), replies, st.lists(st.integers(0), max_size=8))
def test_splitting_never_changes_what_is_found(noise, one, cuts):
    stream = sam.PREAMBLE + noise + sam.reply(one.status, one.content)

    assert fed(stream, cuts) == fed(stream, [])


def test_a_byte_lost_and_one_doubled_in_the_preamble_only_cost_that_frame():
    good = sam.reply(sam.FOUND, bytes(4))
    broken = bytes.fromhex("AA00AAAA9669") + good[5:]

    assert whole(fed(broken + good, [])) == [sam.Reply(sam.FOUND, bytes(4))]


def test_a_true_frame_swallowed_by_a_false_length_is_found_when_time_is_over():
    false_start = sam.PREAMBLE + b"\x05\x08"
    good = sam.reply(sam.FOUND, bytes(4))

    found = fed(false_start + good, [])

    assert whole(found) == [sam.Reply(sam.FOUND, bytes(4))]
    assert any(isinstance(one, sam.Garbled) for one in found)


@given(replies, st.integers(0), st.integers(1, 255))
def test_one_bit_error_is_never_taken_for_another_reply(one, at, change):
    frame = bytearray(sam.reply(one.status, one.content))
    frame[at % len(frame)] ^= change

    assert all(found == one for found in whole(fed(bytes(frame), [])))


@given(st.binary(max_size=3000))
def test_no_bytes_at_all_end_the_search(noise):
    scanned = sam.scan(noise)

    assert len(scanned.rest) <= sam.HEAD_BYTES + sam.LONGEST_REPLY
    assert len(sam.give_up(scanned.rest).rest) == 0


@given(st.binary(max_size=1400))
def test_content_is_taken_apart_or_refused(content):
    try:
        parts = sam.card_content(content)
    except NotASamReply:
        return
    assert len(parts.text) + len(parts.photo) + len(parts.fingerprint) in {
        len(content) - 4,
        len(content) - 6,
    }


@given(replies)
def test_the_usb_form_is_the_same_frame_in_two_parts(one):
    frame = sam.reply(one.status, one.content)
    head, body = sam.usb_parts(frame)

    assert head + body == frame
    assert int.from_bytes(head[-2:]) == len(body)


def test_content_does_not_show_in_a_repr():
    assert "secret" not in repr(sam.Reply(sam.OK, b"secret"))
    assert "secret" not in repr(sam.CardContent(b"secret", b"secret"))
    assert "secret" not in repr(sam.scan(sam.PREAMBLE + b"\0\x80secret"))
