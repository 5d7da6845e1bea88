"""The check-up screen with findings that are made up, so that every machine shows the same."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices.errors import ReadersRefused
from fieldkit.doctor.finding import Finding
from fieldkit.doctor.ready import trouble
from fieldkit.errors import InputProblem
from fieldkit.ledger.errors import StoreFull
from fieldkit.ledger.read.line import checkins
from fieldkit.model import CredentialRead
from fieldkit.screens.checkup import check_up
from fieldkit.screens.doctor_rows import finding_rows, most_urgent, step_rows, summary
from fieldkit.screens.keytimes import KeyTimes
from fieldkit.screens.messages import CredentialPresented, DeviceTroubled
from fieldkit.text import cells
from fieldkit.words import Text
from fieldkit.words import doctor as words

FOUND = [
    Finding("home", words.HOME, "ok", words.HOME_FOUND, None, {"letter": "A", "home": "/home/crew/fieldkit"}),
    Finding("store", words.STORE, "ok", words.STORE_SOUND, None, {"megabytes": 18}),
    Finding("commit", words.COMMIT, "ok", words.COMMIT_FOUND, None, {"milliseconds": 6.1}),
    Finding("keys", words.SLOTS, "ok", words.SLOTS_SOUND),
    Finding("spool", words.SPOOL, "ok", words.SPOOL_EMPTY),
    Finding("space", words.SPACE, "warning", words.SPACE_FOUND, words.SPACE_HINT, {"gigabytes": 83}),
    Finding("disk", words.DISK, "ok", words.ENCRYPTED),
    Finding("swap", words.SWAP, "ok", words.NO_SWAP),
    Finding("clock", words.CLOCK, "ok", words.CLOCK_SYNCED, None, {"now": "2026-06-12 09:46:00"}),
    Finding(
        "camera-clock", words.CAMERA_CLOCK, "warning", words.CAMERA_BEHIND, words.CAMERA_CLOCK_HINT,
        {"body": "012345678901", "by": "8:00:12"},
    ),
    Finding("font", words.FONT, "ok", words.FOUND, None, {"names": "Noto Sans CJK SC"}),
    Finding("latency", words.LATENCY, "ok", words.LATENCY_FOUND, None, {"milliseconds": 9}),
    Finding("readers", words.READERS, "warning", words.NONE_THERE, words.READERS_HINT),
    Finding("cameras", words.CAMERAS, "ok", words.FOUND, None, {"names": "Canon EOS R5"}),
    Finding("cards", words.CARDS, "ok", words.FOUND, None, {"names": "/media/crew/EOS_A (132)"}),
    Finding(
        "device", words.DEVICE, "failure", Text("pcscd: 拒绝", "pcscd: refused"), words.RULE,
        {"path": "/etc/polkit-1/rules.d/50-fieldkit.rules", "rule": "polkit.addRule(…);"},
    ),
]  # fmt: skip


@pytest.fixture
def drive_checked(drive):
    """Give what opens the app with the made-up findings; each check-up is counted."""
    done = []

    def check(kit, screen, key_ms):
        done.append((screen.state, list(key_ms)))
        return FOUND

    def run(*script, **settings):
        return drive(*script, check=check, **settings)

    run.done = done
    return run


def test_the_worst_is_chosen_with_its_next_step(drive_checked, golden):
    golden("doctor-zh", drive_checked("f8"))


def test_the_same_in_english(drive_checked, kit, golden):
    kit.lang = "en"
    golden("doctor-en", drive_checked("alt+8", "up", "k", "k"))


def test_a_key_checks_again_and_the_choice_stays(drive_checked):
    screen = drive_checked("f8", "up", "r")

    assert len(drive_checked.done) == 2
    assert any(line.startswith(" ► ■ 相机卡") for line in screen)


def test_what_was_found_in_another_language_or_long_ago_is_checked_again(drive_checked, kit):
    drive_checked("f8", "ctrl+t")
    assert len(drive_checked.done) == 2

    drive_checked.done.clear()
    drive_checked("f8", "f2", "f8", "f2", lambda _: kit.clock.forward(timedelta(minutes=1)), "f8")
    assert len(drive_checked.done) == 2


def test_the_terminal_and_the_times_of_keys_come_from_the_app(drive_checked):
    drive_checked("f8", "r", size=(70, 24))

    assert [state for state, _ in drive_checked.done] == ["failure", "failure"]


def test_a_check_up_that_fails_is_told_and_can_be_repeated(drive):
    def check(kit, screen, key_ms):
        raise StoreFull

    screen = drive("f8", "r", check=check)

    assert "检查没有做完" in screen[22]


def test_the_doors_and_ways_lead_back(drive_checked):
    assert drive_checked("f8", "f3")[0].startswith(" F3")
    assert drive_checked("f8", "f2")[0].startswith(" F2")
    assert "全部项目重新检查" in "\n".join(drive_checked("f8", "f1"))


def test_a_card_presented_meanwhile_is_served_at_the_desk_shown_last(drive_checked, kit):
    card = CredentialPresented(CredentialRead("id-card", "100000200401010018"))

    screen = drive_checked("f8", card)

    assert [entry.sequence_number for entry in checkins(kit.store, kit.require_visit().key)] == ["A-0001"]
    assert "F2 已签到" in screen[22]


def test_a_device_in_trouble_is_told_here_too(drive_checked):
    screen = drive_checked("f8", DeviceTroubled("pcsc", ReadersRefused.message, ReadersRefused.hint))

    assert "pcsc：读卡服务拒绝了本程序" in screen[22]


def test_the_real_checks_run_in_the_app(drive):
    screen = "\n".join(drive("f8"))

    assert "提交耗时" in screen
    assert "80×24" in screen


FINDINGS = st.lists(
    st.builds(
        Finding,
        name=st.just("x"),
        what=st.sampled_from([words.STORE, words.CAMERA_CLOCK]),
        state=st.sampled_from(["ok", "warning", "failure"]),
        found=st.just(words.FOUND),
        next_step=st.sampled_from([None, words.READERS_HINT, words.SPACE_HINT]),
        fields=st.fixed_dictionaries({"names": st.text(max_size=120)}),
    ),
    max_size=40,
)


@given(FINDINGS, st.integers(0, 39), st.integers(3, 20), st.sampled_from(["zh", "en"]))
def test_the_chosen_check_is_always_in_sight_and_every_line_fits(found, chosen, most, lang):
    chosen = min(chosen, max(0, len(found) - 1))
    rows = finding_rows(found, chosen, 80, most, lang)

    assert len(rows) == min(most, len(found))
    assert all(cells(row) == 80 for row in rows)
    assert not found or [row[1] for row in rows].count("►") == 1


@given(FINDINGS)
def test_the_most_urgent_is_the_worst_of_all(found):
    order = ["failure", "warning", "ok"]

    assert not found or found[most_urgent(found)].state == min((f.state for f in found), key=order.index)
    assert summary(found, "zh").startswith(f"{len(found)} 项") or not found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_rule_for_refused_readers_is_shown(lang):
    shown = step_rows(trouble("pcscd", ReadersRefused()), 80, lang)

    text = "\n".join(shown)
    assert "/etc/polkit-1/rules.d/50-fieldkit.rules" in text
    assert text.rstrip().endswith("});")
    assert "polkit.Result.YES" in text


def test_a_device_name_with_braces_is_no_template():
    class Odd(InputProblem):
        message = Text("坏", "bad")
        hint = Text("换", "change")

    assert trouble("{x}", Odd()).row("en")["found"] == "{x}: bad"


def test_only_times_of_this_clock_count():
    times = KeyTimes()
    times.shown(-1e9)
    times.shown(1e12)

    assert list(times.milliseconds) == []


def test_a_check_up_of_an_open_home_names_each_thing_once(kit):
    found = check_up(kit, key_ms=[5.0, 8.0])

    names = [finding.name for finding in found if finding.name != "device"]
    assert len(names) == len(set(names))
    assert {"keys", "spool", "space", "latency"} <= set(names)


def test_an_unforeseen_fault_in_a_check_ends_the_check_only(drive, caplog):
    def check(kit, screen, key_ms):
        raise RuntimeError("张伟")

    assert "检查没有做完" in drive("f8", check=check)[22]
    assert "RuntimeError" in caplog.text
    assert "张伟" not in caplog.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_row_has_no_room_for_stands_in_full_below_it(lang):
    names = [f"ACS ACR122U PICC Interface 0{number} 00" for number in range(3)]
    found = Finding("readers", words.READERS, "ok", words.FOUND, None, {"names": ", ".join(names)})

    (row,) = finding_rows([found], 0, 80, 1, lang)
    below = step_rows(found, 80, lang)

    assert row.endswith("…")
    assert all(name in "".join(line.strip() + " " for line in below) for name in names)
    assert below[-1].strip() == words.ALL_WELL.say(lang)
    assert all(cells(line) == 80 for line in [row, *below])
