"""A visit's record that grows is at every step the record that reading everything anew gives."""

import threading
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import NothingToUndo
from fieldkit.links.live import LiveDay
from fieldkit.studio import watch_day
from fieldkit.studio.recorded import Recorded
from fieldkit.studio.watch_day import SETTLE_AFTER, WatchedVisit
from tests.conftest import MORNING
from tests.studio.days import captured, enrol, usual, write
from tests.studio.test_watch_day import in_pieces, links_of

FAST = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
WHATEVER = ("judge", "judge", "pair", "word", "undo", "left", "again")


def told(recorded):
    return (
        recorded.numbers,
        recorded.fixed,
        [(one.station, one.rows, Counter(one.seen), Counter(one.words)) for one in recorded.stations],
    )


def anew(kit):
    recorded = Recorded(kit.require_visit().key)
    recorded.read(kit.store)
    return told(recorded)


def act(kit, keys, what, rng, frames):
    """Do one thing that is no frame of a plain day."""
    visit, frame = kit.require_visit(), rng.choice(frames)
    number = int(frame[2:])
    if what == "word":
        kit.repairs().assign(frame, rng.choice(keys))
    elif what == "undo":
        try:
            kit.journal.undo(visit.key)
        except NothingToUndo:
            return
    elif what == "left":
        kit.chair().leave(rng.choice(keys))
    elif what == "again":
        kit.desk().check_in(rng.choice(keys))
    else:
        with kit.journal.writing() as pen:
            if what == "judge":
                body = {
                    "faces": rng.choice([None, 0, 1, 2]),
                    "verdict": "good",
                    "reasons": [],
                    "measures": {},
                }
                kind = kinds.PORTRAIT_JUDGED
            else:
                shot = MORNING.replace(tzinfo=None)
                changed = {"pt_sha256": f"{rng.getrandbits(200):064x}", "path": f"101CANON/X{number}.JPG"}
                body, kind = captured(frame, number, shot) | changed, kinds.FILE_CAPTURED
            pen.record(kind, body, visit=visit.key, school=visit.school, subject=frame)


@FAST
@given(seed=st.integers(0, 10**6))
def test_whatever_is_written_the_record_is_what_reading_anew_gives(kit_of_its_own, seed):
    rng = Random(seed)
    with kit_of_its_own() as kit:
        keys = enrol(kit, 8)
        recorded, frames = Recorded(kit.require_visit().key), []
        for piece in in_pieces(usual(8, rng, seated=0.7), rng, 5):
            write(kit, keys, piece, MORNING)
            recorded.read(kit.store)
            assert told(recorded) == anew(kit)
            frames += [f"fA{one.number:06d}" for one in piece if one.what == "frame"]
            for what in rng.choices(WHATEVER, k=3 if frames else 0):
                act(kit, keys, what, rng, frames)
                if rng.random() < 0.7:
                    recorded.read(kit.store)
                    assert told(recorded) == anew(kit)


def test_a_frame_more_is_read_alone(kit):
    keys = enrol(kit, 4)
    *before, last = usual(4, Random(5))
    write(kit, keys, before, MORNING)
    recorded = Recorded(kit.require_visit().key)
    recorded.read(kit.store)
    assert [one.new for one in recorded.stations] == [None]

    write(kit, keys, [last], MORNING)
    recorded.read(kit.store)

    (station,) = recorded.stations
    assert [seen.id for seen in station.new] == [f"fA{last.number:06d}"]


def test_a_reading_that_failed_half_way_is_made_anew(kit, monkeypatch):
    keys = enrol(kit, 4)
    *before, seat, last = usual(4, Random(5))
    write(kit, keys, before, MORNING)
    recorded = Recorded(kit.require_visit().key)
    recorded.read(kit.store)
    write(kit, keys, [seat, last], MORNING)

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("fieldkit.studio.recorded.StationRecord.grow", _fails)
        recorded.read(kit.store)
    recorded.read(kit.store)

    assert told(recorded) == anew(kit)


def _fails(*_):
    raise RuntimeError


def test_the_whole_day_looked_at_beside_the_answers_becomes_the_answer(kit, monkeypatch):
    begun, go_on, where = threading.Event(), threading.Event(), []

    def look(seen):
        where.append((threading.current_thread(), len(seen)))
        if len(where) > 1:
            begun.set()
            go_on.wait(60)
        return LiveDay(seen)

    monkeypatch.setattr(watch_day, "_look", look)
    keys = enrol(kit, 60)
    did = usual(60, Random(7), seated=0.6)
    watched = WatchedVisit(kit.require_visit().key)
    write(kit, keys, did[:100], MORNING)
    watched.read(kit.store)
    write(kit, keys, did[100 : 100 + SETTLE_AFTER], MORNING)
    watched.read(kit.store)
    write(kit, keys, did[100 + SETTLE_AFTER :], MORNING)
    assert begun.wait(60)
    meanwhile = links_of(watched.read(kit.store))
    go_on.set()
    watched.close()
    seen = links_of(watched.read(kit.store))

    assert where[0][0] is threading.current_thread()
    assert where[1][0] is not threading.current_thread()
    assert {link.frame.frame for link in meanwhile} == {link.frame.frame for link in kit.links()}
    assert {link.frame.frame for link in seen} == {link.frame.frame for link in kit.links()}
    assert links_of(watched.read(kit.store, settle=True)) == kit.links()
