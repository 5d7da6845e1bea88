import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.roster import errors
from fieldkit.roster.checks import check
from fieldkit.roster.grid import read_grid
from fieldkit.roster.timetable import read_timetable
from fieldkit.roster.workbook import cell_text, is_exact, read_sheets

ROWS = [["Xh", "Xm", "Sfzh"], ["001", "王小明", "11010519491231002X"], ["002", "李 四", ""]]


def entries(path, password=None):
    report = check(read_grid(path, password))
    return [(row.row, row.entry.student_no, row.entry.name) for row in report.accepted]


EXPECTED = [(2, "001", "王小明"), (3, "002", "李四")]


def test_an_xlsx_of_either_writer_reads_alike(write_xlsx, tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "other.xlsx")

    assert entries(write_xlsx(ROWS)) == EXPECTED
    assert entries(tmp_path / "other.xlsx") == EXPECTED


def xls(rows):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名册")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    return book


def test_an_xls_reads_alike_whatever_it_is_called(tmp_path):
    xls(ROWS).save(str(tmp_path / "roster.csv"))

    assert entries(tmp_path / "roster.csv") == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_text_table_in_every_dress(tmp_path, encoding, delimiter, end):
    text = end.join(delimiter.join(row) for row in ROWS) + end
    path = tmp_path / "roster.xlsx"
    path.write_bytes(text.encode(encoding))

    assert entries(path) == EXPECTED


def test_utf_16_big_endian_with_a_mark(tmp_path):
    path = tmp_path / "roster.txt"
    path.write_bytes(b"\xfe\xff" + "学号\t姓名\n001\t王小明\n".encode("utf-16-be"))

    assert entries(path) == [(2, "001", "王小明")]


def test_quoted_cells_blank_lines_and_formula_text_keep_the_row_numbers(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        'Xh,Xm,Bjmc\n\n="001",王小明,"软件,1班"\n,,\n"002",李四,"软件\n2班"\n003,赵六,\n', "utf-8"
    )

    assert [row for row, _, _ in entries(path)] == [3, 5, 6]
    assert entries(path)[0][1] == "001"


def test_a_stray_quote_swallows_no_rows(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('Xh,Xm\n001,"王小明\n002,李四\n003,赵六\n', "utf-8")

    assert [row for row, _, _ in entries(path)] == [2, 3, 4]


@pytest.mark.parametrize(("top", "left"), [(0, 0), (3, 2), (50, 0)])
def test_row_numbers_are_those_the_spreadsheet_shows(write_xlsx, top, left):
    rows = [ROWS[0], [], ROWS[1], [], [], ROWS[2]]
    found = entries(write_xlsx(rows, top=top, left=left))

    assert [row for row, _, _ in found] == [top + 3, top + 6]


def test_row_numbers_in_an_xls_with_blank_rows(tmp_path):
    xls([[], [], ROWS[0], [], ROWS[1]]).save(str(tmp_path / "a.xls"))

    assert entries(tmp_path / "a.xls") == [(5, "001", "王小明")]


def test_the_sheet_with_the_headings_is_taken(write_xlsx):
    path = write_xlsx(ROWS, sheets=[("说明", [["请填写名册"], ["联系人"]]), ("空", [])])

    assert entries(path) == EXPECTED


def locked(path, password):
    out = path.with_suffix(".locked.xlsx")
    with path.open("rb") as source, out.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt(password, target)
    return out


def test_a_locked_xlsx_opens_with_its_password_only(write_xlsx):
    path = locked(write_xlsx(ROWS), "毕业2026!")

    assert entries(path, "毕业2026!") == EXPECTED
    with pytest.raises(errors.PasswordNeeded):
        read_sheets(path)
    with pytest.raises(errors.WrongPassword):
        read_sheets(path, "毕业2025!")


def test_a_workbook_that_excel_opens_without_asking_opens_here_too(write_xlsx):
    path = locked(write_xlsx(ROWS), "VelvetSweatshop")

    assert entries(path) == entries(path, "anything") == EXPECTED


def test_a_locked_xls_opens_with_its_password_only(lock_xls):
    path = lock_xls(xls(ROWS), "secret")

    assert entries(path, "secret") == EXPECTED
    with pytest.raises(errors.PasswordNeeded):
        read_sheets(path)
    with pytest.raises(errors.WrongPassword):
        read_sheets(path, "Secret")


def test_a_password_for_an_open_workbook_does_no_harm(write_xlsx, tmp_path):
    xls(ROWS).save(str(tmp_path / "a.xls"))

    assert entries(write_xlsx(ROWS), "x") == entries(tmp_path / "a.xls", "x") == EXPECTED


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyFile),
        (b"\r\n  \n", errors.EmptyFile),
        (b"\xef\xbb\xbf", errors.EmptyFile),
        (b"%PDF-1.7 \xe2\xe3", errors.NotAWorkbook),
        (b"\x89PNG\r\n\x1a\n", errors.NotAWorkbook),
        (b"<html><table><tr><td>Xh</td></tr></table></html>", errors.NotAWorkbook),
        (b"a\0b\0c", errors.NotAWorkbook),
        (b"PK\x03\x04 cut short", errors.DamagedWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), errors.DamagedWorkbook),
    ],
)
def test_what_is_no_table_is_named(tmp_path, content, error):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)

    with pytest.raises(error) as caught:
        read_sheets(path)
    assert caught.value.what("zh") != caught.value.what("en")
    assert caught.value.next_step("zh")
    assert str(caught.value) == error.__name__


