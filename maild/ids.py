"""The only randomness."""

import random
import secrets


def new_key() -> bytes:
    """32 random bytes: a key to sign references with."""
    return secrets.token_bytes(32)


def new_instance() -> str:
    """The name of this installation inside signatures: two of them never accept each other's."""
    return secrets.token_hex(8)


def jitter(seconds: float, share: float = 0.1) -> float:
    """`seconds`, give or take a share of it, so that clients do not come back all at once."""
    return seconds * random.uniform(1 - share, 1 + share)
