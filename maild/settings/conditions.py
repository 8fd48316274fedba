"""What a rule may ask: tests of texts, of people, of the ticket, of the hour. A condition holds if each test does."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from maild.settings.duration import Elapsed
from maild.settings.people import Relation, YesNo
from maild.settings.values import (
    Addresses,
    Days,
    Domains,
    Language,
    Level,
    Number,
    Priority,
    Strict,
    Times,
    Words,
    a_list,
)

Relations = Annotated[tuple[Relation, ...], BeforeValidator(a_list), Field(min_length=1)]
Languages = Annotated[tuple[Language, ...], BeforeValidator(a_list), Field(min_length=1)]
Priorities = Annotated[tuple[Priority, ...], BeforeValidator(a_list), Field(min_length=1)]
Levels = Annotated[tuple[Level, ...], BeforeValidator(a_list), Field(min_length=1)]
Targets = Annotated[
    tuple[Literal["first_response", "next_response", "resolution"], ...], BeforeValidator(a_list), Field(min_length=1)
]
Status = Literal["new", "open", "pending", "on_hold", "resolved", "closed", "cancelled"]
Ratings = Annotated[tuple[Literal["good", "bad"], ...], BeforeValidator(a_list), Field(min_length=1)]
Statuses = Annotated[tuple[Status, ...], BeforeValidator(a_list), Field(min_length=1)]


class Asking(Strict):
    """Tests by name; those that are not written ask nothing."""

    @cached_property
    def asked(self) -> tuple[tuple[str, Any], ...]:
        """What is asked, in the order of the schema."""
        return tuple((name, v) for name in type(self).model_fields if (v := getattr(self, name)) is not None)


class _OneAtLeast(Asking):
    """A test that asks nothing is a slip."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"an empty test; say one of: {', '.join(_keys(type(self)))}")
        return self


def _keys(model: type[Strict]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


class TextTest(_OneAtLeast):
    """A test of a text, without regard to case and accents. `contains` looks for whole words, whatever their ending."""

    contains: Words | None = None
    matches: Annotated[str, Field(min_length=1)] | None = None  # a regular expression (RE2)
    is_: Words | None = Field(None, alias="is")
    in_: Words | None = Field(None, alias="in")  # lists of rules.yaml: `is` one of their entries
    has_secret: YesNo | None = None  # a password, a key, a card, an IBAN
    has_list: YesNo | None = None  # two or more lines that begin with a number


class SubjectTest(TextTest):
    """A test of the subject."""

    is_telling: YesNo | None = None  # whether it can name a matter: « Bonjour » can't


class FieldTest(TextTest):
    """A test of what the customer stated in a line `Name : value`."""

    is_there: YesNo | None = None


class SenderTest(_OneAtLeast):
    """A test of who wrote."""

    address: Addresses | None = None
    domain: Domains | None = None  # .example.com: whatever is below it
    name: TextTest | None = None
    in_: Words | None = Field(None, alias="in")  # lists of rules.yaml with addresses and domains


class AttachmentTest(_OneAtLeast):
    """A test of one attachment: holds if one of the mail's is so. What belongs to a signature counts for none."""

    type: Words | None = None  # a content type, such as application/pdf, or image/*
    name: TextTest | None = None
    at_least: Number | None = None  # how many are so


class Count(_OneAtLeast):
    """A test of a number."""

    at_least: Number | None = None
    at_most: Number | None = None


class Condition(Asking):
    """Holds if each of its tests holds. An empty one always holds."""

    mailbox: Words | None = None
    brand: Words | None = None  # of that mailbox
    from_: SenderTest | None = Field(None, alias="from")
    subject: SubjectTest | None = None
    body: TextTest | None = None  # what was newly written
    text: TextTest | None = None  # the whole text, quotes and signature too
    field: Annotated[dict[str, FieldTest], Field(min_length=1)] | None = None
    header: Annotated[dict[str, TextTest], Field(min_length=1)] | None = None
    attachment: AttachmentTest | None = None
    has: Words | None = None  # needs: each of these is there
    language: Languages | None = None
    organisation: Words | None = None
    plan: Words | None = None
    relation: Relations | None = None
    account: YesNo | None = None
    earlier_tickets: Count | None = None
    queue: Words | None = None  # as the rules above have said, like the next six
    type: Words | None = None
    product: Words | None = None
    priority: Priorities | None = None
    impact: Levels | None = None
    urgency: Levels | None = None
    tag: Words | None = None
    status: Statuses | None = None
    rating: Ratings | None = None
    silence: Elapsed | None = None  # so long or longer nothing was written
    target: Targets | None = None  # of a promised time that is told of
    time: Times | None = None
    day: Days | None = None
    any_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="any")
    all_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="all")
    not_: "Condition | None" = Field(None, alias="not")

    def within(self) -> "Iterator[Condition]":
        """This one and every condition in it."""
        yield self
        for inner in (*(self.any_ or ()), *(self.all_ or ()), *((self.not_,) if self.not_ else ())):
            yield from inner.within()
