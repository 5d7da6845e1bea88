"""What every command is given: the arguments, the language, the home, and where answers go."""

import argparse
import getpass
import json
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.clock import Clock, SystemClock, read_time
from fieldkit.errors import FieldkitError, where
from fieldkit.ledger.errors import NoHome, NoPassphrase, PassphraseFileUnreadable
from fieldkit.words import Lang, Text
from fieldkit.words import cli as words

if TYPE_CHECKING:
    from datetime import datetime

    from fieldkit.kit import Kit

LOG_NAME = "fieldkit.log"


class Context:
    """One run of one command."""

    def __init__(self, arguments: argparse.Namespace, lang: Lang) -> None:
        self.arguments = arguments
        self.lang: Lang = lang
        self.clock: Clock = SystemClock()
        self._kit: Kit | None = None
        self._log: logging.Handler | None = None

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *_: object) -> None:
        if self._kit is not None:
            self._kit.close()
        if self._log is not None:
            logging.getLogger().removeHandler(self._log)
            self._log.close()

    @property
    def home(self) -> Path:
        """Give the folder of the home: the option, the environment, or the platform's place."""
        return home_folder(self.arguments.home or os.environ.get("FIELDKIT_HOME", ""))

    @property
    def kit(self) -> "Kit":
        """Open the home, once, and give what its commands work with.

        Raises NoHome, WrongPassphrase and what opening a store raises.
        """
        if self._kit is None:
            from fieldkit.kit import open_kit
            from fieldkit.ledger.home import is_home

            if not is_home(self.home):
                raise NoHome(home=self.home)
            self.log_to(self.home / LOG_NAME)
            self._kit = open_kit(self.home, self.passphrase(), self.clock, self.lang)
        return self._kit

    def log_to(self, path: Path) -> None:
        """Send log lines to a file of the home; where it cannot be written nothing is logged."""
        try:
            log: logging.Handler = logging.FileHandler(path, encoding="utf-8", delay=True)
        except OSError:
            log = logging.NullHandler()
        log.setFormatter(PlacesOnly("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root = logging.getLogger()
        if self._log is not None:
            root.removeHandler(self._log)
            self._log.close()
        self._log = log
        root.addHandler(log)

    @property
    def at(self) -> "datetime | None":
        """Give the time that ``--at`` names, or None."""
        typed = self.arguments.at
        return None if typed is None else read_time(typed, self.clock.now())

    def passphrase(self, *, new: bool = False) -> str:
        """Give the passphrase from its file or from a prompt; a new one is asked for twice.

        Raises NoPassphrase, PassphraseFileUnreadable.
        """
        path = self.arguments.passphrase_file or os.environ.get("FIELDKIT_PASSPHRASE_FILE")
        if path:
            return read_secret_file(Path(path))
        if not sys.stdin.isatty():
            raise NoPassphrase
        if not new:
            return getpass.getpass(words.ASK_PASSPHRASE.say(self.lang), stream=sys.stderr)
        while True:
            first = getpass.getpass(words.ASK_NEW_PASSPHRASE.say(self.lang), stream=sys.stderr)
            if first and first == getpass.getpass(words.ASK_AGAIN.say(self.lang), stream=sys.stderr):
                return first

    def answer(self, value: dict[str, Any] | list[Any], lines: Iterable[str] = ()) -> None:
        """Give an answer: JSON on standard output where asked for, else the lines for a person."""
        if self.arguments.json:
            self.json_line(value)
        else:
            self.tell(lines)

    def json_line(self, value: dict[str, Any] | list[Any]) -> None:
        """Write one line of JSON to standard output."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    def tell(self, lines: Iterable[str]) -> None:
        """Write lines for a person to standard error."""
        for line in lines:
            sys.stderr.write(line + "\n")

    def say(self, text: Text, **fields: object) -> None:
        """Write one text for a person."""
        self.tell([text.say(self.lang, **fields)])

    def complain(self, error: FieldkitError) -> None:
        """Tell of an error that does not end the command."""
        self.tell([error.what(self.lang)])


class PlacesOnly(logging.Formatter):
    """Writes of an error its kind and places: what a library logs may hold somebody's data."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, D102 - the library's name
        return where(ei[1]) if ei[1] is not None else ""


def home_folder(given: str) -> Path:
    """Give the folder that is named, or the platform's place for a home."""
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("fieldkit", appauthor=False))


def read_secret_file(path: Path) -> str:
    """Read the first line of a file that holds a passphrase or a password.

    Raises PassphraseFileUnreadable where it cannot be read or is empty.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline(4096).rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise PassphraseFileUnreadable(path=path) from error
    if not first:
        raise PassphraseFileUnreadable(path=path)
    return first
