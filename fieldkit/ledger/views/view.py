"""What a view is: its tables, how each kind of event changes them, which rows an undo voids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.ledger.events import Event

if TYPE_CHECKING:
    from sqlite_utils import Database

Fold = Callable[["Database", Event], None]


@dataclass(frozen=True)
class View:
    """One subject's tables and folds.

    Every table named in ``acts`` has the columns station, seq and void: an undo sets ``void`` on the rows
    that its target made. ``after_undo`` then mends what was derived from them.
    """

    tables: str
    folds: Mapping[str, Fold]
    acts: tuple[str, ...] = ()
    after_undo: Callable[["Database", str, str, int], None] | None = None


def milliseconds(at: str) -> int:
    """Turn an ISO time with zone into milliseconds since 1970."""
    return round(datetime.fromisoformat(at).timestamp() * 1000)
