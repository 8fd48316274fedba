"""What a rule may do: to the ticket, to its requester, to the agents, and to whom else it concerns."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from maild.settings.values import (
    Addresses,
    Level,
    LocalText,
    Priority,
    Strict,
    Text,
    Words,
    a_list,
    an_address,
)

# Ways of choosing an agent. In their place an agent's address, or a team: the least loaded of it.
LEAST_LOADED, ROUND_ROBIN, SAME_AS_LAST = "least_loaded", "round_robin", "same_as_last"
SAME_FOR_ORGANISATION = "same_for_organisation"
WAYS = (LEAST_LOADED, ROUND_ROBIN, SAME_AS_LAST, SAME_FOR_ORGANISATION)
Taken = Annotated[
    tuple[Literal["type", "product", "priority", "impact", "urgency"], ...],
    BeforeValidator(a_list),
    Field(min_length=1),
]
INTEGRATOR, CONTACT = "integrator", "contact"
ASSIGNEE, TEAM, ADMIN = "assignee", "team", "admin"  # whom `notify` names without an address
NOTHING = "nothing"  # the acknowledgement that nobody gets


def whom(value: Any) -> Any:
    for said in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
        if isinstance(said, str) and said not in (INTEGRATOR, CONTACT):
            try:
                an_address(said)
            except ValueError:
                raise ValueError(f"'{said}' is nobody; write {INTEGRATOR}, {CONTACT}, or an address") from None
    return [value] if isinstance(value, str) else value


class Redirect(Strict):
    """The request is kept and no ticket is made of it: its sender is told to whom to turn."""

    to: Annotated[tuple[Text, ...], BeforeValidator(whom)] = ()  # the first who is known counts
    says: LocalText | None = None  # why, or what else to do

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.to and self.says is None:
            raise ValueError("an empty redirection; say to whom (to: integrator), or what to do (says: ...)")
        return self


class End(Strict):
    """The ticket ends as soon as it opens, and its requester is told why."""

    because: LocalText
    article: LocalText | None = None  # where the desk's own rules say so


class Actions(Strict):
    """What a rule does. Those below `stop` have a meaning only where a ticket opens."""

    queue: Text | None = None
    type: Text | None = None
    product: Text | None = None
    priority: Priority | None = None
    impact: Level | None = None
    urgency: Level | None = None
    take: Taken | None = None  # what the customer stated in these fields
    tags: Words | None = None
    assign: Words | None = None  # the first that gives an agent who is there
    send: Words | None = None  # templates to the requester, besides the acknowledgement
    forward: Addresses | None = None  # the request itself, with its reference
    notify: Words | None = None  # assignee, team, admin, the name of a team, or an address
    mask_secrets: bool = False  # for all mail of the desk: what is shown and sent shows none
    stop: bool = False  # no later rule is tried

    require: Words | None = None  # needs without which it waits
    invite: Words | None = None  # needs that are asked for and hold nothing
    say: LocalText | None = None  # a sentence more in the acknowledgement
    acknowledge: Text | None = None  # another template than the acknowledgement, or `nothing`
    redirect: Redirect | None = None
    refuse: End | None = None
    cancel: End | None = None

    @cached_property
    def said(self) -> tuple[tuple[str, Any], ...]:
        """What it does, in the order of the schema."""
        return tuple((name, v) for name in type(self).model_fields if (v := getattr(self, name)) is not None)


AT_OPENING = frozenset({"require", "invite", "say", "acknowledge", "redirect", "refuse", "cancel"})
