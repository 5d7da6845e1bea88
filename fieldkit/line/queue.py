"""The line between door and chair: who waits, in which order, who sits."""

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.ledger.read.line import ChairAct, CheckedIn


@dataclass(frozen=True, slots=True)
class Line:
    """Who sits now, who waits in order, who has sat; people by key."""

    sitting: str | None
    waiting: tuple[CheckedIn, ...]
    served: tuple[str, ...]


def line_up(checkins: Sequence[CheckedIn], chair: Sequence[ChairAct]) -> Line:
    """Work out the line from the acts at door and chair.

    A check-in puts a person at the end, sitting down takes them out wherever they stood, leaving takes
    them out until they check in again. Nobody else moves.
    """
    waiting: dict[str, CheckedIn] = {}
    served: list[str] = []
    sitting: str | None = None
    acts: list[CheckedIn | ChairAct] = [*checkins, *chair]
    acts.sort(key=lambda act: (act.at, act.hlc))
    for act in acts:
        if isinstance(act, CheckedIn):
            waiting.setdefault(act.person, act)
            continue
        person = act.person
        waiting.pop(person, None)
        if act.what != "leave":
            if sitting and sitting != person:
                served.append(sitting)
            sitting = person or sitting
    return Line(sitting, tuple(waiting.values()), tuple(served))
