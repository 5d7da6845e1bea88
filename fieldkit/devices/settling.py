"""When a file has stopped growing (pure): the same in two looks, for long enough.

How long is long enough depends on what is known: a file whose end was seen needs a moment, less where its
writer closed it too; one that a writer still holds open, or whose end is missing, needs many seconds. What
is told here is ready to be copied; whether it is whole is found out by reading it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fieldkit.devices.events import SettledFile

Shape = tuple[int, int]
"""Size in bytes and modification time in nanoseconds."""

Sign = Literal["closed", "ended", "unknown", "open"]

QUIET_MS: dict[Sign, int] = {"closed": 100, "ended": 250, "unknown": 2000, "open": 10_000}


@dataclass(slots=True)
class _Seen:
    shape: Shape
    since_ms: int
    looks: int = 1
    told: bool = False


@dataclass(slots=True)
class Settling:
    """The files of one folder and since when each has not changed."""

    _files: dict[str, _Seen] = field(default_factory=dict)
    _pending: set[str] = field(default_factory=set)

    @property
    def pending(self) -> frozenset[str]:
        """Name the files that are not settled yet."""
        return frozenset(self._pending)

    def at_rest(self, path: str) -> Shape | None:
        """Give the shape that a file was told with, or None for one that is not settled or not known."""
        seen = self._files.get(path)
        return seen.shape if seen is not None and seen.told else None

    def due_ms(self, now_ms: int) -> int:
        """Give how long it takes until the first unsettled file may be still; 0 where that is past."""
        least = min(QUIET_MS.values())
        since = min((self._files[path].since_ms for path in self._pending), default=now_ms)
        return max(0, since + least - now_ms)

    def calm(self, now_ms: int) -> tuple[SettledFile, ...]:
        """Give the unsettled files that have not changed for the shortest time that can do."""
        least = min(QUIET_MS.values())
        seen = ((path, self._files[path]) for path in sorted(self._pending))
        return tuple(SettledFile(path, *one.shape) for path, one in seen if now_ms - one.since_ms >= least)

    def look(self, listing: Mapping[str, Shape], now_ms: int) -> None:
        """Take in what a look at all or some files found."""
        for path, shape in listing.items():
            seen = self._files.get(path)
            if seen is None or seen.shape != shape:
                self._files[path] = _Seen(shape, now_ms)
                self._pending.add(path)
            elif not seen.told:
                seen.looks += 1

    def settled(self, signs: Mapping[str, Sign], now_ms: int) -> tuple[SettledFile, ...]:
        """Give, once, the files that have become still; sorted by path."""
        still: list[SettledFile] = []
        for path in sorted(self._pending):
            seen = self._files[path]
            quiet = QUIET_MS[signs.get(path, "unknown")]
            if seen.looks >= 2 and now_ms - seen.since_ms >= quiet:
                seen.told = True
                self._pending.discard(path)
                still.append(SettledFile(path, *seen.shape))
        return tuple(still)

    def vanished(self, listing: Mapping[str, Shape]) -> tuple[str, ...]:
        """Forget the files that a look at all files no longer found; give those once told."""
        gone = [path for path in self._files if path not in listing]
        told = tuple(sorted(path for path in gone if self._files[path].told))
        for path in gone:
            del self._files[path]
            self._pending.discard(path)
        return told
