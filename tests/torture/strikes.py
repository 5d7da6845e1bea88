"""Experiments with strace: the weakest disk at every acknowledgement, a kill and a failure at every call."""

import itertools
import json
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.torture.checker import check_home
from tests.torture.figures import Figures
from tests.torture.model import Disk
from tests.torture.nursery import Nursery, Said, Victim, acknowledged
from tests.torture.stage import Stage
from tests.torture.tracing import Hung, Point, points, read_log, traced

# Calls that change nothing need no kill: one before them leaves what one before the next change leaves.
STRUCK = (
    "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "unlink", "mkdir",
    "fchmod", "fchown", "close",
)  # fmt: skip
# Not ``close``: strace fails a call by leaving it out, and the file would stay open and locked.
FAILED = (
    "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "unlink", "mkdir",
    "read", "pread64", "newfstatat", "getdents64", "flock", "fchmod", "fchown", "stat", "lstat", "fstat",
    "lseek", "fcntl", "fadvise64",
)  # fmt: skip
TURNS = (0, 2)


@dataclass
class Bench:
    """Where experiments run: a folder in memory, a stage and a nursery."""

    work: Path
    stage: Stage
    nursery: Nursery
    seed: int = 0

    def __post_init__(self) -> None:
        self._names = itertools.count(1)
        self.chance = random.Random(self.seed)

    def fresh(self, name: str) -> Path:
        return self.work / f"{name}-{next(self._names)}"

    def fresh_root(self) -> tuple[Path, Path]:
        """Give a new folder that stands for a disk, and the home in it."""
        root = self.fresh("disk")
        root.mkdir()
        return root, self.stage.copy_home(root / "home")

    def sweep(self) -> None:
        """Throw away what earlier experiments left."""
        for pattern in ("disk-*", "state-*"):
            for path in self.work.glob(pattern):
                shutil.rmtree(path, ignore_errors=True)
        for pattern in ("acks-*", "gate-*", "log-*"):
            for path in self.work.glob(pattern):
                path.unlink()


def weakest_disk(
    bench: Bench, *, states: int = 1, mutant: str | None = None, turns: tuple[int, int] = (0, 3)
) -> Figures:
    """Check, at every acknowledgement, what the weakest disk would still hold after a power cut there.

    ``states`` is how many random states are checked beside the least one.
    """
    figures = Figures("model")
    root, home = bench.fresh_root()
    disk = Disk(root)
    log = bench.fresh("log")
    victim = bench.nursery.start(bench.stage, home, gated=True, turns=turns, reopen=True, mutant=mutant)
    traced(victim, log)
    _ended(figures, "model", victim)
    _weakest(bench, figures, "session", disk, [log], states=states)
    if mutant is None:
        _weakest_making(bench, figures)
    bench.sweep()
    return figures


def _weakest_making(bench: Bench, figures: Figures) -> None:
    """The home itself: once it was told that it is made, it is there, however deep its folder lies."""
    root, log = bench.fresh("disk"), bench.fresh("log")
    root.mkdir()
    disk = Disk(root)
    victim = bench.nursery.start(bench.stage, root / "a" / "b" / "home", gated=True, make=True)
    traced(victim, log)
    _ended(figures, "make", victim)
    _weakest(bench, figures, "make", disk, [log], home="a/b/home")


def _weakest(
    bench: Bench, figures: Figures, where: str, disk: Disk, logs: Sequence[Path],
    *, states: int = 0, home: str = "home", every: int = 1, revoked: bool = False,
) -> None:  # fmt: skip
    acks: list[Said] = []
    for log in logs:
        disk.restarted()
        for told in disk.run(read_log(log)):
            ack = json.loads(told)
            if "act" not in ack:
                continue
            acks.append(ack)
            if len(acks) > every and len(acks) % every:
                continue
            for chance in (None, *(bench.chance for _ in range(states))):
                state = bench.fresh("state")
                disk.write_out(state, chance)
                finding = check_home(state / home, acks, bench.stage, revoked=revoked)
                figures.count("states")
                figures.found(f"{where} at {ack['act']} {ack.get('seq')}", finding)
                shutil.rmtree(state)
    figures.count("acknowledged", len(acks))


