"""What must become true of a person, beside any ticket: their account, their wishes, their absence, a block."""

from dataclasses import dataclass
from datetime import date

from maild.mail import Address


@dataclass(frozen=True, slots=True)
class AddAccount:
    """An address has an account from now on, or is a further one of its owner's; mails that waited for it go on."""

    address: Address
    person: str = ""  # the owner's first address in compared form; '' for an account of its own
    by: str = ""


@dataclass(frozen=True, slots=True)
class OptOut:
    """An address gets no reminders and no requests for a rating from now on."""

    key: str  # compared form
    by: str


@dataclass(frozen=True, slots=True)
class OptIn:
    """It gets them again."""

    key: str


@dataclass(frozen=True, slots=True)
class SetAbsence:
    """An agent is away from a day to a day, both included; what they said before no longer counts."""

    key: str  # compared form
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """An agent is back: what they said of being away no longer counts."""

    key: str


@dataclass(frozen=True, slots=True)
class EndAgent:
    """An agent has left: none of their references counts any more, on any ticket."""

    key: str


@dataclass(frozen=True, slots=True)
class Block:
    """Mail from that address, or from that domain and those below it, leads to nothing from now on."""

    key: str  # compared form
    by: str


@dataclass(frozen=True, slots=True)
class Unblock:
    """It leads to something again."""

    key: str
