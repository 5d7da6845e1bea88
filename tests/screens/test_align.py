"""The align screen: problems one after the other, repaired by keys, the ledger first."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from fieldkit.ledger import kinds
from fieldkit.ledger.events import read_event
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.read.line import chair_acts
from fieldkit.ledger.read.people import all_people
from fieldkit.links.alarms import alarms
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, Leave, Seat
from fieldkit.links.repairs import whose
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.screens.align_all import read_percent
from fieldkit.screens.align_clock import read_ahead
from fieldkit.screens.align_picture import HALF, drawn
from fieldkit.screens.align_problem import pause_row, problem_row, strip_rows
from fieldkit.screens.align_reading import AlignReading
from fieldkit.screens.align_rows import PRESSES, line_rows
from fieldkit.screens.deliberate import Deliberate
from fieldkit.screens.help import help_text
from fieldkit.screens.keys import key_line
from fieldkit.screens.messages import FramesChanged
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.miniature import miniature
from fieldkit.studio.problems import (
    accepted,
    align_day,
    all_accepted,
    at_hand,
    boundary_moved,
    cut_at,
    given,
    joined,
    parted,
    pause_between,
    read_days,
    shifted_from,
    widest_pause,
)
from fieldkit.studio.reading import read_in
from fieldkit.studio.watch_day import StationDay, WatchedVisit
from fieldkit.text import cells
from tests.studio.days import Did, enrol, numbered, usual, write

COUNT = 12


@pytest.fixture
def begin(kit):
    """Give when the day began."""
    return kit.clock.now()


@pytest.fixture
def doubtful(kit, begin):
    """A day on which few are confirmed at the chair and one has no frame."""
    keys = enrol(kit, COUNT)
    write(kit, keys, usual(COUNT, Random(4), seated=0.3, missed=(5,)), begin)
    return keys


@pytest.fixture
def problems(kit, doubtful):
    """Give the problems as the screen will show them."""

    def read():
        (day,) = read_days(kit.store, WatchedVisit(kit.require_visit().key), settle=True)
        return day.problems

    return read


@pytest.fixture
def said(kit):
    """Give the words of every repair, oldest first, undone ones too."""

    def read():
        rows = kit.store.query("SELECT canonical FROM events WHERE kind=? ORDER BY seq", (kinds.LINKS_SAID,))
        return [read_event(row["canonical"]).body["frames"] for row in rows]

    return read


def statuses(kit):
    return {link.frame.frame: link.link.status for link in kit.links()}


def release(app):
    """Let the pause pass after which a key is known to be a person's."""
    below = app.screen_stack[0]
    below.call_later(below.release)


@pytest.fixture
def press(drive, typed):
    """Give what goes to the screen, presses keys there one by one and gives the screen."""

    def run(*keys):
        steps = []
        for key in keys:
            steps += [typed(key) if len(key) == 1 else key, release]
        return drive("f4", *steps)

    return run


# A day as on a slip of paper: who has how many frames, what is doubtful, who has none.

SPANS = {"张伟": 5, "张薇": 5, "欧阳娜娜": 10, "李明": 4, "[/] [b]张[r": 4}
PAUSES = {11: 37.0}


def paper_day(kit, begin):
    """Build the day of the third problem: one sits without frames, the next seems to have ten."""
    people = {person.entry.name: person.key for person in all_people(kit.store, kit.require_visit().key)}
    order = ["张伟", "张薇", "章慧敏", "欧阳娜娜", "李明", "[/] [b]张[r"]
    for name in order:
        kit.desk().check_in(people[name])
    seen = [
        Checkin(begin + timedelta(seconds=30 * at), f"c{at}", people[name], at + 1)
        for at, name in enumerate(order)
    ]
    links, shot, number = [], begin.replace(tzinfo=None) + timedelta(minutes=5), 8780
    for name in order:
        shot += timedelta(seconds=30)
        for place in range(SPANS.get(name, 0)):
            number += 1
            shot += timedelta(seconds=37 if name == "欧阳娜娜" and place == 5 else 3)
            doubt = name == "欧阳娜娜"
            key = people[name]
            link = Link(
                f"f{number}", "review" if doubt else "linked", None if doubt else key, key if doubt else None,
                0.41 if doubt else 0.97, ("order",) if doubt else ("seat", "order"),
            )  # fmt: skip
            file = f"100CANON/IMG_{number}.JPG"
            station = kit.journal.station.id
            links.append(VisitLink(link, FrameRow(link.frame, station, "b1", "k", file, shot, begin), None))
    return StationDay(kit.journal.station.id, tuple(seen), tuple(links))


