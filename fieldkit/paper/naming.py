"""File and folder names that every system takes: Windows, a USB disk, a web page's zip."""

import hashlib
import re
import unicodedata

# Leaves room for an ending and for the name of a temporary file: most systems take 255 bytes.
MOST_BYTES = 180

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff\ufffe\uffff]')
_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_name(text: str) -> str:
    """Turn a text into a name without separators, reserved characters or reserved words.

    Equal texts give equal names; different ones may give the same, which the caller must look for.
    A text that is too long keeps its beginning and ends in a hash of the whole. Never empty.
    """
    name = _UNSEEN.sub("", _UNSAFE.sub("_", unicodedata.normalize("NFC", text)))
    name = " ".join(name.split()).rstrip(". ")
    if not name or name.startswith("."):
        name = f"_{name[1:]}"
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    if len(name.encode()) > MOST_BYTES:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        head = name.encode()[: MOST_BYTES - 13].decode("utf-8", "ignore")
        name = f"{head}~{digest}"
    return name


def same_place(path: str) -> str:
    """Give what two paths share that some system would take for one file: letter case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())
