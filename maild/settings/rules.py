"""What the desk decides by itself: conditions, actions, and the steps of a wait."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from maild.settings.people import Relation, YesNo
from maild.settings.values import Addresses, Domains, Duration, Priority, Strict, Text, Words, a_list

Relations = Annotated[tuple[Relation, ...], BeforeValidator(a_list), Field(min_length=1)]


class TextTest(Strict):
    """A test of a text, without regard to case and accents. `contains` looks for whole words, whatever their ending."""

    contains: Words | None = None
    matches: Annotated[str, Field(min_length=1)] | None = None  # a regular expression (RE2)
    is_: Words | None = Field(None, alias="is")
    has_secret: bool | None = None  # a password, a key, a card, an IBAN

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty test; say one of: contains, matches, is, has_secret")
        return self


class SenderTest(Strict):
    """A test of who wrote."""

    address: Addresses | None = None
    domain: Domains | None = None  # .example.com: whatever is below it
    name: TextTest | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty test; say one of: address, domain, name")
        return self


class Condition(Strict):
    """Holds if each of its tests holds. An empty one always holds."""

    from_: SenderTest | None = Field(None, alias="from")
    subject: TextTest | None = None
    body: TextTest | None = None
    header: Annotated[dict[str, TextTest], Field(min_length=1)] | None = None
    mailbox: Words | None = None
    organisation: Words | None = None
    plan: Words | None = None
    relation: Relations | None = None
    account: YesNo | None = None
    any_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="any")
    all_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="all")
    not_: "Condition | None" = Field(None, alias="not")


class Actions(Strict):
    """What a rule does to the ticket that opens."""

    queue: Text | None = None
    type: Text | None = None
    priority: Priority | None = None
    tags: Words | None = None
    assign: Text | None = (
        None  # an agent's address, or least_loaded: the one of the queue's team with fewest open tickets
    )
    send: Words | None = None  # templates to the requester, besides the acknowledgement
    mask_secrets: bool = False  # for all mail of the desk: what is shown and sent shows none
    stop: bool = False  # no later rule is tried


class Rule(Strict):
    """If this, then that. `line` is where it stands in the file."""

    name: Text
    if_: Condition = Field(Condition(), alias="if")
    then: Actions

    _line: int = PrivateAttr(0)

    @property
    def line(self) -> int:
        """Its line in rules.yaml, from 1; 0 if it did not come from a file."""
        return self._line


def _or_never(value: Any) -> Any:
    return None if value == "never" else value


class Closing(Strict):
    """How long an ended ticket may be opened again by its customer."""

    after: Annotated[Duration | None, BeforeValidator(_or_never)] = Duration(count=14, unit="day")  # None: for ever


class WaitingStep(Strict):
    """What happens when a ticket has waited for the customer so long: a mail, or its end."""

    after: Duration
    send: Text | None = None
    resolve: Literal["no_answer"] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.send is None) == (self.resolve is None):
            raise ValueError("a step either sends a template (send: relance) or ends the ticket (resolve: no_answer)")
        return self
