"""The terminal app as a command: what ``fieldkit`` alone does."""

import os
import sys
from typing import TYPE_CHECKING

from fieldkit.screens.errors import NoTerminal

if TYPE_CHECKING:
    from fieldkit.commands.context import Context
    from fieldkit.kit import Kit

# Textual reads these once, when it is first imported. Two frames of its repaint timer are the time from a
# key to the screen, so the timer is fast; animations would only make the crew wait.
TEXTUAL = {"TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none"}


def open_app(context: "Context") -> int:
    """Open the terminal app at the first form that is needed, or at the door.

    Raises NoTerminal, and what opening a home raises where its passphrase comes from a file.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise NoTerminal
    for name, value in TEXTUAL.items():
        os.environ.setdefault(name, value)
    from fieldkit.app import FieldkitApp
    from fieldkit.ledger.home import is_home

    from_file = context.arguments.passphrase_file or os.environ.get("FIELDKIT_PASSPHRASE_FILE")
    given = context.kit if from_file and is_home(context.home) else None
    opened: list[Kit] = []

    def note(kit: "Kit") -> None:
        opened.append(kit)
        context.log_to(kit.home.path / "fieldkit.log")

    app = FieldkitApp(home=context.home, clock=context.clock, lang=context.lang, kit=given, opened=note)
    try:
        app.run(mouse=False)
    finally:
        for kit in opened:
            kit.close()
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0
