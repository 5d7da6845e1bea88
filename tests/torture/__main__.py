"""``python -m tests.torture``: tries to lose what was acknowledged, and prints how often it could."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.torture.blocks import lacking, torn_images
from tests.torture.cuts import power_cuts
from tests.torture.figures import Figures
from tests.torture.mounts import CannotMount, file_systems, one_at_a_time, own_mounts
from tests.torture.mutants import MUTANTS
from tests.torture.nursery import nursery
from tests.torture.stage import build_stage, memory_with, stretch_once
from tests.torture.strikes import FAILED, STRUCK, Bench, every_failure, every_kill, weakest_disk

ROUNDS = 48
ROOM = 2 << 30
# How much of each experiment is done: in the short form, in the long one.
AMOUNTS = {
    "states": (1, 12),
    "kills": (14, None),
    "errors": (16, None),
    "cut": (36, 1000),
    "blocks": (36, 1000),
}
# Which experiments must catch a mutant.
CAUGHT_BY: dict[str, tuple[Callable[[Bench, str], Figures], ...]] = {
    "normal": (
        lambda bench, name: weakest_disk(bench, mutant=name, turns=(0, 1)),
        lambda bench, name: power_cuts(bench, "ext4", 6, mutant=name),
        lambda bench, name: torn_images(bench, "ext4", 9, mutant=name),
    ),
    "off": (
        lambda bench, name: weakest_disk(bench, mutant=name, turns=(0, 1)),
        lambda bench, name: power_cuts(bench, "ext4", 6, mutant=name),
    ),
    "no-blob-sync": (lambda bench, name: weakest_disk(bench, mutant=name, turns=(0, 1)),),
    "no-folder-sync": (lambda bench, name: weakest_disk(bench, mutant=name, turns=(0, 1)),),
    "early": (
        lambda bench, name: weakest_disk(bench, mutant=name, turns=(0, 1)),
        lambda bench, name: every_kill(bench, mutant=name, only=("pwrite64",), about="-wal", most=3),
    ),
    "deaf": (
        lambda bench, name: every_failure(bench, mutant=name, only=("fsync",), about="/spool/", most=2),
    ),
    "event-first": (lambda bench, name: every_kill(bench, mutant=name, only=("rename",), most=2),),
    "no-log-name": (
        lambda bench, name: every_failure(bench, mutant=name, only=("fsync",), about="^$", most=6),
    ),
}
NEED_ROOT = frozenset(("cut", "blocks", "mutants"))


def main() -> int:
    arguments = _arguments()
    wanted = list(EXPERIMENTS) if arguments.experiment == "all" else [arguments.experiment]
    lacks = _lacking(wanted)
    if lacks:
        print(f"cannot run here: {lacks}", file=sys.stderr)
        return 3
    # Before the victims' program begins, which must see the same mounts.
    if NEED_ROOT & set(wanted):
        own_mounts()
    with one_at_a_time(), _bench(arguments.seed) as bench:
        clean = True
        for name in wanted:
            for figures in EXPERIMENTS[name](bench, arguments):
                clean &= figures.clean
                print(json.dumps(figures.row(), ensure_ascii=False), flush=True)
    return 0 if clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("experiment", nargs="?", default="all", choices=["all", *EXPERIMENTS])
    parser.add_argument("-n", type=int, help="how many points, cuts or images; all or 1000 without it")
    parser.add_argument("--short", action="store_true", help="the short form of the tests")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--calls", help="of the system calls only these, as fsync,rename: the long form in parts"
    )
    parser.add_argument("--file-system", choices=["ext4", "xfs"], help="only this one")
    return parser.parse_args()


def _lacking(wanted: list[str]) -> str:
    if not shutil.which("strace"):
        return "no strace"
    if NEED_ROOT & set(wanted):
        if os.geteuid():
            return "mounting needs root"
        if "ext4" not in file_systems():
            return "ext4 cannot be made"
    return f"no {', '.join(lacking())}" if "blocks" in wanted and lacking() else ""


@contextmanager
def _bench(seed: int) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="torture-", dir=memory_with(ROOM)) as folder:
        stretch_once()
        stage = build_stage(Path(folder) / "stage", ROUNDS, large=True)
        with nursery(Path(folder)) as opened:
            yield Bench(Path(folder), stage, opened, seed)


def _amount(name: str, arguments: argparse.Namespace) -> int | None:
    if arguments.n is not None:
        return int(arguments.n)
    return AMOUNTS[name][0 if arguments.short else 1]


def _timed(run: Callable[[], Figures]) -> Figures:
    begun = time.monotonic()
    figures = run()
    figures.count("seconds", round(time.monotonic() - begun))
    if not figures.counts.get("acknowledged"):
        figures.note(figures.experiment, "nothing was acknowledged, so nothing is proved")
    return figures


def _model(bench: Bench, arguments: argparse.Namespace) -> Iterator[Figures]:
    states = _amount("states", arguments)
    yield _timed(lambda: weakest_disk(bench, states=states or 0))


def _syscalls(bench: Bench, arguments: argparse.Namespace) -> Iterator[Figures]:
    asked = arguments.calls.split(",") if arguments.calls else None
    struck, failed = ([name for name in names if not asked or name in asked] for names in (STRUCK, FAILED))
    if struck:
        yield _timed(lambda: every_kill(bench, most=_amount("kills", arguments), only=struck))
    if failed:
        yield _timed(lambda: every_failure(bench, most=_amount("errors", arguments), only=failed))


def _shared_out(name: str, arguments: argparse.Namespace) -> Iterator[tuple[str, int]]:
    """Share an amount out over the file systems that are there, most of it to ext4."""
    kinds = [kind for kind in file_systems() if arguments.file_system in {None, kind}]
    amount = _amount(name, arguments) or 0
    for kind in kinds:
        share = amount if len(kinds) == 1 else amount * 3 // 4 if kind == "ext4" else amount - amount * 3 // 4
        yield kind, share


def _cut(bench: Bench, arguments: argparse.Namespace) -> Iterator[Figures]:
    for kind, cuts in _shared_out("cut", arguments):
        yield _timed(lambda kind=kind, cuts=cuts: power_cuts(bench, kind, cuts))  # type: ignore[misc]


def _blocks(bench: Bench, arguments: argparse.Namespace) -> Iterator[Figures]:
    for kind, images in _shared_out("blocks", arguments):
        yield _timed(lambda kind=kind, images=images: torn_images(bench, kind, images))  # type: ignore[misc]


def _mutants(bench: Bench, _arguments: argparse.Namespace) -> Iterator[Figures]:
    """Each mutant must be caught by every experiment named for it: by what it loses, not by breaking."""
    for name in MUTANTS:
        figures = Figures(f"mutant {name}")
        for experiment in CAUGHT_BY[name]:
            if experiment is CAUGHT_BY["normal"][-1] and lacking():
                continue
            seen = experiment(bench, name)
            figures.count("experiments")
            caught = not seen.clean and not any("Traceback" in text for text in seen.first)
            figures.count("caught", caught)
            figures.count("lost by it", seen.lost)
            figures.count("wrong by it", seen.wrong)
            if not caught:
                figures.note(name, f"not caught by {seen.experiment}: {seen.row()}")
        yield figures


EXPERIMENTS: dict[str, Callable[[Bench, argparse.Namespace], Iterator[Figures]]] = {
    "model": _model,
    "syscalls": _syscalls,
    "cut": _cut,
    "blocks": _blocks,
    "mutants": _mutants,
}

if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotMount as error:
        print(f"cannot mount here: {error}", file=sys.stderr)
        sys.exit(3)
