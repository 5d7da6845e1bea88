import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.paper.errors import SumsForeign
from fieldkit.paper.naming import MOST_BYTES, safe_name
from fieldkit.paper.sums import read_sums, write_sums
from fieldkit.paper.tables import as_csv

PATHS = st.dictionaries(
    st.text(st.characters(exclude_characters="\0/"), min_size=1).filter(lambda text: text not in (".", "..")),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    max_size=5,
)


@given(st.text())
def test_every_text_becomes_a_name_that_any_system_takes(text):
    name = safe_name(text)

    assert name
    assert len(name.encode()) <= MOST_BYTES
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert not name.startswith(".")
    assert name[-1] not in ". "
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("110101200001011234", "110101200001011234"), ("../../etc", "_._.._etc"), ("CON", "_CON"),
     ("lpt1.jpg", "_lpt1.jpg"), ("", "_"), ("..", "_"), ("计科 2201班", "计科 2201班"),
     ("a\u202egpj", "agpj")],
)  # fmt: skip
def test_names(text, name):
    assert safe_name(text) == name


def test_long_names_stay_different():
    assert safe_name("字" * 300) != safe_name("字" * 301)


@given(PATHS)
def test_sums_read_back_as_written(sums):
    try:
        assert read_sums(write_sums(sums)) == {path.removeprefix("./"): value for path, value in sums.items()}
    except UnicodeEncodeError:
        assert any("\ud800" <= char <= "\udfff" for path in sums for char in path)


def test_sha256sum_takes_odd_names(tmp_path: Path):
    import hashlib

    sums = {}
    for name in ("a\nb.jpg", "back\\slash.jpg", " space .jpg", "名字.jpg", "-x.jpg", "*star"):
        (tmp_path / name).write_bytes(name.encode())
        sums[name] = hashlib.sha256(name.encode()).hexdigest()
    (tmp_path / "SHA256SUMS").write_bytes(write_sums(sums))
    check = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )

    assert check.returncode == 0, check.stderr
    made = subprocess.run(["sha256sum", "--", *sums], cwd=tmp_path, capture_output=True, check=True)
    assert read_sums(made.stdout) == sums


@pytest.mark.parametrize("line", ["hello", "0" * 63 + "  x", "0" * 64 + "  ../x", "0" * 64 + "  /etc/passwd"])
def test_a_list_that_is_none_is_not_touched(line):
    with pytest.raises(SumsForeign) as raised:
        read_sums(f"{'a' * 64}  ok\n{line}\n".encode())
    assert raised.value.fields["line"] == 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=4))
def test_no_cell_of_a_csv_is_a_formula(cells):
    import csv
    import io

    content = as_csv(("x",) * len(cells), [cells]).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(content, newline="")))[1]

    assert [
        text.removeprefix("'") if text[1:] == cell else text for text, cell in zip(back, cells, strict=True)
    ] == cells
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in back)
