"""The picture of a frame in the place of the align screen's problem."""

from contextlib import closing
from dataclasses import dataclass

from textual import work
from textual.content import Content
from textual.message import Message

from fieldkit.screens.align_picture import drawn_frame
from fieldkit.screens.align_reading import AlignReading
from fieldkit.screens.verdicts import log_fault
from fieldkit.words import align as words

# Status, caption, notices and keys stay around a picture.
AROUND_PICTURE = 5


class AlignPictures(AlignReading):
    """Shows the frame behind the mark, drawn beside the app."""

    @dataclass
    class PictureDrawn(Message):
        """A frame was drawn; None where its original cannot be opened here."""

        picture: Content | None
        frame: str

    def action_picture(self) -> None:
        """Show the frame behind the mark, or the problem again."""
        links = self.frames_shown()
        if self.pictured or not links:
            self.show_picture(None)
            if not links:
                text = words.HAS_NO_FRAME if self.current() else words.NO_PROBLEM_HERE
                self.notice(text.say)
            return
        self.pictured = True
        self._draw()

    def action_mark(self, step: int) -> None:
        """Move the mark, and the picture with it."""
        super().action_mark(step)
        self._draw()

    def on_resize(self) -> None:
        """Draw the picture as large as there is room now."""
        self._draw()

    def _draw(self) -> None:
        links = self.frames_shown()
        if self.pictured and links:
            rows = max(2, self.size.height - AROUND_PICTURE)
            self._draw_picture(links[self.mark].frame.frame, self.width, rows)

    @work(thread=True, exclusive=True, group="picture")
    def _draw_picture(self, frame: str, width: int, rows: int) -> None:
        picture = None
        try:
            with closing(self.kit.again()) as kit:
                picture = drawn_frame(kit, frame, width, rows)
        except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
            log_fault(error)
        self.post_message(self.PictureDrawn(picture, frame))

    def on_align_pictures_picture_drawn(self, event: PictureDrawn) -> None:
        """Show the picture, if it is still asked for."""
        links = self.frames_shown()
        if not self.pictured or not links or links[self.mark].frame.frame != event.frame:
            return
        self.show_picture(event.picture)
        if event.picture is None:
            self.notice(words.PICTURE_CLOSED.say)
