"""The program in a real terminal, as a person starts it."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from fieldkit.clock import SystemClock
from fieldkit.kit import open_kit
from fieldkit.ledger.read.line import checkins

PATIENCE = 60.0


class Terminal:
    """A pseudo terminal of 80 by 24 with a program in it."""

    def __init__(self, *command: str) -> None:
        self.seen = self.all = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            environment = os.environ | {
                "TERM": "xterm-256color",
                "COLUMNS": "80",
                "LINES": "24",
                "LANG": "C.UTF-8",
            }
            os.execvpe(command[0], command, environment)

    def until(self, pattern: str) -> None:
        """Read until something was written; what was read before does not count again."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.seen):
            assert time.monotonic() < end, f"{pattern} never came"
            ready, _, _ = select.select([self.file], [], [], 0.5)
            if ready:
                self._read()
        self.seen = ""

    def _read(self) -> bool:
        read = os.read(self.file, 65536).decode("utf-8", "replace")
        self.seen, self.all = self.seen + read, self.all + read
        return bool(read)

    def write(self, text: str) -> None:
        os.write(self.file, text.encode())

    def type(self, text: str) -> None:
        """Type as slowly as a person, waiting for each key's echo time on the terminal itself."""
        for character in text:
            self.write(character)
            select.select([], [], [], 0.08)

    def end(self) -> int:
        """Wait for the program to end."""
        with suppress(OSError):
            while self._read():
                pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.file)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def terminal(home):
    """Start the program on the prepared home."""
    terminal = Terminal(sys.executable, "-m", "fieldkit", "--home", str(home), "--lang", "zh")
    yield terminal
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)


def test_somebody_is_checked_in_in_a_real_terminal(terminal, home):
    terminal.until("口令")
    terminal.type("correct horse")
    terminal.write("\r")
    terminal.until("请出示凭证")
    terminal.type("ouyang")
    terminal.until("欧阳娜娜")
    terminal.write("\r")
    terminal.until("CHECKED IN")
    terminal.write("\x11")

    assert terminal.end() == 0
    kit = open_kit(home, "correct horse", SystemClock(), "zh")
    assert [entry.sequence_number for entry in checkins(kit.store, kit.require_visit().key)] == ["A-0001"]
    kit.close()


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_a_scanner_is_told_from_typing_in_a_real_terminal(terminal, home, end):
    terminal.until("口令")
    terminal.type("correct horse")
    terminal.write("\r")
    terminal.until("请出示凭证")
    terminal.type("zh")
    terminal.until("张伟")
    select.select([], [], [], 0.3)
    terminal.write("2022010150" + end)
    terminal.until("CHECKED IN")
    terminal.write("\x11")

    assert terminal.end() == 0
    kit = open_kit(home, "correct horse", SystemClock(), "zh")
    came = checkins(kit.store, kit.require_visit().key)
    assert len(came) == 1
    assert kit.desk().find(came[0].person, 1)[0].entry.student_no == "2022010150"
    kit.close()


def test_it_opens_where_standard_error_is_a_file(home, tmp_path):
    command = f'"$0" -m fieldkit --home "{home}" --lang zh 2>"{tmp_path / "errors"}"'
    terminal = Terminal("/bin/sh", "-c", command, sys.executable)
    terminal.until("口令")
    terminal.write("\x11")

    assert terminal.end() == 0
    assert (tmp_path / "errors").read_text() == ""


def test_without_a_terminal_it_says_what_to_do():
    ran = subprocess.run(
        [sys.executable, "-m", "fieldkit", "--lang", "en"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert "fieldkit rehearse --headless" in ran.stderr
    assert ran.stdout == ""


PRINTING = """
import ctypes, logging, sys, threading, warnings
from fieldkit.app import FieldkitApp
from fieldkit.cli import main

def printing(app, to_desks=FieldkitApp.to_desks):
    to_desks(app)
    libc = ctypes.CDLL(None)

    def fail():
        raise ValueError("NOBODYS BUSINESS")

    def noise():
        warnings.warn("NOBODYS BUSINESS", RuntimeWarning)
        logging.getLogger("a library").error("it failed", exc_info=ValueError("NOBODYS BUSINESS"))
        for number in (1, 2):
            libc.write(number, b"NOBODYS BUSINESS", 16)
        sys.stderr.write("NOBODYS BUSINESS")

    class Lingering:
        def __del__(self):
            fail()

    lingering = Lingering()
    del lingering
    for work in (fail, noise):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

FieldkitApp.to_desks = printing
code = main(sys.argv[1:])
print("printed again", file=sys.stderr)
sys.exit(code)
"""


def test_nothing_but_the_app_prints_to_its_terminal_and_the_log_holds_nobodys_data(home):
    terminal = Terminal(sys.executable, "-c", PRINTING, "--home", str(home), "--lang", "zh")
    terminal.until("口令")
    terminal.type("correct horse")
    terminal.write("\r")
    terminal.until("请出示凭证")
    terminal.write("\x11")

    assert terminal.end() == 0
    assert "NOBODYS" not in terminal.all
    assert terminal.all.rstrip().endswith("printed again")
    log = (home / "fieldkit.log").read_text(encoding="utf-8")
    assert "NOBODYS" not in log
    assert "RuntimeWarning at" in log
    # From a thread, from what the interpreter cannot raise anywhere, and from a library's own log.
    assert log.count("ValueError at") == 3
