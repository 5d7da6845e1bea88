import subprocess
import sys
from datetime import datetime
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFilter

from fieldkit.portrait.crop import check_delivery, deliver_crop, framing
from fieldkit.portrait.delivery import estimated_quality
from fieldkit.portrait.errors import NoFaceToCrop, PictureTooLarge, PictureUnreadable
from fieldkit.portrait.faces import Face, Found, find_faces
from fieldkit.portrait.picture import open_picture, to_srgb
from fieldkit.portrait.profile import load_profile
from fieldkit.portrait.quality import judge
from fieldkit.portrait.verdict import Limit, Reason
from fieldkit.rehearsal.photos import LANDSCAPE, camera_jpeg, draw_portrait
from fieldkit.words.portrait import LIMITS, REASONS

REGISTER = load_profile("register")
SHOT = datetime(2026, 3, 16, 7, 28, 15, 229_000)  # noqa: DTZ001 - a camera knows no zone


@cache
def shot(kind: str = "portrait", orientation: int = 1, person: int = 5) -> bytes:
    return camera_jpeg(person, 1, shot=SHOT, body="B1", number=31, kind=kind, orientation=orientation)  # type: ignore[arg-type]


def jpeg(image: Image.Image, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", **{"quality": 92, **how})
    return out.getvalue()


def changed(change) -> bytes:
    image = Image.open(BytesIO(shot()))
    image.thumbnail((1024, 1536))
    return jpeg(change(image))


def test_a_good_portrait_is_good_and_its_crop_keeps_the_register_s_limits():
    said = judge(shot(), REGISTER)
    assert (said.faces, said.verdict, said.reasons, said.problems) == (1, "good", (), ())
    assert check_delivery(said.crop, REGISTER) == ()
    crop = Image.open(BytesIO(said.crop))
    assert (crop.size, crop.mode, crop.info["dpi"]) == ((480, 640), "RGB", (300, 300))
    assert not crop.getexif()
    assert "icc_profile" not in crop.info
    assert "progressive" not in crop.info
    assert 20_000 < len(said.crop) <= 40_000
    again = find_faces(said.crop).faces[0]
    assert 200 <= again.eye_middle[1] <= 300
    assert 50 <= again.hair_top <= 110
    assert 180 <= again.cheeks <= 300
    assert abs(again.eye_middle[0] - 240) < 20


def test_the_same_frame_gives_the_same_bytes():
    found = find_faces(shot())
    first = deliver_crop(shot(), REGISTER, found)
    assert first == deliver_crop(shot(), REGISTER, found)
    assert first.jpeg == judge(shot(), REGISTER).crop
    assert first.quality >= 60


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_the_camera_s_orientation_is_respected(orientation: int):
    upright, turned = find_faces(shot()), find_faces(shot(orientation=orientation))
    assert (turned.width, turned.height) == (upright.width, upright.height)
    assert turned.faces[0].eye_middle == pytest.approx(upright.faces[0].eye_middle, abs=40)


def test_nothing_is_mirrored():
    image = Image.open(BytesIO(shot()))
    middle = find_faces(shot()).faces[0].eye_middle
    marked = np.asarray(image).copy()
    x, y = int(middle[0]) - 700, int(middle[1])
    marked[y - 60 : y + 60, x - 60 : x + 60] = (255, 0, 0)
    crop = np.asarray(Image.open(BytesIO(judge(jpeg(Image.fromarray(marked)), REGISTER).crop))).astype(int)
    red = (crop[..., 0] - crop[..., 2]) > 150
    assert red[:, :240].sum() > 100
    assert red[:, 240:].sum() == 0


@pytest.mark.parametrize(
    ("kind", "faces", "reason"),
    [
        ("empty-chair", 0, Reason.NO_FACE),
        ("slate", 0, Reason.NO_FACE),
        ("two-people", 2, Reason.SEVERAL_FACES),
        ("blink", 1, Reason.EYES_NOT_FOUND),
    ],
)
def test_what_is_wrong_with_a_frame_is_said(kind: str, faces: int, reason: Reason):
    said = judge(shot(kind), REGISTER)
    assert said.faces == faces
    assert reason in said.reasons
    assert said.verdict == ("doubtful" if kind == "blink" else "bad")
    assert (said.crop is None) == (faces == 0)


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        (Reason.BLURRED, lambda image: image.filter(ImageFilter.GaussianBlur(8))),
        (Reason.OVER_EXPOSED, lambda image: image.point(lambda level: min(255, level * 2))),
        (Reason.UNDER_EXPOSED, lambda image: image.point(lambda level: level * 0.12)),
        (Reason.TOO_SMALL, lambda image: image.resize((200, 300))),
        (Reason.TILTED, lambda image: image.rotate(14, fillcolor=(100, 197, 255))),
        (Reason.FRAMING, lambda image: image.crop((0, 330, 1024, 1536))),
        (Reason.OFF_CENTRE, lambda image: image.crop((230, 0, 1024, 1536))),
        (Reason.BACKGROUND, lambda image: Image.fromarray(np.asarray(image)[..., ::-1].copy())),
    ],
)
def test_faults_are_told_apart(reason: Reason, change):
    assert reason in judge(changed(change), REGISTER).reasons


