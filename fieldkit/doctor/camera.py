"""The cameras' clocks, by what their frames told; and how quick the screen is, by what the app measured."""

from collections.abc import Iterable, Mapping, Sequence

from fieldkit.doctor.finding import Finding
from fieldkit.words import doctor as words

FAR_SECONDS = 120
SLOW_KEY_MS = 50


def camera_clocks(behind: Mapping[str, float]) -> Iterable[Finding]:
    """Judge each camera's clock by how many seconds it is behind the laptop's; it may be ahead.

    Links allow for any error that is known, so a wrong clock is never more than a warning.
    """
    for body, seconds in sorted(behind.items()):
        fields = {"body": body, "by": spoken_seconds(abs(seconds))}
        found = words.CAMERA_BEHIND if seconds > 0 else words.CAMERA_AHEAD
        right = abs(seconds) <= FAR_SECONDS
        step = None if right else words.CAMERA_CLOCK_HINT
        yield Finding("camera-clock", words.CAMERA_CLOCK, "ok" if right else "warning", found, step, fields)


def keys_to_screen(milliseconds: Sequence[float]) -> Iterable[Finding]:
    """Judge how long it takes from a key to the screen, by the slowest of twenty; nothing without any key."""
    if not milliseconds:
        return
    slowest = sorted(milliseconds)[len(milliseconds) * 19 // 20]
    fields = {"milliseconds": round(slowest)}
    if slowest > SLOW_KEY_MS:
        yield Finding("latency", words.LATENCY, "warning", words.LATENCY_FOUND, words.LATENCY_HINT, fields)
    else:
        yield Finding("latency", words.LATENCY, "ok", words.LATENCY_FOUND, None, fields)


def spoken_seconds(seconds: float) -> str:
    """Write a span as ``37 s``, ``12:05`` or ``8:00:12``."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"{whole} s" if whole < 100 else f"{rest // 60}:{rest % 60:02}"
