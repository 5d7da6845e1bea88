"""The app in a real terminal while a card is read in: from a key to the screen, and its memory.

A key is written to a pseudo terminal, and the time counts until the terminal got what it changed. The
home holds 20,000 people and a day of 5,000 frames; the card lies in a simulated slot, everything else
is the program. Run it with ``python -m benchmarks.screen [KEYS]``.
"""

import os
import pty
import random
import re
import select
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.budgets import PEOPLE, Row, bench_home, percentile
from fieldkit.clock import SystemClock
from fieldkit.devices.simulated.camera import SimulatedCamera
from fieldkit.devices.simulated.slot import SimulatedSlot
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Pen
from fieldkit.ledger.read.people import all_people

SITTERS, FILES, KEYS = 1950, 160, 120
F2, F3, CTRL_Q, DOWN, UP, ESCAPE = "\x1bOQ", "\x1bOR", "\x11", "\x1b[B", "\x1b[A", "\x1b"
CHOSEN = "►".encode()
PATIENCE_S = 60.0
_PASSPHRASE = "bench bench"


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds from key to screen at door and camera, and megabytes of the app and its helpers."""

    door: tuple[float, ...]
    chair: tuple[float, ...]
    idle: tuple[float, ...]
    app_mb: float
    helpers_mb: float
    frames: int


def measure(keys: int = KEYS) -> Figures:
    """Start the app on a long day, read a card in, press keys meanwhile."""
    with bench_home(PEOPLE) as kit:
        frames = long_day(kit)
        base = kit.home.path.parent / "slot"
        slot = SimulatedSlot(base)
        _fill(slot.insert("EOS_A"))
        slot.pull()
        with _App(kit.home.path, slot.mount_table) as app:
            app.until("PRESENT YOUR CODE")
            idle = _keys_at_door(app, keys // 4)
            slot.insert("EOS_A")
            app.write(F3)
            app.until("DO NOT REMOVE")
            chair = _keys_at_chair(app, keys)
            app.write(F2)
            app.rest(1.0)
            door = _keys_at_door(app, keys)
            figures = Figures(door, chair, idle, *app.megabytes(), frames)
            app.write(CTRL_Q)
    return figures


def long_day(kit: Kit) -> int:
    """Write a made-up day of 1,950 people and about 5,000 judged frames into the ledger."""
    from benchmarks.day.regime import Pace, Regime, Witnesses
    from benchmarks.day.seen import see_the_day
    from fieldkit.links.recording import Checkin, FrameTaken, Seat

    day = see_the_day(Regime("b", pace=Pace(people=SITTERS), witnesses=Witnesses(seat=0.97)), 1)
    visit = kit.require_visit()
    people = [person.key for person in all_people(kit.store, visit.key)]
    keys: dict[str, str] = {}
    frames = 0
    with kit.journal.writing() as pen:
        for seen in day.observations:
            body: dict[str, object]
            if isinstance(seen, Checkin):
                key = keys.setdefault(seen.person, people[len(keys)])
                body = {"letter": "A", "number": seen.seq, "again": False, "credential": "student-no"}
                _write(pen, visit, kinds.CHECKIN, body, key, seen.at)
            elif isinstance(seen, Seat) and seen.person:
                key = keys.setdefault(seen.person, people[len(keys)])
                _write(pen, visit, kinds.SEAT, {"number": ""}, key, seen.at)
            elif isinstance(seen, FrameTaken):
                frames += 1
                _frame(pen, visit, frames, seen)
    return frames


def _frame(pen: Pen, visit: object, number: int, seen: object) -> None:
    from fieldkit.links.recording import FrameTaken

    assert isinstance(seen, FrameTaken)
    frame, path = f"fA{number:06d}", Path(seen.file)
    body = {
        "frame": frame, "frame_number": number, "card": "old", "path": seen.file,
        "folder": str(path.parent), "stem": path.stem, "kind": "jpeg", "size": 8_000_000,
        "mtime_ns": number, "pt_sha256": f"{number:064x}", "ct_sha256": f"{number:064x}",
        "ct_size": 8_000_500, "shot": seen.shot and seen.shot.isoformat(), "camera": seen.body,
    }  # fmt: skip
    _write(pen, visit, kinds.FILE_CAPTURED, body, frame, seen.at)
    judged = {"faces": 1, "verdict": "good", "reasons": [], "measures": {}}
    _write(pen, visit, kinds.PORTRAIT_JUDGED, judged, frame, seen.at)


def _write(pen: Pen, visit: object, kind: str, body: dict[str, object], subject: str, at: datetime) -> None:
    from fieldkit.ledger.read.visits import Visit

    assert isinstance(visit, Visit)
    pen.record(kind, body, visit=visit.key, school=visit.school, subject=subject, at=at)


def _fill(card: Path) -> None:
    """Shoot a card full of 24-megapixel frames: one picture, told apart by a comment in each."""
    from fieldkit.rehearsal.photos import camera_jpeg

    shot = datetime(2026, 3, 16, 18)  # noqa: DTZ001 - a camera's clock has no zone
    jpeg = camera_jpeg(1, 1, shot=shot, body="b", number=1, size=(4000, 6000))
    camera = SimulatedCamera(card, pieces=1)
    for number in range(FILES):
        note = f"{number:06d}".encode()
        camera.shoot(jpeg[:2] + b"\xff\xfe\x00\x08" + note + jpeg[2:])


class _App:
    """The app in a pseudo terminal of 80 by 24."""

    def __init__(self, home: Path, mount_table: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            size = {"COLUMNS": "80", "LINES": "24"}
            environment = {**os.environ, **size, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            command = [sys.executable, "-m", "benchmarks.screen", "--app", str(home), str(mount_table)]
            os.execve(sys.executable, command, environment)

    def __enter__(self) -> "_App":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            end = time.perf_counter() + PATIENCE_S
            while time.perf_counter() < end and self._read(0.5) is not None:
                pass
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def write(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def until(self, pattern: str) -> None:
        """Read until something was written."""
        seen, end = b"", time.perf_counter() + PATIENCE_S
        while not re.search(pattern, seen.decode("utf-8", "replace")):
            if time.perf_counter() > end:
                raise TimeoutError(pattern)
            seen += self._read(0.5) or b""

    def answer(self, key: str, wanted: bytes) -> float:
        """Press a key and give the seconds until the terminal got what it changed."""
        while self._read(0.0):
            pass
        begun, seen = time.perf_counter(), b""
        self.write(key)
        while wanted not in seen:
            seen += self._read(PATIENCE_S) or b""
            if time.perf_counter() - begun > PATIENCE_S:
                raise TimeoutError(key)
        return time.perf_counter() - begun

    def rest(self, seconds: float) -> None:
        """Let the terminal be for a while, as a person does between two keys."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def megabytes(self) -> tuple[float, float]:
        """Give the peak of the app's own memory, and what the processes that it started hold now."""
        own = _field(self.pid, "VmHWM") / 1024
        return own, sum(_field(pid, "RssAnon") / 1024 for pid in _below(self.pid))

    def _read(self, seconds: float) -> bytes | None:
        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                return os.read(self.terminal, 65536) or None
            except OSError:
                return None
        return b""


