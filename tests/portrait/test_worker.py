import os
import pickle
import signal
import threading
from io import BytesIO

import pytest
from PIL import Image

from fieldkit.portrait import worker
from fieldkit.portrait.errors import JudgeStopped, JudgeTimedOut
from fieldkit.portrait.profile import load_profile
from fieldkit.portrait.quality import judge
from fieldkit.portrait.verdict import Reason
from fieldkit.portrait.worker import Judge
from fieldkit.rehearsal.photos import draw_portrait
from tests.portrait.workers import kill_workers

REGISTER = load_profile("register")


def portrait(seed: int) -> bytes:
    out = BytesIO()
    Image.fromarray(draw_portrait(seed, 960, 1280)).save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_worker_says_what_the_same_process_says():
    with Judge() as judging:
        frames = [portrait(1), b"no picture", portrait(2)]
        answers = [judging.submit(frame, REGISTER) for frame in frames]
        assert [answer.result(60) for answer in answers] == [judge(frame, REGISTER) for frame in frames]
    assert pickle.loads(pickle.dumps(answers[0].result())) == answers[0].result()
    assert answers[1].result().reasons == (Reason.UNREADABLE,)


def test_the_death_of_a_worker_loses_no_frame():
    with Judge() as judging:
        assert judging.submit(portrait(1), REGISTER).result(60).faces == 1
        answers = [judging.submit(portrait(seed), REGISTER) for seed in range(3)]
        kill_workers()
        assert [answer.result(60).faces for answer in answers] == [1, 1, 1]
        assert judging.submit(portrait(4), REGISTER).result(60).faces == 1


def _die_of(jpeg: bytes, profile: object) -> str:
    if jpeg == b"deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return jpeg.decode()


def test_a_frame_that_kills_twice_is_given_up_and_its_neighbours_are_not(monkeypatch):
    monkeypatch.setattr(worker, "_judge", _die_of)
    with Judge() as judging:
        answers = [judging.submit(frame, REGISTER) for frame in (b"one", b"deadly", b"two", b"three")]
        with pytest.raises(JudgeStopped):
            answers[1].result(60)
        assert [answers[place].result(60) for place in (0, 2, 3)] == ["one", "two", "three"]


def test_closing_ends_what_waits_and_refuses_more():
    judging = Judge()
    answers = [judging.submit(portrait(seed), REGISTER) for seed in range(4)]
    judging.close()
    judging.close()
    for answer in answers:
        error = answer.exception(60)
        assert error is None or isinstance(error, JudgeStopped)
    with pytest.raises(JudgeStopped):
        judging.submit(b"", REGISTER)


def _hang_on(jpeg: bytes, profile: object) -> str:
    if jpeg == b"endless":
        threading.Event().wait()
    return jpeg.decode()


def test_a_frame_whose_judging_never_ends_is_given_up_and_its_neighbours_are_not(monkeypatch):
    monkeypatch.setattr(worker, "_judge", _hang_on)
    with Judge(photo_s=1.0) as judging:
        answers = [judging.submit(frame, REGISTER) for frame in (b"one", b"endless", b"two", b"three")]
        with pytest.raises(JudgeTimedOut):
            answers[1].result(120)
        assert [answers[place].result(120) for place in (0, 2, 3)] == ["one", "two", "three"]
        assert judging.submit(b"four", REGISTER).result(120) == "four"


def test_closing_does_not_wait_for_judging_that_never_ends(monkeypatch):
    monkeypatch.setattr(worker, "_judge", _hang_on)
    judging = Judge(photo_s=3600)
    answer = judging.submit(b"endless", REGISTER)
    assert judging.submit(b"endless", REGISTER)
    judging.close()

    assert isinstance(answer.exception(60), JudgeStopped)
