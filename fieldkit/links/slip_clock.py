"""The clock of frames read in later where slips or faces tell: who checked in, who sat for other bodies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fieldkit.links.times import Seconds

_WALK = 8.0
_TOGETHER = 30.0
_FEWEST = 3
_FAR_OUT = 1800.0
_BESIDE = 2


@dataclass(frozen=True, slots=True)
class Turns:
    """Who was photographed with a read slip: when they checked in, and their first and last frame."""

    door: Seconds
    begins: Seconds
    ends: Seconds


def by_check_ins(distances: Iterable[float]) -> float | None:
    """Give the clock error by the distances from shot to check-in, None where they are too few.

    Nobody is photographed before the door, so it is where the check-ins stop: the last with two
    others just before it, which is no misread slip's.
    """
    known = np.sort(np.array(list(distances)))
    if known.size < _FEWEST:
        return None
    near = known[2:] - known[:-2] < _TOGETHER
    held = np.flatnonzero(near)
    return _WALK + float(known[held[-1] + 2] if held.size else np.median(known))


def turns_of(names: Sequence[str], times: Seconds, turn_door: Mapping[str, float]) -> Turns:
    """Give the turns of one body as it shot them; a turn's last frame is the one before the next slip."""
    slips = np.array([at for at, name in enumerate(names) if name in turn_door], np.intp)
    door = np.array([turn_door[names[at]] for at in slips.tolist()])
    return Turns(door, times[slips], times[np.append(slips[1:], len(names)) - 1])


def in_line(*turns: Turns) -> Turns:
    """Give the turns of some bodies in the order of the line."""
    each = [(one.door, one.begins, one.ends) for one in turns]
    door, begins, ends = (np.concatenate(column) for column in zip(*each, strict=True))
    rank = np.argsort(door, kind="stable")
    return Turns(door[rank], begins[rank], ends[rank])


def between(turns: Turns, others: Turns, line: Seconds) -> float:
    """Give by how much to move turns so that they fall between those before and behind them in line.

    Whoever stands next in line to another body's turn sits right before or behind it; of the moves
    that these tell, the one that most turns and neighbours agree with. ``others`` are in the order of
    the line, ``line`` are all check-ins.
    """
    if turns.door.size < _FEWEST or others.door.size < _FEWEST:
        return 0.0
    behind = np.searchsorted(others.door, turns.door)
    inside = (behind > 0) & (behind < others.door.size)
    behind, before, door = behind[inside], behind[inside] - 1, turns.door[inside]
    least, most = others.ends[before] - turns.begins[inside], others.begins[behind] - turns.ends[inside]
    place, places = np.searchsorted(line, door), np.searchsorted(line, others.door)
    ahead, after = place - places[before] <= _BESIDE, places[behind] - place <= _BESIDE
    pause = float(np.median(turns.begins[1:] - turns.ends[:-1]))
    moves = np.concatenate((least[ahead] + pause, most[after] - pause))
    if moves.size < _FEWEST:
        return 0.0
    agree = np.abs(moves[:, None] - moves) < _TOGETHER
    fit = np.mean((least < moves[:, None]) & (moves[:, None] < most), axis=1) + agree.mean(axis=1)
    # A pause at noon stands between neighbours too; the check-ins alone are not so far out.
    best = agree[int(np.argmax(fit - np.abs(moves) / _FAR_OUT))]
    own = np.concatenate(([-np.inf], np.sort(turns.door), [np.inf]))
    first = own[np.searchsorted(own, door) - 1] <= others.door[before]
    last = own[np.searchsorted(own, door, side="right")] >= others.door[behind]
    plain = best & np.concatenate((first[ahead], last[after]))
    if best.sum() < _FEWEST:
        return 0.0
    return float(np.median(moves[plain if plain.any() else best]))
