"""Texts of the doctor: what is checked, what was found, what to do."""

from fieldkit.words.text import Text

SUMMARY = Text("{total} 项：■{ok} ▲{warning} ×{failure}", "{total} checks: ■{ok} ▲{warning} ×{failure}")

HOME = Text("本机数据", "home")
STORE = Text("数据库", "store")
COMMIT = Text("提交耗时", "commit time")
SPACE = Text("剩余空间", "free space")
DISK = Text("硬盘加密", "disk encryption")
SWAP = Text("交换区加密", "swap encryption")
CLOCK = Text("本机时钟", "laptop clock")
TERMINAL = Text("终端", "terminal")
FONT = Text("汉字字体", "Chinese font")
READERS = Text("读卡器", "readers")
CAMERAS = Text("相机", "cameras")
CARDS = Text("相机卡", "camera cards")
DEVICE = Text("设备", "devices")
SERVER = Text("中心服务器", "central server")
NO_SERVER = Text(
    "还没有接上：照片和记录只在这台电脑上", "none is set up: photos and records are on this laptop only"
)
NO_SERVER_HINT = Text(
    "收工后把整个文件夹 {home} 复制到另一块盘；卡先不要格式化",
    "After work copy the whole folder {home} to another disk; do not format the cards yet",
)

NO_HOME = Text("还没有：{home}", "there is none at {home}")
NO_HOME_HINT = Text(
    "fieldkit init --station A，或运行 fieldkit 选新建",
    "fieldkit init --station A, or run fieldkit and choose new",
)
HOME_FOUND = Text("机位 {letter}，{home}", "station {letter} at {home}")
HOME_LOCKED = Text("已锁：{home}", "locked: {home}")
HOME_LOCKED_HINT = Text("给出口令可检查数据库", "Give the passphrase to have the store checked too")

STORE_SOUND = Text("完好，{megabytes} MB", "sound, {megabytes} MB")
STORE_WRONG = Text("有 {count} 处损坏", "{count} places are damaged")
STORE_HINT = Text("停止使用，先复制整个文件夹：{home}", "Stop, and copy the whole folder first: {home}")

COMMIT_FOUND = Text("{milliseconds} 毫秒", "{milliseconds} ms")
COMMIT_HINT = Text(
    "这块盘写得慢；签到会变慢，换一块盘", "This disk writes slowly and so will the door; use another"
)

SPACE_FOUND = Text("{gigabytes} GB", "{gigabytes} GB")
SPACE_NEEDED = Text(
    "{gigabytes} GB，按已拍的算还需约 {needed} GB", "{gigabytes} GB; by those who sat {needed} GB are to come"
)
SPACE_NEEDED_HINT = Text(
    "腾出空间，或先把已收到回执的照片移走", "Free some space, or move photos away that have their receipts"
)
SPACE_HINT = Text("一天约需 110 GB（含 RAW）；腾出空间", "A day takes about 110 GB with RAW; free some space")

ENCRYPTED = Text("已加密", "encrypted")
NOT_ENCRYPTED = Text("没有加密", "not encrypted")
NOT_KNOWN = Text("看不出来", "cannot be told")
DISK_HINT = Text(
    "原图和数据库本身是加密的；整盘加密（LUKS）还能保护缩略图和日志",
    "Originals and the store are encrypted anyway; whole-disk encryption (LUKS) covers the rest",
)
NO_SWAP = Text("没有交换区", "there is no swap")
SWAP_HINT = Text(
    "密钥可能写进交换区：关闭它（swapoff -a）或加密它", "Keys may reach the swap: swapoff -a, or encrypt it"
)

CLOCK_SYNCED = Text("已对时，{now}", "synchronised, {now}")
CLOCK_FREE = Text("没有对时，{now}", "not synchronised, {now}")
CLOCK_HINT = Text(
    "对照手机看一眼时间；差两分钟以上先校准", "Compare it with a phone; set it if it is two minutes off"
)

