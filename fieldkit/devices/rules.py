"""The rules an administrator installs once, so that the crew's user may use the readers."""

from pathlib import Path

POLKIT_RULE_PATH = Path("/etc/polkit-1/rules.d/50-fieldkit.rules")
UDEV_RULE_PATH = Path("/etc/udev/rules.d/70-fieldkit.rules")

UDEV_RULE = 'SUBSYSTEM=="usb", ATTR{idVendor}=="0400", ATTR{idProduct}=="c35a", TAG+="uaccess"\n'


def polkit_rule(user: str) -> str:
    """Give the rule that lets one user reach the card service from any session, also over SSH.

    The service asks for two actions: to open it, and to reach a card (pcsc-lite's polkit policy).
    """
    name = user.replace("\\", "\\\\").replace('"', '\\"')
    return f"""polkit.addRule(function (action, subject) {{
    var ours = ["org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"];
    if (ours.indexOf(action.id) >= 0 && subject.user == "{name}") {{
        return polkit.Result.YES;
    }}
}});
"""
