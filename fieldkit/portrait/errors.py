"""What can be wrong with a photo or with the profile it is judged by."""

from fieldkit.errors import CannotWork, InputProblem
from fieldkit.words import Lang, Text


class PictureUnreadable(InputProblem):
    """The bytes are no JPEG that can be decoded to its end."""

    message = Text("照片读不出：文件不完整或不是 JPEG", "Not a readable JPEG, or cut short")
    hint = Text(
        "从相机卡重新读取；仍读不出就补拍一张",
        "Read it again from the card; if it stays unreadable, take another",
    )


class PictureTooLarge(InputProblem):
    """The picture claims more pixels than any camera has."""

    message = Text("照片太大：{width}×{height} 像素", "The picture is too large: {width}×{height} pixels")
    hint = Text(
        "只接受相机直出的照片，不超过 {limit} 百万像素",
        "Use the camera's own file, of {limit} megapixels at most",
    )


class NoFaceToCrop(InputProblem):
    """A delivery crop was asked for of a picture in which no face was found."""

    message = Text("照片里没有找到人脸，无法裁切", "No face was found, so there is nothing to crop")
    hint = Text("换一张照片，或补拍", "Choose another frame, or take a new one")


class ProfileNotFound(InputProblem):
    """There is no profile of that name."""

    message = Text("没有这个照片规格：{typed}", "There is no portrait profile {typed}")
    hint = Text("可用的规格：{known}；也可以给出一个 .toml 文件", "Known: {known}; or give a .toml file")


class ProfileUnreadable(InputProblem):
    """The profile file cannot be read or is no TOML."""

    message = Text("照片规格文件读不出：{path}", "The profile file cannot be read: {path}")
    hint = Text(
        "它应是 UTF-8 编码的 TOML 文件；出错处：{where}",
        "It must be a TOML file in UTF-8; the fault: {where}",
    )


class ProfileKeyMissing(InputProblem):
    """A profile lacks a key it needs."""

    message = Text("照片规格 {path} 缺少 {key}", "The profile {path} lacks {key}")
    hint = Text("加上一行，例如：{key} = {example}", "Add a line such as: {key} = {example}")


class ProfileKeyUnknown(InputProblem):
    """A profile has a key that means nothing."""

    message = Text("照片规格 {path} 里不认识 {key}", "The profile {path} has an unknown key {key}")
    hint = Text("可用的键：{known}", "The keys are: {known}")


class ProfileValueWrong(InputProblem):
    """A key of a profile holds a value that cannot be."""

    message = Text("照片规格 {path} 的 {key} 不对", "The profile {path} has a wrong {key}")
    hint = Text("应写：{wanted}，例如：{key} = {example}", "Write {wanted}: {key} = {example}")

    def next_step(self, lang: Lang) -> str:
        """Say what the value must be, in the same language as the rest."""
        wanted = self.fields["wanted"]
        said = wanted.say(lang) if isinstance(wanted, Text) else wanted
        return self.hint.say(lang, **{**self.fields, "wanted": said})


class JudgeTimedOut(CannotWork):
    """Judging a photo did not come to an end, in a process of its own either."""

    message = Text("照片检查没有结果：这张照片太费时", "The photo could not be checked: it took too long")
    hint = Text(
        "照片已经保存；在别的电脑上打开看一眼，打不开就补拍",
        "The photo is safe; look at it on another computer, and take another if it does not open",
    )


class JudgeStopped(CannotWork):
    """The process that judges photos died twice over the same photo, or was closed."""

    message = Text("照片检查程序停止了", "The photo check has stopped")
    hint = Text(
        "照片已经保存；稍后会再检查，或重新打开程序",
        "The photo is safe; it is checked again later, or after the program is opened again",
    )
