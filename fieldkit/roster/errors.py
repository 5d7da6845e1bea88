"""What can be wrong with a roster or timetable file as a whole."""

from fieldkit.errors import CannotWork, InputProblem, UsageProblem
from fieldkit.words import Text


class NoSuchFile(UsageProblem):
    """There is no file of that name."""

    message = Text("找不到文件：{path}", "There is no file {path}")
    hint = Text("检查文件名和所在文件夹", "Check the name and the folder")


class NotAFile(UsageProblem):
    """A folder or device stands where a file was expected."""

    message = Text("这不是文件：{path}", "This is not a file: {path}")
    hint = Text("请给出 .xlsx、.xls 或 .csv 文件", "Give an .xlsx, .xls or .csv file")


class FileUnreadable(CannotWork):
    """The system refuses to read the file."""

    message = Text("文件读不出：{path}（{reason}）", "The file cannot be read: {path} ({reason})")
    hint = Text(
        "检查权限；U 盘上的文件先复制到本机",
        "Check its permissions; copy it from the USB disk to this laptop first",
    )


class EmptyFile(InputProblem):
    """The file, or every sheet of it, has no cell with anything in it."""

    message = Text("文件是空的：{path}", "The file is empty: {path}")
    hint = Text("请学校重新发送名册", "Ask the school to send it again")


class NotAWorkbook(InputProblem):
    """The content is no workbook and no text table, whatever the file is called."""

    message = Text("不是 Excel 或 CSV 文件：{path}", "Neither an Excel workbook nor a CSV file: {path}")
    hint = Text(
        "用 Excel 或 WPS 打开，另存为 .xlsx 后再试",
        "Open it in Excel or WPS, save it as .xlsx and try again",
    )


class DamagedWorkbook(InputProblem):
    """The file begins as a workbook but cannot be read to its end."""

    message = Text("工作簿已损坏或不完整：{path}", "The workbook is damaged or cut short: {path}")
    hint = Text(
        "重新复制或下载；或用 Excel 打开并另存为 .xlsx",
        "Copy or download it again, or open it in Excel and save it as .xlsx",
    )


class PasswordNeeded(InputProblem):
    """The workbook is encrypted and no password was given."""

    message = Text("工作簿有密码：{path}", "The workbook has a password: {path}")
    hint = Text(
        "把学校给的密码写进文件，用 --password-file 文件",
        "Write the school's password into a file and give --password-file FILE",
    )


class WrongPassword(InputProblem):
    """The password does not open the workbook."""

    message = Text("工作簿密码不对：{path}", "The password does not open {path}")
    hint = Text(
        "核对大小写和全角半角，或向学校再要一次",
        "Check letter case and full-width characters, or ask the school again",
    )


class UnknownEncryption(InputProblem):
    """The workbook is protected in a way that cannot be opened here."""

    message = Text("不支持这种加密方式：{path}", "The workbook is encrypted in an unsupported way: {path}")
    hint = Text(
        "用 Excel 输入密码打开，另存为不加密的 .xlsx",
        "Open it in Excel with its password and save it as .xlsx without one",
    )


class FileTooLarge(InputProblem):
    """The file is, or unpacks to, far more than any school's roster."""

    message = Text(
        "文件太大：{path}（{found}，上限 {limit}）",
        "The file is too large: {path} ({found}, the limit is {limit})",
    )
    hint = Text(
        "把名册复制到新的工作簿，只留数据，再试一次",
        "Copy the rows into a new workbook with nothing else in it and try again",
    )


class NoTimetable(InputProblem):
    """No sheet has the headings of a timetable."""

    message = Text("没有找到时间安排表的标题行：{path}", "No timetable headings were found: {path}")
    hint = Text(
        "标题行要有 拍摄时间（或 开始时间）和 班级 或 学院",
        "There must be a heading row with 拍摄时间 (or 开始时间) and 班级 or 学院",
    )
