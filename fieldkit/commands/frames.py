"""Commands about frames and links: ingest, links, link, unlink, swap, replay, recording export."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from fieldkit.commands.context import Context
from fieldkit.errors import InputProblem, reason_of
from fieldkit.frames.intake import IngestResult
from fieldkit.portrait.profile import Profile
from fieldkit.words import Text
from fieldkit.words import frames as words
from fieldkit.words import studio as link_words

if TYPE_CHECKING:
    from fieldkit.links.recording import LineProblem

_TOLD_IN_FULL = 20


class RecordingUnreadable(InputProblem):
    """The recording's file cannot be read."""

    message = Text("记录读不出：{path}（{reason}）", "The recording cannot be read: {path} ({reason})")
    hint = Text("检查路径；记录是 UTF-8 的 JSON 行", "Check the path; a recording is JSON lines in UTF-8")


class RecordingNotText(InputProblem):
    """The recording's file is in another encoding than UTF-8, or no text at all."""

    message = Text("记录不是 UTF-8 文本：{path}", "The recording is not text in UTF-8: {path}")
    hint = Text(
        "另存为 UTF-8 再试；旧的 PowerShell 用 > 存成了 UTF-16",
        "Save it as UTF-8; an old PowerShell's > writes UTF-16",
    )


def ingest(context: Context) -> int:
    """Make one pass over a card folder, then judge what is new."""
    from fieldkit.frames.dcf import list_folder
    from fieldkit.screens.copying import how_far
    from fieldkit.screens.passes import Pacing
    from fieldkit.studio.reading import read_in

    kit = context.kit
    visit, profile = kit.require_visit(), kit.profile()
    shown = Progress(context)
    listing = list_folder(Path(context.arguments.folder))
    pacing = Pacing(kit.clock, listing, "")

    def progress(files: int, read: int) -> None:
        if shown.wanted:
            shown.write("   ".join(how_far(pacing.now(files, read), context.lang)))

    with stopped_by_interrupt() as cancel:
        result = read_in(kit.home, visit, listing, progress=progress, cancel=cancel)
        shown.end()
        if not cancel.is_set():
            judge_new(context, profile)
    return _report(context, result)


def judge_new(context: Context, profile: Profile) -> None:
    """Judge the frames of the open visit that were not judged yet, in worker processes."""
    from fieldkit.portrait.worker import Judge
    from fieldkit.studio.judging import judge_frames, unjudged

    kit = context.kit
    visit = kit.require_visit()
    total = len(unjudged(kit.home, visit))
    if not total:
        return
    shown = Progress(context)
    done = 0

    def one(_frame: str, _judgement: object) -> None:
        nonlocal done
        done += 1
        shown.say(link_words.JUDGING, done=done, total=total)

    with Judge(workers=2) as judges:
        judge_frames(kit.home, visit, judges, profile, one)
    shown.end()


def links(context: Context) -> int:
    """Write one JSON line a frame."""
    for link in context.kit.links():
        context.json_line(link.row())
    return 0


def link(context: Context) -> int:
    """Say whose a frame is."""
    frame, person = context.kit.repairs().assign(context.arguments.frame, context.arguments.person)
    context.answer(
        {"frame": frame.frame, "person": person.key},
        [link_words.LINKED.say(context.lang, frame=frame.frame, name=person.entry.name)],
    )
    return 0


def unlink(context: Context) -> int:
    """Say that a frame is nobody's."""
    frame = context.kit.repairs().unassign(context.arguments.frame)
    context.answer(
        {"frame": frame.frame, "person": None}, [link_words.UNLINKED.say(context.lang, frame=frame.frame)]
    )
    return 0


def swap(context: Context) -> int:
    """Exchange the frames of two people."""
    said = context.kit.repairs().swap(context.arguments.first, context.arguments.second)
    context.answer({"frames": said}, [link_words.SWAPPED.say(context.lang, count=len(said))])
    return 0


