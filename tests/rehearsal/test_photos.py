from datetime import datetime
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from fieldkit.portrait.faces import find_faces
from fieldkit.portrait.profile import load_profile
from fieldkit.portrait.quality import judge
from fieldkit.rehearsal.photos import LANDSCAPE, UPRIGHT, camera_jpeg, draw_portrait

SHOT = datetime(2026, 3, 16, 7, 28, 15, 229_000)  # noqa: DTZ001 - a camera knows no zone
REGISTER = load_profile("register")


def photo(person: int, shot: int = 1, **more) -> bytes:
    return camera_jpeg(person, shot, **{"shot": SHOT, "body": "SN 0042", "number": 31, **more})


def test_a_frame_is_like_a_camera_s_in_size_and_exif():
    content = photo(3)
    image = Image.open(BytesIO(content))
    assert image.width * image.height >= 6_000_000
    assert 1_000_000 <= len(content) <= 4_000_000
    exif = image.getexif()
    detail = exif.get_ifd(0x8769)
    assert exif[0x010F]
    assert exif[0x0110]
    assert exif[0x0112] == 1
    assert detail[0x9003] == "2026:03:16 07:28:15"
    assert detail[0x9291] == "229"
    assert detail[0xA431] == "SN 0042"
    assert detail[0x9211] == 31


def test_the_detector_accepts_the_drawn_people():
    people = [judge(photo(seed, size=UPRIGHT if seed % 2 else LANDSCAPE), REGISTER) for seed in range(14)]
    assert [said.verdict for said in people] == ["good"] * 14


@pytest.mark.parametrize("kind", ["empty-chair", "slate"])
def test_frames_without_a_person_have_no_face(kind: str):
    counts = [len(find_faces(photo(seed, kind=kind, slate=f"A-{seed:04d}")).faces) for seed in range(8)]
    assert counts == [0] * 8


def test_seeds_give_the_same_bytes_and_shots_differ():
    assert photo(3) == photo(3)
    assert photo(3, 1) != photo(3, 2)


def test_one_person_s_frames_are_alike_and_two_people_s_are_not():
    def look(person: int, shot: int) -> np.ndarray:
        crop = judge(photo(person, shot), REGISTER).crop
        return np.asarray(Image.open(BytesIO(crop)).resize((60, 80))).astype(float)

    for person in range(0, 6, 2):
        same = np.abs(look(person, 1) - look(person, 2)).mean()
        other = np.abs(look(person, 1) - look(person + 1, 1)).mean()
        assert same < other


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_camera_held_sideways_stores_turned_pixels(orientation: int):
    image = Image.open(BytesIO(photo(4, orientation=orientation)))
    assert image.getexif()[0x0112] == orientation
    assert (image.size == UPRIGHT) == (orientation in {1, 3})
    assert ImageOps.exif_transpose(image).size == UPRIGHT


def test_the_slip_can_be_read_by_machine():
    import cv2

    frame = cv2.imdecode(np.frombuffer(photo(1, kind="slate", slate="A-0017"), np.uint8), cv2.IMREAD_COLOR)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.resize(frame, None, fx=0.4, fy=0.4))
    assert text == "A-0017"


def test_wrong_orientations_and_sizes():
    with pytest.raises(ValueError, match="orientation"):
        photo(1, orientation=5)
    assert draw_portrait(7, 240, 320).shape == (320, 240, 3)
