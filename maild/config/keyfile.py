"""Keeps the keys that references are signed with. Which keys are there, and is it time for a new one?

A text file, mode 0600, that an operator can read and edit. It is only ever replaced whole, by renaming, and never
written over when it can't be understood: with the keys every reference in customers' mails would be lost.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from maild.config.credentials import fault, place_of, secret_text
from maild.errors import BadConfig, Problem
from maild.settings import Secret
from maild.store.folders import sync_folder
from maild.threading.token import ALPHABET, MINTED_FOR, VERIFIED_FOR, Key, Keyring

KEY_OCTETS = 32
_HEADER = """\
# Keys that sign the references in our mails. Keep this file secret, and back it up with the database: without it no
# answer to an old mail finds its ticket. maild adds a key every {days} days; old ones stay, to check old references.
# To revoke a key (somebody has seen it), write the word revoked at the end of its line: a second later nothing that it
# signed is believed any longer. If no key is left, maild makes one.
#
# instance NAME
# key ID CREATED_AT BASE64 [revoked]
"""


def load_keyring(
    source: Secret,
    *,
    create: bool,
    now: datetime,
    new_key: Callable[[], bytes],
    new_instance: Callable[[], str],
) -> Keyring:
    """The keys behind a source.

    A file that does not exist is made if `create` says so, with a first key, and gets a key if all of its own are
    revoked. A variable or a credential holds the same text and is only read. Raises BadConfig for what is missing,
    can't be understood (with its line) or can be read by others.
    """
    if source.file is not None and create and not os.path.lexists(source.file):
        line = _line(Key(ALPHABET[0], new_key(), _whole_seconds(now)))
        _make(source, source.file, f"{_HEADER.format(days=MINTED_FOR.days)}instance {new_instance()}\n{line}")
    ring = _read(source)
    if all(key.is_revoked for key in ring.keys):
        if source.file is None or not create:
            raise fault(source, f"every key in {place_of(source)} is revoked; add one")
        ring = rotate_if_due(source.file, ring, now, new_key)
    return ring


def rotate_if_due(path: Path, keyring: Keyring, now: datetime, new_key: Callable[[], bytes]) -> Keyring:
    """The keys, with a new one in the file where the newest has signed for 90 days or none is left unrevoked.

    What stands in the file counts, not `keyring`, so that a key revoked meanwhile stays so. Only one process may call
    this. Raises BadConfig like load_keyring, and where the file belongs to another installation than `keyring`.
    """
    source = Secret(file=path)
    text = secret_text(source, others=0o077)
    ring = _parse(text, str(path))
    if ring.instance != keyring.instance:
        raise fault(source, f"{path} is of another installation than the keys in use; put the right file back")
    if not is_renewal_due(ring, now):
        return ring
    key = Key(_free_id(source, ring, now), new_key(), _whole_seconds(now))
    lines = [line for line in text.splitlines() if not re.match(rf"\s*key\s+{key.id}\s", line)]
    _replace(source, path, "\n".join(lines) + "\n" + _line(key))
    return Keyring(ring.instance, (*(k for k in ring.keys if k.id != key.id), key))


def is_renewal_due(keyring: Keyring, now: datetime) -> bool:
    """Whether it is time for a new key, or none is left unrevoked."""
    live = [key.created_at for key in keyring.keys if not key.is_revoked]
    return not live or now >= max(live) + MINTED_FOR


def _free_id(source: Secret, ring: Keyring, now: datetime) -> str:
    """The letter after the last one given, round the alphabet; one that may still be believed is passed over."""
    taken = {key.id for key in ring.keys if now < key.created_at + MINTED_FOR + VERIFIED_FOR}
    last = ALPHABET.index(ring.keys[-1].id)
    following = (ALPHABET[(last + i) % len(ALPHABET)] for i in range(1, len(ALPHABET) + 1))
    found = next((letter for letter in following if letter not in taken), None)
    if found is None:
        raise fault(source, f"{place_of(source)} has no letter left for a new key; remove the oldest revoked keys")
    return found


def _whole_seconds(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)


def _line(key: Key) -> str:
    return f"key {key.id} {key.created_at.isoformat()} {base64.b64encode(key.secret).decode()}\n"


def _read(source: Secret) -> Keyring:
    return _parse(secret_text(source, others=0o077), place_of(source))


def _parse(text: str, shown: str) -> Keyring:
    problems: list[Problem] = []
    instances: list[str] = []
    keys: list[Key] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        what = ""
        if words[0] == "instance" and len(words) == 2 and not instances:
            instances.append(words[1])
        elif words[0] == "instance":
            what = "one line `instance NAME` is expected, no more"
        elif words[0] == "key":
            key = _key(words[1:])
            if isinstance(key, str):
                what = key
            elif any(key.id == other.id for other in keys):
                what = f"a second key with the letter {key.id}"
            else:
                keys.append(key)
        else:
            what = "neither `instance NAME` nor `key ID CREATED_AT BASE64`"
        if what:
            column = len(line) - len(line.lstrip()) + 1
            problems.append(Problem(shown, number, column, "error", f"{what}; put the file back from a backup"))
    if not problems and not (instances and keys):
        missing = "key" if instances else "instance"
        problems.append(Problem(shown, 1, 1, "error", f"no line `{missing} ...`; put the file back from a backup"))
    if problems:
        raise BadConfig(problems)
    return Keyring(instances[0], tuple(sorted(keys, key=lambda k: k.created_at)))


def _key(words: list[str]) -> Key | str:
    """A key from the words of its line, or what is wrong with them. The secret is never repeated."""
    if len(words) not in (3, 4):
        return "a key has a letter, an instant and its secret, and perhaps `revoked`"
    letter, written_at, encoded = words[:3]
    if len(letter) != 1 or letter not in ALPHABET:
        return f"a key's letter is one of {ALPHABET}"
    if len(words) == 4 and words[3] != "revoked":
        return "only the word `revoked` may stand after a key"
    try:
        created_at = datetime.fromisoformat(written_at)
    except ValueError:
        return "the instant can't be read; it looks like 2026-11-23T09:00:00+00:00"
    if created_at.tzinfo is None:
        return "the instant lacks its offset; it looks like 2026-11-23T09:00:00+00:00"
    try:
        octets = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        octets = b""
    if len(octets) != KEY_OCTETS:
        return f"the secret is not {KEY_OCTETS} octets in base64"
    return Key(letter, octets, created_at, len(words) == 4)


def _make(source: Secret, path: Path, text: str) -> None:
    """Make the file, whole or not at all; where another process was faster, theirs stays."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _draft(path, text, 0o600)
        try:
            with suppress(FileExistsError):
                os.link(draft, path)  # unlike a rename, never over a file that is there
        finally:
            os.unlink(draft)
        sync_folder(path.parent)
    except OSError as error:
        what = f"{path} can't be made ({error.strerror}); let the user who runs maild write in {path.parent}"
        raise fault(source, what) from None


def _replace(source: Secret, path: Path, text: str) -> None:
    try:
        real = path.resolve()
        status = real.stat()
        draft = _draft(real, text, stat.S_IMODE(status.st_mode))
        try:
            if os.geteuid() == 0:
                os.chown(draft, status.st_uid, status.st_gid)
            os.replace(draft, real)
        except OSError:
            os.unlink(draft)
            raise
        sync_folder(real.parent)
    except OSError as error:
        what = f"{path} can't be renewed ({error.strerror}); let the user who runs maild write in {path.parent}"
        raise fault(source, what) from None


def _draft(path: Path, text: str, mode: int) -> Path:
    """A file beside the path with that text, on the disk; nobody else can read it at any moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    with suppress(FileNotFoundError):
        os.unlink(draft)  # left by a process of that number that was killed
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(descriptor, mode)
        file.flush()
        os.fsync(descriptor)
    return draft
