"""Scanners that type: a burst of keys told from a person's typing by its timing (pure).

A burst is one credential. Its keys are held back from the field as soon as they are too fast for
fingers, its Enter never reaches the screen, and when it has ended the screen gets one ``Scan`` that
replaces whatever was half typed. Give each key the time at which it came from the terminal, not
the time at which it is handled, so that a busy screen does not look like a fast scanner.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

ENDS = frozenset("\r\n\t")


@dataclass(frozen=True, slots=True)
class WedgeLimits:
    """How a scanner differs from fingers; times in milliseconds.

    ``gap`` is the longest time between two keys of a burst, ``shortest`` the fewest keys of one,
    ``quiet`` how long nothing may come after its Enter, since a code may hold line breaks, and
    ``stall`` how long a burst may be interrupted by a busy machine. A scanner that sends no Enter
    needs ``needs_end`` False, and then ``shortest_endless`` keys.
    """

    gap: int = 35
    shortest: int = 4
    quiet: int = 45
    stall: int = 500
    needs_end: bool = True
    shortest_endless: int = 8


@dataclass(frozen=True, slots=True)
class Key:
    """One key: a character, or one of ``ENDS``, and when it came in milliseconds."""

    char: str = field(repr=False)
    at_ms: int


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys a person typed: hand them to the field as they are."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole code: it replaces the field's content, and its end confirms nothing.

    The first ``shown`` keys reached the field before the burst was known for one.
    """

    text: str = field(repr=False)
    shown: int = 0


Outcome = Typed | Scan


@dataclass(frozen=True, slots=True)
class Wedge:
    """The keys of the last moment; empty between two bursts.

    ``run`` is the fast run under way, of which the first ``shown`` keys were let through.
    """

    limits: WedgeLimits = WedgeLimits()
    run: tuple[Key, ...] = field(default=(), repr=False)
    shown: int = 0

    @property
    def holding(self) -> bool:
        """Tell whether a burst is under way, so that ``settle`` will be due."""
        return len(self.run) >= self.limits.shortest


def press(wedge: Wedge, key: Key) -> tuple[Wedge, tuple[Outcome, ...]]:
    """Take one key; give what the screen does now, in order."""
    wedge, outcomes = settle(wedge, key.at_ms)
    if wedge.run and _continues(wedge, key):
        wedge = replace(wedge, run=(*wedge.run, key))
        if wedge.holding:
            return wedge, outcomes
        return replace(wedge, shown=len(wedge.run)), (*outcomes, Typed(key.char))
    wedge, before = interrupt(wedge)
    started = replace(wedge, run=() if key.char in ENDS else (key,), shown=1)
    return started, (*outcomes, *before, Typed(key.char))


def settle(wedge: Wedge, now_ms: int) -> tuple[Wedge, tuple[Outcome, ...]]:
    """End a burst whose time is over; call it when ``due_ms`` has come and no key did."""
    due = due_ms(wedge)
    return (wedge, ()) if due is None or now_ms < due else interrupt(wedge)


def interrupt(wedge: Wedge) -> tuple[Wedge, tuple[Outcome, ...]]:
    """End what is under way now: for a key that is no character, or a screen that closes."""
    ended = replace(wedge, run=(), shown=0)
    if _is_scan(wedge):
        text = "".join(key.char for key in wedge.run)
        if text[-1] in ENDS:
            text = text[:-2] if text.endswith("\r\n") else text[:-1]
        return ended, (Scan(text, wedge.shown),)
    held = "".join(key.char for key in wedge.run[wedge.shown :])
    return ended, (Typed(held),) if held else ()


def due_ms(wedge: Wedge) -> int | None:
    """Tell when ``settle`` has something to say, or None while nothing is held."""
    if not wedge.holding:
        return None
    last, limits = wedge.run[-1], wedge.limits
    if last.char in ENDS:
        return last.at_ms + limits.quiet + 1
    return last.at_ms + (limits.stall if _may_stall(wedge) else limits.gap) + 1


def _continues(wedge: Wedge, key: Key) -> bool:
    last = wedge.run[-1]
    gap = key.at_ms - last.at_ms
    if gap <= wedge.limits.gap:
        return True
    # A burst under way may be held up by the machine once; one that had its Enter is over.
    return last.char not in ENDS and gap <= wedge.limits.stall and _may_stall(wedge)


def _may_stall(wedge: Wedge) -> bool:
    # A key held down repeats as evenly as a scanner types, but it is always the same key.
    several = len({key.char for key in wedge.run}) > 1
    return wedge.holding and several and not _stalls(wedge)


def _stalls(wedge: Wedge) -> int:
    return sum(b.at_ms - a.at_ms > wedge.limits.gap for a, b in pairwise(wedge.run))


def _is_scan(wedge: Wedge) -> bool:
    content = [key.char for key in wedge.run if key.char not in ENDS]
    if len(content) < wedge.limits.shortest or len(set(content)) == 1:
        return False
    if wedge.run[-1].char not in ENDS:
        return not wedge.limits.needs_end and len(content) >= wedge.limits.shortest_endless
    # A late Enter may be a person's own, after keys that a busy terminal delivered at once.
    late = wedge.run[-1].at_ms - wedge.run[-2].at_ms > wedge.limits.gap
    return not late or len(content) >= wedge.limits.shortest_endless
