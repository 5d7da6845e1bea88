"""Texts of the settings: what there is to set, what is set, and what was wrong with their file."""

from fieldkit.words.text import Text

SETTINGS = Text("设置", "settings")
TITLE = Text("本机设置", "Settings of this laptop")
CHOOSE = Text("输入数字，回车更改；Esc 回自检", "type a number, Enter changes it; Esc goes back")
KEY_SETTINGS = Text("设置", "settings")
KEY_SETTINGS_HELP = Text(
    "更改语言、声音、串口读卡器和扫码枪", "change language, sound, serial reader and scanner"
)
SCANNED_HERE = Text("扫码枪在这里不起作用", "a scanner does nothing here")

LANGUAGE = Text("语言", "language")
SOUND = Text("声音", "sound")
SAM_PORT = Text("串口身份证读卡器", "serial ID reader")
SCANNER_PORT = Text("串口扫码枪", "serial scanner")
END_KEY = Text("键盘扫码枪", "typing scanner")

LANGUAGES = {
    "": Text("语言随系统", "the system's language"),
    "zh": Text("中文", "Chinese"),
    "en": Text("英文", "English"),
}
THIS_LANGUAGE = Text("中文", "English")
SOUND_IS = {True: Text("声音开", "sound on"), False: Text("声音关", "sound off")}
END_KEY_IS = {
    True: Text("扫码枪以回车或 Tab 结尾", "a scanner ends with Enter or Tab"),
    False: Text("扫码枪没有结束键", "a scanner sends no end key"),
}
NO_PORT = Text("没有", "none")
PORT = Text("{port}", "{port}")
PORT_GONE = Text("{port} 不在", "{port} is not there")
PORT_HINT = Text("插上它，或在自检屏按 s 另选", "Plug it in, or choose another: s in the check-up (F8)")

PORTS_TITLE = Text("选择串口", "Choose a port")
PORT_CHOOSE = Text("输入数字，或端口路径如 /dev/ttyUSB0", "type a number, or a port's path as /dev/ttyUSB0")
NOT_A_PORT = Text("请输入列出的数字，或以 / 开头的路径", "type a number that is listed, or a path from /")
PORT_TAKEN = Text("这个串口已用作另一种设备", "this port is set for the other device already")

PROBLEMS = {
    "unreadable": Text(
        "settings.toml 读不出，按默认设置工作", "settings.toml cannot be read; defaults are used"
    ),
    "unknown": Text("不认识的设置：{key}", "not known: {key}"),
    "wrong": Text("设置的值不对，用默认值：{key}", "not a usable value, the default is used: {key}"),
}
PROBLEM_HINT = Text(
    "在自检屏按 s 改一项就会重写；原文件留作 settings.toml.old",
    "Change one in the check-up (F8, s) to write it anew; the file stays as settings.toml.old",
)
