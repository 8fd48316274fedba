"""Which files does a mail of ours carry, and which does it only name?"""

from collections.abc import Sequence

from maild.mail import Attachment
from maild.plan.desk import Desk as Desk

_MOST_ATTACHED = 10 * 1024 * 1024  # octets; above that a mail names its attachments instead of carrying them


def fit(attachments: Sequence[Attachment]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """What a mail carries, and the names of what is too much for it."""
    carried: list[Attachment] = []
    named: list[str] = []
    room = _MOST_ATTACHED
    for a in attachments:
        if a.size <= room:
            carried.append(a)
            room -= a.size
        else:
            named.append(a.filename)
    return tuple(carried), tuple(named)
