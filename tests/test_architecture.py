"""The rules of the house that no linter knows."""

import ast
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

import fieldkit
from fieldkit.errors import FieldkitError
from fieldkit.words import Text

ROOT = Path(fieldkit.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
HEAVY = ["textual", "cv2", "numpy", "PIL", "smartcard", "pyudev", "usb", "sqlite_utils", "typst", "pypinyin"]


def _names():
    return sorted(
        module.name
        for module in pkgutil.walk_packages([str(ROOT)], "fieldkit.")
        if not module.name.endswith("__main__")
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_no_longer_than_can_be_read_at_once(path):
    most = 250 if path.parent.name == "screens" else 400

    assert len(path.read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize(
    "module",
    ["fieldkit.cli", "fieldkit.commands.parser", "fieldkit.model", "fieldkit.errors", "fieldkit.words"],
)
def test_what_every_start_imports_is_light(module):
    code = f"import sys, json, {module}; print(json.dumps([n for n in {HEAVY} if n in sys.modules]))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert json.loads(loaded) == []


def test_the_app_itself_loads_no_heavy_library_of_links_or_portraits():
    code = (
        "import sys, fieldkit.app, fieldkit.screens.align, fieldkit.screens.bridge, fieldkit.screens.doctor\n"
        "print([name for name in ('numpy', 'cv2', 'PIL') if name in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


def test_the_first_form_waits_for_nothing_that_only_the_desks_need():
    rooms = ("kit", "line", "links", "studio", "portrait", "roster", "screens.door", "screens.capture")
    code = f"import sys, fieldkit.app; print([n for n in {rooms} if f'fieldkit.{{n}}' in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


def test_rooms_below_the_screens_never_load_textual():
    rooms = [name for name in _names() if not re.match(r"fieldkit\.(app|screens|commands\.terminal)", name)]
    code = (
        "import importlib, sys, json\n"
        f"for name in {rooms}: importlib.import_module(name)\n"
        "print(json.dumps([n for n in ('textual',) if n in sys.modules]))"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert json.loads(loaded) == []


def test_importing_makes_no_file_no_thread_and_prints_nothing(tmp_path):
    code = (
        "import importlib, threading\n"
        f"for name in {_names()}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []


# A roster's column goes by its heading in Chinese and by its code in English; a sex by its own word.
_ALIKE = {frozenset(), frozenset({"heading", "column"}), frozenset({"sex_zh", "sex_en"})}


def _leaves(kind=FieldkitError):
    for child in kind.__subclasses__():
        yield from _leaves(child) if child.__subclasses__() else [child]


def _places(template):
    return frozenset(name.partition(".")[0] for _, name, _, _ in Formatter().parse(template) if name)


def test_every_error_says_what_happened_and_what_to_do_in_both_languages():
    import importlib

    for name in _names():
        importlib.import_module(name)
    leaves = [leaf for leaf in _leaves() if leaf.__module__.startswith("fieldkit.")]

    assert len(leaves) > 30
    for leaf in leaves:
        assert leaf.exit_code in {1, 2, 3}
        for text in (leaf.message, leaf.hint):
            assert text.zh, leaf
            assert text.en, leaf
            assert _places(text.zh) == _places(text.en), leaf


def test_every_text_has_the_same_places_in_both_languages():
    import importlib

    def texts(value):
        if isinstance(value, Text):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from texts(inner)

    found = 0
    for path in sorted((ROOT / "words").glob("*.py")):
        module = importlib.import_module(f"fieldkit.words.{path.stem}")
        for name, value in vars(module).items():
            for text in texts(value):
                found += 1
                assert _places(text.zh) ^ _places(text.en) in _ALIKE, f"{path.stem}.{name}"
    assert found > 100


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_store_is_never_written_through_its_connection_as_a_context(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.With):
            for item in node.items:
                assert not ast.unparse(item.context_expr).endswith(".conn"), f"line {node.lineno}"
