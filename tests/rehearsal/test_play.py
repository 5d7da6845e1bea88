"""A rehearsal from the command line: simulated devices under real loops, everything else the program."""

import json
import random
from datetime import datetime

import pytest

from fieldkit.cli import main
from fieldkit.clock import SystemClock
from fieldkit.kit import open_kit
from fieldkit.ledger.read.frames import frames
from fieldkit.ledger.read.line import chair_acts, checkins
from fieldkit.ledger.read.people import all_people
from fieldkit.rehearsal import crew
from fieldkit.rehearsal.equipment import Equipment
from fieldkit.rehearsal.errors import RehearsalBroke
from fieldkit.rehearsal.school import make_school, make_walk_in
from fieldkit.rehearsal.script import Arrives, ChangesCard, Shoots, Sits, WalksIn, write_script

PEOPLE = 11
START = datetime.fromisoformat("2026-06-12T08:33:00+08:00")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Play a small rehearsal once and keep its home."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture(scope="module")
def summary(kept):
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(
            [
                "--lang",
                "en",
                "rehearse",
                "--headless",
                "--people",
                str(PEOPLE),
                "--seed",
                "4",
                "--keep",
                str(kept),
            ]
        )
    assert code == 0
    return json.loads(out.getvalue())


@pytest.fixture
def played(summary, kept):
    kit = open_kit(kept, "rehearsal", SystemClock(), "en")
    yield kit
    kit.close()


def script_of(seed, people=PEOPLE):
    rng = random.Random(seed)
    return write_script(make_school(people, rng), START, rng)


def acts_of(kind):
    return [act for act in script_of(4).acts if isinstance(act, kind)]


def test_the_summary_has_the_fields_of_the_contract_and_nothing_is_wrong(summary):
    assert list(summary) == [
        "people", "frames", "linked", "review", "spare", "wrong", "delivered", "seconds",
    ]  # fmt: skip
    assert (summary["people"], summary["wrong"]) == (PEOPLE, 0)
    assert summary["frames"] == len(acts_of(Shoots))
    assert summary["frames"] == summary["linked"] + summary["review"] + summary["spare"]
    assert 0 < summary["delivered"] <= PEOPLE + 1


def test_every_act_at_a_device_became_an_act_of_the_ledger(played):
    visit = played.require_visit().key

    assert len(checkins(played.store, visit)) == len(acts_of(Arrives))
    assert len([act for act in chair_acts(played.store, visit) if act.what == "seat"]) == len(acts_of(Sits))
    assert [
        person.entry.id_number for person in all_people(played.store, visit) if person.origin != "roster"
    ] == [make_walk_in().id_number]


def test_the_camera_goes_on_over_its_numbers_end_and_over_a_change_of_card(played):
    files = [frame.file for frame in frames(played.store, played.require_visit().key)]

    assert files[:1] == ["100REHRS/IMG_9990.JPG"]
    assert files[10:11] == ["101REHRS/IMG_0001.JPG"]
    assert len(set(files)) == len(acts_of(Shoots))
    assert len(acts_of(ChangesCard)) == 1


def test_a_kept_home_is_an_ordinary_home_in_order(kept, played, monkeypatch, tmp_path, capfd):
    (tmp_path / "passphrase").write_text("rehearsal\n")
    monkeypatch.setenv("FIELDKIT_PASSPHRASE_FILE", str(tmp_path / "passphrase"))

    assert main(["--home", str(kept), "ledger", "verify"]) == 0
    capfd.readouterr()


def test_a_folder_in_use_is_left_alone_with_a_screen_too(tmp_path, capfd):
    (tmp_path / "mine.txt").write_text("mine")

    codes = [
        main(["--lang", "en", "rehearse", "--keep", str(tmp_path), *more]) for more in ([], ["--headless"])
    ]

    assert codes == [1, 1]
    assert capfd.readouterr().err.count("The folder is not empty") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_seed_gives_the_same_day_and_another_gives_another():
    assert script_of(7) == script_of(7)
    assert script_of(7) != script_of(8)


@pytest.mark.parametrize("seed", range(20))
def test_a_script_has_everybody_arrive_before_they_sit_and_a_walk_in_taken_in_once(seed):
    script = script_of(seed, 40)
    came = set()
    for act in script.acts:
        if isinstance(act, Arrives):
            came.add(act.who)
        elif isinstance(act, Sits):
            assert act.who in came
    assert [act.who for act in script.acts if isinstance(act, WalksIn)] == [len(script.cast) - 1]
    assert [act.at for act in script.acts] == sorted(act.at for act in script.acts)


def test_a_card_that_cannot_be_written_ends_the_rehearsal_with_the_next_step(monkeypatch, capfd):
    def full(self, jpeg):
        raise RehearsalBroke

    monkeypatch.setattr(Equipment, "shoot", full)

    code = main(["--lang", "en", "rehearse", "--headless", "--people", "2"])

    told = capfd.readouterr()
    assert (code, told.out) == (3, "")
    assert "See whether disk and memory suffice" in told.err


def test_a_device_that_stays_silent_ends_the_rehearsal(monkeypatch, capfd):
    monkeypatch.setattr(crew, "PATIENCE_S", 0.2)
    monkeypatch.setattr(Equipment, "present_at_chair", lambda *_: None)

    assert main(["--lang", "en", "rehearse", "--headless", "--people", "2"]) == 3
    assert "Traceback" not in capfd.readouterr().err
