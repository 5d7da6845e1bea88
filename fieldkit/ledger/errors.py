"""What can go wrong with the store of one laptop."""

from fieldkit.errors import CannotWork, InputProblem, UsageProblem
from fieldkit.words import Text


class NoHome(CannotWork):
    """There is no fieldkit home where one was expected."""

    message = Text("这里还没有 fieldkit 数据：{home}", "There is no fieldkit home at {home}")
    hint = Text(
        "先建一个：fieldkit --home {home} init --station A",
        "Make one first: fieldkit --home {home} init --station A",
    )


class HomeExists(InputProblem):
    """A home stands where a new one was to be made."""

    message = Text("这里已有 fieldkit 数据：{home}", "There is a fieldkit home at {home} already")
    hint = Text("换一个文件夹，或直接使用它", "Choose another folder, or use the one that is there")


class HomeNotWritable(CannotWork):
    """The folder of the home cannot be written."""

    message = Text("无法写入：{home}（{reason}）", "Cannot write to {home} ({reason})")
    hint = Text("检查文件夹权限和磁盘空间", "Check the folder's permissions and the free space")


class WrongPassphrase(CannotWork):
    """The passphrase opens no key slot."""

    message = Text("口令不对", "The passphrase is wrong")
    hint = Text(
        "再试一次；忘记口令时可用托管密钥恢复",
        "Try again; a lost passphrase can be recovered with the escrow key",
    )


class NoPassphrase(UsageProblem):
    """No passphrase was given and there is no terminal to ask at."""

    message = Text("需要口令", "A passphrase is needed")
    hint = Text(
        "用 --passphrase-file 文件，或设置 FIELDKIT_PASSPHRASE_FILE",
        "Give --passphrase-file FILE, or set FIELDKIT_PASSPHRASE_FILE",
    )


class PassphraseFileUnreadable(UsageProblem):
    """The passphrase file cannot be read or is empty."""

    message = Text("口令文件读不出：{path}", "The passphrase file cannot be read: {path}")
    hint = Text(
        "检查路径；文件第一行就是口令",
        "Check the path; the first line of the file is the passphrase",
    )


class KeySlotsDamaged(CannotWork):
    """Neither copy of the key slots can be read."""

    message = Text("密钥文件损坏：{path}", "The key file is damaged: {path}")
    hint = Text("从备份恢复 keyslots.json", "Restore keyslots.json from a backup")


class StoreDamaged(CannotWork):
    """The store is not a store of ours, or a page of it fails its checksum."""

    message = Text("数据库打不开或已损坏：{path}", "The store cannot be opened or is damaged: {path}")
    hint = Text(
        "停止使用，先复制整个文件夹，再从备份或中心恢复",
        "Stop, copy the whole folder, then restore from a backup or the central server",
    )


class StoreUnsafe(CannotWork):
    """The store cannot promise that what it acknowledges survives a power cut."""

    message = Text("数据库无法保证断电不丢（{reason}）", "The store cannot survive a power cut ({reason})")
    hint = Text("把数据放到本机的普通硬盘上", "Keep the home on an ordinary local disk")


class StoreBusy(CannotWork):
    """Another program has been writing to the store for too long."""

    message = Text("数据库正被另一个程序占用", "Another program is using the store")
    hint = Text("等它写完，或关闭它，再试一次", "Wait until it is done, or close it, and try again")


class StoreFull(CannotWork):
    """The disk is full; nothing was changed."""

    message = Text("磁盘已满，没有改动任何数据", "The disk is full; nothing was changed")
    hint = Text("腾出空间后再做一次", "Free some space and do it again")


class StoreReadOnly(CannotWork):
    """The store cannot be written."""

    message = Text("数据库不可写：{path}", "The store cannot be written: {path}")
    hint = Text("检查文件夹权限和磁盘是否只读", "Check permissions and whether the disk is read-only")


class StoreNewer(CannotWork):
    """The store was written by a newer fieldkit."""

    message = Text("数据库由更新版本的 fieldkit 写成", "A newer fieldkit wrote this store")
    hint = Text("升级 fieldkit 后再打开", "Upgrade fieldkit, then open it")


class LedgerBroken(CannotWork):
    """An event does not read, chain or verify."""

    message = Text("账本校验失败：{where}", "The ledger fails its check: {where}")
    hint = Text(
        "停止使用，复制整个文件夹，联系技术支持",
        "Stop, copy the whole folder, and call support",
    )


class NothingToUndo(InputProblem):
    """No act of this station is left to undo."""

    message = Text("没有可撤销的操作", "There is nothing to undo")
    hint = Text("封存和导入不能撤销；用勘误来改", "Seals and imports stand; change them by a correction")
