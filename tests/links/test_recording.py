import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.recording import Checkin, FrameTaken, Unknown, read_recording, recording_lines, write_line
from fieldkit.words import links as words

CHECKIN = '{"at": "2026-03-16T08:31:04.120+08:00", "obs": "checkin", "id": "c1", "person": "P1", "seq": 1}'
FRAME = (
    '{"at": "2026-03-16T08:33:10.900+08:00", "obs": "frame", "id": "f1", "body": "cam-1", '
    '"file": "100CANON/IMG_0031.JPG", "shot": "2026-03-16T07:28:15.229"}'
)


def test_lines_are_read_and_written_back_the_same() -> None:
    lines = [
        CHECKIN,
        FRAME,
        '{"at": "2026-03-16T08:33:11+08:00", "obs": "seat", "seq": 1}',
        '{"at": "2026-03-16T08:33:11+08:00", "obs": "next"}',
        '{"at": "2026-03-16T08:33:12+08:00", "obs": "leave", "checkin": "c1", "by": "lead"}',
        '{"at": "2026-03-16T08:33:13+08:00", "obs": "faces", "frame": "f1", "count": 1}',
        '{"at": "2026-03-16T08:33:13+08:00", "obs": "slate", "frame": "f1", "seq": 1}',
        '{"at": "2026-03-16T08:33:13+08:00", "obs": "likeness", "frame": "f1", "person": "P1", "score": 0.5}',
        '{"at": "2026-03-16T08:33:14+08:00", "obs": "assign", "frame": "f1", "person": null}',
        '{"at": "2026-03-16T08:33:15+08:00", "obs": "weather", "sun": true}',
    ]

    read = read_recording(lines)

    assert read.problems == ()
    assert [json.loads(write_line(seen)) for seen in read.observations] != []
    again = read_recording(write_line(seen) for seen in read.observations)
    assert again == read


def test_bad_lines_are_named_and_the_rest_is_used() -> None:
    lines = [
        CHECKIN[:40],
        "[1, 2]",
        CHECKIN,
        CHECKIN,
        '{"at": "2026-03-16T08:31:04", "obs": "next"}',
        '{"at": "2026-03-16T08:40:00+08:00", "obs": "seat"}',
        '{"at": "2026-03-16T08:40:00+08:00", "obs": "assign", "frame": "f1"}',
        '{"at": "x", "obs": "next"}',
        '{"obs": "next"}',
        '{"at": "2026-03-16T08:40:00+08:00", "obs": "likeness", "frame": "f1", "person": "P1", "score": NaN}',
        '{"at": "2026-03-16T08:40:00+08:00", "obs": "checkin", "id": "\\ud800", "person": "P2", "seq": 2}',
        FRAME,
        "[" * 100_000,
    ]

    read = read_recording(lines)

    assert [(one.line, one.reason) for one in read.problems] == [
        (1, words.NOT_JSON),
        (2, words.NOT_JSON),
        (4, words.ID_REPEATED),
        (5, words.TIME_WITHOUT_ZONE),
        (6, words.FIELD_MISSING),
        (7, words.FIELD_MISSING),
        (8, words.FIELD_BAD),
        (9, words.FIELD_MISSING),
        (10, words.FIELD_BAD),
        (11, words.NOT_TEXT),
        (13, words.NOT_JSON),
    ]
    assert all(one.skipped for one in read.problems)
    assert [type(seen) for seen in read.observations] == [Checkin, FrameTaken]
    for one in read.problems:
        assert one.reason.say("zh", **one.fields)


def test_a_line_out_of_time_is_used_in_its_place() -> None:
    late = CHECKIN.replace("08:31", "08:59").replace('"c1"', '"c2"')

    read = read_recording([late, CHECKIN])

    assert [seen.id for seen in read.observations] == ["c1", "c2"]
    assert [(one.line, one.skipped) for one in read.problems] == [(2, False)]


def test_a_frame_whose_shot_cannot_be_read_stays_a_frame() -> None:
    read = read_recording([FRAME.replace("2026-03-16T07:28:15.229", "0000:00:00 00:00:00")])

    assert [seen.shot for seen in read.observations] == [None]
    assert [(one.reason, one.skipped) for one in read.problems] == [(words.SHOT_UNREADABLE, False)]


@pytest.mark.parametrize(
    ("written", "shot"),
    [
        ("2026:03:16 07:28:15", "2026-03-16T07:28:15"),
        ("2026:03:16 07:28:15.25", "2026-03-16T07:28:15.250"),
        ("2026:03:16 07:28:15+08:00", "2026-03-16T07:28:15"),
        ("2026-03-16 07:28:15", "2026-03-16T07:28:15"),
    ],
)
def test_a_shot_may_be_written_as_cameras_write_it(written: str, shot: str) -> None:
    read = read_recording([FRAME.replace("2026-03-16T07:28:15.229", written)])

    assert [seen.shot for seen in read.observations] == [datetime.fromisoformat(shot)]
    assert read.problems == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_a_file_of_another_encoding_is_told_as_a_whole(encoding: str) -> None:
    assert recording_lines(f"{CHECKIN}\n{FRAME}\n".encode(encoding)) is None


def test_a_file_without_a_line_of_utf_8_is_told_as_a_whole() -> None:
    named = CHECKIN.replace("P1", "张伟")

    assert recording_lines(f"{named}\r\n\r\n{named}\r\n".encode("gb18030")) is None


def test_broken_bytes_are_the_matter_of_their_lines_alone() -> None:
    content = f"{CHECKIN}\n".encode() + b"\xff\xfe\0\n" + f"{FRAME}\r\n".encode() + b"\0" * 9

    lines = recording_lines(content)

    assert lines is not None
    read = read_recording(lines)
    assert [type(seen) for seen in read.observations] == [Checkin, FrameTaken]
    assert [(one.line, one.reason) for one in read.problems] == [(2, words.NOT_JSON), (4, words.NOT_JSON)]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_a_recording_of_nothing(content: bytes) -> None:
    lines = recording_lines(content)

    assert lines is not None
    assert read_recording(lines).observations == ()


def test_unknown_kinds_keep_everything_they_hold() -> None:
    read = read_recording(['{"obs": "fan", "at": "2026-03-16T08:31:04+08:00", "rpm": 900}'])

    assert read.observations == (Unknown("fan", {"at": "2026-03-16T08:31:04+08:00", "rpm": 900}),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["at", "obs", "id", "person", "seq", "frame", "body", "file", "shot", "count", "score"]
)
KINDS = st.sampled_from(["checkin", "seat", "next", "leave", "frame", "faces", "slate", "assign"])


@given(st.lists(st.text() | st.dictionaries(FIELDS, JSON | KINDS).map(json.dumps), max_size=6))
def test_no_line_can_do_harm(lines: list[str]) -> None:
    read = read_recording(lines)

    used = len(read.observations) + sum(one.skipped for one in read.problems)
    blank = sum(not line.strip("\ufeff \t\r\n") for line in lines)
    assert used == len(lines) - blank
    assert read_recording(write_line(seen) for seen in read.observations).observations is not None
