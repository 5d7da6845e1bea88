"""The terminal app: which screen is shown, and how what devices say reaches it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from fieldkit.clock import Clock
from fieldkit.screens import messages
from fieldkit.screens.copying import Copying, trouble_elsewhere
from fieldkit.screens.desk import DeskScreen
from fieldkit.screens.everywhere import ALIGN, CAPTURE, DOCTOR, DOOR, KeyedApp
from fieldkit.screens.forms import Answers, Form, FormScreen
from fieldkit.screens.frame import FrameScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.holding import Question, question_elsewhere
from fieldkit.screens.keys import ScreenName, app_bindings, way_to
from fieldkit.screens.keytimes import KeyTimes
from fieldkit.screens.messages import Light, Place
from fieldkit.screens.opening import Opening
from fieldkit.screens.showing import Showing
from fieldkit.screens.verdicts import chair_showing, door_showing, error_showing, log_fault
from fieldkit.settings import Settings
from fieldkit.words import Lang
from fieldkit.words import bridge as bridge_words
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.kit import Kit
    from fieldkit.screens.capture import CaptureScreen
    from fieldkit.screens.doctor import CheckUp
    from fieldkit.screens.mounted import Halt

Player = Callable[["FieldkitApp"], None]
Rehearse = Callable[[Lang], "tuple[Kit, Player]"]


class FieldkitApp(KeyedApp):
    """One app for one laptop. It begins at the first form that is needed and ends at the desks.

    ``player`` is called once the desks are open: it starts what posts events to the app from outside.
    """

    CSS_PATH = "fieldkit.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*app_bindings()]

    def __init__(
        self,
        *,
        home: Path,
        clock: Clock,
        lang: Lang,
        kit: "Kit | None" = None,
        rehearse: Rehearse | None = None,
        player: Player | None = None,
        glyphs: Glyphs | None = None,
        opened: "Callable[[Kit], None] | None" = None,
        check: "CheckUp | None" = None,
    ) -> None:
        super().__init__(lang, kit)
        self._lang_asked = lang
        self.fault: Exception | None = None
        self._rehearse, self._player = rehearse, player
        self._opening = Opening(self, home, clock, self._rehearsed if rehearse else None)
        self._glyphs = glyphs or Glyphs()
        self._opened, self.check = opened, check
        self._keys = KeyTimes()
        self._lights: tuple[Light, ...] = ()
        self._card: Copying | None = None
        self._held: Question | None = None
        self._judged = (0, 0)
        self._last_desk: Place = "door"
        self.replug: Callable[[Settings], None] | None = None
        self.halt: Callable[[], Halt] | None = None
        self.answer: Callable[[str, bool], None] | None = None

    def get_default_screen(self) -> Screen[None]:
        """Give the first form as the first screen of all: an empty one before it would be drawn in vain."""
        if self.kit is not None:
            return super().get_default_screen()
        form, done = self._opening.first()
        return FormScreen(form, done, self.lang)

    def on_mount(self) -> None:
        """Go to the desks where a home is open already."""
        if self.kit is not None:
            self.to_desks()

    async def on_event(self, event: events.Event) -> None:
        """Note of each key when the screen had answered it."""
        await super().on_event(event)
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.screen.call_after_refresh(self._keys.shown, event.time)

    def on_settings_changed(self) -> None:
        """Follow new settings: speak their language, listen at their ports."""
        assert self.kit is not None
        self.lang, settings = self.kit.lang, self.kit.settings
        self.speak()
        replug = self.replug
        if replug is not None:
            self.run_worker(lambda: replug(settings), thread=True)

    def speak(self) -> None:
        """Say everything in the app's language from now on."""
        self.close_help()
        for screen in self.screen_stack:
            if isinstance(screen, FrameScreen):
                screen.speak()
            elif isinstance(screen, FormScreen):
                screen.speak(self.lang)
        self._show_card()

    async def action_quit(self) -> None:
        """End the app; there is nothing that is not stored yet."""
        self.exit()

    # What devices, or a rehearsal, tell.

    def on_credential_presented(self, message: messages.CredentialPresented) -> None:
        """Serve a credential at the desk it was presented at, in whatever state the screen is."""
        desk = self._desk(message.place)
        # On a screen that is no desk, a card is for the desk that was shown last.
        place = self._last_desk if message.place == "here" else message.place
        if desk is not None:
            desk.present(message.read, message.walk_in)
        elif self.kit is not None and place == "chair":
            kit, seated = self.kit, message.read
            self._aside(
                "capture", lambda: chair_showing(kit.chair().seat(seated.value, at=seated.at), self.lang)
            )
        elif self.kit is not None:
            kit, read = self.kit, message.read
            walk_in = message.walk_in
            self._aside(
                "door",
                lambda: door_showing(
                    kit.desk().check_in(read.value, kind=read.kind, walk_in=walk_in, at=read.at), self.lang
                ),
            )

    def on_card_not_read(self, message: messages.CardNotRead) -> None:
        """Show that a card could not be read."""
        desk = self._desk(message.place)
        if desk is not None:
            desk.unread(message)

    def on_trouble_told(self, message: messages.TroubleTold) -> None:
        """Tell of a device that gave up, with the next step."""
        desk = self.base()
        if isinstance(desk, DeskScreen):
            desk.banner.show(error_showing(message.error, self.lang))

    def on_rehearsal_told(self, message: messages.RehearsalTold) -> None:
        """Tell that a rehearsal begins or is over, and what there is to do now."""
        desk = self.base()
        if isinstance(desk, DeskScreen):
            notes = tuple(note.say(self.lang) for note in message.notes)
            desk.banner.show(Showing(headline=message.headline.both(), notes=notes))
        elif desk is not None:
            desk.notice(message.headline.say)

    def on_device_troubled(self, message: messages.DeviceTroubled) -> None:
        """Tell of a device that cannot work just now; it goes on trying by itself."""
        desk = self.base()
        if desk is not None:
            desk.notice(message.told)

    def on_card_told(self, message: messages.CardTold) -> None:
        """Show how far the camera's card is read in; what went wrong is told at the door too."""
        before, self._card = self._card, message.now
        self._show_card(trouble_elsewhere(before, self._card, self.lang))

    def on_halt_pressed(self) -> None:
        """Have cards read in no further, or again, and say which."""
        desk = self.base()
        if desk is not None:
            desk.notice(bridge_words.HALT[self.halt() if self.halt else "idle"].say)

    def on_card_held(self, message: messages.CardHeld) -> None:
        """Ask whether a card is the visit's; at another desk tell where that is asked."""
        before, self._held = self._held, message.question
        self._show_card(question_elsewhere(before, self._held, self.lang))

    def on_answer_pressed(self, message: messages.AnswerPressed) -> None:
        """Have a card that is held read in, or not."""
        if self.answer is not None:
            self.answer(message.path, message.belongs)

    def on_frames_judged(self, message: messages.FramesJudged) -> None:
        """Show how many of the frames are judged."""
        self._judged = (message.done, message.total)
        self._show_card()

    def on_next_pressed(self) -> None:
        """Seat the next in line."""
        desk = self._camera()
        if desk is not None:
            desk.perform(desk.next)
        elif self.kit is not None:
            kit = self.kit
            self._aside("capture", lambda: chair_showing(kit.chair().next(), self.lang))

    def on_somebody_left(self, message: messages.SomebodyLeft) -> None:
        """Note that somebody left the line."""
        desk = self._camera()
        if desk is not None:
            desk.perform(lambda: desk.left(message.who))
        elif self.kit is not None:
            kit = self.kit
            self._aside(
                "capture", lambda: chair_showing(kit.chair().leave(message.who), self.lang, words.HAS_LEFT)
            )

    def on_frames_changed(self) -> None:
        """Have the screen that shows frames read them, if it is shown; else it does when it is."""
        desk = self.base()
        if desk is not None:
            desk.frames_changed()

    def on_line_changed(self) -> None:
        """Draw the line as it stands now."""
        desk = self.base()
        if desk is not None:
            desk.draw()

    def on_lights_changed(self, message: messages.LightsChanged) -> None:
        """Show the devices' states."""
        self._lights = message.lights
        desk = self.base()
        if desk is not None:
            desk.lights = message.lights
            desk.draw_status()

    # Forms, then desks.

    def _rehearsed(self) -> None:
        assert self._rehearse is not None
        kit, self._player = self._rehearse(self.lang)
        self.own(kit)
        self.to_desks()

    def own(self, kit: "Kit") -> None:
        """Take over a home that was opened."""
        # What was chosen with a key before the home could be opened is kept in it now.
        if self.lang != self._lang_asked:
            self.keep_language(kit)
        self.kit = kit
        if self._opened is not None:
            self._opened(kit)

    def to_desks(self) -> None:
        """Show the desks of the open visit, or have one chosen."""
        assert self.kit is not None
        kit = self.kit
        if kit.open_visit() is None:
            self._opening.choose_visit(kit)
            return
        # What a home and its desks need is not waited for where there is a form to fill in first.
        from fieldkit.screens.capture import CaptureScreen
        from fieldkit.screens.door import DoorScreen

        self.add_mode(DOOR, lambda: DoorScreen(kit, self._glyphs))
        self.add_mode(CAPTURE, lambda: CaptureScreen(kit, self._glyphs))
        self.add_mode(ALIGN, lambda: self._align_screen(kit))
        self.add_mode(DOCTOR, lambda: self._doctor_screen(kit))
        self.switch_mode(DOOR)
        if self._player is not None:
            self._player(self)

    def _align_screen(self, kit: "Kit") -> FrameScreen:
        # Nobody waits for the first screen longer because of what others need.
        from fieldkit.screens.align import AlignScreen

        return AlignScreen(kit, self._glyphs)

    def _doctor_screen(self, kit: "Kit") -> FrameScreen:
        from fieldkit.screens.doctor import DoctorScreen

        return DoctorScreen(kit, self._glyphs, self._keys.milliseconds, self.check)

    def ask(
        self, form: Form, done: Callable[[Answers], None], back: Callable[[], None] | None = None
    ) -> None:
        """Show a form in the place of the one before."""
        screen = FormScreen(form, done, self.lang, back)
        # The first screen of all was never pushed: the next form lies over it.
        if isinstance(self.screen, FormScreen) and len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    # Which desk is shown.

    def base(self) -> FrameScreen | None:
        """Give the desk that is shown, or None at a form and while the app closes."""
        # While the app closes messages still come, and there is no screen left.
        base = next(iter(self.screen_stack), None)
        return base if isinstance(base, FrameScreen) else None

    def _desk(self, place: Place) -> DeskScreen | None:
        desk = self.base()
        if not isinstance(desk, DeskScreen) or place not in {"here", desk.place}:
            return None
        self.close_help()
        return desk

    def _camera(self) -> "CaptureScreen | None":
        from fieldkit.screens.capture import CaptureScreen

        desk = self._desk("chair")
        return desk if isinstance(desk, CaptureScreen) else None

    def go(self, mode: str) -> None:
        """Show another desk."""
        if self.base() is None:
            return
        self.close_help()
        if self.current_mode != mode:
            base = self.base()
            if isinstance(base, DeskScreen):
                self._last_desk = base.place
            where = base.points_at() if base else None
            self.switch_mode(mode)
            self.call_after_refresh(self._arrived, where)

    def _arrived(self, where: tuple[str | None, ...] | None) -> None:
        desk = self.base()
        if desk is not None:
            desk.lights = self._lights
            desk.look_for(where)
            desk.speak()
            self._show_card()
            self.on_frames_changed()

    def _show_card(self, elsewhere: str | None = None) -> None:
        desk = self.base()
        if desk is None or desk.tell_card(self._card, self._judged, self._held):
            return
        if elsewhere is not None:
            desk.notice(elsewhere)

    def _aside(self, screen: ScreenName, act: Callable[[], Showing]) -> None:
        # The desk concerned is not shown: the act is done all the same, and a line tells of it.
        try:
            showing = act()
        except Exception as error:  # noqa: BLE001
            showing = error_showing(error, self.lang)
        desk = self.base()
        if desk is not None:
            facts = (showing.headline, showing.name, showing.number, *showing.notes)
            desk.notice(f"{way_to(screen)} {' '.join(fact for fact in facts if fact)}")
            desk.draw()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the values of variables, and with them names and numbers.
        self.fault = self.fault or error
        log_fault(error.error if isinstance(error, WorkerFailed) else error)
        self.exit(return_code=3)
