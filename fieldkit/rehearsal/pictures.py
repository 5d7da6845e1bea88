"""The pictures of a rehearsal: drawn ahead of time in worker processes, each stamped as it is taken."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from typing import Self

from fieldkit.processes import keep_apart
from fieldkit.rehearsal.errors import RehearsalBroke
from fieldkit.rehearsal.script import Script, Shoots

SERIAL = "052031"
AHEAD = 12


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is drawn for one shot; a plain value that a worker process can be given."""

    person_seed: int
    shot_seed: int
    shot: datetime
    number: int
    empty: bool


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


class Pictures:
    """Gives the JPEGs of a script's exposures one after the other, a few of them drawn ahead."""

    def __init__(self, script: Script, seed: int, workers: int = 2) -> None:
        self._shots = iter(_exposures(script, seed))
        self._ahead = script.camera_ahead
        self._workers = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=keep_apart)
        self._drawn: deque[Future[bytes]] = deque()

    def __enter__(self) -> Self:
        self._fill()
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.shutdown(wait=True, cancel_futures=True)

    def taken(self, shot: Shoots, now: datetime) -> bytes:
        """Give the next exposure, stamped by the camera's own clock; raises RehearsalBroke.

        ``now`` is when it really happens: a rehearsal that people watch may run behind its script.
        """
        try:
            jpeg = self._drawn.popleft().result()
            self._fill()
        except BrokenProcessPool as error:
            raise RehearsalBroke from error
        return jpeg.replace(_stamp(shot.at + self._ahead), _stamp(now + self._ahead))

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
