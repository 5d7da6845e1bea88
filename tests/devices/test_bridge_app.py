"""The whole way: a card on a real card service's reader, the app in a real terminal, the ledger."""

import os
import pty
import re
import select
import signal
import sys
import time
from contextlib import suppress

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.simulated.card import VirtualCard, chip_card
from fieldkit.kit import open_kit
from fieldkit.ledger.home import make_home
from fieldkit.ledger.read.line import chair_acts, checkins
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit

PATIENCE_S = 60.0
PASSPHRASE = "correct horse"
F3, CTRL_Q = "\x1bOR", "\x11"


class App:
    """The app in a pseudo terminal of 80 by 24."""

    def __init__(self, home, passphrase_file):
        self.seen = ""
        command = (sys.executable, "-m", "fieldkit", "--home", str(home), "--lang", "zh")
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            environment = os.environ | {
                "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8",
                "FIELDKIT_PASSPHRASE_FILE": str(passphrase_file),
            }  # fmt: skip
            os.execvpe(command[0], command, environment)

    def until(self, pattern):
        end = time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.seen):
            assert time.monotonic() < end, f"{pattern} never came"
            if select.select([self.file], [], [], 0.5)[0]:
                self.seen += os.read(self.file, 65536).decode("utf-8", "replace")
        self.seen = ""

    def write(self, text):
        os.write(self.file, text.encode())

    def end(self):
        with suppress(OSError):
            while os.read(self.file, 65536):
                pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.file)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def home(tmp_path):
    """Make a home in which two people's cards are known."""
    clock = SystemClock()
    make_home(tmp_path / "home", "A", PASSPHRASE, clock)
    kit = open_kit(tmp_path / "home", PASSPHRASE, clock, "zh")
    people = [
        RosterEntry(name="张伟", student_no="2022010118", chip_serial=b"12345678".hex().upper()),
        RosterEntry(name="欧阳娜娜", student_no="2022010150", chip_serial=b"87654321".hex().upper()),
    ]
    take_in(kit.journal, new_visit(kit.journal, "春季", "某大学"), people)
    kit.close()
    return tmp_path / "home"


@pytest.fixture
def app(home, tmp_path):
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    app = App(home, tmp_path / "passphrase")
    yield app
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(app.pid, signal.SIGKILL)
        os.waitpid(app.pid, 0)


@pytest.mark.root
def test_a_known_card_checks_in_and_seats_over_a_restart_of_the_card_service(card_service, home, app):
    app.until("读×")
    card_service.start()
    app.until("读●")
    with VirtualCard(chip_card(b"12345678"), port=card_service.port):
        app.until("CHECKED IN")
    card_service.stop()
    app.until("读×")
    card_service.start()
    app.until("读●")
    with VirtualCard(chip_card(b"87654321"), port=card_service.port):
        app.until("CHECKED IN")
    with VirtualCard(chip_card(b"99999999"), port=card_service.port):
        app.until("UNKNOWN CHIP")
    app.write(F3)
    app.until("NOBODY SITS")
    with VirtualCard(chip_card(b"12345678"), port=card_service.port):
        app.until("PLEASE SIT DOWN")
    app.write(CTRL_Q)

    assert app.end() == 0
    kit = open_kit(home, PASSPHRASE, SystemClock(), "zh")
    visit = kit.require_visit().key
    assert [entry.sequence_number for entry in checkins(kit.store, visit)] == ["A-0001", "A-0002"]
    assert [(act.what, act.number) for act in chair_acts(kit.store, visit)] == [("seat", "A-0001")]
    kit.close()
    log = home / "fieldkit.log"
    assert not log.exists() or "3132333435363738" not in log.read_text()