def replay(context: Context) -> int:
    """Write the links of a recording; lines that had to be skipped give exit code 1."""
    from fieldkit.links.engine import link_frames
    from fieldkit.links.outcome import link_row
    from fieldkit.links.recording import read_recording, recording_lines

    path = context.arguments.file
    try:
        lines = recording_lines(Path(path).read_bytes())
    except OSError as error:
        raise RecordingUnreadable(path=path, reason=reason_of(error)) from error
    if lines is None:
        raise RecordingNotText(path=path)
    recording = read_recording(lines)
    for found in link_frames(recording.observations):
        context.json_line(link_row(found))
    _say_problems(context, recording.problems)
    return 1 if any(problem.skipped for problem in recording.problems) else 0


def _say_problems(context: Context, problems: Sequence["LineProblem"]) -> None:
    """Say what is wrong with the first lines, and of all others which they are."""
    for problem in problems[:_TOLD_IN_FULL]:
        reason = problem.reason.say(context.lang, **problem.fields)
        context.say(link_words.LINE_PROBLEM, line=problem.line, reason=reason)
    more = problems[_TOLD_IN_FULL:]
    for text, skipped in ((link_words.MORE_SKIPPED, True), (link_words.MORE_ODD, False)):
        lines = sorted({problem.line for problem in more if problem.skipped == skipped})
        if lines:
            context.say(text, count=len(lines), lines=_in_runs(lines))


def _in_runs(numbers: Sequence[int]) -> str:
    """Write ascending numbers, those in a row as one: 3-5, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def recording_export(context: Context) -> int:
    """Write the open visit's observations of this station as a recording."""
    from fieldkit.links.recording import write_line
    from fieldkit.studio.evidence import observations

    kit = context.kit
    for seen in observations(kit.store, kit.require_visit().key, kit.journal.station.id):
        sys.stdout.write(write_line(seen) + "\n")
    return 0


def card_status(context: Context) -> int:
    """Show every card seen, file by file where one is not safe; exit code 1 where a card must be kept."""
    from fieldkit.studio.cards import cards_of

    found = cards_of(context.kit.home)
    lines = []
    for card in found:
        verdict = words.CARD_MAY_FORMAT if card.may_format else words.CARD_KEEP
        lines.append(verdict.say(context.lang, card=card.card, left=len(card.unsafe)))
        lines += [
            words.CARD_FILE_LEFT.say(
                context.lang, file=file.path, reason=words.REASONS[file.reason].say(context.lang)
            )
            for file in card.unsafe
        ]
    context.answer([card.as_json() for card in found], lines)
    return 0 if all(card.may_format for card in found) else 1


class Progress:
    """A line of progress on a terminal; nothing where nobody watches."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.wanted = sys.stderr.isatty()
        self._shown = False

    def say(self, text: Text, **fields: object) -> None:
        """Write one text over the last."""
        self.write(text.say(self._context.lang, **fields))

    def write(self, line: str) -> None:
        """Write one line over the last."""
        if self.wanted:
            sys.stderr.write(f"\r{line}\x1b[K")
            sys.stderr.flush()
            self._shown = True

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            sys.stderr.write("\n")


@contextmanager
def stopped_by_interrupt() -> Iterator[Event]:
    """Let Ctrl+C stop a long work between two files instead of ending the program."""
    cancel = Event()
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: cancel.set())
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def _report(context: Context, result: IngestResult) -> int:
    context.answer(
        result.as_json(),
        [
            words.INGEST_DONE.say(
                context.lang,
                files=result.files,
                new=result.new,
                known=result.known,
                incomplete=len(result.incomplete),
                failed=len(result.failed),
                frames=result.frames,
            )
        ],
    )
    context.tell(
        words.CARD_FILE_LEFT.say(
            context.lang, file=name, reason=words.REASONS["incomplete"].say(context.lang)
        )
        for name in result.incomplete
    )
    context.tell(
        words.CARD_FILE_LEFT.say(
            context.lang, file=row.file, reason=words.REASONS[row.reason].say(context.lang)
        )
        for row in result.failed
    )
    if result.unread:
        context.say(link_words.UNREAD, count=len(result.unread))
    return 1 if result.incomplete or result.failed or result.unread else 0
