"""The short form: every kind of input, a few thousand times, and nothing raises, hangs, prints or dies."""

import json
import os
import subprocess
import sys
import tty
from pathlib import Path

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices import sam
from fieldkit.devices.events import CredentialPresented
from fieldkit.devices.sam_serial import SerialSam
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.sam import SimulatedSam
from tests.devices.conftest import listen as listen_fixture
from tests.fuzz import days, running
from tests.fuzz.kinds import KINDS
from tests.fuzz.running import Kind, chance_of, feed_all
from tests.fuzz.spoiling import noise, spoilt

REPOSITORY = Path(__file__).parents[2]
NUMBER = "110101200103120026"

listen = listen_fixture


def test_no_damaged_input_of_any_kind_ends_a_loop():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--short"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = [json.loads(line) for line in ran.stdout.splitlines()]

    assert ran.returncode == 0, ran.stderr + "\n".join(text for row in rows for text in row["first"])
    assert {row["kind"]: row["inputs"] for row in rows} == {name: kind.short for name, kind in KINDS.items()}
    # What never gets past the first check, or never fails it, fuzzes nothing.
    assert all(len(row["outcomes"]) > 1 for row in rows if row["kind"] not in {"replay", "worker"})


def test_a_recording_of_garbage_is_replayed_line_by_line(tmp_path):
    rows = days.small_day(6)
    chance = chance_of("file", 0, 0)
    bad = [days.bad_line(chance, rows).replace("\n", " ") for _ in range(3000)]
    garbage = noise(chance, 4000) + b"\n" + "\n".join(bad).encode("utf-8", "surrogatepass") + b"\n"
    good = "\n".join(json.dumps(row) for row in rows)
    file = tmp_path / "day.jsonl"
    file.write_bytes(garbage + good.encode())

    ran = subprocess.run(
        [sys.executable, "-m", "fieldkit", "--lang", "en", "replay", str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert {json.loads(line)["status"] for line in ran.stdout.splitlines()} <= {"linked", "review", "spare"}
    frames = {row["id"] for row in rows if row["obs"] == "frame"}
    assert frames <= {json.loads(line)["frame"] for line in ran.stdout.splitlines()}


def test_a_real_line_full_of_garbage_is_read_as_soon_as_it_is_good(listen):
    chance = chance_of("line", 0, 0)
    troubled = 12

    def spoil(answer):
        nonlocal troubled
        troubled -= 1
        if troubled < 0:
            yield answer
        else:
            yield chance.choice((noise(chance, 600), spoilt(chance, answer), sam.PREAMBLE * 40))

    with SimulatedSam(spoil=spoil, finds_again=True) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())

        assert heard.the(CredentialPresented, value=NUMBER).source == "sam-serial"


def test_a_port_that_never_stops_talking_lets_the_loop_end(listen):
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    heard = listen(SerialSam(os.ttyname(slave), SystemClock()))
    written = 0
    while not heard.so_far(object):
        try:
            written += os.write(master, b"U" * 512)
        except BlockingIOError:
            continue

    assert written > 0
    os.close(master)
    os.close(slave)


# The runner itself: whatever it is blind to would pass for health.


def _raising(chance):
    if chance.random() < 0.1:
        raise RuntimeError("as it should")
    return "fine"


def _dying(chance):
    if chance.random() < 0.1:
        os.abort()
    return "fine"


def _hanging(chance):
    while chance.random() < 0.1:
        chance.seed(0)
        while chance:
            pass
    return "fine"


def _printing(_chance):
    print("a library's warning")
    return "fine"


def _hoarding(_chance):
    return str(len(bytes(3 << 30)))


@pytest.mark.parametrize(
    ("feed", "told"),
    [
        (_raising, "RuntimeError: as it should"),
        (_dying, "ended with -6"),
        (_hanging, "HungError"),
        (_printing, "printed"),
        (_hoarding, "MemoryError"),
    ],
)
def test_the_runner_sees_what_it_looks_for(monkeypatch, feed, told):
    monkeypatch.setattr(running, "PATIENCE_S", 1)
    monkeypatch.setattr(running, "MOST_FINDINGS", 2)

    fed = feed_all("made", Kind(lambda: feed, 40), 40, 0)

    assert fed.findings
    assert told in fed.first[0]


def test_an_input_can_be_made_again_by_its_number():
    first, second = (days.bad_line(chance_of("x", 3, 77), days.small_day(3)) for _ in range(2))

    assert first == second
    assert first != days.bad_line(chance_of("x", 4, 77), days.small_day(3))