def test_a_frame_that_cannot_satisfy_a_limit_says_which():
    found = find_faces(tight := changed(lambda image: image.crop((0, 330, 1024, 1536))))
    delivered = deliver_crop(tight, REGISTER, found)
    assert Limit.HAIRLINE in {problem.limit for problem in delivered.problems}
    assert delivered.problems[0].say("zh")
    assert Image.open(BytesIO(delivered.jpeg)).size == (480, 640)


@settings(max_examples=60, deadline=None)
@given(
    x=st.floats(-0.1, 1.1),
    y=st.floats(-0.1, 1.1),
    side=st.floats(10, 4000),
    width=st.integers(64, 8000),
    height=st.integers(64, 8000),
    hair=st.floats(0.5, 1.6),
)
def test_every_framing_lies_in_the_frame_and_names_what_it_misses(x, y, side, width, height, hair):
    left, top = x * width - side / 2, y * height - side / 2
    eyes = (left + 0.28 * side, top + 0.38 * side), (left + 0.72 * side, top + 0.38 * side)
    face = Face(left, top, side, *eyes, 2, top + (0.38 - hair) * side, True, 50.0)
    placed = framing(REGISTER, Found(width, height, (face,)))
    assert placed.left >= -1e-6
    assert placed.top >= -1e-6
    assert placed.left + 480 / placed.scale <= width + 1e-6
    assert placed.top + 640 / placed.scale <= height + 1e-6
    missed = {problem.limit for problem in placed.problems}
    for limit, value, (low, high) in (
        (Limit.EYES, placed.eyes, REGISTER.eyes),
        (Limit.HAIRLINE, placed.hairline, REGISTER.hairline),
        (Limit.FACE_WIDTH, placed.face_width, REGISTER.face_width),
    ):
        assert (limit in missed) == (not low <= round(value) <= high)


@settings(max_examples=60, deadline=None)
@given(x=st.floats(0.42, 0.58), y=st.floats(0.42, 0.48), side=st.floats(700, 850), hair=st.floats(0.75, 1.0))
def test_a_head_with_room_around_it_always_fits(x, y, side, hair):
    left, top = x * 3000 - side / 2, y * 3200 - side / 2
    eyes = (left + 0.28 * side, top + 0.38 * side), (left + 0.72 * side, top + 0.38 * side)
    face = Face(left, top, side, *eyes, 2, top + (0.38 - hair) * side, True, 50.0)
    assert framing(REGISTER, Found(3000, 3200, (face,))).problems == ()


def test_without_a_face_there_is_no_crop():
    with pytest.raises(NoFaceToCrop):
        deliver_crop(shot("empty-chair"), REGISTER, find_faces(shot("empty-chair")))


