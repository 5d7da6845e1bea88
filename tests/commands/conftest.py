import json
from dataclasses import dataclass

import pytest

from fieldkit.cli import main
from tests.conftest import PASSPHRASE


@dataclass
class Answer:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(tmp_path, capfd, monkeypatch):
    """Give a function that runs fieldkit with the test's own home and passphrase."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDKIT_PASSPHRASE_FILE", str(tmp_path / "passphrase"))

    def running(*arguments, lang="en"):
        code = main(["--lang", lang, *map(str, arguments)])
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return running


@pytest.fixture
def ready(run):
    """Give the same with a home, a visit and nobody in it."""
    assert run("init", "--station", "A").code == 0
    assert run("visit", "new", "spring", "--school", "某大学", "--price", "20").code == 0
    return run
