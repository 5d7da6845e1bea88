"""The rehearsal from the command line: in the terminal app, or headless with one JSON summary."""

import sys
import tempfile
from pathlib import Path

from fieldkit.clock import SetClock
from fieldkit.commands.context import Context, read_secret_file
from fieldkit.commands.frames import Progress
from fieldkit.errors import InputProblem, UsageProblem
from fieldkit.kit import Kit
from fieldkit.rehearsal.play import PASSPHRASE, first_minute, play, set_stage
from fieldkit.words import Text
from fieldkit.words import rehearsal as words

MOST_PEOPLE = 20_000


class BadNumber(UsageProblem):
    """A number of the rehearsal is out of its range."""

    message = Text("{option} 不能是 {typed}", "{option} cannot be {typed}")
    hint = Text("{wanted}", "{wanted}")


class KeepTaken(InputProblem):
    """The folder for the rehearsal's home is in use."""

    message = Text("文件夹不是空的：{folder}", "The folder is not empty: {folder}")
    hint = Text("给一个新文件夹", "Give a new folder")


def rehearse(context: Context) -> int:
    """Play a made-up school."""
    asked = context.arguments
    if not 1 <= asked.people <= MOST_PEOPLE:
        raise BadNumber(option="--people", typed=asked.people, wanted=f"1 … {MOST_PEOPLE}")
    if not 0 < asked.speed < float("inf"):
        raise BadNumber(option="--speed", typed=asked.speed, wanted="> 0")
    run = headless if asked.headless else _in_the_app
    if asked.keep is None:
        with tempfile.TemporaryDirectory(prefix="fieldkit-rehearsal-") as folder:
            return run(context, Path(folder) / "home", Path(folder) / "props")
    home = Path(asked.keep).expanduser()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise KeepTaken(folder=home)
    code = run(context, home, home / "rehearsal")
    if asked.passphrase_file is None:
        context.say(words.KEPT, home=home, passphrase=PASSPHRASE)
    else:
        context.say(words.KEPT_OWN, home=home)
    return code


def _in_the_app(context: Context, home: Path, props: Path) -> int:
    from fieldkit.commands.terminal import open_rehearsal

    return open_rehearsal(context, home, props)


def headless(context: Context, home: Path, props: Path) -> int:
    """Play a rehearsal in a home and print its summary."""
    from fieldkit.portrait.worker import Judge

    asked = context.arguments
    passphrase = read_secret_file(Path(asked.passphrase_file)) if asked.passphrase_file else PASSPHRASE
    clock = SetClock(first_minute(context.clock.now()))
    stage = set_stage(home, props, asked.people, asked.seed, passphrase, context.lang, clock)
    shown = Progress(context)
    try:
        with Judge(workers=2) as judges:

            def deliver(kit: Kit, folder: Path) -> int:
                from fieldkit.commands.paper import deliver_into

                return len(deliver_into(kit, folder, judges).delivered)

            summary = play(
                stage,
                clock,
                asked.seed,
                asked.speed,
                judges,
                deliver,
                lambda done, total: shown.say(words.PLAYING, done=done, total=total),
            )
    finally:
        shown.end()
        stage.kit.close()
    context.json_line(summary.row())
    sys.stdout.flush()
    context.say(words.DONE, **summary.row())
    return 1 if summary.wrong else 0
