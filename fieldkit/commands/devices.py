"""Commands about what is plugged in: the listing, and the lines of what happens."""

import json
import queue
import signal
import sys
from collections.abc import Iterable
from typing import Any

from fieldkit.commands.context import LOG_NAME, Context
from fieldkit.devices.desk import Plugs, desk_loops
from fieldkit.devices.events import CameraChanged, CardNotRead, DeviceEvent, DeviceTrouble
from fieldkit.devices.keyboard import KeyboardLines
from fieldkit.devices.lines import event_object
from fieldkit.devices.loop import DeviceLoop, LoopSet
from fieldkit.devices.survey import Survey, survey
from fieldkit.words import Lang, Text
from fieldkit.words import devices as words


def devices(context: Context) -> int:
    """List what is there, or follow what happens."""
    return follow(context) if context.arguments.follow else listing(context)


def listing(context: Context) -> int:
    """Tell the readers, ports, cameras and volumes of this moment; 1 where a person must see to one."""
    found = survey(context.clock, serial=_ports(context))
    context.answer(survey_object(found, context.lang), survey_lines(found, context.lang))
    return 1 if found.problems else 0


def follow(context: Context) -> int:
    """Print a JSON line for each thing that happens, for ``--seconds`` or until interrupted."""
    if context.home.is_dir():
        context.log_to(context.home / LOG_NAME)
    events: queue.Queue[DeviceEvent] = queue.Queue()

    def keep(event: DeviceEvent) -> bool:
        events.put(event)
        return True

    running = LoopSet(_loops(context), keep, context.clock)
    limit = context.arguments.seconds
    ends_ms = None if limit is None else context.clock.mono_ms() + round(limit * 1000)
    if sys.stderr.isatty():
        context.say(words.FOLLOWING)
    # Ended by a signal, the terminal must get its echo back all the same.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    running.start()
    try:
        while True:
            left_s = 1.0 if ends_ms is None else (ends_ms - context.clock.mono_ms()) / 1000
            if left_s <= 0:
                return 0
            try:
                event = events.get(timeout=min(left_s, 1.0))
            except queue.Empty:
                continue
            _print(context, event)
    except KeyboardInterrupt:
        return 0
    finally:
        running.stop()
        signal.signal(signal.SIGTERM, before)


def survey_object(found: Survey, lang: Lang) -> dict[str, Any]:
    """Give a survey as its JSON object."""
    return {
        "readers": [{"reader": one.reader, "source": one.source, "card": one.card} for one in found.readers],
        "ports": [{"port": one.port, "maker": one.maker, "usb": one.vendor_product} for one in found.ports],
        "cameras": [{"camera": one.camera, "device": one.device} for one in found.cameras],
        "volumes": [
            {"path": one.path, "label": one.label, "uuid": one.uuid, "frames": one.frames}
            for one in found.volumes
        ],
        "unmounted": [
            {"device": one.device, "label": one.label, "uuid": one.uuid} for one in found.unmounted
        ],
        "problems": [
            {"device": device, "message": problem.what(lang), "hint": problem.next_step(lang)}
            for device, problem in found.problems
        ],
    }


def survey_lines(found: Survey, lang: Lang) -> Iterable[str]:
    """Give a survey as lines for a person."""
    parts: tuple[tuple[Text, list[str]], ...] = (
        (
            words.READERS,
            [
                (words.READER_WITH_CARD_LINE if one.card else words.READER_LINE).say(lang, reader=one.reader)
                for one in found.readers
            ],
        ),
        (
            words.PORTS,
            [words.PORT_LINE.say(lang, port=one.port, maker=one.maker) for one in found.ports],
        ),
        (words.CAMERAS, [one.camera for one in found.cameras]),
        (
            words.VOLUMES,
            [
                words.VOLUME_LINE.say(lang, path=one.path, label=one.label, frames=one.frames)
                for one in found.volumes
            ]
            + [words.UNMOUNTED_LINE.say(lang, device=one.device, label=one.label) for one in found.unmounted],
        ),
        (
            words.PROBLEMS,
            [
                words.PROBLEM_LINE.say(
                    lang, device=device, message=problem.what(lang), hint=problem.next_step(lang)
                )
                for device, problem in found.problems
            ],
        ),
    )
    for title, lines in parts:
        if lines or title is not words.PROBLEMS:
            yield title.say(lang)
            yield from (f"  {line}" for line in lines or [words.NOTHING.say(lang)])


def _loops(context: Context) -> list[DeviceLoop]:
    loops = desk_loops(context.clock, Plugs(serial_readers=_ports(context)))
    try:
        loops.append(KeyboardLines(sys.stdin.fileno(), context.clock))
    except (AttributeError, OSError, ValueError):
        return loops
    return loops


def _ports(context: Context) -> list[str]:
    given = context.arguments.serial
    return [given] if isinstance(given, str) else list(given or [])


def _print(context: Context, event: DeviceEvent) -> None:
    line = event_object(event, reveal=context.arguments.reveal)
    if line is not None:
        # A mount point need not be text; its stray bytes become question marks, not a failure.
        text = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode()
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        return
    lang = context.lang
    match event:
        case CameraChanged():
            came = event.state == "added"
            context.say(words.CAMERA_CAME if came else words.CAMERA_WENT, camera=event.camera)
        case CardNotRead():
            message, hint = event.message.say(lang), event.hint.say(lang)
            context.say(words.NOT_READ, reader=event.reader, message=message, hint=hint)
        case DeviceTrouble():
            message, hint = event.message.say(lang), event.hint.say(lang)
            context.say(words.PROBLEM_LINE, device=event.device, message=message, hint=hint)
        case _:
            return
