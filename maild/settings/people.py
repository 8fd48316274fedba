"""Who answers and who asks."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from maild.mail import Address
from maild.settings.values import (
    Addresses,
    Day,
    Domain,
    Language,
    MailAddress,
    Strict,
    Text,
    TextOrNothing,
    Words,
    an_address,
)

_CONTACT = re.compile(r"\s*([^<>\s][^<>]*?)\s*<([^<>]+)>\s*")
_YES_AND_NO = {"yes": True, "oui": True, "true": True, "no": False, "non": False, "false": False}


def yes_or_no(value: Any) -> Any:
    """What is written as yes or no, as a truth value."""
    if isinstance(value, bool):
        return value
    said = _YES_AND_NO.get(value.strip().lower()) if isinstance(value, str) else None
    if said is None:
        raise ValueError(f"'{value}' is neither yes nor no; write one of the two")
    return said


def _a_contact(value: str) -> str:
    match = _CONTACT.fullmatch(value)
    if match is None:
        raise ValueError(f"'{value}' is no contact; write it like Paul Leroy <paul.leroy@example.com>")
    an_address(match[2])
    return value


Relation = Literal["direct", "indirect", "partner"]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
Contact = Annotated[Text, AfterValidator(_a_contact)]


class Absence(Strict):
    """From a day to a day, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.first}")
        return self


class Agent(Strict):
    """Somebody who answers."""

    name: Text
    address: MailAddress
    teams: tuple[Text, ...] = ()
    language: Language | None = None
    away: tuple[Absence, ...] = ()  # no rule assigns them anything on these days


class Customer(Strict):
    """Somebody who asks and is known; with `domain` in place of `address`, everybody who writes from there."""

    address: MailAddress | None = None
    domain: Domain | None = None  # .example.com: whatever is below it
    name: TextOrNothing = ""
    organisation: TextOrNothing = ""
    plan: Words | None = None
    relation: Relation | None = None
    integrator: MailAddress | None = None
    language: Language | None = None
    account: YesNo | None = None
    contact: Contact | None = None
    also: Addresses | None = None  # further addresses of the same person

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.address is None) == (self.domain is None):
            raise ValueError("say who it is: an `address`, or the `domain` of everybody there, and only one of the two")
        if self.domain is not None and (self.also or self.name):
            raise ValueError("a domain is nobody's: `name` and `also` belong to a row with an address")
        return self

    @property
    def contact_address(self) -> Address | None:
        """The contact as an address with a name."""
        match = _CONTACT.fullmatch(self.contact or "")
        return Address(match[2], match[1]) if match else None


class People(Strict):
    """Who is who. `customers` and `organisations` are lists of the same rows, or {file: customers.csv} each; the loader
    turns a file into the list."""

    agents: Annotated[tuple[Agent, ...], Field(min_length=1)]
    customers: tuple[Customer, ...] = ()
    organisations: tuple[Customer, ...] = ()
    accounts: Literal["open", "required"] = "open"
    watchers: tuple[Text, ...] = ()  # organisations whose people in Cc of a colleague's own mail follow the request
