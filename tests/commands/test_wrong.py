"""Everything a user, a file or a disk can get wrong: one message, the right code, nothing changed."""

import os
import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldkit.cli import choose_language, main
from fieldkit.roster.writing import make_roster_workbook
from tests.conftest import ROSTER

CANARY_NAME, CANARY_NUMBER = "买买提·艾力江", "11010519491231002X"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["bogus"], 2),
        (["checkin"], 2),
        (["checkin", "1", "--at", "yesterday"], 2),
        (["--lang", "fr", "links"], 2),
        (["visit"], 2),
        (["visit", "open", "nowhere"], 1),
        (["visit", "new", "spring", "--school", "x"], 1),
        (["visit", "new", "x", "--school", "y", "--price", "cheap"], 2),
        (["visit", "new", "x", "--school", "y", "--price", "-1"], 2),
        (["visit", "new", "x", "--school", "y", "--from", "2026-02-30"], 2),
        (["visit", "new", "x", "--school", "y", "--from", "2026-03-02", "--to", "2026-03-01"], 2),
        (["visit", "new", " ", "--school", "y"], 2),
        (["visit", "new", "x", "--school", "y", "--profile", "nosuch"], 1),
        (["init", "--station", "A"], 1),
        (["init", "--station", "AB"], 2),
        (["roster", "import", "/nowhere.xlsx"], 2),
        (["timetable", "import", "/nowhere.xlsx"], 2),
        (["checkin", " "], 1),
        (["checkin", "nobody"], 1),
        (["seat", "nobody"], 1),
        (["next"], 1),
        (["undo"], 1),
        (["person", "nobody"], 1),
        (["ingest", "/nowhere"], 1),
        (["link", "f1", "nobody"], 1),
        (["unlink", "f1"], 1),
        (["swap", "A-0001", "A-0002"], 1),
        (["replay", "/nowhere"], 1),
        (["print", "nothing", "--out", "x.pdf"], 2),
        (["rehearse", "--headless", "--people", "0"], 2),
        (["rehearse", "--headless", "--people", "many"], 2),
        (["--passphrase-file", "/nowhere", "links"], 2),
        (["--home", "/nowhere/at/all", "links"], 3),
    ],
)
def test_what_is_wrong_is_said_once_with_its_code_and_changes_nothing(ready, lang, arguments, code):
    before = ready("ledger", "verify", "--json").json["events"]

    answer = ready(*arguments, lang=lang)

    assert answer.code == code, answer.err
    assert answer.err.strip()
    assert answer.out == ""
    assert "Traceback" not in answer.err
    if lang == "zh" and "--lang" not in arguments:
        assert re.search("[\u4e00-\u9fff]", answer.err)
    assert ready("ledger", "verify", "--json").json["events"] == before


def test_a_wrong_passphrase_opens_nothing(ready, tmp_path):
    (tmp_path / "wrong").write_text("wrong\n")

    answer = ready("--passphrase-file", tmp_path / "wrong", "visit", "list", "--json")

    assert (answer.code, answer.out) == (3, "")
    assert "passphrase is wrong" in answer.err


def test_options_stand_before_or_after_the_command(ready, tmp_path):
    assert ready("visit", "list", "--json", "--home", tmp_path / "home").code == 0
    assert ready("--home", tmp_path / "home", "visit", "list", "--json").code == 0


