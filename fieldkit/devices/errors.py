"""What goes wrong with devices, and what to do next."""

from fieldkit.errors import CannotWork, InputProblem
from fieldkit.words import Text


class ChipUnreadable(InputProblem):
    """The 256 bytes of a chip do not make a document."""

    message = Text("证件芯片内容无法识别", "The card's chip does not hold a document we know")
    hint = Text("拿起证件重新放；仍不行就输入号码", "Lift the card and place it again, or type it")


class NotASamReply(InputProblem):
    """A reader's answer to the read command has no text in it."""

    message = Text("读卡器的应答不完整", "The reader's answer is not complete")
    hint = Text("拿起证件重新放", "Lift the card and place it again")


class CardGone(InputProblem):
    """The card left the field before it was read."""

    message = Text("证件拿开太早，没有读完", "The card was taken away before it was read")
    hint = Text("请再放一次，等到提示音", "Place it again and wait for the sound")


class CardSilent(InputProblem):
    """There is a card, and it does not answer."""

    message = Text("卡片没有应答", "The card does not answer")
    hint = Text("翻面或换个位置再放；消磁的卡请输入号码", "Turn it over and try again, or type the number")


class CardUnusable(InputProblem):
    """The card answers but has nothing that names it for good."""

    message = Text("这张卡没有固定的编号", "This card has no lasting number of its own")
    hint = Text("换一张证件，或输入号码", "Use another document, or type the number")


class CardBusy(InputProblem):
    """Another program holds the card."""

    message = Text("另一个程序占用着这张卡", "Another program is using this card")
    hint = Text("关闭其它读卡软件，再放一次", "Close other card programs and place it again")


class ReadersRefused(CannotWork):
    """The card service runs and drops us: polkit allows only the active local session."""

    message = Text("读卡服务拒绝了本程序（polkit 权限）", "The card service refuses this program (polkit)")
    hint = Text(
        "请管理员安装规则 /etc/polkit-1/rules.d/50-fieldkit.rules，允许 "
        "org.debian.pcsc-lite.access_pcsc 和 org.debian.pcsc-lite.access_card，然后重新登录",
        "Ask the administrator for /etc/polkit-1/rules.d/50-fieldkit.rules that allows "
        "org.debian.pcsc-lite.access_pcsc and org.debian.pcsc-lite.access_card, then log in again",
    )


class ReadersUnavailable(CannotWork):
    """The library that talks to the card service is not installed."""

    message = Text("缺少 libpcsclite，读卡器不可用", "libpcsclite is missing: no card reader can work")
    hint = Text("运行 sudo apt install pcscd libpcsclite1", "Run sudo apt install pcscd libpcsclite1")


class ReaderServiceGone(CannotWork):
    """No card service answers on this machine."""

    message = Text("读卡服务 pcscd 没有运行", "pcscd is not running")
    hint = Text("运行 sudo systemctl start pcscd.socket", "Run sudo systemctl start pcscd.socket")


class ReaderSilent(CannotWork):
    """The port is open and nothing on it answers as a SAM reader does."""

    message = Text("串口上的读卡器没有应答", "The reader on the serial port does not answer")
    hint = Text("检查电源和连线，再拔插一次", "Check its power and cable, then plug it in again")


class PortClosed(CannotWork):
    """The serial port cannot be opened, or went away."""

    message = Text("串口打不开或已拔出", "The serial port cannot be opened, or was unplugged")
    hint = Text(
        "插好读卡器；仍不行就把用户加入 dialout 组",
        "Plug the reader in; if that is not it, add the user to the group dialout",
    )


class UsbRefused(CannotWork):
    """The USB reader is there and this user may not open it."""

    message = Text("没有权限打开 USB 身份证读卡器", "This user may not open the USB card reader")
    hint = Text(
        'udev 规则：SUBSYSTEM=="usb", ATTR{idVendor}=="0400", ATTR{idProduct}=="c35a", '
        'TAG+="uaccess"，装好后重新插上',
        'Add the udev rule SUBSYSTEM=="usb", ATTR{idVendor}=="0400", '
        'ATTR{idProduct}=="c35a", TAG+="uaccess" and plug it in again',
    )


class UsbGone(CannotWork):
    """The USB reader was unplugged or stopped answering."""

    message = Text("USB 身份证读卡器断开了", "The USB card reader is gone")
    hint = Text("重新插上读卡器", "Plug the reader in again")


class UsbUnavailable(CannotWork):
    """libusb is not installed."""

    message = Text("缺少 libusb，USB 读卡器不可用", "libusb is missing: no USB card reader can work")
    hint = Text("运行 sudo apt install libusb-1.0-0", "Run sudo apt install libusb-1.0-0")


class UdevUnavailable(CannotWork):
    """udev cannot be listened to on this machine."""

    message = Text("无法监听设备插拔 (udev)", "Plugging cannot be observed (udev)")
    hint = Text("检查 systemd-udevd 是否运行", "Check that systemd-udevd is running")


class LoopBroke(CannotWork):
    """A device loop met something nobody foresaw; it is started again by itself."""

    message = Text("设备程序出错，正在自动重启", "A device loop failed and is being restarted")
    hint = Text("若反复出现，请重新插拔该设备", "If it keeps happening, plug the device in again")
