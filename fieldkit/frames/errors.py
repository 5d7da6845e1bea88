"""What can stop the reading of a card folder, or the keeping of an original."""

from fieldkit.errors import CannotWork, InputProblem
from fieldkit.words import Text


class NoSuchFolder(InputProblem):
    """The card folder is not there."""

    message = Text("没有这个文件夹：{folder}", "No such folder: {folder}")
    hint = Text("请检查存储卡是否插好，路径是否正确", "Check that the card is in and the path is right")


class NotAFolder(InputProblem):
    """The path names a file."""

    message = Text("这不是文件夹：{folder}", "Not a folder: {folder}")
    hint = Text(
        "请给出含有 DCIM 的存储卡，或联机拍摄的文件夹",
        "Name the card that holds DCIM, or the tether folder",
    )


class FolderClosed(InputProblem):
    """The folder may not be read, or its device fails."""

    message = Text("无法读取文件夹：{folder}", "The folder cannot be read: {folder}")
    hint = Text(
        "请检查权限，或把存储卡重新插一次再读入",
        "Check the permissions, or put the card in again and read it once more",
    )


class NoImages(InputProblem):
    """The folder holds nothing a camera wrote."""

    message = Text("这个文件夹里没有照片：{folder}", "No photos in this folder: {folder}")
    hint = Text(
        "请选择含有 DCIM 的存储卡，或联机拍摄的文件夹",
        "Choose the card that holds DCIM, or the tether folder",
    )


class BlobUnsafe(CannotWork):
    """The disk did not confirm that an original is stored."""

    message = Text(
        "磁盘没有确认照片已写入，这张照片不算已保存",
        "The disk did not confirm the photo; it does not count as stored",
    )
    hint = Text(
        "不要格式化存储卡；请换一块磁盘，再读入一次",
        "Do not format the card; change the disk and read the card in again",
    )


class BlobUnproven(CannotWork):
    """A stored original could not be read back just now; nothing is known against it."""

    message = Text(
        "照片已写入，但现在读不回来核对：{blob}", "A photo is written but cannot be read back now: {blob}"
    )
    hint = Text(
        "不要格式化存储卡；再读入一次会重新核对，仍不行就换一块磁盘",
        "Do not format the card; read it in again to check anew, and change the disk if that fails too",
    )


class DiskFull(CannotWork):
    """There is no room for the next original."""

    message = Text("磁盘已满，照片没有保存完", "The disk is full; not all photos are stored")
    hint = Text(
        "请腾出空间后再读入一次；已保存的照片不受影响",
        "Make room and read in again; the photos already stored are safe",
    )


class BlobMissing(CannotWork):
    """An original that the ledger knows is not on the disk."""

    message = Text("找不到已保存的照片文件 {blob}", "The stored photo {blob} is not on the disk")
    hint = Text(
        "请从存储卡、主控电脑或服务器取回",
        "Fetch it again from the card, the lead laptop or the server",
    )


class BlobClosed(CannotWork):
    """None of the keys at hand opens the original, or it was changed on the disk."""

    message = Text("打不开已保存的照片文件 {blob}", "The stored photo {blob} cannot be opened")
    hint = Text(
        "当天的密钥可能已销毁，或文件已损坏；请用备用密钥或服务器上的副本",
        "The day key may be destroyed or the file damaged; use the escrow key or the server's copy",
    )


class BadRecipient(CannotWork):
    """A key that originals shall be encrypted for cannot be read."""

    message = Text("加密公钥无效或缺失", "An encryption key is missing or not valid")
    hint = Text(
        "请重新执行 fieldkit init，或向中心索取学校公钥",
        "Run fieldkit init again, or ask the centre for the school's key",
    )
