"""Recordings, names of files and numbers of documents that somebody else wrote."""

import json
import random
import string
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fieldkit.frames.dcf import arrange, read_path
from fieldkit.links.alarms import alarms
from fieldkit.links.engine import link_frames
from fieldkit.links.order import shooting_order
from fieldkit.links.outcome import link_row
from fieldkit.links.recording import FrameTaken, read_recording, write_line
from fieldkit.roster.documents import check_character, examine, normalise_number
from tests.fuzz.running import Feed
from tests.fuzz.spoiling import spoilt

START = datetime(2026, 3, 16, 0, 30, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 10**9, 10**30, -(10**400), 1e308, float("nan"), float("inf"),
    "", " ", "\0", "\ud800", "x" * 5000, [], {}, [[]], {"a": None},
    "2026-03-16", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-16T08:31:04+08:00",
    "2026-03-16T08:31:04", "1970-01-01T00:00:00Z", "2199-12-31T23:59:59+00:00",
    "A-0001", "A-99999999999", "Ａ-０００１", "f1", "P1", "c1",
)  # fmt: skip
FIELDS = (
    "at",
    "obs",
    "id",
    "person",
    "seq",
    "frame",
    "body",
    "file",
    "shot",
    "count",
    "score",
    "checkin",
    "x",
)
KINDS = ("checkin", "seat", "next", "leave", "frame", "faces", "slate", "likeness", "assign", "fan")


def small_day(people: int) -> list[dict[str, Any]]:
    """Give the rows of a good small day with every kind of observation."""
    rows: list[dict[str, Any]] = []

    def row(second: float, obs: str, **fields: Any) -> None:
        rows.append({"at": (START + timedelta(seconds=second)).isoformat(), "obs": obs, **fields})

    number = 0
    for at in range(1, people + 1):
        row(4.5 * at, "checkin", id=f"c{at}", person=f"P{at}", seq=at)
        begin = 400 + 20 * at
        row(begin - 3, "seat", **({"seq": at} if at % 2 else {"person": f"P{at}"}))
        for step in range(2 + at % 2):
            number += 1
            shot = START + timedelta(seconds=begin + 2 * step - 3600)
            row(
                begin + 2 * step, "frame", id=f"f{number}", body="cam-1",
                file=f"100CANON/IMG_{number:04}.JPG", shot=shot.replace(tzinfo=None).isoformat(),
            )  # fmt: skip
            row(begin + 2 * step + 0.5, "faces", frame=f"f{number}", count=1)
            row(begin + 2 * step + 0.6, "likeness", frame=f"f{number}", person=f"P{at}", score=0.7)
        row(begin + 9, ("next", "leave", "slate", "assign")[at % 4], **_rest(at, number))
    return rows


def _rest(at: int, number: int) -> dict[str, Any]:
    return (
        {},
        {"checkin": f"c{at}"},
        {"frame": f"f{number}", "seq": at},
        {"frame": f"f{number}", "person": None},
    )[at % 4]


def bad_line(chance: random.Random, rows: list[dict[str, Any]]) -> str:
    row = dict(chance.choice(rows))
    match chance.randrange(6):
        case 0:
            return spoilt(chance, json.dumps(row).encode()).decode("utf-8", "replace")
        case 1:
            return json.dumps({chance.choice(FIELDS): chance.choice(ODD) for _ in range(chance.randrange(6))})
        case 2:
            row["obs"] = chance.choice(KINDS)
        case 3:
            del row[chance.choice(list(row))]
        case 4:
            return chance.choice(
                ("", "[" * 3000, "{" * 3000, '{"a":' * 3000, "null", "1e999", "\ufeff", '"obs"', "1" * 5000)
            )
        case _:
            pass
    row[chance.choice(list(row))] = chance.choice(ODD)
    return json.dumps(row)


def prepare_recording() -> Feed:
    """One line of a recording: an observation that can be written and read again, or a problem."""
    rows = small_day(6)

    def feed(chance: random.Random) -> str:
        line = bad_line(chance, rows)
        read = read_recording([line])
        assert len(read.observations) + sum(one.skipped for one in read.problems) == bool(
            line.strip("\ufeff \t\r\n")
        )
        for one in read.problems:
            assert one.reason.say("zh", **one.fields)
        if not read.observations:
            return "skipped"
        again = read_recording([write_line(seen) for seen in read.observations])
        assert repr(again.observations) == repr(read.observations)
        return type(read.observations[0]).__name__

    return feed


