"""Words of what is plugged in; error texts stand on their classes."""

from typing import Final

from fieldkit.words.text import Text

READERS: Final = Text("读卡器", "Readers")
PORTS: Final = Text("串口", "Serial ports")
CAMERAS: Final = Text("相机", "Cameras")
VOLUMES: Final = Text("存储卡", "Card volumes")
PROBLEMS: Final = Text("问题", "Problems")
NOTHING: Final = Text("（无）", "(none)")

READER_LINE: Final = Text("{reader}", "{reader}")
READER_WITH_CARD_LINE: Final = Text("{reader}（有卡）", "{reader} (a card lies on it)")
PORT_LINE: Final = Text("{port}  {maker}", "{port}  {maker}")
VOLUME_LINE: Final = Text("{path}  {label}  {frames} 张照片", "{path}  {label}  {frames} frames")
UNMOUNTED_LINE: Final = Text(
    "{device}  {label}  未挂载，请在文件管理器中打开",
    "{device}  {label}  not mounted: open it in the file manager",
)
PROBLEM_LINE: Final = Text("{device}：{message}。{hint}", "{device}: {message}. {hint}")

FOLLOWING: Final = Text("正在监听设备，按 Ctrl+C 结束", "Listening to devices; Ctrl+C ends it")
CAMERA_CAME: Final = Text("接上相机：{camera}", "Camera connected: {camera}")
CAMERA_WENT: Final = Text("断开相机：{camera}", "Camera disconnected: {camera}")
NOT_READ: Final = Text("{reader}：{message}。{hint}", "{reader}: {message}. {hint}")
