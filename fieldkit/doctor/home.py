"""Checks of a home's own files: both copies of the key slots, and what a crash left in the spool."""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from fieldkit.doctor.finding import Finding
from fieldkit.ledger.errors import KeySlotsDamaged, NoHome
from fieldkit.ledger.keys import SLOTS_COPY_NAME, SLOTS_NAME, read_slots
from fieldkit.words import doctor as words

SPOOL = "spool"


def slots(folder: Path) -> Finding:
    """Check that both copies of the key slots are there and the same; one alone is one accident from none."""
    fields: Mapping[str, object] = {"home": folder}
    try:
        held = read_slots(folder)
    except (KeySlotsDamaged, NoHome) as error:
        return Finding("keys", words.SLOTS, "failure", error.message, error.hint, error.fields)
    first, second = (_read_alone(folder / name) for name in (SLOTS_NAME, SLOTS_COPY_NAME))
    if first == second:
        return Finding("keys", words.SLOTS, "ok", words.SLOTS_SOUND, None, fields)
    # The home is opened with the first copy wherever that one is sound.
    broken, other = (SLOTS_NAME, SLOTS_COPY_NAME) if first != held else (SLOTS_COPY_NAME, SLOTS_NAME)
    fields = {"broken": broken, "command": f"cp {folder / other} {folder / broken}"}
    if first == held and second is not None:
        return Finding("keys", words.SLOTS, "warning", words.SLOTS_DIFFER, words.SLOTS_DIFFER_HINT, fields)
    return Finding("keys", words.SLOTS, "failure", words.SLOT_BROKEN, words.SLOT_HINT, fields)


def spool(folder: Path) -> Finding:
    """Check whether a crash left half-written originals; while one is being written they are none."""
    place = folder / SPOOL
    left = sorted(place.glob("*.part")) if place.is_dir() else []
    if not left or _in_use(place):
        return Finding("spool", words.SPOOL, "ok", words.SPOOL_IN_USE if left else words.SPOOL_EMPTY)
    fields = {"count": len(left), "megabytes": round(sum(map(_size, left)) / 1e6)}
    return Finding("spool", words.SPOOL, "warning", words.SPOOL_LEFT, words.SPOOL_HINT, fields)


def _read_alone(copy: Path) -> object:
    import json

    try:
        return json.loads(copy.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _in_use(place: Path) -> bool:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
