import csv
import hashlib
import io
import os
import resource
import subprocess
from pathlib import Path

import pytest

from fieldkit.ledger import kinds
from fieldkit.ledger.views.fold import differing_views
from fieldkit.paper.corrections import correct
from fieldkit.paper.delivery import deliver
from fieldkit.paper.errors import (
    DeliveryBusy,
    DeliveryInHome,
    DeliveryNotAFolder,
    FileInTheWay,
    NoRoom,
    NoSuchBatch,
    NotWritable,
    SumsForeign,
)
from fieldkit.paper.folder import open_folder, refuse_home

ROOT = os.geteuid() == 0


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "交付 2026"


@pytest.fixture
def hand_over(school, judges, profile, out):
    def run(batch=None, folder=out, profile=profile, judges=judges, school=school):
        kit = school.kit
        return deliver(kit.home, school.visit, profile, kit.links(), judges, folder, batch)

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lost"
    }


def photos(folder: Path) -> list[str]:
    return sorted(name.partition("/")[2] for name in files(folder) if name.endswith(".jpg"))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    (path,) = folder.glob(f"*/{name}")
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sums_hold(folder: Path) -> None:
    check = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert check.returncode == 0, check.stdout + check.stderr
    listed = {line.split(b"  ", 1)[1].decode() for line in (folder / "SHA256SUMS").read_bytes().splitlines()}
    assert listed == files(folder).keys() - {"SHA256SUMS"}


def reasons(done) -> dict[str, str]:
    return {one.standing.person.key: one.reason for one in done.left_out}


def test_the_folder_is_as_promised(school, student, hand_over, out):
    first, second, third = school.roster(
        student(1), student(2, id_number=""), student(3, "计科/2202", name="=1+1")
    )
    for key in (first, second, third):
        school.shoot(person=key)
    (absent,) = school.roster(student(4))[:1]
    done = hand_over()

    assert (len(done.delivered), len(done.unchanged)) == (3, 0)
    assert reasons(done) == {absent: "absent"}
    assert done.complete
    assert done.row()["left_out"] == [{"person": absent, "reason": "absent"}]
    assert {name.partition("/")[0] for name in photos(out)} == {"计科2201", "计科_2202"}
    assert any(name.endswith("/2022000002.jpg") for name in photos(out))
    sums_hold(out)
    index = table(out, "index.csv")
    assert [row["姓名"] for row in index] == ["学生乙1", "学生丙2", "'=1+1"]
    assert [f"{row['文件']}" for row in index] == photos(out)
    assert [(row["姓名"], row["原因"]) for row in table(out, "not-delivered.csv")] == [("学生戊4", "未到")]
    assert differing_views(school.kit.store) == []


def test_the_workbook_says_what_the_csv_says(school, student, hand_over, out):
    from python_calamine import CalamineWorkbook

    for key in school.roster(student(1), student(2, name="=HYPERLINK(1)")):
        school.shoot(person=key)
    hand_over()
    (path,) = out.glob("*/index.xlsx")
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    shown = [list(row.values()) for row in table(out, "index.csv")]
    assert [[str(cell) for cell in row] for row in rows[1:]] == [
        [text.removeprefix("'") for text in row] for row in shown
    ]


def test_delivering_again_writes_nothing(school, student, hand_over, judges, out):
    for key in school.roster(student(1), student(2)):
        school.shoot(person=key)
    hand_over()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    events, asked = school.events(kinds.DELIVERY_MADE), len(judges.asked)
    done = hand_over()

    assert (len(done.delivered), len(done.unchanged)) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    assert (school.events(kinds.DELIVERY_MADE), len(judges.asked)) == (events, asked)


def test_only_what_changed_is_written(school, student, hand_over, judges, out):
    first, second = school.roster(student(1), student(2))
    school.shoot(person=first)
    school.shoot(person=second)
    hand_over()
    old = files(out)
    school.shoot(person=second)
    done = hand_over()
    changed = {name for name, content in files(out).items() if old.get(name) != content}

    assert (done.delivered, done.unchanged) == ((second,), (first,))
    assert len(judges.asked) == 3
    assert sorted(Path(name).suffix or name for name in changed) == [".csv", ".jpg", ".xlsx", "SHA256SUMS"]
    sums_hold(out)