def showing(day):
    """Have the screen show a day that was never in the ledger."""
    return lambda app: app.screen.post_message(AlignReading.DaysRead((align_day(day),)))


def test_a_problem_is_shown_with_the_line_around_it(drive, kit, begin, golden, typed):
    golden("align-zh", drive("f4", showing(paper_day(kit, begin)), typed("n"), release))


def test_the_same_in_english(drive, kit, begin, golden, typed):
    kit.lang = "en"
    golden("align-en", drive("alt+4", showing(paper_day(kit, begin)), typed("n"), release, "right"))


def test_somebody_without_a_frame(drive, kit, begin, golden):
    golden("align-missing-zh", drive("f4", showing(paper_day(kit, begin))))


def test_somebody_without_a_frame_beside_whom_was_chosen(drive, kit, begin, golden):
    golden("align-missing-chosen-zh", drive("f4", showing(paper_day(kit, begin)), "down"))


def test_nothing_to_do(drive, golden):
    golden("align-empty-zh", drive("f4"))


def test_a_name_is_never_markup(drive, kit, begin):
    assert "[/] [b]张[r" in "\n".join(drive("f4", showing(paper_day(kit, begin))))


def test_a_small_screen_keeps_names_notices_and_keys(drive, kit, begin, typed):
    day = showing(paper_day(kit, begin))
    screen = drive("f4", day, typed("n"), release, "s", size=(60, 20))
    told = drive("f4", day, typed("m"), release, size=(60, 20))

    assert any("欧阳娜" in line and "8791-8800" in line for line in screen)
    assert "回车认可" in screen[19]
    assert "没有照片" in told[18]
    assert all(cells(line) <= 60 for line in screen)


def test_a_large_screen_shows_more_of_the_line(drive, problems):
    problems()

    screen = drive("f4", size=(120, 40))

    assert sum("张  │" in line for line in screen) == COUNT


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_name_gives_way_to_what_is_said_of_them(lang, kit, begin):
    day = align_day(paper_day(kit, begin))

    def named(_):
        return "买买提·艾力江·阿卜杜热合曼·玉素甫江", "A-0007"

    for problem in day.problems:
        row = problem_row(problem, 80, lang, named)
        said = problem_row(problem, 160, lang, named).rstrip()
        assert cells(row) == 80
        assert "A-0007" in row
        assert row.rstrip()[-4:] == said[-4:]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_keys_and_help_fit_the_screen(lang):
    pieces = "".join(piece for piece, _ in key_line("align", lang, frozenset(), 80))

    assert "F1" in pieces
    assert cells(pieces) <= 80
    assert len(help_text("align", lang)) <= 22


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_tells_of_every_letter_that_acts(lang):
    told = set(re.findall(r"[^\s；，,;:]+", " ".join(help_text("align", lang))))

    assert PRESSES.keys() - {"enter"} <= told


@pytest.mark.parametrize(
    ("status", "confidence", "strip", "row"),
    [
        ("linked", 0.9587, "■.95", "■ 0.95"),
        ("linked", 0.29, "■.29", "■ 0.29"),
        ("linked", 0.99999, "■.99", "■ 0.99"),
        ("linked", 1.0, "■1.0", "■ 1.00"),
        ("review", 0.57, "▲.57", "▲ 0.57"),
        ("review", 0.996, "▲.99", "▲ 0.99"),
        ("review", 1.0, "▲.99", "▲ 0.99"),
    ],
)
def test_a_frame_is_as_sure_in_its_row_as_in_the_strip_and_never_surer_than_it_is(
    kit, begin, status, confidence, strip, row
):
    day = paper_day(kit, begin)
    first = day.links[0]
    link = replace(first.link, status=status, confidence=confidence, person=None, proposal=day.seen[0].person)
    one = replace(first, link=link)
    shown = align_day(StationDay(day.station, day.seen, (one, *day.links[5:])))

    assert strip_rows([one], 0, 80, "zh")[2].split()[-1] == strip
    assert line_rows(shown, 0, None, 8, 80, "zh", lambda _: ("甲", ""))[0].endswith(row)


# What is a problem, and what would repair it.


