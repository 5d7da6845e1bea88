"""Which cards wait to be read in, whole or a few files of them, and what comes first (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldkit.devices.events import VolumeChanged
from fieldkit.screens.copying import Copying
from fieldkit.screens.holding import Question
from fieldkit.screens.resting import QUIET_MS as LATER_MS
from fieldkit.screens.resting import Resting

LIVE_MOST = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """One pass over the card at a path: over the whole of it, or ``only`` over some files."""

    path: str
    only: frozenset[str] | None = None


@dataclass(slots=True)
class Inside:
    """A mounted card: its files that were new since it was put in, that are taken, that stopped growing.

    ``halted`` is one whose reading was stopped by hand. One that is not ``admitted`` yet may be none of the
    visit's; with a ``question`` it is held until there is an ``answer``.
    """

    event: VolumeChanged
    new: int = 0
    taken: int = 0
    resting: Resting = field(default_factory=Resting)
    halted: bool = False
    admitted: bool = False
    question: Question | None = None
    answer: bool | None = None

    @property
    def name(self) -> str:
        """Give what people call the card."""
        return self.event.label or Path(self.event.path).name

    @property
    def key(self) -> str:
        """Give what tells the card from others, wherever it is put in, as far as that is known."""
        return self.event.uuid or self.event.path

    @property
    def waits(self) -> bool:
        """Say whether nothing of it is to be read for now."""
        return self.halted or (self.question is not None and self.answer is None)

    def after(self, done: Copying, *, whole: bool) -> Copying:
        """Take in what came of a pass and give what to tell: as new counts all since the card was put in."""
        self.new += done.new
        self.taken = done.files if whole else self.taken + done.new
        # A card that had no pictures is the visit's: a camera that is used here writes to it now.
        self.admitted = self.admitted or done.state == "done"
        return replace(done, new=self.new, files=self.taken, of=max(done.of, self.taken + done.left))


@dataclass(slots=True)
class Due:
    """The passes that wait. Frames that a camera has just written go before whole cards.

    A card of which only some files were looked at is looked at as a whole once it was quiet for a minute.
    """

    _whole: list[str] = field(default_factory=list)
    _some: dict[str, set[str]] = field(default_factory=dict)
    _partly: dict[str, int] = field(default_factory=dict)

    @property
    def partly_seen(self) -> bool:
        """Tell whether there is a card to look at as a whole later on."""
        return bool(self._partly)

    def want(self, path: str, files: Iterable[str] | None = None) -> None:
        """Note that a card, or these files of it, are to be read in."""
        if files is not None:
            self._some.setdefault(path, set()).update(files)
        elif path not in self._whole:
            self._whole.append(path)

    def later(self, path: str, now_ms: int) -> None:
        """Note that a card is to be looked at as a whole once it was quiet for a minute."""
        self._partly[path] = now_ms

    def forget(self, path: str) -> None:
        """Drop what waits of a card that is gone."""
        self._some.pop(path, None)
        self._partly.pop(path, None)
        self._whole = [other for other in self._whole if other != path]

    def live(self, now_ms: int) -> Turn | None:
        """Take the next few files that a camera has just written, or None."""
        path = next((path for path, files in self._some.items() if len(files) <= LIVE_MOST), None)
        return None if path is None else self._take_some(path, now_ms)

    def next(self, now_ms: int) -> Turn | None:
        """Take the next pass, or None where none is due now."""
        if (live := self.live(now_ms)) is not None:
            return live
        quiet = [path for path, at_ms in self._partly.items() if now_ms - at_ms >= LATER_MS]
        for path in self._whole or (() if self._some else quiet):
            self.forget(path)
            return Turn(path)
        return self._take_some(next(iter(self._some)), now_ms) if self._some else None

    def _take_some(self, path: str, now_ms: int) -> Turn:
        self.later(path, now_ms)
        return Turn(path, frozenset(self._some.pop(path)))
