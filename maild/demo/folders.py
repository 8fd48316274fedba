"""How does the embedded server's IDLE tell of a mail that came just before it? pymap's own waits for the next change.

RFC 2177: what the client does not know yet is told at once. Without this a mail that arrives between the daemon's last
look and its IDLE would lie there until the next one comes.
"""

from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.parsing.specials import ObjectId
from pymap.selected import SelectedMailbox


class _Folder(MailboxData):
    """A folder that makes nobody wait for what is there already."""

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        is_behind = selected.mod_sequence is not None and selected.mod_sequence < self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if is_behind else wait_on)


class Folders(MailboxSet):
    """The folders of an account."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Folder(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        made = self._set[name] = _Folder(self._content_cache, self._thread_cache)
        return made.mailbox_id
