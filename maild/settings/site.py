"""The desk as a whole: its name, its clock, where it keeps things, its baskets."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from maild.settings.secret import Secret
from maild.settings.values import FilePath, Language, Prefix, Strict, Text, Timezone


class Site(Strict):
    """The desk as a whole."""

    name: Text
    language: Language = "fr"
    timezone: Timezone = "Europe/Paris"
    reference: Prefix
    key: Secret
    calendar: Text | None = None  # the one that counts where no other is named; else the first
    reference_at: Literal["end", "start"] = "end"  # where in the Subject the reference stands
    replies: Literal["reference", "link"] = "reference"  # by what a customer's answer finds its ticket
    templates: FilePath = Path("templates")  # the desk's own templates, beside rules.yaml

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which people read the clock."""
        return ZoneInfo(self.timezone)


class Store(Strict):
    """Where everything is kept."""

    database: FilePath = Path("maild.db")
    files: FilePath = Path("mails")  # raw mails above 256 KiB


class Queue(Strict):
    """A basket of tickets and the team that empties it."""

    team: Text | None = None  # none: every agent
