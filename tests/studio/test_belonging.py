"""Whether a card is the visit's: asked only where nothing explains its photos, kept once answered."""

import os
import shutil
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.frames import volumes
from fieldkit.frames.dcf import list_folder
from fieldkit.ledger import kinds
from fieldkit.ledger.verify import verify_ledger
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.roster.visits import new_visit, reopen_visit
from fieldkit.studio.belonging import Calendar, note_answer, note_held, stranger, was_refused
from fieldkit.studio.cards import cards_of
from fieldkit.studio.reading import read_in
from tests.conftest import MORNING

TODAY = MORNING.date()
A_DAY = timedelta(days=1)


@pytest.fixture
def card(tmp_path, monkeypatch):
    """Give what makes, or adds to, a card of its own volume with a photo for each moment."""

    def make(name, *shots, body="B1"):
        top = tmp_path / "cards" / name
        for number, shot in enumerate(shots, 1):
            file = top / "DCIM" / "100CANON" / f"IMG_{number:04}.JPG"
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                continue
            note = f"{name}{number}".encode()
            jpeg = camera_jpeg(1, 1, shot=shot, body=body, number=number, size=(240, 320))
            file.write_bytes(jpeg[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + jpeg[2:])
        return top

    def named(folder):
        return f"vol-{folder.name}"

    for module in ("fieldkit.studio.belonging", "fieldkit.studio.reading"):
        monkeypatch.setattr(f"{module}.card_at", named)
    return make


@pytest.fixture
def ask(kit):
    """Give what says of a card whether it is a stranger to the open visit, now or at another time."""

    def asked(top, now=MORNING):
        return stranger(kit.home, kit.require_visit(), list_folder(top), now)

    return asked


DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@given(DAYS, st.frozensets(DAYS, max_size=4), st.frozensets(st.sampled_from(["B1", "B2"])))
def test_a_photo_of_one_of_the_visits_days_is_never_strange(day, others, elsewhere):
    assert Calendar(frozenset({day}), others, {}, elsewhere).holds(day, "B1")


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (TODAY - A_DAY, True),
        (TODAY + A_DAY, True),
        (TODAY - 2 * A_DAY, False),
        (date(2019, 1, 1), True),
        (date(1980, 1, 1), True),
        (date(2019, 1, 3), False),
        (date(2026, 1, 1), False),
        (date(2019, 6, 1), False),
    ],
)
def test_a_clock_may_be_a_day_off_or_have_lost_its_setting(day, fits):
    assert Calendar(frozenset({TODAY})).holds(day, "B1") == fits


def test_neither_is_believed_where_another_visit_explains_it_better():
    yesterday = TODAY - A_DAY
    elsewhere = Calendar(frozenset({TODAY}), frozenset({yesterday}), {}, frozenset({"B9"}))

    assert not elsewhere.holds(yesterday, "B1")
    assert not elsewhere.holds(TODAY + A_DAY, "B9")
    assert not elsewhere.holds(date(2019, 1, 1), "B9")
    assert elsewhere.holds(TODAY, "B9")


def test_a_camera_whose_wrong_clock_is_known_is_not_asked_about_again():
    told = Calendar(frozenset({TODAY}), seen={"B1": frozenset({date(2024, 7, 3)})})

    assert told.holds(date(2024, 7, 4), "B1")
    assert not told.holds(date(2024, 7, 4), "B2")


def test_a_card_of_today_is_no_stranger_and_one_of_last_month_is(card, ask):
    assert ask(card("today", MORNING, MORNING + timedelta(hours=2))) is None

    found = ask(card("private", MORNING - timedelta(days=30), MORNING - timedelta(days=29)))
    assert (found.card, found.files, found.day) == ("vol-private", 2, TODAY - timedelta(days=30))


def test_old_photos_between_those_of_today_are_found(card, ask):
    old = MORNING - timedelta(days=40)
    mixed = card("mixed", *[MORNING] * 3, old, old, *[MORNING] * 3)
    for number in (4, 5):
        os.utime(mixed / "DCIM" / "100CANON" / f"IMG_000{number}.JPG", (old.timestamp(), old.timestamp()))

    assert ask(mixed).day == old.date()


def test_yesterdays_card_of_another_school_is_held_though_a_clock_may_be_a_day_off(kit, card, ask):
    yesterday = MORNING - A_DAY
    top = card("before", yesterday, yesterday)
    assert ask(top) is None

    today = kit.require_visit()
    new_visit(kit.journal, "yesterday", "另一所学校", day_from=yesterday.date().isoformat())
    reopen_visit(kit.journal, today.name)
    assert ask(top).day == yesterday.date()


def test_what_was_read_in_elsewhere_is_no_reason_to_ask_but_what_was_left_is(kit, card, ask):
    yesterday = MORNING - A_DAY
    today = kit.require_visit()
    before = new_visit(kit.journal, "yesterday", "另一所学校", day_from=yesterday.date().isoformat())
    top = card("before", yesterday, yesterday)
    read_in(kit.home, before, top, settle_seconds=0)
    reopen_visit(kit.journal, today.name)
    assert ask(top) is None

    card("before", yesterday, yesterday, yesterday)
    assert ask(top).files == 1


