import io
import struct
from hashlib import md5

import pytest


@pytest.fixture
def codes():
    return ("Bynd", "xxmc", "Zymc", "Bjmc", "Xh", "Sfzh", "Xm", "Xb", "Ksh")


@pytest.fixture
def good_row():
    """A row without fault; the number is a specimen of the published standard."""
    return [
        "2026",
        "某某大学",
        "软件工程",
        "软件1班",
        "2022010101",
        "11010520030101005X",
        "王小明",
        "男",
        "22110101",
    ]


@pytest.fixture
def write_xlsx(tmp_path):
    """Write rows into a real workbook; text stays text and numbers stay numbers."""
    import xlsxwriter

    def write(rows, name="roster.xlsx", top=0, left=0, sheets=()):
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
        for title, content in (*sheets, ("名册", rows)):
            sheet = book.add_worksheet(title)
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for row, cells in enumerate(content):
                for column, cell in enumerate(cells):
                    if cell is None or cell == "":
                        continue
                    if hasattr(cell, "year"):
                        sheet.write_datetime(row + top, column + left, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(row + top, column + left, cell)
                    else:
                        sheet.write(row + top, column + left, cell)
        book.close()
        return path

    return write


@pytest.fixture
def lock_xls(tmp_path):
    """Encrypt a BIFF8 stream by RC4 as Excel 97 does ([MS-XLS] 2.2.10 and [MS-OFFCRYPTO] 2.3.6)."""

    def lock(book, password, name="locked.xls"):
        from msoffcrypto.method.rc4 import DocumentRC4
        from xlwt.CompoundDoc import XlsDoc

        salt, verifier = bytes(range(16)), bytes(range(16, 32))
        secrets = io.BytesIO(verifier + md5(verifier).digest())
        locked = DocumentRC4.decrypt(password, salt, secrets, blocksize=1024).read()
        file_pass = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + salt + locked
        plain, mask = b"", b""
        stream, place = book.get_biff_data(), 0
        while place + 4 <= len(stream):
            kind, size = struct.unpack_from("<HH", stream, place)
            body = stream[place + 4 : place + 4 + size]
            open_part = size if kind in (0x0809, 0xE1, 0xE2) else 0
            if kind == 0x85:
                body = struct.pack("<I", struct.unpack("<I", body[:4])[0] + len(file_pass)) + body[4:]
                open_part = 4
            plain += stream[place : place + 4] + body
            mask += bytes(4 + open_part) + b"\xff" * (size - open_part)
            if kind == 0x0809 and place == 0:
                plain += file_pass
                mask += bytes(len(file_pass))
            place += 4 + size
        covered = DocumentRC4.decrypt(password, salt, io.BytesIO(plain), blocksize=1024).read()
        mixed = bytes(c if m else p for p, c, m in zip(plain, covered, mask, strict=True))
        # An empty record at the end keeps the zeros that fill the last sector on a record's border.
        filler = -len(mixed) % 4
        mixed += struct.pack("<HH", 0, filler) + bytes(filler)
        path = tmp_path / name
        XlsDoc().save(str(path), mixed)
        return path

    return lock
