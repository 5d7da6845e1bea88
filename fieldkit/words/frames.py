"""Words of the card room: why a file was not taken, and where a card's files are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fieldkit.words.text import Text

REASONS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "gone": Text("读取时文件已不在", "the file went away while it was read"),
        "card-gone": Text("存储卡已拔出", "the card was taken out"),
        "no-permission": Text("没有读取权限", "no permission to read it"),
        "read-error": Text("存储卡读取出错", "the card could not be read"),
        "damaged": Text("内容不是完好的照片", "its content is not a sound photo"),
        "bad-name": Text("文件名无法识别", "its name cannot be read"),
        "incomplete": Text("没有写完，写完会再读", "not complete; it is read once it is"),
        "empty": Text("文件是空的，相机没有写完", "the file is empty, the camera never finished it"),
        "held": Text("像是别的场次的卡，等人决定是否读入", "perhaps not this visit's; waits for a word"),
        "refused": Text("不是本场次的卡，没有读入", "not this visit's, so it was not read in"),
        "cancelled": Text("已取消，尚未读入", "cancelled before it was read"),
        "not-verified": Text("已保存，尚未回读校验", "stored, not yet read back"),
        "no-second-copy": Text("另一处还没有副本", "no copy in a second place yet"),
    }
)

INGEST_DONE = Text(
    "共 {files} 个文件：新 {new}，已有 {known}，未写完 {incomplete}，失败 {failed}；{frames} 张照片",
    "{files} files: {new} new, {known} known, {incomplete} not complete, {failed} failed; {frames} frames",
)
CARD_MAY_FORMAT = Text("可以格式化：{card}", "May be formatted: {card}")
CARD_KEEP = Text(
    "不要格式化：{card}（{left} 个文件还不安全）",
    "Do not format: {card} ({left} files are not safe yet)",
)
CARD_FILE_LEFT = Text("{file}：{reason}", "{file}: {reason}")
