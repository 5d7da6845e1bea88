"""The first day: an empty home, a real terminal, the rehearsal chosen and watched."""

import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.screens.test_terminal import Terminal

F3, CTRL_Q = "\x1bOR", "\x11"


@pytest.fixture
def scratch(monkeypatch):
    """Give the folder for what the program makes for a while; short, for sockets have short names."""
    folder = Path(tempfile.mkdtemp(prefix="fk-"))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def terminal(tmp_path, scratch):
    command = (sys.executable, "-m", "fieldkit", "--home", str(tmp_path / "home"), "--lang", "zh")
    terminal = Terminal(*command)
    yield terminal
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)


def left_in(scratch):
    return [path.name for path in scratch.glob("fieldkit-*")]


def test_the_rehearsal_is_chosen_watched_and_quit_in_the_middle(terminal, tmp_path, scratch):
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
    assert left_in(scratch) == []


def test_a_program_that_is_ended_from_outside_leaves_nothing_behind(terminal, scratch):
    terminal.until("输入数字")
    terminal.type("1")
    terminal.write("\r")
    terminal.until("CHECKED IN")
    made = left_in(scratch)
    os.kill(terminal.pid, signal.SIGTERM)

    assert terminal.end() == 0
    assert len(made) == 1
    assert left_in(scratch) == []