def test_a_lost_or_damaged_file_is_written_again(school, student, hand_over, out):
    for key in school.roster(student(1), student(2)):
        school.shoot(person=key)
    hand_over()
    whole = files(out)
    one, two = (path for path in out.rglob("*.jpg"))
    one.unlink()
    two.write_bytes(b"damaged")
    done = hand_over()

    assert len(done.delivered) == 2
    assert files(out) == whole


def test_the_best_frame_is_taken(school, student, hand_over, judges):
    first, second, third, fourth = school.roster(*(student(place) for place in (1, 2, 3, 4)))
    school.shoot("face old", person=first)
    school.shoot("face new", person=first)
    school.shoot("face good", person=second)
    school.shoot("face doubtful", "doubtful", person=second)
    chosen = school.shoot("face chosen", "bad", person=third)
    school.shoot("face good", person=third)
    school.accept(chosen)
    school.shoot("face kept", person=fourth)
    school.accept(school.shoot("face dropped", person=fourth), accepted=False)
    hand_over()

    assert sorted(jpeg.split(b" ")[1] for jpeg in judges.asked) == [b"chosen", b"good", b"kept", b"new"]


def test_after_the_seal_a_later_frame_takes_nobodys_place(school, student, hand_over, judges):
    from fieldkit.paper.seal import seal

    (first,) = school.roster(student(1))
    school.shoot("face sealed", "doubtful", person=first)
    hand_over()
    seal(school.kit.journal, school.visit, school.kit.links)
    late = school.shoot("face late")
    school.check_in("2022000001")
    school.kit.chair().seat("2022000001")
    hand_over()
    assert len(judges.asked) == 1
    school.say(late, first)
    school.accept(late)
    assert hand_over().delivered == (first,)
    assert judges.asked[-1].startswith(b"face late")


def test_a_crop_that_breaks_a_limit_is_left_out_unless_taken_by_hand(school, student, hand_over, judges, out):
    first, second, third = school.roster(student(1), student(2), student(3))
    off = school.shoot("limits", person=first)
    school.shoot("face", "doubtful", person=second)
    school.shoot("limits", person=second)
    school.shoot("none", person=third)
    done = hand_over()

    assert reasons(done) == {first: "limits: eyes, hairline", third: "no-face"}
    assert done.delivered == (second,)
    assert not done.complete
    assert [row["原因"] for row in table(out, "not-delivered.csv")] == [
        "不符合规格：眼睛位置、头顶位置", "照片里没有找到人脸",
    ]  # fmt: skip
    asked = len(judges.asked)
    assert reasons(hand_over()) == reasons(done)
    assert len(judges.asked) == asked
    school.accept(off)
    assert reasons(hand_over()) == {third: "no-face"}
    sums_hold(out)


def test_a_frame_chosen_by_hand_is_never_replaced_unseen(school, student, hand_over):
    (first,) = school.roster(student(1))
    school.shoot("face", person=first)
    school.accept(school.shoot("none", person=first))

    assert reasons(hand_over()) == {first: "no-face"}


def test_whoever_has_no_accepted_photo_is_left_out(school, student, hand_over, out):
    first, second, third = school.roster(student(1), student(2), student(3, id_number="", exam_no="x"))
    school.shoot(verdict="bad", person=first)
    school.shoot(verdict=None, person=second)
    school.shoot("broken", person=third)
    done = hand_over()

    assert reasons(done) == {first: "rejected", second: "unjudged", third: "unreadable"}
    assert not done.complete
    assert photos(out) == []
    sums_hold(out)


def test_a_photo_that_takes_too_long_is_said_to_and_what_to_do(school, student, hand_over, out):
    alone, spared = school.roster(student(1), student(2))
    school.shoot("slow", person=alone)
    school.shoot("face", person=spared)
    school.shoot("slow", person=spared)
    done = hand_over()

    assert reasons(done) == {alone: "too-slow"}
    assert done.delivered == (spared,)
    assert done.left_out[0].say("en") == (
        "cropping took too long: choose another frame, or take the photo again"
    )
    assert [row["原因"] for row in table(out, "not-delivered.csv")] == [
        "裁切太费时，没有结果：换一张照片，或补拍"
    ]


def test_a_photo_over_which_the_cropping_died_is_not_called_unreadable_and_is_tried_again(
    school, student, hand_over, judges
):
    (alone,) = school.roster(student(1))
    school.shoot("stopped", person=alone)
    done = hand_over()

    assert reasons(done) == {alone: "stopped"}
    assert "deliver again" in done.left_out[0].say("en")
    assert len(judges.asked) == 1
    assert reasons(hand_over()) == {alone: "stopped"}
    assert len(judges.asked) == 2


