"""Who is who across rosters: stable keys without personal data, and how an entry is written down."""

import base64
import hmac
from typing import Any

from fieldkit.model import RosterEntry
from fieldkit.roster.names import comparison_key, is_masked

_KEY_BYTES = 8
_FIELDS = tuple(name for name in RosterEntry.__dataclass_fields__ if name != "extra")


def person_key(salt: bytes, entry: RosterEntry) -> str:
    """Give the key of a person, from the surest number the entry has; empty where it has none.

    It is an HMAC under the visit's secret salt, so that every station of the visit gives the same person
    the same key and nobody can guess a number back from it.
    """
    for name in ("student_no", "id_number", "capture_code", "chip_serial", "exam_no"):
        value = getattr(entry, name)
        # Many people may share what is left of a masked number.
        if value and not is_masked(value):
            return _keyed(salt, f"{name}:{value}")
    return ""


def walk_in_key(salt: bytes, presented: str) -> str:
    """Give the key of somebody known by nothing but what was presented."""
    return _keyed(salt, f"presented:{presented}")


def name_key(name: str) -> str:
    """Give the form under which names are compared: separators and case do not count."""
    return comparison_key(name)


def entry_body(entry: RosterEntry) -> dict[str, Any]:
    """Write an entry for an event, with the keys it is searched by; empty fields are left out."""
    body: dict[str, Any] = {name: value for name in _FIELDS if (value := getattr(entry, name))}
    if entry.extra:
        body["extra"] = dict(entry.extra)
    if entry.name:
        body |= search_keys(entry.name)
    return body


def search_keys(name: str) -> dict[str, str]:
    """Give what a name is found by: its comparison form, pinyin and initials."""
    from fieldkit.roster.search import pinyin_keys

    pinyin, initials = pinyin_keys(name)
    return {"name_key": name_key(name), "pinyin": pinyin, "initials": initials}


def _keyed(salt: bytes, text: str) -> str:
    digest = hmac.digest(salt, text.encode("utf-8", "surrogatepass"), "sha256")
    return "P" + base64.b32encode(digest[:_KEY_BYTES]).decode("ascii").rstrip("=")
