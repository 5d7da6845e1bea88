"""What every experiment starts from: a home with a visit, and card folders whose photos are known."""

import functools
import hashlib
import io
import json
import random
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fieldkit.clock import SetClock
from fieldkit.kit import open_kit
from fieldkit.ledger import keys, kinds
from fieldkit.ledger.home import make_home
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit

PASSPHRASE = "correct horse battery"
MORNING = datetime(2026, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=8)))
PEOPLE_A_ROUND = 2
# Every so many rounds a photo comes that is encrypted in several blocks.
LARGE_EVERY = 8


@dataclass(frozen=True)
class Stage:
    """A folder with a finished home to copy and one card folder for each round."""

    folder: Path
    rounds: int

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def card(self, turn: int) -> Path:
        return self.folder / "cards" / f"{turn:03d}"

    def copy_home(self, to: Path) -> Path:
        shutil.rmtree(to, ignore_errors=True)
        return Path(shutil.copytree(self.home, to))

    @property
    def contents(self) -> dict[str, str]:
        """The SHA-256 of every photo, by ``turn/path inside the card``."""
        return _contents(self.folder)


@functools.cache
def _contents(folder: Path) -> dict[str, str]:
    return json.loads((folder / "contents.json").read_text())


def stretch_once() -> None:
    """Let this program stretch each passphrase once only: thousands of homes are opened with one."""
    keys._stretch = functools.cache(keys._stretch)  # type: ignore[attr-defined]


def memory_with(room: int) -> Path | None:
    """Give the folder that lies in memory where it has so much room, for thousands of homes are made."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > room else None


def photos_of(turn: int) -> list[str]:
    return [f"100CANON/IMG_{turn * PEOPLE_A_ROUND + one + 1:04d}.JPG" for one in range(PEOPLE_A_ROUND)]


def batch_of(turn: int) -> str:
    return f"班{turn:03d}"


def people_of(turn: int) -> list[str]:
    return [f"2022{turn * PEOPLE_A_ROUND + one:06d}" for one in range(PEOPLE_A_ROUND)]


def build_stage(folder: Path, rounds: int, *, large: bool = False) -> Stage:
    stage = Stage(folder, rounds)
    folder.mkdir(parents=True, exist_ok=True)
    _make_home(stage)
    contents = {}
    for turn in range(rounds):
        for one, photo in enumerate(photos_of(turn)):
            size = (1600, 1200) if large and turn % LARGE_EVERY == LARGE_EVERY - 1 else (48, 32)
            content = _jpeg(turn * PEOPLE_A_ROUND + one, size)
            contents[f"{turn}/{photo}"] = hashlib.sha256(content).hexdigest()
            file = stage.card(turn) / "DCIM" / photo
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    (folder / "contents.json").write_text(json.dumps(contents))
    return stage


def _make_home(stage: Stage) -> None:
    clock = SetClock(MORNING)
    make_home(stage.home, "A", PASSPHRASE, clock)
    kit = open_kit(stage.home, PASSPHRASE, clock, "en")
    visit = new_visit(kit.journal, "spring", "某大学")
    entries = [
        RosterEntry(name=f"某{number}", student_no=number, class_name=batch_of(turn))
        for turn in range(stage.rounds)
        for number in people_of(turn)
    ]
    take_in(kit.journal, visit, entries)
    slots = [
        {
            "batch": batch_of(turn), "class": batch_of(turn), "day": "2026-03-16",
            "from": f"{8 + turn // 12:02d}:{turn % 12 * 5:02d}",
            "to": f"{8 + turn // 12:02d}:{turn % 12 * 5 + 4:02d}",
            "college": "", "headcount": None, "room": "", "station": "",
        }
        for turn in range(stage.rounds)
    ]  # fmt: skip
    with kit.journal.writing() as pen:
        pen.record(kinds.TIMETABLE_SET, {"slots": slots}, visit=visit.key, school=visit.school)
    kit.close()


def _jpeg(seed: int, size: tuple[int, int]) -> bytes:
    from PIL import Image

    picture = Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "Canon EOS R5"
    shot = MORNING + timedelta(seconds=20 * seed)
    exif.get_ifd(0x8769)[0x9003] = shot.strftime("%Y:%m:%d %H:%M:%S")
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=70)
    return out.getvalue()
