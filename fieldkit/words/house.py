"""Texts about the home, visits, rosters and the ledger on the command line."""

from fieldkit.words.text import Text

HOME_MADE = Text("已建立机位 {letter}：{home}", "Station {letter} is ready at {home}")
ESCROW = Text(
    "托管密钥，请抄写或打印两份，存放在别处；它不保存在本机，丢失口令时只有它能打开数据：",
    "Escrow key. Write it down or print it twice and keep it elsewhere: it is not kept on this laptop, "
    "and nothing else opens the data when the passphrase is lost:",
)
WEAK_PASSPHRASE = Text(
    "口令少于 8 个字符，容易被猜中", "The passphrase has fewer than 8 characters and is easily guessed"
)
VISIT_OPENED = Text("场次已打开：{name}（{school}）", "Visit {name} ({school}) is open")
VISIT_LINE = Text(
    "{mark} {name}  {school}  {people} 人  已拍 {taken}",
    "{mark} {name}  {school}  {people} people  {taken} taken",
)
NO_VISITS = Text("还没有场次", "There are no visits yet")
LEDGER_SOUND = Text(
    "账本完好：{events} 个事件，{blobs} 份原图", "The ledger is sound: {events} events, {blobs} originals"
)
LEDGER_WRONG = Text("账本有问题：", "The ledger has problems:")
BLOB_MISSING = Text("原图缺失 {blob}", "original missing {blob}")
BLOB_CHANGED = Text("原图被改动 {blob}", "original changed {blob}")
BLOB_UNKNOWN = Text("多出的原图 {blob}", "original without an event {blob}")

ROSTER_LINE = Text("第 {row} 行 {column}：{message}", "row {row} {column}: {message}")
ROSTER_FIGURES = Text(
    "{rows} 行，可用 {accepted} 行，{problems} 个问题", "{rows} rows, {accepted} usable, {problems} problems"
)
ROSTER_REFUSED = Text(
    "没有导入：先改正错误，或加 --accept-valid 跳过错误的行",
    "Nothing was imported: mend the errors, or leave their rows out with --accept-valid",
)
ROSTER_TAKEN = Text(
    "已导入：新增 {added}，更改 {changed}，未变 {unchanged}，名册中已没有 {missing}",
    "Imported: {added} added, {changed} changed, {unchanged} unchanged, {missing} no longer found",
)
NO_LONGER_FOUND = Text("名册中已没有：{name} {student_no}", "no longer found: {name} {student_no}")
TIMETABLE_TAKEN = Text("时间安排表已导入：{slots} 个批次", "The timetable is imported: {slots} batches")
TIMETABLE_EMPTY = Text("还没有时间安排表", "There is no timetable yet")
