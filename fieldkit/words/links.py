"""Texts about recordings, links, alarms and repairs."""

from fieldkit.words.text import Text

NOT_JSON = Text("不是完整的 JSON，已跳过", "Not a complete JSON object: skipped")
NOT_TEXT = Text("“{field}”含有坏字符，已跳过", "“{field}” holds broken characters: skipped")
FIELD_MISSING = Text("缺少“{field}”，已跳过", "“{field}” is missing: skipped")
FIELD_BAD = Text("“{field}”的内容不对，已跳过", "“{field}” is not what it must be: skipped")
TIME_WITHOUT_ZONE = Text("“{field}”没有时区，已跳过", "“{field}” has no time zone: skipped")
SHOT_UNREADABLE = Text("拍摄时间看不懂，按无时间处理", "The shot time cannot be read: taken as none")
ID_REPEATED = Text("编号已在第 {first} 行用过，已跳过", "The id was used in line {first}: skipped")
TIME_BACKWARDS = Text("时间早于上一行，已按时间排好", "Earlier than the line before: put in order")
NO_FRAMES = Text(
    "没有照片，后面两位已拍：叫回来，走了按 F4、x", "no frame, two behind have: call back; gone: F4, x"
)
NO_PERSON = Text("从这张起不知是谁：按 F4 选人，回车", "from here on nobody is known: F4, choose, Enter")
MANY_FRAMES = Text("张数太多，像两个人：按 F4、s 切开", "too many frames, perhaps two people: F4, s splits")
NO_CAMERA = Text(
    "已有三人就座，但没有新照片：请检查相机连接",
    "Three people sat down and no frame came: check the camera",
)