def test_without_a_passphrase_and_a_terminal_the_next_step_is_said(tmp_path):
    environment = {**os.environ, "FIELDKIT_HOME": str(tmp_path / "h"), "FIELDKIT_LANG": "en"}
    environment.pop("FIELDKIT_PASSPHRASE_FILE", None)

    done = subprocess.run(
        [sys.executable, "-m", "fieldkit", "init", "--station", "A"], env=environment, capture_output=True,
        text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "FIELDKIT_PASSPHRASE_FILE" in done.stderr
    assert not (tmp_path / "h").exists()


def test_a_reader_that_stops_reading_is_no_fault(ready, tmp_path):
    make_roster_workbook(tmp_path / "r.xlsx", ROSTER)
    ready("roster", "import", tmp_path / "r.xlsx")

    done = subprocess.run(
        f"{sys.executable} -m fieldkit recording export | true", shell=True, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert "Traceback" not in done.stderr


def test_names_and_numbers_stay_out_of_the_log_whatever_goes_wrong(ready, tmp_path, monkeypatch):
    from fieldkit.line import desk

    make_roster_workbook(tmp_path / "r.xlsx", ROSTER)
    ready("roster", "import", tmp_path / "r.xlsx")
    ready("checkin", CANARY_NUMBER)
    ready("seat", CANARY_NAME)

    def broken(*_arguments, **_named):
        raise ValueError(f"{CANARY_NAME} {CANARY_NUMBER}")

    monkeypatch.setattr(desk, "identify", broken)
    answer = ready("checkin", CANARY_NUMBER)

    assert answer.code == 3
    assert "Traceback" not in answer.err
    log = (tmp_path / "home" / "fieldkit.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    for text in (log, answer.err, answer.out):
        assert CANARY_NUMBER not in text
        assert CANARY_NAME not in text
    names = [str(path) for path in (tmp_path / "home").rglob("*")]
    assert not any(CANARY_NUMBER in name or CANARY_NAME in name for name in names)


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        ([], {"FIELDKIT_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "C"}, "zh"),
        ([], {}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_chinese(arguments, environment, lang):
    assert choose_language(arguments, environment) == lang


def test_help_and_version_need_no_home(capfd):
    for arguments in (["--help"], ["checkin", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as ended:
            main(["--lang", "en", *arguments])
        assert ended.value.code == 0
    assert "sequence number" in capfd.readouterr().out


def test_a_recording_with_bad_lines_is_replayed_and_its_bad_lines_are_named(run, tmp_path):
    good = '{"at": "2026-03-16T09:00:00+08:00", "obs": "checkin", "id": "c1", "person": "P1", "seq": 1}'
    early = '{"at": "2026-03-16T08:00:00+08:00", "obs": "balloon", "colour": "red"}'
    recording = tmp_path / "day.jsonl"
    recording.write_text(f'{good}\n{early}\nnot json\n{{"obs": "seat"}}\n\n', encoding="utf-8")

    answer = run("replay", recording)

    assert (answer.code, answer.out) == (1, "")
    assert [line.partition(":")[0] for line in answer.err.splitlines()] == ["line 3", "line 4"]
    recording.write_text(f"{good}\n{early}\n", encoding="utf-8")
    assert run("replay", recording).code == 0


@pytest.mark.parametrize(("lang", "told"), [("zh", "记录不是 UTF-8 文本"), ("en", "not text in UTF-8")])
def test_a_recording_in_another_encoding_is_one_problem(ready, tmp_path, lang, told):
    recording = tmp_path / "day.jsonl"
    line = '{"at": "2026-03-16T09:00:00+08:00", "obs": "next"}\n'
    recording.write_text(line * 50, encoding="utf-16")

    answer = ready("replay", recording, lang=lang)

    assert (answer.code, answer.out) == (1, "")
    assert told in answer.err
    assert len(answer.err.splitlines()) <= 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["good", "bad", "early"]), max_size=120))
@example(["bad"] * 5000)
@example(["bad", "good"] * 60)
@example(["early"] * 60)
def test_however_many_lines_are_bad_each_is_told_by_its_number_in_few_lines(run, tmp_path, kinds):
    line = {
        "good": '{"at": "2026-03-16T09:00:00+08:00", "obs": "next"}',
        "early": '{"at": "2026-03-16T08:00:00+08:00", "obs": "next"}',
        "bad": "not json",
    }
    recording = tmp_path / "day.jsonl"
    recording.write_text("".join(f"{line[kind]}\n" for kind in ["good", *kinds]), encoding="utf-8")

    answer = run("replay", recording)

    told, rows = set(), answer.err.splitlines()
    for row in rows:
        before, _, after = row.partition(": ")
        numbers = before.removeprefix("line ") if row.startswith("line ") else after
        for run_of in numbers.split(", "):
            first, _, last = run_of.partition("-")
            told |= set(range(int(first), int(last or first) + 1))
    assert told == {number for number, kind in enumerate(kinds, 2) if kind != "good"}
    assert len(rows) <= 22
    assert (answer.code, answer.out) == (int("bad" in kinds), "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_only_the_door_offers_what_only_the_door_can_do(ready, lang):
    assert "--walk-in" in ready("checkin", "nobody", lang=lang).err
    for arguments in (["seat", "nobody"], ["person", "A-0099"], ["swap", "A-0001", "A-0002"]):
        assert "--walk-in" not in ready(*arguments, lang=lang).err


def test_why_the_system_refused_and_what_a_field_is_called_follow_the_language(ready, tmp_path):
    make_roster_workbook(tmp_path / "r.xlsx", ROSTER)
    ready("roster", "import", tmp_path / "r.xlsx")
    for arguments in (["replay", "/nowhere"], ["print", "missing", "--out", "/nowhere/m.pdf"]):
        assert "没有这个文件或文件夹" in ready(*arguments, lang="zh").err
        assert "no such file or folder" in ready(*arguments, lang="en").err
    for value in ("张炜", "张炜"):
        said = ready("correct", "2022010118", "Xm", value, lang="en").err
        assert "Xm" in said
        assert "姓名" not in said
