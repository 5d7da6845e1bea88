"""Which frame of whom is delivered under which path, and who cannot be: pure, from a day."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from fieldkit.ledger.events import canonical_json
from fieldkit.ledger.read.frames import FileRow
from fieldkit.model import Person
from fieldkit.paper.day import Day, LinkedFrame
from fieldkit.paper.naming import safe_name, same_place
from fieldkit.paper.reconcile import Standing, standings
from fieldkit.portrait.profile import Profile, delivery_name
from fieldkit.roster.names import is_masked
from fieldkit.words import Lang
from fieldkit.words import paper as words

CLASSLESS = "未分班"
LIMITS = "limits: "
ENDING = ".jpg"


@dataclass(frozen=True, slots=True)
class Choice:
    """A frame that may be delivered; ``crop`` names what it gives under the profile."""

    frame: str
    file: str
    ct_sha256: str
    crop: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody whose photo is due for delivery, the best frame first; ``path`` counts from the folder."""

    standing: Standing
    path: str
    choices: tuple[Choice, ...]

    @property
    def person(self) -> Person:
        """Give whose photo it is."""
        return self.standing.person


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody of whom there is no file, and why, as a code or as it was noted."""

    standing: Standing
    reason: str

    def say(self, lang: Lang) -> str:
        """Say the reason in words."""
        if not self.standing.taken and self.reason == self.standing.reason:
            return self.standing.say(lang)
        if self.reason in words.LEFT_OUT:
            return words.LEFT_OUT[self.reason].say(lang)
        limits = self.reason.removeprefix(LIMITS).split(", ")
        between = "、" if lang == "zh" else ", "
        named = between.join(words.LIMIT_NAMES[limit].say(lang) for limit in limits)
        return words.LIMITS_BROKEN.say(lang, limits=named)

    def row(self) -> dict[str, str]:
        """Give the JSON object of ``fieldkit deliver``."""
        return {"person": self.standing.person.key, "reason": self.reason}


def plan(
    day: Day,
    files: Iterable[FileRow],
    profile: Profile,
    school: str,
    before: Mapping[str, str],
) -> tuple[list[Wanted], list[LeftOut]]:
    """Work out what is to be delivered of everybody who is due.

    ``before`` gives the path under which people were delivered last. Of people whose files would have
    one name nobody is delivered, save one who alone had it before: a number that two people have names
    neither of them. A sealed frame comes before one that arrived later.
    """
    jpegs = {file.frame: file for file in files if file.kind == "jpeg"}
    places = {linked.frame.frame: place for place, linked in enumerate(day.links)}
    numbers = day.numbers()
    made_with = profile_key(profile)
    wanted, left = [], []
    for standing in standings(day):
        if not standing.taken:
            left.append(LeftOut(standing, standing.reason))
            continue
        name = delivery_name(profile, _name_fields(standing.person, numbers))
        if not name:
            left.append(LeftOut(standing, "no-name"))
            continue
        folder = standing.person.entry.class_name or CLASSLESS
        path = f"{safe_name(school)}/{safe_name(folder)}/{safe_name(name)}{ENDING}"
        ranked = sorted(standing.accepted, key=lambda one: _rank(day, places, one), reverse=True)
        choices = tuple(
            Choice(
                one.frame.frame,
                one.frame.file,
                jpegs[one.frame.frame].ct_sha256,
                crop_key(jpegs[one.frame.frame].pt_sha256, made_with),
                day.accepted.get(one.frame.frame, False),
            )
            for one in ranked
            if one.frame.frame in jpegs
        )
        wanted.append(Wanted(standing, path, choices))
    return _apart(wanted, left, before)


def profile_key(profile: Profile) -> str:
    """Give what of a profile changes the picture, as one text."""
    return canonical_json({name: value for name, value in asdict(profile).items() if name != "names"})


def crop_key(pt_sha256: str, made_with: str) -> str:
    """Name the crop that an original gives under a profile."""
    return hashlib.sha256(f"{pt_sha256}\n{made_with}".encode()).hexdigest()


def _rank(day: Day, places: Mapping[str, int], one: LinkedFrame) -> tuple[bool, bool, bool, str, int]:
    name = one.frame.frame
    portrait = day.portraits.get(name)
    return (
        day.accepted.get(name, False),
        one.link.sealed,
        portrait is not None and portrait.verdict == "good",
        one.frame.at.date().isoformat(),
        places[name],
    )


def _name_fields(person: Person, numbers: Mapping[str, str]) -> dict[str, str]:
    entry = person.entry
    fields = {"sfzh": entry.id_number, "xh": entry.student_no, "ksh": entry.exam_no}
    # A struck-out number names nobody.
    fields = {name: "" if is_masked(value) else value for name, value in fields.items()}
    return fields | {"seq": numbers.get(person.key, ""), "code": entry.capture_code}


def _apart(
    wanted: Sequence[Wanted], left: list[LeftOut], before: Mapping[str, str]
) -> tuple[list[Wanted], list[LeftOut]]:
    by_place: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_place.setdefault(same_place(one.path), []).append(one)
    kept = []
    for one in wanted:
        rivals = by_place[same_place(one.path)]
        had = [rival for rival in rivals if before.get(rival.person.key) == rival.path]
        if len(rivals) == 1 or had == [one]:
            kept.append(one)
        else:
            left.append(LeftOut(one.standing, "same-name"))
    return kept, left
