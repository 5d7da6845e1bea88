"""From a frame that is complete in the camera's folder to its name, and to its verdict, as the app does it.

The card already holds thousands of frames of a made-up day. The folder is really watched, the frame
really read in, linked and judged; only the drawing of the screen is left out. Run it with
`python -m benchmarks.live [FILES] [FRAMES]`.
"""

import io
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.budgets import PASSPHRASE, percentile
from benchmarks.day.regime import Pace, Regime, Witnesses
from benchmarks.day.seen import see_the_day
from fieldkit.clock import SetClock, SystemClock
from fieldkit.devices.events import VolumeChanged
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger import kinds
from fieldkit.ledger.home import make_home
from fieldkit.links.recording import Checkin, FrameTaken, Leave, Observation, Seat, Unknown
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.rehearsal.school import make_school
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit
from fieldkit.screens.cards import Cards
from fieldkit.screens.copying import Copying
from fieldkit.screens.holding import Question
from fieldkit.screens.shots import read_shots
from fieldkit.studio.judging import unjudged
from fieldkit.studio.newest import Shot, Shots
from fieldkit.studio.reading import read_in

MOST = 6
FULL_SIZE = (4000, 6000)
PATIENCE_S = 60.0
QUIET_S = 4.0


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds after a frame was complete: until its name could be shown, and until its verdict."""

    files: int
    name: list[float]
    verdict: list[float]


@dataclass(slots=True)
class Camera:
    """A camera that writes full-size frames onto a card; its clock is off by a fixed time."""

    card: Path
    number: int
    body: str
    ahead: timedelta

    def shoot(self, photo: bytes) -> str:
        """Write one more frame whose content is its own, and give its place."""
        place = place_of(self.number)
        note = f"{self.number:08}".encode()
        segment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        (self.card / "DCIM" / place).write_bytes(photo[:2] + segment + photo[2:])
        self.number += 1
        return place

    def photo(self, size: tuple[int, int] = FULL_SIZE) -> bytes:
        """Make the photo that is shot now."""
        shot = datetime.now(UTC) + self.ahead
        return camera_jpeg(1, 1, shot=shot, body=self.body, number=self.number, size=size)


class Watcher:
    """Hears what the camera screen hears, and reads the newest frames as it does."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._changed = threading.Event()
        self._passed = threading.Event()

    def card(self, now: Copying | None) -> None:
        """Hear how far the card is read in."""
        if now is not None:
            self._passed.set()

    def asked(self, path: str, question: Question | None) -> None:
        """Hear that a card is held: here none is."""

    def judged(self, done: int, total: int) -> None:
        """Hear how many frames are judged."""

    def frames_changed(self) -> None:
        """Hear that frames changed."""
        self._changed.set()

    def until(self, place: str, *, judged: bool) -> float:
        """Wait until a frame is among the newest, judged or not, and give the moment."""
        while True:
            self._changed.clear()
            if any(shot.file == place and (shot.verdict or not judged) for shot in self.newest()):
                return time.perf_counter()
            if not self._changed.wait(PATIENCE_S):
                raise TimeoutError(place)

    def newest(self) -> tuple[Shot, ...]:
        """Read the newest frames with their links, as the screen does."""
        return read_shots(self._kit, self._kit.require_visit().key, MOST, Shots()).newest

    def until_quiet(self) -> None:
        """Wait until the card's own pass and the folder's first looks are over."""
        self._passed.wait(PATIENCE_S)
        while self._passed.is_set():
            self._passed.clear()
            # Two whole looks at a folder whose files have no end to be seen lie further apart than that.
            self._passed.wait(QUIET_S)


def measure(files: int = 2000, frames: int = 20) -> Latencies:
    """Let a camera write ``frames`` full-size frames onto a card that holds ``files`` known ones."""
    found = Latencies(files, [], [])
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as made:
        home, card = Path(made) / "home", Path(made) / "card"
        camera = day_so_far(home, card, files)
        kit = open_kit(home, PASSPHRASE, SystemClock(), "en")
        watcher = Watcher(kit)
        cards = Cards(kit, watcher)
        cards.start()
        cards.hear(VolumeChanged(kit.clock.now(), "mounted", str(card), "BENCH"))
        try:
            watcher.until_quiet()
            watcher.newest()
            nobody, chance = threading.Event(), random.Random(1)
            for _ in range(frames):
                photo = camera.photo()
                kit.chair().next()
                watcher.newest()
                place = camera.shoot(photo)
                complete = time.perf_counter()
                found.name.append(watcher.until(place, judged=False) - complete)
                found.verdict.append(watcher.until(place, judged=True) - complete)
                nobody.wait(chance.uniform(0.2, 1.5))
        finally:
            cards.stop()
            kit.close()
    return found


