import json
from datetime import timedelta
from pathlib import Path

import pytest

from fieldkit.cli import main
from fieldkit.portrait.delivery import check_delivery
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.studio.judging import judge_frames


@pytest.fixture
def fieldkit(school, tmp_path, capsys, monkeypatch):
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse\n")
    monkeypatch.setenv("FIELDKIT_HOME", str(school.kit.home.path))
    monkeypatch.setenv("FIELDKIT_PASSPHRASE_FILE", str(secret))

    def run(*arguments: object, code: int = 0, lang: str = "zh"):
        capsys.readouterr()
        ended = main([str(one) for one in arguments] + ["--lang", lang])
        shown = capsys.readouterr()
        assert ended == code, shown.err
        assert "Traceback" not in shown.err
        return json.loads(shown.out) if "--json" in arguments else shown.err

    return run


def portraits(school, people: list[str]) -> None:
    """Take and judge a real portrait of each, in this process."""
    from concurrent.futures import Future

    from fieldkit.portrait.profile import Profile
    from fieldkit.portrait.quality import judge
    from fieldkit.portrait.verdict import Judgement

    class Here:
        def submit(self, jpeg: bytes, profile: Profile) -> "Future[Judgement]":
            done: Future[Judgement] = Future()
            done.set_result(judge(jpeg, profile))
            return done

    for place, person in enumerate(people):
        shot = school.clock.now() + timedelta(seconds=place)
        picture = camera_jpeg(place + 3, place, shot=shot, body="1", number=place + 1, size=(900, 1200))
        school.shoot_jpeg(picture, person)
    judge_frames(school.kit.home, school.visit, Here(), school.kit.profile())


def test_a_class_from_figures_to_files(school, student, fieldkit, tmp_path):
    first, second, third = school.roster(student(1), student(2), student(3))
    portraits(school, [first, second])
    out = tmp_path / "out"

    found = fieldkit("reconcile", "--json")
    assert found["total"] == {"due": 3, "taken": 2, "not_taken": 1, "walk_ins": 0, "review": 0}
    assert found["batches"][0]["not_taken"] == [{"person": third, "reason": "absent"}]
    assert "未到" in fieldkit("reconcile", "--batch", "计科2201")
    assert fieldkit("deliver", out, "--json") == {
        "delivered": 2, "unchanged": 0, "left_out": [{"person": third, "reason": "absent"}],
    }  # fmt: skip
    files = sorted(out.rglob("*.jpg"))
    assert [path.stem for path in files] == [student(1).id_number, student(2).id_number]
    assert [check_delivery(path.read_bytes(), school.kit.profile()) for path in files] == [(), ()]
    again = fieldkit("deliver", out, "--json")
    assert (again["delivered"], again["unchanged"]) == (0, 2)
    assert fieldkit("seal", "--json")["sealed"][0]["frames"] == 2
    assert "已封存" in fieldkit("reconcile")
    assert "sealed" in fieldkit("reconcile", lang="en")
    fieldkit("print", "missing", "--out", tmp_path / "missing.pdf")
    assert (tmp_path / "missing.pdf").read_bytes().startswith(b"%PDF")
    assert fieldkit("print", "missing", "--out", tmp_path / "m.xlsx", "--json")["people"] == 1
    fieldkit("ledger", "verify")


def test_corrections_reach_the_files(school, student, fieldkit, tmp_path):
    (first,) = school.roster(student(1))
    portraits(school, [first])
    out = tmp_path / "out"
    fieldkit("deliver", out)
    assert fieldkit("correct", "2022000001", "xh", "2022000009", "--json") == {
        "person": first, "field": "Xh", "old": "2022000001", "new": "2022000009", "warnings": [],
    }  # fmt: skip
    assert "李四" in fieldkit("correct", first, "姓名", "李四")
    fieldkit("correct", first, "Xb", "女", code=1)
    fieldkit("correct", first, "Sfzh", "")
    fieldkit("deliver", out)
    assert [path.name for path in out.rglob("*.jpg")] == ["2022000009.jpg"]
    fieldkit("undo")
    fieldkit("deliver", out)
    assert [path.stem for path in out.rglob("*.jpg")] == [student(1).id_number]


def test_what_a_person_must_see_gives_exit_code_1(school, student, fieldkit, tmp_path):
    first, second = school.roster(student(1), student(2))
    school.shoot(verdict="bad", person=first)
    portraits(school, [second])
    assert fieldkit("deliver", tmp_path / "out", "--json", code=1)["left_out"] == [
        {"person": first, "reason": "rejected"}
    ]
    assert "照片不合格" in fieldkit("seal", code=1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("reconcile", "--batch", "没有"), 1),
        (("seal",), 1),
        (("seal", "--batch", "没有"), 1),
        (("deliver", "FILE"), 2),
        (("deliver", "HOME"), 2),
        (("deliver", "OUT", "--batch", "没有"), 1),
        (("deliver", "/proc/none"), 3),
        (("print", "missing", "--out", "x.doc"), 2),
        (("print", "missing", "--out", "/proc/x.pdf"), 3),
        (("correct", "nobody-at-all", "Xm", "甲"), 1),
        (("correct", "2022000001", "nope", "甲"), 2),
        (("correct", "2022000001", "Sfzh", "110101200001010010"), 1),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_input_gets_one_message(school, student, fieldkit, tmp_path, arguments, code, lang):
    school.roster(student(1))
    (tmp_path / "file").write_bytes(b"")
    places = {"FILE": tmp_path / "file", "HOME": school.kit.home.path / "x", "OUT": tmp_path / "out"}
    events = school.kit.store.value("SELECT count(*) FROM events")
    shown = fieldkit(*(places.get(one, one) for one in arguments), code=code, lang=lang)

    assert shown.startswith("fieldkit: ")
    assert len(shown.splitlines()) == 2
    assert school.kit.store.value("SELECT count(*) FROM events") == events
    assert not (tmp_path / "out").exists()


def test_no_number_gets_into_the_log(school, student, fieldkit, tmp_path):
    first, _ = school.roster(student(1), student(2))
    school.shoot("broken", person=first)
    fieldkit("deliver", tmp_path / "out", code=1)
    fieldkit("correct", first, "Sfzh", student(2).id_number, code=1)
    fieldkit("correct", first, "Xh", student(2).student_no, code=1)
    log: Path = school.kit.home.path / "fieldkit.log"
    text = log.read_text() if log.exists() else ""

    assert student(1).id_number not in text
    assert student(2).student_no not in text
    assert not [path for path in school.kit.home.path.rglob("*") if student(1).id_number in path.name]
