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
