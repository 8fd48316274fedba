"""What the admin said in rules.yaml, as frozen values. The schema of the file is these classes.

A key stands here only if some code obeys it (tests/unit/test_every_key_matters.py).
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from maild.mail import Secrecy, address_key, domain_of
from maild.settings.actions import Actions
from maild.settings.answers import Answer
from maild.settings.asks import Asks
from maild.settings.brands import Brand
from maild.settings.calendars import Calendar
from maild.settings.conditions import Condition, SenderTest, TextTest
from maild.settings.directory import Directory
from maild.settings.duration import Duration
from maild.settings.escalation import Escalation
from maild.settings.kinds import KindOfRequest
from maild.settings.knowledge import Article, Knowledge
from maild.settings.legacy import Legacy
from maild.settings.limits import Held, Limits
from maild.settings.lists import Entries, NamedList
from maild.settings.mail import Imap, Mailbox, Smtp, SpamMark, Trust
from maild.settings.needs import FieldNames, Need, known_fields, known_needs
from maild.settings.people import Absence, Agent, Customer, People
from maild.settings.priorities import Priorities
from maild.settings.promises import Policy, Promise
from maild.settings.rating import Rating
from maild.settings.read_from import ReadFrom
from maild.settings.reports import Report
from maild.settings.rules import Closing, Rule, WaitingStep
from maild.settings.secret import Secret
from maild.settings.site import Queue, Site, Store
from maild.settings.values import (
    MailAddress,
    SpamFilter,
    Text,
    Version,
)
from maild.settings.worklists import Worklist
from maild.ticket import Person

__all__ = [
    "Actions",
    "Agent",
    "Article",
    "Calendar",
    "Closing",
    "Condition",
    "Customer",
    "Duration",
    "Escalation",
    "FieldNames",
    "Held",
    "Imap",
    "Knowledge",
    "Legacy",
    "Limits",
    "Mailbox",
    "Need",
    "People",
    "Policy",
    "Priorities",
    "Promise",
    "Queue",
    "Rating",
    "Report",
    "Rule",
    "Secret",
    "SenderTest",
    "Settings",
    "Site",
    "Smtp",
    "SpamFilter",
    "SpamMark",
    "Store",
    "TextTest",
    "Trust",
    "WaitingStep",
    "Worklist",
]


class Settings(ReadFrom):
    """All of rules.yaml."""

    version: Version
    site: Site
    mailboxes: Annotated[dict[Text, Mailbox], Field(min_length=1)]
    brands: dict[Text, Brand] = Field(default_factory=dict)
    store: Store = Store()
    smtp: Smtp | None = None  # none: only for `maild simulate`
    admin: MailAddress
    alert_command: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None  # the program, its arguments
    limits: Limits = Limits()
    held: Held = Held()
    legacy: Legacy | None = None
    people: People
    queues: Annotated[dict[Text, Queue], Field(min_length=1)]
    calendars: dict[Text, Calendar] = Field(default_factory=dict)
    worklists: tuple[Worklist, ...] = ()
    lists: dict[Text, NamedList] = Field(default_factory=dict)
    fields: dict[Text, FieldNames] = Field(default_factory=dict)
    needs: dict[Text, Need] = Field(default_factory=dict)
    kinds: dict[Text, KindOfRequest] = Field(default_factory=dict)
    priorities: Priorities = Priorities()
    answers: dict[Text, Answer] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    sla: dict[Text, Policy] = Field(default_factory=dict)
    plans: dict[Text, Promise] = Field(default_factory=dict)
    escalation: Escalation | None = None
    reports: dict[Text, Report] = Field(default_factory=dict)
    waiting: tuple[WaitingStep, ...] = ()
    closing: Closing = Closing()
    rating: Rating | None = None  # none: nobody is asked for one
    repeats: Literal["join", "separate"] = "separate"  # a second request for the same unanswered problem
    knowledge: Knowledge = Knowledge()

    @cached_property
    def directory(self) -> Directory:
        """The people, indexed."""
        return Directory(self.people)

    @cached_property
    def every_field(self) -> Mapping[str, FieldNames]:
        """The fields that customers may state; of one that is known, what is not said stays as it is known."""
        known = known_fields()
        named = {name: known[name].changed_by(said) if name in known else said for name, said in self.fields.items()}
        return {**known, **named}

    @cached_property
    def every_need(self) -> Mapping[str, Need]:
        """What a rule may require."""
        return {**known_needs(), **self.needs}

    @cached_property
    def every_promise(self) -> tuple[tuple[str, Condition, Promise], ...]:
        """What is promised under which name, and to which tickets: of each target the first that applies counts."""
        to_plans = ((name, Condition(plan=(name,)), promise) for name, promise in self.plans.items())
        return (*((name, policy.if_, policy) for name, policy in self.sla.items()), *to_plans)

    def calendar_named(self, name: str | None = None) -> Calendar | None:
        """The calendar of that name, else the desk's own; None where there is none."""
        return self.calendars.get(name or self.site.calendar or next(iter(self.calendars), ""))

    def brand_of(self, mailbox: Mailbox) -> Brand | None:
        """The name under which the mails of that mailbox leave, where it is not the site's."""
        return self.brands.get(mailbox.brand) if mailbox.brand else None

    def list_named(self, name: str) -> Entries:
        """The entries of a list."""
        return cast(Entries, self.lists[name])

    @cached_property
    def asks(self) -> Asks:
        """What the rules ask for: whatever none of them asks for is not looked up."""
        return Asks(self.rules, self.needs.values())

    @property
    def agents(self) -> Mapping[str, Person]:
        """Agents by address in its compared form."""
        return self.directory.agents

    @property
    def customers(self) -> Mapping[str, Person]:
        """Known customers by address in its compared form, by each of their addresses."""
        return self.directory.customers

    def without_agents(self, keys: Collection[str]) -> "Settings":
        """The same desk without these agents (compared form); one stays, whatever is asked."""
        stay = tuple(a for a in self.people.agents if address_key(a.address) not in keys)
        if len(stay) == len(self.people.agents) or not stay:
            return self
        return self.with_parts({"people": self.people.model_copy(update={"agents": stay})}, self)

    def with_absences(self, absences: Mapping[str, tuple[date, date]]) -> "Settings":
        """The same desk, these agents (compared form) being away from a day to a day besides."""

        def away(agent: Agent) -> Agent:
            said = absences.get(address_key(agent.address))
            if said is None:
                return agent
            days = Absence.model_validate({"from": said[0], "to": said[1]})
            return agent.model_copy(update={"away": (*agent.away, days)})

        agents = tuple(map(away, self.people.agents))
        return self.with_parts({"people": self.people.model_copy(update={"agents": agents})}, self)

    def with_parts(self, parts: Mapping[str, Any], version: "Settings") -> "Settings":
        """The same with other blocks of the file, under the name of that version and read from its files."""
        copy = self.model_copy(update=dict(parts))
        for name in (
            "directory",
            "own_addresses",
            "old_addresses",
            "every_field",
            "every_need",
            "asks",
            "hides_in",
            "secrecy",
            "every_promise",
        ):
            copy.__dict__.pop(name, None)  # what was made of the old blocks
        copy.is_read_with(version)
        return copy

    def person(self, address: str) -> Person | None:
        """Whoever has exactly that address, agent or customer."""
        return self.directory.person(address)

    def who(self, address: str) -> Person | None:
        """The same, or somebody of the organisation whose domain it is."""
        return self.directory.who(address)

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Every address that leads back to us, in its compared form."""
        return frozenset(address_key(a) for m in self.mailboxes.values() for a in (m.address, *m.aliases))

    def mailbox_of(self, address: str) -> str | None:
        """The name of the mailbox that an address leads to, plus-address or not; None if it is not ours."""
        key = address_key(address)
        for name, box in self.mailboxes.items():
            for own in (box.address, *box.aliases):
                local, _, domain = address_key(own).partition("@")
                if domain != domain_of(key):
                    continue
                got = key.rpartition("@")[0]
                if got == local or (box.delimiter != "none" and got.startswith(local + box.delimiter)):
                    return name
        return None

    @cached_property
    def hides_in(self) -> str:
        """The language in which secrets are hidden where a mail shows none; '' where no rule says mask_secrets."""
        return self.site.language if any(rule.then.mask_secrets for rule in self.rules) else ""

    @cached_property
    def secrecy(self) -> Secrecy:
        """How mails are read: with their secrets hidden, from the rules alone where those only ask for some."""
        if self.hides_in or not self.asks.for_secrets:
            return Secrecy(self.hides_in)
        return Secrecy(self.site.language, is_for_rules_alone=True)

    @cached_property
    def old_addresses(self) -> frozenset[str]:
        """The addresses of the system before this one, in their compared form."""
        if self.legacy is None:
            return frozenset()
        return frozenset(map(address_key, (self.legacy.to, *(self.legacy.addresses or ()))))

    def team_of(self, queue: str) -> tuple[Person, ...]:
        """The agents who empty a queue, by name; everybody where it names no team."""
        team = self.queues[queue].team if queue in self.queues else None
        return self.members_of(team) if team else tuple(sorted(self.agents.values(), key=_by_name))

    def members_of(self, team: str) -> tuple[Person, ...]:
        """The agents of a team, by name."""
        return tuple(sorted((a for a in self.agents.values() if team in a.teams), key=_by_name))


def _by_name(agent: Person) -> str:
    return agent.address.name
