"""Texts about what is plugged in while the app runs: lights, troubles, cards being read in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fieldkit.words.text import Text

# Letters of the lights in the status line.
READER_LIGHT = Text("读", "rdr")
CAMERA_LIGHT = Text("机", "cam")
CARD_LIGHT = Text("卡", "card")

REHEARSAL_BEGINS = Text("演练：学生自己会来", "A rehearsal: people come by themselves")
REHEARSAL_WATCH = Text(
    "马上有人来签到。F3 看拍摄，F4 看照片对应；也可以自己动手。F1 是全部按键",
    "Watch the door; F3 shows the camera, F4 the links. Do things yourself if you like: F1 tells the keys",
)
REHEARSAL_OVER = Text("演练的半天结束了", "The rehearsed half day is over")
REHEARSAL_FIGURES = Text(
    "{frames} 张照片：已对应 {linked}，待审 {review}，废片 {spare}，对错人 {wrong}",
    "{frames} frames: {linked} linked, {review} for review, {spare} spare, {wrong} with the wrong person",
)
REHEARSAL_NEXT = Text(
    "F4 处理没有把握的照片；也可以自己签到、就座。Ctrl+Q 退出",
    "F4 settles what is not certain; or check people in and seat them yourself. Ctrl+Q quits",
)
TROUBLE = Text("{device}：{message}。{hint}", "{device}: {message}. {hint}")

# A card being read in: strangers may stand by, so the warning is in both languages.
DO_NOT_REMOVE = Text("勿拔卡", "DO NOT REMOVE")
COPIED_FILES = Text("{files}/{of} 个文件", "{files}/{of} files")
RATE = Text("{rate} MB/秒", "{rate} MB/s")
TIME_LEFT = Text("剩 {minutes}:{seconds:02}", "{minutes}:{seconds:02} left")
COPIED = Text("{card} 已读完：新 {new}，共 {of} 个文件", "{card} is read in: {new} new of {of} files")
COPIED_NEXT = Text(
    "可以取出；格式化前先看 fieldkit card status",
    "It may come out; before formatting it see fieldkit card status",
)
COPIED_PARTLY = Text("{card}：{file} 没有读进来：{reason}", "{card}: {file} not read in: {reason}")
COPIED_PARTLY_MORE = Text(
    "{card}：{file} 等 {left} 个文件没有读进来：{reason}",
    "{card}: {file} and others, {left} files, not read in: {reason}",
)
COPIED_PARTLY_NEXT = Text(
    "留着这张卡；重新插一次再读，详情见 fieldkit card status",
    "Keep this card; put it in again to try once more, details: fieldkit card status",
)
UNFINISHED_NEXT = Text(
    "可以取出，但不要格式化；相机写完它，就会自动读入",
    "The card may come out, but do not format it; once the file is complete it is read in by itself",
)
STRANGE = Text(
    "{card}：{files} 个文件，含 {day} 的，是本场次吗？",
    "{card}: {files} files, some of {day}: this visit?",
)
STRANGE_KEYS = Text("^Y 读入  ^N 不读", "^Y read  ^N leave")
STRANGE_NEXT = Text(
    "决定之前什么也不读：照片只在卡上，不要格式化",
    "Nothing is read before that: its photos are on it alone, do not format it",
)
REFUSED_NEXT = Text(
    "留着这张卡，不要格式化；按错了 ^N，按 ^Y 就读入",
    "Keep this card, do not format it; if ^N was a mistake, ^Y reads it in",
)
REFUSED = Text(
    "{card} 没有读入，不是本场次的：{files} 个文件只在卡上",
    "{card} is not this visit's: {files} files on it alone",
)
REFUSED_KEY = Text("^Y 还是读入", "^Y reads it in")
NOTHING_ASKED = Text("没有卡在等你决定", "no card waits for an answer")
STRANGE_AT = Text("{way} 上按 ^Y 读入，^N 不读", "On {way}: ^Y reads it in, ^N leaves it")
STOPPED_NEXT = Text("按 ^X 接着读；读完之前不要格式化", "^X goes on; do not format it before")
HALT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "stopped": Text("读完当前文件就停；再按 ^X 接着读", "stops after this file; ^X again goes on"),
        "resumed": Text("接着读卡", "reading goes on"),
        "idle": Text("现在没有在读卡", "no card is being read in now"),
    }
)
PULLED = Text("{card} 拔得太早：还有 {left} 个文件没读", "{card} pulled too early: {left} files are not read")
PULLED_UNKNOWN = Text("{card} 拔得太早，没有读完", "{card} was pulled before it was read in")
PULLED_NEXT = Text(
    "插回去会接着读；读完之前不要格式化",
    "Put it in again and it goes on; do not format it before",
)
NOT_COPIED = Text("{card} 没有读进来：{message}", "{card} was not read in: {message}")
