"""What a visit tells of its cameras and of the room it still needs, from real frames in a real ledger."""

from datetime import timedelta

import pytest

from fieldkit.model import RosterEntry
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.roster.intake import take_in
from fieldkit.studio.reading import read_in
from fieldkit.studio.so_far import bytes_to_come, cameras_behind

BEHIND = 3600.0 + 12


@pytest.fixture
def shot_day(kit, clock, tmp_path):
    """Seat twenty of thirty people; each has one frame, taken by a camera that is an hour behind."""
    visit = kit.require_visit()
    people = [RosterEntry(name=f"生{number}", student_no=f"30{number:02}") for number in range(30)]
    take_in(kit.journal, visit, people)
    card = tmp_path / "card" / "DCIM" / "100FIELD"
    card.mkdir(parents=True)
    desk, chair = kit.desk(), kit.chair()
    for number in range(20):
        desk.check_in(f"30{number:02}")
        clock.forward(timedelta(seconds=17 + number % 5))
        chair.seat(f"30{number:02}")
        clock.forward(timedelta(seconds=6))
        shot = clock.now().replace(tzinfo=None) - timedelta(seconds=BEHIND)
        photo = camera_jpeg(number, number, shot=shot, body="B1", number=number + 1, size=(120, 160))
        (card / f"IMG_{number + 1:04}.JPG").write_bytes(photo)
        clock.forward(timedelta(seconds=1))
        read_in(kit.home, visit, tmp_path / "card")
    return visit


def test_a_camera_an_hour_behind_is_found_and_the_rest_of_the_day_weighed(kit, clock, shot_day):
    behind = cameras_behind(kit.store, shot_day.key, kit.journal.station.id, clock.now())

    assert list(behind) == ["B1"]
    assert behind["B1"] == pytest.approx(BEHIND, abs=5)

    held = bytes_to_come(kit.store, shot_day.key)
    originals = sum(file.stat().st_size for file in (kit.home.path / "blobs").rglob("*.age"))
    people = 30 + 6
    assert held == originals // 20 * (people - 20)


def test_before_anybody_sat_nothing_is_known(kit, clock):
    visit = kit.require_visit()

    assert bytes_to_come(kit.store, visit.key) is None
    assert cameras_behind(kit.store, visit.key, kit.journal.station.id, clock.now()) == {}
