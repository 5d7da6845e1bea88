"""Files that are written slowly, by many writers at once, while a folder is watched and read in.

Some writers pause for longer than a folder waits, some close their file in the middle, some rename it into
place, some let it grow after it looked whole. Not one half file may be taken, and in the end all are. The
long form runs by itself: `python -m tests.frames.slow_writers -n 10000`.
"""

import argparse
import contextlib
import hashlib
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from fieldkit.clock import SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled
from fieldkit.devices.loop import LoopRunner
from fieldkit.devices.watch import FolderWatch
from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.dcf import list_folder, list_some
from fieldkit.frames.errors import NoImages
from fieldkit.frames.ingest import ingest
from fieldkit.frames.intake import CapturedFile
from tests.frames.conftest import Ledger, make_jpeg

FOLDER = "DCIM/100SLOW"
# Longer than a file with its end, and than one without reports, is waited for.
PAUSES_S = (0.05, 0.4, 2.5)
PATIENCE_S = 60.0


@dataclass
class Outcome:
    """What came of it: files that were written, taken whole, taken with other content, told too early."""

    files: int
    whole: int = 0
    half: int = 0
    early: int = 0
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Index(Ledger):
    """The same ledger for very many files: it answers without going through all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[tuple[str, int, int], str] = {}

    def known_file(self, card: str, path: str, size: int, mtime_ns: int) -> str | None:
        return self._files.get((path, size, mtime_ns))

    def known_content(self, pt_sha256: str) -> bool:
        return pt_sha256 in self._files.values()

    def commit(self, captured: CapturedFile) -> None:
        super().commit(captured)
        self._files[captured.path, captured.size, captured.mtime_ns] = captured.pt_sha256


class Writers:
    """Writes files of known content; each way of writing is a method that gives the moments to pause at."""

    def __init__(self, card: Path, chance: random.Random) -> None:
        self.card = card
        self.whole: dict[str, str] = {}
        self._chance = chance
        self._jpeg = make_jpeg(1, size=(160, 120), thumbnail=True)

    def content(self, number: int) -> bytes:
        """Give a JPEG of its own content, large enough to be written in pieces."""
        note = f"{number:08}".encode() * 500
        segment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        return self._jpeg[:2] + segment + self._jpeg[2:]

    def write(self, number: int) -> Iterator[float]:
        """Write one file in its own way; yields the seconds to pause for."""
        ways = (self._in_pieces, self._closing_between, self._renamed, self._growing, self._filled_in)
        name, content = f"IMG_{number % 9999 + 1:04}.JPG", self.content(number)
        place = self.card / FOLDER.replace("100", str(100 + number // 9999)) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        pauses = [PAUSES_S[0], self._chance.choices(PAUSES_S, (5, 4, 1))[0], PAUSES_S[0]]
        yield from ways[number % len(ways)](place, content, pauses)
        self.whole[str(place.relative_to(self.card / "DCIM"))] = hashlib.sha256(content).hexdigest()

    def _pieces(self, content: bytes, count: int) -> list[bytes]:
        cuts = sorted(self._chance.sample(range(1, len(content)), count - 1))
        return [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]

    def _in_pieces(self, place: Path, content: bytes, pauses: list[float]) -> Iterator[float]:
        with place.open("wb", buffering=0) as file:
            for piece, pause in zip(self._pieces(content, len(pauses)), pauses, strict=True):
                file.write(piece)
                yield pause

    def _closing_between(self, place: Path, content: bytes, pauses: list[float]) -> Iterator[float]:
        for piece, pause in zip(self._pieces(content, len(pauses)), pauses, strict=True):
            with place.open("ab", buffering=0) as file:
                file.write(piece)
            yield pause

    def _renamed(self, place: Path, content: bytes, pauses: list[float]) -> Iterator[float]:
        aside = place.with_suffix(".JPG.part")
        yield from self._in_pieces(aside, content, pauses)
        aside.rename(place)

    def _growing(self, place: Path, content: bytes, pauses: list[float]) -> Iterator[float]:
        """Stop just behind the end marker of the thumbnail inside, where a file can look whole."""
        end = content.index(b"\xff\xd9") + 2
        for piece, pause in zip((content[:end], content[end:]), pauses[1:], strict=True):
            with place.open("ab", buffering=0) as file:
                file.write(piece)
            yield pause

    def _filled_in(self, place: Path, content: bytes, pauses: list[float]) -> Iterator[float]:
        """Take the room first and fill it in, as some copying programs do: the size says nothing."""
        with place.open("wb", buffering=0) as file:
            file.truncate(len(content))
            yield pauses[0]
            for piece, pause in zip(self._pieces(content, 2), pauses[1:], strict=True):
                file.write(piece)
                yield pause


def run(files: int, top: Path, *, threads: int = 8, seed: int = 1) -> Outcome:
    """Write that many files slowly onto a card that is watched and read in, and say what came of it."""
    begun = time.monotonic()
    card, ledger, outcome = top / "card", Index(), Outcome(files)
    (card / FOLDER).mkdir(parents=True)
    key = pyrage.x25519.Identity.generate()
    writers = Writers(card, random.Random(seed))
    told, lock, heard = set[str](), threading.Lock(), threading.Event()

    def hear(event: DeviceEvent) -> bool:
        if isinstance(event, FilesSettled):
            with lock:
                told.update(file.path for file in event.files)
            heard.set()
        return True

    watch = LoopRunner(FolderWatch(card, SystemClock()), hear, SystemClock())
    watch.start()
    done = threading.Event()
    writing = threading.Thread(target=_write_all, args=(writers, files, threads, done.set))
    writing.start()
    with BlobStore(top / "home", [str(key.to_public())]) as store:
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < PATIENCE_S and not (
            done.is_set() and len(ledger.captured) >= files
        ):
            if heard.wait(0.5):
                heard.clear()
                quiet_since = time.monotonic()
            with lock:
                now = sorted(told)
                told.clear()
            if now:
                result = ingest(list_some(card, now), store, ledger, card="slow", settle_seconds=0)
                outcome.early += len(result.incomplete)
        writing.join()
        watch.stop()
        # The look at the whole card is what the app makes when it has been quiet.
        with contextlib.suppress(NoImages):
            ingest(list_folder(card), store, ledger, card="slow", settle_seconds=0)
        _judge(outcome, writers.whole, ledger, store, str(key))
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


def _write_all(writers: Writers, files: int, threads: int, done: Callable[[], None]) -> None:
    """Keep many files open at once: each thread goes round among a few dozen of its own."""
    nobody = threading.Event()

    def some(numbers: list[int]) -> None:
        open_now: list[tuple[float, Iterator[float]]] = []
        while numbers or open_now:
            while numbers and len(open_now) < 40:
                open_now.append((0.0, writers.write(numbers.pop())))
            now = time.monotonic()
            later: list[tuple[float, Iterator[float]]] = []
            for at, steps in open_now:
                if at > now:
                    later.append((at, steps))
                elif (pause := next(steps, None)) is not None:
                    later.append((now + pause, steps))
            open_now = later
            if open_now:
                nobody.wait(max(0.0, min(at for at, _ in open_now) - time.monotonic()))

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(some, list(range(first, files, threads))) for first in range(threads)]:
            future.result()
    done()


def _judge(outcome: Outcome, whole: dict[str, str], ledger: Ledger, store: BlobStore, key: str) -> None:
    taken: dict[str, list[str]] = {}
    for captured in ledger.captured:
        kept = hashlib.sha256(store.opened(captured.ct_sha256, [key])).hexdigest()
        taken.setdefault(captured.path, []).append(kept)
    outcome.whole = sum(taken.get(path) == [content] for path, content in whole.items())
    outcome.half = sum(content != whole[path] for path, kept in taken.items() for content in kept)
    outcome.missing = sorted(whole.keys() - taken.keys())


def main(arguments: list[str]) -> int:
    """Run the long form and print one line of JSON; exit 1 where a file was half taken or missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.frames.slow_writers")
    parser.add_argument("-n", type=int, default=10_000, help="files")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as top:
        outcome = run(asked.n, Path(top), threads=asked.threads, seed=asked.seed)
    print(json.dumps(outcome.__dict__))
    return 0 if outcome.whole == outcome.files and not outcome.half else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
