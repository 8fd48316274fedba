"""Where do large mails lie? Files beside the database, each whole under its name or not there at all.

A file is written as a draft, synced, renamed, and its folder synced (qmail's way: the rename is the commit). A crash
leaves a draft, which the next start removes, or a whole file without a row, which keeping the mail again uses.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from maild.crash import point
from maild.errors import StoreAway
from maild.store.folders import sync_folder

_DRAFT = ".draft"


class Spooled(NamedTuple):
    """A mail in a file: its name in the folder, the SHA-256 of its octets in hex, how many they are."""

    name: str
    sha256: str
    size: int


class CannotWrite(StoreAway):
    """The disk takes no more now."""


class Unreadable(Exception):
    """The bytes of a kept mail are not there, or not all."""


class Draft:
    """A file that is being written, within `with`; unless it was finished it is gone afterwards. CannotWrite where
    the disk takes no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sum = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(_DRAFT, ".", self._folder)  # mode 0600
        except OSError as error:
            raise _not_now(error) from None
        self._file, self._path = os.fdopen(descriptor, "wb", 0), Path(name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """How many octets were written."""
        return self._size

    @property
    def sha256(self) -> str:
        """Their digest, in hex."""
        return self._sum.hexdigest()

    def write(self, octets: bytes) -> None:
        """Append."""
        try:
            remaining = memoryview(octets)
            while remaining:
                remaining = remaining[self._file.write(remaining) :]
        except OSError as error:
            raise _not_now(error) from None
        self._sum.update(octets)
        self._size += len(octets)

    def finish(self, uidvalidity: int, uid: int) -> Spooled:
        """Durable under its own name when this returns; the same mail again is the same file."""
        digest = self._sum.hexdigest()
        name = f"{_stem(digest)}-{uidvalidity}-{uid}.eml"
        try:
            os.fsync(self._file.fileno())
            point("K03")
            self._path.rename(self._folder / name)
            sync_folder(self._folder)
            sync_folder(self._folder.parent)  # where the folder itself may be as new
        except OSError as error:
            raise _not_now(error) from None
        return Spooled(name, digest, self._size)


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder."""

    folder: Path

    def draft(self) -> Draft:
        """A new, empty file."""
        return Draft(self.folder)

    def put(self, raw: bytes, uidvalidity: int, uid: int) -> Spooled:
        """A mail at once."""
        with self.draft() as draft:
            draft.write(raw)
            return draft.finish(uidvalidity, uid)

    def bytes_of(self, name: str, size: int) -> bytes:
        """A mail's bytes. Unreadable if the file is missing or has another size."""
        try:
            raw = (self.folder / name).read_bytes()
        except OSError as error:
            raise Unreadable(f"the file of a kept mail can't be read: {error}") from None
        if len(raw) != size:
            raise Unreadable(f"the file {name} of a kept mail has {len(raw)} octets instead of {size}")
        return raw

    def is_whole(self, name: str, size: int, *, to_the_bit: bool) -> bool:
        """Whether the file is there in its size; and, if asked, has the octets that its name was made of."""
        path = self.folder / name
        try:
            if path.stat().st_size != size:
                return False
            with path.open("rb") as file:
                return not to_the_bit or name.startswith(_stem(hashlib.file_digest(file, "sha256").hexdigest()))
        except OSError:
            return False

    def remove_drafts(self) -> int:
        """At the start, while nobody writes: how many a crash left behind."""
        drafts = list(self.folder.glob(f".*{_DRAFT}"))
        for draft in drafts:
            draft.unlink(missing_ok=True)
        return len(drafts)


def _stem(sha256: str) -> str:
    return sha256[:40]


def _not_now(error: OSError) -> CannotWrite:
    return CannotWrite(f"a mail's file can't be written now: {error}")
