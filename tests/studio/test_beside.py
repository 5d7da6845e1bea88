"""Links in a process of their own: the same answers, through its death, its failures and its end."""

import os
import signal
from datetime import timedelta
from random import Random

import pytest

from fieldkit.studio.beside import LinksBeside
from fieldkit.studio.errors import LinksStopped
from fieldkit.studio.newest import newest_shots
from fieldkit.studio.problems import read_days
from fieldkit.studio.watch_day import WatchedVisit
from tests.conftest import MORNING
from tests.studio.days import enrol, usual, write


def own_process(store, watched):
    return os.getpid(), id(watched)


def fails(store, watched, text):
    raise ValueError(text)


def dies(store, watched):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def beside(kit):
    beside = LinksBeside(kit.store.elsewhere())
    yield beside
    beside.close()


def test_it_answers_what_the_app_itself_would_find(kit, beside):
    kit.desk().check_in("2022010118")
    visit, station = kit.require_visit().key, kit.journal.station.id

    assert beside.ask(newest_shots, visit, station, 6) == newest_shots(
        kit.store, WatchedVisit(visit), station, 6
    )
    assert beside.ask(read_days, visit, True) == read_days(kit.store, WatchedVisit(visit), True)


def test_a_clock_is_put_right_beside_as_it_is_here(kit, beside):
    ahead = timedelta(seconds=45)
    keys = enrol(kit, 24)
    did = usual(24, Random(3), frames=2)
    write(kit, keys, did, MORNING, read_in=MORNING + timedelta(hours=2), set_from=25, set_by=ahead)
    here = kit.repairs().clock("fA000025", ahead)
    kit.repairs().undo()

    assert kit.repairs().clock("fA000025", ahead, beside=beside) == here


def test_one_process_keeps_what_it_learned_and_is_not_the_apps(beside):
    first = beside.ask(own_process, "V1")

    assert first[0] != os.getpid()
    assert beside.ask(own_process, "V1") == first
    assert beside.ask(own_process, "V2")[1] != first[1]


def test_a_failure_is_told_without_what_it_says_and_the_next_question_is_answered(beside, caplog):
    with pytest.raises(LinksStopped):
        beside.ask(fails, "V1", "张伟")

    assert "ValueError at" in caplog.text
    assert "张伟" not in caplog.text
    assert beside.ask(own_process, "V1")


def test_a_process_that_was_killed_is_started_again(beside):
    with pytest.raises(LinksStopped):
        beside.ask(dies, "V1")

    assert beside.ask(own_process, "V1")


def test_nothing_is_asked_after_the_end(beside):
    process, _ = beside.ask(own_process, "V1")
    beside.close()

    with pytest.raises(LinksStopped):
        beside.ask(own_process, "V1")
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
