"""Having frames judged: opened, looked at in worker processes, the verdict written down."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from fieldkit.errors import FieldkitError
from fieldkit.frames.blobs import BlobStore
from fieldkit.ledger import kinds
from fieldkit.ledger.home import Home
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.visits import Visit
from fieldkit.portrait.errors import JudgeStopped, JudgeTimedOut
from fieldkit.portrait.profile import Profile
from fieldkit.portrait.verdict import Judgement, Reason

AHEAD = 4
NOT_JUDGED = Judgement(0, "doubtful", (Reason.TOO_SLOW,))
_UNSEEN = frozenset({Reason.UNREADABLE, Reason.TOO_SLOW})


class Judges(Protocol):
    """Judges pictures somewhere else."""

    def submit(self, jpeg: bytes, profile: Profile) -> Future[Judgement]:
        """Begin to judge one picture."""
        ...


def unjudged(home: Home, visit: Visit) -> list[tuple[str, str]]:
    """Give the frames with a JPEG that were not judged yet, each with its blob, as they were read."""
    return read_frames.unjudged(home.store, visit.key)


def judge_frames(
    home: Home,
    visit: Visit,
    judges: Judges,
    profile: Profile,
    progress: Callable[[str, Judgement], None] | None = None,
) -> int:
    """Judge every frame that was not judged yet and give how many there were.

    A blob that cannot be opened here (its day key is gone) is left for the central server.
    """
    blobs, secrets = BlobStore(home.path), home.opening_secrets()
    waiting: list[tuple[str, Future[Judgement]]] = []
    judged = 0

    def settle(most: int) -> None:
        nonlocal judged
        while len(waiting) > most:
            frame, future = waiting.pop(0)
            try:
                judgement = future.result()
            except JudgeTimedOut:
                # It would take as long each time: that it could not be judged is its verdict.
                judgement = NOT_JUDGED
            except JudgeStopped:
                # It is tried again another time; those behind it need not wait for that.
                continue
            _record(home, visit, frame, judgement)
            judged += 1
            if progress:
                progress(frame, judgement)

    for frame, blob in unjudged(home, visit):
        try:
            jpeg = blobs.opened(blob, secrets)
        except FieldkitError:
            continue
        waiting.append((frame, judges.submit(jpeg, profile)))
        settle(AHEAD)
    settle(0)
    return judged


def _record(home: Home, visit: Visit, frame: str, judgement: Judgement) -> None:
    reasons = [str(reason) for reason in judgement.reasons]
    with home.journal.writing() as pen:
        pen.record(
            kinds.PORTRAIT_JUDGED,
            {
                "faces": None if _UNSEEN.intersection(judgement.reasons) else judgement.faces,
                "verdict": judgement.verdict,
                "reasons": reasons,
                "measures": {name: round(value, 4) for name, value in judgement.measures.items()},
            },
            visit=visit.key,
            school=visit.school,
            subject=frame,
        )
