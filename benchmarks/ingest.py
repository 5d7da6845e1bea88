"""How fast a card is read in, beside `cp`, `sha256sum` and `age` on the same disk in the same run.

Ours includes the sync of every file and folder and the reading back from the medium; the peers
include neither. Run it with `python -m benchmarks.ingest [MEGABYTES] [FOLDER]`.
"""

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.ingest import ingest
from fieldkit.frames.intake import CapturedFile

_PHOTO = 8_000_000
_IN_TURN = """set -e; for f in "$1"/DCIM/100BENCH/*; do n=$(basename "$f")
cp "$f" "$2/$n"; sha256sum "$2/$n" >>"$2/sums"; age "${@:3}" -o "$2/$n.age" "$2/$n"; done"""
_PIPED = """set -e -o pipefail; for f in "$1"/DCIM/100BENCH/*; do n=$(basename "$f")
cp "$f" /dev/stdout | tee >(sha256sum >>"$2/sums") | age "${@:3}" -o "$2/$n.age"; done"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Megabytes a second, best of the rounds; ``ratio`` is ours over the piped peer's."""

    megabytes: int
    files: int
    ours: float
    ours_without_read_back: float
    in_turn: float
    piped: float

    @property
    def ratio(self) -> float:
        """Give ours over the piped peer, the stricter of the two."""
        return self.ours / self.piped


class _Ledger:
    """Says that all is new and keeps nothing: what the ledger costs is measured elsewhere."""

    def __init__(self) -> None:
        self.verified = 0

    def known_file(self, card: str, path: str, size: int, mtime_ns: int) -> str | None:
        del card, path, size, mtime_ns
        return None

    def unproven(self, card: str) -> list[str]:
        del card
        return []

    def known_content(self, pt_sha256: str) -> bool:
        del pt_sha256
        return False

    def note_known(self, card: str, path: str, size: int, mtime_ns: int, pt_sha256: str) -> None:
        del card, path, size, mtime_ns, pt_sha256

    def commit(self, captured: CapturedFile) -> None:
        del captured

    def read_back(self, ct_sha256: str, *, sound: bool) -> None:
        del ct_sha256
        self.verified += sound


def measure(megabytes: int = 200, folder: Path | None = None, rounds: int = 5) -> Figures:
    """Read in a made-up card of about ``megabytes`` by each way in turn, ``rounds`` times.

    ``folder`` chooses the disk. Needs `age`, `bash` and coreutils.
    """
    import pyrage

    with tempfile.TemporaryDirectory(dir=folder, prefix="fieldkit-bench-") as made:
        top = Path(made)
        card = top / "card"
        count = _write_card(card, megabytes * 1_000_000)
        keys = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(3)]
        ways: dict[str, Callable[[Path], None]] = {
            "ours": lambda out: _ours(card, out, keys, verify=True),
            "bare": lambda out: _ours(card, out, keys, verify=False),
            "in_turn": lambda out: _peer(_IN_TURN, card, out, keys),
            "piped": lambda out: _peer(_PIPED, card, out, keys),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                seconds[name].append(_timed(way, top / "out"))
    size = count * _PHOTO / 1_000_000
    rate = {name: size / min(times) for name, times in seconds.items()}
    return Figures(megabytes, count, rate["ours"], rate["bare"], rate["in_turn"], rate["piped"])


def _timed(way: Callable[[Path], None], out: Path) -> float:
    out.mkdir()
    # What earlier rounds left to be written must not be paid for by this one.
    os.sync()
    begin = time.perf_counter()
    way(out)
    spent = time.perf_counter() - begin
    shutil.rmtree(out)
    return spent


def _ours(card: Path, out: Path, keys: Sequence[str], *, verify: bool) -> None:
    ledger = _Ledger()
    with BlobStore(out, keys) as store:
        result = ingest(card, store, ledger, card="bench", verify=verify)
    assert result.new == result.files
    assert ledger.verified == (result.files if verify else 0)


def _peer(script: str, card: Path, out: Path, keys: Sequence[str]) -> None:
    recipients = [part for key in keys for part in ("-r", key)]
    subprocess.run(["bash", "-c", script, "peer", card, out, *recipients], check=True)


def _write_card(card: Path, size: int) -> int:
    """Write photos of 8 MB whose scans are as dense as a camera's, and give how many."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 150)).save(out, "JPEG")
    small = out.getvalue()
    folder = card / "DCIM" / "100BENCH"
    folder.mkdir(parents=True)
    chance = random.Random(7)
    count = max(1, round(size / _PHOTO))
    for number in range(1, count + 1):
        grain = chance.randbytes(_PHOTO).replace(b"\xff", b"\xff\x00")[: _PHOTO - len(small)]
        scan = grain[:-1] + b"\x01"
        (folder / f"IMG_{number:04}.JPG").write_bytes(small[:-2] + scan + small[-2:])
    return count


def main(arguments: Sequence[str]) -> int:
    """Print the figures of one measurement."""
    megabytes = int(arguments[0]) if arguments else 200
    figures = measure(megabytes, Path(arguments[1]) if len(arguments) > 1 else None)
    print(f"card: {figures.files} JPEGs, {figures.files * _PHOTO / 1e6:.0f} MB, 3 recipients")
    print(f"ingest, synced and read back   {figures.ours:7.0f} MB/s")
    print(f"ingest, synced                 {figures.ours_without_read_back:7.0f} MB/s")
    print(f"cp; sha256sum; age in turn     {figures.in_turn:7.0f} MB/s")
    print(f"cp | tee sha256sum | age       {figures.piped:7.0f} MB/s")
    print(f"ratio to the piped peer        {figures.ratio:7.2f}   (budget 0.90)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