def _keys_at_door(app: _App, count: int) -> tuple[float, ...]:
    return tuple(_pressed(app, count, ("z", "h", DOWN, "a", DOWN, UP, "n", DOWN)))


def _keys_at_chair(app: _App, count: int) -> tuple[float, ...]:
    return tuple(_pressed(app, count, (DOWN, DOWN, UP, "1", "2", DOWN)))


def _pressed(app: _App, count: int, script: Sequence[str]) -> Iterator[float]:
    chance = random.Random(1)
    for number in range(count):
        if number % len(script) == 0:
            app.write(ESCAPE)
            app.rest(0.4)
        yield app.answer(script[number % len(script)], CHOSEN)
        app.rest(chance.uniform(0.06, 0.2))


def _field(pid: int, name: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return 0


def _below(pid: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*"):
        if _field(int(path.name), "PPid") == pid:
            yield int(path.name)
            yield from _below(int(path.name))


def key_rows() -> Iterator[Row]:
    """Measure from key to screen while a card is read in, and the app's memory."""
    figures = measure()
    named = (
        ("at the door, nothing being read", figures.idle),
        ("at the door, card being read", figures.door),
        ("at the camera, card being read", figures.chair),
    )
    for name, times in named:
        p95 = percentile(list(times), 0.95)
        yield Row(
            f"key → terminal {name}, {PEOPLE:,} people",
            f"p50 {statistics.median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
            f"max {max(times) * 1000:.0f} ms",
            "p95 ≤ 50 ms",
            p95 <= 0.05,
        )
    yield Row(
        f"memory of the app, {PEOPLE:,} people, {figures.frames:,} frames",
        f"peak {figures.app_mb:.0f} MB; its helper processes {figures.helpers_mb:.0f} MB",
        "≤ 200 MB",
        figures.app_mb <= 200,
    )


def run_app(home: Path, mount_table: Path) -> int:
    """Be the app: the real program with the volume loop looking at the slot's own mount table."""
    os.environ.update({"TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none"})
    from multiprocessing import resource_tracker

    from fieldkit.app import FieldkitApp
    from fieldkit.commands.terminal import SWITCH_S
    from fieldkit.devices.volumes import VolumeLoop
    from fieldkit.screens.bridge import Bridge

    clock = SystemClock()
    kit = open_kit(home, _PASSPHRASE, clock, "en")
    bridges: list[Bridge] = []

    def plug_in(app: FieldkitApp) -> None:
        bridges.append(Bridge(kit, [VolumeLoop(clock, mountinfo=mount_table)], app.post_message))
        bridges[0].start()

    resource_tracker.ensure_running()
    sys.setswitchinterval(SWITCH_S)
    FieldkitApp(home=home, clock=clock, lang="en", kit=kit, player=plug_in).run(mouse=False)
    for bridge in bridges:
        bridge.stop()
    kit.close()
    return 0


def main(arguments: Sequence[str]) -> int:
    """Print the figures, or be the app that is measured."""
    if arguments[:1] == ["--app"]:
        return run_app(Path(arguments[1]), Path(arguments[2]))
    for row in key_rows():
        print(f"{'■' if row.held else '×'} {row.what:<58} {row.figure:<62} {row.budget}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
