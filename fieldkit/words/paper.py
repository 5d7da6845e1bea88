"""Texts of reconciliation, sign-off, delivery, forms and corrections."""

from fieldkit.words.text import Text

# Why somebody of a batch has no accepted photo.
REASONS = {
    "absent": Text("未到", "did not come"),
    "left": Text("签到后离开", "left the line"),
    "no-frame": Text("已签到，无照片", "checked in, no photo"),
    "review": Text("照片归属待确认", "photo under review"),
    "rejected": Text("照片不合格", "photo not accepted"),
    "unjudged": Text("照片尚未检查", "photo not judged yet"),
}

# Why a photo that counts is not delivered.
LEFT_OUT = {
    "no-face": Text("照片里没有找到人脸", "no face found in the photo"),
    "unreadable": Text("照片读不出", "the photo cannot be read"),
    "too-slow": Text(
        "裁切太费时，没有结果：换一张照片，或补拍",
        "cropping took too long: choose another frame, or take the photo again",
    ),
    "stopped": Text(
        "裁切程序停止了，没有结果：再交付一次，还不行就换一张照片或补拍",
        "cropping stopped: deliver again; if it stops again, choose another frame or take the photo again",
    ),
    "closed": Text("本机打不开原图", "the original cannot be opened on this laptop"),
    "no-name": Text("缺少命名所需的号码", "no number to name the file by"),
    "same-name": Text("文件名与他人相同", "somebody else's file has the same name"),
    "in-the-way": Text("该位置有别的文件", "another file is in the way"),
    "other-batch": Text("其他批次，本次未交付", "another batch, not delivered yet"),
}
LIMITS_BROKEN = Text("不符合规格：{limits}", "breaks limits: {limits}")
LIMIT_NAMES = {
    "size": Text("尺寸", "size"),
    "mode": Text("颜色模式", "colour mode"),
    "dpi": Text("分辨率", "resolution"),
    "bytes-low": Text("文件太小", "file too small"),
    "bytes-high": Text("文件太大", "file too large"),
    "quality": Text("压缩质量", "JPEG quality"),
    "baseline": Text("编码方式", "coding"),
    "metadata": Text("附带信息", "metadata"),
    "orientation": Text("方向", "orientation"),
    "complete": Text("文件不完整", "incomplete file"),
    "background": Text("背景色", "background"),
    "hairline": Text("头顶位置", "hairline"),
    "eyes": Text("眼睛位置", "eyes"),
    "face-width": Text("脸宽", "face width"),
    "centred": Text("左右居中", "centring"),
    "enlarged": Text("放大过度", "enlarged"),
}

NO_BATCH = Text("（无班级）", "(no class)")
BATCH_LINE = Text(
    "{batch}：应拍 {due}，已拍 {taken}，未拍 {missing}，临时 {walk_ins}，待确认 {review}{sealed}",
    "{batch}: due {due}, taken {taken}, not taken {missing}, walk-ins {walk_ins}, review {review}{sealed}",
)
TOTAL = Text("合计", "Total")
SEALED_MARK = Text("，已封存", ", sealed")
PERSON_LINE = Text("  {name} {student_no}  {reason}", "  {name} {student_no}  {reason}")
SEALED = Text(
    "已封存 {batch}：{frames} 张，已拍 {taken}，临时 {walk_ins}",
    "sealed {batch}: {frames} frames, taken {taken}, walk-ins {walk_ins}",
)
OPEN_REVIEW = Text(
    "{batch}：{count} 张照片待确认，没有封存", "{batch}: {count} frames under review, not sealed"
)

CROPPING = Text("裁切 {done}/{total}", "cropping {done}/{total}")
DELIVERED = Text(
    "新交付 {delivered}，未变 {unchanged}，未交付 {left_out}",
    "delivered {delivered}, unchanged {unchanged}, left out {left_out}",
)
PRINTED = Text("已写出 {file}", "wrote {file}")
CORRECTED = Text("已勘误 {field}：{old} → {new}", "corrected {field}: {old} → {new}")
NOTHING = Text("（空）", "(empty)")

FAULTS = {
    "empty": Text("不能为空", "it may not be empty"),
    "sex": Text("请写 男 或 女", "write 男 or 女"),
    "long": Text("太长", "it is too long"),
}
