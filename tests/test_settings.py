"""The settings file: what is set comes back, what is not understood is told and never fatal."""

import os

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from fieldkit.cli import choose_language
from fieldkit.doctor.settings import settings as settings_findings
from fieldkit.settings import (
    OLD_NAME,
    SETTINGS_NAME,
    Problem,
    Settings,
    SettingsNotKept,
    read_settings,
    write_settings,
)


@trials(deadline=None, max_examples=50)
@given(
    st.sampled_from(["", "zh", "en"]),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"])),
    st.booleans(),
)
def test_what_is_written_is_read(tmp_path_factory, language, sound, port, end):
    home = tmp_path_factory.mktemp("home")
    settings = Settings(language, sound, f"/dev/{port}", '/dev/by "id"\\x', end)

    write_settings(home, settings)

    assert read_settings(home) == (settings, ())


def test_a_home_without_settings_has_the_usual_ones(tmp_path):
    assert read_settings(tmp_path) == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "settings", "problems"),
    [
        (b"sound = false\ncolour = 1\n", Settings(sound=False), (Problem("unknown", "colour"),)),
        (b"sound = 'no'\nlanguage = 'en'\n", Settings("en"), (Problem("wrong", "sound"),)),
        (b"sam_port = 'COM3'\nlanguage = ['en']", Settings(),
         (Problem("wrong", "language"), Problem("wrong", "sam_port"))),
        (b"sound = ", Settings(), (Problem("unreadable"),)),
        (b"\xff\xfe\x00", Settings(), (Problem("unreadable"),)),
        (b"# " + b"x" * 70_000, Settings(), (Problem("unreadable"),)),
        (b"a = " + b"[" * 20_000, Settings(), (Problem("unreadable"),)),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_passed_over_told_and_kept_beside(tmp_path, text, settings, problems):
    (tmp_path / SETTINGS_NAME).write_bytes(text)

    assert read_settings(tmp_path) == (settings, problems)
    found = [finding for finding in settings_findings(tmp_path) if finding.state == "warning"]
    assert len(found) == len(problems)
    assert all(finding.next_step for finding in found)

    write_settings(tmp_path, settings)
    assert read_settings(tmp_path) == (settings, ())
    assert (tmp_path / OLD_NAME).read_bytes() == text


def test_a_folder_in_its_place_is_told(tmp_path):
    (tmp_path / SETTINGS_NAME).mkdir()

    assert read_settings(tmp_path) == (Settings(), (Problem("unreadable"),))


def test_settings_that_cannot_be_kept_are_an_error(tmp_path):
    with pytest.raises(SettingsNotKept):
        write_settings(tmp_path / "nowhere", Settings())


def test_ports_that_are_not_there_are_told(tmp_path):
    ours, theirs = os.openpty()
    there = os.ttyname(theirs)
    write_settings(tmp_path, Settings(sam_port=there, scanner_port="/dev/{gone}"))

    states = {finding.name: finding for finding in settings_findings(tmp_path)}

    assert states["sam-port"].state == "ok"
    assert states["scanner-port"].line("en") == "▲ serial scanner: /dev/{gone} is not there"
    os.close(ours)
    os.close(theirs)


def test_the_language_of_the_home_counts_after_what_is_asked_for(tmp_path):
    write_settings(tmp_path, Settings("en"))

    assert choose_language(["--home", str(tmp_path)], {"LANG": "zh_CN.UTF-8"}) == "en"
    assert choose_language([], {"FIELDKIT_HOME": str(tmp_path), "LANG": "zh_CN.UTF-8"}) == "en"
    assert choose_language(["--home", str(tmp_path), "--lang=zh"], {}) == "zh"
    assert choose_language([f"--home={tmp_path}"], {"FIELDKIT_LANG": "zh"}) == "zh"
    assert choose_language(["--home", str(tmp_path / "other")], {"LANG": "en_GB.UTF-8"}) == "en"
