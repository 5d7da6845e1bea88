"""The door screen on the real use cases: what is in the ledger first, then what is seen."""

import pytest

from fieldkit.ledger.read.line import checkins
from fieldkit.model import CredentialRead
from fieldkit.screens.messages import CardNotRead, CredentialPresented
from fieldkit.words import Text

MARKUP = "[/] [b]张[r"


@pytest.fixture
def came(kit):
    """Give the student numbers of those who checked in, with their numbers, in order."""

    def read():
        entries = checkins(kit.store, kit.require_visit().key)
        desk = kit.desk()
        return [(desk.find(e.person, 1)[0].entry.student_no, e.sequence_number, e.again) for e in entries]

    return read


def card(value: str, name: str = "", kind: str = "id-card") -> CredentialPresented:
    return CredentialPresented(CredentialRead(kind, value, name=name))


def test_typing_previews_and_writes_nothing(drive, came, typed, golden):
    screen = drive(typed("zh"))

    assert came() == []
    golden("door-preview-zh", screen)


def test_enter_checks_in_the_highlighted_one(drive, came, typed, golden):
    screen = drive(typed("zhangw"), "down", "enter")

    assert came() == [("2022010233", "A-0001", False)]
    golden("door-ok-zh", screen)


def test_the_same_in_english(drive, kit, came, typed, golden):
    kit.lang = "en"
    screen = drive(typed("2022010118"), "enter")

    assert came() == [("2022010118", "A-0001", False)]
    golden("door-ok-en", screen)


def test_a_second_time_shows_the_old_number(drive, came, scanned, golden):
    screen = drive(scanned("2022010118"), scanned("2022010118"))

    assert came() == [("2022010118", "A-0001", False), ("2022010118", "A-0001", True)]
    golden("door-again-zh", screen)


def test_somebody_unknown_is_told_what_to_do(drive, came, scanned, golden):
    screen = drive(scanned("99887766"))

    assert came() == []
    golden("door-unknown-zh", screen)


def test_somebody_unknown_in_english(drive, kit, came, typed, golden):
    kit.lang = "en"
    screen = drive(typed("99887766"), "enter")

    assert came() == []
    golden("door-unknown-en", screen)


def test_equal_names_are_not_told_apart_by_enter_alone(drive, came, typed, golden):
    screen = drive(typed("李明"), "enter")

    assert came() == []
    golden("door-ambiguous-zh", screen)


def test_an_equal_name_is_chosen_by_arrow(drive, came, typed):
    screen = drive(typed("李明"), "enter", "down", "enter")

    assert came() == [("2022010152", "A-0001", False)]
    assert "同名 2 人" in "\n".join(screen)


def test_a_walk_in_gets_a_number(drive, came, typed, golden):
    preview = drive(typed("+刘洋 9001"))
    assert came() == []
    golden("door-walk-in-zh", preview)


def test_a_walk_in_is_checked_in_by_enter(drive, came, typed):
    screen = drive(typed("+刘洋 9001"), "enter")

    assert came() == [("9001", "A-0001", False)]
    assert "临时登记 WALK-IN" in screen[2]


def test_a_walk_in_never_takes_a_listed_persons_place(drive, came, typed):
    screen = drive(typed("+张伟"), "enter")

    assert came() == []
    assert "名册里有这个名字" in "\n".join(screen)


def test_a_scanner_replaces_half_typed_text_and_accepts_no_guess(drive, came, typed, scanned):
    drive(typed("zhang"), scanned("2022010150"))

    assert came() == [("2022010150", "A-0001", False)]


def test_a_scanners_enter_accepts_no_guess(drive, came, scanned):
    screen = drive(scanned("zhang"))

    assert came() == []
    assert "NOT LISTED" in screen[2]


def test_a_card_is_served_while_help_is_open(drive, came, typed):
    screen = drive("f1", typed("zzz"), "enter", card("100000200401010018"))

    assert came() == [("2022010118", "A-0001", False)]
    assert "CHECKED IN" in screen[2]


def test_an_unlisted_card_is_offered_as_walk_in_and_only_a_person_accepts_it(drive, came):
    screen = drive(card("100000200401019999", "王小明"))
    assert came() == []
    assert "回车按卡上的姓名临时登记" in "\n".join(screen)

    drive(card("100000200401019999", "王小明"), "enter")
    assert [number for _, number, _ in came()] == ["A-0001"]


def test_typing_replaces_an_offered_walk_in(drive, came, typed):
    drive(card("100000200401019999", "王小明"), typed("2022010150"), "enter")

    assert came() == [("2022010150", "A-0001", False)]


