"""Texts of the rehearsal."""

from fieldkit.words.text import Text

PLAYING = Text("演练中 {done}/{total}", "rehearsing {done}/{total}")
KEPT = Text(
    "演练数据留在 {home}，口令：{passphrase}", "The rehearsal is kept at {home}, its passphrase: {passphrase}"
)
KEPT_OWN = Text("演练数据留在 {home}", "The rehearsal is kept at {home}")
DONE = Text(
    "{people} 人，{frames} 张：已对应 {linked}，待审 {review}，废片 {spare}，对错 {wrong}；交付 {delivered}",
    "{people} people, {frames} frames: {linked} linked, {review} for review, {spare} spare, {wrong} wrong; "
    "{delivered} delivered",
)
