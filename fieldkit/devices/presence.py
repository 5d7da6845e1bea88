"""When the same card in the same place is one presentation and when it is two (pure)."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Presence:
    """What lies on one reader: the last value told and when it was last known to lie there."""

    value: str = ""
    seen_ms: int = 0


def still_there(presence: Presence, now_ms: int) -> Presence:
    """Note that the card which was told still lies there."""
    return replace(presence, seen_ms=now_ms) if presence.value else presence


def present(presence: Presence, value: str, now_ms: int, gap_ms: int) -> tuple[Presence, bool]:
    """Tell whether a value just read is a new presentation.

    Readers of type B cards lose and find a card that nobody moved, because its HALT does not
    work: the same value again within ``gap_ms`` of when it was last known there is one presentation.
    """
    same = presence.value == value and now_ms - presence.seen_ms <= gap_ms
    return Presence(value, now_ms), not same


def failed(presence: Presence, error: str, now_ms: int, gap_ms: int) -> tuple[Presence, bool]:
    """Tell whether a failure is to be told: not while a card that was read may still lie there.

    A card that is told unreadable is told once, however often the reader finds it again.
    """
    if presence.value and now_ms - presence.seen_ms <= gap_ms:
        mine = presence.value == error
        return (replace(presence, seen_ms=now_ms) if mine else presence), False
    return Presence(error, now_ms), True