def test_a_card_with_another_name_asks_for_attention(drive, came):
    screen = drive(card("100000200401010018", "张三"))

    assert came() == [("2022010118", "A-0001", False)]
    assert screen[2].strip().startswith("!!!")
    assert "卡上姓名与名册不同" in "\n".join(screen)


def test_an_unread_card_is_red(drive, came):
    screen = drive(CardNotRead(Text("卡没有读完", "card pulled"), Text("再放一次", "again")))

    assert came() == []
    assert "读卡失败 CARD NOT READ" in screen[2]


def test_unpaid_is_checked_in_but_asks_for_attention(drive, came, typed):
    screen = drive(typed("2022010119"), "enter")

    assert came() == [("2022010119", "A-0001", False)]
    assert "!!!  已签到  请注意" in screen[2]
    assert "未缴费" in "\n".join(screen)


def test_undo_takes_the_number_out_of_use(drive, came, typed):
    screen = drive(typed("2022010150"), "enter", "f9")
    assert came() == []
    assert "A-0001 作废" in "\n".join(screen)

    drive(typed("2022010150"), "enter")
    assert came() == [("2022010150", "A-0002", False)]


def test_undoing_a_repeated_check_in_says_that_the_number_stands(drive, came, typed):
    screen = "\n".join(drive(typed("2022010150"), "enter", typed("2022010150"), "enter", "f9"))

    assert came() == [("2022010150", "A-0001", False)]
    assert "重复签到 · A-0001 仍然有效" in screen
    assert "作废" not in screen


def test_undo_with_nothing_done_says_why(drive):
    assert "还没有可撤销的操作" in drive("ctrl+z")[22]


def test_escape_clears_and_never_quits(drive, came, typed):
    screen = drive(typed("zhang"), "escape", "escape", "enter")

    assert came() == []
    assert screen[14].strip() == ">"


@pytest.mark.parametrize("number", ["2022010160", "2022010145"])
def test_any_name_is_shown_whole(drive, number, typed):
    name = {"2022010160": MARKUP, "2022010145": "买买提·艾力江"}[number]

    assert name in "\n".join(drive(typed(number), "enter"))


def test_the_language_changes_on_the_spot(drive):
    assert "stn A" in drive("ctrl+t")[0]


def test_a_failing_store_is_never_green(drive, kit, came, typed, monkeypatch):
    from fieldkit.ledger.errors import StoreFull

    def full(*_, **__):
        raise StoreFull

    monkeypatch.setattr(kit.store, "write", full)
    screen = drive(typed("2022010118"), "enter")

    assert came() == []
    assert "×××  没有完成 NOT DONE" in screen[2]
    assert "腾出空间" in "\n".join(screen)


def test_a_fault_of_the_program_is_never_green_and_tells_nothing(
    drive, kit, came, typed, monkeypatch, caplog
):
    def broken(*_, **__):
        raise RuntimeError("张伟 2022010118")

    monkeypatch.setattr(kit.store, "write", broken)
    screen = drive(typed("2022010118"), "enter")

    assert came() == []
    assert "NOT DONE" in screen[2]
    assert "RuntimeError" in caplog.text
    assert "2022010118" not in caplog.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
def test_every_line_fits_the_terminal(drive, typed, size):
    from fieldkit.text import cells

    screen = drive(typed("张"), "enter", size=size)

    assert len(screen) == size[1]
    assert max(cells(line) for line in screen) <= size[0]


def test_text_that_came_too_fast_is_previewed_before_it_is_accepted(drive, came, hasty):
    drive(hasty("zhang"))
    assert came() == []

    drive(hasty("zhang"), "enter")
    assert len(came()) == 1


def test_a_whole_number_that_came_too_fast_is_accepted_at_once(drive, came, hasty):
    drive(hasty("2022010150"))

    assert came() == [("2022010150", "A-0001", False)]


@pytest.mark.parametrize(
    ("key", "there"), [("f2", "►"), ("f3", "没有人排队"), ("f4", "还没有"), ("f8", "终端")]
)
def test_a_window_that_is_too_small_says_so_and_loses_neither_list_nor_keys(drive, typed, key, there):
    steps = [typed("zhang")] if key == "f2" else []

    screen = drive(key, *steps, size=(60, 20))

    assert len(screen) <= 20
    assert any(there in line for line in screen)
    assert "│ F" in screen[-1]


def test_what_a_small_window_needs_is_said(drive):
    assert "60×20 太小，至少 80×24" in "\n".join(drive("f2", size=(60, 20)))
    assert "太小" not in "\n".join(drive("f2"))
