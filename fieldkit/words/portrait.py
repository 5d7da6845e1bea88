"""What is said of portraits, of delivery files and of the profiles they are judged by."""

from fieldkit.words.text import Text

VERDICTS = {
    "good": Text("合格", "good"),
    "doubtful": Text("请看一眼", "look at it"),
    "bad": Text("请重拍", "take it again"),
}

REASONS = {
    "unreadable": Text("照片读不出", "the picture cannot be read"),
    "too-slow": Text("检查没有结果：太费时", "not checked: it took too long"),
    "no-face": Text("没有找到人脸", "no face found"),
    "several-faces": Text("不止一张脸", "more than one face"),
    "too-small": Text("人脸太小", "the face is too small"),
    "off-centre": Text("人不在正中", "not in the centre"),
    "framing": Text("头部离边太近，裁切不出规定的位置", "too near the edge for the prescribed crop"),
    "tilted": Text("头歪了", "the head is tilted"),
    "blurred": Text("不清晰", "blurred"),
    "over-exposed": Text("过曝", "over-exposed"),
    "under-exposed": Text("欠曝", "under-exposed"),
    "uneven-light": Text("左右光线不匀", "uneven light left and right"),
    "colour-cast": Text("偏色", "a colour cast"),
    "background": Text("背景不合规定或不均匀", "the background is not as prescribed or not even"),
    "eyes-not-found": Text("没有看清眼睛：是否闭眼", "eyes not seen: were they closed?"),
}

LIMITS = {
    "size": Text("尺寸 {found}，应为 {wanted}", "size {found}, must be {wanted}"),
    "mode": Text("颜色 {found}，应为 {wanted}", "colour {found}, must be {wanted}"),
    "dpi": Text("分辨率 {found}，应为 {wanted}", "resolution {found}, must be {wanted}"),
    "bytes-low": Text("文件 {found} 字节，至少 {wanted}", "{found} bytes, at least {wanted}"),
    "bytes-high": Text("文件 {found} 字节，至多 {wanted}", "{found} bytes, at most {wanted}"),
    "quality": Text("压缩质量 {found}，至少 {wanted}", "JPEG quality {found}, at least {wanted}"),
    "baseline": Text("编码 {found}，应为 {wanted}", "coding {found}, must be {wanted}"),
    "metadata": Text("文件里有 {found}，应为 {wanted}", "the file holds {found}, must be {wanted}"),
    "orientation": Text("方向标记 {found}，应为 {wanted}", "orientation {found}, must be {wanted}"),
    "complete": Text("文件 {found}，应为 {wanted}", "the file is {found}, must be {wanted}"),
    "background": Text("背景色 {found}，应接近 {wanted}", "background {found}, must be near {wanted}"),
    "hairline": Text(
        "头顶距上边 {found} 像素，应为 {wanted}", "hair {found} px from the top, must be {wanted}"
    ),
    "eyes": Text("眼睛距上边 {found} 像素，应为 {wanted}", "eyes {found} px from the top, must be {wanted}"),
    "face-width": Text("脸宽 {found} 像素，应为 {wanted}", "face {found} px wide, must be {wanted}"),
    "centred": Text("左右偏离 {found} 像素，至多 {wanted}", "{found} px off centre, at most {wanted}"),
    "enlarged": Text("原图放大了 {found} 倍，至多 {wanted}", "enlarged {found} times, at most {wanted}"),
}

WHOLE_NUMBER = Text("{low} 到 {high} 的整数", "a whole number from {low} to {high}")
NUMBER_RANGE = Text(
    "两个整数 [最小, 最大]，在 {low} 到 {high} 之间",
    "two whole numbers [least, most] between {low} and {high}",
)
COLOURS = Text("至少一个颜色 [红, 绿, 蓝]，各 0 到 255", "one or more colours [red, green, blue], each 0–255")
NAME_TEMPLATES = Text(
    "至少一个文件名模板，可用 {{sfzh}} {{xh}} {{ksh}} {{seq}} {{code}}",
    "one or more file name templates of {{sfzh}} {{xh}} {{ksh}} {{seq}} {{code}}",
)
YES_OR_NO = Text("true 或 false", "true or false")
SOME_TEXT = Text("一个名称", "a name")
