"""The links of a visit worked out in a process of its own, which screens ask and which keeps what it learned.

Links are heavy Python: in the app they would hold up its keys, and their libraries would stay in its memory.
"""

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, TypeVar

from fieldkit.ledger.store import Store
from fieldkit.processes import beside, keep_apart
from fieldkit.studio.errors import LinksStopped

if TYPE_CHECKING:
    from fieldkit.studio.watch_day import WatchedVisit

END_S = 2.0
ANSWER_S = 120.0
SWITCH_S = 0.0005
# Loaded once by the process that forks the others: each then starts in a moment.
LOADED = ["fieldkit.links.live", "fieldkit.studio.problems", "fieldkit.ledger.store"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Broke:
    """A question that failed: of the fault only its kind and its places in the code."""

    fault: str


class LinksBeside:
    """Answers questions about visits, one after the other; its process starts with the first.

    A question is a function of a module, called there with a store, the watched visit and what was given.
    A process that died is started again with the next question.
    """

    def __init__(self, opening: Callable[[], Store]) -> None:
        self._opening = opening
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._closed = False

    def ask(self, question: Callable[..., T], visit: str, *given: object) -> T:
        """Ask a question about a visit and wait for the answer. Raises LinksStopped."""
        with self._turn:
            line = self._started()
            try:
                line.send((question, visit, given))
                if not line.poll(ANSWER_S):
                    raise TimeoutError
                answer = line.recv()
            except (EOFError, OSError) as error:
                self._drop()
                raise LinksStopped from error
        if isinstance(answer, _Broke):
            logging.getLogger("fieldkit.studio").error("links: %s", answer.fault)
            raise LinksStopped
        return answer  # type: ignore[no-any-return]  # what the question gives

    def close(self) -> None:
        """End the process; a question under way is answered with LinksStopped."""
        self._closed = True
        process = self._process
        if process is not None:
            process.terminate()
        with self._turn:
            self._drop()

    def _started(self) -> Connection:
        if self._closed:
            raise LinksStopped
        if self._line is None:
            way = beside()
            way.set_forkserver_preload(LOADED)
            self._line, theirs = way.Pipe()
            self._process = way.Process(
                target=_answer, args=(theirs, self._opening), name="links", daemon=True
            )
            self._process.start()
            theirs.close()
        return self._line

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.terminate()
            self._process.join(END_S)
        self._line = self._process = None


def _answer(line: Connection, opening: Callable[[], Store]) -> None:
    from fieldkit.studio.watch_day import WatchedVisit

    keep_apart()
    # Beside an answer a whole day may be looked at.
    sys.setswitchinterval(SWITCH_S)
    store = opening()
    watched: dict[str, WatchedVisit] = {}
    with suppress(EOFError, OSError):
        while True:
            question, visit, given = line.recv()
            line.send(_one(question, store, watched.setdefault(visit, WatchedVisit(visit)), given))


def _one(
    question: Callable[..., Any], store: Store, watched: "WatchedVisit", given: tuple[object, ...]
) -> Any:
    try:
        return question(store, watched, *given)
    except Exception as error:  # noqa: BLE001  the border of the process
        places, trace = [], error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('fieldkit/')[2]}:{trace.tb_lineno}")
            trace = trace.tb_next
        return _Broke(f"{type(error).__name__} at {' > '.join(places)}")