def every_kill(
    bench: Bench,
    *,
    most: int | None = None,
    mutant: str | None = None,
    only: Sequence[str] = STRUCK,
    about: str = "",
) -> Figures:
    """Kill the victim before each call that touches its home, check, go on, and check the weakest disk.

    ``most`` is how many points are sampled. After each kill a second victim finishes the work: what either
    acknowledged must hold on a disk that kept no more than it must.
    """
    figures = Figures("kills")
    for point in _points(bench, figures, only, about, most, mutant):
        root, home = bench.fresh_root()
        disk, logs = Disk(root), [bench.fresh("log"), bench.fresh("log")]
        victim = _struck(bench, home, logs[0], point, "signal=SIGKILL", mutant)
        acks = acknowledged(victim.said())
        figures.count("kills")
        figures.count("acknowledged", len(acks))
        _copied_and_checked(bench, figures, f"kill {_name(point)}", home, acks)
        again = bench.nursery.start(bench.stage, home, gated=True, turns=TURNS, reopen=True, mutant=mutant)
        traced(again, logs[1])
        _ended(figures, f"after kill {_name(point)}", again)
        both = acks + acknowledged(again.said())
        figures.found(f"kill {_name(point)}, gone on", check_home(home, both, bench.stage))
        if mutant is None:
            last = Figures("kills")
            _weakest(bench, last, f"kill {_name(point)}, then a cut", disk, logs, every=6)
            figures.count("states", last.counts["states"])
            figures.lost += last.lost
            figures.wrong += last.wrong
            figures.first += last.first[:2]
        bench.sweep()
    return figures


def every_failure(
    bench: Bench,
    *,
    most: int | None = None,
    mutant: str | None = None,
    only: Sequence[str] = FAILED,
    about: str = "",
) -> Figures:
    """Let each call that touches the home fail with EIO and with ENOSPC.

    The victim must end with an error of ours or not notice, and tries once more in the same program. What
    it acknowledged must hold on the weakest disk, where the failed call never happened.
    """
    figures = Figures("errors")
    for number, point in enumerate(_points(bench, figures, only, about, most, mutant)):
        reasons = ("EIO", "ENOSPC") if most is None else (("EIO", "ENOSPC")[number % 2],)
        for reason in reasons:
            root, home = bench.fresh_root()
            disk, log = Disk(root), bench.fresh("log")
            where = f"{reason} {_name(point)}"
            try:
                victim = _struck(bench, home, log, point, f"error={reason}", mutant, retries=1)
            except Hung:
                figures.note(where, "waited for ever")
                continue
            said = victim.said()
            figures.count("failures")
            figures.count("acknowledged", len(acknowledged(said)))
            figures.count("told as ours", sum(one.get("end") == "error" for one in said))
            _ended(figures, where, victim, errors=True)
            revoked = any(one.get("error") == "BlobUnsafe" for one in said)
            _copied_and_checked(bench, figures, where, home, acknowledged(said), revoked=revoked)
            _weakest(bench, figures, f"{where}, then a cut", disk, [log], every=3, revoked=revoked)
            bench.sweep()
    return figures


def _points(
    bench: Bench, figures: Figures, names: Sequence[str], about: str, most: int | None, mutant: str | None
) -> Iterator[Point]:
    _, home = bench.fresh_root()
    log = bench.fresh("log")
    victim = bench.nursery.start(bench.stage, home, gated=True, turns=TURNS, reopen=True, mutant=mutant)
    traced(victim, log)
    _ended(figures, "recording", victim)
    found = [point for point in points(log, home, names) if re.search(about, point.about)]
    bench.sweep()
    figures.count("points", len(found))
    if most is not None and most < len(found):
        kinds = {(point.call, point.about): point for point in found}
        first = bench.chance.sample(list(kinds.values()), min(most, len(kinds)))
        rest = [point for point in found if point not in first]
        found = first + bench.chance.sample(rest, most - len(first))
    yield from found


def _struck(
    bench: Bench, home: Path, log: Path, point: Point, blow: str, mutant: str | None, retries: int = 0
) -> Victim:
    victim = bench.nursery.start(
        bench.stage, home, gated=True, turns=TURNS, reopen=True, mutant=mutant, retries=retries
    )
    traced(victim, log, f"{point.call}:{blow}:when={point.nth}")
    return victim


def _copied_and_checked(
    bench: Bench, figures: Figures, where: str, home: Path, acks: list[Said], *, revoked: bool = False
) -> None:
    """Check a copy, and that the next pass takes what is missing; the home itself stays as it was struck."""
    state = bench.fresh("state")
    shutil.copytree(home, state)
    turns = range(TURNS[1] + 1)
    figures.found(where, check_home(state, acks, bench.stage, next_turns=turns, revoked=revoked))
    shutil.rmtree(state)


def _ended(figures: Figures, where: str, victim: Victim, *, errors: bool = False) -> None:
    """Note an end that is none: a traceback, or an error where nothing was struck."""
    for one in victim.said():
        if one.get("end") == "traceback":
            figures.note(where, one["text"][-1500:])
        elif one.get("end") == "error" and not errors:
            figures.note(where, f"ended with {one['error']}")


def _name(point: Point) -> str:
    return f"{point.call} {point.nth} {point.about}"
