"""Does each mail lie on the server where its row says, and has each mail there a row? Of one mailbox.

The server and the daemon go on meanwhile, so that a single look proves nothing: see findings.confirmed. What a person
may be about to do, or the poller, is given the time that the poller takes: `patience`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from maild.audit.findings import TAKEN, Finding
from maild.settings import Imap
from maild.ticket import Disposition

Place = tuple[str, int]  # a folder under one UIDVALIDITY


def folders_of(imap: Imap) -> dict[Disposition, str]:
    """Where mails are filed."""
    return {
        Disposition.APPLIED: imap.processed,
        Disposition.HELD: imap.held,
        Disposition.DUPLICATE: imap.duplicates,
    }


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder as the server shows it. Of mails without a row also their sizes; in the inbox when they came."""

    uidvalidity: int
    uids: Collection[int]
    sizes: Mapping[int, int] = field(default_factory=dict)
    came_at: Mapping[int, datetime] = field(default_factory=dict)


class Unfiled(NamedTuple):
    """A row whose mail was not moved yet."""

    id: int
    place: Place
    uid: int
    settled_at: datetime | None


class Misplaced(NamedTuple):
    """A row that was settled otherwise since it was filed."""

    id: int
    folder: str
    filed_as: str
    disposition: str
    settled_at: datetime | None


class Unplaced(NamedTuple):
    """A row that was filed, and nobody knows under which UID: the server did not say."""

    id: int
    folder: str
    size: int


@dataclass(frozen=True, slots=True)
class Records:
    """What the rows of a mailbox say, of one instant."""

    filed: Mapping[Place, Mapping[int, int]]  # where -> UID -> row
    origins: Mapping[Place, Mapping[int, int]]  # all rows, by where they were kept from
    unfiled: Collection[Unfiled]
    misplaced: Collection[Misplaced]
    unplaced: Collection[Unplaced]
    left_alone: Mapping[Place, Collection[int]]  # since the first start; an entry for each folder that was begun
    taken: int = 0  # known to be taken away by somebody


@dataclass(frozen=True, slots=True)
class Look:
    """Whose mailbox is looked at and when, and what is going on in it."""

    name: str
    imap: Imap
    now: datetime
    patience: timedelta  # what came, or was settled, within it is not looked at
    largest: int  # octets; a larger mail is not taken
    is_taking: bool = False  # the poller is in the middle of taking mails
    told: Collection[int] = ()  # rows of which it is known, and was told, that somebody took their mail away

    @property
    def looked_at(self) -> tuple[str, ...]:
        """All folders that are compared, each once, the inbox first."""
        return tuple(dict.fromkeys((self.imap.folder, *folders_of(self.imap).values())))

    def where(self, folder: str) -> str:
        """How a folder is called in findings."""
        return f"{self.name}, {folder}"


def strange(look: Look, folder: str, listing: Listing, records: Records) -> set[int]:
    """The UIDs of a listing that belong to no row, and were not left alone at the first start."""
    place = (folder, listing.uidvalidity)
    found = set(listing.uids) - records.filed.get(place, {}).keys()
    found -= {row.uid for row in records.unfiled if row.place == place}
    return found - set(records.left_alone.get(place, ()))


def compare(
    look: Look, listings: Mapping[str, Listing | None], records: Records, sizes: Mapping[int, int]
) -> Iterator[Finding]:
    """What does not agree. A listing is None where there is no such folder; `sizes`: of the rows of `of_old_places`."""
    for finding in _compare(look, listings, records, sizes):
        if finding.kind not in TAKEN or finding.number not in look.told:
            yield finding


def _compare(
    look: Look, listings: Mapping[str, Listing | None], records: Records, sizes: Mapping[int, int]
) -> Iterator[Finding]:
    for folder in look.looked_at:
        listing = listings[folder]
        if listing is None:
            gone = (ids for (name, _), ids in records.filed.items() if name == folder)
            yield from (Finding("folder-gone", id_, look.where(folder)) for ids in gone for id_ in ids.values())
            continue
        here = records.filed.get((folder, listing.uidvalidity), {})
        present = set(listing.uids)
        yield from (
            Finding("not-in-folder", id_, look.where(folder)) for uid, id_ in here.items() if uid not in present
        )
        unknown = strange(look, folder, listing, records)
        if folder == look.imap.folder:
            yield from _inbox(look, listing, records, unknown)
        else:
            yield from _filed_somehow(look, folder, listing, records, unknown, sizes)
    yield from _unfiled(look, listings, records)
    yield from _misplaced(look, records)


def of_old_places(listings: Mapping[str, Listing | None], records: Records) -> list[int]:
    """Rows that were filed under a UIDVALIDITY which is no more: their sizes are all that can be compared."""
    return [id_ for _, _, ids in _old_places(listings, records) for id_ in ids]


