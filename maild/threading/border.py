"""Which headers did our own servers write? Those above the border: the first Received line of another server.

Servers put their lines on top of what they were given (RFC 5321 section 4.4), so whatever stands below that line was in
the hands of the sender. The host behind `by` tells whose line it is; a host of ours that comes twice is a pretender.
"""

import re
from collections.abc import Iterator, Sequence

from maild.mail import ParsedMail

_LONGEST = 10_000  # characters of a header that are read
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.I)


def above_border(mail: ParsedMail, internal: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The headers above the border, from the top, names in lower case. `internal` are our relays behind it."""
    ours = {host.lower() for host in internal}
    for name, value in mail.headers:
        if name.lower() == "received":
            by = _BY.search(value[:_LONGEST])
            host = by[1].lower().rstrip(".") if by else ""
            if host not in ours:
                return
            ours.remove(host)
        else:
            yield name.lower(), value
