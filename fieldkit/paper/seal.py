"""Sign-off: the links of a batch become events, and from then on only corrections change them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.visits import Visit
from fieldkit.paper.day import Day, LinkedFrame, read_day
from fieldkit.paper.errors import BatchSealed, NothingToSeal
from fieldkit.paper.reconcile import OPEN_CODES, BatchFigures, Standing, find_batch, reconcile, standings


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """One batch that was signed off: its figures, how many frames were fixed, what stays open."""

    figures: BatchFigures
    frames: int
    open: tuple[Standing, ...]

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``fieldkit seal``."""
        left = [{"person": one.person.key, "reason": one.reason} for one in self.open]
        return {"batch": self.figures.batch, **self.figures.counts(), "frames": self.frames, "open": left}


def seal(
    journal: Journal,
    visit: Visit,
    links: Callable[[], Sequence[LinkedFrame]],
    batch: str | None = None,
) -> list[SealedBatch]:
    """Sign off one batch, or every open batch in which somebody was taken, in one transaction.

    ``links`` is asked inside the transaction, so that what is sealed is what stands when it commits.
    Frames under review are never sealed. Raises NoSuchBatch, BatchSealed, NothingToSeal.
    """
    with journal.writing() as pen:
        day = read_day(journal.store, visit.key, links())
        wanted = _wanted(day, batch)
        due = standings(day)
        done = [_sealed(day, due, figures) for figures in wanted]
        for sealed, rows in done:
            pen.record(
                kinds.BATCH_SEALED,
                {"figures": sealed.figures.counts(), "links": rows},
                visit=visit.key,
                school=visit.school,
                subject=sealed.figures.batch,
            )
    return [sealed for sealed, _ in done]


def _wanted(day: Day, batch: str | None) -> list[BatchFigures]:
    if batch is not None:
        batch = find_batch(day, batch)
        if batch in day.sealed_batches:
            raise BatchSealed(batch=batch)
    found = [
        figures
        for figures in reconcile(day, batch).batches
        if not figures.sealed and figures.taken + figures.walk_ins
    ]
    if not found:
        raise NothingToSeal
    return found


def _sealed(
    day: Day, due: Sequence[Standing], figures: BatchFigures
) -> tuple[SealedBatch, list[dict[str, object]]]:
    rows: list[dict[str, object]] = [
        {
            "frame": one.frame.frame,
            "person": standing.person.key,
            "status": one.link.status,
            "confidence": round(one.link.confidence, 4),
        }
        for standing in due
        if standing.batch == figures.batch
        for one in standing.frames
        if one.frame.frame not in day.sealed
    ]
    left = tuple(one for one in figures.not_taken if one.code in OPEN_CODES)
    return SealedBatch(figures, len(rows), left), rows
