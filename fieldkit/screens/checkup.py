"""A check of the laptop with its home open: the doctor's own checks, and what the open visit tells."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.doctor.finding import Finding
from fieldkit.doctor.ready import examine
from fieldkit.kit import Kit
from fieldkit.studio.errors import LinksStopped
from fieldkit.studio.so_far import behind_beside, bytes_to_come

if TYPE_CHECKING:
    from fieldkit.devices.survey import Survey


def check_up(
    kit: Kit,
    *,
    screen: Finding | None = None,
    key_ms: Sequence[float] = (),
    there: "Survey | None" = None,
) -> list[Finding]:
    """Check the laptop; ``screen`` and ``key_ms`` are what the terminal app knows of itself.

    ``there`` is what is plugged in where the machine itself would not know: at a rehearsal.
    """
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
        there=there,
    )


def _behind(kit: Kit, visit: str) -> dict[str, float]:
    # Told of clocks beside the app; a check-up without them is better than none.
    with suppress(LinksStopped):
        return kit.beside.ask(behind_beside, visit, kit.journal.station.id, kit.clock.now())
    return {}
