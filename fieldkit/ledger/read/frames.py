"""Which frames and files there are, which originals are safe, what was judged and said of a frame."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger.store import Row, Store


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One exposure; ``shot`` is the camera's own clock, without zone, or None."""

    frame: str
    station: str
    body: str
    card: str
    file: str
    shot: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a frame, or of none, and the blob that holds it."""

    frame: str
    kind: str
    path: str
    pt_sha256: str
    ct_sha256: str
    size: int
    ct_size: int
    verified: int


@dataclass(frozen=True, slots=True)
class CardFileRow:
    """One file of a card and the blob that holds its content."""

    card: str
    path: str
    size: int
    ct_sha256: str
    verified: int


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A file of a card that was not taken; ``state`` is incomplete, failed or unread."""

    card: str
    path: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class PortraitRow:
    """What was judged of a frame; ``faces`` is None where the picture could not be read."""

    frame: str
    faces: int | None
    verdict: str
    reasons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A link as a seal fixed it."""

    frame: str
    batch: str
    person: str | None
    status: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What a person said of a frame's link."""

    frame: str
    person: str | None
    at: datetime


def frames(store: Store, visit: str, station: str | None = None) -> list[FrameRow]:
    """Give the frames of a visit, or of one of its stations, in the order they were read."""
    where, params = ("", ()) if station is None else (" AND station=?", (station,))
    rows = store.query(
        f"SELECT * FROM frames WHERE visit=?{where} ORDER BY station, number",
        (visit, *params),
    )
    return [_frame(row) for row in rows]


def frame(store: Store, visit: str, name: str) -> FrameRow | None:
    """Give one frame, or None."""
    row = store.one("SELECT * FROM frames WHERE visit=? AND frame=?", (visit, name))
    return _frame(row) if row else None


def some_frames(store: Store, visit: str, names: Sequence[str]) -> list[FrameRow]:
    """Give some frames of a visit in the order they were read."""
    rows = store.query(
        f"SELECT * FROM frames WHERE visit=? AND frame IN ({','.join('?' * len(names))}) "
        "ORDER BY station, number",
        (visit, *names),
    )
    return [_frame(row) for row in rows]


def frame_of_stem(store: Store, visit: str, card: str, folder: str, stem: str) -> str | None:
    """Give the frame that a file with this stem on this card belongs to, or None."""
    found = store.value(
        "SELECT frame FROM frames WHERE visit=? AND card=? AND folder=? AND stem=? "
        "ORDER BY number DESC LIMIT 1",
        (visit, card, folder, stem),
    )
    return None if found is None else str(found)


def frame_of_content(store: Store, visit: str, pt_sha256: str) -> str | None:
    """Give the frame of a visit that was first read with this content, or None."""
    found = store.value("SELECT frame FROM files WHERE visit=? AND pt_sha256=?", (visit, pt_sha256))
    return None if found is None else str(found)


def has_kind(store: Store, visit: str, name: str, kind: str) -> bool:
    """Say whether a frame has a file of a kind already."""
    return bool(store.value("SELECT 1 FROM files WHERE visit=? AND frame=? AND kind=?", (visit, name, kind)))


def next_frame_number(store: Store, visit: str, station: str) -> int:
    """Give the next free number of a station's frames."""
    last = store.value("SELECT max(number) FROM frames WHERE visit=? AND station=?", (visit, station))
    return 1 + int(last or 0)


def files(store: Store, visit: str, name: str | None = None) -> list[FileRow]:
    """Give the files of a visit, or of one frame."""
    where, params = ("", ()) if name is None else (" AND frame=?", (name,))
    rows = store.query(
        f"SELECT * FROM files WHERE visit=?{where} ORDER BY station, seq",
        (visit, *params),
    )
    return [
        FileRow(
            row["frame"], row["kind"], row["path"], row["pt_sha256"], row["ct_sha256"], row["size"],
            row["ct_size"], row["verified"],
        )
        for row in rows
    ]  # fmt: skip


def blob_of_content(store: Store, pt_sha256: str) -> str | None:
    """Give the blob that holds a content, of whichever visit, or None where it is not known."""
    found = store.value("SELECT ct_sha256 FROM files WHERE pt_sha256=?", (pt_sha256,))
    return None if found is None else str(found)


def content_on_card(store: Store, card: str, path: str, size: int, mtime_ns: int) -> str | None:
    """Give the content that a file of a card was found to have, or None where it was never read."""
    found = store.value(
        "SELECT pt_sha256 FROM card_files WHERE card=? AND path=? AND size=? AND mtime_ns=?",
        (card, path, size, mtime_ns),
    )
    return None if found is None else str(found)


def kept_of_card(store: Store, card: str) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Give content and blob of every kept file of a card, by its path, size and time."""
    rows = store.each(
        "SELECT card_files.path, card_files.size, mtime_ns, pt_sha256, ct_sha256 "
        "FROM card_files JOIN files USING (pt_sha256) WHERE card=?",
        (card,),
    )
    return {(row["path"], row["size"], row["mtime_ns"]): (row["pt_sha256"], row["ct_sha256"]) for row in rows}


def unproven_of_card(store: Store, card: str) -> list[str]:
    """Give the blobs of a card's files that were never read back, each once."""
    rows = store.query(
        "SELECT DISTINCT ct_sha256 FROM card_files JOIN files USING (pt_sha256) WHERE card=? AND verified=0",
        (card,),
    )
    return [row["ct_sha256"] for row in rows]


