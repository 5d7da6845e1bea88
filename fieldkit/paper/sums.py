"""``SHA256SUMS``: one line a file, as ``sha256sum`` writes and checks it."""

import re
from collections.abc import Mapping

from fieldkit.paper.errors import SumsForeign

NAME = "SHA256SUMS"
_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def write_sums(sums: Mapping[str, str]) -> bytes:
    """Write the list, paths to SHA-256 in hex, sorted by the bytes of the path.

    A path with a backslash or line break is escaped and its line begins with a backslash (GNU coreutils).
    """
    lines = []
    for path in sorted(sums, key=lambda one: one.encode("utf-8", "surrogateescape")):
        escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        mark = "\\" if escaped != path else ""
        lines.append(f"{mark}{sums[path]}  {escaped}\n")
    return "".join(lines).encode("utf-8", "surrogateescape")


def read_sums(content: bytes, file: str = NAME) -> dict[str, str]:
    """Read the list back: paths below its folder, to their SHA-256.

    Raises SumsForeign for a line that is none, or whose path leads out of the folder.
    """
    sums = {}
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.removesuffix("\r")
        if not bare:
            continue
        match = _LINE.fullmatch(bare)
        if match is None:
            raise SumsForeign(file=file, line=number)
        path = match[3]
        if match[1]:
            path = re.sub(r"\\[\\nr]", lambda found: _ESCAPES[found[0]], path)
        path = path.removeprefix("./")
        if path.startswith("/") or "\0" in path or ".." in path.split("/"):
            raise SumsForeign(file=file, line=number)
        sums[path] = match[2]
    return sums
