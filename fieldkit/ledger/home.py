"""The home of one laptop: one folder with key slots, the store, the originals."""

from dataclasses import dataclass
from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.disk import make_folder_safely, write_file_safely
from fieldkit.errors import reason_of
from fieldkit.ledger import keys, kinds
from fieldkit.ledger.errors import HomeExists, HomeNotWritable
from fieldkit.ledger.events import canonical_json
from fieldkit.ledger.journal import Journal, Station
from fieldkit.ledger.schema import migrate
from fieldkit.ledger.store import STORE_NAME, Store, make_store
from fieldkit.ledger.views.fold import ready_views

SIGNING_KEY = "station"
ESCROW = "escrow"
DAY_PREFIX = "day "


@dataclass(frozen=True)
class Home:
    """An open home."""

    path: Path
    store: Store
    journal: Journal

    @property
    def station(self) -> Station:
        """Give the station that this laptop is."""
        return self.journal.station

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def again(self) -> "Home":
        """Open the same home once more, for another thread."""
        store = self.store.again()
        old = self.journal
        return Home(self.path, store, Journal(store, old.station, old.clock, old.operator))

    def sealing_recipients(self) -> list[str]:
        """Give the age recipients of today's originals: the escrow key and today's day key.

        The day key is made, and its making written down, when it is first asked for on a day.
        """
        day = DAY_PREFIX + self.journal.clock.now().date().isoformat()
        escrow = self.store.value("SELECT public FROM keyring WHERE name=?", (ESCROW,))
        public = self.store.value("SELECT public FROM keyring WHERE name=?", (day,))
        if public is None:
            key = keys.new_age_key()
            with self.journal.writing() as pen:
                _keep_key(self.store, self.journal.clock, day, key.recipient, key.secret)
                pen.record(kinds.DAY_KEY_MADE, {"day": day, "recipient": key.recipient})
            public = key.recipient
        return [escrow, public]

    def sealed(self, content: bytes) -> str:
        """Seal a few bytes for the recipients of today's originals; text that an event can hold."""
        import base64

        import pyrage

        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in self.sealing_recipients()]
        return base64.b64encode(pyrage.encrypt(content, keys)).decode("ascii")

    def opening_secrets(self) -> list[str]:
        """Give the age secrets that this laptop still holds, newest day first."""
        return [
            row["secret"]
            for row in self.store.query(
                "SELECT secret FROM keyring WHERE name LIKE 'day %' AND secret IS NOT NULL ORDER BY name DESC"
            )
        ]


def is_home(path: Path) -> bool:
    """Say whether a folder holds a home. Raises HomeNotWritable where the disk does not answer."""
    return _is_there(path, keys.SLOTS_NAME, keys.SLOTS_COPY_NAME)


def make_home(path: Path, letter: str, passphrase: str, clock: Clock) -> str:
    """Make a home with its keys and give the escrow secret, which is kept nowhere on the laptop.

    Raises HomeExists, HomeNotWritable, and what opening a store raises; then nothing is left behind.
    """
    if is_home(path) or _is_there(path, STORE_NAME):
        raise HomeExists(home=path)
    made_folder = not _is_there(path)
    store_key, escrow = keys.new_store_key(), keys.new_age_key()
    slots = canonical_json(keys.wrap_store_key(store_key, passphrase, escrow.recipient)).encode()
    try:
        make_folder_safely(path)
        store = make_store(path / STORE_NAME, store_key)
        try:
            _begin(store, letter, escrow.recipient, clock)
        finally:
            store.close()
        # The key slots come last: with them the folder is a home.
        write_file_safely(path / keys.SLOTS_COPY_NAME, slots)
        write_file_safely(path / keys.SLOTS_NAME, slots)
    except BaseException as error:
        _remove(path, made_folder)
        if isinstance(error, OSError):
            raise HomeNotWritable(home=path, reason=reason_of(error)) from error
        raise
    return escrow.secret


def open_home(path: Path, passphrase: str, clock: Clock, operator: str = "") -> Home:
    """Open a home with its passphrase.

    Raises NoHome, KeySlotsDamaged, WrongPassphrase, and what opening a store raises.
    """
    store = Store(path / STORE_NAME, keys.open_with_passphrase(keys.read_slots(path), passphrase))
    try:
        migrate(store)
        ready_views(store)
        row = store.one("SELECT secret FROM keyring WHERE name=?", (SIGNING_KEY,))
        meta = {entry["name"]: entry["value"] for entry in store.query("SELECT name, value FROM meta")}
        assert row is not None
        station = Station(meta["station"], meta["letter"], bytes.fromhex(row["secret"]))
    except BaseException:
        store.close()
        raise
    return Home(path, store, Journal(store, station, clock, operator))


def _begin(store: Store, letter: str, escrow_recipient: str, clock: Clock) -> None:
    seed = keys.new_signing_seed()
    public = keys.verify_key(seed)
    station = Station(f"{letter}.{public[:12]}", letter, seed)
    migrate(store)
    ready_views(store)
    journal = Journal(store, station, clock)
    with journal.writing() as pen:
        _keep_key(store, clock, SIGNING_KEY, public, seed.hex())
        _keep_key(store, clock, ESCROW, escrow_recipient, None)
        for name, value in (
            ("station", station.id),
            ("letter", letter),
        ):
            store.db.table("meta").insert({"name": name, "value": value})
        pen.record(kinds.STATION_BEGUN, {"letter": letter, "verify_key": public, "escrow": escrow_recipient})


def _keep_key(store: Store, clock: Clock, name: str, public: str, secret: str | None) -> None:
    store.db.table("keyring").insert(
        {"name": name, "public": public, "secret": secret, "made_at": clock.now().isoformat()}
    )


def _is_there(path: Path, *names: str) -> bool:
    """Say whether a folder, or one of some files in it, is there; a disk in doubt is no answer."""
    try:
        return any((path / name).exists() for name in names or (".",))
    except OSError as error:
        raise HomeNotWritable(home=path, reason=reason_of(error)) from error


def _remove(path: Path, made_folder: bool) -> None:
    for name in (keys.SLOTS_NAME, keys.SLOTS_COPY_NAME, STORE_NAME, f"{STORE_NAME}-wal", f"{STORE_NAME}-shm"):
        (path / name).unlink(missing_ok=True)
    if made_folder and path.exists() and not any(path.iterdir()):
        path.rmdir()