def test_a_card_that_was_read_into_the_visit_is_never_asked_about(kit, card, ask):
    top = card("ours", MORNING)
    read_in(kit.home, kit.require_visit(), top, settle_seconds=0)
    card("ours", MORNING, MORNING - timedelta(days=300))

    assert ask(top) is None


@pytest.mark.parametrize("content", [b"", b"no photo"])
def test_what_holds_no_photo_is_judged_by_when_it_was_written(card, ask, content):
    top = card("odd", MORNING)
    (top / "DCIM" / "100CANON" / "IMG_0002.JPG").write_bytes(content)

    # It is written by this machine's clock, which is not the visit's; without content it does not count.
    assert (ask(top) is None) == (content == b"")
    assert ask(top, datetime.now().astimezone()) is not None


def test_an_answer_is_kept_for_its_visit_alone_and_nothing_held_may_be_formatted(kit, card, ask):
    visit = kit.require_visit()
    top = card("private", MORNING - timedelta(days=30))
    listing = list_folder(top)

    note_held(kit.home, visit, listing, refused=False)
    note_held(kit.home, visit, listing, refused=False)
    assert len(kit.store.query("SELECT 1 FROM events WHERE kind=?", (kinds.CARD_READ,))) == 1
    (status,) = cards_of(kit.home)
    assert (status.may_format, [(file.path, file.reason) for file in status.unsafe]) == (
        False,
        [("DCIM", "held")],
    )
    assert not was_refused(kit.home, visit, listing)

    note_answer(kit.home, visit, listing, belongs=False)
    assert was_refused(kit.home, visit, listing)
    assert ask(top) is not None
    assert [file.reason for file in cards_of(kit.home)[0].unsafe] == ["refused"]
    other = new_visit(kit.journal, "next", "另一所学校")
    assert not was_refused(kit.home, other, listing)
    assert stranger(kit.home, other, listing, MORNING) is not None

    reopen_visit(kit.journal, visit.name)
    note_answer(kit.home, visit, listing, belongs=True)
    assert ask(top) is None
    assert not cards_of(kit.home)[0].may_format
    read_in(kit.home, visit, top, settle_seconds=0)
    assert [file.reason for file in cards_of(kit.home)[0].unsafe] == ["no-second-copy"]
    assert verify_ledger(kit.store).problems == ()


@pytest.fixture
def nameless(card, monkeypatch):
    """Give what makes a card like ``card`` does, of a volume that nobody can name."""
    for module in ("fieldkit.studio.belonging", "fieldkit.studio.reading"):
        monkeypatch.setattr(f"{module}.card_at", volumes.card_at)
    return card


@pytest.mark.parametrize("belongs", [True, False])
def test_what_has_no_volume_of_its_own_is_known_again_by_its_photos_wherever_it_is(
    kit, tmp_path, nameless, ask, belongs
):
    top = nameless("private", MORNING - timedelta(days=30), MORNING - timedelta(days=29))
    visit = kit.require_visit()
    assert ask(top) is not None
    note_answer(kit.home, visit, list_folder(top), belongs=belongs)

    again = top.rename(tmp_path / "EOS_DIGITAL1")
    assert (ask(again) is None) == belongs
    assert was_refused(kit.home, visit, list_folder(again)) != belongs
    other = new_visit(kit.journal, "next", "另一所学校")
    assert stranger(kit.home, other, list_folder(again), MORNING) is not None
    assert verify_ledger(kit.store).problems == ()


@pytest.mark.parametrize("belongs", [True, False])
def test_one_photo_more_or_less_or_another_asks_again(kit, nameless, ask, belongs):
    old = MORNING - timedelta(days=30)
    top, visit = nameless("private", *[old] * 4), kit.require_visit()
    photos = sorted(top.rglob("*.JPG"))
    note_answer(kit.home, visit, list_folder(top), belongs=belongs)

    def unknown():
        return ask(top) is not None and not was_refused(kit.home, visit, list_folder(top))

    nameless("private", *[old] * 5)
    assert unknown()
    photos[0].with_name("IMG_0005.JPG").unlink()
    assert not unknown()
    photos[1].unlink()
    assert unknown()
    nameless("private", *[old] * 4)
    assert not unknown()
    with photos[-1].open("ab") as last:
        last.write(b"\0")
    assert unknown()


def test_another_card_at_the_same_place_takes_nothing_over(kit, nameless, ask):
    top, visit = nameless("slot", MORNING - timedelta(days=30)), kit.require_visit()
    note_answer(kit.home, visit, list_folder(top), belongs=False)
    refused = top.rename(top.with_name("out"))
    ours = nameless("slot", MORNING)
    read_in(kit.home, visit, ours, settle_seconds=0)
    assert [file.reason for file in cards_of(kit.home)[0].unsafe] == ["no-second-copy"]

    ours.rename(top.with_name("ours"))
    refused.rename(top)
    assert was_refused(kit.home, visit, list_folder(top))
    note_held(kit.home, visit, list_folder(top), refused=True)
    assert "refused" in [file.reason for one in cards_of(kit.home) for file in one.unsafe]


def test_a_card_that_is_gone_has_no_name(nameless):
    top = nameless("private", MORNING)
    listing = list_folder(top)
    shutil.rmtree(top)

    assert volumes.content_name(listing) == ""
