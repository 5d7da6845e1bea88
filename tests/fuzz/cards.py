"""Whole card folders of damaged files with impossible names, read into a real home as a crew does."""

import contextlib
import os
import random
import shutil
import tempfile
from pathlib import Path

from fieldkit.clock import SystemClock
from fieldkit.frames.errors import NoImages
from fieldkit.kit import open_kit
from fieldkit.ledger.verify import verify_ledger
from fieldkit.studio.reading import read_in
from tests.fuzz.pictures import jpegs, made_up_tiff, raws, spoilt_jpeg
from tests.fuzz.running import Feed
from tests.fuzz.spoiling import noise, spoilt
from tests.torture.stage import PASSPHRASE, build_stage, stretch_once

# As bytes: what is on a card was written by other systems, in encodings of their own.
NAMES = (
    b"IMG_0001.JPG", b"IMG_0001.CR3", b"IMG_0002.JPG", b"img_0002.jpg", b"IMG_9999.JPG", b"IMG_0000.JPG",
    b"_MG_0003.NEF", b"A.HIF", b"IMG_0004.MOV", b"IMG_0005.XMP", b"\xb2\xe2\xca\xd4.JPG", b"\xff\xfe.JPG",
    b"a\nb\t.JPG", b"\x1b[31m.JPG", b"'\";--.JPG", "照片 (1).JPG".encode(), b"9" * 200 + b".JPG",
    b"IMG_0006.",
)  # fmt: skip
FOLDERS = (b"100CANON", b"100CANON", b"101CANON", b"999_\xff\xfe__", b"tether", b"MISC", b".")


def prepare_card() -> Feed:
    """A pass over a card: what is whole is kept once, all else is named with its reason."""
    stretch_once()
    samples, others = jpegs(), raws()
    top = Path(tempfile.mkdtemp(prefix="fuzz-card-"))
    stage = build_stage(top / "stage", 1)
    kit = open_kit(stage.home, PASSPHRASE, SystemClock(), "en")
    visit = kit.require_visit()

    def content(chance: random.Random) -> bytes:
        match chance.randrange(5):
            case 0:
                return chance.choice(samples) + noise(chance, 9)
            case 1:
                return spoilt_jpeg(chance, chance.choice(samples), samples)
            case 2:
                return spoilt(chance, chance.choice(others), others)
            case 3:
                return made_up_tiff(chance)
            case _:
                return chance.choice((b"", b"\0" * 5000, b"\xff\xd8", noise(chance, 3000)))

    def feed(chance: random.Random) -> str:
        card = top / "card"
        for _ in range(chance.randint(1, 6)):
            folder = card / "DCIM" / os.fsdecode(chance.choice(FOLDERS))
            folder.mkdir(parents=True, exist_ok=True)
            # Something of that name may lie there from an earlier turn, and stays.
            with contextlib.suppress(OSError):
                _put(chance, folder / os.fsdecode(chance.choice(NAMES)), content(chance))
        try:
            first = read_in(kit.home, visit, card, settle_seconds=0)
            again = read_in(kit.home, visit, card, settle_seconds=0)
        except NoImages:
            return "no images"
        finally:
            shutil.rmtree(card, ignore_errors=True)
        assert first.files == first.new + first.known + len(first.incomplete) + len(first.failed)
        assert (again.new, again.known) == (0, first.new + first.known), "taken twice, or not again"
        for told in (*first.incomplete, *(row.file for row in first.failed)):
            told.encode()
        if chance.random() < 0.01:
            assert not verify_ledger(kit.store).problems
            kit.links()
        return "some kept" if first.new else "none new"

    return feed


def _put(chance: random.Random, place: Path, content: bytes) -> None:
    match chance.randrange(20):
        case 0:
            place.mkdir()
        case 1:
            place.symlink_to("/etc/passwd")
        case 2:
            os.mkfifo(place)
        case _:
            with place.open("xb") as file:
                file.write(content)
