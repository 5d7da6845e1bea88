"""Texts of the align screen."""

from fieldkit.words.text import Text

ALIGN = Text("对齐", "Align")
PROBLEM_OF = Text("问题 {place}/{count}", "problem {place}/{count}")
READING = Text("正在读取……", "reading …")
LINE_HEAD = Text("学生", "person")
FRAMES_HEAD = Text("照片", "frames")
PAUSE_HEAD = Text("间隔", "gap")
SURE_HEAD = Text("把握", "sure")
COUNT = Text("{count} 张", "{count}")
SOMEBODY = Text("（不知是谁）", "(nobody known)")
MISSING = Text("缺照", "no frame")
ALL_SETTLED = Text("■  没有要处理的问题", "■  nothing is left to look at")
NO_FRAMES_YET = Text("还没有照片，也就没有问题", "there are no frames yet, so nothing to look at")

REVIEW = Text("{name} 的 {count} 张没有把握", "{name}: {count} not certain")
UNKNOWN_SITTER = Text("{count} 张不知是谁：↑↓ 选人，回车", "{count} of nobody known: choose with ↑↓, Enter")
MANY = Text(
    "{name} 有 {count} 张，张数太多，像两个人", "{name}: {count} frames, too many: perhaps two people"
)
WITHOUT = Text(
    "{name} 没有照片，后面的人已拍：叫回来，或按 x 记走了",
    "{name} has no frame, two behind have: call back, or x if gone",
)
WIDEST = Text("最长间隔 {pause}在 ┊", "widest gap {pause} at ┊")
PAUSE_UNITS = Text(" 秒| 分钟| 小时| 天", " s| min| h| d")
ENTER_DOES = Text("回车：{frames}（{count} 张）→ {name}", "Enter: {frames} ({count}) → {name}")
SPLIT_DOES = Text("s：{frames}（{count} 张）→ {name}", "s: {frames} ({count}) → {name}")
SPLIT_WHERE = Text("s：先按 → 移动 ┊", "s: first move ┊ with →")
SPLIT_WHOM = Text("s：先用 ↑↓ 选人", "s: first choose with ↑↓")
NOBODYS = Text("不属于任何人", "nobody's")

KEY_ALIGN_HELP = Text("到对齐屏，处理对应问题", "go to where problems of links are settled")
KEY_ACCEPT = Text("认可", "ok")
KEY_ACCEPT_HELP = Text(
    "认可建议，或归选中者，缺照的取他的；A 全部认可",
    "accept, or give to, or take from, who is chosen; A: all",
)
KEY_ALL = Text("全部", "all")
KEY_NEXT = Text("下一题", "next")
KEY_NEXT_HELP = Text(
    "到下一个问题；b 上一个，g 第一个，G 最后一个", "next problem; b one before, g first, G last"
)
KEY_SPLIT = Text("切开", "split")
KEY_SPLIT_HELP = Text(
    "在 ┊ 切开：选中者那一侧归他；没有选时归相邻缺照的人",
    "split at ┊ for the chosen, else a neighbour without",
)
KEY_MERGE = Text("合并", "merge")
KEY_MERGE_HELP = Text("这几张和前一位是同一个人", "these frames are the same person's as those before")
KEY_BOUNDARY = Text("移界", "edge")
KEY_BOUNDARY_HELP = Text(
    "[ 前面最后一张归这一位；] 这里第一张归前一位",
    "[ takes the last frame before; ] gives the first one back",
)
KEY_NOBODYS = Text("废片", "none")
KEY_NOBODYS_HELP = Text("这几张不属于任何人", "these frames are nobody's")
KEY_LEFT = Text("走了", "left")
KEY_LEFT_HELP = Text("没有照片的这位离开了", "the person without a frame has left")
KEY_CHOOSE = Text("选人", "person")
KEY_CHOOSE_HELP = Text(
    "在队伍里选人，k j 也行，PgUp PgDn 快翻；移动切点 ┊",
    "choose in the line, k j too, PgUp PgDn faster; move ┊",
)
KEY_MARK = Text("切点", "mark")
KEY_MARK_HELP = Text("移动切点 ┊", "move the mark ┊")
KEY_SWAP = Text("对调", "swap")
KEY_SWAP_HELP = Text("这一位和选中者的照片对调", "exchange frames with the chosen person")
KEY_SHIFT = Text("顺移", "shift")
KEY_SHIFT_HELP = Text(
    "从这里到下一个可靠佐证，照片都归队伍的下一位；< 上一位",
    "to the next firm witness, frames go to the next in line",
)
KEY_PICTURE = Text("看图", "picture")
KEY_PICTURE_HELP = Text("看 ┊ 后的那一张；再按一次返回", "see the frame behind ┊; p again to go back")
KEY_SOMEBODY = Text("别人", "else")
KEY_SOMEBODY_HELP = Text(
    "照片归队伍之外的人：输入学号、序号或姓名", "the frames are somebody's not in line: type who"
)
KEY_CLOCK = Text("钟差", "clock")
KEY_CLOCK_HELP = Text("从这里起相机钟被拨过：输入快了多少", "the camera's clock was set: say by how much")
KEY_UNDO_HELP = Text(
    "撤销最近一次修改，见屏幕下方；u 也是", "undo the newest repair, as the bottom line shows; u too"
)
KEY_UNCHOOSE_HELP = Text("不选人，切点回到最长间隔", "choose nobody; the mark goes to the widest gap")

