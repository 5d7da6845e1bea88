"""A simulated camera: writes the script's exposures into a card folder, under its own clock."""

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from fieldkit.rehearsal.script import Script, Shoots

PER_FOLDER = 9999
SERIAL = "052031"
AHEAD = 4


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is drawn for one shot; a plain value that a worker process can be given."""

    person_seed: int
    shot_seed: int
    shot: datetime
    number: int
    empty: bool


def card_path(number: int) -> str:
    """Give the DCF path of an exposure, counted from 1, as a camera that began at 9990 names it."""
    count = 9990 + number - 1
    folder, place = divmod(count - 1, PER_FOLDER)
    return f"{100 + folder}REHRS/IMG_{place + 1:04d}.JPG"


def draw(exposure: Exposure) -> bytes:
    """Draw one exposure as the camera writes it."""
    from fieldkit.rehearsal.photos import camera_jpeg

    return camera_jpeg(
        exposure.person_seed,
        exposure.shot_seed,
        shot=exposure.shot,
        body=SERIAL,
        number=exposure.number,
        kind="empty-chair" if exposure.empty else "portrait",
    )


class Camera:
    """Draws the exposures of a script ahead of time in worker processes and writes them when asked."""

    def __init__(self, script: Script, seed: int, card: Path, workers: int = 2) -> None:
        self._shots = iter(_exposures(script, seed))
        self._card = card
        self._ahead = script.camera_ahead
        self._workers = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        self._drawn: list[Future[bytes]] = []

    def __enter__(self) -> Self:
        self._fill()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers.shutdown(wait=True, cancel_futures=True)

    def shoot(self, shot: Shoots, now: datetime) -> str:
        """Write the next exposure onto the card and give its path there.

        ``now`` is when it really happens: a rehearsal that people watch may run behind its script.
        """
        jpeg = self._drawn.pop(0).result()
        self._fill()
        jpeg = jpeg.replace(_stamp(shot.at + self._ahead), _stamp(now + self._ahead))
        path = card_path(shot.number)
        target = self._card / "DCIM" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(jpeg)
        return path

    def _fill(self) -> None:
        while len(self._drawn) < AHEAD and (shot := next(self._shots, None)):
            self._drawn.append(self._workers.submit(draw, shot))


def _stamp(moment: datetime) -> bytes:
    """Give a time as EXIF writes it; every time has the same length."""
    return moment.strftime("%Y:%m:%d %H:%M:%S").encode("ascii")


def _exposures(script: Script, seed: int) -> Iterator[Exposure]:
    for act in script.acts:
        if isinstance(act, Shoots):
            yield Exposure(
                person_seed=seed * 100_003 + (act.sitter or 0),
                shot_seed=act.number,
                shot=(act.at + script.camera_ahead).replace(tzinfo=None),
                number=act.number,
                empty=act.sitter is None,
            )
