"""A school day by hand, from the roster to the recording, through the command line."""

from datetime import datetime, timedelta

import pytest

from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.roster.writing import make_roster_workbook
from tests.conftest import ROSTER

NINE = datetime(2026, 3, 16, 9, 0)  # noqa: DTZ001 - a camera's clock has no zone


@pytest.fixture
def roster(tmp_path):
    make_roster_workbook(tmp_path / "roster.xlsx", ROSTER)
    return tmp_path / "roster.xlsx"


@pytest.fixture
def card(tmp_path):
    folder = tmp_path / "card" / "DCIM" / "100CANON"
    folder.mkdir(parents=True)

    def shoot(number, minutes, person, kind="portrait"):
        shot = NINE + timedelta(minutes=minutes) - timedelta(hours=1, seconds=7)
        jpeg = camera_jpeg(person, number, shot=shot, body="b1", number=number, kind=kind)
        (folder / f"IMG_{number:04d}.JPG").write_bytes(jpeg)
        return tmp_path / "card"

    return shoot


def test_a_day_by_hand(ready, roster, card, tmp_path):
    assert ready("roster", "check", roster, "--json").json["accepted"] == len(ROSTER)
    assert ready("roster", "import", roster, "--json").json["added"] == len(ROSTER)

    first = ready("checkin", "2022010118", "--at", "2026-03-16T08:50:00", "--json").json
    assert first["number"] == "A-0001"
    assert first["status"] == "new"
    assert (first["name"], first["class"], first["student_no"]) == ("张伟", "计算机2201", "2022010118")
    assert ready("checkin", "zhanghuimin", "--at", "2026-03-16T08:51", "--json").json["number"] == "A-0002"
    assert ready("checkin", "2022010118", "--at", "2026-03-16T08:52", "--json").json["status"] == "again"
    assert "undone: repeated check-in 08:52" in ready("undo").err
    walk_in = ready("checkin", "9001", "--walk-in", "王五", "--at", "2026-03-16T08:53", "--json").json
    assert (walk_in["status"], walk_in["number"]) == ("walk-in", "A-0003")

    for minutes, who in ((0, "A-0001"), (2, "2022010119"), (4, "A-0003")):
        at = f"2026-03-16T09:{minutes:02d}:00"
        assert ready("seat", who, "--at", at, "--json").code == 0
    for number, minutes, person in ((31, 0.1, 1), (32, 0.2, 1), (33, 2.1, 2), (34, 4.1, 3)):
        folder = card(number, minutes, person)
    taken_in = ready("ingest", folder, "--json")
    assert (taken_in.json["files"], taken_in.json["new"], taken_in.json["frames"]) == (4, 4, 4)
    assert (taken_in.json["may_format"], taken_in.code) == (False, 0)
    assert ready("ingest", folder, "--json").json["known"] == 4

    links = ready("links").lines
    assert [link["number"] for link in links] == ["A-0001", "A-0001", "A-0002", "A-0003"]
    assert {link["status"] for link in links} == {"linked"}
    assert links[0]["file"] == "100CANON/IMG_0031.JPG"

    recording = tmp_path / "day.jsonl"
    recording.write_text(ready("recording", "export").out, encoding="utf-8")
    replayed = ready("replay", recording)
    assert replayed.code == 0
    assert [(line["frame"], line["person"]) for line in replayed.lines] == [
        (link["frame"], link["person"]) for link in links
    ]

    swapped = ready("swap", "A-0001", "A-0002", "--json").json["frames"]
    assert len(swapped) == 3
    assert [link["number"] for link in ready("links").lines] == ["A-0002", "A-0002", "A-0001", "A-0003"]
    undone = ready("undo", "--json")
    assert (undone.json["undone"], undone.json["subject"]) == ("links.said", links[0]["frame"])
    assert undone.json.keys() == {"undone", "subject", "at"}
    assert ready("unlink", links[1]["frame"]).code == 0
    assert ready("links").lines[1]["status"] == "spare"
    assert ready("link", "IMG_0032.JPG", "A-0001").code == 0
    assert [link["number"] for link in ready("links").lines] == ["A-0001", "A-0001", "A-0002", "A-0003"]

    person = ready("person", "A-0001", "--json").json
    assert (person["name"], person["number"], len(person["frames"])) == ("张伟", "A-0001", 2)
    assert [act["event"] for act in person["history"]].count("checkin") == 2

    assert ready("visit", "list", "--json").json == [
        {"name": "spring", "school": "某大学", "open": True, "people": 7, "taken": 3}
    ]
    verified = ready("ledger", "verify", "--json").json
    assert (verified["ok"], verified["blobs"]) == (True, 4)


