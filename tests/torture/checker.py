"""Opens a home after the blow and says what is wrong with it; nothing where all is well."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.clock import SystemClock
from fieldkit.errors import FieldkitError
from fieldkit.frames.blobs import BlobStore
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger.home import is_home
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.verify import verify_ledger
from fieldkit.studio.reading import read_in
from tests.torture.stage import PASSPHRASE, Stage, photos_of

Said = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a check found: ``lost`` are acknowledgements that no longer hold, ``wrong`` all else."""

    lost: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lost or self.wrong)

    def __add__(self, other: "Finding") -> "Finding":
        return Finding(self.lost + other.lost, self.wrong + other.wrong)


def check_home(
    home: Path,
    acks: Sequence[Said],
    stage: Stage,
    *,
    next_turns: Sequence[int] = (),
    revoked: bool = False,
) -> Finding:
    """Check a home against what was acknowledged, then that the next pass takes what is missing.

    ``next_turns`` are the cards that the next pass reads. The home is recovered, so it is changed.
    ``revoked`` says that the victim told of an original that read back wrong: such a one may lie set
    aside, whole, as long as the next pass takes its photo anew.
    """
    if not is_home(home):
        return Finding(tuple(_name(ack) for ack in acks))
    try:
        kit = open_kit(home, PASSPHRASE, SystemClock(), "en")
    except FieldkitError as error:
        return Finding(tuple(_name(ack) for ack in acks), (f"does not open: {type(error).__name__}",))
    try:
        problems = list(verify_ledger(kit.store).problems)
        blobs, missing = BlobStore(home), set()
        for blob in read_frames.blobs(kit.store):
            file = blobs.path(blob)
            if revoked and file.with_suffix(".spoiled").is_file():
                aside = file.with_suffix(".spoiled").read_bytes()
                if hashlib.sha256(aside).hexdigest() != blob:
                    problems.append(f"spoilt blob {blob[:8]} set aside")
            elif not file.is_file():
                missing.add(blob)
                problems.append(f"no blob {blob[:8]}")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != blob:
                missing.add(blob)
                problems.append(f"spoilt blob {blob[:8]}")
        lost = [_name(ack) for ack in acks if not _holds(kit, ack, missing)]
        if not lost and not problems:
            problems += _next(kit, acks, stage, next_turns)
        return Finding(tuple(lost), tuple(problems))
    except FieldkitError as error:
        return Finding((), (f"does not work: {type(error).__name__} {error.__cause__!r}",))
    finally:
        kit.close()


def _holds(kit: Kit, ack: Said, missing: set[str]) -> bool:
    if "hash" in ack:
        # The chain makes this one hash speak for every event before it.
        held = kit.store.value(
            "SELECT hash FROM events WHERE station=? AND seq=?", (kit.journal.station.id, ack["seq"])
        )
        if held != ack["hash"]:
            return False
    return all(_shown(kit, ack, missing))


def _shown(kit: Kit, ack: Said, missing: set[str]) -> Iterator[bool]:
    visit = kit.open_visit()
    match ack["act"]:
        case "check-in":
            assert visit is not None
            rows = checkins(kit.store, visit.key, ack["person"])
            yield ack["number"] in {row.sequence_number for row in rows}
        case "photo" | "pass":
            for content in ack.get("contents", [ack.get("content")]):
                blob = read_frames.blob_of_content(kit.store, content)
                yield blob is not None and blob not in missing
                if blob and BlobStore(kit.home.path).path(blob).is_file():
                    yield _opens(kit, blob, content)
        case "link":
            assert visit is not None
            said = {row.frame: row.person for row in read_frames.said(kit.store, visit.key)}
            yield said.get(ack["frame"]) == ack["person"]
        case "seal":
            assert visit is not None
            sealed = read_frames.sealed(kit.store, visit.key)
            yield ack["batch"] in read_frames.sealed_batches(kit.store, visit.key)
            for frame, person in ack["links"].items():
                yield frame in sealed and sealed[frame].person == person


def _is_kept(kit: Kit, content: str) -> bool:
    blob = read_frames.blob_of_content(kit.store, content)
    return blob is not None and BlobStore(kit.home.path).path(blob).is_file()


def _opens(kit: Kit, blob: str, content: str) -> bool:
    opened = BlobStore(kit.home.path).opened(blob, kit.home.opening_secrets())
    return hashlib.sha256(opened).hexdigest() == content


def _next(kit: Kit, acks: Sequence[Said], stage: Stage, turns: Sequence[int]) -> Iterator[str]:
    """Go on working: the next pass takes all that is missing and nothing twice; no number comes twice."""
    visit = kit.open_visit()
    if visit is None:
        return
    for turn in turns:
        contents = [stage.contents[f"{turn}/{photo}"] for photo in photos_of(turn)]
        missing = [one for one in contents if not _is_kept(kit, one)]
        result = read_in(kit.home, visit, stage.card(turn))
        if result.new != len(missing) or result.new + result.known != len(contents):
            yield f"next pass of card {turn}: {result.as_json()}, missing {len(missing)}"
        again = read_in(kit.home, visit, stage.card(turn))
        if again.new:
            yield f"card {turn} taken twice"
        if any((kit.home.path / "spool").iterdir()):
            yield "spool not emptied"
    empty = [
        row.frame
        for row in read_frames.frames(kit.store, visit.key)
        if not read_frames.files(kit.store, visit.key, row.frame)
    ]
    if empty:
        yield f"frames without a file: {empty}"
    if turns:
        outcome = kit.desk().check_in("路人甲", walk_in="路人甲")
        if outcome.number in {ack["number"] for ack in acks if ack["act"] == "check-in"}:
            yield f"number {outcome.number} given twice"
        problems = verify_ledger(kit.store).problems
        yield from (f"after going on: {problem}" for problem in problems)


def _name(ack: Said) -> str:
    return f"{ack['act']} {ack.get('seq', '')}".strip()