def prepare_replay() -> Feed:
    """A whole small day with bad lines in it: every frame that was read gets one link."""
    rows = small_day(6)

    def feed(chance: random.Random) -> str:
        day = [dict(row) for row in rows if chance.random() < 0.95]
        lines = [json.dumps(row) for row in day]
        for _ in range(chance.choice((1, 3, 10, 40))):
            place = chance.randrange(len(lines))
            lines[place : place + chance.randrange(2)] = [bad_line(chance, rows)]
        if chance.random() < 0.2:
            chance.shuffle(lines)
        seen = read_recording(lines).observations
        links = link_frames(seen)
        frames = [one for one in seen if isinstance(one, FrameTaken)]
        assert sorted(link.frame for link in links) == sorted(one.id for one in frames)
        for link in links:
            assert 0 <= link.confidence <= 1
            json.dumps(link_row(link))
        assert alarms(seen, links) is not None
        placed = shooting_order(frames)
        assert sum(map(len, placed.values())) == len(frames)
        return "frames" if frames else "none"

    return feed


def prepare_names() -> Feed:
    """Names on a card: the same frames whatever order the disk lists them in, and no file twice."""
    parts = (
        "DSC_", "IMG_", "_MG_", "0001", "9999", "0000", "10000", "00", "100CANON", "999NIKON", "MISC", "JPG",
        "jpg", "CR3", "NEF", ".", "..", "/", "/", " (1)", "-2", "~", "照片", "\udcff\udc80", "\0", "İ", "ß",
        "٣", "²", "\n", "9" * 400,
    )  # fmt: skip

    def name(chance: random.Random) -> str:
        if chance.random() < 0.5:
            folder = chance.choice(("100CANON/", "101CANON/", "999CANON/", "", "tether/"))
            number = chance.choice((1, 2, 9998, 9999, chance.randint(0, 12_000)))
            prefix, ending = (
                chance.choice(("IMG_", "img_", "_MG_", "A")),
                chance.choice(("JPG", "CR3", "jpg", "XMP", "")),
            )
            return f"{folder}{prefix}{number:04}.{ending}"
        return "".join(chance.choices(parts, k=chance.randint(1, 7)))

    def feed(chance: random.Random) -> str:
        names = [name(chance) for _ in range(chance.randint(1, 12))]
        shelf = arrange(names)
        chance.shuffle(names)
        assert arrange(names) == shelf, "listed differently, arranged differently"
        files = shelf.files()
        known = {path for path in names if read_path(path)}
        assert sorted(file.path for file in files) == sorted(known)
        return "frames" if shelf.frames else "loose" if shelf.loose else "nothing"

    return feed


def prepare_documents() -> Feed:
    """Numbers of documents, typed or pasted: a kind of document, a fault, or unknown."""
    marks = string.digits * 3 + "XxHMKAZ０１９Ｘ *'-–\u3000\t\0·²٣\ud800"

    def feed(chance: random.Random) -> str:
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(30_000))
        good = f"{chance.choice((110105, 810000, 911124, 0)):06}{born:%Y%m%d}{chance.randrange(1000):03}"
        typed = list(good + check_character(good))
        for _ in range(chance.randrange(4)):
            typed[chance.randrange(len(typed))] = chance.choice(marks)
        if chance.random() < 0.5:
            typed = typed[chance.randrange(4) : chance.randint(4, 18)]
        text = (
            "".join(typed)
            if chance.random() < 0.8
            else "".join(chance.choices(marks, k=chance.randrange(40)))
        )
        document = examine(text)
        plain = normalise_number(text)
        assert document.number == plain or (len(plain) == 15 and len(document.number) == 18)
        assert not document.valid or document.birth
        return document.problem or document.kind

    return feed


def prepare_udev() -> Feed:
    """What udev tells of a device, with any property missing or odd: an event or nothing."""
    from fieldkit.clock import SetClock
    from fieldkit.devices.hotplug import plugged

    clock = SetClock(START)
    values = {
        "SUBSYSTEM": ("usb", "tty", "block"), "DEVNAME": ("/dev/sdb1", "/dev/ttyUSB0"),
        "ID_USB_INTERFACES": (":060101:",), "ID_GPHOTO2": ("1",), "ID_VENDOR_ID": ("0400",),
        "ID_MODEL_ID": ("c35a",), "ID_VENDOR": ("Canon_Inc.",), "ID_MODEL": ("EOS",),
        "ID_FS_USAGE": ("filesystem",), "ID_FS_TYPE": ("vfat", "exfat", "ext4"),
        "ID_FS_LABEL": ("EOS_DIGITAL",), "ID_DRIVE_FLASH_SD": ("1",), "ID_PART_ENTRY_TYPE": ("0x0b",),
    }  # fmt: skip
    odd = ("", "\udcff", "\0", " ", "_", "x" * 3000)

    def feed(chance: random.Random) -> str:
        told = {
            key: chance.choice(odd if chance.random() < 0.2 else some)
            for key, some in values.items()
            if chance.random() < 0.8
        }
        event = plugged(told, clock, "added")
        return type(event).__name__

    return feed
