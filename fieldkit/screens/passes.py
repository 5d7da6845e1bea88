"""One pass over one card, with its progress told a few times a second."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from threading import Event

from fieldkit.clock import Clock
from fieldkit.errors import FieldkitError
from fieldkit.frames.dcf import arrange, list_folder
from fieldkit.frames.errors import NoImages
from fieldkit.frames.intake import IngestResult
from fieldkit.kit import Kit
from fieldkit.screens.copying import Copying
from fieldkit.screens.errors import PassBroke
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.reading import read_in

QUIET_MS = 300
TOLD_APART_MS = 200
PICTURES = ("DCIM", "dcim")


class CardPass:
    """Reads one card in once and tells how far it is, where that takes longer than ``quiet_ms``.

    What is known already is passed over in silence. ``clock`` times the reading, the kit's where none is
    given; ``at_rest`` are the files that are known to have stopped growing, all where it is None.
    """

    def __init__(
        self,
        kit: Kit,
        folder: Path,
        card: str,
        tell: Callable[[Copying], None],
        quiet_ms: int = QUIET_MS,
        clock: Clock | None = None,
        at_rest: AbstractSet[str] | None = None,
    ) -> None:
        self._kit = kit
        self._clock = clock or kit.clock
        self._at_rest = at_rest
        self._folder = folder
        self._card = card
        self._tell = tell
        self._quiet_ms = quiet_ms
        self._sizes: list[int] | None = None
        self._begun_ms = self._told_ms = 0

    def run(self, cancel: Event) -> Copying:
        """Make the pass and give what came of it.

        Raises what ``read_in`` raises; a card that went away is no error but a result.
        """
        self._begun_ms = self._clock.mono_ms()
        result = read_in(
            self._kit.home,
            self._kit.require_visit(),
            self._folder,
            progress=self._progress,
            cancel=cancel,
        )
        return came_of(result, self._card, self._at_rest)

    def outcome(self, cancel: Event) -> Copying:
        """Make the pass and give what came of it, whatever goes wrong: the border of a thread."""
        try:
            return self.run(cancel)
        except NoImages:
            return Copying(self._card, "done")
        except FieldkitError as error:
            return Copying(self._card, "failed", error=error)
        except Exception as error:  # noqa: BLE001
            log_fault(error)
            return Copying(self._card, "failed", error=PassBroke())

    def _progress(self, files: int, read: int) -> None:
        now_ms = self._clock.mono_ms()
        spent_ms = now_ms - self._begun_ms
        if not read or spent_ms < self._quiet_ms or (self._sizes and now_ms - self._told_ms < TOLD_APART_MS):
            return
        self._told_ms = now_ms
        if self._sizes is None:
            self._sizes = _sizes_or_none(self._folder)
        total = self._sizes[-1] if self._sizes else 0
        passed = self._sizes[min(files, len(self._sizes)) - 1] if files and self._sizes else 0
        now = Copying(
            self._card,
            "copying",
            files=files,
            of=max(files, len(self._sizes)),
            read=read,
            to_come=max(0, total - passed),
            seconds=spent_ms / 1000,
        )
        self._tell(now)


def sizes_of(folder: Path) -> list[int]:
    """Give, for each file of a card in the order of a pass, the bytes up to its end.

    Raises what ``list_folder`` raises.
    """
    listing = list_folder(folder)
    return list(accumulate(_size(listing.root / file.path) for file in arrange(listing.paths).files()))


def _sizes_or_none(folder: Path) -> list[int]:
    # A card that is pulled just now is for the pass itself to tell.
    try:
        return sizes_of(folder)
    except FieldkitError:
        return []


def came_of(result: IngestResult, card: str, at_rest: AbstractSet[str] | None = None) -> Copying:
    """Say what came of a pass; ``at_rest`` are the files that have stopped growing, all where it is None.

    A file that a camera is still writing is no fault: it is told once it rests, and read then.
    """
    left = len(result.failed) + len(result.unread) + len(result.incomplete)
    taken = result.new + result.known
    if any(row.reason == "card-gone" for row in result.failed):
        return Copying(card, "pulled", taken, result.files, left=left)
    growing = at_rest is not None and any(not _rests(file, at_rest) for file in result.incomplete)
    if growing and not result.failed and not result.unread:
        return Copying(card, "copying", taken, result.files, new=result.new, left=left)
    if left:
        reason = (
            result.failed[0].reason if result.failed else "incomplete" if result.incomplete else "cancelled"
        )
        return Copying(card, "partly", taken, result.files, new=result.new, left=left, reason=reason)
    return Copying(card, "done", taken, result.files, new=result.new)


def _rests(file: str, at_rest: AbstractSet[str]) -> bool:
    # A pass names a file from where the pictures are, the watch from the card's top.
    return any(path in at_rest for path in (file, *(f"{name}/{file}" for name in PICTURES)))


def has_pictures(path: str) -> bool:
    """Say whether a volume has the folder that cameras write to."""
    with suppress(OSError):
        return any((Path(path) / name).is_dir() for name in PICTURES)
    return False


def pulled(done: Copying) -> Copying | None:
    """Say of a pass whose card went away meanwhile what is missing; None where nothing is."""
    if done.state == "done":
        return None
    left = done.left or max(0, done.of - done.files)
    return Copying(done.card, "pulled", done.files, done.of, left=left)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
