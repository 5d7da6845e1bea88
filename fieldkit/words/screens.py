"""Texts of the terminal app: screens, keys, verdicts, forms."""

from fieldkit.words.text import Text

# Titles of screens and what stands in the status line.
DOOR = Text("签到", "Door")
CAPTURE = Text("拍摄", "Capture")
ARRIVED = Text("到 {came}/{people}", "in {came}/{people}")
SEATED = Text("已坐 {sat} 等 {waiting}", "sat {sat} wait {waiting}")
FRAMES_SO_FAR = Text("照片 {frames}", "frames {frames}")
DISK_FREE = Text("盘 {size}", "disk {size}")
STATION = Text("机位 {letter}", "stn {letter}")

# Keys: the short word of the key line, then the sentence of the help.
KEY_CHECK_IN = Text("签到", "check in")
KEY_CHECK_IN_HELP = Text("给选中的人签到，发拍摄序号", "check in the one who is chosen, and give a number")
KEY_SEAT = Text("就座", "seat")
KEY_SEAT_HELP = Text("选中的人现在就座", "the one who is chosen sits down now")
KEY_CHOOSE = Text("选", "choose")
KEY_CHOOSE_HELP = Text("在列表里上下选人", "go up and down the list")
KEY_BIND = Text("绑卡", "bind chip")
KEY_BIND_HELP = Text(
    "把读到的芯片绑定给这个人；先按再放卡可以改绑",
    "bind the chip that was read to this person; pressed before the card, to bind it anew",
)
KEY_WALK_IN = Text("临时", "walk-in")
KEY_WALK_IN_HELP = Text(
    "名册里没有的人：+姓名 学号或证件号，再按回车",
    "somebody not listed: +NAME NUMBER, then Enter",
)
KEY_NEXT = Text("下一位", "next")
KEY_NEXT_HELP = Text(
    "排在最前的人就座（输入框为空时）", "the first in line sits down (while nothing is typed)"
)
KEY_LEAVE = Text("走了", "left")
KEY_LEAVE_HELP = Text(
    "选中的排队人离开了；没有选就是排头（输入框为空时）",
    "the chosen one in line has left; the first where none is chosen (while nothing is typed)",
)
KEY_HALT = Text("停读", "stop")
KEY_HALT_HELP = Text("读完当前文件就停止读卡；再按接着读", "stop reading in after this file; again: go on")
KEY_ANSWER = Text("读/不读", "read/leave")
KEY_ANSWER_HELP = Text("屏幕问到的卡：读入 / 不读", "the card that is asked about: read it in / leave it")
KEY_UNDO = Text("撤销", "undo")
KEY_UNDO_HELP = Text(
    "撤销本机位最近一次操作，见屏幕下方", "undo this station's newest act, as the bottom line shows it"
)
KEY_CLEAR = Text("清空", "clear")
KEY_CLEAR_HELP = Text("清空输入；从不退出", "clear what was typed; never quits")
KEY_BACK = Text("上一步", "back")
KEY_BACK_HELP = Text("回到上一项", "go back one step")
KEY_ACCEPT = Text("确定", "accept")
KEY_ACCEPT_HELP = Text("接受这一项，到下一项", "accept this and go on")
KEY_CLOSE = Text("关闭", "close")
KEY_CLOSE_HELP = Text("关闭帮助", "close this help")
KEY_HELP = Text("帮助", "help")
KEY_HELP_HELP = Text("本屏的全部按键", "all keys of this screen")
KEY_DOOR_HELP = Text("到签到屏", "go to the door")
KEY_CAPTURE_HELP = Text("到拍摄屏", "go to the camera")
KEY_NOT_YET = Text("还没有", "not yet")
NOT_YET = Text(
    "F5 名册、F6 核对、F7 同步还没有；先用命令行 fieldkit roster、reconcile",
    "F5, F6 and F7 are not there yet; meanwhile: fieldkit roster, fieldkit reconcile",
)
KEY_LANGUAGE = Text("English", "中文")
KEY_LANGUAGE_HELP = Text("切换中文和英文", "change between English and Chinese")
KEY_QUIT = Text("退出", "quit")
KEY_QUIT_HELP = Text("退出；已确认的都已保存", "quit; all that was confirmed is stored")

NOTHING_DONE = Text("还没有可撤销的操作", "nothing has been done that could be undone")
NOBODY_IN_LINE = Text("没有人排队：请先签到", "nobody is in line: check somebody in first")
NOTHING_CHOSEN = Text("先输入，或用 ↑↓ 选人", "type something first, or choose with ↑↓")

