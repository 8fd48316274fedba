"""What needs a person? A part of the daemon says it as a value; maild/watchman.py tells the admin, once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concern:
    """A matter for the admin, as long as it lasts.

    `key` stays the same as long as it is the same matter, so that it is told once. `notice` is a slug that the template
    `admin_alert` words in each language; `details` are what its words need, in the order that they expect.
    """

    key: str
    notice: str
    details: tuple[str, ...] = ()
