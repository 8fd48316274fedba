"""Who answers and who asks."""

from typing import Annotated

from pydantic import Field

from maild.settings.values import Language, MailAddress, Strict, Text, TextOrNothing


class Agent(Strict):
    """Somebody who answers."""

    name: Text
    address: MailAddress
    teams: tuple[Text, ...] = ()
    language: Language | None = None


class Customer(Strict):
    """Somebody who asks and is known."""

    address: MailAddress
    name: TextOrNothing = ""
    organisation: TextOrNothing = ""
    language: Language | None = None


class People(Strict):
    """Who is who. `customers` may be a list or {file: customers.csv}; the loader turns a file into the list."""

    agents: Annotated[tuple[Agent, ...], Field(min_length=1)]
    customers: tuple[Customer, ...] = ()
