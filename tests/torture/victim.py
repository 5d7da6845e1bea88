"""The program that is tortured: a crew's rounds on a real home, each use case told once it returned.

It warms up once and forks a child for every experiment. The child waits at its gate, so that a tracer
can take hold of it first, and then tells what it finished in a file on another file system: one line of
JSON in one ``writev``, stamped before it is written. Nothing else in it uses ``writev``.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldkit.clock import SystemClock
from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger import keys, kinds
from fieldkit.ledger.home import make_home
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.store import Store
from fieldkit.paper.errors import BatchSealed
from fieldkit.paper.seal import seal
from fieldkit.studio.reading import read_in
from tests.torture.mutants import MUTANTS
from tests.torture.stage import PASSPHRASE, Stage, batch_of, people_of, photos_of, stretch_once

Tell = Callable[..., None]


class Teller:
    """Writes acknowledgements down, each the moment it is given."""

    def __init__(self, file: Path) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def __call__(self, **said: Any) -> None:
        line = json.dumps({"stamp": time.monotonic_ns(), **said}).encode() + b"\n"
        os.writev(self._out, [line])


class Crew:
    """One station at work; what it tells names the newest event, and what the operator was shown."""

    def __init__(self, kit: Kit, stage: Stage, tell: Tell) -> None:
        self._kit = kit
        self._stage = stage
        self._tell = tell
        self._visit = kit.require_visit()

    def work(self, turns: range) -> None:
        done = read_frames.sealed_batches(self._kit.store, self._visit.key)
        for turn in turns:
            if batch_of(turn) not in done:
                self.check_in(turn)
                self.read_card(turn)
                self.link(turn)
                self.seal(turn)

    def check_in(self, turn: int) -> None:
        desk = self._kit.desk()
        for who in people_of(turn):
            outcome = desk.check_in(who)
            assert outcome.person is not None
            self._done("check-in", person=outcome.person.key, number=outcome.number)

    def read_card(self, turn: int) -> None:
        contents = [self._stage.contents[f"{turn}/{photo}"] for photo in photos_of(turn)]
        told = 0

        def progress(files: int, _bytes: int) -> None:
            nonlocal told
            while told < files:
                # A photo that the card did not give up is passed over too, and nobody says it is safe.
                if read_frames.blob_of_content(self._kit.store, contents[told]):
                    self._done("photo", content=contents[told])
                told += 1

        card = self._stage.card(turn)
        result = read_in(self._kit.home, self._visit, card, progress=progress)
        if result.failed:
            # The blow met the card, in a thread that came to the same number: it is read once more.
            result = read_in(self._kit.home, self._visit, card)
        assert not result.failed, result.failed
        assert not result.incomplete, result.incomplete
        self._done("pass", contents=contents)

    def link(self, turn: int) -> None:
        repairs = self._kit.repairs()
        for who, photo in zip(people_of(turn), photos_of(turn), strict=True):
            frame, person = repairs.assign(photo, who)
            self._done("link", frame=frame.frame, person=person.key)
            with self._kit.journal.writing() as pen:
                pen.record(
                    kinds.FRAME_JUDGED, {"accepted": True},
                    visit=self._visit.key, school=self._visit.school, subject=frame.frame,
                )  # fmt: skip
            self._done("accept")

    def seal(self, turn: int) -> None:
        try:
            (sealed,) = seal(self._kit.journal, self._visit, self._kit.links, batch_of(turn))
        except BatchSealed:
            return
        assert sealed.frames == len(photos_of(turn)), sealed.row()
        rows = read_frames.sealed(self._kit.store, self._visit.key).values()
        links = {row.frame: row.person for row in rows if row.batch == batch_of(turn)}
        self._done("seal", batch=batch_of(turn), links=links)

    def _done(self, act: str, **shown: Any) -> None:
        self._tell(act=act, **newest(self._kit.store), **shown)


def newest(store: Store) -> dict[str, Any]:
    row = store.one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
    assert row is not None
    return row


def one_session(order: dict[str, Any], tell: Tell) -> None:
    """Do an order: ``turns`` from–to, each in a session of its own with ``reopen``; ``make`` a home."""
    stage, home = Stage(Path(order["stage"]), order["rounds"]), Path(order["home"])
    if order.get("make"):
        make_home(home, "A", PASSPHRASE, SystemClock())
        tell(act="home")
        return
    first, end = order["turns"]
    steps = (
        [range(turn, turn + 1) for turn in range(first, end)] if order.get("reopen") else [range(first, end)]
    )
    for step in steps:
        kit = open_kit(home, PASSPHRASE, SystemClock(), "en")
        try:
            Crew(kit, stage, tell).work(step)
        finally:
            kit.close()


def child(order: dict[str, Any], ready: int) -> None:
    tell = Teller(Path(order["acks"]))
    if order.get("mutant"):
        MUTANTS[order["mutant"]](tell)
    # Opened before anybody traces, so that opening it is no call that can be struck.
    gate = os.open(order["gate"], os.O_RDWR | os.O_CLOEXEC) if order.get("gate") else None
    os.close(ready)
    if gate is not None:
        os.read(gate, 1)
    # An operator who meets an error tries the same thing again, now and then in the same program.
    for _ in range(1 + order.get("retries", 0)):
        try:
            one_session(order, tell)
            tell(end="done")
            return
        except FieldkitError as error:
            shown = error.what("en") + error.next_step("zh")
            tell(end="error", error=type(error).__name__, exit=error.exit_code, shown=bool(shown))
        except BaseException:  # noqa: BLE001  whatever a user would see as a traceback is a finding
            tell(end="traceback", text=traceback.format_exc())
            return


def serve() -> None:
    """Take orders, one JSON line each, and answer with the child's pid and then with its status."""
    warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        # Stretched and read here once, every child has it, and reads nothing of ours that could be struck.
        stage = Stage(Path(order["stage"]), order["rounds"])
        keys.open_with_passphrase(keys.read_slots(stage.home), PASSPHRASE)
        assert stage.contents
        waiting, ready = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                child(order, ready)
            finally:
                os._exit(0)
        os.close(ready)
        os.read(waiting, 1)
        os.close(waiting)
        print(json.dumps({"pid": pid}), flush=True)
        print(json.dumps({"status": os.waitpid(pid, 0)[1]}), flush=True)


def warm_up() -> None:
    """Import all that a session imports, so that what is traced later is its own work only."""
    import tempfile

    from tests.torture.stage import build_stage

    stretch_once()
    with tempfile.TemporaryDirectory() as folder:
        stage = build_stage(Path(folder) / "stage", 1)
        order = {"stage": str(stage.folder), "rounds": 1, "home": str(stage.home), "turns": [0, 1]}
        one_session(order, lambda **_said: None)


if __name__ == "__main__":
    serve()
