"""One pass over one card, or over some files of it, with its progress told a few times a second."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from threading import Event

from fieldkit.clock import Clock
from fieldkit.errors import FieldkitError
from fieldkit.frames.dcf import Listing, arrange, list_folder, list_some
from fieldkit.frames.errors import NoImages
from fieldkit.frames.intake import IngestResult
from fieldkit.kit import Kit
from fieldkit.ledger.read.frames import LeftRow, card_left
from fieldkit.screens.copying import Copying
from fieldkit.screens.errors import PassBroke
from fieldkit.screens.resting import PICTURES, Resting, Shape
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.reading import read_in

QUIET_MS = 300
TOLD_APART_MS = 200
_REASONS = {"incomplete": "incomplete", "unread": "cancelled"}


class Pacing:
    """Says how far a pass over what was listed is, since it was begun, and what is still to come."""

    def __init__(self, clock: Clock, listing: Listing, card: str) -> None:
        self._clock = clock
        self._listing = listing
        self._card = card
        self._begun_ms = clock.mono_ms()
        self._sizes: list[int] | None = None

    def spent_ms(self) -> int:
        """Give how long the pass has taken so far."""
        return self._clock.mono_ms() - self._begun_ms

    def now(self, files: int, read: int) -> Copying:
        """Say how far it is, when so many files are done and bytes are read."""
        if self._sizes is None:
            self._sizes = sizes_of(self._listing)
        total = self._sizes[-1] if self._sizes else 0
        passed = self._sizes[min(files, len(self._sizes)) - 1] if files and self._sizes else 0
        return Copying(
            self._card,
            "copying",
            files=files,
            of=max(files, len(self._sizes)),
            read=read,
            to_come=max(0, total - passed),
            seconds=self.spent_ms() / 1000,
        )


class CardPass:
    """Reads one card in once and tells how far it is, where that takes longer than ``quiet_ms``.

    What is known already is passed over in silence. With ``only`` just those files are looked at, named
    as the watched folder names them; ``each`` is called between two files. ``clock`` times the reading, the
    kit's where none is given; ``resting`` knows which unfinished files nobody is writing any more, all where
    it is None. ``gate`` says of what was listed whether it may be read at all.
    """

    def __init__(
        self,
        kit: Kit,
        folder: Path,
        card: str,
        tell: Callable[[Copying], None],
        quiet_ms: int = QUIET_MS,
        *,
        clock: Clock | None = None,
        only: Collection[str] | None = None,
        resting: Resting | None = None,
        each: Callable[[], None] | None = None,
        gate: Callable[[Listing], bool] | None = None,
    ) -> None:
        self._kit = kit
        self._clock = clock or kit.clock
        self._folder = folder
        self._card = card
        self._tell = tell
        self._quiet_ms = quiet_ms
        self._only = only
        self._resting = resting
        self._each = each
        self._gate = gate
        self._files = 0
        self._told_ms: int | None = None

    def run(self, cancel: Event) -> Copying:
        """Make the pass and give what came of it.

        Raises what ``list_folder`` and ``read_in`` raise; a card that went away is no error but a result.
        """
        listing = list_folder(self._folder) if self._only is None else list_some(self._folder, self._only)
        if self._gate is not None and not self._gate(listing):
            return Copying(self._card, "held")
        pacing = Pacing(self._clock, listing, self._card)
        result = read_in(
            self._kit.home,
            self._kit.require_visit(),
            listing,
            progress=lambda files, read: self._progress(pacing, files, read),
            cancel=cancel,
        )
        left = card_left(self._kit.store, result.card)
        now_ms = self._clock.mono_ms()
        if self._resting is not None:
            unfinished = (row.path for row in left if row.state == "incomplete")
            self._resting.look(_shapes(listing.root, unfinished), now_ms)
        return came_of(result, self._card, left, self._resting, now_ms)

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

    def _progress(self, pacing: Pacing, files: int, read: int) -> None:
        spent_ms = pacing.spent_ms()
        # Of what is known already nothing is read, and nothing told.
        if read and spent_ms >= (self._quiet_ms if self._told_ms is None else self._told_ms + TOLD_APART_MS):
            self._told_ms = spent_ms
            self._tell(pacing.now(files, read))
        if files > self._files:
            self._files = files
            if self._each is not None:
                self._each()


def sizes_of(listing: Listing) -> list[int]:
    """Give, for each file of a card in the order of a pass, the bytes up to its end."""
    return list(accumulate(_size(listing.root / file.path) for file in arrange(listing.paths).files()))


def came_of(
    result: IngestResult,
    card: str,
    left: Sequence[LeftRow],
    resting: Resting | None = None,
    now_ms: int = 0,
) -> Copying:
    """Say what came of a pass; ``left`` is what is not taken of the card, by this pass or an earlier one.

    A file that is not ``resting`` is no fault: it is told once a camera has written it, and read then.
    """
    taken = result.new + result.known
    if any(row.reason == "card-gone" for row in result.failed):
        return Copying(card, "pulled", taken, result.files, left=len(left))
    if not left:
        return Copying(card, "done", taken, result.files, new=result.new)
    faults = [
        row for row in left if row.state != "incomplete" or not resting or resting.rests(row.path, now_ms)
    ]
    if not faults:
        return Copying(card, "copying", taken, result.files, new=result.new, left=len(left))
    first = min(faults, key=lambda row: (row.state == "unread", row.state == "incomplete"))
    empty = first.state == "incomplete" and resting is not None and resting.empty(first.path)
    reason = "empty" if empty else first.reason or _REASONS[first.state]
    file = first.path.rpartition("/")[2]
    return Copying(
        card, "partly", taken, result.files, new=result.new, left=len(left), reason=reason, file=file
    )


def _shapes(root: Path, files: Iterable[str]) -> dict[str, Shape]:
    """Give size and time of those files that are still there."""
    shapes = {}
    for file in files:
        with suppress(OSError, ValueError):
            status = (root / file).stat()
            shapes[file] = status.st_size, status.st_mtime_ns
    return shapes


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
