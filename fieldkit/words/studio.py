"""Texts of judging and of links on the command line."""

from fieldkit.words.text import Text

JUDGING = Text("检查照片 {done}/{total}", "judging {done}/{total}")
UNREAD = Text("中途停止，还有 {count} 个文件未读", "stopped: {count} files were not read")
LINKED = Text("{frame} 现在属于 {name}", "{frame} is now {name}'s")
UNLINKED = Text("{frame} 不属于任何人", "{frame} is nobody's")
SWAPPED = Text("已对调 {count} 张", "{count} frames exchanged")
LINE_PROBLEM = Text("第 {line} 行：{reason}", "line {line}: {reason}")
MORE_SKIPPED = Text("另有 {count} 行也已跳过：{lines}", "{count} more lines were skipped: {lines}")
MORE_ODD = Text("另有 {count} 行也有异常但已使用：{lines}", "{count} more lines are odd, but used: {lines}")
