"""A check of the laptop with its home open: the doctor's own checks, and what the open visit tells."""

from collections.abc import Sequence
from contextlib import suppress

from fieldkit.doctor.finding import Finding
from fieldkit.doctor.ready import examine
from fieldkit.kit import Kit
from fieldkit.studio.errors import LinksStopped
from fieldkit.studio.so_far import behind_beside, bytes_to_come


def check_up(kit: Kit, *, screen: Finding | None = None, key_ms: Sequence[float] = ()) -> list[Finding]:
    """Check the laptop; ``screen`` and ``key_ms`` are what the terminal app knows of itself."""
    visit = kit.open_visit()
    return examine(
        kit.home.path,
        kit.home,
        kit.clock,
        exists=True,
        screen=screen,
        to_come=bytes_to_come(kit.store, visit.key) if visit else None,
        behind=_behind(kit, visit.key) if visit else {},
        key_ms=key_ms,
    )


def _behind(kit: Kit, visit: str) -> dict[str, float]:
    # Told of clocks beside the app; a check-up without them is better than none.
    with suppress(LinksStopped):
        return kit.beside.ask(behind_beside, visit, kit.journal.station.id, kit.clock.now())
    return {}
