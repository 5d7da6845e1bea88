from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.portrait.errors import (
    ProfileKeyMissing,
    ProfileKeyUnknown,
    ProfileNotFound,
    ProfileUnreadable,
    ProfileValueWrong,
)
from fieldkit.portrait.profile import delivery_name, known_profiles, load_profile, read_profile

GOOD = """
name = "own"
width = 480
height = 640
dpi = 300
bytes = [20480, 40000]
quality = 60
backgrounds = [[255, 255, 255]]
hairline = [50, 110]
eyes = [200, 300]
face_width = [180, 300]
names = ["{ksh}_{seq}", "{code}"]
keep_chip_photo = false
"""


def test_the_register_s_limits_are_shipped():
    profile = load_profile("register")
    assert (profile.width, profile.height, profile.dpi, profile.quality) == (480, 640, 300, 60)
    assert profile.bytes == (20480, 40000)
    assert (profile.hairline, profile.eyes, profile.face_width) == ((50, 110), (200, 300), (180, 300))
    assert (100, 197, 255) in profile.backgrounds
    assert profile.keep_chip_photo is False


def test_every_shipped_profile_loads_under_its_own_name():
    assert {"register", "xinhua", "hunau"} <= set(known_profiles())
    for name in known_profiles():
        assert load_profile(name).name == name


def test_a_file_by_path_and_by_name_in_a_folder(tmp_path: Path):
    (tmp_path / "own.toml").write_text("\ufeff" + GOOD, encoding="utf-8")
    assert load_profile(tmp_path / "own.toml") == load_profile("own", tmp_path)
    assert "own" in known_profiles(tmp_path)


def test_a_name_that_is_not_there_lists_those_that_are(tmp_path: Path):
    with pytest.raises(ProfileNotFound) as caught:
        load_profile("nobody", tmp_path)
    assert "register" in caught.value.next_step("en")
    for typed in ("", "..", "a/b", "x\0y.toml", "n" * 5000, str(tmp_path), str(tmp_path / "no.toml")):
        with pytest.raises((ProfileNotFound, ProfileUnreadable)):
            load_profile(typed, tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"name = ", b"x" * 70_000, "name = '名'".encode("gbk")])
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes):
    (tmp_path / "own.toml").write_bytes(content)
    with pytest.raises(ProfileUnreadable):
        load_profile("own", tmp_path)


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("width", '"480"'),
        ("width", "true"),
        ("dpi", "0"),
        ("bytes", "[40000, 20480]"),
        ("bytes", "20480"),
        ("quality", "101"),
        ("backgrounds", "[]"),
        ("backgrounds", "[[1, 2]]"),
        ("backgrounds", "[[0, 0, 256]]"),
        ("hairline", "[50, 400]"),
        ("eyes", "[200, 640]"),
        ("face_width", "[180, 481]"),
        ("names", '["{name}"]'),
        ("names", '["../{sfzh}"]'),
        ("names", '["{sfzh!r}"]'),
        ("names", '["{"]'),
        ("names", '["fixed"]'),
        ("keep_chip_photo", "0"),
        ("name", '" "'),
    ],
)
def test_a_wrong_value_names_its_key(key: str, wrong: str):
    lines = [line if not line.startswith(f"{key} ") else f"{key} = {wrong}" for line in GOOD.splitlines()]
    with pytest.raises(ProfileValueWrong) as caught:
        read_profile("\n".join(lines), "own.toml")
    for lang in ("zh", "en"):
        assert key in caught.value.what(lang)
        assert key in caught.value.next_step(lang)


def test_missing_and_unknown_keys_are_named():
    with pytest.raises(ProfileKeyMissing) as missing:
        read_profile(GOOD.replace("quality = 60", ""), "own.toml")
    assert "quality" in missing.value.what("zh")
    with pytest.raises(ProfileKeyUnknown) as unknown:
        read_profile(GOOD + "colour = 1\n", "own.toml")
    assert "colour" in unknown.value.what("en")


@given(st.text(max_size=200))
def test_any_text_is_a_profile_or_a_clear_error(text: str):
    with pytest.raises(FieldkitError) as caught:
        read_profile(text, "own.toml")
    assert caught.value.what("zh")
    assert caught.value.next_step("en")


def test_the_delivery_name_takes_the_first_template_that_can_be_filled():
    profile = load_profile("register")
    assert delivery_name(profile, {"sfzh": "A1", "xh": "B2"}) == "A1"
    assert delivery_name(profile, {"sfzh": "", "xh": "B2"}) == "B2"
    assert delivery_name(profile, {"seq": "A-0001"}) == ""
