"""The terminal app as a command: what ``fieldkit`` alone does, and the rehearsal that plays in it."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.screens.errors import NoTerminal

if TYPE_CHECKING:
    from fieldkit.app import FieldkitApp
    from fieldkit.commands.context import Context
    from fieldkit.devices.loop import DeviceLoop
    from fieldkit.kit import Kit
    from fieldkit.screens.messages import Place
    from fieldkit.words import Lang

# Textual reads these once, when it is first imported. Two frames of its repaint timer are the time from a
# key to the screen, so the timer is fast; animations would only make the crew wait.
TEXTUAL = {"TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none"}
# While links are computed beside it, the screen's thread gets its turn ten times as often as usual.
SWITCH_S = 0.0005
ENDING = (signal.SIGHUP, signal.SIGTERM)
PEOPLE, SEED, SPEED = 40, 1, 10.0


def open_app(context: "Context") -> int:
    """Open the terminal app at the first form that is needed, or at the door.

    Raises NoTerminal, and what opening a home raises where its passphrase comes from a file.
    """
    _prepare()
    from fieldkit.app import FieldkitApp
    from fieldkit.ledger.home import is_home

    from_file = context.arguments.passphrase_file or os.environ.get("FIELDKIT_PASSPHRASE_FILE")
    given = context.kit if from_file and is_home(context.home) else None
    with ExitStack() as closing:

        def opened(kit: "Kit") -> None:
            closing.callback(kit.close)
            context.log_to(kit.home.path / "fieldkit.log")

        def rehearse(lang: "Lang") -> "tuple[Kit, Callable[[FieldkitApp], None]]":
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="fieldkit-rehearsal-")))
            return _stage(context, folder / "home", folder / "props", PEOPLE, SEED, SPEED, lang, closing)

        return _run(
            FieldkitApp(
                home=context.home,
                clock=context.clock,
                lang=context.lang,
                kit=given,
                rehearse=rehearse,
                player=lambda app: _plug_in(app, closing, _desk_loops),
                opened=opened,
            )
        )


def open_rehearsal(context: "Context", home: Path, props: Path) -> int:
    """Open the terminal app at the door of a made-up school that is played into it.

    Raises NoTerminal and what making a home raises.
    """
    _prepare()
    from fieldkit.app import FieldkitApp

    asked = context.arguments
    with ExitStack() as closing:
        kit, player = _stage(
            context, home, props, asked.people, asked.seed, asked.speed, context.lang, closing
        )
        closing.callback(kit.close)
        context.log_to(home / "fieldkit.log")
        return _run(FieldkitApp(home=home, clock=kit.clock, lang=context.lang, kit=kit, player=player))


def _prepare() -> None:
    # Standard error may lead to a file: the app draws on the terminal that standard output is.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise NoTerminal
    for name, value in TEXTUAL.items():
        os.environ.setdefault(name, value)


def _stage(
    context: "Context",
    home: Path,
    props: Path,
    people: int,
    seed: int,
    speed: float,
    lang: "Lang",
    closing: ExitStack,
) -> "tuple[Kit, Callable[[FieldkitApp], None]]":
    from fieldkit.clock import FastClock
    from fieldkit.commands.context import read_secret_file
    from fieldkit.rehearsal.play import PASSPHRASE, first_minute, set_stage
    from fieldkit.rehearsal.player import Player
    from fieldkit.screens.checkup import check_up
    from fieldkit.screens.hall import Hall

    given = context.arguments.passphrase_file
    passphrase = read_secret_file(Path(given)) if given else PASSPHRASE
    clock = FastClock(first_minute(context.clock.now()), speed)
    stage = set_stage(home, props, people, seed, passphrase, lang, clock)

    player = Player(stage, clock, speed, seed)
    closing.callback(player.equipment.unplug)
    player.equipment.plug()

    def play(app: "FieldkitApp") -> None:
        app.check = lambda kit, screen, key_ms: check_up(
            kit, screen=screen, key_ms=key_ms, there=player.equipment.survey()
        )
        _plug_in(app, closing, lambda _: player.equipment.loops(), player.equipment.desks())
        closing.callback(player.stop)
        app.call_after_refresh(player.start, Hall(app.post_message))

    return stage.kit, play


def _desk_loops(kit: "Kit") -> "Sequence[DeviceLoop]":
    # Imported once the door is drawn: nobody waits for the libraries of readers.
    from fieldkit.devices.desk import Plugs, desk_loops

    return desk_loops(kit.clock, Plugs(chip_photo=kit.chip_photo()))


def _plug_in(
    app: "FieldkitApp",
    closing: ExitStack,
    loops: "Callable[[Kit], Sequence[DeviceLoop]]",
    desks: "Mapping[str, Place] | None" = None,
) -> None:
    """Let the app hear what the loops tell, from when the door is drawn until the app ends."""

    def begin() -> None:
        from fieldkit.screens.bridge import Bridge

        assert app.kit is not None
        bridge = Bridge(app.kit, loops(app.kit), app.post_message, desks or {})
        closing.callback(bridge.stop)
        bridge.start()
        app.replug, app.halt = bridge.plug, bridge.halt
        app.answer = lambda path, belongs: bridge.answer(path, belongs=belongs)

    app.call_after_refresh(begin)


def _run(app: "FieldkitApp") -> int:
    from multiprocessing import resource_tracker

    from fieldkit.commands.quiet import terminal_to_itself

    # While it runs, the app stands in for standard error, with a file number that no process can inherit:
    # what worker processes need is started before.
    resource_tracker.ensure_running()
    sys.setswitchinterval(SWITCH_S)
    # A window that is closed ends the app as quitting does: a rehearsal leaves nothing behind.
    before = {name: signal.signal(name, lambda *_: app.exit()) for name in ENDING}
    try:
        with terminal_to_itself():
            app.run(mouse=False)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0
