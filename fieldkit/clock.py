"""The one way to ask what time it is, so that tests and rehearsals can set it."""

import re
import time
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from fieldkit.errors import BadTime

_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class Clock(Protocol):
    """Tells wall time with its zone, and a time that never jumps."""

    def now(self) -> datetime:
        """Give the wall time, aware, in the laptop's zone."""
        ...

    def mono_ms(self) -> int:
        """Give milliseconds since an arbitrary start that never go back."""
        ...

    def boot_id(self) -> str:
        """Name the run of the machine within which ``mono_ms`` can be compared."""
        ...


class SystemClock:
    """The laptop's own clock."""

    def now(self) -> datetime:
        """Give the wall time, aware, in the laptop's zone."""
        return datetime.now().astimezone()

    def mono_ms(self) -> int:
        """Give milliseconds of the machine's monotonic clock."""
        return time.monotonic_ns() // 1_000_000

    def boot_id(self) -> str:
        """Give the kernel's id of this boot, or ``unknown`` where there is none."""
        return _kernel_boot_id()


class SetClock:
    """A clock that stands still until it is moved, for tests and headless rehearsals."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")
        self._now = start
        self._mono_ms = 0

    def now(self) -> datetime:
        """Give the time it was set to."""
        return self._now

    def mono_ms(self) -> int:
        """Give how far it was moved forward, in milliseconds."""
        return self._mono_ms

    def boot_id(self) -> str:
        """Give the id that marks a set clock."""
        return "set-clock"

    def forward(self, step: timedelta) -> None:
        """Move the wall time, and the monotonic time with it when the step is not negative."""
        self._now += step
        self._mono_ms += max(0, round(step.total_seconds() * 1000))

    def set(self, moment: datetime) -> None:
        """Move to a moment."""
        self.forward(moment - self._now)


class FastClock:
    """A clock that runs faster than life from a moment on, for rehearsals that people watch."""

    def __init__(self, start: datetime, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._begun_ns = time.monotonic_ns()

    def now(self) -> datetime:
        """Give the time of its own day."""
        return self._start + timedelta(milliseconds=self.mono_ms())

    def mono_ms(self) -> int:
        """Give milliseconds of its own day since it was started."""
        return round((time.monotonic_ns() - self._begun_ns) * self._speed / 1_000_000)

    def boot_id(self) -> str:
        """Give the id that marks a fast clock."""
        return "fast-clock"


@cache
def _kernel_boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def read_time(typed: str, now: datetime) -> datetime:
    """Read ``09:46``, ``09:46:12`` or an ISO time; without a date it is today, without a zone here.

    Raises BadTime for anything else.
    """
    text = typed.strip()
    match = _TIME_OF_DAY.fullmatch(text)
    try:
        if match:
            hour, minute, second = (int(part or 0) for part in match.groups())
            return now.replace(hour=hour, minute=minute, second=second, microsecond=0)
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise BadTime(typed=typed) from error
