"""Keys of one laptop: the passphrase's slot, the escrow slot, the station's signing key.

The store's key is 32 random bytes. ``keyslots.json`` (two copies) wraps it twice: under the passphrase
through Argon2id, and sealed with age to the escrow recipient, whose secret half is printed once and kept
on paper. Argon2id runs with three passes over 64 MiB, the second recommendation of RFC 9106 section 4.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.ledger.errors import KeySlotsDamaged, LedgerBroken, NoHome, WrongPassphrase

SLOTS_NAME = "keyslots.json"
SLOTS_COPY_NAME = "keyslots.copy.json"
KEY_BYTES = 32
PASSES = 3
MEMORY_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AgeKey:
    """An age X25519 pair: originals are sealed to ``recipient`` and opened with ``secret``."""

    recipient: str
    secret: str


def new_age_key() -> AgeKey:
    """Make a fresh age X25519 pair."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    return AgeKey(recipient=str(identity.to_public()), secret=str(identity))


def new_store_key() -> bytes:
    """Make a fresh key for the store, 32 bytes."""
    return os.urandom(KEY_BYTES)


def wrap_store_key(store_key: bytes, passphrase: str, escrow_recipient: str) -> dict[str, Any]:
    """Wrap the store's key for the passphrase and for the escrow recipient, as a JSON object."""
    import pyrage
    from nacl import pwhash, secret, utils

    salt = utils.random(pwhash.argon2id.SALTBYTES)
    box = secret.SecretBox(_stretch(passphrase, salt, PASSES, MEMORY_BYTES))
    sealed = pyrage.encrypt(store_key, [pyrage.x25519.Recipient.from_str(escrow_recipient)])
    return {
        "v": 1,
        "passphrase": {
            "kdf": "argon2id",
            "passes": PASSES,
            "memory": MEMORY_BYTES,
            "salt": salt.hex(),
            "box": bytes(box.encrypt(store_key)).hex(),
        },
        "escrow": {"recipient": escrow_recipient, "age": sealed.hex()},
    }


def open_with_passphrase(slots: dict[str, Any], passphrase: str) -> bytes:
    """Unwrap the store's key with the passphrase.

    Raises WrongPassphrase.
    """
    from nacl import exceptions, secret

    slot = slots["passphrase"]
    key = _stretch(passphrase, bytes.fromhex(slot["salt"]), slot["passes"], slot["memory"])
    try:
        return secret.SecretBox(key).decrypt(bytes.fromhex(slot["box"]))
    except exceptions.CryptoError as error:
        raise WrongPassphrase from error


def open_with_escrow(slots: dict[str, Any], escrow_secret: str) -> bytes:
    """Unwrap the store's key with the escrow key's secret half.

    Raises WrongPassphrase where it is another key.
    """
    import pyrage

    try:
        identity = pyrage.x25519.Identity.from_str(escrow_secret.strip())
        return bytes(pyrage.decrypt(bytes.fromhex(slots["escrow"]["age"]), [identity]))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise WrongPassphrase from error


def read_slots(home: Path) -> dict[str, Any]:
    """Read the key slots, from the second copy where the first is damaged.

    Raises NoHome where there is neither copy, KeySlotsDamaged where neither reads.
    """
    missing = 0
    for copy in (home / SLOTS_NAME, home / SLOTS_COPY_NAME):
        try:
            slots = json.loads(copy.read_text(encoding="utf-8"))
            slot = slots["passphrase"]
            sound = {"salt", "box", "passes", "memory"} <= slot.keys() and slots["escrow"]["age"]
            bytes.fromhex(slot["salt"] + slot["box"] + slots["escrow"]["age"])
        except (FileNotFoundError, NotADirectoryError):
            missing += 1
            continue
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if sound and isinstance(slots, dict):
            return slots
    if missing == 2:
        raise NoHome(home=home)
    raise KeySlotsDamaged(path=home / SLOTS_NAME)


def new_signing_seed() -> bytes:
    """Make a fresh Ed25519 seed, 32 bytes."""
    return os.urandom(KEY_BYTES)


def verify_key(seed: bytes) -> str:
    """Give the public half of a station's signing key, as 64 hexadecimal digits."""
    from nacl.signing import SigningKey

    return bytes(SigningKey(seed).verify_key).hex()


def check_signature(public: str, event_hash: str, signature: bytes) -> None:
    """Check an event's Ed25519 signature over its hash.

    Raises LedgerBroken where it does not hold.
    """
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(bytes.fromhex(public)).verify(bytes.fromhex(event_hash), signature)
    except (BadSignatureError, ValueError) as error:
        raise LedgerBroken(where="signature") from error


def _stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    from nacl import pwhash

    return pwhash.argon2id.kdf(KEY_BYTES, passphrase.encode("utf-8"), salt, opslimit=passes, memlimit=memory)
