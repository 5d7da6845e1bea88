import io
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest
from PIL import Image

from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.intake import CapturedFile


def make_jpeg(
    seed: int = 0,
    *,
    shot: str | None = "2026:03:16 07:28:15",
    subsec: str | None = "229",
    serial: str | None = "00012345",
    make: str | None = "Canon",
    model: str | None = "Canon EOS R5",
    size: tuple[int, int] = (64, 48),
    progressive: bool = False,
    thumbnail: bool = False,
) -> bytes:
    """A small real JPEG, its content different for each seed."""
    picture = Image.new("RGB", size, (seed % 256, seed // 256 % 256, 90))
    half = (size[0] // 2, size[1] // 2)
    grain = random.Random(seed).randbytes(half[0] * half[1] * 3)
    picture.paste(Image.frombytes("RGB", half, grain))
    picture.putpixel((size[0] - 1, size[1] - 1), (seed % 251, 7, seed % 241))
    exif = Image.Exif()
    if make:
        exif[0x010F] = make
    if model:
        exif[0x0110] = model
    exif[0x0112] = 6
    exposure = exif.get_ifd(0x8769)
    for tag, value in ((0x9003, shot), (0x9291, subsec), (0xA431, serial), (0x9011, "+08:00")):
        if value is not None:
            exposure[tag] = value
    if thumbnail:
        small = io.BytesIO()
        picture.resize((16, 12)).save(small, "JPEG")
        exposure[0x927C] = small.getvalue()
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, progressive=progressive, comment=f"n{seed}".encode())
    return out.getvalue()


@dataclass
class Ledger:
    """An intake that keeps everything in memory, as the real one keeps it in the store."""

    captured: list[CapturedFile] = field(default_factory=list)
    known: list[tuple[str, str, int, int, str]] = field(default_factory=list)
    verified: dict[str, bool] = field(default_factory=dict)

    def known_file(self, card: str, path: str, size: int, mtime_ns: int) -> str | None:
        rows = [(c.card, c.path, c.size, c.mtime_ns, c.pt_sha256) for c in self.captured]
        for row in (*rows, *self.known):
            if row[:4] == (card, path, size, mtime_ns):
                return row[4]
        return None

    def unproven(self, card: str) -> list[str]:
        return [c.ct_sha256 for c in self.captured if c.card == card and c.ct_sha256 not in self.verified]

    def known_content(self, pt_sha256: str) -> bool:
        return any(c.pt_sha256 == pt_sha256 and self.verified.get(c.ct_sha256, True) for c in self.captured)

    def note_known(self, card: str, path: str, size: int, mtime_ns: int, pt_sha256: str) -> None:
        self.known.append((card, path, size, mtime_ns, pt_sha256))

    def commit(self, captured: CapturedFile) -> None:
        self.captured.append(captured)

    def read_back(self, ct_sha256: str, *, sound: bool) -> None:
        self.verified[ct_sha256] = sound


@dataclass
class Keys:
    recipients: list[str]
    identity: str
    escrow: str


@pytest.fixture(scope="session")
def keys() -> Keys:
    made = [pyrage.x25519.Identity.generate() for _ in range(3)]
    return Keys([str(key.to_public()) for key in made], str(made[0]), str(made[1]))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path, keys: Keys):
    with BlobStore(home, keys.recipients) as entered:
        yield entered


@pytest.fixture
def jpeg():
    return make_jpeg


@pytest.fixture
def card(tmp_path: Path):
    """Write files onto a made-up card: ``card("100CANON/IMG_0001.JPG", bytes)``."""
    top = tmp_path / "card"

    def write(path: str, content: bytes, where: Path = top) -> Path:
        file = where / "DCIM" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    write.top = top
    return write


@pytest.fixture
def listing_of():
    """Everything a folder tree shows, times of access included."""

    def listing(top: Path) -> str:
        rows = []
        for file in sorted(top.rglob("*")):
            found = file.lstat()
            rows.append((str(file), found.st_mode, found.st_size, found.st_mtime_ns, found.st_atime_ns))
        return json.dumps(rows)

    return listing
