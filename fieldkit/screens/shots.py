"""The newest frames of a station on the camera screen, read beside the app."""

from dataclasses import dataclass

from textual import work
from textual.content import Content
from textual.message import Message

from fieldkit.kit import Kit
from fieldkit.screens.picker import Rows
from fieldkit.screens.readings import Readings
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.newest import Shots, newest_shots
from fieldkit.text import fit, one_line
from fieldkit.words import Lang
from fieldkit.words import portrait as portrait_words
from fieldkit.words import screens as words

VERDICT_MARKS = {"good": "■", "doubtful": "▲", "bad": "×"}


class ShotsPart(Rows):
    """Reads the newest frames, at most ``most``, whenever they may have changed, and shows them."""

    @dataclass
    class Read(Message):
        """The newest frames were read and linked anew."""

        shots: Shots

    def __init__(self, kit: Kit, visit: str, most: int) -> None:
        super().__init__(classes="frames")
        self.shots = Shots()
        self._kit, self._visit, self._most = kit, visit, most
        self._readings = Readings()

    def read(self) -> None:
        """Read and link the frames beside the app."""
        if self._readings.begins():
            self._read()

    def tell(self, width: int, lang: Lang) -> None:
        """Show the frames that were read last, right of the rule that parts them from the line."""
        shown = shot_rows(self.shots, width, self._most, lang)
        shown += [""] * (self._most - len(shown))
        self.update(Content("\n".join(f"│{row}" for row in shown)))

    def on_shots_part_read(self, event: Read) -> None:
        """Keep what was read for the screen, which hears of it next, and read once more where that is due."""
        self.shots = event.shots
        if self._readings.ended():
            self.read()

    @work(thread=True)
    def _read(self) -> None:
        self.post_message(self.Read(read_shots(self._kit, self._visit, self._most, self.shots)))


def read_shots(kit: Kit, visit: str, most: int, before: Shots) -> Shots:
    """Have the newest frames read, and give ``before`` where they cannot be."""
    try:
        return kit.beside.ask(newest_shots, visit, kit.journal.station.id, most)
    except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
        log_fault(error)
        return before


def shot_rows(shots: Shots, width: int, most: int, lang: Lang) -> list[str]:
    """Show the newest frames: file, time, whose, verdict and its first reason."""
    if not shots.newest:
        return [fit(f" {words.NO_FRAMES.say(lang)}", width)]
    rows = []
    for shot in shots.newest[:most]:
        name = one_line(shot.name) or words.UNLINKED.say(lang)
        if shot.status == "spare":
            name = words.SPARE.say(lang)
        elif shot.status == "review" and shot.name:
            name = f"{name}?"
        mark = VERDICT_MARKS.get(shot.verdict, " ")
        reason = portrait_words.REASONS[shot.reasons[0]].say(lang) if shot.reasons else ""
        file = shot.file.rpartition("/")[2].partition(".")[0]
        rows.append(fit(f" {fit(file, 8)} {shot.at:%H:%M:%S} {fit(name, 10)} {mark} {reason}", width))
    return rows
