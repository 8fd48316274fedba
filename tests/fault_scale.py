"""How many rounds does a fault test play? A share of the full count, unless MAILD_FAULT_SCALE asks for more."""

import os

SCALE = float(os.environ.get("MAILD_FAULT_SCALE", "1"))


def rounds(at_one: int) -> int:
    """So many, times MAILD_FAULT_SCALE; at least one."""
    return max(1, round(at_one * SCALE))
