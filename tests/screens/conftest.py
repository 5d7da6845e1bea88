"""A home with invented people, an app driven by posted keys, and the screen as plain text."""

import asyncio
import re
import shutil
import xml.etree.ElementTree as ET
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import resource_tracker
from pathlib import Path

import pytest
from textual import events
from textual.message import Message

from fieldkit.app import FieldkitApp
from fieldkit.clock import SetClock
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger.home import make_home, open_home
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.picker import Entry
from fieldkit.text import cells

PASSPHRASE = "correct horse"
START = datetime.fromisoformat("2026-06-12T09:46:00+08:00")
GOLDEN = Path(__file__).parent / "golden"
MARKUP = "[/] [b]张[r"

PEOPLE = (
    RosterEntry(
        name="张伟", student_no="2022010118", class_name="计算机2201", id_number="100000200401010018"
    ),
    RosterEntry(
        name="张薇", student_no="2022010233", class_name="计算机2202", id_number="100000200401010026"
    ),
    RosterEntry(name="章慧敏", student_no="2022010119", class_name="软件2203", paid="否"),
    RosterEntry(name="买买提·艾力江", student_no="2022010145", class_name="软件2203"),
    RosterEntry(name="欧阳娜娜", student_no="2022010150", class_name="软件2203"),
    RosterEntry(name="李明", student_no="2022010151", class_name="软件2203"),
    RosterEntry(name="李明", student_no="2022010152", class_name="软件2204"),
    RosterEntry(name=MARKUP, student_no="2022010160", class_name="软件2204"),
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one home for all tests; each works on its own copy."""
    path = tmp_path_factory.mktemp("prepared") / "home"
    clock = SetClock(START)
    make_home(path, "A", PASSPHRASE, clock)
    home = open_home(path, PASSPHRASE, clock)
    visit = new_visit(home.journal, "清华 6月", "清华大学")
    take_in(home.journal, visit, PEOPLE)
    home.close()
    return path


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    """Give a copy of the prepared home."""
    return Path(shutil.copytree(prepared, tmp_path / "home"))


@pytest.fixture
def kit(home: Path) -> Iterator[Kit]:
    """Open the copy, in Chinese, at a set time."""
    kit = open_kit(home, PASSPHRASE, SetClock(START), "zh")
    yield kit
    kit.close()


@pytest.fixture(scope="session", autouse=True)
def processes() -> None:
    """Start what worker processes need before an app stands in for standard error, as the program does."""
    resource_tracker.ensure_running()


@pytest.fixture(autouse=True)
def same_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every machine have the same free space, as the status line shows it."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(500 * 10**9, 288 * 10**9, 212 * 10**9))


@dataclass(frozen=True)
class Typed:
    """A person types, 120 ms between two keys."""

    text: str


@dataclass(frozen=True)
class Scanned:
    """A scanner types, 5 ms between two keys, and ends with Enter."""

    text: str


@dataclass(frozen=True)
class Hasty:
    """Text arrives all at once, as from an input method, and Enter before it could be looked up."""

    text: str


Step = str | Typed | Scanned | Hasty | Message | Callable[[FieldkitApp], None]


class Driver:
    """Posts keys as a terminal does and waits once for the app to have done with all of them."""

    def __init__(self, app: FieldkitApp) -> None:
        self.app = app
        self.time = 1000.0

    def post(self, step: Step) -> None:
        """Post one step of a script."""
        if isinstance(step, Typed | Scanned | Hasty):
            self.time += 0.3
            gap = 0.12 if isinstance(step, Typed) else 0.005
            for character in step.text:
                self.key(key_name(character), character, gap)
            if isinstance(step, Scanned | Hasty):
                self.key("enter", "\r", gap if isinstance(step, Scanned) else 0.5)
        elif isinstance(step, str):
            self.key(step, " " if step == "space" else None, 0.5)
        elif isinstance(step, Message):
            self.app.post_message(step)
        else:
            step(self.app)

    def key(self, key: str, character: str | None, gap: float) -> None:
        """Post one key at the next moment of the script's own time."""
        self.time += gap
        event = events.Key(key, character)
        event.time = self.time
        self.app.post_message(event)


def key_name(character: str) -> str:
    """Name a printable key as a terminal driver would; only the names that are bound matter."""
    if character.isalnum():
        return character
    return {" ": "space", "+": "plus"}.get(character, f"character_{ord(character)}")


def drive_app(app: FieldkitApp, *script: Step, size: tuple[int, int] = (80, 24)) -> list[str]:
    """Run an app through a script and give the screen at its end."""

    async def run() -> list[str]:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app)
            await pilot.pause()
            for step in script:
                driver.post(step)
                await settle(app, pilot)
            return screen_text(app)

    lines = asyncio.run(run())
    assert app.fault is None
    return lines


async def settle(app: FieldkitApp, pilot) -> None:
    """Wait until workers are done, every message is handled and a scanner's keys have ended."""
    await pilot.pause()
    while any(entry.hurried for entry in app.screen.query(Entry)):
        await pilot.pause(0.01)
    await app.workers.wait_for_complete()
    await pilot.pause()


def screen_text(app: FieldkitApp) -> list[str]:
    """Read the screen as plain lines out of the picture that the app exports of itself."""
    width, height = app.size
    rows = [[" "] * width for _ in range(height)]
    for element in ET.fromstring(app.export_screenshot()).iter("{http://www.w3.org/2000/svg}text"):
        place = re.search(r"-line-(\d+)\)", element.get("clip-path", ""))
        if place is None:
            continue
        column = round(float(element.get("x", "0")) / 12.2)
        for character in (element.text or "").replace("\xa0", " ").rstrip("\n"):
            rows[int(place[1])][column] = character
            for covered in range(1, cells(character)):
                rows[int(place[1])][column + covered] = ""
            column += cells(character)
    return ["".join(row).rstrip() for row in rows]


@pytest.fixture
def drive(kit: Kit) -> Callable[..., list[str]]:
    """Give what opens the app at the desks, runs a script and gives the screen, names in plain characters."""

    def run(*script: Step, size: tuple[int, int] = (80, 24), **settings) -> list[str]:
        app = FieldkitApp(
            home=kit.home.path, clock=kit.clock, lang=kit.lang, kit=kit, glyphs=Glyphs(()), **settings
        )
        return drive_app(app, *script, size=size)

    return run


@pytest.fixture
def drive_any() -> Callable[..., list[str]]:
    """Give what runs any app through a script."""
    return drive_app


@pytest.fixture
def typed() -> type[Typed]:
    """Give a person's typing as a step."""
    return Typed


@pytest.fixture
def scanned() -> type[Scanned]:
    """Give a scanner's burst as a step."""
    return Scanned


@pytest.fixture
def hasty() -> type[Hasty]:
    """Give text with an Enter right behind it as a step."""
    return Hasty


@pytest.fixture
def golden() -> Callable[[str, Sequence[str]], None]:
    """Give what compares a screen with the kept one."""
    return check_golden


def check_golden(name: str, lines: Sequence[str]) -> None:
    """Compare a screen with the one that is kept; what differs is written beside it for a look."""
    path = GOLDEN / f"{name}.txt"
    found = "\n".join(lines) + "\n"
    assert all(cells(line) <= 80 for line in lines)
    if not path.exists() or path.read_text(encoding="utf-8") != found:
        path.with_suffix(".new").write_text(found, encoding="utf-8")
    assert path.exists(), f"look at {path.with_suffix('.new').name} and keep it"
    assert path.read_text(encoding="utf-8") == found
    path.with_suffix(".new").unlink(missing_ok=True)