def odd_files() -> dict[str, bytes]:
    whole = shot()
    small = Image.fromarray(draw_portrait(3))
    huge = bytearray(jpeg(Image.new("RGB", (64, 64))))
    start = huge.index(b"\xff\xc0")
    huge[start + 5 : start + 9] = (65_000).to_bytes(2, "big") * 2
    twelve = bytearray(jpeg(small))
    twelve[twelve.index(b"\xff\xc0") + 4] = 12
    out = BytesIO()
    Image.fromarray(np.zeros((64, 64), np.uint16)).save(out, "PNG")
    exif = Image.Exif()
    exif[0x0112] = 77
    return {
        "empty": b"",
        "garbage": bytes(range(256)) * 40,
        "cut": whole[: len(whole) // 2],
        "header": whole[:2000],
        "huge": bytes(huge),
        "twelve-bit": bytes(twelve),
        "png-16": out.getvalue(),
        "grey": jpeg(small.convert("L")),
        "cmyk": jpeg(small.convert("CMYK")),
        "progressive": jpeg(small, progressive=True),
        "one-pixel": jpeg(Image.new("RGB", (1, 1))),
        "line": jpeg(Image.new("RGB", (3000, 1))),
        "orientation": jpeg(small, exif=exif),
        "icc": jpeg(small, icc_profile=b"no profile at all"),
        "exif": jpeg(small, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"),
    }


def test_odd_files_are_judged_or_refused_without_a_word_on_the_terminal(capfd):
    said = {name: judge(content, REGISTER) for name, content in odd_files().items()}
    unreadable = {name for name, verdict in said.items() if Reason.UNREADABLE in verdict.reasons}
    assert unreadable == {"empty", "garbage", "cut", "header", "huge", "twelve-bit", "png-16"}
    assert {name for name, verdict in said.items() if verdict.faces == 1} == {
        "grey", "cmyk", "progressive", "orientation", "icc", "exif",
    }  # fmt: skip
    assert all(check_delivery(content, REGISTER) for content in odd_files().values())
    assert capfd.readouterr() == ("", "")


def test_unreadable_and_too_large_are_leaf_errors():
    files = odd_files()
    with pytest.raises(PictureTooLarge):
        find_faces(files["huge"])
    with pytest.raises(PictureUnreadable):
        find_faces(files["cut"])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_never_raise(data):
    content = bytearray(jpeg(Image.fromarray(draw_portrait(9, 240, 320))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    assert judge(bytes(content), REGISTER).verdict in {"good", "doubtful", "bad"}
    check_delivery(bytes(content), REGISTER)


def test_adobe_rgb_is_brought_to_srgb():
    pixels = np.full((8, 8, 3), (120, 200, 120), np.uint8)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = 0xFFFF
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    marked = open_picture(jpeg(Image.fromarray(pixels), exif=exif), 1)
    assert marked.adobe
    red, green, blue = (int(part) for part in to_srgb(pixels, marked)[0, 0])
    assert red < 60  # Adobe's green is greener than what sRGB can show of it
    assert green in range(196, 206)
    assert blue in range(108, 122)
    grey = np.full((4, 4, 3), 128, np.uint8)
    assert np.abs(to_srgb(grey, marked).astype(int) - 128).max() <= 2


def test_an_embedded_profile_is_applied():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = open_picture(jpeg(Image.fromarray(draw_portrait(1)), icc_profile=profile), 1)
    assert picture.icc == profile
    assert np.abs(to_srgb(picture.pixels, picture).astype(int) - picture.pixels).max() <= 2


def test_the_delivery_check_names_every_limit():
    image = Image.fromarray(draw_portrait(4))
    exif = Image.Exif()
    exif[0x0112] = 6

    def limits(content: bytes) -> set[Limit]:
        return {problem.limit for problem in check_delivery(content, REGISTER)}

    assert limits(jpeg(image, quality=92, dpi=(72, 72))) - {Limit.BYTES_LOW, Limit.BYTES_HIGH} == {Limit.DPI}
    assert Limit.SIZE in limits(jpeg(image.resize((240, 320)), dpi=(300, 300)))
    assert Limit.MODE in limits(jpeg(image.convert("L"), dpi=(300, 300)))
    assert {Limit.QUALITY, Limit.BYTES_LOW} <= limits(jpeg(image, quality=40, dpi=(300, 300)))
    assert Limit.BYTES_HIGH in limits(jpeg(Image.effect_noise((480, 640), 90).convert("RGB")))
    assert Limit.BASELINE in limits(jpeg(image, progressive=True))
    assert {Limit.METADATA, Limit.ORIENTATION} <= limits(jpeg(image, exif=exif))
    red = Image.fromarray(np.asarray(image)[..., ::-1].copy())
    assert Limit.BACKGROUND in limits(jpeg(red))
    assert limits(b"x" * 30_000) == {Limit.COMPLETE}


@pytest.mark.parametrize("quality", [30, 50, 60, 75, 90, 96])
def test_quality_is_estimated_from_the_table(quality: int):
    table = Image.open(BytesIO(jpeg(Image.new("RGB", (16, 16)), quality=quality))).quantization[0]
    assert abs(estimated_quality(list(table)) - quality) <= 1


def test_other_operators_sizes_are_kept():
    for name in ("xinhua", "hunau"):
        profile = load_profile(name)
        crop = judge(shot(), profile).crop
        assert profile.bytes[0] <= len(crop) <= profile.bytes[1]


def test_a_landscape_frame_serves_as_well():
    frame = camera_jpeg(8, 2, shot=SHOT, body="B1", number=32, size=LANDSCAPE)
    assert judge(frame, REGISTER).verdict == "good"


def test_every_reason_and_limit_has_its_words():
    assert {reason.value for reason in Reason} == set(REASONS)
    assert {limit.value for limit in Limit} == set(LIMITS)
    assert all(reason.text.zh and reason.text.en for reason in Reason)


def test_words_and_profiles_load_no_imaging():
    code = (
        "import sys, fieldkit.portrait.verdict, fieldkit.portrait.profile, fieldkit.portrait.worker;"
        "print([m for m in ('numpy', 'cv2', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
