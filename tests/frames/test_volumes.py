import os

from fieldkit.frames.volumes import card_at, card_name, mount_of, read_mounts, volume_uuids

MOUNTS = r"""
22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
80 22 8:17 / /media/crew/EOS\040DIGITAL ro,nosuid shared:2 - vfat /dev/sdb1 ro,utf8
81 22 0:44 / /run/user/1000 rw - tmpfs tmpfs rw
82 22 8:33 /sub /srv/bound rw - ext4 /dev/sdc1 rw
not a line
"""
UUIDS = {"/dev/sda2": "11111111-2222", "/dev/sdb1": "ABCD-1234", "/dev/sdc1": "33-44"}


def name(path, mounts=MOUNTS, uuids=UUIDS):
    return card_name(path, read_mounts(mounts), uuids)


def test_the_deepest_mount_counts():
    mounts = read_mounts(MOUNTS)

    assert mount_of("/media/crew/EOS DIGITAL/DCIM", mounts).source == "/dev/sdb1"
    assert mount_of("/media/crew/EOS DIGITALS", mounts).source == "/dev/sda2"


def test_a_card_is_named_by_its_volume_wherever_it_is_mounted():
    elsewhere = MOUNTS.replace(r"/media/crew/EOS\040DIGITAL", "/mnt/card")

    assert name("/media/crew/EOS DIGITAL") == name("/mnt/card", elsewhere) == "vol-abcd-1234"


def test_folders_of_one_disk_are_different_cards():
    assert len({name(f"/home/crew/{day}") for day in ("a", "b")} | {name("/home/crew")}) == 3
    assert name("/srv/bound") != name("/srv/bound/x")


def test_a_folder_inside_a_volume_keeps_its_name_after_a_remount():
    elsewhere = MOUNTS.replace(r"/media/crew/EOS\040DIGITAL", "/mnt/card")

    assert name("/media/crew/EOS DIGITAL/x") == name("/mnt/card/x", elsewhere)


def test_without_a_uuid_the_path_names_it_and_is_not_told():
    assert name("/run/user/1000/张三") == name("/run/user/1000/张三", "", {})
    assert "张三" not in name("/run/user/1000/张三")


def test_this_machine(tmp_path):
    assert card_at(tmp_path) == card_at(tmp_path / "." / ".." / tmp_path.name)
    assert card_at(tmp_path) != card_at(tmp_path.parent)


def test_links_of_udev_are_read(tmp_path):
    (tmp_path / "device").write_text("")
    (tmp_path / "by-uuid").mkdir()
    (tmp_path / "by-uuid" / "ABCD-1234").symlink_to("../device")

    assert volume_uuids(tmp_path / "by-uuid") == {os.path.realpath(tmp_path / "device"): "ABCD-1234"}
    assert volume_uuids(tmp_path / "none") == {}