# Verdicts: what strangers at the door read, always in both languages.
READY = Text("请出示凭证", "PRESENT YOUR CODE OR CARD")
READY_HOW = Text(
    "扫码、刷卡，或输入学号尾号、拼音、首字母、姓名",
    "scan, read a card, or type the end of a student number, pinyin, initials, a name",
)
PRESS_ENTER = Text("请核对  回车签到", "CHECK YOUR DATA · PRESS ENTER")
PRESS_ENTER_SEAT = Text("回车就座", "PRESS ENTER TO SEAT")
CHECKED_IN = Text("已签到", "CHECKED IN")
CHECKED_IN_LOOK = Text("已签到  请注意", "CHECKED IN · LOOK")
CHECKED_IN_BEFORE = Text("已签到过", "CHECKED IN BEFORE")
WALKED_IN = Text("临时登记", "WALK-IN")
WALK_IN_PREVIEW = Text("临时登记  回车确认", "WALK-IN · PRESS ENTER")
NOT_LISTED = Text("不在名册", "NOT LISTED")
UNKNOWN_CHIP = Text("未知芯片", "UNKNOWN CHIP")
PRESS_ENTER_BIND = Text("回车签到并绑卡", "PRESS ENTER · BINDS THE CHIP")
PRESENT_CHIP = Text("请放要绑定的卡", "PRESENT THE CARD TO BIND")
CHIP_BOUND = Text("已绑定芯片", "CHIP BOUND")
CHIP_OF_ANOTHER = Text("芯片是别人的", "THE CHIP IS SOMEBODY ELSE'S")
SEVERAL = Text("不止一人", "MORE THAN ONE")
CARD_UNREAD = Text("读卡失败", "CARD NOT READ")
NOT_DONE = Text("没有完成", "NOT DONE")
UNDONE = Text("已撤销", "UNDONE")
SITS_NOW = Text("请就座", "PLEASE SIT DOWN")
NOW = Text("现在", "NOW")
EMPTY_CHAIR = Text("座位空着", "NOBODY SITS")
HAS_LEFT = Text("离开队伍", "HAS LEFT THE LINE")
CHOOSE_ONE = Text("↑↓ 选人，核对后回车", "choose with ↑↓, compare, press Enter")

UNKNOWN_CHIP_NEXT = Text(
    "问清是谁：输入学号、姓名等再回车，即签到并绑卡；Esc 放弃",
    "ask who it is: type number or name, Enter checks in and binds; Esc lets go",
)
BIND_TO = Text("^K 把刚读到的芯片绑定给 {name}", "^K binds the chip just read to {name}")
BIND_OR_TYPE = Text("不是他：输入是谁，再回车", "not theirs: type who it is, then Enter")
BIND_ANEW = Text(
    "现在是 {holder} 的！确实换人才按 ^K；Esc 放弃",
    "it is {holder}'s now! ^K only if it changed hands; Esc lets go",
)
CHIP_IS_THEIRS = Text("这张卡本来就是他的", "this chip is theirs already")
CHIP_NOW_THEIRS = Text("芯片已绑定", "chip bound")
CHIP_FIRST_WHO = Text("先指明是谁，再按 ^K", "say first who it is, then ^K")
NOT_LISTED_NEXT = Text(
    "换一种凭证，或临时登记：+姓名 号 回车",
    "try another credential, or serve as walk-in: +NAME NUMBER Enter",
)
NOT_LISTED_ENTER = Text(
    "回车按卡上的姓名临时登记；或换一种凭证",
    "Enter takes them in as a walk-in, as the card says; or try another credential",
)
NOT_LISTED_CHAIR = Text(
    "输入拍摄序号、学号或姓名，或先签到",
    "type the sequence number, student number or name, or check in first",
)
LISTED_NAME = Text(
    "名册里有这个名字：去掉 + 选人，或写上学号 +姓名 号",
    "the roster holds this name: choose without +, or add a number: +NAME NUMBER",
)
WALK_IN_HOW = Text("+姓名 学号或证件号，没有号码也可以", "+NAME NUMBER; the number may be left out")
NO_NAME = Text("写上姓名：+姓名 号", "write the name: +NAME NUMBER")
EMPTY_ROSTER = Text(
    "名册是空的：采集码和临时登记都可以；导入：fieldkit roster import 文件",
    "the roster is empty: codes and walk-ins are served; import: fieldkit roster import FILE",
)
NUMBER_STAYS = Text("{number} 仍然有效", "{number} still stands")
NUMBER_GONE = Text("{number} 作废，不再使用", "{number} is void and will not be used again")
WRITE_NUMBER = Text("拍摄序号", "sequence number")
NAME_DIFFERS = Text("卡上姓名与名册不同，请核对", "the card's name differs from the roster: compare")
NO_NUMBER = Text("没有签到，没有序号", "not checked in, no number")
OWN_FRAMES = Text("本人 {count} 张", "own frames {count}")
PROGRAM_FAULT = Text(
    "程序出错（{kind}）；没有写入，请再试", "program fault ({kind}); nothing was written, try again"
)

