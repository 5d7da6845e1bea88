"""What is set on this laptop, and whether the ports that are named are there."""

from collections.abc import Iterable
from pathlib import Path

from fieldkit.doctor.finding import Finding
from fieldkit.settings import Settings, read_settings
from fieldkit.text import one_line
from fieldkit.words import Text
from fieldkit.words import settings as words


def settings(folder: Path) -> Iterable[Finding]:
    """Tell the settings of a home; what was passed over in their file is told, never fatal."""
    found, problems = read_settings(folder)
    if not problems:
        yield Finding("settings", words.SETTINGS, "ok", summary(found))
    for problem in problems:
        fields = {"key": one_line(problem.key)[:40]}
        yield Finding(
            "settings", words.SETTINGS, "warning", words.PROBLEMS[problem.kind], words.PROBLEM_HINT, fields
        )
    for name, what, port in (
        ("sam-port", words.SAM_PORT, found.sam_port),
        ("scanner-port", words.SCANNER_PORT, found.scanner_port),
    ):
        if port:
            there = Path(port).exists()
            text, step = (words.PORT, None) if there else (words.PORT_GONE, words.PORT_HINT)
            yield Finding(name, what, "ok" if there else "warning", text, step, {"port": one_line(port)})


def summary(found: Settings) -> Text:
    """Say what is set apart from the ports."""
    parts = (
        words.LANGUAGES[found.language],
        words.SOUND_IS[found.sound],
        words.END_KEY_IS[found.scanner_end_key],
    )
    return Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))
