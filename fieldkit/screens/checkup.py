"""A check of the laptop with its home open: the doctor's own checks, and what the open visit tells."""

from collections.abc import Sequence

from fieldkit.doctor.finding import Finding
from fieldkit.doctor.ready import examine
from fieldkit.kit import Kit
from fieldkit.studio.so_far import bytes_to_come, cameras_behind


def check_up(kit: Kit, *, screen: Finding | None = None, key_ms: Sequence[float] = ()) -> list[Finding]:
    """Check the laptop; ``screen`` and ``key_ms`` are what the terminal app knows of itself."""
    visit, station = kit.open_visit(), kit.journal.station.id
    return examine(
        kit.home.path,
        kit.home,
        kit.clock,
        exists=True,
        screen=screen,
        to_come=bytes_to_come(kit.store, visit.key) if visit else None,
        behind=cameras_behind(kit.store, visit.key, station, kit.clock.now()) if visit else {},
        key_ms=key_ms,
    )
