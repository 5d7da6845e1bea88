"""What keys do on every screen, and what the whole app does for its screens."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from fieldkit.errors import FieldkitError
from fieldkit.screens.forms import FormScreen
from fieldkit.screens.frame import FrameScreen
from fieldkit.screens.help import HelpScreen
from fieldkit.words import Lang
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.kit import Kit

DOOR, CAPTURE, ALIGN, DOCTOR = "door", "capture", "align", "doctor"


class KeyedApp(App[None]):
    """The keys that work everywhere; which desk is shown is for the app to say."""

    def __init__(self, lang: Lang, kit: "Kit | None") -> None:
        super().__init__()
        self.lang: Lang = lang
        self.kit = kit

    def go(self, mode: str) -> None:
        """Show another desk."""
        raise NotImplementedError

    def speak(self) -> None:
        """Say everything in the app's language from now on."""
        raise NotImplementedError

    def base(self) -> FrameScreen | None:
        """Give the desk that is shown, or None."""
        raise NotImplementedError

    def action_door(self) -> None:
        """Go to the door."""
        self.go(DOOR)

    def action_capture(self) -> None:
        """Go to the camera."""
        self.go(CAPTURE)

    def action_align(self) -> None:
        """Go to where problems of links are settled."""
        self.go(ALIGN)

    def action_doctor(self) -> None:
        """Go to the check-up of this laptop."""
        self.go(DOCTOR)

    def action_not_yet(self) -> None:
        """Say of a screen that is planned that it is not there, and what serves meanwhile."""
        desk = self.base()
        if desk is not None:
            desk.notice(words.NOT_YET.say)

    def action_keys(self) -> None:
        """Show the keys of this screen, or close them."""
        screen = self.screen
        if isinstance(screen, HelpScreen):
            screen.dismiss()
        elif isinstance(screen, FrameScreen | FormScreen):
            self.push_screen(HelpScreen(screen.of_keys, self.lang))

    def action_language(self) -> None:
        """Change between Chinese and English, from now on and for the next time."""
        self.lang = "en" if self.lang == "zh" else "zh"
        if self.kit is not None:
            self.kit.lang = self.lang
            self.keep_language(self.kit)
        self.speak()

    def keep_language(self, kit: "Kit") -> None:
        """Keep the language for the next time; where that fails it is told."""
        try:
            kit.change(replace(kit.settings, language=self.lang))
        except FieldkitError as error:
            desk = self.base()
            if desk is not None:
                desk.notice(error.what)

    def bell(self) -> None:
        """Sound, unless this laptop is set to be silent."""
        if self.kit is None or self.kit.settings.sound:
            super().bell()

    def close_help(self) -> None:
        """Close the help where it is open."""
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