def test_who_was_passed_by_is_missed_until_seen_to_leave(kit, begin):
    day = paper_day(kit, begin)
    (missed, doubt) = align_day(day).problems

    assert (missed.kind, missed.person, missed.place) == ("no-frames", day.seen[2].person, 2)
    # Whom they seem to show has no other frame: to be looked at, no alarm.
    assert (doubt.kind, len(doubt.sitting.links)) == ("review", 10)
    assert dict(doubt.repair.words) == dict.fromkeys(doubt.sitting.frames, doubt.person)
    gone = StationDay(day.station, (*day.seen, Leave(begin, "c2")), day.links)
    assert [problem.kind for problem in align_day(gone).problems] == ["review"]
    excused = align_day(day, frozenset({day.seen[2].person}))
    assert [problem.kind for problem in excused.problems] == ["review"]


def test_who_sits_just_now_is_not_missed_yet(kit, begin):
    day = paper_day(kit, begin)
    sits = (*day.seen[:2], day.seen[2], Seat(begin, day.seen[2].person))
    early = StationDay(day.station, sits, day.links[:10])

    assert align_day(early).problems == ()


def test_a_split_gives_the_part_beside_the_neighbour_without_a_frame(kit, begin):
    day = align_day(paper_day(kit, begin))
    doubt, missed = day.problems[1], day.problems[0].person
    frames = doubt.sitting.frames

    assert dict(cut_at(day, doubt, 5).words) == dict.fromkeys(frames[:5], missed)
    later = day.line[4].person
    assert dict(cut_at(day, doubt, 5, later).words) == dict.fromkeys(frames[5:], later)
    assert cut_at(day, doubt, 0) is None
    assert dict(given(doubt, None).words) == dict.fromkeys(frames)
    assert dict(joined(day, doubt).words) == dict.fromkeys(frames, day.line[1].person)
    assert boundary_moved(day, doubt, 1).words == ((frames[0], day.line[1].person),)
    assert boundary_moved(day, doubt, -1).words == ((day.sittings[1].frames[-1], doubt.person),)
    assert boundary_moved(day, day.problems[0], 1) is None


def test_who_has_no_frame_takes_them_from_whom_was_chosen(kit, begin):
    day = align_day(paper_day(kit, begin))
    missed, neighbour, far = day.problems[0], 3, 1
    frames = day.problems[1].sitting.frames

    assert at_hand(day, missed, None) == ()
    assert accepted(day, missed, None) is None
    assert accepted(day, missed, 2) is None
    assert dict(accepted(day, missed, neighbour).words) == dict.fromkeys(frames, missed.person)
    # The part on their own side of the line.
    assert dict(parted(day, missed, 5, neighbour).words) == dict.fromkeys(frames[:5], missed.person)
    assert list(dict(parted(day, missed, 3, far).words)) == list(day.sittings[1].frames[3:])
    assert parted(day, missed, 0, neighbour) is None
    assert parted(day, missed, 1, None) is None
    assert shifted_from(day, missed, -1) == frames[0]
    assert shifted_from(day, missed, 1) is None
    assert shifted_from(day, day.problems[1], 1) == frames[0]


def test_who_came_again_waits_from_there_on(kit, begin):
    day = paper_day(kit, begin)
    missed = next(one for one in align_day(day).problems if one.kind == "no-frames")
    again = Checkin(begin + timedelta(hours=1), "again", missed.person, 99)

    later = align_day(StationDay(day.station, (*day.seen, again), day.links))

    assert missed.person is not None
    assert missed.person not in {one.person for one in later.problems if one.kind == "no-frames"}


def by_another_camera(link):
    return replace(link, frame=replace(link.frame, body="b2", shot=link.frame.shot - timedelta(hours=8)))


def test_two_cameras_clocks_make_no_pause(kit, begin):
    day = paper_day(kit, begin)
    links = (*day.links[:12], by_another_camera(day.links[12]), *day.links[13:])
    mixed = align_day(StationDay(day.station, day.seen, links))
    doubt = mixed.problems[1]

    assert widest_pause(doubt.sitting.links) == 1 + pairs_of_one_camera(doubt.sitting.links).index(37)
    assert not any("-" in row[62:69] for row in line_rows(mixed, 3, None, 8, 80, "zh", lambda _: ("甲", "")))
    assert widest_pause(links[11:13]) == 1
    assert "秒" not in pause_row(links[11:13], 80, "zh")


def pairs_of_one_camera(links):
    pauses = [pause_between(before, after) for before, after in pairwise(links)]
    return [pause and round(pause.total_seconds()) for pause in pauses]


