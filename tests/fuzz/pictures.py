"""Pictures that are none: torn, patched and made-up JPEG, TIFF, RAW and HEIF files, and bombs."""

import io
import random
import struct
from functools import cache

from PIL import Image

from fieldkit.frames.exif import read_facts
from fieldkit.frames.jpeg import JpegWalk, jpeg_verdict
from fieldkit.frames.tiff import extent
from tests.frames.made import box, cr3, heif, tiff
from tests.fuzz.running import Feed
from tests.fuzz.spoiling import noise, split, spoilt, telling_number
from tests.portrait.workers import kill_workers

FOLDER_TAGS = (0x8769, 0x8825, 0xA005, 0x014A, 0x927C)
TAGS = (
    0x0100, 0x0101, 0x010F, 0x0110, 0x0111, 0x0112, 0x0117, 0x0132, 0x0144, 0x0145, 0x0201, 0x0202, 0x02BC,
    0x9003, 0x9004, 0x9011, 0x9211, 0x9286, 0x9290, 0x9291, 0xA431, 0xA40B, 0xC4A5, 0xFFFF, *FOLDER_TAGS,
)  # fmt: skip


def exif_of(chance: random.Random) -> bytes:
    """Give EXIF as a camera writes it, the block that stands behind ``Exif`` in a JPEG."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon", "Canon EOS R5", chance.randint(1, 8)
    exposure = exif.get_ifd(0x8769)
    exposure[0x9003], exposure[0x9291], exposure[0xA431] = "2026:03:16 07:28:15", "229", "00012345"
    exposure[0x9011], exposure[0xA001] = "+08:00", chance.choice((1, 0xFFFF))
    exif.get_ifd(0xA005)[1] = "R03"
    return exif.tobytes()


@cache
def jpegs(wide: int = 40, high: int = 30) -> tuple[bytes, ...]:
    """Give small good JPEGs of every form that cameras and editors write."""
    chance = random.Random(wide)
    noisy = Image.effect_noise((wide, high), 90)
    thumbnail = io.BytesIO()
    noisy.resize((8, 6)).save(thumbnail, "JPEG")
    made = []
    forms: tuple[tuple[str, dict[str, object]], ...] = (
        ("RGB", {"exif": exif_of(chance)}),
        ("RGB", {"progressive": True, "exif": exif_of(chance)}),
        ("RGB", {"restart_marker_blocks": 2, "exif": b"Exif\0\0" + thumbnail.getvalue()}),
        ("L", {"comment": b"grey"}),
        ("CMYK", {"icc_profile": bytes(200)}),
        ("RGB", {"icc_profile": _srgb(), "subsampling": 0}),
    )
    for mode, options in forms:
        out = io.BytesIO()
        noisy.convert(mode).save(out, "JPEG", **options)
        made.append(out.getvalue())
    return tuple(made)


def _srgb() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def spoilt_jpeg(chance: random.Random, whole: bytes, others: tuple[bytes, ...]) -> bytes:
    """Damage a JPEG where it hurts: its segments' lengths, sizes and markers, or anywhere."""
    out = bytearray(whole)
    marks = [at for at in range(len(out) - 9) if out[at] == 0xFF and 0xC0 <= out[at + 1] <= 0xFE]
    for _ in range(chance.choice((0, 1, 1, 2))):
        at = chance.choice(marks)
        match chance.randrange(5):
            case 0:
                out[at + 2 : at + 4] = (telling_number(chance, 20) & 0xFFFF).to_bytes(2)
            case 1:
                out[at + 1] = chance.choice(
                    (0xC0, 0xC1, 0xC2, 0xC4, 0xC9, 0xD8, 0xD9, 0xDA, 0xDB, 0xDD, 0xE1, 0xFF, 0)
                )
            case 2:
                out[at:at] = out[at : at + chance.randint(1, 300)] * chance.choice((1, 2, 9))
            case 3:
                del out[at : at + chance.randint(1, 40)]
            case _:
                out[at + 4 : at + 9] = chance.randbytes(5)
        marks = [mark for mark in marks if mark < len(out) - 9] or [0]
    content = bytes(out)
    return spoilt(chance, content, others) if chance.random() < 0.6 else content


def with_size(whole: bytes, wide: int, high: int) -> bytes:
    """Give a JPEG that claims another size: a bomb where it is large."""
    out = bytearray(whole)
    for code in (0xC0, 0xC2):
        at = out.find(bytes((0xFF, code)))
        if at >= 0:
            out[at + 5 : at + 9] = struct.pack(">HH", high, wide)
    return bytes(out)


