"""The first day: an empty home, a real terminal, the rehearsal chosen and watched."""

import os
import signal
import sys
from contextlib import suppress

import pytest

from tests.screens.test_terminal import Terminal

F3, CTRL_Q = "\x1bOR", "\x11"


@pytest.fixture
def terminal(tmp_path):
    command = (sys.executable, "-m", "fieldkit", "--home", str(tmp_path / "home"), "--lang", "zh")
    terminal = Terminal(*command)
    yield terminal
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)


def test_the_rehearsal_is_chosen_watched_and_quit_in_the_middle(terminal, tmp_path):
    terminal.until("输入数字")
    terminal.type("1")
    terminal.write("\r")
    terminal.until("演练：学生自己会来")
    terminal.until("CHECKED IN")
    terminal.write(F3)
    terminal.until("SIT DOWN")
    terminal.write(CTRL_Q)

    assert terminal.end() == 0
    assert not (tmp_path / "home").exists()
