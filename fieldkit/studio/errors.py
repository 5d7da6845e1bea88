"""What can go wrong when links are repaired and cards are read in."""

from fieldkit.errors import CannotWork, InputProblem
from fieldkit.words import Text


class NoSuchFrame(InputProblem):
    """No frame of the visit has this name."""

    message = Text("没有这张图像：{typed}", "There is no frame {typed}")
    hint = Text("fieldkit links 列出全部图像", "fieldkit links shows every frame")


class NothingToSwap(InputProblem):
    """Neither of two people has a frame."""

    message = Text("两人都没有照片：{first}、{second}", "Neither {first} nor {second} has a frame")
    hint = Text("先用 link 指定", "Say whose a frame is with link")


class SamePerson(InputProblem):
    """Two numbers are the same person's."""

    message = Text("是同一个人：{first}、{second}", "{first} and {second} are the same person")
    hint = Text("核对序号", "Check the numbers")


class NothingToRepair(InputProblem):
    """A repair would change no frame."""

    message = Text("没有可改的照片", "There is no frame that this would change")
    hint = Text("选另一个人或另一张照片", "Choose another person or another frame")


class FrameSealed(InputProblem):
    """A frame of a batch that was signed off would change along with others."""

    message = Text("图像 {frame} 已封存", "Frame {frame} is signed off")
    hint = Text(
        "逐张更正：fieldkit link {frame} 序号",
        "Correct it by itself: fieldkit link {frame} NUMBER",
    )


class LinksStopped(CannotWork):
    """The process that works links out ended, or could not answer."""

    message = Text("对应关系没有算出来", "The links could not be worked out")
    hint = Text("照片都在；换一屏再回来，会重新计算", "Every frame is safe; leave this screen and come back")