def prepare_jpeg() -> Feed:
    """The walk over a JPEG's segments: any verdict, but the same however the file streams past."""
    samples = jpegs()

    def feed(chance: random.Random) -> str:
        whole = chance.choice(samples)
        content = spoilt_jpeg(chance, whole, samples) if chance.random() < 0.95 else noise(chance, 400)
        walk = JpegWalk()
        for piece in split(chance, content):
            walk.feed(piece)
        verdict = jpeg_verdict(content)
        assert walk.verdict == verdict, "streamed differently, judged differently"
        if verdict == "complete":
            assert b"\xff\xd9" in content
        return verdict

    return feed


def made_up_tiff(chance: random.Random, size: int = 600) -> bytes:
    """Give a TIFF whose folders, counts and offsets point anywhere, at themselves too."""
    order = chance.choice("<>")
    offsets = [8, *(chance.randrange(8, size, 2) for _ in range(chance.randrange(5)))]
    text = b"2026:03:16 07:28:15\0" * (size // 20 + 1)
    out = bytearray(text[:size] if chance.random() < 0.1 else bytes(size))
    first = chance.choice(offsets)
    struct.pack_into(order + "2sHI", out, 0, b"II" if order == "<" else b"MM", 42, first)
    for at in offsets:
        entries = [_entry(chance, order, offsets, size) for _ in range(chance.randint(0, 6))]
        count = len(entries) if chance.random() < 0.99 else chance.randrange(0x10000)
        folder = struct.pack(order + "H", count) + b"".join(entries)
        folder += struct.pack(
            order + "I", chance.choice((0, *offsets, telling_number(chance, size) & 0xFFFFFFFF))
        )
        out[at : at + len(folder)] = folder
    return bytes(out)


def _entry(chance: random.Random, order: str, offsets: list[int], size: int) -> bytes:
    kind = chance.choice((1, 2, 2, 3, 4, 4, 5, 7, 9, 10, 12, 13, 16, 0, 99))
    count = chance.choice((0, 1, 1, 2, 4, 5, 20, 100_000, telling_number(chance, size) & 0xFFFFFFFF))
    value = chance.choice((*offsets, telling_number(chance, size) & 0xFFFFFFFF))
    return struct.pack(order + "HHII", chance.choice(TAGS), kind, count, value)


def raws() -> tuple[bytes, ...]:
    """Give good files of other kinds: TIFF, CR3, RAF, HEIF, a movie, and a RAW with a child folder."""
    out = io.BytesIO()
    Image.effect_noise((20, 10), 50).save(out, "TIFF", compression=None)
    block = tiff({0x010F: "NIKON", 0x0110: "Z 8", 0x0112: 8}, ">", {0x8769: {0x9003: "2026:03:16 09:10:11"}})
    parts = struct.pack(">6I", 108, 50, 158, 20, 178, 100)
    raf = b"FUJIFILMCCD-RAW " + b"0" * 68 + parts + b"p" * 50 + b"h" * 20 + b"s" * 100
    movie = box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", b"x" * 40)
    movie += struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + b"y" * 50
    child = struct.pack("<HHHIII", 1, 0x014A, 4, 1, 26, 0) + struct.pack("<H", 2)
    child += struct.pack("<HHII", 0x0111, 4, 1, 56) + struct.pack("<HHII", 0x0117, 4, 1, 300) + bytes(4)
    raw = b"II*\0" + struct.pack("<I", 8) + child + b"\x55" * 300
    return out.getvalue(), block, cr3(), raf, heif(b"heix", block), movie, raw


def prepare_exif() -> Feed:
    """A file's head: facts that hold what they promise, or empty ones."""
    samples = (*jpegs(), *raws())

    def feed(chance: random.Random) -> str:
        match chance.randrange(8):
            case 0:
                head = noise(chance, 400)
            case 1:
                head = made_up_tiff(chance)
            case 2:
                block = b"Exif\0\0" + made_up_tiff(chance)
                head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + samples[0][2:]
            case _:
                head = spoilt(chance, chance.choice(samples), samples)
        facts = read_facts(head)
        assert 1 <= facts.orientation <= 8
        assert facts.body.isprintable()
        assert len(facts.body) <= 80
        assert 0 <= facts.number <= 1 << 32
        facts.body.encode()
        return "moment" if facts.shot else "body" if facts.body else "nothing"

    return feed


def prepare_extent() -> Feed:
    """The extent of a RAW, a HEIF or a movie: one of three words, from a bounded number of looks."""
    samples = raws()

    def feed(chance: random.Random) -> str:
        match chance.randrange(6):
            case 0:
                content = chance.choice((b"", b"II*\0", b"MM\0*", b"\0\0\0\x18ftypheic")) + noise(chance, 400)
            case 1 | 2:
                content = made_up_tiff(chance)
            case _:
                content = spoilt(chance, chance.choice(samples), samples)
        looks = 0

        def read_at(offset: int, length: int) -> bytes:
            nonlocal looks
            looks += 1
            assert offset >= 0
            assert 0 <= length <= 1 << 20
            return content[offset : offset + length]

        found = extent(read_at, len(content))
        assert looks < 5000
        return found

    return feed


def prepare_picture() -> Feed:
    """Decoding: upright pixels of the size that is told, or one of two refusals."""
    from fieldkit.portrait.errors import PictureTooLarge, PictureUnreadable
    from fieldkit.portrait.picture import open_picture, to_srgb

    samples = jpegs()

    def feed(chance: random.Random) -> str:
        content = spoilt_jpeg(chance, chance.choice(samples), samples)
        if chance.random() < 0.1:
            wide, high = (chance.choice((0, 1, 7, 300, 2000)) for _ in range(2))
            content = with_size(content, wide, high)
        try:
            picture = open_picture(content, chance.choice((4, 10, 1000)))
        except (PictureTooLarge, PictureUnreadable) as refused:
            return type(refused).__name__
        rows, columns, colours = picture.pixels.shape
        assert colours == 3
        assert rows
        assert columns
        assert to_srgb(picture.pixels, picture).shape == picture.pixels.shape
        return "decoded"

    return feed


def prepare_judge() -> Feed:
    """A portrait judged whole: a verdict for whatever the file holds, bombs of every form included."""
    from fieldkit.portrait.profile import load_profile
    from fieldkit.portrait.quality import judge

    register, samples = load_profile("register"), portraits()

    def feed(chance: random.Random) -> str:
        judgement = judge(bad_portrait(chance, samples), register)
        assert judgement.verdict in {"good", "doubtful", "bad"}
        assert judgement.reasons or judgement.verdict == "good"
        return judgement.reasons[0].name.lower() if judgement.reasons else "good"

    return feed


@cache
def portraits() -> tuple[bytes, ...]:
    """Give portraits with faces, small ones too: what passes the header has to pass the measures."""
    from fieldkit.rehearsal.photos import draw_portrait

    made = []
    for seed, (wide, high) in enumerate(((240, 320), (300, 200), (480, 640))):
        picture = Image.fromarray(draw_portrait(seed, wide, high))
        for options in (
            {},
            {"progressive": True},
            {"icc_profile": _srgb()},
            {"exif": exif_of(random.Random(seed))},
        ):
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=85, **options)
            made.append(out.getvalue())
    return tuple(made)


