"""Large names, drawn from a font file that the test writes itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.screens.glyphs import FACES, Face, Glyphs
from fieldkit.text import cells, one_line

# One dot in each corner of the box tells apart every side and every block character.
CORNERS = ["8001"] + ["0000"] * 14 + ["8001"]
FRAME = ["FFFF"] + ["8001"] * 14 + ["FFFF"]
NARROW = ["80"] + ["00"] * 15
# What stands first is drawn for whatever the font has no glyph for.
MISSING = ["55"] * 16
GLYPHS = {"\0": (8, MISSING), "张": (16, CORNERS), "伟": (16, FRAME), "A": (8, NARROW), "·": (8, NARROW)}


def bdf() -> str:
    lines = [
        "STARTFONT 2.1", "FONT test", "SIZE 16 72 72", "FONTBOUNDINGBOX 16 16 0 -2", "STARTPROPERTIES 5",
        "PIXEL_SIZE 16", "FONT_ASCENT 14", "FONT_DESCENT 2",
        'CHARSET_REGISTRY "ISO10646"', 'CHARSET_ENCODING "1"',
        "ENDPROPERTIES", f"CHARS {len(GLYPHS)}",
    ]  # fmt: skip
    for character, (width, rows) in GLYPHS.items():
        lines += [
            f"STARTCHAR U{ord(character):04X}", f"ENCODING {ord(character)}", f"SWIDTH {width * 60} 0",
            f"DWIDTH {width} 0", f"BBX {width} 16 0 -2", "BITMAP", *rows, "ENDCHAR",
        ]  # fmt: skip
    return "\n".join([*lines, "ENDFONT", ""])


@pytest.fixture
def glyphs(tmp_path: Path) -> Glyphs:
    path = tmp_path / "test.bdf"
    path.write_text(bdf(), encoding="ascii")
    return Glyphs((Face((str(path),)),))


def test_a_name_is_drawn_in_half_blocks(glyphs):
    lines = glyphs.big("张伟", 40)

    assert [line.strip() for line in lines] == [
        "▀              ▀█▀▀▀▀▀▀▀▀▀▀▀▀▀▀█",
        *["█              █"] * 6,
        "▄              ▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄█",
    ]
    assert all(cells(line) == 40 for line in lines)


def test_a_longer_name_goes_on_two_lines_where_there_is_room(glyphs):
    lines = glyphs.big("张张·伟伟", 50, 16)

    assert lines[0].split() == ["▀", "▀▀", "▀▀"]
    assert lines[8].strip() == ("█" + "▀" * 14 + "█") * 2


def test_a_longer_name_is_drawn_in_quarter_blocks(glyphs):
    lines = glyphs.big("伟伟伟", 40)

    assert lines[0].strip() == ("▛" + "▀" * 6 + "▜") * 3
    assert lines[7].strip() == ("▙" + "▄" * 6 + "▟") * 3


def test_a_name_with_a_character_of_no_font_is_plain(glyphs):
    assert "".join(glyphs.big("张薇", 40)).strip() == "张  薇"


def test_a_name_too_long_for_any_glyphs_is_plain_and_never_cut_silently(glyphs):
    assert "".join(glyphs.big("张" * 12, 40)).strip() == "张" * 12
    assert "".join(glyphs.big("张" * 30, 40)).strip().endswith("…")


def test_without_a_font_the_name_is_plain():
    assert "".join(Glyphs(()).big("张伟", 40)).strip() == "张  伟"
    assert [line.strip() for line in Glyphs(()).number("A-0001", 40)] == ["A  -  0  0  0  1"]


def test_a_damaged_font_is_as_good_as_none(tmp_path):
    (tmp_path / "bad.otf").write_bytes(b"\x00" * 100)

    assert "".join(Glyphs((Face((str(tmp_path / "bad.otf"),)),)).big("张伟", 40)).strip() == "张  伟"


@given(st.text(max_size=40), st.integers(8, 120), st.integers(1, 20))
def test_a_name_takes_exactly_the_room_it_is_given(name, width, height):
    lines = Glyphs(()).big(name, width, height)

    assert len(lines) == height
    assert all(cells(line) == width for line in lines)


@pytest.mark.skipif(
    not any(Path(path).is_file() for face in FACES for path in face.paths),
    reason="neither fonts-unifont nor fonts-noto-cjk is installed",
)
@pytest.mark.parametrize(
    "name", ["张伟", "欧阳娜娜", "買買提·艾力江", "龘", "John Smith", one_line("[/] [b]张[r")]
)
def test_the_systems_font_draws_large_names(name):
    lines = Glyphs().big(name, 80)

    assert all(cells(line) == 80 for line in lines)
    assert sum(character in "▀▄█▘▝▖▌▞▛▗▚▐▜▙▟" for line in lines for character in line) > 20