def test_who_has_no_usable_number_or_shares_one_is_left_out(school, student, hand_over):
    masked, same, other = school.roster(
        student(1, id_number="1101**********1234", student_no="S/1"),
        student(2, id_number="E12345678"),
        student(3, id_number="e12345678"),
    )
    nobody = school.check_in("只有姓名", walk_in="只有姓名")
    for key in (masked, same, other, nobody):
        school.shoot(person=key)
    done = hand_over()

    assert reasons(done) == {same: "same-name", other: "same-name", nobody: "no-name"}
    assert done.delivered == (masked,)


def test_who_had_a_name_first_keeps_it(school, student, hand_over, out):
    first, second = school.roster(student(1), student(2, id_number=""))
    school.shoot(person=first)
    school.shoot(person=second)
    hand_over()
    before = files(out)
    number = student(1).id_number.lower()
    (path,) = (name for name in before if number in name)
    # Another station's correction gives both people one number.
    with school.kit.journal.writing() as pen:
        body = {"fields": {"id_number": student(1).id_number}, "old": {"id_number": ""}}
        pen.record(kinds.CORRECTION_MADE, body, visit=school.visit.key, school="", subject=second)
    done = hand_over()

    assert reasons(done) == {second: "same-name"}
    assert files(out)[path] == before[path]
    assert len(photos(out)) == 1


def test_a_correction_renames_exactly_one_file(school, student, hand_over, judges, out):
    first, second = school.roster(student(1), student(2))
    school.shoot(person=first)
    school.shoot(person=second)
    hand_over()
    before = files(out)
    correct(school.kit.journal, school.visit, first, "Sfzh", student(7).id_number)
    done = hand_over()
    after = files(out)

    assert done.delivered == (first,)
    assert len(judges.asked) == 2
    gone = {name for name in before if name.endswith(".jpg")} - after.keys()
    (new,) = {name for name in after if name.endswith(".jpg")} - before.keys()
    assert Path(new).stem == student(7).id_number
    assert [after[new]] == [before[name] for name in gone]
    sums_hold(out)


def test_a_photo_that_no_longer_counts_is_taken_away(school, student, hand_over, out):
    first, second = school.roster(student(1), student(2, "计科2202"))
    frame = school.shoot(person=first)
    school.shoot(person=second)
    hand_over()
    school.accept(frame, accepted=False)
    done = hand_over()

    assert reasons(done) == {first: "rejected"}
    assert [name.partition("/")[0] for name in photos(out)] == ["计科2202"]
    assert not (out / school.visit.school / "计科2201").exists()
    sums_hold(out)


def test_batches_are_delivered_one_by_one(school, student, hand_over, out):
    first, second, third = school.roster(student(1), student(2, "计科2202"), student(3, "计科2202"))
    for key in (first, second):
        school.shoot(person=key)
    one = hand_over("计科2201")

    assert (one.delivered, one.left_out) == ((first,), ())
    assert {row["原因"] for row in table(out, "not-delivered.csv")} == {"其他批次，本次未交付", "未到"}
    two = hand_over("计科2202")
    assert (two.delivered, reasons(two)) == ((second,), {third: "absent"})
    assert len(photos(out)) == len(table(out, "index.csv")) == 2
    sums_hold(out)
    with pytest.raises(NoSuchBatch):
        hand_over("计科2203")


def test_two_schools_share_a_folder_and_nothing_else(make_school, student, judges, profile, out):
    for name, place in (("甲校", 1), ("乙校", 2)):
        school = make_school(name)
        (key,) = school.roster(student(place))
        school.shoot(person=key)
        deliver(school.kit.home, school.visit, profile, school.kit.links(), judges, out)

    assert {name.partition("/")[0] for name in files(out)} == {"甲校", "乙校", "SHA256SUMS"}
    sums_hold(out)