def bad_portrait(chance: random.Random, samples: tuple[bytes, ...]) -> bytes:
    whole = chance.choice(samples)
    match chance.randrange(8):
        case 0:
            return with_size(whole, *(chance.choice((0, 1, 9, 64, 1000, 3000)) for _ in range(2)))
        case 1:
            return _odd_picture(chance)
        case 2:
            return spoilt_jpeg(chance, whole, samples)
        case 3:
            return whole
        case _:
            # In the scan: what decodes, but as another picture, goes through every measure.
            start = whole.rfind(b"\xff\xda") + 12
            return whole[:start] + spoilt(chance, whole[start:])


def _odd_picture(chance: random.Random) -> bytes:
    size = (chance.choice((1, 2, 3, 15, 24, 200, 3000)), chance.choice((1, 2, 3, 15, 24, 200, 3000)))
    out = io.BytesIO()
    Image.new(chance.choice(("RGB", "L", "CMYK")), size, chance.choice((0, 255))).save(out, "JPEG")
    return out.getvalue()


def prepare_worker() -> Feed:
    """The process that judges: its death is survived, and it says what this process says."""
    from fieldkit.portrait.profile import load_profile
    from fieldkit.portrait.quality import judge
    from fieldkit.portrait.worker import Judge

    register, samples = load_profile("register"), portraits()
    judging = Judge()

    def feed(chance: random.Random) -> str:
        frames = [bad_portrait(chance, samples) for _ in range(3)]
        answers = [judging.submit(frame, register) for frame in frames]
        struck = chance.random() < 0.3
        if struck:
            kill_workers()
        for frame, answer in zip(frames, answers, strict=True):
            assert answer.result() == judge(frame, register)
        return "worker died" if struck else "answered"

    return feed
