"""Which one person does an agent name behind a command?"""

import re

from maild.mail import Address, address_key

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"]{1,255}")


def address_named(written: str) -> Address | None:
    """The one person named: `bruno@client.example`, `Bruno <bruno@client.example>`, also as programs link it; None for
    anything else, and for two of them."""
    found = [m.removeprefix("mailto:") for m in _ADDRESS.findall(written.replace("mailto:", " "))]
    if len({address_key(address) for address in found}) != 1:
        return None
    name = written.partition("<")[0].strip(' "') if "<" in written else ""
    if "<" not in written and written.strip() != found[0]:
        return None
    return Address(found[0], "" if "@" in name else name)