@pytest.mark.parametrize(
    ("lang", "link", "nobody", "seat", "checkin"),
    [
        (
            "zh", "已撤销：指定对应", "不属于任何人", "再撤销就是：就座 09:00:00  A-0001 张伟",
            "已撤销：签到 08:50:00",
        ),
        (
            "en", "undone: link", "nobody's", "the next undo takes back: seat 09:00:00  A-0001 张伟",
            "undone: check-in 08:50:00",
        ),
    ],
)  # fmt: skip
def test_undo_names_what_it_took_back_and_what_the_next_would(
    ready, roster, card, lang, link, nobody, seat, checkin
):
    ready("roster", "import", roster)
    ready("checkin", "2022010118", "--at", "2026-03-16T08:50:00")
    ready("checkin", "9001", "--walk-in", "王五", "--at", "2026-03-16T08:51:00")
    ready("seat", "A-0001", "--at", "2026-03-16T09:00:00")
    frame = ready("ingest", card(1, 0.1, 1)) and ready("links").lines[0]["frame"]
    ready("link", frame, "A-0002")
    ready("unlink", frame)

    first, second, third = (ready("undo", lang=lang).err for _ in range(3))

    assert link in first.splitlines()[0]
    assert first.splitlines()[0].endswith(f"  {frame} → {nobody}")
    assert first.splitlines()[1].endswith(f"  {frame} → A-0002 王五")
    assert link in second
    assert seat in second
    assert "A-0001 张伟" in third.splitlines()[0]
    assert "A-0002 王五" in third.splitlines()[1]
    assert "A-0002 王五" in ready("undo", lang=lang).err.splitlines()[0]
    last = ready("undo", lang=lang).err.splitlines()
    assert len(last) == 1
    assert last[0] == f"{checkin}  A-0001 张伟"


def test_a_flipped_bit_in_an_original_and_a_lost_one_are_found(ready, card, tmp_path):
    card(1, 0, 1)
    ready("ingest", card(2, 1, 2))
    first, second = sorted((tmp_path / "home" / "blobs").rglob("*.age"))
    first.chmod(0o600)
    content = bytearray(first.read_bytes())
    content[500] ^= 1
    first.write_bytes(content)
    second.unlink()

    answer = ready("ledger", "verify", "--json")

    assert answer.code == 1
    assert answer.json["problems"] == [
        f"original changed {first.stem}",
        f"original missing {second.stem}",
    ]


def test_a_card_that_was_not_formatted_brings_nobody_to_another_school(ready, card):
    folder = card(1, 0, 1)
    ready("ingest", folder)
    ready("visit", "new", "next", "--school", "另一大学")

    answer = ready("ingest", folder, "--json").json

    assert (answer["new"], answer["known"]) == (0, 1)
    assert ready("links").lines == []


def test_a_frame_without_a_time_in_it_is_kept_for_review(ready, tmp_path):
    from PIL import Image

    folder = tmp_path / "tether"
    folder.mkdir()
    Image.new("RGB", (640, 480), "white").save(folder / "IMG_0001.JPG")

    assert ready("ingest", folder, "--json").json["frames"] == 1
    assert ready("links").lines[0]["status"] in {"review", "spare"}
    assert ready("recording", "export").lines[0]["shot"] is None


def test_a_card_is_never_free_to_format_before_a_second_place_holds_it(ready, card):
    folder = card(1, 0, 1)
    cut = folder / "DCIM" / "100CANON" / "IMG_0002.JPG"
    cut.write_bytes((folder / "DCIM" / "100CANON" / "IMG_0001.JPG").read_bytes()[:-9])
    assert ready("ingest", folder).code == 1

    (status,) = ready("card", "status", "--json").json

    assert (status["files"], status["here"], status["verified"]) == (2, 1, 1)
    assert status["may_format"] is False
    assert {row["file"]: row["reason"] for row in status["not_safe"]} == {
        "100CANON/IMG_0001.JPG": "no-second-copy",
        "100CANON/IMG_0002.JPG": "incomplete",
    }
    cut.unlink()
    ready("ingest", folder)
    assert ready("card", "status", "--json").json[0]["files"] == 1


def test_a_chip_is_bound_once_and_taken_from_another_only_when_asked(ready, roster):
    ready("roster", "import", roster)
    first = ready("bind", "04:aa:bb:cc:dd:ee:ff:80", "2022010118", "--json")
    assert (first.json["status"], first.json["number"], first.code) == ("new", None, 0)
    assert ready("checkin", "04AABBCCDDEEFF80", "--json").json["student_no"] == "2022010118"
    assert ready("bind", "04aabbccddeeff80", "2022010118", "--json").json["status"] == "already"

    refused = ready("bind", "04AABBCCDDEEFF80", "zhanghuimin")
    assert refused.code == 1
    assert "--replace" in refused.err
    moved = ready("bind", "04AABBCCDDEEFF80", "zhanghuimin", "--replace", "--json").json
    assert (moved["status"], moved["before"]) == ("replaced", first.json["person"])
    assert ready("undo", "--json").json["undone"] == "chip.bound"
    assert ready("checkin", "04AABBCCDDEEFF80", "--json").json["student_no"] == "2022010118"
    assert ready("bind", "2022010119", "2022010118").code == 1
    assert ready("ledger", "verify").code == 0


def test_what_is_known_of_somebody_is_told_in_the_language_of_the_crew(ready, roster):
    ready("roster", "import", roster)
    ready("checkin", "2022010118")
    ready("checkin", "2022010118")
    ready("undo")

    for lang, words in (
        ("zh", ("姓名：张伟", "来源：名册", "拍摄序号：A-0001", "名册导入", "签到（已撤销）")),
        ("en", ("name: 张伟", "origin: roster", "sequence number: A-0001", "check-in (undone)")),
    ):
        said = ready("person", "A-0001", lang=lang).err
        assert all(word in said for word in words), said
        assert "roster.people" not in said
