"""Does a domain that was proved speak for the domain in From? (RFC 7489 section 3.1, relaxed, and only downwards)

The same domain does, and one above it does, down from the one that somebody registered: `co.uk` or a host of many
people's pages (`github.io`) vouches for nobody below. The Public Suffix List tells, in the edition that is installed.
"""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList


def is_aligned(proved: str, sender: str) -> bool:
    """Both in their compared form (mail.domain_of). '' and names without a dot speak for themselves alone."""
    if not proved or not sender:
        return False
    return proved == sender or (sender.endswith("." + proved) and not is_public_suffix(proved))


@lru_cache(maxsize=1024)
def is_public_suffix(domain: str) -> bool:
    """Whether anybody may register a name below it. A name under no known suffix counts as one if it has no dot."""
    return _suffixes().privatesuffix(domain) is None


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """Read once, from the package, when the first pair of domains differs: a tenth of a second."""
    return PublicSuffixList(accept_unknown=True)
