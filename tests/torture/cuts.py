"""Power cuts: a file system is stopped dead under a working victim, mounted again, and checked."""

import contextlib
import random
import threading
import time
from pathlib import Path

from tests.torture.checker import check_home
from tests.torture.figures import Figures
from tests.torture.mounts import make_image, mounted, power_cut
from tests.torture.nursery import Said, acknowledged, read_said
from tests.torture.stage import photos_of
from tests.torture.strikes import Bench

# A home lives through this many cuts before the next one begins.
CUTS_A_HOME = 12
LONGEST_MS = 260


def power_cuts(bench: Bench, kind: str, cuts: int, *, mutant: str | None = None) -> Figures:
    """Cut the power at random moments and check each time all that was acknowledged before.

    Only acknowledgements stamped before the cut began count; the victim also sees the dead disk, and must
    tell of it in our words.
    """
    figures = Figures(f"cut {kind}" + (f" {mutant}" if mutant else ""))
    done = 0
    while done < cuts:
        image = bench.fresh("disk")
        make_image(image, kind)
        acks: list[Said] = []
        with mounted(image, bench.work / "mnt") as at:
            bench.stage.copy_home(at / "home")
        for _ in range(min(CUTS_A_HOME, cuts - done)):
            acks += _cut(bench, figures, image, mutant)
            done += 1
            with mounted(image, bench.work / "mnt") as at:
                turns = _turns_begun(bench, acks)
                finding = check_home(at / "home", acks, bench.stage, next_turns=turns)
            figures.count("cuts")
            figures.found(f"cut {done}", finding)
            if finding:
                break
        image.unlink()
        bench.sweep()
    return figures


def _cut(bench: Bench, figures: Figures, image: Path, mutant: str | None) -> list[Said]:
    said_in = bench.fresh("acks")
    with mounted(image, bench.work / "mnt") as at:
        victim = bench.nursery.start(
            bench.stage, at / "home", acks=said_in, turns=(0, bench.stage.rounds), mutant=mutant
        )
        _wait(bench.chance, said_in)
        moment = time.monotonic_ns()
        power_cut(at)
        if bench.chance.random() < 0.5:
            threading.Event().wait(0.03)
        with contextlib.suppress(ProcessLookupError):
            victim.kill()
        victim.wait()
    said = read_said(said_in)
    counted = acknowledged(said, before=moment)
    figures.count("acknowledged", len(counted))
    figures.count("too late to count", len(acknowledged(said)) - len(counted))
    for one in said:
        if one.get("end") == "error":
            figures.count("told as ours")
        elif one.get("end") == "traceback":
            figures.note("dead disk", one["text"][-1500:])
        elif one.get("end") == "done":
            figures.count("finished before the cut")
    return counted


def _wait(chance: random.Random, said_in: Path) -> None:
    """Wait for a moment to cut: any, while the store is opened too, or around an acknowledgement."""
    watch, most = threading.Event(), time.monotonic() + LONGEST_MS / 1000
    if chance.random() < 0.5:
        watch.wait(chance.uniform(1, LONGEST_MS) / 1000)
        return
    wanted = chance.randint(1, 30)
    while time.monotonic() < most + 2 and len(read_said(said_in)) < wanted:
        watch.wait(0.002)
    watch.wait(chance.uniform(0, 0.008))


def _turns_begun(bench: Bench, acks: list[Said]) -> range:
    """Give the last card begun and the next, which the next pass must be able to take."""
    contents = {one for ack in acks for one in (ack.get("content"), *ack.get("contents", ())) if one}
    begun = [
        turn
        for turn in range(bench.stage.rounds)
        if any(bench.stage.contents[f"{turn}/{photo}"] in contents for photo in photos_of(turn))
    ]
    last = max(begun, default=0)
    return range(last, min(last + 1, bench.stage.rounds))
