"""What needs a person? A part of the daemon says it as a value; maild/watchman.py tells the admin, once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Concern:
    """A matter for the admin, as long as it lasts.

    `key` stays the same as long as it is the same matter, so that it is told once. `notice` is a slug that the template
    `admin_alert` words in each language; `details` are what its words need, in the order that they expect.
    """

    key: str
    notice: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A concern that has lasted long enough, and what the admin knows of it.

    `told_at` and `paged_at`: when a mail was last queued and when the command last ran for this key. What lies before
    `raised_at` was for an earlier time of the same matter.
    """

    concern: Concern
    raised_at: datetime  # since when it is so
    told_at: datetime | None = None
    paged_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def key(self) -> str:
        """That of the concern."""
        return self.concern.key

    @property
    def is_open(self) -> bool:
        """Whether it still is so."""
        return self.ended_at is None

    @property
    def is_told(self) -> bool:
        """Whether a mail was queued this time."""
        return self.told_at is not None and self.told_at >= self.raised_at

    @property
    def is_paged(self) -> bool:
        """Whether the command was run this time."""
        return self.paged_at is not None and self.paged_at >= self.raised_at
