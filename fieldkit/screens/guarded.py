"""A thread's work, with a kit of its own and a border that no fault crosses."""

from collections.abc import Callable

from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.screens.verdicts import log_fault


def guarded(kit: Kit, work: Callable[[Kit], None]) -> None:
    """Do the work of a thread with a second kit of the same home; what fails is logged and ends it alone."""
    try:
        own = kit.again()
    except FieldkitError as error:
        log_fault(error)
        return
    try:
        work(own)
    except Exception as error:  # noqa: BLE001  a failing card never ends the app
        log_fault(error)
    finally:
        own.close()
