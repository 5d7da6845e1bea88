"""Delivery files: one photo a person, cropped by the profile, with lists and checksums beside them."""

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from fieldkit.errors import FieldkitError
from fieldkit.frames.blobs import BlobStore
from fieldkit.ledger import kinds
from fieldkit.ledger.home import Home
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.deliveries import CropRow, DeliveryRow, crops, deliveries
from fieldkit.ledger.read.visits import Visit
from fieldkit.paper import tables
from fieldkit.paper.day import Day, LinkedFrame, read_day
from fieldkit.paper.errors import FileInTheWay
from fieldkit.paper.folder import DeliveryFolder, open_folder
from fieldkit.paper.naming import safe_name
from fieldkit.paper.plan import LIMITS, Choice, LeftOut, Wanted, plan
from fieldkit.paper.reconcile import batches_of, find_batch
from fieldkit.portrait.errors import JudgeStopped, JudgeTimedOut
from fieldkit.portrait.profile import Profile
from fieldkit.portrait.verdict import Judgement

AHEAD = 4
_PAGE = 500
_NO_FACE = "no-face"
_CLOSED = "closed"
_TOO_SLOW = "too-slow"
_STOPPED = "stopped"

Progress = Callable[[int, int], None]


class Crops(Protocol):
    """Crops pictures somewhere else."""

    def submit(self, jpeg: bytes, profile: Profile) -> Future[Judgement]:
        """Begin to judge and crop one picture."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery did: keys of those whose file was written or stood already, and who has none."""

    delivered: tuple[str, ...]
    unchanged: tuple[str, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def complete(self) -> bool:
        """Say whether everybody who was photographed has a file."""
        return not any(one.standing.photographed for one in self.left_out)

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``fieldkit deliver``."""
        return {
            "delivered": len(self.delivered),
            "unchanged": len(self.unchanged),
            "left_out": [one.row() for one in self.left_out],
        }


def deliver(
    home: Home,
    visit: Visit,
    profile: Profile,
    links: Sequence[LinkedFrame],
    judges: Crops,
    folder: Path,
    batch: str | None = None,
    progress: Progress | None = None,
) -> Delivery:
    """Bring a delivery folder up to date, of one batch or of all; what has not changed is left alone.

    Everything is written aside and put in place at the end, so that an error changes nothing. Raises
    NoSuchBatch, FileInTheWay, NoRoom, NotWritable and what ``open_folder`` and writing events raise.
    """
    day = read_day(home.store, visit.key, links)
    batch = None if batch is None else find_batch(day, batch)
    history = deliveries(home.store, visit.key)
    files = read_frames.files(home.store, visit.key)
    before = {row.person: row.path for row in history}
    wanted, left = plan(day, files, profile, visit.school, before)
    with open_folder(folder) as place:
        place.check_folders(one.path for one in wanted)
        making = _Making(home, profile, judges, place, crops(home.store, visit.key), history)
        making.left += [one for one in left if batch in (None, one.standing.batch)]
        making.make([one for one in wanted if batch in (None, one.standing.batch)], progress)
        elsewhere = [one for one in left if batch not in (None, one.standing.batch)]
        beside: list[tuple[Wanted, str]] = []
        for one in wanted:
            if batch not in (None, one.standing.batch):
                stands = making.standing_choice(one)
                if stands:
                    beside.append((one, stands.file))
                else:
                    elsewhere.append(LeftOut(one.standing, "other-batch"))
        _finish(place, making, day, visit, batch, beside, elsewhere)
    _record(home, visit, profile, batch, making)
    keys = {
        fresh: tuple(one.wanted.person.key for one in making.placed if one.fresh is fresh)
        for fresh in (True, False)
    }
    return Delivery(keys[True], keys[False], tuple(making.left))


@dataclass(frozen=True, slots=True)
class _Placed:
    wanted: Wanted
    choice: Choice
    sha256: str
    fresh: bool


@dataclass
class _Making:
    """One run over the people: what is known of their crops, what was placed, who is left out."""

    home: Home
    profile: Profile
    judges: Crops
    place: DeliveryFolder
    known: dict[str, CropRow]
    history: Sequence[DeliveryRow]
    left: list[LeftOut] = field(default_factory=list)
    placed: list[_Placed] = field(default_factory=list)
    made: dict[str, CropRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._failed: dict[str, str] = {}
        self._blobs = BlobStore(self.home.path)
        self._secrets = self.home.opening_secrets()
        self._ours = {row.sha256 for row in self.history}
        self._paths: dict[tuple[str, str], str] = {}
        for row in self.history:
            self._paths[row.person, row.sha256] = row.path

    def make(self, people: Sequence[Wanted], progress: Progress | None) -> None:
        """Place a file for each, or leave them out; a few pictures are in work at once."""
        queue = deque(people)
        waiting: deque[tuple[Wanted, Choice, Future[Judgement]]] = deque()
        while queue or waiting:
            while queue and len(waiting) < AHEAD:
                wanted = queue.popleft()
                begun = self._begin(wanted)
                if begun:
                    waiting.append((wanted, *begun))
            if waiting:
                wanted, choice, future = waiting.popleft()
                if not self._end(wanted, choice, future):
                    queue.appendleft(wanted)
            if progress:
                progress(len(people) - len(queue) - len(waiting), len(people))

    def standing_choice(self, wanted: Wanted) -> Choice | None:
        """Give the frame whose file stands where it belongs already, or None."""
        for choice in wanted.choices:
            row = self.known.get(choice.crop)
            if row and _usable(row, choice) and self._stands(wanted.path, row.sha256):
                return choice
        return None

    def _begin(self, wanted: Wanted) -> tuple[Choice, Future[Judgement]] | None:
        """Go through a person's frames, the best first, until one is placed or must be cropped."""
        reason = "unreadable"
        for choice in wanted.choices:
            why = self._failed.get(choice.crop) or _why_not(self.known.get(choice.crop), choice)
            if not why:
                row = self.known.get(choice.crop)
                if row and self._stands(wanted.path, row.sha256):
                    self._put(wanted, choice, row.sha256, None)
                    return None
                copy = self._copy(wanted, row) if row else None
                if copy is not None and row:
                    self._put(wanted, choice, row.sha256, copy)
                    return None
                jpeg = self._opened(choice)
                if jpeg is not None:
                    return choice, self.judges.submit(jpeg, self.profile)
                why = self._failed[choice.crop]
            if choice is wanted.choices[0]:
                reason = why
            if choice.by_hand:
                # Somebody chose this very frame: no other takes its place unseen.
                break
        self.left.append(LeftOut(wanted.standing, reason))
        return None

    def _end(self, wanted: Wanted, choice: Choice, future: Future[Judgement]) -> bool:
        """Take a crop in; false where the person's next frame must be tried."""
        try:
            judged = future.result()
        except (JudgeTimedOut, JudgeStopped) as error:
            # Neither says anything of the file: what cropped it took too long, or died twice over it.
            self._failed[choice.crop] = _STOPPED if isinstance(error, JudgeStopped) else _TOO_SLOW
            return False
        except FieldkitError:
            self._failed[choice.crop] = "unreadable"
            return False
        crop = judged.crop
        if crop is None and "unreadable" in [str(reason) for reason in judged.reasons]:
            self._failed[choice.crop] = "unreadable"
            return False
        broken = [str(problem.limit) for problem in judged.problems]
        problems = tuple(dict.fromkeys(broken)) if crop else (_NO_FACE,)
        row = CropRow(choice.frame, hashlib.sha256(crop).hexdigest() if crop else "", problems)
        self.known[choice.crop] = self.made[choice.crop] = row
        if not _usable(row, choice):
            return False
        self._put(wanted, choice, row.sha256, None if self._stands(wanted.path, row.sha256) else crop)
        return True

    def _put(self, wanted: Wanted, choice: Choice, sha256: str, content: bytes | None) -> None:
        """Stage a file, or note that it stands already."""
        if content is not None:
            if self._in_the_way(wanted.path):
                self.left.append(LeftOut(wanted.standing, "in-the-way"))
                return
            self.place.stage(wanted.path, content)
        self.placed.append(_Placed(wanted, choice, sha256, content is not None))

    def _stands(self, path: str, sha256: str) -> bool:
        try:
            return self.place.found(path) == sha256
        except FileInTheWay:
            return False

    def _in_the_way(self, path: str) -> bool:
        try:
            found = self.place.found(path)
        except FileInTheWay:
            return True
        return found is not None and not self.place.is_ours(path) and found not in self._ours

    def _copy(self, wanted: Wanted, row: CropRow) -> bytes | None:
        """Give the file from where it lies under an earlier name; originals may be closed by now."""
        path = self._paths.get((wanted.person.key, row.sha256))
        if path and self.place.is_ours(path) and self._stands(path, row.sha256):
            return self.place.read(path)
        return None

    def _opened(self, choice: Choice) -> bytes | None:
        try:
            return self._blobs.opened(choice.ct_sha256, self._secrets)
        except FieldkitError:
            self._failed[choice.crop] = _CLOSED
            return None


def _usable(row: CropRow, choice: Choice) -> bool:
    return bool(row.sha256) and (not row.problems or choice.by_hand)


def _why_not(row: CropRow | None, choice: Choice) -> str:
    if row is None or _usable(row, choice):
        return ""
    return LIMITS + ", ".join(row.problems) if row.sha256 else _NO_FACE


def _finish(
    place: DeliveryFolder,
    making: _Making,
    day: Day,
    visit: Visit,
    batch: str | None,
    beside: Sequence[tuple[Wanted, str]],
    elsewhere: Sequence[LeftOut],
) -> None:
    """Make the lists, find what must go, and commit it all."""
    numbers = day.numbers()
    delivered = [*((one.wanted, one.choice.file) for one in making.placed), *beside]
    rows = tables.delivered_rows(delivered, numbers)
    left = tables.left_rows([*making.left, *elsewhere], numbers)
    school = safe_name(visit.school)
    sums = {one.wanted.path: one.sha256 for one in making.placed}
    for name, content in (
        ("index.xlsx", tables.as_xlsx("交付名单", tables.DELIVERED, rows)),
        ("index.csv", tables.as_csv(tables.DELIVERED, rows)),
        ("not-delivered.csv", tables.as_csv(tables.NOT_DELIVERED, left)),
    ):
        sums[f"{school}/{name}"] = _list(place, f"{school}/{name}", content)
    gone = _gone(place, making, day, batch, {wanted.path for wanted, _ in delivered})
    kept = {
        path: sha256
        for path, sha256 in place.sums.items()
        if path not in gone and path not in sums and (place.root / path).is_file()
    }
    place.commit(gone, kept | sums)


def _list(place: DeliveryFolder, path: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    found = place.found(path)
    if found == sha256:
        return sha256
    if found is not None and not place.is_ours(path):
        raise FileInTheWay(path=place.root / path)
    return place.stage(path, content)


def _gone(place: DeliveryFolder, making: _Making, day: Day, batch: str | None, stay: set[str]) -> list[str]:
    """Name the files to remove: ours, unchanged, of people in question who have none there any more.

    Where only the original could not be opened, the earlier file stays.
    """
    batches = batches_of(day)
    closed = {one.standing.person.key for one in making.left if one.reason == _CLOSED}
    gone = []
    for path, person in {row.path: row.person for row in making.history}.items():
        asked = batch is None or batches.get(person) == batch
        if asked and path not in stay and person not in closed and place.is_ours(path):
            try:
                unchanged = place.found(path) == place.sums[path]
            except FileInTheWay:
                unchanged = False
            if unchanged:
                gone.append(path)
    return sorted(gone)


def _record(home: Home, visit: Visit, profile: Profile, batch: str | None, making: _Making) -> None:
    last = {row.person: (row.path, row.sha256) for row in making.history}
    files = [
        {
            "person": one.wanted.person.key,
            "path": one.wanted.path,
            "frame": one.choice.frame,
            "sha256": one.sha256,
        }
        for one in making.placed
        if last.get(one.wanted.person.key) != (one.wanted.path, one.sha256)
    ]
    made = [
        {"crop": crop, "frame": row.frame, "sha256": row.sha256, "problems": list(row.problems)}
        for crop, row in making.made.items()
    ]
    if not files and not made:
        return
    with home.journal.writing() as pen:
        for start in range(0, max(len(files), len(made)), _PAGE):
            pen.record(
                kinds.DELIVERY_MADE,
                {
                    "profile": profile.name,
                    "batch": batch,
                    "files": files[start : start + _PAGE],
                    "crops": made[start : start + _PAGE],
                },
                visit=visit.key,
                school=visit.school,
            )