def test_missing_files_folders_and_devices(tmp_path):
    for path, error in (
        (tmp_path / "none.xlsx", errors.NoSuchFile),
        (tmp_path, errors.NotAFile),
        (Path("/dev/null"), errors.NotAFile),
        (tmp_path / ("x" * 300), FieldkitError),
        (Path("a\0b"), errors.NoSuchFile),
    ):
        with pytest.raises(error):
            read_sheets(path)


def test_an_empty_workbook_is_empty(write_xlsx):
    with pytest.raises(errors.EmptyFile):
        read_sheets(write_xlsx([]))


def test_another_zip_is_no_workbook(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(errors.NotAWorkbook):
        read_sheets(path)


def test_one_cell_in_the_last_corner_does_not_ask_for_all_memory(tmp_path):
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Xh")
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(errors.FileTooLarge):
        read_sheets(path)


def test_styled_empty_cells_in_the_last_corner_are_harmless(tmp_path):
    path = tmp_path / "styled.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(ROWS):
            sheet.write_row(row, 0, cells)
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    assert entries(path) == EXPECTED


def test_the_far_corner_of_an_xls_is_refused(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "Xh")
    sheet.write(65_535, 255, "x")
    book.save(str(tmp_path / "wide.xls"))

    with pytest.raises(errors.FileTooLarge):
        read_sheets(tmp_path / "wide.xls")


def test_a_header_that_promises_billions_of_cells_ends_no_program(tmp_path):
    path = tmp_path / "promise.xls"
    xls(ROWS).save(str(path))
    content = path.read_bytes()
    at = content.index(struct.pack("<HH", 0x0200, 14)) + 4
    promised = struct.pack("<IIHH", 0, 0xFFFFFFF0, 0, 0xFFFF)
    path.write_bytes(content[:at] + promised + content[at + len(promised) :])

    with pytest.raises(errors.DamagedWorkbook):
        read_sheets(path)


def test_a_zip_bomb_is_refused(write_xlsx):
    path = write_xlsx(ROWS)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1 << 20))

    with pytest.raises(errors.FileTooLarge):
        read_sheets(path)


def test_what_a_number_cell_still_tells():
    assert cell_text(2022010118.0) == "2022010118"
    assert is_exact(2022010118.0)
    assert not is_exact(1.1010519491231e17)
    assert not is_exact(1.5)
    assert not is_exact(True)
    assert cell_text(date(2026, 3, 1)) == "2026-03-01"


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["Xh", "学号", "Sfzh", "姓名", "11010519491231002X", "班级", "拍摄时间", "8:30-9:00"]),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
)
PLACES = st.integers(0, 1 << 20)
GRIDS = st.lists(st.lists(CELLS, max_size=6), max_size=8)
FUZZ = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(path):
    said = []
    for read in (lambda: check(read_grid(path, "x")), lambda: read_timetable(path, "x")):
        try:
            said += [(problem.say("zh"), problem.say("en")) for problem in read().problems]
        except FieldkitError as error:
            said += [(error.what("zh"), error.what("en")), (error.next_step("zh"), error.next_step("en"))]

    assert all(zh and en for zh, en in said)


@FUZZ
@given(GRIDS)
def test_random_cells_give_a_report_or_an_error_of_ours(write_xlsx, rows):
    survives(write_xlsx(rows, name="random.xlsx"))


@FUZZ
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Xh,Xm\n"]),
)
def test_random_bytes_give_a_report_or_an_error_of_ours(tmp_path, content, start):
    path = tmp_path / "random"
    path.write_bytes(start + content)
    survives(path)


@FUZZ
@given(st.data())
def test_cut_and_bitten_files_give_a_report_or_an_error_of_ours(tmp_path, write_xlsx, lock_xls, data):
    xls(ROWS).save(str(tmp_path / "whole.xls"))
    text = tmp_path / "whole.csv"
    text.write_bytes("\n".join(",".join(row) for row in ROWS).encode("gb18030"))
    whole = data.draw(st.sampled_from(["xlsx", "xls", "csv", "locked"]))
    source = {
        "xlsx": write_xlsx,
        "xls": lambda _: tmp_path / "whole.xls",
        "csv": lambda _: text,
        "locked": lambda rows: lock_xls(xls(rows), "x"),
    }[whole](ROWS)
    content = bytearray(source.read_bytes())
    for _ in range(data.draw(st.integers(0, 12))):
        content[data.draw(PLACES) % len(content)] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), PLACES))
    path = tmp_path / "bitten"
    path.write_bytes(content if cut is None else content[: cut % len(content)])
    survives(path)


@FUZZ
@given(st.data())
def test_bitten_sheets_inside_a_sound_zip(tmp_path, write_xlsx, data):
    source = zipfile.ZipFile(io.BytesIO(write_xlsx(ROWS).read_bytes()))
    path = tmp_path / "bitten.xlsx"
    victim = data.draw(st.sampled_from(sorted(source.namelist())))
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            part = bytearray(source.read(name))
            if name == victim:
                for _ in range(data.draw(st.integers(1, 6))):
                    part[data.draw(PLACES) % len(part)] = data.draw(st.integers(32, 126))
            target.writestr(name, bytes(part))
    survives(path)