def test_foreign_files_are_never_touched(school, student, hand_over, out):
    first, second = school.roster(student(1), student(2))
    school.shoot(person=first)
    school.shoot(person=second)
    theirs = out / school.visit.school / "计科2201"
    theirs.mkdir(parents=True)
    (theirs / f"{student(1).id_number}.jpg").write_bytes(b"theirs")
    (theirs / "notes.txt").write_bytes(b"theirs")
    done = hand_over()

    assert reasons(done) == {first: "in-the-way"}
    assert (theirs / f"{student(1).id_number}.jpg").read_bytes() == b"theirs"
    school.accept(
        next(link.frame.frame for link in school.kit.links() if link.person == second), accepted=False
    )
    hand_over()
    assert sorted(path.name for path in theirs.iterdir()) == [f"{student(1).id_number}.jpg", "notes.txt"]
    assert not done.complete


@pytest.mark.parametrize("name", ["index.xlsx", "not-delivered.csv"])
def test_a_foreign_list_stops_the_delivery(school, student, hand_over, out, name):
    (first,) = school.roster(student(1))
    school.shoot(person=first)
    (out / school.visit.school).mkdir(parents=True)
    (out / school.visit.school / name).write_bytes(b"the teacher's own")
    before = files(out)
    with pytest.raises(FileInTheWay):
        hand_over()
    assert files(out) == before
    assert school.events(kinds.DELIVERY_MADE) == 0


def test_a_folder_that_leads_elsewhere_stops_the_delivery(school, student, hand_over, out, tmp_path):
    (first,) = school.roster(student(1))
    school.shoot(person=first)
    (tmp_path / "elsewhere").mkdir()
    out.mkdir()
    (out / school.visit.school).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileInTheWay):
        hand_over()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_odd_folders_are_refused(school, hand_over, out, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises((DeliveryNotAFolder, NotWritable)):
            hand_over(folder=folder)
    for folder in (school.kit.home.path, school.kit.home.path / "x", tmp_path / "y" / ".." / "home0"):
        with pytest.raises(DeliveryInHome):
            refuse_home(folder, school.kit.home.path)
    refuse_home(out, school.kit.home.path)
    out.mkdir()
    (out / "SHA256SUMS").write_text("my shopping list\n")
    with pytest.raises(SumsForeign):
        hand_over()
    assert files(out) == {"SHA256SUMS": b"my shopping list\n"}


def test_two_runs_at_once_are_refused(hand_over, out):
    with open_folder(out), pytest.raises(DeliveryBusy):
        hand_over()


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs /proc")
def test_where_nothing_can_be_written(hand_over):
    with pytest.raises(NotWritable):
        hand_over(folder=Path("/proc/fieldkit"))


def test_a_full_disk_changes_nothing(school, student, hand_over, out):
    (first, second) = school.roster(student(1), student(2))
    school.shoot(person=first)
    hand_over()
    before = files(out)
    school.shoot(person=second)
    # A limit on the size of files fails a write as a full disk does, here of the workbook.
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(NoRoom):
            hand_over()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(out) == before
    assert len(hand_over().delivered) == 1


def test_a_closed_original_leaves_what_was_delivered(school, student, hand_over, judges, out, profile):
    from dataclasses import replace

    first, second = school.roster(student(1), student(2))
    school.shoot(person=first)
    hand_over()
    school.shoot(person=second)
    # What close-day does to the keys.
    with school.kit.store.write() as db:
        db.conn.execute("UPDATE keyring SET secret=NULL WHERE name LIKE 'day %'")
    before = photos(out)
    done = hand_over()
    assert (reasons(done), done.unchanged) == ({second: "closed"}, (first,))
    # The name can still change, the picture cannot.
    correct(school.kit.journal, school.visit, first, "Sfzh", "")
    assert hand_over().delivered == (first,)
    assert [Path(name).stem for name in photos(out)] == ["2022000001"] != before
    done = hand_over(profile=replace(profile, quality=90))
    assert reasons(done) == {first: "closed", second: "closed"}
    assert len(photos(out)) == 1
    assert (
        hashlib.sha256(next(out.rglob("*.jpg")).read_bytes()).hexdigest() in (out / "SHA256SUMS").read_text()
    )


def test_every_reason_has_words(school, student, hand_over, out):
    from fieldkit.portrait.verdict import Limit
    from fieldkit.words import paper as words

    (first,) = school.roster(student(1))
    for noted in ("limits: none of ours", "no-face", "出国交流"):
        school.note(first, noted)
        done = hand_over()
        assert reasons(done) == {first: noted}
        assert [one.say("en") for one in done.left_out] == [noted]
        assert [row["原因"] for row in table(out, "not-delivered.csv")] == [noted]
    assert words.LIMIT_NAMES.keys() == {str(limit) for limit in Limit}
