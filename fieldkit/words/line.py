"""Texts of the door and the chair."""

from fieldkit.words.text import Text

NEW = Text("已签到", "CHECKED IN")
AGAIN = Text("已签到过", "CHECKED IN BEFORE")
WALK_IN = Text("临时登记", "WALK-IN")

NO_LONGER_LISTED = Text("最新名册里已没有此人", "no longer in the newest roster")
SAME_NAME = Text("同名 {count} 人，请核对学号", "{count} people of this name: compare the student number")
NOT_PAID = Text("未缴费", "not paid")
OTHER_STATION = Text("已在机位 {letter} 签到", "checked in at station {letter}")
NAME_UNSURE = Text("姓名含特殊字形，请核对", "the name has unusual characters: compare it")
NOT_CHECKED_IN = Text("没有签到，直接就座", "sits down without having checked in")

CHIP_BOUND = Text("芯片已绑定：{name} {number}", "chip bound: {name} {number}")
CHIP_ALREADY = Text("芯片本来就是他的：{name} {number}", "the chip is theirs already: {name} {number}")
CHIP_REPLACED = Text("芯片已改绑：{name} {number}", "chip bound anew: {name} {number}")

SITS = Text("就座：{number} {name}", "sits: {number} {name}")
UNDONE = Text("已撤销：{what}", "undone: {what}")
UNDO_NEXT = Text("再撤销就是：{what}", "the next undo takes back: {what}")
NOBODYS = Text("不属于任何人", "nobody's")
FRAMES_AND_MORE = Text("{frames} 等 {count} 张", "{frames} and others, {count} in all")
ACTS = {
    "checkin": Text("签到", "check-in"),
    "again": Text("重复签到", "repeated check-in"),
    "chip.bound": Text("绑定芯片", "chip bound"),
    "seat": Text("就座", "seat"),
    "next": Text("下一位", "next"),
    "leave": Text("离开", "leave"),
    "links.said": Text("指定对应", "link"),
    "frame.judged": Text("取舍照片", "frame accepted or rejected"),
    "reason.noted": Text("未拍原因", "reason"),
    "correction.made": Text("勘误", "correction"),
}
