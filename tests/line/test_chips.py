import base64
from importlib import resources

import pyrage
import pytest

from fieldkit.ledger.read.history import history
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.verify import verify_ledger
from fieldkit.line.chips import read_chip
from fieldkit.line.errors import ChipOfAnother, EmptyCredential, NobodyFound, NotAChip
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit
from tests.conftest import ROSTER

CHIP, ROSTERS_CHIP = "04AABBCCDDEEFF80", "0A1B2C3D4E5F6071"


@pytest.fixture
def key_of(kit):
    return lambda number: kit.chair().find(number).key


def test_a_chip_bound_with_a_check_in_is_one_event_and_known_at_door_and_chair(kit, key_of):
    desk, before = kit.desk(), kit.store.value("SELECT count(*) FROM events")
    assert desk.check_in(CHIP, kind="chip-serial").status == "unknown"

    outcome = desk.check_in("2022010118", binds=CHIP)

    assert (outcome.status, outcome.number) == ("new", "A-0001")
    assert kit.store.value("SELECT count(*) FROM events") == before + 1
    again = desk.check_in(CHIP, kind="chip-serial")
    assert (again.status, again.credential, again.person.entry.name) == ("again", "chip-serial", "张伟")
    assert kit.chair().seat(CHIP).number == "A-0001"
    assert verify_ledger(kit.store).problems == ()


def test_undoing_the_check_in_takes_the_binding_back_too(kit, key_of):
    desk = kit.desk()
    desk.check_in("2022010118", binds=CHIP)

    kit.journal.undo(desk.visit.key)

    assert kit.chips().holder(CHIP) is None
    assert checkins(kit.store, desk.visit.key) == []
    assert verify_ledger(kit.store).problems == ()


def test_a_chip_of_another_is_bound_only_when_that_one_is_named(kit, key_of):
    chips = kit.chips()
    chips.bind(CHIP, key_of("2022010118"))

    with pytest.raises(ChipOfAnother):
        chips.bind(CHIP, key_of("2022010233"))
    with pytest.raises(ChipOfAnother):
        chips.bind(CHIP, key_of("2022010233"), replacing=key_of("2022010145"))
    with pytest.raises(ChipOfAnother):
        kit.desk().check_in("2022010233", binds=CHIP)
    assert checkins(kit.store, chips.visit.key) == []

    bound = chips.bind(CHIP, key_of("2022010233"), replacing=key_of("2022010118"))

    assert (bound.before.entry.name, bound.person.entry.name, bound.number) == ("张伟", "张薇", None)
    assert chips.holder(CHIP).entry.name == "张薇"


def test_undoing_a_new_binding_gives_the_chip_back_to_whose_it_was(kit, key_of):
    chips = kit.chips()
    chips.bind(ROSTERS_CHIP, key_of("2022010118"), replacing=key_of("2022010119"))
    chips.bind(ROSTERS_CHIP, key_of("2022010233"), replacing=key_of("2022010118"))
    assert kit.desk().check_in(ROSTERS_CHIP).person.entry.name == "张薇"

    kit.journal.undo(chips.visit.key)
    kit.journal.undo(chips.visit.key)
    assert chips.holder(ROSTERS_CHIP).entry.name == "张伟"
    kit.journal.undo(chips.visit.key)

    assert chips.holder(ROSTERS_CHIP).entry.name == "章慧敏"
    assert verify_ledger(kit.store).problems == ()


def test_what_is_bound_already_writes_nothing(kit, key_of):
    chips, key = kit.chips(), key_of("2022010119")
    before = kit.store.value("SELECT count(*) FROM events")

    assert not chips.bind(ROSTERS_CHIP, key).changed

    assert kit.store.value("SELECT count(*) FROM events") == before
    kit.desk().check_in("2022010119", binds=ROSTERS_CHIP)
    assert "chip_serial" not in history(kit.store, chips.visit.key, key)[-1].event.body


def test_a_number_that_is_somebodys_own_is_no_chip(kit, key_of):
    with pytest.raises(NotAChip):
        kit.chips().bind("2022010118", key_of("2022010233"))
    with pytest.raises(EmptyCredential):
        kit.chips().bind("  ", key_of("2022010233"))
    with pytest.raises(NobodyFound):
        kit.chips().bind(CHIP, "P0")


def test_a_chip_bound_to_a_walk_in_is_nobodys_once_the_walk_in_is_undone(kit):
    desk = kit.desk()
    desk.check_in("9001", walk_in="刘洋", binds=CHIP)
    assert kit.chips().holder(CHIP).entry.name == "刘洋"

    kit.journal.undo(desk.visit.key)

    assert desk.check_in(CHIP, kind="chip-serial").status == "unknown"


def test_a_newer_roster_leaves_bindings_as_they_are(kit, key_of):
    kit.chips().bind(ROSTERS_CHIP, key_of("2022010118"), replacing=key_of("2022010119"))

    take_in(kit.journal, kit.require_visit(), ROSTER)

    assert kit.chips().holder(ROSTERS_CHIP).entry.name == "张伟"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("04aabbccddeeff80", CHIP), ("04:AA:BB:CC:DD:EE:FF:80", CHIP), ("04 aa bb cc dd ee ff 80", CHIP),
        (" 0004567890 ", "0004567890"), ("card/7", "card/7"),
    ],
)  # fmt: skip
def test_a_serial_is_read_as_people_write_it(typed, read):
    assert read_chip(typed) == read


def test_the_chips_photo_is_kept_sealed_and_only_where_the_profile_asks_for_it(kit):
    photo = bytes(range(256)) * 4
    kit.desk().check_in("2022010118", photo=photo)
    new_visit(kit.journal, "with photos", "某大学", profile=PROFILE)
    take_in(kit.journal, kit.require_visit(), ROSTER)

    key = kit.desk().check_in("2022010118", kind="id-card", photo=photo).person.key

    kept = [
        happened.event.body.get("chip_photo")
        for visit in ("spring", "with photos")
        for happened in history(kit.store, _visit(kit, visit), key_in(kit, visit))
        if happened.event.kind == "checkin"
    ]
    assert kept[0] is None
    secrets = [pyrage.x25519.Identity.from_str(secret) for secret in kit.home.opening_secrets()]
    assert pyrage.decrypt(base64.b64decode(kept[1]), secrets) == photo
    assert key == key_in(kit, "with photos")


def _visit(kit, name):
    return kit.store.value("SELECT visit FROM visits WHERE name=?", (name,))


def key_in(kit, name):
    return kit.store.value(
        "SELECT person FROM people WHERE visit=? AND student_no='2022010118'", (_visit(kit, name),)
    )


PROFILE = (
    (resources.files("fieldkit.portrait") / "profiles" / "register.toml")
    .read_text("utf-8")
    .replace("keep_chip_photo = false", "keep_chip_photo = true")
)