def day_so_far(home: Path, card: Path, files: int) -> Camera:
    """Make a home whose visit lived a made-up day of ``files`` small frames, all read in and judged."""
    seen = see_the_day(Regime("live", pace=Pace(people=files), witnesses=Witnesses(seat=0.97)), 1)
    shots = [row for row in seen.observations if isinstance(row, FrameTaken)][:files]
    acts = [row for row in seen.observations if _moment(row) <= shots[-1].at]
    # The day is moved so that it has just come to its last frame.
    later = datetime.now(UTC) - shots[-1].at
    clock = SetClock(_moment(acts[0]) + later)
    make_home(home, "A", PASSPHRASE, clock)
    kit = open_kit(home, PASSPHRASE, clock, "en")
    try:
        visit = new_visit(kit.journal, "bench", "bench")
        entries = make_school(files, random.Random(1))
        take_in(kit.journal, visit, entries)
        _live_through(kit, acts, [entry.student_no for entry in entries], clock, later)
        for number, shot in enumerate(shots):
            _write_small(card / "DCIM" / place_of(number), number, shot, later)
        moments = [shot.at + later for shot in shots]
        # Each frame is read in when it was shot, as those of a folder that is watched all day.
        read_in(kit.home, visit, card, progress=lambda done, _: clock.set(moments[min(done, files - 1)]))
        with kit.journal.writing() as pen:
            for frame, _ in unjudged(kit.home, visit):
                body = {"faces": 1, "verdict": "good", "reasons": [], "measures": {}}
                pen.record(kinds.PORTRAIT_JUDGED, body, visit=visit.key, subject=frame)
    finally:
        kit.close()
    ahead = (shots[-1].shot or shots[-1].at).replace(tzinfo=UTC) - shots[-1].at.astimezone(UTC)
    return Camera(card, files, shots[-1].body, ahead)


def _live_through(
    kit: Kit, acts: Sequence[Observation], numbers: Sequence[str], clock: SetClock, later: timedelta
) -> None:
    """Have everybody checked in and seated as the made-up day has it."""
    desk, chair = kit.desk(), kit.chair()
    held: dict[str, str] = {}
    came: dict[str, str] = {}
    for act in acts:
        clock.set(_moment(act) + later)
        if isinstance(act, Checkin):
            came[act.id] = held.setdefault(act.person, numbers[len(held)])
            desk.check_in(came[act.id])
        elif isinstance(act, Seat) and act.person in held:
            chair.seat(held[act.person])
        elif isinstance(act, Leave):
            chair.leave(came[act.checkin])


def _moment(act: Observation) -> datetime:
    assert not isinstance(act, Unknown)
    return act.at


def place_of(number: int) -> str:
    """Give where a camera writes its frame of a number counted from 0."""
    return f"{100 + number // 9999}BENCH/IMG_{number % 9999 + 1:04}.JPG"


def _write_small(path: Path, number: int, shot: FrameTaken, later: timedelta) -> None:
    from PIL import Image

    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    at = (shot.shot or shot.at) + later
    details[0x9003], details[0x9291], details[0xA431] = f"{at:%Y:%m:%d %H:%M:%S}", f"{at:%f}", shot.body
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (number % 256, 90, 90)).save(out, "JPEG", exif=exif, comment=b"%d" % number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())


def main(arguments: list[str]) -> int:
    """Print the figures of one measurement."""
    found = measure(*map(int, arguments))
    for what, times in (("name", found.name), ("verdict", found.verdict)):
        print(
            f"{found.files} files on the card, {len(times)} frames: {what} after p50 "
            f"{statistics.median(times) * 1000:.0f} ms, p99 {percentile(times, 0.99) * 1000:.0f} ms"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
