"""What every room's tests share: a set clock and real homes on disk."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from fieldkit.clock import SetClock
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger.home import make_home
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit

PASSPHRASE = "correct horse battery"
MORNING = datetime(2026, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=8)))


def pytest_configure() -> None:
    """Let properties take the time they take: a busy machine is no fault of the program."""
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def card_service_folder() -> Iterator[Path]:
    """Give the folder of the tests' own card service; nothing here asks the machine's.

    The client library reads the variable once in a process, whichever test comes first.
    """
    folder = Path(tempfile.mkdtemp(prefix="fk-pcscd-"))
    os.environ["PCSCLITE_CSOCK_NAME"] = str(folder / "pcscd.comm")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands at half past eight."""
    return SetClock(MORNING)


@pytest.fixture
def home_path(tmp_path: Path, clock: SetClock) -> Path:
    """Give the folder of a fresh home of station A."""
    path = tmp_path / "home"
    make_home(path, "A", PASSPHRASE, clock)
    return path


@pytest.fixture
def open_home_kit(home_path: Path, clock: SetClock) -> Iterator[Callable[[], Kit]]:
    """Give a function that opens the home, as often as asked; all are closed at the end."""
    opened: list[Kit] = []

    def opening() -> Kit:
        kit = open_kit(home_path, PASSPHRASE, clock, "en")
        opened.append(kit)
        return kit

    yield opening
    for kit in opened:
        kit.close()


@pytest.fixture
def kit(open_home_kit: Callable[[], Kit]) -> Kit:
    """Give an open home with a visit and a small roster."""
    kit = open_home_kit()
    visit = new_visit(kit.journal, "spring", "某大学")
    take_in(kit.journal, visit, ROSTER)
    return kit


ROSTER = (
    RosterEntry(
        name="张伟", student_no="2022010118", id_number="11010519491231002X", class_name="计算机2201"
    ),
    RosterEntry(name="张薇", student_no="2022010233", class_name="计算机2202", capture_code="a==/码\t7"),
    RosterEntry(
        name="章慧敏", student_no="2022010119", class_name="软件2203", chip_serial="0A1B2C3D4E5F6071"
    ),
    RosterEntry(name="买买提·艾力江", student_no="2022010145", class_name="软件2203", paid="否"),
    RosterEntry(name="李明", student_no="2022010151", class_name="软件2203"),
    RosterEntry(name="李明", student_no="2022010152", class_name="软件2204"),
)
