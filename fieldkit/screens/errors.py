"""What keeps the terminal app from opening."""

from fieldkit.errors import CannotWork, UsageProblem
from fieldkit.words import Text


class NoTerminal(UsageProblem):
    """Input or output is not a terminal."""

    message = Text("这里不是终端，界面打不开", "The app needs a terminal, and this is none")
    hint = Text(
        "在终端里运行 fieldkit；没有终端时：fieldkit rehearse --headless",
        "Run fieldkit in a terminal; without one: fieldkit rehearse --headless",
    )


class PassBroke(CannotWork):
    """Reading a card in met something nobody foresaw."""

    message = Text("读卡时程序出错", "the program failed while reading it")
    hint = Text("重新插一次卡；日志里有记录", "Put the card in again; the log tells where it failed")
