"""The thread every device lives in: it starts, stops, and comes back after any failure."""

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Protocol

from fieldkit.clock import Clock
from fieldkit.devices.errors import LoopBroke
from fieldkit.devices.events import DeviceEvent, DeviceTrouble
from fieldkit.errors import FieldkitError

Emit = Callable[[DeviceEvent], bool]

_LOG = "fieldkit.devices"
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 2.0


class DeviceLoop(Protocol):
    """Something plugged in, or looked at, for as long as the program runs."""

    @property
    def name(self) -> str:
        """Name the loop in the log and in trouble shown to the crew."""
        ...

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Work until ``stop`` is set or ``emit`` returns False; may raise anything at any time."""
        ...

    def wake(self) -> None:
        """Make a blocked ``run`` look at ``stop`` again; called from another thread, never raises.

        A loop that waits on ``stop`` itself has nothing to do here.
        """
        ...


class LoopRunner:
    """Runs one loop in its own daemon thread and starts it again, later and later, when it fails.

    A failure becomes a DeviceTrouble event, once for each kind until the loop has worked again,
    and a log line that names types and source lines only: messages of exceptions may hold what
    a card said.
    """

    def __init__(self, loop: DeviceLoop, deliver: Emit, clock: Clock) -> None:
        self._loop = loop
        self._deliver = deliver
        self._clock = clock
        self._stop = threading.Event()
        self._told: str | None = None
        self._thread = threading.Thread(target=self._keep_running, name=loop.name, daemon=True)

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Ask the loop to end and wait for it; False where it is still inside a device call."""
        self.ask_to_stop()
        return self.join(timeout_s)

    def ask_to_stop(self) -> None:
        """Ask the loop to end without waiting."""
        self._stop.set()
        self._loop.wake()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; waking it again, since a wake-up can come before the wait."""
        step = 0.2
        waited = 0.0
        while self._thread.is_alive() and waited < timeout_s:
            self._thread.join(step)
            waited += step
            self._loop.wake()
        return not self._thread.is_alive()

    @property
    def running(self) -> bool:
        """Tell whether the thread lives."""
        return self._thread.is_alive()

    def _keep_running(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._stop.is_set():
            started = self._clock.mono_ms()
            try:
                self._loop.run(self._stop, self._emit)
            except FieldkitError as problem:
                self._tell(problem)
            except Exception as problem:  # noqa: BLE001  the border of every device
                self._tell(problem)
            else:
                return
            if self._clock.mono_ms() - started > 10_000:
                pause = _FIRST_PAUSE_S
            self._stop.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _emit(self, event: DeviceEvent) -> bool:
        if self._stop.is_set():
            return False
        if not isinstance(event, DeviceTrouble):
            self._told = None
        if self._deliver(event):
            return True
        self._stop.set()
        return False

    def _tell(self, problem: Exception) -> None:
        lines = traceback.format_tb(problem.__traceback__)
        logging.getLogger(_LOG).warning("%s: %s\n%s", self._loop.name, type(problem).__name__, "".join(lines))
        kind = type(problem).__name__
        if self._told == kind:
            return
        self._told = kind
        known = problem if isinstance(problem, FieldkitError) else LoopBroke()
        trouble = DeviceTrouble(self._clock.now(), self._loop.name, known.message, known.hint)
        try:
            if not self._deliver(trouble):
                self._stop.set()
        except Exception:  # noqa: BLE001  the receiver is closing; the loop may still recover
            logging.getLogger(_LOG).warning("%s: trouble not delivered", self._loop.name)


class LoopSet:
    """All loops of a desk, started and stopped together."""

    def __init__(self, loops: Iterable[DeviceLoop], deliver: Emit, clock: Clock) -> None:
        self._runners = [LoopRunner(loop, deliver, clock) for loop in loops]

    def start(self) -> None:
        """Start every loop; from now on nothing a library logs falls through to the terminal."""
        for name in (_LOG, "watchdog"):
            logger = logging.getLogger(name)
            if not logger.handlers:
                logger.addHandler(logging.NullHandler())
        for runner in self._runners:
            runner.start()

    def stop(self, timeout_s: float = 3.0) -> bool:
        """Ask all to end, then wait for each; False where one is still inside a device call."""
        for runner in self._runners:
            runner.ask_to_stop()
        ended = [runner.join(timeout_s) for runner in self._runners]
        return all(ended)


def spawn(name: str, work: Callable[[], None], broke: Callable[[LoopBroke], object]) -> None:
    """Start a daemon thread for one short task of a loop, such as reading one card.

    What nobody foresaw ends the task alone: it is logged, and ``broke`` is told.
    """

    def guarded() -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001  the border of every device
            _log(name, problem)
            broke(LoopBroke())

    threading.Thread(target=guarded, name=name, daemon=True).start()


def _log(name: str, problem: Exception) -> None:
    lines = "".join(traceback.format_tb(problem.__traceback__))
    logging.getLogger(_LOG).warning("%s: %s\n%s", name, type(problem).__name__, lines)
