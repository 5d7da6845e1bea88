"""A photo whose judging never ends: noted as such, and not tried again."""

import threading

from fieldkit.ledger.read.frames import portraits
from fieldkit.portrait import worker
from fieldkit.portrait.worker import Judge
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.studio.judging import judge_frames, unjudged
from fieldkit.studio.reading import read_in
from fieldkit.words.portrait import REASONS
from tests.conftest import MORNING

SIZES = {1: (240, 320), 2: (320, 240)}


def _hang_on_the_second(jpeg, profile):
    from io import BytesIO

    from PIL import Image

    if Image.open(BytesIO(jpeg)).size == SIZES[2]:
        threading.Event().wait()
    return worker_judge(jpeg, profile)


def worker_judge(jpeg, profile):
    from fieldkit.portrait.quality import judge

    return judge(jpeg, profile)


def test_it_is_noted_as_not_judged_counts_as_before_and_is_not_tried_for_ever(kit, tmp_path, monkeypatch):
    for number, size in SIZES.items():
        file = tmp_path / "card" / "DCIM" / "100CANON" / f"IMG_000{number}.JPG"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(camera_jpeg(1, number, shot=MORNING, body="B1", number=number, size=size))
    visit = kit.require_visit()
    read_in(kit.home, visit, tmp_path / "card", settle_seconds=0)
    monkeypatch.setattr(worker, "_judge", _hang_on_the_second)

    with Judge(photo_s=2.0) as judges:
        assert judge_frames(kit.home, visit, judges, kit.profile()) == 2

    first, second = portraits(kit.store, visit.key).values()
    assert "too-slow" not in first.reasons
    assert (second.faces, second.verdict, second.reasons) == (None, "doubtful", ("too-slow",))
    assert REASONS["too-slow"].zh != REASONS["too-slow"].en
    assert unjudged(kit.home, visit) == []
