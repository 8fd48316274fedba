"""Which mails does the first start leave alone? Those that lay in the mailbox before, as `from` in rules.yaml says.

What was left alone is remembered by UID. Under a new UIDVALIDITY, which is no first start, UIDs mean nothing, so it is
told by the date at which mails came to the server.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.ingest.mailbox import Mailbox, Selected
from maild.ingest.ports import Begin, Folder, Inbound
from maild.ingest.wire import uid_sets

LISTED_AT_ONCE = 1000  # mails asked about in one go


async def left_alone(
    box: Mailbox, inbound: Inbound, folder: Folder, selected: Selected, begin: Begin, now: datetime
) -> set[int]:
    """The UIDs of the selected folder that are none of our business; remembered before anything is kept.

    `selected` and `now` are of the first look, which may be long ago where nothing could be remembered.
    """
    remembered = await inbound.left_alone(*folder)
    if remembered is not None:
        return remembered
    started = await inbound.started(folder.mailbox, folder.name)
    present = await box.uids()
    if started is None and begin == "now":
        since: datetime | None = now.replace(microsecond=0)  # servers count in whole seconds
        left = {uid for uid in present if selected.uidnext is None or uid < selected.uidnext}
    else:
        since = started.since if started is not None else begin if isinstance(begin, datetime) else None
        left = await _older(box, present, since) if since is not None else set()
    highest = selected.uidnext - 1 if selected.uidnext is not None else max(present, default=0)
    await inbound.start(*folder, since, uid_set(left), highest)
    return left


async def _older(box: Mailbox, uids: Sequence[int], than: datetime) -> set[int]:
    """Those that came to the server before; one whose date can't be told counts as new."""
    found: set[int] = set()
    for start in range(0, len(uids), LISTED_AT_ONCE):
        dates = await box.dates(uids[start : start + LISTED_AT_ONCE])
        found |= {uid for uid, at in dates.items() if at < than}
    return found


def uid_set(uids: Iterable[int]) -> str:
    """All of them as one set, '' for none."""
    return ",".join(words for words, _ in uid_sets(uids))
