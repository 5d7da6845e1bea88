"""Which unfinished files of a card nobody is writing any more (pure)."""

from collections.abc import Collection, Mapping

QUIET_MS = 60_000
PICTURES = ("DCIM", "dcim")

Shape = tuple[int, int]
"""Size in bytes and modification time in nanoseconds."""


class Resting:
    """Knows which files of a card were told to have stopped growing, or did not change for a minute."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._since: dict[str, tuple[Shape, int]] = {}

    def tell(self, files: Collection[str]) -> None:
        """Note files that the watch told, named from the card's top."""
        self._told.update(files)

    def look(self, unfinished: Mapping[str, Shape], now_ms: int) -> None:
        """Note how the files that are not complete were found, named from where the pictures are."""
        before = self._since
        self._since = {
            file: before[file] if file in before and before[file][0] == shape else (shape, now_ms)
            for file, shape in unfinished.items()
        }

    def rests(self, file: str, now_ms: int) -> bool:
        """Say whether a file is not being written: the watch told it, or it was quiet for a minute."""
        if any(name in self._told for name in (file, *(f"{folder}/{file}" for folder in PICTURES))):
            return True
        return file in self._since and now_ms - self._since[file][1] >= QUIET_MS

    def empty(self, file: str) -> bool:
        """Say whether an unfinished file was found without any content."""
        return file in self._since and not self._since[file][0][0]

    @property
    def unfinished(self) -> frozenset[str]:
        """Name the files that are not complete yet, from the card's top as the watch names them."""
        return frozenset(f"{folder}/{file}" for file in self._since for folder in PICTURES)
