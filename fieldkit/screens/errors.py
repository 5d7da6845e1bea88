"""What keeps the terminal app from opening."""

from fieldkit.errors import UsageProblem
from fieldkit.words import Text


class NoTerminal(UsageProblem):
    """Input or output is not a terminal."""

    message = Text("这里不是终端，界面打不开", "The app needs a terminal, and this is none")
    hint = Text(
        "在终端里运行 fieldkit；没有终端时：fieldkit rehearse --headless",
        "Run fieldkit in a terminal; without one: fieldkit rehearse --headless",
    )
