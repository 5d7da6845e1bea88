"""Align (F4): each problem is repaired by a key, and every repair is undone by another."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from textual import work
from textual.message import Message

from fieldkit.kit import Kit
from fieldkit.links.repairs import Repair, assign
from fieldkit.screens.align_all import LEAST, all_form, read_percent
from fieldkit.screens.align_clock import AHEAD, WHO, clock_form, read_ahead, somebody_form
from fieldkit.screens.align_pictures import AlignPictures
from fieldkit.screens.align_problem import repair_text, short_name, span, why_whole
from fieldkit.screens.align_rows import named_in, undone_told
from fieldkit.screens.forms import Answers
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.verdicts import error_told
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.problems import (
    AlignDay,
    Problem,
    accepted,
    all_accepted,
    boundary_moved,
    given,
    is_sealed,
    joined,
    parted,
    shifted_from,
)
from fieldkit.words import Saying, Text
from fieldkit.words import align as words


class AlignScreen(AlignPictures):
    """The repairs. Each act is committed first; then the visit is read anew and the next problem comes."""

    @dataclass
    class ClockSet(Message):
        """A camera's clock was put right, or why it was not."""

        told: Saying

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.repairs, self.chair = kit.repairs(), kit.chair()

    def action_accept(self) -> None:
        """Accept what is proposed, or give the frames to whom the operator chose."""
        self._repair(lambda day, problem: accepted(day, problem, self.chosen), words.NO_PROPOSAL)

    def action_split(self) -> None:
        """Split at the mark."""
        whole = why_whole(self.frames_shown(), self.mark)
        if whole is not None:
            self.notice(whole.say)
            return
        self._repair(lambda day, problem: parted(day, problem, self.mark, self.chosen), words.CHOOSE_FIRST)

    def action_merge(self) -> None:
        """Make the frames the person's before them."""
        self._repair(joined, words.NO_NEIGHBOUR)

    def action_boundary(self, step: int) -> None:
        """Move the boundary to the frames before."""
        self._repair(lambda day, problem: boundary_moved(day, problem, step), words.NO_NEIGHBOUR)

    def action_nobodys(self) -> None:
        """Say that the frames are nobody's."""
        self._repair(lambda _, problem: given(problem, None), words.NO_PROPOSAL)

    def action_somebody(self) -> None:
        """Ask whose the frames are, for somebody who does not stand in the line."""
        current = self._with_frames()
        if current is None:
            return
        day, problem, links = current

        def done(answers: Answers) -> None:
            self.app.pop_screen()
            repair = given(problem, self.chair.find(answers[WHO]).key)
            self._act(lambda: self._told(day, self.repairs.say(repair or assign((), ""))))

        form = somebody_form(span([short_name(link) for link in links]), self.chair)
        self.app.push_screen(self.asking(form, done, self._close_form))

    def action_accept_all(self) -> None:
        """Ask how sure a proposal must be, and accept all that are; one act, undone as one."""
        current = self.current()
        day = current[0] if current else None
        if day is None or all_accepted(day, 0.0) is None:
            self.notice((words.ALL_NONE if day else words.NO_PROBLEM_HERE).say)
            return

        def done(answers: Answers) -> None:
            self.app.pop_screen()
            least = read_percent(answers[LEAST])
            repair = all_accepted(day, least) if least else None
            if repair is not None:
                self._act(lambda: self._all_told(self.repairs.say(repair)))

        self.app.push_screen(self.asking(all_form(day), done, self._close_form))

    def _all_told(self, said: dict[str, str | None]) -> Saying:
        return partial(words.ALL_DONE.say, frames=len(said), people=len({*said.values()}))

    def action_clock(self) -> None:
        """Ask how far the camera's clock was ahead from this problem on."""
        current = self._with_frames()
        if current is None:
            return
        day, first = current[0], current[2][0]

        def done(answers: Answers) -> None:
            self.app.pop_screen()
            ahead = read_ahead(answers[AHEAD])
            self.notice(words.WAIT.say)
            if ahead is not None and not self.waiting:
                self.waiting = True
                self._set_clock(day, first.frame.frame, ahead)

        form = clock_form(short_name(first))
        self.app.push_screen(self.asking(form, done, self._close_form))

    def _with_frames(self) -> tuple[AlignDay, Problem, Sequence[VisitLink]] | None:
        current = self.current()
        if current is not None and current[1].sitting is not None:
            return *current, current[1].sitting.links
        self.notice((words.HAS_NO_FRAME if current else words.NO_PROBLEM_HERE).say)
        return None

    def _close_form(self) -> None:
        self.app.pop_screen()

    @work(thread=True)
    def _set_clock(self, day: AlignDay, frame: str, ahead: timedelta) -> None:
        try:
            with closing(self.kit.again()) as kit:
                links = _all_links(day)
                said = kit.repairs().clock(frame, ahead, seen=links, beside=kit.beside)
                told = self._told(day, said, kit)
        except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
            told = error_told(error)
        self.post_message(self.ClockSet(told))

    def on_align_screen_clock_set(self, event: ClockSet) -> None:
        """Tell what came of it, and read the visit anew."""
        self.read_days()
        self.notice(event.told)

    def action_shift(self, step: int) -> None:
        """Move the frames from here to the next firm witness along the line."""
        current = self.current()
        first = shifted_from(*current, step) if current else None
        if current is None or first is None:
            self.notice((words.HAS_NO_FRAME if current else words.NO_PROBLEM_HERE).say)
            return
        day = current[0]
        self._act(lambda: self._told(day, self.repairs.shift(first, step, seen=_all_links(day))))

    def action_swap(self) -> None:
        """Exchange the frames of the problem's person and the chosen one."""
        current, other = self.current(), self.person()
        person = current[1].person if current else None
        if current is None or person is None or other in {None, person}:
            self.notice(words.CHOOSE_FIRST.say)
            return
        day, swapped = current[0], other or ""
        self._act(lambda: self._told(day, self.repairs.swap(person, swapped, seen=_all_links(day))))

    def action_left(self) -> None:
        """Note that the person without a frame has left."""
        current = self.current()
        person = current[1].person if current and current[1].kind == "no-frames" else None
        if person is None:
            self.notice(words.NOT_WITHOUT.say)
            return
        self._act(lambda: partial(words.LEFT_NOTED.say, name=self.repairs.left(person).entry.name))

    def action_undo(self) -> None:
        """Undo the newest repair; what was done at door and chair is undone there."""
        if self.allowed("undo"):
            self._act(self._undone, of_shown=False)

    def _undone(self) -> Saying:
        undone = self.repairs.undo()
        self.going_back = True
        return undone_told(self.kit, self.visit.key, undone, next(iter(self.repairs.standing(1)), None))

    def _repair(self, make: Callable[[AlignDay, Problem], Repair | None], otherwise: Text) -> None:
        current = self.current()
        if current is None:
            self.notice(words.NO_PROBLEM_HERE.say)
            return
        repair = make(*current)
        if repair is None:
            at_hand = self.frames_shown()
            if at_hand and all(map(is_sealed, at_hand)):
                otherwise = words.ALL_SEALED
            elif current[1].sitting is None:
                otherwise = words.HAS_NO_FRAME
            self.notice(otherwise.say)
            return
        self._act(lambda: self._told(current[0], self.repairs.say(repair)))

    def _told(self, day: AlignDay, said: dict[str, str | None], kit: Kit | None = None) -> Saying:
        links, name = _all_links(day), named_in(kit or self.kit, self.visit.key)
        named = {person: name(person) for person in said.values() if person}
        return lambda lang: repair_text(tuple(said.items()), links, words.DONE, lang, named.__getitem__)

    def _act(self, act: Callable[[], Saying], *, of_shown: bool = True) -> None:
        # What is on the screen must be what the ledger says before another key means anything.
        if self.waiting:
            self.notice(words.WAIT.say)
            return
        if self.turned and of_shown:
            self.notice(words.TURNED.say)
            return
        try:
            told = act()
        except Exception as error:  # noqa: BLE001
            self.notice(error_told(error))
            return
        self.waiting = True
        self.read_days()
        self.notice(told)


def _all_links(day: AlignDay) -> list[VisitLink]:
    return [link for sitting in day.sittings for link in sitting.links]
