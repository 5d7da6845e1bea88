"""What can be wrong when a batch is sealed, photos delivered, a form printed, a field corrected."""

from fieldkit.errors import CannotWork, FieldkitError, InputProblem, UsageProblem, reason_of
from fieldkit.words import Text


class NoSuchBatch(InputProblem):
    """No batch of the visit has this name."""

    message = Text("没有这个批次：{typed}", "There is no batch {typed}")
    hint = Text("批次有：{known}", "The batches are: {known}")


class BatchSealed(InputProblem):
    """The batch was signed off before."""

    message = Text("批次已经封存：{batch}", "Batch {batch} is sealed already")
    hint = Text(
        "封存后只能勘误：fieldkit correct、fieldkit link", "Correct it: fieldkit correct, fieldkit link"
    )


class NothingToSeal(InputProblem):
    """Nobody of the batch, or of any open batch, was taken."""

    message = Text(
        "没有可封存的批次：都已封存，或还没有人拍好", "Nothing to seal: all is sealed, or nobody was taken"
    )
    hint = Text("fieldkit reconcile 查看各批次", "fieldkit reconcile shows every batch")


class DeliveryNotAFolder(UsageProblem):
    """A file stands where the delivery folder should be."""

    message = Text("这不是文件夹：{folder}", "Not a folder: {folder}")
    hint = Text("请给出一个文件夹，没有会新建", "Name a folder; it is made where there is none")


class DeliveryInHome(UsageProblem):
    """The delivery folder lies in the home, where nothing is readable without the passphrase."""

    message = Text("不能交付到本机数据文件夹里：{folder}", "Not into the home itself: {folder}")
    hint = Text("请选择别的文件夹或 U 盘", "Choose another folder or a USB disk")


class DeliveryBusy(InputProblem):
    """Another run delivers into the same folder now."""

    message = Text("另一个程序正在交付到 {folder}", "Another program is delivering into {folder}")
    hint = Text("等它结束后再试", "Wait until it has finished, then try again")


class SumsForeign(InputProblem):
    """The folder has a SHA256SUMS that is none."""

    message = Text(
        "{file} 第 {line} 行不是校验和，不敢改动这个文件夹", "{file} is no list of checksums (line {line})"
    )
    hint = Text("请另选文件夹，或移走这个文件", "Choose another folder, or move that file away")


class FileInTheWay(InputProblem):
    """A file or folder that is not ours stands where one of ours must go."""

    message = Text("该位置已有别的文件：{path}", "Something else is in the way: {path}")
    hint = Text("请移走它，或另选交付文件夹", "Move it away, or choose another folder")


class NoRoom(CannotWork):
    """The disk is full."""

    message = Text("磁盘已满，没有写出：{path}", "The disk is full; not written: {path}")
    hint = Text("腾出空间后再来一次；原有文件没有改动", "Make room and try again; nothing was changed")


class NotWritable(CannotWork):
    """The system refuses to write there."""

    message = Text("写不了：{path}（{reason}）", "Cannot write {path} ({reason})")
    hint = Text("检查权限、写保护和 U 盘", "Check permissions, write protection and the USB disk")


class WrongEnding(UsageProblem):
    """The file to print into ends in neither .pdf nor .xlsx."""

    message = Text("不知道写成什么格式：{path}", "Which format is {path} to be?")
    hint = Text("文件名请以 .pdf 或 .xlsx 结尾", "Let the name end in .pdf or .xlsx")


class NobodyToPrint(InputProblem):
    """The visit, or the batch, has nobody."""

    message = Text("没有人员，无表可印", "There is nobody to print")
    hint = Text(
        "先导入名册：fieldkit roster import 文件", "Import a roster first: fieldkit roster import FILE"
    )


class NoChineseFont(CannotWork):
    """No font of the system has Chinese characters."""

    message = Text("系统里没有中文字体", "The system has no font with Chinese characters")
    hint = Text(
        "请安装：sudo apt install fonts-noto-cjk；或改用 .xlsx",
        "Install one: sudo apt install fonts-noto-cjk; or print to .xlsx",
    )


class FormFailed(CannotWork):
    """The form could not be set."""

    message = Text("表格排版失败：{reason}", "The form could not be set: {reason}")
    hint = Text("请改用 .xlsx，并告知技术支持", "Print to .xlsx instead and tell support")


class NoSuchPerson(InputProblem):
    """Nobody of the visit has this key."""

    message = Text("没有这个人：{typed}", "There is nobody {typed}")
    hint = Text("fieldkit person 凭证 可查到人员代号", "fieldkit person CREDENTIAL shows somebody's key")


class UnknownField(UsageProblem):
    """No field of a person has this code or heading."""

    message = Text("没有这个字段：{typed}", "There is no field {typed}")
    hint = Text("字段有：{known}", "The fields are: {known}")


class BadValue(InputProblem):
    """The value breaks the roster's rules for its field."""

    message = Text("{field} 的值不对：{fault}", "Not a usable {field}: {fault}")
    hint = Text("核对证件后重新输入", "Compare it with the document and type it again")


class ValueTaken(InputProblem):
    """Somebody else has this number."""

    message = Text("{field} 已属于另一个人：{other}", "{field} belongs to somebody else: {other}")
    hint = Text("核对两个人的证件；先改正错的那一个", "Compare both documents; correct the wrong one first")


class SameValue(InputProblem):
    """The field has this value already."""

    message = Text("{field} 已经是这个值", "{field} has this value already")
    hint = Text("fieldkit person 查看此人", "fieldkit person shows what is known")


def disk_error(error: OSError, path: object) -> FieldkitError:
    """Turn a failure of the disk that is written to into its leaf."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoRoom(path=path)
    return NotWritable(path=path, reason=reason_of(error))
