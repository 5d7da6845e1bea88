"""What ends a rehearsal before its script does."""

from fieldkit.errors import CannotWork
from fieldkit.words import Text


class RehearsalBroke(CannotWork):
    """A simulated device or the drawing of pictures gave up."""

    message = Text("演练中断：模拟设备停了", "The rehearsal broke off: its simulated devices stopped")
    hint = Text(
        "看看磁盘和内存是否够用，再演练一次", "See whether disk and memory suffice, then rehearse again"
    )
