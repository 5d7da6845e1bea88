"""Opening password-protected workbooks, and refusing those made to exhaust the machine."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from fieldkit.roster.errors import (
    DamagedWorkbook,
    FileTooLarge,
    NotAWorkbook,
    PasswordNeeded,
    UnknownEncryption,
    WrongPassword,
)

MOST_UNPACKED = 256 << 20
_MOST_PARTS = 5_000
_MOST_SPINS = 2_000_000
# Excel itself tries this one before it asks: workbooks saved as "read-only" are encrypted with it.
_SILENT_PASSWORD = "VelvetSweatshop"  # noqa: S105
_OTHER_OLE = ("WordDocument", "PowerPoint Document", "VisioDocument", "__properties_version1.0")
# What olefile and msoffcrypto let through when a damaged file leads them astray.
_ASTRAY = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RuntimeError, SyntaxError, TypeError, ValueError, struct.error,
)  # fmt: skip
_ZIP_ASTRAY = (zipfile.BadZipFile, zlib.error, *_ASTRAY)

_WIDE_COLUMN = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{2,7})[0-9]")
_LONG_ROW = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{0,7}([0-9]{6,})")
_FILLED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?r\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"'])[^>]*(?<!/)>"
)


def opened(path: Path, content: bytes, password: str | None) -> bytes:
    """Decrypt an OLE file where it is encrypted; an open xls comes back as it is.

    Raises PasswordNeeded, WrongPassword, UnknownEncryption, NotAWorkbook or DamagedWorkbook.
    """
    import msoffcrypto
    from msoffcrypto import exceptions

    try:
        _refuse_other_ole(path, content)
        document = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not document.is_encrypted():
            return content
        if document.format == "ooxml" and _spins(document) > _MOST_SPINS:
            raise UnknownEncryption(path=path.name)
        for attempt in (password, _SILENT_PASSWORD):
            if attempt and (plain := _decrypted(document, attempt)) is not None:
                return plain
    except exceptions.DecryptionError as error:
        raise UnknownEncryption(path=path.name) from error
    except (exceptions.FileFormatError, exceptions.ParseError, *_ASTRAY) as error:
        raise DamagedWorkbook(path=path.name) from error
    raise WrongPassword(path=path.name) if password else PasswordNeeded(path=path.name)


def refuse_zip_bomb(path: Path, content: bytes, most_cells: int) -> None:
    """Refuse an xlsx that unpacks to too much, or whose cells stand too far apart.

    A reader makes room for the whole rectangle between the outermost cells, so that one cell in
    the last corner of a sheet asks for hundreds of gigabytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or len(parts) > _MOST_PARTS:
                raise FileTooLarge(
                    path=path.name, found=f"{unpacked >> 20} MB", limit=f"{MOST_UNPACKED >> 20} MB"
                )
            names = [part.filename.replace("\\", "/").lower() for part in parts]
            if "xl/workbook.xml" not in names:
                raise NotAWorkbook(path=path.name)
            for part in parts:
                _check_part(path, archive.read(part), most_cells)
    except _ZIP_ASTRAY as error:
        raise DamagedWorkbook(path=path.name) from error


def _refuse_other_ole(path: Path, content: bytes) -> None:
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        if any(ole.exists(name) for name in _OTHER_OLE):
            raise NotAWorkbook(path=path.name)
        if not any(ole.exists(name) for name in ("Workbook", "Book", "EncryptionInfo")):
            raise NotAWorkbook(path=path.name)


def _spins(document: Any) -> int:
    info = document.info
    return int(info.get("spinValue", 0)) if isinstance(info, dict) else 0


def _decrypted(document: Any, password: str) -> bytes | None:
    from msoffcrypto import exceptions

    out = io.BytesIO()
    try:
        if document.format == "ooxml":
            document.load_key(password=password, verify_password=True)
        else:
            document.load_key(password=password)
        document.decrypt(out)
    except exceptions.InvalidKeyError:
        return None
    return out.getvalue()


def _check_part(path: Path, part: bytes, most_cells: int) -> None:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # XML in UTF-16 is allowed and nobody writes it; its cells could not be counted here.
        raise DamagedWorkbook(path=path.name)
    if b"sheetData" not in part:
        return
    columns = max(map(_column, set(_WIDE_COLUMN.findall(part))), default=26)
    rows = max(map(int, _LONG_ROW.findall(part)), default=99_999)
    if rows * columns <= most_cells:
        return
    columns = rows = 0
    for column, row in _FILLED_CELL.findall(part):
        columns, rows = max(columns, _column(column)), max(rows, int(row))
    if rows * columns > most_cells:
        raise FileTooLarge(path=path.name, found=f"{rows} × {columns}", limit=f"{most_cells}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
