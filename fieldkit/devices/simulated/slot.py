"""A card slot made of software: cards go in and out, and the real volume loop sees them mounted.

The loop reads a mount table; this slot keeps one of its own beside its cards, so nothing has to be
mounted and no right is needed.
"""

import os
import shutil
from pathlib import Path


class SimulatedSlot:
    """A slot in a folder: give ``mount_table`` to the volume loop and watch ``place``."""

    def __init__(self, base: Path, label: str = "CARD") -> None:
        self._cards = base / "cards"
        self._cards.mkdir(parents=True, exist_ok=True)
        self.place = base / label
        self.mount_table = base / "mountinfo"
        self._mounts = 0
        self._inside: str | None = None
        self._tell("")

    def insert(self, card: str) -> Path:
        """Put a card in, new or used before, and give the place where its files are.

        Raises FileExistsError while another card is in.
        """
        if self._inside is not None:
            raise FileExistsError(self.place)
        kept = self._cards / card
        kept.mkdir(exist_ok=True)
        kept.rename(self.place)
        self._inside = card
        self._mounts += 1
        place = str(self.place).replace("\\", "\\134").replace(" ", "\\040")
        self._tell(f"{self._mounts} 0 0:{self._mounts} / {place} rw - exfat simulated-{card} rw\n")
        return self.place

    def pull(self) -> None:
        """Take the card out; its files wait for the next time."""
        if self._inside is not None:
            self._tell("")
            self.place.rename(self._cards / self._inside)
            self._inside = None

    def format(self) -> None:
        """Format the card that is in, as the camera does. Raises FileNotFoundError without one."""
        shutil.rmtree(self.place)
        self.place.mkdir()

    def _tell(self, table: str) -> None:
        written = self.mount_table.with_suffix(".new")
        written.write_text(table, encoding="utf-8")
        os.replace(written, self.mount_table)  # noqa: PTH105  the loop never reads half a table
