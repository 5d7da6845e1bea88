"""A made-up school: invented names, numbers that no real person can have."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from fieldkit.model import RosterEntry
from fieldkit.roster.documents import check_character

SCHOOL = "演练大学"
VISIT = "演练"
# No county has this code, so that no such number was ever given to anybody.
_NOWHERE = "119999"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鑫波斌宇浩凯健俊帆婷雪琳晨旭阳欣怡佳宁"
_MINORITY = ("买买提·艾力江", "阿依古丽·吐尔逊", "扎西·多吉")
_CLASSES = (
    ("计算机2201", "计算机科学与技术", "信息工程学院"),
    ("软件2203", "软件工程", "信息工程学院"),
    ("护理2202", "护理学", "医药学院"),
    ("学前2201", "学前教育", "教师教育学院"),
)
_CLASS_SIZE = 45


def make_school(people: int, rng: Random) -> list[RosterEntry]:
    """Invent the roster of a school, class by class."""
    return [_student(place, rng) for place in range(people)]


def make_walk_in() -> RosterEntry:
    """Invent somebody who comes without being on the roster and shows an ID card."""
    return RosterEntry(name="临时同学", id_number=_id_number(date(2002, 2, 2), 1), sex="男")


def classes(entries: Sequence[RosterEntry]) -> list[str]:
    """Name the classes of a roster in order."""
    return list(dict.fromkeys(entry.class_name for entry in entries))


def _student(place: int, rng: Random) -> RosterEntry:
    group, seat = divmod(place, _CLASS_SIZE)
    name, major, college = _CLASSES[group % len(_CLASSES)]
    if group >= len(_CLASSES):
        name = f"{name}-{group // len(_CLASSES) + 1}"
    born = date(2000, 9, 1) + timedelta(days=rng.randrange(1000))
    man = rng.random() < 0.5
    sequence = rng.randrange(0, 500) * 2 + man
    return RosterEntry(
        name=_name(place, rng),
        student_no=f"2022{group + 1:03d}{seat + 1:03d}",
        id_number=_id_number(born, sequence),
        sex="男" if man else "女",
        class_name=name,
        major=major,
        college=college,
        school=SCHOOL,
        exam_no=f"22{place + 1:012d}",
        year="2026",
    )


def _id_number(born: date, sequence: int) -> str:
    first_17 = f"{_NOWHERE}{born:%Y%m%d}{sequence:03d}"
    return first_17 + check_character(first_17)


def _name(place: int, rng: Random) -> str:
    if place % 50 == 17:
        return _MINORITY[place // 50 % len(_MINORITY)]
    given = "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))
    return rng.choice(_SURNAMES) + given
