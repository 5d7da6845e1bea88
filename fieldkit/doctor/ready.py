"""Every check of a laptop in the order a crew goes through them."""

import getpass
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldkit.clock import Clock
from fieldkit.devices.errors import ReadersRefused, UsbRefused
from fieldkit.devices.rules import POLKIT_RULE_PATH, UDEV_RULE, UDEV_RULE_PATH, polkit_rule
from fieldkit.doctor import laptop
from fieldkit.doctor.camera import camera_clocks, keys_to_screen
from fieldkit.doctor.finding import Finding
from fieldkit.doctor.home import slots, spool
from fieldkit.doctor.settings import settings
from fieldkit.errors import FieldkitError
from fieldkit.ledger.home import Home
from fieldkit.ledger.store import STORE_NAME
from fieldkit.words import Text
from fieldkit.words import doctor as words

if TYPE_CHECKING:
    from fieldkit.devices.survey import Survey

SLOW_COMMIT_MS = 50
_COMMITS = 9
_NOTHING: Mapping[str, float] = MappingProxyType({})


def examine(
    folder: Path,
    home: Home | None,
    clock: Clock,
    *,
    exists: bool,
    screen: Finding | None = None,
    to_come: int | None = None,
    behind: Mapping[str, float] = _NOTHING,
    key_ms: Sequence[float] = (),
    there: "Survey | None" = None,
) -> list[Finding]:
    """Check a laptop; ``home`` is the open home, or None where it is locked or not there yet.

    ``screen`` is what the app knows of its own terminal and ``key_ms`` what it measured; ``to_come`` are
    the bytes that the open visit still needs, ``behind`` the seconds its cameras' clocks are behind.
    ``there`` is what is plugged in where that is known; else the machine is asked.
    """
    return [
        *_home(folder, home, exists=exists),
        *(settings(folder) if exists else ()),
        laptop.space(folder, to_come),
        laptop.disk(folder),
        laptop.this_swap(),
        laptop.clock(clock.now()),
        *camera_clocks(behind),
        screen or laptop.this_terminal(),
        laptop.font(),
        *keys_to_screen(key_ms),
        *_devices(clock, there),
        *((server(folder),) if exists else ()),
    ]


def server(folder: Path) -> Finding:
    """Say that nothing leaves this laptop by itself: it belongs to no central server."""
    fields = {"home": folder}
    return Finding("server", words.SERVER, "warning", words.NO_SERVER, words.NO_SERVER_HINT, fields)


def commit_ms(folder: Path) -> float:
    """Measure what one small write to stable storage takes in a folder, in milliseconds (median)."""
    probe = folder / ".commit-time"
    times = []
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for _ in range(_COMMITS):
            begun = time.perf_counter()
            os.pwrite(descriptor, b"\0" * 4096, 0)
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - begun) * 1000)
    finally:
        os.close(descriptor)
        probe.unlink(missing_ok=True)
    return sorted(times)[_COMMITS // 2]


def _home(folder: Path, home: Home | None, *, exists: bool) -> Iterable[Finding]:
    place = {"home": folder}
    if not exists:
        yield Finding("home", words.HOME, "warning", words.NO_HOME, words.NO_HOME_HINT, place)
        return
    if home is None:
        yield Finding("home", words.HOME, "warning", words.HOME_LOCKED, words.HOME_LOCKED_HINT, place)
        yield slots(folder)
        return
    yield Finding("home", words.HOME, "ok", words.HOME_FOUND, None, {**place, "letter": home.station.letter})
    yield _store(folder, home)
    yield _commit(folder)
    yield slots(folder)
    yield spool(folder)


def _store(folder: Path, home: Home) -> Finding:
    try:
        wrong = home.store.check_pages()
    except FieldkitError as error:
        return Finding("store", words.STORE, "failure", error.message, error.hint, error.fields)
    if wrong:
        fields = {"count": len(wrong), "home": folder}
        return Finding("store", words.STORE, "failure", words.STORE_WRONG, words.STORE_HINT, fields)
    megabytes = (folder / STORE_NAME).stat().st_size // 1_000_000
    return Finding("store", words.STORE, "ok", words.STORE_SOUND, None, {"megabytes": megabytes})


def _commit(folder: Path) -> Finding:
    try:
        spent = commit_ms(folder)
    except OSError:
        return Finding("commit", words.COMMIT, "failure", words.NOT_KNOWN, words.STORE_HINT, {"home": folder})
    fields = {"milliseconds": round(spent, 1)}
    if spent > SLOW_COMMIT_MS:
        return Finding("commit", words.COMMIT, "warning", words.COMMIT_FOUND, words.COMMIT_HINT, fields)
    return Finding("commit", words.COMMIT, "ok", words.COMMIT_FOUND, None, fields)


def _devices(clock: Clock, there: "Survey | None") -> Iterable[Finding]:
    from fieldkit.devices.survey import survey

    there = there or survey(clock)
    yield _there("readers", words.READERS, [one.reader for one in there.readers], words.READERS_HINT)
    yield _there("cameras", words.CAMERAS, [one.camera for one in there.cameras], words.CAMERAS_HINT)
    cards = [f"{one.path} ({one.frames})" for one in there.volumes if one.frames]
    names = [one.label or one.device for one in there.unmounted]
    if cards or not names:
        yield _there("cards", words.CARDS, cards, words.CARDS_HINT)
    else:
        fields = {"names": ", ".join(names)}
        yield Finding("cards", words.CARDS, "warning", words.UNMOUNTED, words.UNMOUNTED_HINT, fields)
    yield from (trouble(device, problem) for device, problem in there.problems)


def trouble(device: str, problem: FieldkitError) -> Finding:
    """Tell of a device that cannot be used; where the system refuses it, with the rule that allows it."""
    # The device's own name stands before what happened to it.
    message = Text(f"{_plain(device)}: {problem.message.zh}", f"{_plain(device)}: {problem.message.en}")
    step, fields = problem.hint, dict(problem.fields)
    if isinstance(problem, ReadersRefused):
        step = words.RULE
        fields |= {"path": POLKIT_RULE_PATH, "rule": polkit_rule(_user()).rstrip()}
    elif isinstance(problem, UsbRefused):
        step = words.RULE
        fields |= {"path": UDEV_RULE_PATH, "rule": UDEV_RULE.rstrip()}
    return Finding("device", words.DEVICE, "warning", message, step, fields)


def _there(name: str, what: Text, names: list[str], hint: Text) -> Finding:
    if names:
        return Finding(name, what, "ok", words.FOUND, None, {"names": ", ".join(names)})
    return Finding(name, what, "warning", words.NONE_THERE, hint)


def _plain(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "USER"
