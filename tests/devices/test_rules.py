"""The rules an administrator installs name what the hints name."""

from fieldkit.devices.errors import ReadersRefused, UsbRefused
from fieldkit.devices.rules import POLKIT_RULE_PATH, UDEV_RULE, polkit_rule


def test_the_polkit_rule_allows_both_actions_to_one_user():
    rule = polkit_rule('o"brien')

    assert 'subject.user == "o\\"brien"' in rule
    for action in ("org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"):
        assert action in rule
        assert action in ReadersRefused.hint.zh
        assert action in ReadersRefused.hint.en
    assert str(POLKIT_RULE_PATH) in ReadersRefused.hint.zh


def test_the_udev_rule_is_the_one_the_hint_shows():
    for part in UDEV_RULE.strip().split(", "):
        assert part in UsbRefused.hint.en
        assert part in UsbRefused.hint.zh
