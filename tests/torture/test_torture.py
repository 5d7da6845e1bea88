"""The short form of the torture: each experiment as its command runs it, nothing lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CANNOT_RUN = 3


def torture(experiment: str) -> list[dict]:
    """Run a command of its own: it mounts, forks and traces, and must not do so inside a test runner."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.torture", experiment, "--short"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == CANNOT_RUN:
        pytest.skip(ran.stderr.strip())
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, ran.stderr + "\n".join(row for figures in rows for row in figures["first"])
    assert rows
    assert sum(figures["lost"] + figures["wrong"] for figures in rows) == 0
    return rows


pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")


def test_the_weakest_disk_holds_whatever_was_acknowledged():
    (figures,) = torture("model")

    assert figures["acknowledged"] > 20
    assert figures["states"] >= 2 * figures["acknowledged"] - 1


def test_a_kill_or_a_failure_at_a_system_call_loses_nothing_acknowledged():
    kills, errors = torture("syscalls")

    assert kills["points"] > 300
    assert kills["kills"] >= 10
    assert errors["failures"] >= 10
    assert errors["told as ours"] >= 5


@pytest.mark.root
def test_power_cuts_lose_nothing_acknowledged():
    figures = torture("cut")

    assert sum(row["cuts"] for row in figures) == 36
    assert all(row["acknowledged"] > 2 * row["cuts"] for row in figures)


@pytest.mark.root
def test_torn_and_reordered_disks_hold_whatever_was_acknowledged():
    for row in torture("blocks"):
        assert row["flushes"] > 50
        assert min(row["images in order"], row["images reordered"], row["images torn"]) >= 3


@pytest.mark.root
def test_every_mutant_is_caught():
    figures = torture("mutants")

    assert len(figures) >= 5
    assert all(row["caught"] == row["experiments"] > 0 for row in figures)
