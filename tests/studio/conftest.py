"""Homes for examples that each need their own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from fieldkit.clock import SetClock
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger.home import make_home
from fieldkit.roster.visits import new_visit
from tests.conftest import MORNING, PASSPHRASE


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one home with a visit and nobody in it."""
    path = tmp_path_factory.mktemp("bare") / "home"
    make_home(path, "A", PASSPHRASE, SetClock(MORNING))
    kit = open_kit(path, PASSPHRASE, SetClock(MORNING), "en")
    new_visit(kit.journal, "spring", "某大学")
    kit.close()
    return path


@pytest.fixture
def kit_of_its_own(bare_home: Path, tmp_path: Path) -> Callable[[], AbstractContextManager[Kit]]:
    """Give what opens a fresh copy of the bare home."""

    @contextmanager
    def opening() -> Iterator[Kit]:
        path = tmp_path / "own"
        shutil.copytree(bare_home, path)
        kit = open_kit(path, PASSPHRASE, SetClock(MORNING), "en")
        try:
            yield kit
        finally:
            kit.close()
            shutil.rmtree(path)

    return opening