def test_who_was_called_back_is_shown_with_the_first_frames_and_how_many_more(kit, begin):
    day = paper_day(kit, begin)
    first = day.links[0].link
    again = replace(day.links[-1], link=replace(day.links[-1].link, person=first.person))
    rows = align_day(StationDay(day.station, day.seen, (*day.links[:-1], again))).line

    shown = line_rows(
        align_day(StationDay(day.station, day.seen, (*day.links[:-1], again))), 0, None, 8, 80, "zh",
        lambda _: ("甲", ""),
    )  # fmt: skip
    assert (len(rows[0].links), rows[0].together) == (6, 5)
    assert "8781-8785+1" in shown[0]
    assert "6 张" in shown[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_frames_of_nobody_known_say_every_way_to_settle_them(drive, kit, photographed, lang):
    kit.lang = lang
    screen = "\n".join(drive("f4"))

    assert all(f" {key}" in screen for key in ("/", "m", "r"))
    assert {"zh": "不在队伍里", "en": "not in line"}[lang] in screen


@pytest.mark.parametrize("missed", [True, False])
def test_too_many_frames_go_to_who_has_none_else_they_stay(kit, begin, missed):
    keys = enrol(kit, 24)
    did = usual(24, Random(5), missed=(11,) if missed else ())
    did = [one for one in did if one.what != "seat" or one.who != 11 or not missed]
    last = [one.second for one in did if one.what == "frame" and one.who == 10][-1]
    extra = [Did(last + 0.3 + 0.4 * more, "frame", 10) for more in range(14)]
    write(kit, keys, numbered([*did, *extra]), begin)
    (day,) = read_days(kit.store, WatchedVisit(kit.require_visit().key), settle=True)

    (many,) = [problem for problem in day.problems if problem.kind == "many-frames"]

    assert many.person == keys[10]
    assert {whose for _, whose in many.repair.words} == {keys[11] if missed else keys[10]}
    assert len(many.repair.words) < 17 if missed else len(many.repair.words) == 17


@pytest.fixture
def sealed_day(kit, begin):
    """Build the third problem's day with the frames of the one behind signed off."""
    day = paper_day(kit, begin)
    doubt = {link.frame.frame for link in align_day(day).problems[1].sitting.links}
    links = [
        replace(link, link=Link(link.frame.frame, "linked", link.link.proposal, None, 1.0, ("sealed",)))
        if link.frame.frame in doubt
        else link
        for link in day.links
    ]
    return StationDay(day.station, day.seen, tuple(links))


@pytest.mark.parametrize("key", ["enter", "s"])
def test_signed_off_frames_say_so_and_stay(drive, sealed_day, said, typed, key):
    step = key if key == "enter" else typed(key)
    screen = drive("f4", showing(sealed_day), "down", step, release)

    assert "1/1" in screen[0]
    assert "■ 封存" in next(line for line in screen if line.startswith("»"))
    assert sum(line.count("封存") for line in screen[13:17]) == 10
    assert "已封存" in screen[22]
    assert said() == []


def test_alarms_of_the_engine_are_problems_too(kit, begin):
    day = paper_day(kit, begin)

    kinds_of = {alarm.kind for alarm in alarms(day.seen, [link.link for link in day.links])}
    assert kinds_of <= {problem.kind for problem in align_day(day).problems}


# Keys, through the ledger.


def test_enter_accepts_the_proposal_and_goes_on(press, kit, problems, said):
    first, second, *rest = problems()

    screen = press("enter")

    assert said() == [dict.fromkeys(first.sitting.frames, first.person)]
    assert {statuses(kit)[frame] for frame in first.sitting.frames} == {"linked"}
    assert f"1/{1 + len(rest)}" in screen[0]
    assert second.person != first.person


def test_a_repair_is_at_most_three_keys_and_undone_by_one(press, kit, problems, said):
    before = statuses(kit)

    press("enter", "f9")

    assert len(said()) == 1
    assert statuses(kit) == before


def test_somebody_else_is_chosen_with_arrows(press, kit, doubtful, problems, said):
    first = problems()[0]
    place = doubtful.index(first.person)

    press("down", "j", "enter")

    assert said() == [dict.fromkeys(first.sitting.frames, doubtful[place + 2])]


@pytest.mark.parametrize(
    ("key", "count"), [("s", 0), ("m", 3), ("]", 1), ("[", 1), ("r", 3), ("w", 0), ("x", 0)]
)
def test_each_key_is_one_event_or_says_why_not(press, problems, said, key, count):
    problems()

    screen = press(key)

    assert [len(words) for words in said()] == ([count] if count else [])
    assert screen[22].strip() != "还没有操作"


def test_split_swap_and_shift(press, problems, said):
    first = problems()[0]
    press("down", "s")
    press("n", "n", "down", "w")
    press(">")

    assert len(said()) == 3
    assert list(said()[0]) == list(first.sitting.frames[1:])


@pytest.fixture
def without(problems):
    """Give the person without a frame and how many problems stand before."""
    found = problems()
    at = next(at for at, problem in enumerate(found) if problem.kind == "no-frames")
    return found[at].person, at


@pytest.mark.parametrize(("keys", "count"), [(("up", "enter"), 3), (("down", "s"), 2), (("<",), 6)])
def test_somebody_without_a_frame_gets_them_in_three_keys(press, without, said, kit, keys, count):
    before = statuses(kit)
    person, at = without

    press(*["n"] * at, *keys)

    (told,) = said()
    assert person in told.values()
    assert len(told) >= count
    assert {whose for whose in told.values() if whose == person}
    press("f9")
    assert statuses(kit) == before


@pytest.mark.parametrize("key", ["enter", "s", "m", "[", "]", "r", ">", "p", "o", "/"])
def test_a_key_for_frames_says_that_there_are_none_and_how_to_get_them(press, without, said, key):
    screen = press(*["n"] * without[1], key)

    assert said() == []
    assert "↑↓" in screen[22]
    assert "没有照片" in screen[22] or "选另一个人" in screen[22]


def with_one_frame(day):
    """Leave one frame to whom the problem of a day is about."""
    return StationDay(day.station, day.seen, (*day.links[:11], *day.links[20:]))


@pytest.mark.parametrize(("lang", "told"), [("zh", "只有一张"), ("en", "nothing to split")])
def test_one_frame_cannot_be_split_whoever_is_chosen(drive, kit, begin, typed, said, lang, told):
    kit.lang = lang
    day = showing(with_one_frame(paper_day(kit, begin)))

    for keys in (["n", "s"], ["n", "down", "s"]):
        steps = [step for key in keys for step in (typed(key) if len(key) == 1 else key, release)]
        assert told in drive("f4", day, *steps)[22]
    assert said() == []


def test_nothing_is_split_off_before_the_first_frame(drive, kit, begin, typed, said):
    steps = [typed("n"), release, "down", *["left"] * 9]

    screen = drive("f4", showing(paper_day(kit, begin)), *steps, typed("s"), release)

    assert "先按 → 移动" in screen[22]
    assert any(line.strip() == "s：先按 → 移动 ┊" for line in screen)
    assert said() == []


def test_somebody_without_a_frame_is_noted_as_gone(press, kit, problems):
    missing = next(problem for problem in problems() if problem.kind == "no-frames")
    steps = problems().index(missing)
    kit.clock.forward(timedelta(hours=1))

    press(*["n"] * steps, "x")

    visit = kit.require_visit().key
    assert [act.person for act in chair_acts(kit.store, visit) if act.what == "leave"] == [missing.person]
    assert missing.person not in {one.person for one in problems() if one.kind == "no-frames"}
    press("f9")
    assert all(act.what != "leave" for act in chair_acts(kit.store, visit))


def test_a_scanner_confirms_nothing(drive, problems, said, scanned):
    problems()

    screen = drive("f4", scanned("nmsr2022010118"), scanned("r"), scanned("xx"))

    assert said() == []
    assert "F2" in screen[22]


def test_two_keys_of_a_person_at_once_act_one_after_the_other(drive, problems, said, typed):
    first, second = problems()[:2]

    drive("f4", typed("nb"), "enter", release)

    assert said() == [dict.fromkeys(first.sitting.frames, first.person)]
    assert second.station == first.station


def test_undo_and_language_and_other_screens_work(drive, problems, said, typed):
    problems()
    screen = drive("f4", typed("u"), "f1", "escape", "ctrl+t", "f3", "f4", "f9")

    assert said() == []
    assert "no repair to undo" in screen[22]


def test_a_held_key_is_given_when_due_or_when_the_next_comes_late():
    keys = Deliberate()

    assert keys.press("n", 1.0) is None
    assert keys.press("m", 1.2) == "n"
    assert keys.press("s", 1.205) is None
    assert keys.due() is None
    assert keys.press("r", 2.0) is None
    assert keys.due() == "r"
    assert whose(Link("f", "review", None, "P", 0.5, ())) == "P"


# The picture.


@pytest.fixture
def photographed(kit, tmp_path, begin):
    """Read two real pictures of somebody unknown in."""
    folder = tmp_path / "card" / "DCIM" / "100CANON"
    folder.mkdir(parents=True)
    for number in (1, 2):
        shot = begin.replace(tzinfo=None) + timedelta(seconds=number)
        jpeg = camera_jpeg(1, number, shot=shot, body="b1", number=number)
        (folder / f"IMG_{number:04d}.JPG").write_bytes(jpeg)
    read_in(kit.home, kit.require_visit(), tmp_path / "card", settle_seconds=0)
    return sorted(folder.iterdir())


def test_p_shows_the_frame_and_p_again_the_problem(press, drive, typed, photographed):
    shown = press("p")
    back = press("p", "p")
    large = drive("f4", typed("p"), release, size=(120, 40))

    assert sum(HALF in line for line in shown) >= 15
    # Which frame it is, and when it was taken, stand over it.
    assert shown[1].startswith(" 0002  09:46:02  2/2")
    assert sum(HALF in line for line in large) >= 30
    assert not any(HALF in line for line in back)
    assert "0001" in "\n".join(back)


def test_the_picture_follows_the_mark(press, photographed):
    assert sum(HALF in line for line in press("p", "left", "right")) >= 15


def test_a_picture_that_cannot_be_opened_says_so(press, photographed, kit):
    for blob in (kit.home.path / "blobs").rglob("*.age"):
        blob.unlink()

    screen = press("p")

    assert "看不到" in screen[22]
    assert "0001" in "\n".join(screen)


def test_a_picture_is_drawn_upright_within_its_place(photographed):
    lines = drawn(miniature(photographed[0].read_bytes(), 78, 38), 78).plain.splitlines()

    assert len(lines) <= 19
    assert all(cells(line) <= 78 for line in lines)
    assert len(set(map(len, lines))) == 1


A_PROCESS_OF_ITS_OWN = """
import json, sys
from multiprocessing import resource_tracker
from pathlib import Path

from fieldkit.app import FieldkitApp
from fieldkit.clock import SystemClock
from fieldkit.kit import open_kit
from tests.screens.conftest import PASSPHRASE, Typed, drive_app

def release(app):
    below = app.screen_stack[0]
    below.call_later(below.release)

resource_tracker.ensure_running()
kit = open_kit(Path(sys.argv[1]), PASSPHRASE, SystemClock(), "zh")
app = FieldkitApp(home=kit.home.path, clock=kit.clock, lang="zh", kit=kit)
shown = []
look = lambda app: shown.append(app.screen.picture.visual.plain)
lines = drive_app(
    app, "f4", Typed("p"), release, look, Typed("p"), release,
    Typed("o"), release, lambda app: shown.append(type(app.screen).__name__), Typed("0:00:30"), "enter",
)
heavy = [name for name in ("numpy", "scipy", "cv2", "PIL") if name in sys.modules]
kit.close()
print(json.dumps([shown, lines, heavy]))
"""


def test_a_picture_and_a_clock_load_no_heavy_library_into_the_app(kit, photographed):
    ran = subprocess.run(
        [sys.executable, "-c", A_PROCESS_OF_ITS_OWN, str(kit.home.path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    (picture, asked), lines, heavy = json.loads(ran.stdout)

    assert HALF in picture
    assert asked == "FormScreen"
    assert "0001" in "\n".join(lines)
    assert heavy == []


def test_a_chosen_person_stays_chosen_while_the_line_grows(drive, kit, problems, doubtful, said, typed):
    first = problems()[0]
    place = doubtful.index(first.person)

    def somebody_comes(app):
        app.kit.desk().check_in("2022010118")
        app.post_message(FramesChanged())

    drive("f4", "down", somebody_comes, "enter", release)

    assert said() == [dict.fromkeys(first.sitting.frames, doubtful[place + 1])]


def sitting_grows(day, problem, kit, begin):
    """Give a day on which one more frame came for the person of a problem."""
    row = kit.clock.now().replace(tzinfo=None)
    last = problem.sitting.links[-1]
    more = replace(last, frame=replace(last.frame, frame="f9999", file="100CANON/IMG_9999.JPG", shot=row))
    at = day.links.index(last)
    return replace(day, links=(*day.links[: at + 1], more, *day.links[at + 1 :]))


def test_a_live_frame_takes_away_neither_problem_nor_mark_nor_whom_was_chosen(drive, kit, begin, typed):
    day = paper_day(kit, begin)
    doubt = align_day(day).problems[1]
    grown = sitting_grows(day, doubt, kit, begin)

    screen = drive("f4", showing(day), typed("n"), release, "left", "left", "down", showing(grown))

    assert "2/2" in screen[0]
    assert any("8793  ┊8794" in line for line in screen)
    assert any(line.startswith("»") and "李明" in line for line in screen)
    assert any("11 张" in line for line in screen)


def test_frames_of_nobody_known_stay_chosen_while_photos_come_in(drive, kit, begin, said, typed):
    day = paper_day(kit, begin)
    doubt = align_day(day).problems[1]
    nobodys = {link.frame.frame for link in doubt.sitting.links[:5]}
    links = [
        replace(link, link=replace(link.link, proposal=None)) if link.frame.frame in nobodys else link
        for link in day.links
    ]
    unknown = StationDay(day.station, day.seen, tuple(links))
    grown = sitting_grows(unknown, align_day(unknown).problems[-1], kit, begin)

    drive("f4", showing(unknown), typed("n"), release, "up", showing(grown), "enter", release)

    assert said() == [dict.fromkeys(sorted(nobodys), day.seen[2].person)]


def test_a_key_does_not_act_on_a_problem_that_took_anothers_place(drive, kit, begin, said):
    day = paper_day(kit, begin)
    gone = StationDay(day.station, (*day.seen, Leave(begin, "c2")), day.links)

    told = drive("f4", showing(day), showing(gone))
    too_soon = drive("f4", showing(day), showing(gone), "enter", release)
    seen = drive("f4", showing(day), showing(gone), lambda app: app.screen.look_again(), "enter", release)

    assert "换到这一题" in told[22]
    assert "换到这一题" in too_soon[22]
    assert "已改" in seen[22]
    assert len(said()) == 1


def test_g_and_capital_g_go_to_the_ends_and_page_keys_far_along_the_line(press, problems):
    count = len(problems())

    assert f"{count}/{count}" in press("G")[0]
    assert f" 1/{count}" in press("n", "n", "g")[0]
    chosen = [line for line in press("g", "pagedown", "pagedown", "pageup") if line.startswith("»")]
    assert len(chosen) == 1


def test_undo_says_which_frames_it_was(press, problems):
    first = problems()[0].sitting
    files = [link.frame.file[-8:-4] for link in first.links]

    assert f"{files[0]}-{files[-1]}" in press("r", "u")[22]


@pytest.mark.parametrize(
    ("lang", "next_one", "none"),
    [("zh", "再按 F9 撤销：09:46 指定对应", "再没有"), ("en", "F9 undoes next: 09:46 link", "nothing else")],
)
def test_after_an_undo_it_is_told_what_the_next_would_take_back(
    press, kit, problems, said, lang, next_one, none
):
    kit.lang = lang
    files = [link.frame.file[-8:-4] for link in problems()[0].sitting.links]
    before = kit.links()[-1].frame
    kit.repairs().unassign(before.frame)

    told = press("r", "f9")[22]
    last = press("f9")[22]

    assert f"{files[0]}-{files[-1]}   {next_one} {before.file[-8:-4]}" in told
    assert f"{before.file[-8:-4]}   {none}" in last
    assert len(said()) == 2


def test_undo_takes_back_no_act_of_another_desk(press, kit, doubtful, problems, said):
    problems()
    press("r")
    kit.chair().leave(doubtful[-1])

    first, second = press("f9"), press("f9")

    left = [act.person for act in chair_acts(kit.store, kit.require_visit().key) if act.what == "leave"]
    assert left == [doubtful[-1]]
    assert "指定对应" in first[22]
    assert "没有可撤销的修改" in second[22]


def test_what_was_just_said_follows_the_language(press, problems):
    problems()

    assert "x 只用于没有照片的人" in press("x")[22]
    assert "x is only for somebody without a frame" in press("x", "ctrl+t")[22]
    assert "已改" in press("r", "ctrl+t")[22]
    assert "undone: link" in press("f9", "ctrl+t")[22]
    assert "先用 ↑↓ 选另一个人" in press("w", "ctrl+t")[22]


def test_frames_are_given_to_somebody_who_never_checked_in(drive, kit, problems, said, typed):
    first = problems()[0]
    stranger = next(p for p in all_people(kit.store, kit.require_visit().key) if p.entry.name == "张薇")

    screen = drive("f4", typed("/"), release, typed("李明"), "enter", "escape", typed("2022010233"), "enter")

    assert said() == [dict.fromkeys(first.sitting.frames, stranger.key)]
    assert "张薇" in screen[22]


# A camera clock that was set.


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("37", 37), ("+37", 37), (" -3600 ", -3600), ("2:30", 150), ("-1:00:00", -3600), ("24:00:00", 86400)],
)
def test_a_clock_is_read_as_people_write_it(text, seconds):
    assert read_ahead(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "0", "-", "1:2:3:4", "1:75", "99999", "99:00:00", "１", "3.5", "1:60:00"]
)
def test_what_is_no_clock_is_told(text):
    assert read_ahead(text) is None


def test_o_puts_the_clock_right_in_one_event_and_f9_takes_it_back(press, kit, begin, said, typed, drive):
    keys, ahead = enrol(kit, 24), timedelta(seconds=30)
    did = usual(24, Random(3), frames=2)
    write(kit, keys, did, begin, read_in=begin + timedelta(hours=2), set_from=25, set_by=ahead)
    (day,) = read_days(kit.store, WatchedVisit(kit.require_visit().key), settle=True)
    at = next(
        at for at, one in enumerate(day.problems) if one.sitting and min(one.sitting.frames) >= "fA000025"
    )
    before = statuses(kit)

    go = [step for _ in range(at) for step in (typed("n"), release)]
    screen = drive("f4", *go, typed("o"), release, typed("0:00:30"), "enter")

    (told,) = said()
    assert {before[frame] for frame in told} == {"review"}
    assert "已改" in screen[22]
    press("f9")
    assert statuses(kit) == before


def test_escape_leaves_the_clock_alone(drive, problems, said, typed):
    problems()

    screen = drive("f4", typed("o"), release, typed("x"), "enter", "escape", "escape")

    assert said() == []
    assert screen[0].startswith(" F4")


# Everything that is proposed, at once.


def proposed(kit, least):
    """Give the persons proposed for frames under review that are at least so sure."""
    links = [link.link for link in kit.links() if link.link.status == "review" and link.link.proposal]
    return {link.frame: link.proposal for link in links if link.confidence >= least}


def test_all_that_is_sure_enough_is_accepted_in_one_event_and_f9_takes_it_back(
    drive, kit, problems, said, typed, press
):
    problems()
    before, sure = statuses(kit), proposed(kit, 0.8)
    assert 0 < len(sure) < len(proposed(kit, 0.0))

    screen = drive("f4", typed("A"), release, typed("80"), "enter")

    assert said() == [sure]
    assert f"{len(sure)} 张，{len({*sure.values()})} 人" in screen[22]
    press("f9")
    assert statuses(kit) == before


def test_before_all_is_accepted_it_is_told_how_much_each_sureness_accepts(drive, kit, problems, typed):
    problems()

    asked = "\n".join(drive("f4", typed("A"), release))

    for percent in (95, 90, 80, 70, 50):
        sure = proposed(kit, percent / 100)
        assert f"{percent} %   {len(sure)} 张   {len({*sure.values()})} 人" in asked


@pytest.mark.parametrize("answer", ["", "0", "100", "x", "99"])
def test_what_is_no_sureness_or_accepts_nothing_changes_nothing(drive, problems, said, typed, answer):
    problems()

    screen = drive("f4", typed("A"), release, typed(answer), "enter", "escape", "escape")

    assert said() == []
    assert screen[0].startswith(" F4")


def test_nothing_proposed_is_nothing_to_accept(drive, said, typed):
    screen = drive("f4", typed("A"), release)

    assert said() == []
    assert "没有" in screen[22]


def test_sealed_frames_and_those_of_nobody_are_never_accepted_with_all(kit, begin):
    day = paper_day(kit, begin)
    sealed = day.links[10].link.frame
    of_nobody = day.links[12]

    def other(link):
        if link.link.frame == sealed:
            return replace(link, link=replace(link.link, why=("sealed",)))
        return replace(link, link=replace(link.link, proposal=None)) if link is of_nobody else link

    changed = align_day(StationDay(day.station, day.seen, tuple(map(other, day.links))))

    frames = {frame for frame, _ in all_accepted(changed, 0.4).words}
    assert frames == {link.link.frame for link in day.links[10:20]} - {sealed, of_nobody.link.frame}
    assert all_accepted(changed, 0.42) is None


@pytest.mark.parametrize(
    ("text", "least"), [("90", 0.9), (" 5 ", 0.05), ("0", None), ("100", None), ("９", None)]
)
def test_a_sureness_is_a_whole_percentage(text, least):
    assert read_percent(text) == least