TERMINAL_FOUND = Text("{columns}×{lines} {encoding}", "{columns}×{lines} {encoding}")
TERMINAL_NONE = Text("没有终端", "there is no terminal")
TERMINAL_SMALL = Text("至少要 80×24", "Make it at least 80×24")
TERMINAL_UTF8 = Text("设置 LANG=C.UTF-8", "Set LANG=C.UTF-8")

FONT_NONE = Text("没有找到", "none was found")
FONT_HINT = Text("sudo apt install fonts-noto-cjk", "sudo apt install fonts-noto-cjk")

FOUND = Text("{names}", "{names}")
NONE_THERE = Text("没有", "none")
READERS_HINT = Text("插上读卡器；也可以键盘输入学号", "Plug one in; student numbers can be typed meanwhile")
CAMERAS_HINT = Text(
    "联机拍摄时插上相机；也可以之后读卡", "Plug the camera in to tether; its card can be read later"
)
CARDS_HINT = Text(
    "拍完把卡插上：程序开着就会自动读入", "Put the card in when the batch is done: the open app reads it in"
)
UNMOUNTED = Text("插着但没有挂载：{names}", "in, but not mounted: {names}")
UNMOUNTED_HINT = Text("在文件管理器中打开它", "Open it in the file manager")
RULE = Text(
    "请管理员把下面的规则存为 {path}，然后重新登录：\n{rule}",
    "Ask the administrator to save this rule as {path}, then log in again:\n{rule}",
)

SLOTS = Text("密钥文件", "key slots")
SLOTS_SOUND = Text("两份都完好", "both copies are sound")
SLOT_BROKEN = Text("{broken} 损坏或缺失", "{broken} is damaged or missing")
SLOT_HINT = Text("从另一份复制：{command}", "Copy the other one: {command}")
SLOTS_DIFFER = Text("两份不一样", "the two copies differ")
SLOTS_DIFFER_HINT = Text(
    "口令能打开时，用正本换掉副本：{command}", "Once the passphrase opens the home, renew the copy: {command}"
)

SPOOL = Text("写入暂存", "spool")
SPOOL_EMPTY = Text("空", "empty")
SPOOL_IN_USE = Text("正在写入", "being written to")
SPOOL_LEFT = Text(
    "上次中断留下 {count} 个半截文件（{megabytes} MB）",
    "{count} half files of an interrupted pass ({megabytes} MB)",
)
SPOOL_HINT = Text(
    "把卡再插一次读完；读卡时会自动清理", "Put the card in once more; reading it in clears them away"
)

CAMERA_CLOCK = Text("相机钟差", "camera clock")
CAMERA_BEHIND = Text("{body} 慢 {by}", "{body} is {by} behind")
CAMERA_AHEAD = Text("{body} 快 {by}", "{body} is {by} ahead")
CAMERA_CLOCK_HINT = Text(
    "对应已经按此修正；休息时把相机时间调准",
    "Links allow for it; set the camera's clock in the next break",
)

LATENCY = Text("按键延迟", "key to screen")
LATENCY_FOUND = Text("{milliseconds} 毫秒", "{milliseconds} ms")
LATENCY_HINT = Text("关闭其它程序；插上电源", "Close other programs; plug the power in")

# The screen.
DOCTOR = Text("自检", "Doctor")
CHECKING = Text("正在检查……", "checking …")
CHECK_FAILED = Text("检查没有做完，请按 r 再试；日志里有记录", "it failed: press r; the log tells where")
NEXT = Text("下一步：", "Next: ")
ALL_WELL = Text("这一项没有问题。", "This is as it should be.")
KEY_DOCTOR_HELP = Text("到自检屏：每项好坏和下一步", "go to the check-up: each check with its next step")
KEY_CHECK = Text("重测", "check again")
KEY_CHECK_HELP = Text("把全部项目重新检查一遍", "check everything again")
KEY_CHOOSE_HELP = Text("上下选一项，看它的下一步", "go up and down the checks, each with its next step")
