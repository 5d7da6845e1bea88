import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.paper.corrections import correct
from fieldkit.paper.delivery import deliver

# Delivers in a program of its own, which ends without a word at its n-th change of a name on disk.
PROGRAM = """
import os, sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import PASSPHRASE, START, FakeJudges
from fieldkit.clock import SetClock
from fieldkit.kit import open_kit
from fieldkit.paper.delivery import deliver
from fieldkit.portrait.profile import load_profile

left = int(sys.argv[4])
replace, unlink = Path.replace, Path.unlink

def dying(act):
    def run(self, *given, **named):
        global left
        if sys.argv[3] in str(self) or any(sys.argv[3] in str(one) for one in given):
            if left == 0:
                os._exit(9)
            left -= 1
        return act(self, *given, **named)
    return run

Path.replace, Path.unlink = dying(replace), dying(unlink)
kit = open_kit(Path(sys.argv[2]), PASSPHRASE, SetClock(START), "zh")
deliver(kit.home, kit.require_visit(), load_profile("register"), kit.links(), FakeJudges(), Path(sys.argv[3]))
"""


def holds(folder: Path) -> None:
    check = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("deaths", [range(0, 9, 2), range(9, 21, 3)])
def test_a_delivery_that_is_killed_is_completed_by_the_next(
    school, student, judges, profile, tmp_path, deaths
):
    out = tmp_path / "out"

    def again():
        return deliver(school.kit.home, school.visit, profile, school.kit.links(), judges, out)

    first, second, third = school.roster(student(1), student(2), student(3, "计科2202"))
    frame = school.shoot(person=first)
    school.shoot(person=second)
    again()
    school.accept(frame, accepted=False)
    correct(school.kit.journal, school.visit, second, "Sfzh", "")
    school.shoot(person=third)
    ended = []
    for death in deaths:
        program = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(school.kit.home.path), str(out),
             str(death)],
            check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        ended.append(program.returncode)
    done = again()

    assert set(ended) <= {0, 9}
    assert ended[0] == 9
    assert {*done.delivered, *done.unchanged} == {second, third}
    photos = sorted(path.name for path in out.rglob("*.jpg"))
    assert photos == sorted([f"{student(3).id_number}.jpg", "2022000002.jpg"])
    assert not [path for path in out.iterdir() if path.name.startswith(".")]
    holds(out)
