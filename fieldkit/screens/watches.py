"""The watched folders of the cards that are inside, one watch each."""

from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.devices.loop import Emit, LoopRunner
from fieldkit.devices.watch import FolderWatch

END_S = 0.5


class Watches:
    """Begins and ends a watch a card; what they tell goes to ``emit``, from threads of their own."""

    def __init__(self, clock: Clock, emit: Emit) -> None:
        self._clock = clock
        self._emit = emit
        self._running: dict[str, LoopRunner] = {}

    def __contains__(self, path: object) -> bool:
        return path in self._running

    def begin(self, path: str) -> None:
        """Watch the card at a path."""
        watch = self._running[path] = LoopRunner(
            FolderWatch(Path(path), self._clock), self._emit, self._clock
        )
        watch.start()

    def end(self, path: str) -> None:
        """Watch the card at a path no more."""
        watch = self._running.pop(path, None)
        if watch is not None:
            watch.ask_to_stop()

    def stop(self) -> None:
        """End all and wait a moment for each."""
        watches = list(self._running.values())
        for watch in watches:
            watch.ask_to_stop()
        for watch in watches:
            watch.join(END_S)