UNKNOWN_HOW = Text(
    "不在队伍里的按 / 输入，同前一位按 m，谁的都不是按 r",
    "not in line: / and type; the one before: m; nobody's: r",
)
TAKE_HOW = Text(
    "照片记在别人名下：↑↓ 选那一位，再按回车全归他，或按 s 切开",
    "their frames are somebody else's: choose whose with ↑↓, then Enter or s",
)
SHIFT_HOW = Text("从这里起都错后一位：按 <", "from here on all are one too late: press <")
SEALED = Text("封存", "sealed")
ALL_SEALED = Text(
    "这些照片已封存：逐张更正用 fieldkit link",
    "these frames are signed off: correct each by itself with fieldkit link",
)
HAS_NO_FRAME = Text(
    "这一位没有照片：↑↓ 选出他的照片在谁名下，再按回车或 s",
    "no frame here: choose with ↑↓ who has it, then Enter or s",
)
NO_PROBLEM_HERE = Text("没有要处理的问题", "there is no problem here")
NO_PROPOSAL = Text("没有建议：先用 ↑↓ 选人", "nobody is proposed: choose with ↑↓ first")
NO_NEIGHBOUR = Text("前面没有可以合并的照片", "there is nobody's frames before these")
NOT_WITHOUT = Text("x 只用于没有照片的人", "x is only for somebody without a frame")
CHOOSE_FIRST = Text("先用 ↑↓ 选另一个人", "choose another person with ↑↓ first")
ONE_FRAME = Text("只有一张，没有可切开的", "one frame only: there is nothing to split")
MARK_FIRST = Text("┊ 前面没有照片：先按 → 移动", "no frame stands before ┊: move it with → first")
WAIT = Text("正在计算，请稍候", "working, one moment")
SCANNED_HERE = Text("读到凭证，没有处理：请到 F2 或 F3", "a credential came and was not used: go to F2 or F3")
DONE = Text("已改 {count} 张 → {name}", "{count} changed → {name}")
TURNED = Text("刚才那一题已没有了，换到这一题：看清再按", "that problem is gone, this is another: look again")
LEFT_NOTED = Text("已记：{name} 走了", "noted: {name} has left")
UNDONE = Text("已撤销：{what} {whom}", "undone: {what} {whom}")
NO_REPAIR = Text(
    "没有可撤销的修改；签到、就座到 F2、F3 撤销", "no repair to undo; check-ins, seats: F9 at F2, F3"
)
UNDO_NEXT = Text("再按 F9 撤销：{time} {what} {whom}", "F9 undoes next: {time} {what} {whom}")
UNDO_ENDS = Text("再没有可撤销的了", "nothing else can be undone here")
ALARM_LINE = Text(" ▲ {key}{more} {who}{what}", " ▲ {key}{more} {who}{what}")
PICTURE_CLOSED = Text(
    "看不到：原图不在本机，或当日密钥已销毁", "no picture: the original is not here, or its day is closed"
)

CLOCK_TITLE = Text("相机钟被拨过", "The camera's clock was set")
CLOCK_HOW = Text(
    "从照片 {frame} 起，这台相机的钟比前面快了多少？慢了写负数。只改待定的照片，F9 可撤销。",
    "How far ahead is this camera's clock from frame {frame} on? Behind is negative. "
    "Only frames to review change; F9 undoes it.",
)
CLOCK_AHEAD = Text("秒，或 时:分:秒（如 -1:00:00）", "seconds, or h:m:s (such as -1:00:00)")
CLOCK_SHAPE = Text("写成 37 或 -1:00:00，不超过一天", "write 37 or -1:00:00, at most a day")

ALL_TITLE = Text("全部认可", "Accept all proposals")
ALL_HOW = Text(
    "把握不低于这个百分数的建议，一次都认可；没有建议的、已封存的不动。F9 一次撤销。",
    "Every proposal at least so sure is accepted at once. Frames of nobody proposed and sealed ones stay. "
    "F9 undoes it as one.",
)
ALL_STEP = Text(
    "  {percent} %   {frames} 张   {people} 人", "  {percent} %   {frames} frames   {people} people"
)
ALL_LEAST = Text("至少多大把握（%）", "at least how sure (%)")
ALL_SHAPE = Text("写 1 到 99，例如 90", "write 1 to 99, such as 90")
ALL_NONE = Text("没有这样的建议", "nothing like that is proposed")
ALL_DONE = Text("已认可 {frames} 张，{people} 人", "{frames} accepted, of {people} people")

SOMEBODY_TITLE = Text("照片归谁", "Whose are the frames")
SOMEBODY_HOW = Text("照片 {frames}。Esc 返回，F9 可撤销。", "Frames {frames}. Esc goes back; F9 undoes it.")
SOMEBODY_WHO = Text("学号、拍摄序号、采集码或姓名", "student number, sequence number, code or name")
NOT_ONE = Text("没有这个人，或不止一人：写全学号或序号", "nobody, or more than one: type a whole number")
