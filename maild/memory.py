"""How does the process give memory back? By having large pieces of it mapped, and not cut from a heap that only grows.

glibc raises its limit for mapped pieces to the largest that was ever given back: after one large mail all others are
cut from the heap of whichever thread asks, and those heaps grow for hours by a few hundred kilobytes at a time.
"""

import ctypes

MAPPED_FROM = 128 * 1024  # octets: glibc's own limit at the start (mallopt(3)); set by hand it stays there
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_MOST_HEAPS = 2  # of all threads: few of them work at once, and each heap keeps what it once had


def keep_level() -> None:
    """To be called once, before threads begin. Where the C library knows nothing of it, nothing happens."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, MAPPED_FROM)
        mallopt(_M_ARENA_MAX, _MOST_HEAPS)
