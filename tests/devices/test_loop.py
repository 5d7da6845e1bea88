"""The thread of a device: it comes back after any failure and ends when nobody listens."""

import logging
import threading

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.errors import LoopBroke, PortClosed
from fieldkit.devices.events import DeviceTrouble, ReaderChanged
from fieldkit.devices.loop import LoopRunner, LoopSet, spawn


class Scripted:
    """A loop that plays one step each time it is run."""

    name = "scripted"

    def __init__(self, *steps):
        self.steps = list(steps)
        self.runs = 0

    def run(self, stop, emit):
        self.runs += 1
        step = self.steps.pop(0) if self.steps else None
        if isinstance(step, Exception):
            raise step
        if step is not None:
            emit(step)
        stop.wait()

    def wake(self):
        return None


def reader(state="added"):
    return ReaderChanged(SystemClock().now(), state, "reader")


@pytest.mark.parametrize("failure", [ValueError("11010120010312002X"), PortClosed(), OSError(5)])
def test_a_loop_that_fails_is_told_once_and_run_again(listen, failure):
    loop = Scripted(failure, failure, failure, reader())

    heard = listen(loop)
    heard.the(ReaderChanged)

    troubles = [event for event in heard.all if isinstance(event, DeviceTrouble)]
    wanted = PortClosed if isinstance(failure, PortClosed) else LoopBroke
    assert [trouble.message for trouble in troubles] == [wanted.message]
    assert loop.runs == 4


def test_what_an_exception_says_is_not_logged(listen, caplog):
    with caplog.at_level(logging.DEBUG):
        heard = listen(Scripted(ValueError("沈知夏 11010120010312002X"), reader()))
        heard.the(ReaderChanged)

    assert "ValueError" in caplog.text
    assert "11010120010312002X" not in caplog.text
    assert "沈知夏" not in caplog.text


def test_a_listener_that_is_closing_ends_the_loop():
    ended = threading.Event()

    class Chatty:
        name = "chatty"

        def run(self, stop, emit):
            while emit(reader()):
                continue
            ended.set()

        def wake(self):
            return None

    runner = LoopRunner(Chatty(), lambda event: False, SystemClock())
    runner.start()

    assert ended.wait(20)
    assert runner.join(20)
    assert not runner.running


def test_a_listener_that_raises_does_not_end_the_loop():
    heard = []
    enough = threading.Event()

    def deliver(event):
        heard.append(event)
        if len(heard) >= 3:
            enough.set()
        raise RuntimeError("the screen is gone")

    running = LoopSet([Scripted(*[reader()] * 5)], deliver, SystemClock())
    running.start()

    assert enough.wait(20)
    assert running.stop(10)


def test_a_task_that_breaks_is_told_and_breaks_nothing_else(caplog):
    told = []
    done = threading.Event()

    def broke(problem):
        told.append(problem)
        done.set()

    number = "".join(reversed("terces"))

    def work():
        raise KeyError(number)

    spawn("task", work, broke)

    assert done.wait(20)
    assert isinstance(told[0], LoopBroke)
    assert "secret" not in caplog.text