def card_contents(store: Store) -> list[CardFileRow]:
    """Give every file of every card that was kept, in the order they were read."""
    rows = store.query(
        "SELECT card, card_files.path, card_files.size, files.ct_sha256, files.verified "
        "FROM card_files JOIN files USING (pt_sha256) ORDER BY card_files.rowid"
    )
    return [
        CardFileRow(row["card"], row["path"], row["size"], row["ct_sha256"], row["verified"]) for row in rows
    ]


def card_left(store: Store, card: str | None = None) -> list[LeftRow]:
    """Give the files that the newest pass over a card, or over every card, did not take."""
    where, params = ("", ()) if card is None else (" WHERE card=?", (card,))
    rows = store.query(f"SELECT * FROM card_left{where} ORDER BY card, path", params)
    return [LeftRow(row["card"], row["path"], row["state"], row["reason"]) for row in rows]


def blobs(store: Store) -> dict[str, int]:
    """Give every blob that an event vouches for, with its size."""
    return {row["ct_sha256"]: row["ct_size"] for row in store.query("SELECT ct_sha256, ct_size FROM files")}


def stations(store: Store, visit: str) -> list[str]:
    """Name the stations that took frames at a visit, in the order of their letters."""
    rows = store.query("SELECT DISTINCT station FROM frames WHERE visit=? ORDER BY station", (visit,))
    return [row["station"] for row in rows]


def portraits(store: Store, visit: str, names: Sequence[str] | None = None) -> dict[str, PortraitRow]:
    """Give what was judged of the frames of a visit, or of some of them, by frame."""
    where, params = ("", ()) if names is None else (f" AND frame IN ({','.join('?' * len(names))})", names)
    rows = store.query(f"SELECT * FROM portraits WHERE visit=?{where}", (visit, *params))
    return {row["frame"]: _portrait(row) for row in rows}


def faces(store: Store, visit: str) -> list[tuple[str, int, datetime]]:
    """Give for each judged frame that could be read how many faces were found in it, and when."""
    rows = store.query("SELECT frame, faces, at FROM portraits WHERE visit=? AND faces IS NOT NULL", (visit,))
    return [(row["frame"], row["faces"], datetime.fromisoformat(row["at"])) for row in rows]


def unjudged(store: Store, visit: str) -> list[tuple[str, str]]:
    """Give the frames with a JPEG of which nothing was judged, each with its blob, as they were read."""
    rows = store.query(
        "SELECT files.frame, ct_sha256 FROM files LEFT JOIN portraits USING (visit, frame) "
        "WHERE visit=? AND files.kind='jpeg' AND files.frame<>'' AND portraits.frame IS NULL "
        "ORDER BY files.station, files.seq",
        (visit,),
    )
    return [(row["frame"], row["ct_sha256"]) for row in rows]


def accepted_by_hand(store: Store, visit: str) -> dict[str, bool]:
    """Give the frames that somebody accepted or rejected, by frame; the newest word counts."""
    rows = store.query(
        "SELECT frame, accepted FROM rejections WHERE visit=? AND void=0 ORDER BY hlc, station, seq", (visit,)
    )
    return {row["frame"]: bool(row["accepted"]) for row in rows}


def said(store: Store, visit: str) -> list[SaidRow]:
    """Give what people said of links, oldest first, where it stands."""
    rows = store.query(
        "SELECT frame, person, at FROM said WHERE visit=? AND void=0 ORDER BY hlc, station, seq, frame",
        (visit,),
    )
    return [SaidRow(row["frame"], row["person"], datetime.fromisoformat(row["at"])) for row in rows]


def sealed(store: Store, visit: str) -> dict[str, SealedRow]:
    """Give the links that seals fixed, by frame."""
    rows = store.query("SELECT * FROM sealed WHERE visit=?", (visit,))
    return {
        row["frame"]: SealedRow(row["frame"], row["batch"], row["person"], row["status"], row["confidence"])
        for row in rows
    }


def sealed_batches(store: Store, visit: str) -> frozenset[str]:
    """Give the batches that are signed off."""
    return frozenset(row["batch"] for row in store.query("SELECT batch FROM seals WHERE visit=?", (visit,)))


def said_since_seal(store: Store, visit: str) -> dict[str, str | None]:
    """Give what was said of sealed frames after their seal, by frame: those words are corrections."""
    rows = store.query(
        "SELECT said.frame, said.person FROM said JOIN sealed USING (visit, frame) "
        "WHERE said.visit=? AND said.void=0 AND said.hlc > sealed.hlc "
        "ORDER BY said.hlc, said.station, said.seq",
        (visit,),
    )
    return {row["frame"]: row["person"] for row in rows}


def _portrait(row: Row) -> PortraitRow:
    reasons = tuple(json.loads(row["reasons"]))
    return PortraitRow(row["frame"], row["faces"], row["verdict"], reasons, datetime.fromisoformat(row["at"]))


def _frame(row: Row) -> FrameRow:
    return FrameRow(
        frame=row["frame"],
        station=row["station"],
        body=row["body"],
        card=row["card"],
        file=row["file"],
        shot=datetime.fromisoformat(row["shot"]) if row["shot"] else None,
        at=datetime.fromisoformat(row["at"]),
    )