def _old_places(listings: Mapping[str, Listing | None], records: Records) -> Iterator[tuple[str, int, Collection[int]]]:
    """Folder, UIDVALIDITY and rows."""
    for (folder, uidvalidity), ids in records.filed.items():
        listing = listings.get(folder)
        if listing is not None and listing.uidvalidity != uidvalidity:
            yield folder, uidvalidity, ids.values()


def notes(look: Look, listings: Mapping[str, Listing | None], records: Records) -> Iterator[str]:
    """What is no difference and yet worth saying."""
    listing = listings[look.imap.folder]
    if listing is not None:
        place = (look.imap.folder, listing.uidvalidity)
        if left := set(records.left_alone.get(place, ())) & set(listing.uids):
            yield f"{look.where(look.imap.folder)}: {len(left)} older mails were left alone at the first start"
        if place not in records.left_alone and listing.uids:
            yield f"{look.where(look.imap.folder)}: `maild run` has not begun with it yet; {len(listing.uids)} mails"
        unknown = strange(look, look.imap.folder, listing, records) - records.origins.get(place, {}).keys()
        if look.is_taking and unknown:
            yield f"{look.where(look.imap.folder)}: {len(unknown)} mails are still to be taken; the daemon is at it"
    for folder, uidvalidity, ids in _old_places(listings, records):
        yield (
            f"{look.where(folder)}: the server has made this folder anew since UIDVALIDITY {uidvalidity}; "
            f"{len(ids)} mails of that time were compared by size"
        )
    placed = {id_ for ids in records.filed.values() for id_ in ids.values()} | {row.id for row in records.unplaced}
    if taken := records.taken + len(placed & set(look.told)):
        yield f"{look.name}: {taken} mails were taken away by somebody, as the rows know; their bytes are kept"
    elsewhere = {folder for folder, _ in records.filed} - set(look.looked_at)
    for folder in sorted(elsewhere):
        count = sum(len(ids) for (name, _), ids in records.filed.items() if name == folder)
        yield f"{look.where(folder)}: {count} mails were filed there; the rules no longer name it, so it was not read"


def _inbox(look: Look, listing: Listing, records: Records, unknown: set[int]) -> Iterator[Finding]:
    """Mails of the inbox without a row that is still to be filed."""
    place, where = (look.imap.folder, listing.uidvalidity), look.where(look.imap.folder)
    known = records.origins.get(place, {})
    for uid in sorted(unknown):
        if uid in known:
            yield Finding("still-in-inbox", known[uid], where)
        elif listing.sizes.get(uid, 0) > look.largest:
            yield Finding("too-large", uid, where)
        elif place not in records.left_alone or look.is_taking or uid not in listing.sizes:
            continue  # not begun yet; at it; or gone since it was listed
        elif listing.came_at.get(uid, look.now - 2 * look.patience) < look.now - look.patience:
            yield Finding("not-taken", uid, where)


def _filed_somehow(
    look: Look, folder: str, listing: Listing, records: Records, unknown: set[int], sizes: Mapping[int, int]
) -> Iterator[Finding]:
    """Rows and mails of a folder of which no UID says that they belong together: mails of one size do."""
    where = look.where(folder)
    wanted: dict[int, list[int]] = defaultdict(list)
    for row in records.unplaced:
        if row.folder == folder:
            wanted[row.size].append(row.id)
    for id_ in of_old_places({folder: listing}, records):
        wanted[sizes.get(id_, -1)].append(id_)
    for ids in wanted.values():
        ids.sort(key=lambda id_: id_ not in look.told)  # those that are gone for sure are matched last
    strangers = []
    for uid in sorted(unknown):
        if alike := wanted.get(listing.sizes.get(uid, -2)):
            alike.pop()
        elif uid in listing.sizes:  # else it is gone since it was listed
            strangers.append(Finding("without-row", uid, where))
    yield from (Finding("not-in-folder", id_, where) for ids_ in wanted.values() for id_ in ids_)
    yield from strangers


def _unfiled(look: Look, listings: Mapping[str, Listing | None], records: Records) -> Iterator[Finding]:
    before = look.now - look.patience
    present = {name: set(listing.uids) for name, listing in listings.items() if listing is not None}
    for row in records.unfiled:
        folder, uidvalidity = row.place
        listing, is_late = listings.get(folder), row.settled_at is not None and row.settled_at < before
        if listing is None:
            continue
        if listing.uidvalidity != uidvalidity:
            if is_late:
                more = f"UIDVALIDITY {uidvalidity} → {listing.uidvalidity}"
                yield Finding("old-uidvalidity", row.id, look.where(folder), more)
        elif row.uid not in present[folder]:
            yield Finding("not-in-inbox", row.id, look.where(folder))
        elif is_late:
            yield Finding("not-filed", row.id, look.where(folder))


def _misplaced(look: Look, records: Records) -> Iterator[Finding]:
    """The poller moves them on; one that it has not moved for long is told."""
    for row in records.misplaced:
        if row.settled_at is None or row.settled_at < look.now - look.patience:
            more = f"{row.filed_as} → {row.disposition}"
            yield Finding("wrong-folder", row.id, look.where(row.folder), more)
