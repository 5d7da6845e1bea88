"""The command line as data: every command, its arguments, and where its function is."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from fieldkit import __version__
from fieldkit.errors import UsageProblem
from fieldkit.words import Lang, Text
from fieldkit.words import cli as words


class BadCommandLine(UsageProblem):
    """The command line does not read."""

    message = Text("命令不对：{detail}", "The command is wrong: {detail}")
    hint = Text("{usage}", "{usage}")


@dataclass(frozen=True)
class Argument:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    help: Text
    settings: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One command: ``run`` names the function as ``module:function`` below ``fieldkit.commands``."""

    path: tuple[str, ...]
    help: Text
    run: str
    arguments: tuple[Argument, ...] = ()
    json: bool = True


def argument(*names: str, help: Text, **settings: Any) -> Argument:  # noqa: A002
    """Describe one argument."""
    return Argument(names, help, settings)


GROUPS: dict[str, Text] = {
    "visit": words.VISIT,
    "roster": words.ROSTER,
    "timetable": words.TIMETABLE,
    "recording": words.RECORDING,
    "ledger": words.LEDGER,
    "card": words.CARD,
}

_PROMISED_FORMS = ("missing",)


def commands() -> tuple[Command, ...]:
    """Give every command there is."""
    credential = argument("credential", help=words.CREDENTIAL, metavar="CREDENTIAL")
    at = argument("--at", help=words.AT, metavar="TIME")
    batch = argument("--batch", help=words.BATCH, metavar="B")
    password = argument("--password-file", help=words.PASSWORD_FILE, metavar="FILE")
    roster_file = argument("file", help=words.ROSTER_FILE, metavar="FILE")
    frame = argument("frame", help=words.FRAME, metavar="FRAME")
    person = argument("person", help=words.PERSON, metavar="PERSON")
    return (
        Command(("init",), words.INIT, "house:init", (
            argument("--station", help=words.STATION, metavar="A", required=True),)),
        Command(("visit", "new"), words.VISIT_NEW, "house:visit_new", (
            argument("name", help=words.VISIT_NAME, metavar="NAME"),
            argument("--school", help=words.SCHOOL, metavar="S", required=True),
            argument("--from", help=words.DAY_FROM, metavar="D", dest="day_from", default=""),
            argument("--to", help=words.DAY_TO, metavar="D", dest="day_to", default=""),
            argument("--price", help=words.PRICE, metavar="Y", default=""),
            argument("--profile", help=words.PROFILE, metavar="P", default=""))),
        Command(("visit", "list"), words.VISIT_LIST, "house:visit_list"),
        Command(("visit", "open"), words.VISIT_OPEN, "house:visit_open", (
            argument("name", help=words.VISIT_NAME, metavar="NAME"),)),
        Command(("roster", "check"), words.ROSTER_CHECK, "roster:check", (roster_file, password)),
        Command(("roster", "import"), words.ROSTER_IMPORT, "roster:import_roster", (
            roster_file, password,
            argument("--accept-valid", help=words.ACCEPT_VALID, action="store_true"))),
        Command(("timetable", "import"), words.TIMETABLE_IMPORT, "roster:timetable_import", (
            argument("file", help=words.TIMETABLE_FILE, metavar="FILE"), password)),
        Command(("timetable", "show"), words.TIMETABLE_SHOW, "roster:timetable_show"),
        Command(("checkin",), words.CHECKIN, "line:checkin", (
            credential, argument("--walk-in", help=words.WALK_IN, metavar="NAME"), at)),
        Command(("bind",), words.BIND, "line:bind", (
            argument("chip", help=words.CHIP, metavar="CHIP"), credential,
            argument("--replace", help=words.REPLACE, action="store_true"), at)),
        Command(("seat",), words.SEAT, "line:seat", (
            argument("who", help=words.SEAT_WHO, metavar="CREDENTIAL-OR-NUMBER"), at)),
        Command(("next",), words.NEXT, "line:next_sits", (at,)),
        Command(("ingest",), words.INGEST, "frames:ingest", (
            argument("folder", help=words.INGEST_FOLDER, metavar="FOLDER"),)),
        Command(("links",), words.LINKS, "frames:links"),
        Command(("link",), words.LINK, "frames:link", (frame, person)),
        Command(("unlink",), words.UNLINK, "frames:unlink", (frame,)),
        Command(("swap",), words.SWAP, "frames:swap", (
            argument("first", help=words.NUMBER, metavar="NUMBER"),
            argument("second", help=words.NUMBER, metavar="NUMBER"))),
        Command(("undo",), words.UNDO, "line:undo"),
        Command(("person",), words.PERSON_SHOW, "line:person", (credential,)),
        Command(("reconcile",), words.RECONCILE, "paper:reconcile", (batch,)),
        Command(("seal",), words.SEAL, "paper:seal", (batch,)),
        Command(("deliver",), words.DELIVER, "paper:deliver", (
            argument("folder", help=words.DELIVER_DIR, metavar="DIR"), batch)),
        Command(("print",), words.PRINT, "paper:print_form", (
            argument("form", help=words.PRINT_FORM, choices=_PROMISED_FORMS),
            argument("--out", help=words.PRINT_OUT, metavar="FILE", required=True), batch)),
        Command(("correct",), words.CORRECT, "paper:correct", (
            person,
            argument("field", help=words.CORRECT_FIELD, metavar="FIELD"),
            argument("value", help=words.CORRECT_VALUE, metavar="VALUE"))),
        Command(("replay",), words.REPLAY, "frames:replay", (
            argument("file", help=words.REPLAY_FILE, metavar="RECORDING"),)),
        Command(("recording", "export"), words.RECORDING_EXPORT, "frames:recording_export"),
        Command(("ledger", "verify"), words.LEDGER_VERIFY, "house:ledger_verify"),
        Command(("card", "status"), words.CARD_STATUS, "frames:card_status"),
        Command(("devices",), words.DEVICES, "devices:devices", (
            argument("--follow", help=words.DEVICES_FOLLOW, action="store_true"),
            argument("--seconds", help=words.DEVICES_SECONDS, metavar="S", type=float),
            argument("--serial", help=words.DEVICES_SERIAL, metavar="PATH", action="append"),
            argument("--reveal", help=words.DEVICES_REVEAL, action="store_true"))),
        Command(("doctor",), words.DOCTOR, "doctor:doctor"),
        Command(("rehearse",), words.REHEARSE, "rehearse:rehearse", (
            argument("--people", help=words.PEOPLE, metavar="N", type=int, default=40),
            argument("--seed", help=words.SEED, metavar="S", type=int, default=1),
            argument("--speed", help=words.SPEED, metavar="X", type=float, default=10.0),
            argument("--headless", help=words.HEADLESS, action="store_true"),
            argument("--keep", help=words.KEEP, metavar="DIR"))),
    )  # fmt: skip


