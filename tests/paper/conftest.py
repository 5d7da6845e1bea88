import hashlib
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from fieldkit.clock import SetClock
from fieldkit.frames.blobs import BlobStore
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger import kinds
from fieldkit.ledger.home import make_home
from fieldkit.ledger.read.people import all_people
from fieldkit.model import RosterEntry
from fieldkit.portrait.errors import JudgeStopped, JudgeTimedOut
from fieldkit.portrait.profile import Profile, load_profile
from fieldkit.portrait.verdict import Judgement, Limit, Problem, Reason
from fieldkit.roster.documents import check_character
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit

CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 3, 16, 8, 30, tzinfo=CHINA)
PASSPHRASE = "correct horse"
SCHOOL = "江东示范大学"


def _id_number(place: int) -> str:
    first_17 = f"11010120000101{place:03d}"
    return first_17 + check_character(first_17)


def _student(place: int, class_name: str = "计科2201", **fields: str) -> RosterEntry:
    known = {
        "name": f"学生{'甲乙丙丁戊己庚辛壬癸'[place % 10]}{place}",
        "student_no": f"20220{place:05d}",
        "id_number": _id_number(place),
        "class_name": class_name,
        "college": "信息学院",
        "sex": "男" if place % 2 else "女",
    }
    return RosterEntry(**{**known, **fields})


@dataclass
class FakeJudges:
    """Crops by what the test wrote into the picture: face, limits, none, broken, slow or stopped."""

    asked: list[bytes] = field(default_factory=list)

    def submit(self, jpeg: bytes, profile: Profile) -> "Future[Judgement]":
        self.asked.append(jpeg)
        done: Future[Judgement] = Future()
        word = jpeg.split(b" ")[0]
        crop = b"\xff\xd8" + profile.name.encode() + hashlib.sha256(jpeg).digest() + b"\xff\xd9"
        if word == b"broken":
            done.set_result(Judgement(0, "bad", (Reason.UNREADABLE,)))
        elif word == b"slow":
            done.set_exception(JudgeTimedOut())
        elif word == b"stopped":
            done.set_exception(JudgeStopped())
        elif word == b"none":
            done.set_result(Judgement(0, "bad", (Reason.NO_FACE,)))
        elif word == b"limits":
            wrong = (Problem(Limit.EYES, "310", "200–300"), Problem(Limit.HAIRLINE, "9", "50–110"))
            done.set_result(Judgement(1, "doubtful", (Reason.FRAMING,), {}, wrong, crop))
        else:
            done.set_result(Judgement(1, "good", crop=crop))
        return done


@dataclass
class School:
    """A real home with an open visit, driven by events as the program writes them."""

    kit: Kit
    clock: SetClock
    frames: int = 0

    @property
    def keys(self) -> dict[str, str]:
        people = all_people(self.kit.store, self.visit.key)
        return {person.entry.student_no or person.entry.name: person.key for person in people}

    @property
    def visit(self):
        return self.kit.require_visit()

    def roster(self, *entries: RosterEntry) -> list[str]:
        take_in(self.kit.journal, self.visit, entries)
        return [self.keys[entry.student_no] for entry in entries]

    def timetable(self, *slots: tuple[str, str, str, str]) -> None:
        rows = [
            {
                "batch": batch, "class": class_name, "day": "2026-03-16", "from": start, "to": end,
                "college": "", "headcount": None, "room": "", "station": "",
            }
            for batch, class_name, start, end in slots
        ]  # fmt: skip
        self._write(kinds.TIMETABLE_SET, {"slots": rows})

    def check_in(self, who: str, *, walk_in: str | None = None, at: datetime | None = None) -> str:
        outcome = self.kit.desk().check_in(who, walk_in=walk_in, at=at)
        assert outcome.person is not None
        return outcome.person.key

    def shoot(self, content: str = "face", verdict: str | None = "good", person: str | None = None) -> str:
        """Take a frame; ``person`` says whose it is, as an operator would."""
        self.frames += 1
        self.clock.forward(timedelta(seconds=10))
        name, number = f"fA{self.frames:06d}", self.frames
        home = self.kit.home
        with BlobStore(home.path, home.sealing_recipients()) as blobs:
            kept = blobs.add([f"{content} {number}".encode()])
        self.store_frame(name, number, kept)
        if verdict:
            self.judge(name, verdict)
        if person:
            self.say(name, person)
        return name

    def shoot_jpeg(self, jpeg: bytes, person: str) -> str:
        self.frames += 1
        name = f"fA{self.frames:06d}"
        home = self.kit.home
        with BlobStore(home.path, home.sealing_recipients()) as blobs:
            kept = blobs.add([jpeg])
        self.store_frame(name, self.frames, kept)
        self.say(name, person)
        return name

    def store_frame(self, name: str, number: int, kept) -> None:
        body = {
            "frame": name, "frame_number": number, "card": "card", "camera": "body",
            "path": f"100CANON/IMG_{number:04d}.JPG", "folder": "100CANON", "stem": f"IMG_{number:04d}",
            "kind": "jpeg", "size": kept.pt_size, "mtime_ns": number, "pt_sha256": kept.pt_sha256,
            "ct_sha256": kept.ct_sha256, "ct_size": kept.ct_size,
            "shot": (START.replace(tzinfo=None) + timedelta(seconds=number * 10)).isoformat(),
        }  # fmt: skip
        self._write(kinds.FILE_CAPTURED, body, name)

    def judge(self, frame: str, verdict: str) -> None:
        self._write(
            kinds.PORTRAIT_JUDGED, {"faces": 1, "verdict": verdict, "reasons": [], "measures": {}}, frame
        )

    def accept(self, frame: str, accepted: bool = True) -> None:
        self._write(kinds.FRAME_JUDGED, {"accepted": accepted}, frame)

    def note(self, person: str, reason: str) -> None:
        self._write(kinds.REASON_NOTED, {"reason": reason}, person)

    def say(self, frame: str, person: str | None) -> None:
        self._write(kinds.LINKS_SAID, {"frames": {frame: person}}, frame)

    def events(self, kind: str) -> int:
        return int(self.kit.store.value("SELECT count(*) FROM events WHERE kind=?", (kind,)))

    def _write(self, kind: str, body: dict, subject: str = "") -> None:
        visit = self.visit
        with self.kit.journal.writing() as pen:
            pen.record(kind, body, visit=visit.key, school=visit.school, subject=subject)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("paper") / "home"
    make_home(home, "A", PASSPHRASE, SetClock(START))
    return home


@pytest.fixture
def make_school(empty_home: Path, tmp_path: Path) -> Iterator[Callable[..., School]]:
    opened: list[Kit] = []

    def make(school: str = SCHOOL, profile: str = "") -> School:
        home = tmp_path / f"home{len(opened)}"
        shutil.copytree(empty_home, home)
        clock = SetClock(START)
        kit = open_kit(home, PASSPHRASE, clock, "zh")
        opened.append(kit)
        new_visit(kit.journal, "2026春", school, profile=profile)
        return School(kit, clock)

    yield make
    for kit in opened:
        kit.close()


@pytest.fixture
def school(make_school: Callable[..., School]) -> School:
    return make_school()


@pytest.fixture
def judges() -> FakeJudges:
    return FakeJudges()


@pytest.fixture
def profile() -> Profile:
    return load_profile("register")


@pytest.fixture(scope="session")
def student() -> Callable[..., RosterEntry]:
    return _student
