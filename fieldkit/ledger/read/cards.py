"""What was said of cards, and on which days and with which cameras the visits of this home took photos."""

from dataclasses import dataclass
from datetime import date

from fieldkit.ledger.store import Store


@dataclass(frozen=True, slots=True)
class ShotDay:
    """A day, by a camera's own clock, on which a camera took frames of a visit."""

    visit: str
    body: str
    day: date


def read_into(store: Store, visit: str, card: str) -> bool:
    """Say whether any file of a card was read into a visit."""
    return bool(store.value("SELECT 1 FROM card_files WHERE card=? AND visit=? LIMIT 1", (card, visit)))


def card_answer(store: Store, visit: str, card: str) -> str:
    """Give what was answered when somebody was asked whether a card belongs to a visit, or empty text."""
    return str(store.value("SELECT answer FROM card_answers WHERE visit=? AND card=?", (visit, card)) or "")


def door_days(store: Store) -> list[tuple[str, date]]:
    """Give the days on which somebody checked in, each with its visit."""
    rows = store.query("SELECT DISTINCT visit, substr(at, 1, 10) AS day FROM checkins WHERE void=0")
    return [(row["visit"], date.fromisoformat(row["day"])) for row in rows]


def shot_days(store: Store) -> list[ShotDay]:
    """Give the days on which each camera took frames of each visit."""
    rows = store.query("SELECT DISTINCT visit, body, substr(shot, 1, 10) AS day FROM frames WHERE shot<>''")
    return [ShotDay(row["visit"], row["body"], date.fromisoformat(row["day"])) for row in rows]
