"""The newest frames of a station on the camera screen, read beside the app."""

from fieldkit.kit import Kit
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.newest import Shots, newest_shots
from fieldkit.text import fit, one_line
from fieldkit.words import Lang
from fieldkit.words import portrait as portrait_words
from fieldkit.words import screens as words

VERDICT_MARKS = {"good": "■", "doubtful": "▲", "bad": "×"}


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
