"""The order in which a camera body took its frames, whatever its file numbers and clock did."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from fieldkit.file_names import counter, folder_number
from fieldkit.links.recording import FrameTaken
from fieldkit.links.times import Flags, Numbers, Seconds, as_shown, odd, shot_seconds

_LAST_NUMBER = 9999
_NEAR_ROLL_OVER = 150
_STAYS = 5
_PAUSE = 8.0
_NEAR = 30


@dataclass(frozen=True, slots=True)
class _Placed:
    """A frame with what its file name says, and its times in seconds, both as the clocks showed them."""

    frame: FrameTaken
    folder: int
    number: int
    shot: float | None
    at: float


def shooting_order(frames: Iterable[FrameTaken]) -> dict[str, tuple[FrameTaken, ...]]:
    """Put the frames of each body in the order they were taken, bodies by name.

    File numbers (DCF, JEITA CP-3461: folder 100-999, file 0001-9999) go before the clock, which may
    jump or lack seconds; the clock settles a roll-over and cards that were changed.
    """
    bodies: dict[str, list[FrameTaken]] = defaultdict(list)
    for frame in frames:
        bodies[frame.body].append(frame)
    return {body: _one_body(bodies[body]) for body in sorted(bodies)}


def together(bodies: Sequence[Seconds], slips: Sequence[Flags]) -> Numbers:
    """Merge the frames of several bodies, each in its own order, by the time of what they belong to.

    What follows a slip in its body stays behind it, up to a pause, though others shoot in between
    or a clock is a little off. Gives the places in the bodies' frames laid end to end.
    """
    begins = [_runs(times, slip) if slip.any() else times for times, slip in zip(bodies, slips, strict=True)]
    return np.argsort(np.concatenate(begins), kind="stable")


def _runs(times: Seconds, slips: Flags) -> Seconds:
    """Give for each frame of a body when the run began that it stands in: at a slip, or after a pause."""
    starts = slips & ~np.append(False, slips[:-1])
    starts |= np.diff(times, prepend=-np.inf) > _PAUSE
    return np.asarray(times[starts][np.cumsum(starts) - 1])


def _one_body(frames: Sequence[FrameTaken]) -> tuple[FrameTaken, ...]:
    placed = [_place(frame) for frame in frames]
    by_number = _by_number(placed)
    if _steps_back(by_number) <= 2 and not _repeats(placed) and not _cards_take_turns(by_number):
        return tuple(one.frame for one in by_number)
    by_clock = _by_clock(by_number)
    return tuple(one.frame for one in by_clock)


def _place(frame: FrameTaken) -> _Placed:
    *folders, name = frame.file.replace("\\", "/").split("/")
    folder = folder_number(folders[-1]) if folders else 0
    number = counter(name.rpartition(".")[0] or name)
    return _Placed(frame, folder, number, shot_seconds(frame), as_shown(frame.at))


def _by_number(placed: Sequence[_Placed]) -> list[_Placed]:
    folders: dict[int, list[_Placed]] = defaultdict(list)
    for one in placed:
        folders[one.folder].append(one)
    runs: list[list[_Placed]] = []
    for folder in sorted(folders):
        run = _unroll(sorted(folders[folder], key=lambda one: (one.number, one.at, one.frame.id)))
        if runs and _runs_on(runs[-1][-1], run[0]):
            runs[-1].extend(run)
        else:
            runs.append(run)
    runs.sort(key=_middle_time)
    return [one for run in runs for one in run]


def _runs_on(last: _Placed, first: _Placed) -> bool:
    """Tell that a folder's numbers run on in the next folder, so that no clock may part them."""
    return first.folder == last.folder + 1 and 1 <= (first.number - last.number) % _LAST_NUMBER <= _NEAR


def _middle_time(run: Sequence[_Placed]) -> tuple[float, int]:
    shots = sorted(one.shot for one in run if one.shot is not None)
    times = shots if len(shots) * 2 > len(run) else sorted(one.at for one in run)
    return times[len(times) // 2], run[0].folder


def _unroll(run: list[_Placed]) -> list[_Placed]:
    """Turn a folder that rolled over so that 9999 comes before 0001."""
    if run[-1].number > _LAST_NUMBER or run[-1].number < _LAST_NUMBER - _NEAR_ROLL_OVER:
        return run
    if run[0].number > _NEAR_ROLL_OVER:
        return run
    gaps = [run[at].number - run[at - 1].number for at in range(1, len(run))]
    if not gaps or max(gaps) < _NEAR_ROLL_OVER:
        return run
    cut = gaps.index(max(gaps)) + 1
    low, high = run[:cut], run[cut:]
    return high + low if _middle_time(high) <= _middle_time(low) else run


def _steps_back(run: Sequence[_Placed]) -> int:
    shots = np.array([one.shot for one in run if one.shot is not None])
    return int((np.diff(shots[~odd(shots)]) < -1).sum())


def _cards_take_turns(run: Sequence[_Placed]) -> bool:
    """Tell that the clock parts frames by cards, each with numbers of its own, that were put in by turns.

    Frames of one card stay together a while; a clock that was set would mix them one by one.
    """
    card = np.cumsum([0] + [not _goes_on(before, after) for before, after in pairwise(run)])
    shots = np.array([np.nan if one.shot is None else one.shot for one in run])
    told = ~np.isnan(shots)
    card, shots = card[told], shots[told]
    if not ((np.diff(shots) < -1) & (np.diff(card) > 0)).any():
        return False
    turns = np.flatnonzero(np.diff(card[np.argsort(shots, kind="stable")], prepend=-1, append=-1))
    return float(np.median(np.diff(turns))) >= _STAYS


def _goes_on(before: _Placed, after: _Placed) -> bool:
    """Tell that a number follows another in the way of one card."""
    if before.folder == after.folder:
        return (after.number - before.number) % _LAST_NUMBER <= _NEAR_ROLL_OVER
    return _runs_on(before, after)


def _repeats(placed: Sequence[_Placed]) -> bool:
    return len({(one.folder, one.number) for one in placed}) < len(placed)


def _by_clock(run: Sequence[_Placed]) -> list[_Placed]:
    """Sort by the clock; a frame without a time stays behind the one before it by number."""
    keyed: list[tuple[float, int, _Placed]] = []
    clock = datetime.min.replace(tzinfo=UTC).timestamp()
    for place, one in enumerate(run):
        clock = one.shot if one.shot is not None else clock
        keyed.append((clock, place, one))
    keyed.sort(key=lambda key: key[:2])
    return [one for _, _, one in keyed]
