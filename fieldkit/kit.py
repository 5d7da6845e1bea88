"""What a desk needs, built once and passed down: the open home and the use cases of the open visit."""

from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.errors import InputProblem
from fieldkit.ledger.home import Home, open_home
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.visits import Visit, open_visit
from fieldkit.ledger.store import Store
from fieldkit.line.chair import Chair
from fieldkit.line.chips import Chips
from fieldkit.line.desk import Desk
from fieldkit.portrait.profile import Profile, load_profile, read_profile
from fieldkit.roster.visits import require_visit
from fieldkit.settings import Settings, read_settings, write_settings
from fieldkit.studio.beside import LinksBeside
from fieldkit.studio.linking import VisitLink, visit_links
from fieldkit.studio.repairs import Repairs
from fieldkit.words import Lang

DEFAULT_PROFILE = "register"
PROFILES = "profiles"


class Kit:
    """An open home with a language."""

    def __init__(
        self,
        home: Home,
        lang: Lang,
        settings: Settings | None = None,
        beside: LinksBeside | None = None,
    ) -> None:
        self.home = home
        self.lang: Lang = lang
        self.settings = settings or read_settings(home.path)[0]
        self.beside = beside or LinksBeside(home.store.elsewhere())
        self._owns_beside = beside is None

    @property
    def journal(self) -> Journal:
        """Give the journal that every act is written to."""
        return self.home.journal

    @property
    def store(self) -> Store:
        """Give the store that views are read from."""
        return self.home.store

    @property
    def clock(self) -> Clock:
        """Give the clock."""
        return self.home.journal.clock

    def open_visit(self) -> Visit | None:
        """Give the open visit, or None."""
        return open_visit(self.store, self.journal.station.id)

    def require_visit(self) -> Visit:
        """Give the open visit. Raises NoOpenVisit."""
        return require_visit(self.journal)

    def desk(self) -> Desk:
        """Give the door of the open visit. Raises NoOpenVisit."""
        # A profile that cannot be read asks for nothing; what needs its limits tells of it.
        return Desk(self.journal, self.require_visit(), self.home.sealed if self.chip_photo() else None)

    def chips(self) -> Chips:
        """Give the chips of the open visit. Raises NoOpenVisit."""
        return Chips(self.journal, self.require_visit())

    def chair(self) -> Chair:
        """Give the chair of the open visit. Raises NoOpenVisit."""
        return Chair(self.journal, self.require_visit())

    def repairs(self) -> Repairs:
        """Give the repairs of the open visit. Raises NoOpenVisit."""
        return Repairs(self.journal, self.require_visit())

    def links(self) -> list[VisitLink]:
        """Compute the links of the open visit as they stand now. Raises NoOpenVisit."""
        return visit_links(self.store, self.require_visit().key)

    def profile(self) -> Profile:
        """Load the delivery profile of the open visit.

        Raises NoOpenVisit and what loading a profile raises.
        """
        held = self.require_visit().profile or DEFAULT_PROFILE
        if "\n" in held:
            return read_profile(held, self.require_visit().name)
        return load_profile(held, self.home.path / PROFILES)

    def chip_photo(self) -> bool:
        """Say whether the open visit keeps the photo that a card's chip holds; no where it cannot be told."""
        try:
            return self.profile().keep_chip_photo
        except InputProblem:
            return False

    def change(self, settings: Settings) -> None:
        """Keep new settings; what is open follows them. Raises SettingsNotKept."""
        write_settings(self.home.path, settings)
        self.settings = settings
        self.lang = settings.language or self.lang

    def again(self) -> "Kit":
        """Open the same home once more, for another thread."""
        return Kit(self.home.again(), self.lang, self.settings, self.beside)

    def close(self) -> None:
        """Close the home; the first kit ends the process beside it too."""
        if self._owns_beside:
            self.beside.close()
        self.home.close()


def open_kit(path: Path, passphrase: str, clock: Clock, lang: Lang) -> Kit:
    """Open a home. Raises what ``open_home`` raises."""
    return Kit(open_home(path, passphrase, clock), lang)
