"""Texts of all that is known of one person, as ``fieldkit person`` shows it."""

from fieldkit.words.line import ACTS
from fieldkit.words.text import Text

FIELDS = {
    "person": Text("人员代号", "key"),
    "origin": Text("来源", "origin"),
    "name": Text("姓名", "name"),
    "student_no": Text("学号", "student number"),
    "id_number": Text("身份证号", "ID number"),
    "sex": Text("性别", "sex"),
    "class": Text("班级", "class"),
    "major": Text("专业", "major"),
    "college": Text("学院", "college"),
    "exam_no": Text("考生号", "exam number"),
    "capture_code": Text("采集码", "capture code"),
    "number": Text("拍摄序号", "sequence number"),
    "reason": Text("未拍原因", "reason"),
}
ORIGINS = {
    "roster": Text("名册", "roster"),
    "walk-in": Text("临时人员", "walk-in"),
    "capture-code": Text("采集码", "capture code"),
}
EVENTS = {
    **ACTS,
    "roster.people": Text("名册导入", "roster import"),
    "portrait.judged": Text("检查照片", "photo judged"),
    "batch.sealed": Text("封存", "sealed"),
    "delivery.made": Text("交付", "delivered"),
    "undo": Text("撤销", "undo"),
}
STATUSES = {
    "linked": Text("已对应", "linked"),
    "review": Text("待审", "review"),
    "spare": Text("废片", "spare"),
}
FACT = Text("{name}：{value}", "{name}: {value}")
UNDONE = Text("（已撤销）", " (undone)")
