"""Is a JPEG complete? Its own segments say so; its last bytes do not.

A thumbnail inside APP1 has an end marker of its own, and cameras write trailers after the true end,
so the walk goes from segment to segment (ISO/IEC 10918-1, annex B) while the file streams past.
"""

import re
from typing import Final, Literal

Verdict = Literal["complete", "incomplete", "damaged"]

_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01
_RESTART: Final = range(0xD0, 0xD8)
_FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In entropy-coded data FF is followed by 00 (stuffing), a restart marker, or fill bytes.
_MARKER_IN_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")

_Place = Literal["start", "marker", "code", "length", "skip", "scan", "end", "hole", "bad"]


class JpegWalk:
    """Walks one JPEG block by block; ``verdict`` can be asked at any time.

    A run of zeros where a marker must stand is a hole that the writer has yet to fill: incomplete.
    Anything else that breaks the chain of segments is damage.
    """

    def __init__(self) -> None:
        self._place: _Place = "start"
        self._kept = b""
        self._skip = 0
        self._segment = 0
        self._frame_seen = False
        self._scan_seen = False

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the file, any number of them."""
        if self._place in {"end", "bad", "hole"}:
            return
        data = self._kept + block if self._kept else block
        self._kept = b""
        at = 0
        while at < len(data) and self._place not in {"end", "bad", "hole"}:
            if self._place == "skip":
                step = min(self._skip, len(data) - at)
                self._skip -= step
                at += step
                if not self._skip:
                    self._place = "scan" if self._segment == _SOS else "marker"
            elif self._place == "scan":
                at = self._scan(data, at)
                if at < 0:
                    return
            else:
                if len(data) - at < 2:
                    self._kept = data[at:]
                    return
                at += self._step(data[at], data[at + 1])

    @property
    def verdict(self) -> Verdict:
        """Say what the bytes so far amount to."""
        if self._place == "end":
            return "complete"
        return "damaged" if self._place == "bad" else "incomplete"

    def _scan(self, data: bytes, at: int) -> int:
        """Pass over entropy-coded data; give the place of the next marker, or −1 to wait for more."""
        found = _MARKER_IN_SCAN.search(data, at)
        if found is None:
            self._kept = b"\xff" if data[-1] == 0xFF else b""
            return -1
        self._place = "marker"
        return found.start()

    def _step(self, first: int, second: int) -> int:
        """Read two bytes outside of scans; give how many of them are used up."""
        if self._place == "start":
            is_start = (first, second) == (0xFF, _SOI)
            # Of a file that is being filled in, either byte may still be zero.
            self._place = "marker" if is_start else self._broken(first and second)
            return 2
        if self._place == "length":
            return self._length(first << 8 | second)
        if first != 0xFF:
            self._place = self._broken(first)
            return 0
        if second == 0xFF:
            return 1
        return self._marker(second)

    def _marker(self, code: int) -> int:
        if code == _EOI:
            self._place = "end" if self._scan_seen else "bad"
        elif code in _RESTART or code == _TEM:
            self._place = "marker"
        elif code == 0x00:
            self._place = "hole"
        elif code == _SOI or (code == _SOS and not self._frame_seen):
            self._place = "bad"
        else:
            self._frame_seen = self._frame_seen or code in _FRAME_HEADERS
            self._scan_seen = self._scan_seen or code == _SOS
            self._segment = code
            self._place = "length"
        return 2

    def _length(self, length: int) -> int:
        if length < 2:
            self._place = "hole" if length == 0 else "bad"
        else:
            self._skip = length - 2
            self._place = "skip"
            if not self._skip:
                self._place = "scan" if self._segment == _SOS else "marker"
        return 2

    @staticmethod
    def _broken(byte: int) -> _Place:
        return "hole" if byte == 0 else "bad"


def jpeg_verdict(data: bytes) -> Verdict:
    """Judge a whole JPEG that is in memory."""
    walk = JpegWalk()
    walk.feed(data)
    return walk.verdict
