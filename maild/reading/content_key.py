"""Is it the very same mail again? One key over what the sender wrote, blind to what the servers on its way added.

Reliability.md 5.1, level 2: Message-ID, canonical From, To, Cc, Date, Subject, In-Reply-To, References, and the body's
octets as they are; and how these are to be read, or a copy that calls the text a program would be the same mail.
Trace fields are left out, so that another copy of the mail has the same key.
"""

import hashlib
from collections.abc import Iterable

_FIELDS = ("message-id", "from", "to", "cc", "date", "subject", "in-reply-to", "references")
_HOW_TO_READ = ("content-type", "content-transfer-encoding")  # servers change their case and quotes


def content_key(fields: Iterable[tuple[str, bytes]], body: memoryview) -> str:
    """SHA-256 in hex. `fields` as they stand; canonical means: every blank and fold one space, none at the ends."""
    values: dict[str, list[bytes]] = {name: [] for name in (*_FIELDS, *_HOW_TO_READ)}
    for field, value in fields:
        name = field.lower()
        if name in _HOW_TO_READ:
            values[name].append(b"".join(value.lower().replace(b'"', b"").split()))
        elif name in _FIELDS:
            values[name].append(b" ".join(value.split()))
    pieces: list[bytes] = []
    for found in values.values():
        for value in (b"%d" % len(found), *found):
            pieces += (b"%d:" % len(value), value)  # lengths, so that nothing can move from one value into the next
    digest = hashlib.sha256(b"".join(pieces))
    digest.update(body)
    return digest.hexdigest()