def read_command_line(arguments: Sequence[str], lang: Lang) -> argparse.Namespace:
    """Read the command line; ``run`` of the answer is None where no command is given.

    Raises BadCommandLine. Help and version end the program with exit code 0.
    """
    # Nobody waits for what reads every command's arguments where the app is to open and there are none.
    answer = _parser(lang).parse_args(list(arguments)) if arguments else argparse.Namespace()
    shared = {"home": None, "lang": lang, "passphrase_file": None, "json": False, "run": None}
    return argparse.Namespace(**{**shared, **vars(answer)})


def _parser(lang: Lang) -> "_Parser":
    top = _Parser(lang, prog="fieldkit", description=words.PROGRAM.say(lang))
    options = top.add_argument_group(words.OPTIONS.say(lang))
    options.add_argument(
        "--version", action="version", version=f"fieldkit {__version__}", help=words.SHOW_VERSION.say(lang)
    )
    _shared(options, lang)
    branches: dict[tuple[str, ...], Any] = {(): _branch(top, lang)}
    for command in commands():
        group = command.path[:-1]
        if group not in branches:
            parent = branches[()].add_parser(
                group[0], help=GROUPS[group[0]].say(lang), description=GROUPS[group[0]].say(lang), lang=lang
            )
            branches[group] = _branch(parent, lang, required=True)
        _add(branches[group], command, lang)
    return top


def _branch(parser: argparse.ArgumentParser, lang: Lang, *, required: bool = False) -> Any:
    return parser.add_subparsers(
        title=words.COMMANDS.say(lang), metavar="COMMAND", dest="command", required=required,
        parser_class=_Parser,
    )  # fmt: skip


def _add(branch: Any, command: Command, lang: Lang) -> None:
    text = command.help.say(lang)
    parser = branch.add_parser(command.path[-1], help=text, description=text, lang=lang)
    positional = parser.add_argument_group(words.ARGUMENTS.say(lang))
    options = parser.add_argument_group(words.OPTIONS.say(lang))
    for item in command.arguments:
        place = options if item.names[0].startswith("-") else positional
        place.add_argument(*item.names, help=item.help.say(lang), **item.settings)
    if command.json:
        options.add_argument("--json", action="store_true", help=words.JSON.say(lang))
    _shared(options, lang)
    parser.set_defaults(run=command.run)


def _shared(group: Any, lang: Lang) -> None:
    absent = argparse.SUPPRESS
    group.add_argument("--home", metavar="DIR", default=absent, help=words.HOME.say(lang))
    group.add_argument("--lang", choices=("zh", "en"), default=absent, help=words.LANG.say(lang))
    group.add_argument(
        "--passphrase-file", metavar="FILE", default=absent, help=words.PASSPHRASE_FILE.say(lang)
    )
    group.add_argument("-h", "--help", action="help", help=words.SHOW_HELP.say(lang))


class _Formatter(argparse.HelpFormatter):
    """Writes the word ``usage`` in the chosen language."""

    lang: Lang = "en"

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, words.USAGE.say(self.lang) if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Speaks the chosen language and raises instead of leaving the program."""

    def __init__(self, lang: Lang, **settings: Any) -> None:
        formatter: Any = type("Formatter", (_Formatter,), {"lang": lang})
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=formatter, **settings)
        self.lang: Lang = lang

    def error(self, message: str) -> NoReturn:
        detail = next(
            (text.say(self.lang, **found.groupdict()) for pattern, text in _COMPLAINTS
             if (found := pattern.fullmatch(message))),
            message,
        )  # fmt: skip
        raise BadCommandLine(detail=detail, usage=self.format_usage().strip())


def _complaint(pattern: str, text: Text) -> tuple[re.Pattern[str], Text]:
    return re.compile(pattern), text


_COMPLAINTS = (
    _complaint(
        r"argument (?P<where>\S+): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        words.INVALID_CHOICE,
    ),
    _complaint(r"argument (?P<where>\S+): expected (?:one|at least one) argument", words.EXPECTED_ONE),
    _complaint(r"the following arguments are required: COMMAND", words.NO_COMMAND),
    _complaint(r"the following arguments are required: (?P<names>.+)", words.MISSING),
    _complaint(r"unrecognized arguments: (?P<names>.+)", words.UNRECOGNISED),
    _complaint(r"argument (?P<where>\S+): invalid \S+ value: (?P<value>.+)", words.INVALID_VALUE),
    _complaint(r"argument (?P<where>\S+): not allowed with argument (?P<other>.+)", words.EXCLUSIVE),
)
