"""What can go wrong at the door and at the chair."""

from fieldkit.errors import InputProblem
from fieldkit.words import Text


class NobodyFound(InputProblem):
    """A credential or number names nobody of the visit."""

    message = Text("找不到：{typed}", "Nobody found for {typed}")
    hint = Text(
        "换一种凭证：拍摄序号、学号、身份证号或姓名",
        "Try another credential: sequence number, student number, ID number or name",
    )


class NobodyListed(NobodyFound):
    """Nobody of the visit comes with this credential, and they may be served all the same."""

    hint = Text(
        "换一种凭证，或用 --walk-in 姓名 登记为临时人员",
        "Try another credential, or --walk-in NAME to serve somebody who is not listed",
    )


class SeveralFound(InputProblem):
    """A credential names more than one person."""

    message = Text("{typed} 对应 {count} 人：{people}", "{typed} stands for {count} people: {people}")
    hint = Text("请用学号", "Use the student number")


class NobodyWaits(InputProblem):
    """The clicker was pressed with nobody in line."""

    message = Text("队伍里没有人", "Nobody is in line")
    hint = Text("先签到，或用 seat 指明是谁", "Check somebody in first, or name them with seat")


class NotCheckedIn(InputProblem):
    """A sequence number was needed of somebody who has none."""

    message = Text("还没有签到：{typed}", "Not checked in yet: {typed}")
    hint = Text("先签到：fieldkit checkin {typed}", "Check in first: fieldkit checkin {typed}")


class EmptyCredential(InputProblem):
    """Nothing was presented."""

    message = Text("没有读到凭证", "The credential is empty")
    hint = Text("再刷一次，或输入学号", "Present it again, or type the student number")


class ChipOfAnother(InputProblem):
    """A chip that is somebody else's was to be bound."""

    message = Text("这张卡是别人的：{holder}", "This chip is somebody else's: {holder}")
    hint = Text(
        "确实要换人：签到屏按 ^K 改绑，命令行加 --replace",
        "If it has changed hands: ^K at the door, or --replace on the command line",
    )


class NotAChip(InputProblem):
    """What was to be bound as a chip names somebody in another way."""

    message = Text("这不是芯片号，是 {holder} 的号码", "Not a chip: this number is {holder}'s own")
    hint = Text("核对芯片号，例如 0A1B2C3D4E5F6071", "Check the chip's serial, as 0A1B2C3D4E5F6071")