# Candidates, queue, frames, last acts.
NOT_HERE = Text("未到", "not in")
HERE_SINCE = Text("{time} {number}", "{time} {number}")
QUEUE = Text("排队", "in line")
NO_QUEUE = Text("没有人排队", "nobody is in line")
NO_FRAMES = Text("还没有照片", "no frames yet")
MORE = Text("…还有 {count} 人", "… {count} more")
LAST_ACTS = Text("最近：", "Last: ")
TOO_SMALL = Text(
    "窗口 {width}×{height} 太小，至少 80×24：放大窗口或缩小字号",
    "{width}×{height} is too small, 80×24 at least: enlarge the window or make letters smaller",
)
NO_ACTS = Text("还没有操作", "nothing done yet")
UNLINKED = Text("待定", "to review")
SPARE = Text("无主", "nobody's")
ACT_MARKS = {
    "checkin": "■",
    "again": "▲",
    "seat": "→",
    "next": "→",
    "leave": "←",
    "chip.bound": "+",
    "links.said": "=",
    "frame.judged": "±",
    "reason.noted": "·",
    "correction.made": "*",
}

# Help.
HELP_TITLE = Text("按键", "Keys")
HELP_SCANNER = Text(
    "扫码枪和读卡器随时可用：读到的整条凭证会替换正在输入的字。",
    "Scanner and reader work at any time: what they read replaces what is being typed.",
)
HELP_TYPING = Text(
    "不用输入法：学号尾号、拼音 zhangwei、首字母 zw、序号 A-0012 都可以。",
    "No input method needed: end of the student number, pinyin zhangwei, initials zw, number A-0012.",
)

# Start, passphrase, visits.
WELCOME = Text("欢迎使用 fieldkit", "Welcome to fieldkit")
HOME_AT = Text("本机数据文件夹：{home}", "home of this laptop: {home}")
NO_HOME_YET = Text("这里还没有数据。", "There is nothing here yet.")
CHOICE_REHEARSE = Text(
    "演练：虚构的学校，模拟的读卡器和相机，真实的程序",
    "rehearsal: a made-up school and devices, the real program",
)
CHOICE_NEW = Text("新建：本机数据和第一个场次", "new: the home of this laptop and its first visit")
CHOOSE = Text("输入数字，回车", "type a number, press Enter")
NOT_A_CHOICE = Text("请输入列出的数字", "type one of the numbers that are listed")
PASSPHRASE = Text("口令", "passphrase")
PASSPHRASE_NEW = Text("新口令（开机后要输入它）", "new passphrase (asked for at starting)")
PASSPHRASE_AGAIN = Text("再输一次口令", "the passphrase once more")
PASSPHRASES_DIFFER = Text("两次口令不一样，请重输", "the two passphrases differ; type them again")
PASSPHRASE_EMPTY = Text("口令不能为空", "the passphrase must not be empty")
STATION_LETTER = Text("机位字母 A 到 Z", "station letter, A to Z")
NOT_A_LETTER = Text("一个字母，A 到 Z", "one letter, A to Z")
VISIT_NAME = Text("场次名称（如 一中 六月）", "visit name (such as: Yizhong June)")
SCHOOL_NAME = Text("学校全称", "full name of the school")
NO_ANSWER = Text("扫码不算回答：请用键盘输入", "a scan is no answer: type it on the keyboard")
NEEDED = Text("这一项要填写", "this has to be filled in")
MAKING_HOME = Text("正在生成密钥……", "making keys …")
OPENING = Text("正在打开……", "opening …")
UNLOCK_TITLE = Text("打开本机数据", "Open the home of this laptop")
NEW_TITLE = Text("新建本机数据", "A new home for this laptop")
VISIT_TITLE = Text("选择场次", "Choose a visit")
VISIT_NEW_CHOICE = Text("新建场次", "a new visit")
VISIT_LINE = Text("{name}  {school}", "{name}  {school}")
NEW_VISIT_TITLE = Text("新建场次", "A new visit")
ESCROW_TITLE = Text("托管密钥：抄下来，放在别处", "Escrow key: write it down and keep it elsewhere")
ESCROW_WHY = Text(
    "它只显示这一次，也不存在本机。口令忘了、电脑坏了，只有它能打开原图。",
    "It is shown only now and kept nowhere here. If the passphrase is lost, only it opens the originals.",
)
ESCROW_PROOF = Text("抄完后输入最后 6 个字符", "once written down, type its last 6 characters")
ESCROW_WRONG = Text("不一样，请对照抄下的密钥", "not the same; compare with what you wrote")
