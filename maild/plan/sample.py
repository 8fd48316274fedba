"""What would a mail by this template look like? One mail with everything in it that the template may name.

It is made as any mail of the desk is, with the desk's name, address and templates, for people who exist nowhere.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from maild.effects import QueueMail
from maild.lifecycle import Reason, Status
from maild.mail import Address
from maild.plan import letters
from maild.plan.asking import asked
from maild.plan.desk import number_of
from maild.plan.figures import Figures, Kept, Rated, Spread, Summary
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.links import links_for
from maild.plan.reporting import tables
from maild.ticket import Participant, Person, Role, Ticket
from maild.writing.links import LINKS, NAMES, mailto
from maild.writing.opening_hours import hours_in_words

_OF_AGENTS = ("agent_", "command_")  # but for `agent_reply`, which carries an agent's answer to the customer
_AT_LARGE = frozenset({"closure_notice"})  # to customers, and about no request
_OF_THE_DESK = ("admin_", "held_digest", "weekly_digest", "worklist", "sla_report")
_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "subject": "Impossible d’exporter la facture",
        "earlier": "Question sur les droits d’accès",
        "text": "Bonjour,\n\nQuel est le numéro de la facture ?\nEt quelle version utilisez-vous ?",
        "written": "Bonjour,\n\nL’export de la facture échoue depuis ce matin.\nMerci de votre aide.",
        "notice": "Un client attend depuis hier.",
        "says": "Ce partenaire suit votre installation.",
        "because": "Cette fonction ne fait pas partie du produit.",
        "clause": "conditions générales d’assistance, article 4",
        "line": "une ligne de ce que le message raconte",
        "remark": "Vous pouvez aussi nous appeler au 01 23 45 67 89.",
        "closure": "Fermeture annuelle du 24 décembre au 1er janvier inclus.",
        "file": "relevé.pdf",
        "called": "notre responsable du support",
        "called_next": "le service Relation clients",
    },
    "en": {
        "subject": "The invoice can’t be exported",
        "earlier": "A question on access rights",
        "text": "Hello,\n\nWhat is the number of the invoice?\nAnd which version do you use?",
        "written": "Hello,\n\nThe export of the invoice has failed since this morning.\nThank you for your help.",
        "notice": "A customer has been waiting since yesterday.",
        "says": "This partner looks after your installation.",
        "because": "This function is not part of the product.",
        "clause": "general terms of support, article 4",
        "line": "a line of what the mail tells",
        "remark": "You can also call us at 01 23 45 67 89.",
        "closure": "Closed for the holidays from 24 December to 1 January.",
        "file": "statement.pdf",
        "called": "our head of support",
        "called_next": "our customer relations",
    },
}
_OFFICE = (((540, 1080),),) * 5 + ((), ())  # where the desk has said no hours
_ENDED = {
    "resolved": (Status.RESOLVED, Reason.SOLVED),
    "resolved_no_answer": (Status.RESOLVED, Reason.NO_ANSWER),
    "declined": (Status.RESOLVED, Reason.DECLINED),
    "cancelled": (Status.CANCELLED, Reason.CANCELLED),
    "rating_request": (Status.RESOLVED, Reason.SOLVED),
    "rating_thanks": (Status.RESOLVED, Reason.SOLVED),
}
_FOLLOWING = frozenset({"follow_up_opened"})  # templates that speak of an earlier request
_ASKING = frozenset({"incomplete_request"})  # those that ask for what a request lacks
_REQUIRED, _INVITED = ("product", "version"), ("screenshot",)  # needs, where the desk's rules ask for none


def sample_mail(desk: Desk, template: str, language: str, mailbox: str, now: datetime) -> QueueMail:
    """The mail, as it would leave from that mailbox. LookupError where no folder has a template of that name."""
    ticket = _ticket(desk, mailbox, template, language, now)
    customer, agent = ticket.participants
    values = _values(desk, ticket, template, language, now)
    if template.startswith(_OF_THE_DESK) or template in _AT_LARGE:
        to = Address(customer.address, customer.name) if template in _AT_LARGE else Address(desk.settings.admin)
        return letters.to_address(
            desk,
            template,
            mailbox,
            to,
            owed_for="sample",
            now=now,
            automatic=AUTOMATIC,
            language=language,
            values=values,
        )
    site = desk.settings.site.model_copy(update={"language": language})
    speaking = desk.with_settings(desk.settings.with_parts({"site": site}, desk.settings))
    who = agent if _is_of_agents(template) else customer
    return letters.to_participant(
        speaking, template, ticket, who, owed_for="sample", now=now, automatic=AUTOMATIC, values=values
    )


def _is_of_agents(template: str) -> bool:
    return template.startswith(_OF_AGENTS) and template != "agent_reply"


def _ticket(desk: Desk, mailbox: str, template: str, language: str, now: datetime) -> Ticket:
    words = _WORDS[language]
    status, reason = _ENDED.get(template, (Status.PENDING, None))
    return Ticket(
        1042,
        words["subject"],
        mailbox,
        language,
        status=status,
        reason=reason,
        queue=next(iter(desk.settings.queues)),
        type="bug",
        priority="high",
        impact="high",
        urgency="medium",
        fields={"priority": "critical", "impact": "high", "urgency": "medium"},
        tags=("export",),
        participants=(
            Participant(1, "alice@client.example", "Alice Durand", Role.CUSTOMER),
            Participant(2, "lea@desk.example", "Léa Martin", Role.AGENT),
        ),
        opened_at=now - timedelta(days=2),
        last_answer=words["text"],
        answered_at=now - timedelta(days=1),
    )


def _values(desk: Desk, ticket: Ticket, template: str, language: str, now: datetime) -> dict[str, Any]:
    words, zone = _WORDS[language], desk.settings.site.zone
    customer, agent = ticket.participants
    writer = customer if _is_of_agents(template) else agent  # of the text that the mail carries
    local = now.astimezone(zone)
    links = _links(desk, ticket, agent if _is_of_agents(template) else customer, language)
    earlier = replace(ticket, number=1001, subject=words["earlier"])
    ends = tuple(SimpleNamespace(label=LINKS[language][n].label, link=links[n]) for n in ("release", "discard"))
    requests = [
        SimpleNamespace(
            subject=t.subject,
            reference_number=number_of(desk, t).strip("[]"),
            customer=customer.name,
            link=links["answer"],
            links=links,
        )
        for t in (ticket, earlier)
    ]
    mails = [SimpleNamespace(line=words["line"], ends=ends)]
    week = desk.settings.calendar_named()
    work = SimpleNamespace(
        number=ticket.number,
        subject=ticket.subject,
        customer=customer.name,
        organisation="Client",
        since=local - timedelta(days=2),
        due=local + timedelta(days=1),
        is_late=False,
        status=ticket.status.value,
        is_own=True,
        has="",
        links=_links(desk, ticket, agent, language),
    )
    said = SimpleNamespace(of=agent.name, at=local, text=words["line"], is_internal=True, is_cut=True)
    group = SimpleNamespace(name="weekend", closed_at=local - timedelta(days=3), requests=[work], more=0)
    article = SimpleNamespace(
        title=words["earlier"],
        link="https://aide.example/article",
        summary=words["line"],
        version="5",
        product="Gestion",
    )
    values: dict[str, Any] = {
        "articles": (article,),
        "article": article,
        "missing": (),
        "called": words["called"],
        "called_next": words["called_next"],
        "before": "normal",
        "invited": asked(desk.settings, _named_by_rules(desk, "invite") or _INVITED, language),
        "other_address": "alice.durand@home.example",
        "turn_to": Address("contact@integrateur.example", "Intégrateur Exemple"),
        "says": words["says"],
        "because": words["because"],
        "clause": words["clause"],
        "wrote_to": desk.settings.mailboxes[ticket.mailbox].address,
        "ordinary": desk.settings.mailboxes[ticket.mailbox].address,
        "rule": words["line"],
        "links": links,
        "text": words["written" if _is_of_agents(template) else "text"],
        "sender": Address(writer.address, writer.name),
        "customer": _person(customer, agent),
        "target": "first_response",
        "step": 80,
        "ended_at": None,
        "is_answered": False,
        "assignee": agent.name,
        "due": local + timedelta(days=1),
        "hours": hours_in_words(week.week if week else _OFFICE, language),
        "opens": local + timedelta(days=1),
        "closures": (words["closure"],),
        "remarks": (words["remark"],),
        "closed_from": local.date() + timedelta(days=14),
        "closed_to": local.date() + timedelta(days=21),
        "day": local.date(),
        "worklist": (group,),
        "answers": (SimpleNamespace(asked=words["line"], requests=[work], more=True, story=[said]),),
        "announced": local + timedelta(days=5),
        "announced_on": local - timedelta(days=5),
        "since": local - timedelta(hours=1),
        "requests": requests,
        "rating": "bad",
        "asks_more": True,
        "is_told": True,
        "told": agent.name,
        "handled_by": agent.name,
        "story": (SimpleNamespace(who=customer.name, at=local, text=words["written"], is_note=False),),
        "results": (words["line"],),
        "problems": (words["line"],),
        "details": (words["line"],),
        "commands": (("#note", words["line"]),),
        "attachments": (words["file"],),
        "states": [SimpleNamespace(name="list-in-hand", requests=requests)],
        "sections": [SimpleNamespace(title=words["earlier"], mails=mails)],
        "notice": words["notice"],
        "recorded": SimpleNamespace(by=Address(agent.address, agent.name), note=words["line"]),
        "last_day": local,
        "tables": tables(desk.settings, _summary(desk, now), language),
        "held": SimpleNamespace(
            number=77,
            subject=words["subject"],
            reason="",
            verdict="",
            doubt="",
            sender=Address(customer.address, customer.name),
            why=words["line"],
            ends=ends,
        ),
    }
    if template == "sla_report":
        values["since"] = local - timedelta(days=6)
    if template in _ASKING:
        values["missing"] = asked(desk.settings, _named_by_rules(desk, "require") or _REQUIRED, language)
        del links["new_request"]  # of a mail that joined an earlier request
    return values | ({"former": earlier, "notice": "closed"} if template in _FOLLOWING else {})


def _summary(desk: Desk, now: datetime) -> Summary:
    """Figures of a week, made up."""
    spread = Spread(37, timedelta(minutes=95), timedelta(hours=6, minutes=40))
    elapsed = replace(spread, median=timedelta(hours=3), ninetieth=timedelta(hours=26))
    kept = {"first_response": Kept(34, 3, 2), "next_response": Kept(21, 0, 1), "resolution": Kept(12, 5, 9)}
    total = Figures(
        41, {"declined": 2, "no_answer": 4, "solved": 31}, 3, 18, (4, 6, 5, 2, 1), kept, elapsed, spread, Rated(19, 2)
    )
    queues = tuple(desk.settings.queues)
    return Summary(now - timedelta(days=7), now, total, {"queue": dict.fromkeys(queues[:3], total)})


def _named_by_rules(desk: Desk, key: str) -> tuple[str, ...]:
    """The needs that stand under `require` or `invite`, each once, in the order of the file."""
    return tuple(dict.fromkeys(need for rule in desk.settings.rules for need in getattr(rule.then, key) or ()))


def _links(desk: Desk, ticket: Ticket, who: Participant, language: str) -> dict[str, str]:
    """Those that make sense, and for the others one that looks the same."""
    words = LINKS[language]
    other = {n: mailto(desk.settings.mailboxes[ticket.mailbox].address, words[n].subject, words[n].body) for n in NAMES}
    return {**other, **links_for(desk, ticket, who, language)}


def _person(customer: Participant, agent: Participant) -> Person:
    return Person(
        Address(customer.address, customer.name),
        organisation="Client",
        plans=("contract",),
        relation="direct",
        contact=Address(agent.address, agent.name),
    )
