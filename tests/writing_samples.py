"""Values for every template: full ones, as a desk sends them, and the least that its occasion can have."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import maild
from maild.lifecycle import Reason, Status
from maild.mail import Address
from maild.ticket import Participant, Person, Role, Ticket
from maild.writing.links import LINKS, mailto
from maild.writing.render import Renderer
from maild.writing.tables import Cell, Table

TEMPLATES = Path(maild.__file__).parent / "templates"
CUSTOMERS = (
    *("acknowledgement", "agent_reply", "plain_reply_refused", "bad_reference_refused"),
    *("relance", "resolved", "resolved_no_answer", "account_required", "account_confirmation"),
    *("follow_up_opened", "repeat_joined", "forwarded", "product_rules", "password_warning"),
    *("relance", "resolved", "resolved_no_answer", "my_tickets"),
    *("incomplete_request", "redirected", "wrong_channel", "declined", "cancelled", "closure_notice"),
    *("incomplete_request", "redirected", "wrong_channel", "declined", "cancelled"),
    *("rating_request", "rating_thanks", "reminders_stopped", "reopened"),
    *("priority_changed", "priority_confirmed", "escalation_received"),
)
AGENTS = (
    *("agent_new_ticket", "agent_customer_reply", "agent_held_message", "agent_notice", "agent_sla_warning"),
    "agent_sla_breach",
    *("command_result", "command_refused", "admin_alert", "agent_assigned", "held_digest", "worklist", "sla_report"),
)
MARKERS = {
    "fr": "--- Répondez au-dessus de cette ligne ---",
    "en": "--- Please write your answer above this line ---",
}
PARIS = ZoneInfo("Europe/Paris")
REFERENCE = "[ISY-1042-1-70A5Q-EHX3-YV63]"
DUE = datetime(2026, 12, 14, 10, 30, tzinfo=PARIS)
ALICE = Participant(1, "alice@client-a.example", "Alice Durand", Role.CUSTOMER)
LEA = Participant(2, "lea@isybuy.example", "Léa Martin", Role.AGENT)
CUSTOMER = Person(
    Address("carl@client-c.example", "Carl Weber"),
    organisation="Client C",
    plans=("standard", "contract"),
    relation="indirect",
    integrator="hotline@integrateur.example",
    contact=Address("paul.leroy@isybuy.example", "Paul Leroy"),
)
# What the watchman tells: notice -> details, as the parts of the daemon give them.
ALERTS: dict[str, tuple[str, ...]] = {
    "mailbox-login": ("support", "NO [AUTHENTICATIONFAILED] Authentication failed."),
    "mailbox-down": ("support", "no connection to imap.isybuy.example:993: Connection refused"),
    "too-large": ("support", "INBOX", "512"),
    "unreadable": ("support", "INBOX", "513"),
    "not-filed": ("support", "Processed", "NO [OVERQUOTA] Quota exceeded"),
    "bytes-lost": ("support", "3"),
    "smtp-configuration": ("535 5.7.8 Authentication credentials invalid",),
    "smtp-down": ("no connection to smtp.isybuy.example:587: Connection refused",),
    "smtp-refuses-all": ("the server refuses every mail: 554 5.7.1 rejected",),
    "intake-failing": ("KeyError: 'support'",),
    "disk-full": ("/var/lib/maild/maild.db", "the database can't be used now: database or disk is full"),
    "database": ("/var/lib/maild/maild.db", "the database can't be used now: database is locked"),
    "disk-low": ("/var/lib/maild", "150"),
    "clock-ahead": ("365", "4"),
    "not-passed-on": ("ancien@kapisupport.example", "Re: [KAP #12345] Licence", "5.1.1 User unknown"),
    "loop": ("robot@bureau.example", "12", "held"),
    "answers-stopped": ("101", "10:30"),
    "audit-differences": ("support: UID 12 of Processed has no row", "support: mail 40 lies nowhere"),
    "template-failed": ("/etc/maild/templates/fr/relance.txt:4", "division by zero"),
    "rules-refused": ("/etc/maild/rules.yaml:41:5: error: unknown key 'quue'; did you mean 'queue'?",),
    "rules-wait": ("smtp.host", "store.database"),
    "agent-gone": ("marc@isybuy.example", "3"),
    "restored": ("3", "support"),
}
ARTICLES = (
    SimpleNamespace(
        title="Exporter une facture [PDF] *",
        link="https://aide.isybuy.example/fr/exporter-une-facture",
        summary="Ouvrez la facture, puis choisissez « Exporter ».",
        version="5",
        product="Themler",
    ),
    SimpleNamespace(title="Imprimer en lot", link="", summary="Cochez les documents.", version="", product="Artisteer"),
)
LOOK_ALIKE = SimpleNamespace(address="1ea@isybuy.example", of="lea@isybuy.example")
NEEDS = (
    SimpleNamespace(ask="les étapes qui mènent au problème", because="elles nous le montrent"),
    SimpleNamespace(ask="une capture d’écran", because=""),
)
TABLE = Table("Par file", ("reçues", "à temps"), [("n1", [Cell("12"), Cell("92 %", 0.92)])], "Les autres suivent.")
CHANNELS = {"wrote_to": "direct@isybuy.example", "ordinary": "support@isybuy.example"}
CLOSED = {  # what a mail says that is written while the desk is closed
    "hours": "du lundi au vendredi, de 9\u00a0h à 18\u00a0h",
    "opens": DUE,
    "closures": ("Fermeture annuelle du 24 décembre au 1er janvier.", "Pont de l’Ascension."),
}
CLOSURE = {"closed_from": date(2026, 12, 24), "closed_to": date(2027, 1, 1), "opens": DUE, "ordinary": "a@b.example"}
QUESTION = "Bonjour Madame,\n\nQuel est le numéro de la facture ?\nEt quelle version utilisez-vous ?"
TICKET = Ticket(
    1042,
    "Impossible d’exporter la facture",
    "support",
    "fr",
    Status.OPEN,
    queue="bugs",
    type="bug",
    priority="high",
    tags=("export", "facture"),
    participants=(ALICE, LEA),
    last_answer=QUESTION,
    linked_to=(1051, 1060),
)
QUALIFIED = replace(
    TICKET, priority="low", impact="high", fields={"priority": "high", "impact": "low", "urgency": "vite !"}
)
ESCALATION: dict[str, Any] = {"step": 1, "steps": 2, "by_customer": True, "is_given": False, "former": LEA}
BARE_TICKET = Ticket(
    1042, "", "support", "fr", participants=(Participant(1, "alice@client-a.example", "", Role.CUSTOMER),)
)


def links(language: str, *names: str) -> dict[str, str]:
    """The links of these names, as a desk makes them."""
    address = "support+1042-1-70a5qehx3yv63@isybuy.example"
    return {n: mailto(address, f"{LINKS[language][n].subject} {REFERENCE}", LINKS[language][n].body) for n in names}


def common(language: str) -> dict[str, Any]:
    """What every mail is given."""
    return {"site": "iSYBUY", "desk": "Support iSYBUY", "marker": MARKERS[language], "known": True}


def states(language: str) -> list[Any]:
    """A customer's requests by state, as a list of them is given."""
    waiting, open_, ended = (
        SimpleNamespace(subject=s, reference_number=f"ISY-{n}", links=dict.fromkeys(LINKS[language], "") | found)
        for s, n, found in (
            ("Impossible d’exporter la facture", 1042, links(language, "answer", "solved")),
            ("", 1051, links(language, "answer", "solved")),
            ("Question sur les droits", 1001, links(language, "answer", "reopen")),
        )
    )
    groups = (
        ("list-waiting", [waiting]),
        ("list-in-hand", [open_]),
        ("list-resolved", [ended]),
        ("list-closed", [ended]),
    )
    return [SimpleNamespace(name=name, requests=requests) for name, requests in groups]


def groups(language: str) -> list[Any]:
    """What an agent has to do: what came at the weekend, and the rest."""

    def work(number: int, **said: Any) -> Any:
        values = {
            "number": number,
            "subject": "Impossible d’exporter la facture",
            "customer": "Alice Durand",
            "organisation": "Client A",
            "since": DUE,
            "due": None,
            "is_late": False,
            "status": "open",
            "is_own": True,
            "has": "",
            "links": dict.fromkeys(LINKS[language], "") | links(language, "answer", "note", "wait", "resolve"),
        }
        return SimpleNamespace(**(values | said))

    weekend = [work(1042), work(1043, subject="a | b | c <td> *x*", organisation="", status="new", is_own=False)]
    rest = [work(1001, due=DUE, is_late=True), work(1002, due=DUE, is_own=False, has="Marc Petit")]
    return [
        SimpleNamespace(name="weekend", closed_at=DUE, requests=weekend, more=0),
        SimpleNamespace(name="others", closed_at=None, requests=rest, more=12),
    ]


def answers(language: str) -> list[Any]:
    """To an agent's questions: a list, a request with what was said on it, and nothing found."""
    found = groups(language)[1].requests
    said = [
        SimpleNamespace(of="Léa Martin", at=DUE, text="Vu avec Hugo.", is_internal=True, is_cut=False),
        SimpleNamespace(of="Alice Durand", at=DUE, text="*L’export* échoue.", is_internal=False, is_cut=True),
    ]
    return [
        SimpleNamespace(asked="Vos demandes", requests=found, more=True, story=[]),
        SimpleNamespace(asked="La demande 1001", requests=found[:1], more=False, story=said),
        SimpleNamespace(asked="Aucune demande", requests=[], more=False, story=[]),
    ]


def variants(template: str, language: str) -> dict[str, dict[str, Any]]:
    """Name of a variant -> its values. `full` and `bare` exist for every template."""
    base = common(language) | {"ticket": TICKET, "reference": REFERENCE, "name": "Alice Durand"}
    bare = {"desk": "Support", "ticket": BARE_TICKET}
    customer = links(language, "answer", "solved", "my_requests")
    rating = links(language, "rate_good", "rate_bad")
    customer_of_rules = links(language, "answer", "my_requests")
    agent = base | {"name": "Léa Martin", "links": links(language, "answer", "note", "wait", "resolve")}
    clock = {"step": 80, "due": DUE, "ended_at": None, "is_answered": False, "rule": "délais"}
    held = {"number": 77, "subject": "Re: Export", "sender": Address("dora@inconnu.example", "Dora")}
    url = links(language, "answer")["answer"]
    ends = (SimpleNamespace(label="Le faire entrer", link=url), SimpleNamespace(label="L’écarter", link=url))
    held |= {"why": "son expéditeur ne participe pas à la demande", "doubt": "", "ends": ends}
    lines = [
        SimpleNamespace(line="dora@inconnu.example, « Export »", ends=ends),
        SimpleNamespace(line="et 3 autres", ends=()),
    ]
    sections = [SimpleNamespace(title="Retenu : il ne porte pas de référence", mails=lines)]
    commands = (("#attente", "attend le client"), ("#résolu", "termine la demande"), ("#note", "note interne"))
    requests = [
        SimpleNamespace(
            subject=s, reference_number=f"ISY-{n}", link=links(language, "add_to_request")["add_to_request"]
        )
        for s, n in (("Impossible d’exporter la facture", 1042), ("Question sur les droits", 1051))
    ]
    given = [
        SimpleNamespace(
            subject=s, reference_number=f"ISY-{n}", customer="Alice Durand", link=links(language, "answer")["answer"]
        )
        for s, n in (("Impossible d’exporter la facture", 1042), ("", 1051))
    ]
    refused = {
        "full": common(language) | {"requests": requests, "links": links(language, "new_request")},
        "stranger": common(language) | {"known": False, "links": links(language, "new_request")},
        "by link": common(language) | {"by_link": True, "requests": requests, "links": links(language, "new_request")},
        "stranger by link": common(language)
        | {"by_link": True, "known": False, "links": links(language, "new_request")},
        "bare": {"desk": "Support"},
    }
    found: dict[str, dict[str, dict[str, Any]]] = {
        "acknowledgement": {
            "full": base | {"due": DUE, "links": customer},
            "by link": base | {"by_link": True, "links": customer},
            "stranger": base | {"known": False, "links": customer},
            "part": base | {"links": customer, "former": TICKET, "notice": "split"},
            "articles": base | {"due": DUE, "links": customer, "articles": ARTICLES},
            "one article": base | {"links": customer, "articles": ARTICLES[1:]},
            "invited": base | {"links": customer, "invited": NEEDS},
            "closed": base | {"links": customer, "due": DUE} | CLOSED,
            "announced": base | {"links": customer, "closures": CLOSED["closures"]},
            "no priority": base | {"links": customer | links(language, "escalate"), "unstated": ("priority",)},
            "bare": bare,
        },
        **{
            template: {
                "full": base
                | {"ticket": QUALIFIED, "before": "normal", "links": customer_of_rules | links(language, "escalate")},
                "not asked": base | {"before": "normal", "links": customer_of_rules},
                "by link": base | {"by_link": True, "ticket": QUALIFIED, "links": customer_of_rules},
                "bare": bare | {"before": "high"},
            }
            for template in ("priority_changed", "priority_confirmed")
        },
        "escalation_received": {
            "full": base | {"called": "le service Relation clients", "links": customer_of_rules}
            | {"since": DUE, "due": DUE, "called_next": "la direction"}
            | {"links": customer_of_rules | links(language, "escalate")},
            "last": base | {"called": "le service Relation clients", "links": customer_of_rules},
            "too soon": base
            | {"called": "notre responsable du support", "notice": "too-soon", "since": DUE, "due": DUE}
            | {"links": customer_of_rules | links(language, "escalate")},
            "ended": base | {"called": "le service Relation clients", "notice": "path-ended", "since": DUE},
            "stranger": base | {"known": False, "called": "le service Relation clients", "links": customer_of_rules},
            "by link": base | {"by_link": True, "called": "le service Relation clients", "links": customer_of_rules},
            "bare": bare | {"called": "Nora Blanc"},
        },
        "product_rules": {
            "full": base | {"links": customer_of_rules, "article": ARTICLES[0], "text": f"{QUESTION}\n\n- une vue"},
            "stranger": base | {"known": False, "article": ARTICLES[1], "text": "Sur le forum."},
            "by link": base
            | {"by_link": True, "links": customer_of_rules, "article": ARTICLES[0], "text": "Sur le forum."},
            "bare": bare | {"article": ARTICLES[1], "text": "Sur le forum."},
        },
        "incomplete_request": {
            "full": base | {"links": customer, "missing": NEEDS, "invited": NEEDS[1:]},
            "again": base | {"links": customer, "missing": NEEDS[:1], "is_again": True},
            "joined": base | {"links": customer | links(language, "new_request"), "missing": NEEDS, "is_again": True},
            "another subject": base | {"links": customer, "missing": NEEDS, "notice": "another-subject"},
            "by link": base | {"by_link": True, "links": customer, "missing": NEEDS},
            "stranger": base | {"known": False, "links": customer, "missing": NEEDS},
            "bare": bare | {"missing": NEEDS[:1]},
        },
        "redirected": {
            "full": common(language) | {"turn_to": CUSTOMER.contact, "says": "Il vous aidera.", "notice": "Devis"},
            "no name": common(language) | {"turn_to": Address("hotline@integrateur.example")},
            "ticket": base | {"says": "Son éditeur vous répondra."},
            "stranger": common(language) | {"known": False, "turn_to": CUSTOMER.contact},
            "bare": {"desk": "Support"},
        },
        "wrong_channel": {
            "full": base | {"links": customer, "due": DUE, "invited": NEEDS} | CHANNELS,
            "by link": base | {"by_link": True, "links": customer} | CHANNELS,
            "stranger": base | {"known": False, "links": customer} | CHANNELS,
            "closed": base | {"links": customer} | CHANNELS | CLOSED,
            "bare": bare | {"wrote_to": "direct@isybuy.example"},
        },
        **{
            template: {
                "full": base | {"text": "Bonjour,\nil en existe déjà une.", "sender": LEA, "attachments": ["vidéo.mp4"]}
                | {"links": links(language, "reopen", "my_requests")},
                "by rules": base | {"because": "Elle est hors contrat.", "clause": "article 4"}
                | {"links": links(language, "reopen")},
                "stranger": base | {"known": False, "because": "Elle est hors contrat."},
                "bare": bare | {"because": "Elle est hors contrat."},
            }
            for template in ("declined", "cancelled")
        },
        "follow_up_opened": {
            "full": base | {"due": DUE, "links": customer, "former": TICKET, "notice": "closed"},
            "another subject": base | {"links": customer, "former": TICKET, "notice": "another-subject"},
            "stranger": base | {"known": False, "links": customer, "former": TICKET, "notice": "closed"},
            "closed": base | {"links": customer, "former": TICKET, "notice": "closed"} | CLOSED,
            "bare": bare,
        },
        "repeat_joined": {
            "full": base | {"links": customer | links(language, "new_request")},
            "merged": base | {"links": customer, "former": TICKET},
            "closed": base | {"links": customer, "due": DUE} | CLOSED,
            "stranger": base | {"known": False, "links": customer | links(language, "new_request")},
            "bare": bare,
        },
        "closure_notice": {
            "full": common(language) | {"name": "Alice Durand", "says": "Fermeture annuelle."} | CLOSURE,
            "a day": common(language) | CLOSURE | {"closed_to": CLOSURE["closed_from"]},
            "bare": {"desk": "Support"} | CLOSURE,
        },
        "password_warning": {
            "full": base | {"links": links(language, "answer")},
            "by link": base | {"by_link": True, "links": links(language, "answer")},
            "stranger": base | {"known": False, "links": links(language, "answer")},
            "bare": bare,
        },
        "forwarded": {
            "full": base | {"links": links(language, "answer"), "text": f"Alice Durand\n{QUESTION}"},
            "passed on": common(language)
            | {"notice": "passed-on", "ticket": TICKET, "text": QUESTION, "sender": ALICE, "customer": CUSTOMER}
            | {"attachments": ["vidéo.mp4"], "unproved": True, "look_alike": LOOK_ALIKE},
            "bare": bare,
        },
        "account_required": {
            "full": common(language) | {"links": links(language, "request_account")},
            "stranger": common(language) | {"known": False, "links": links(language, "request_account")},
            "bare": {"desk": "Support"},
        },
        "account_confirmation": {
            "full": common(language) | {"name": "Alice Durand", "other_address": "alice@perso.example"}
            | {"links": links(language, "confirm_address")},
            "nameless": common(language) | {"other_address": "alice@perso.example"}
            | {"links": links(language, "confirm_address")},
            "bare": {"desk": "Support"},
        },
        "agent_assigned": {
            "full": agent | {"details": ("marc@isybuy.example",)},
            "several": common(language) | {"details": ("marc@isybuy.example",), "requests": given},
            "qualified": agent | {"ticket": QUALIFIED},
            "by a rule": agent | {"text": "Encore.", "sender": ALICE, "unproved": True, "look_alike": LOOK_ALIKE}
            | {"attachments": ["vidéo.mp4"]},
            "bare": bare,
        },
        "agent_reply": {
            "full": base | {"text": f"{QUESTION}\n\n  Facture -> Exporter", "sender": LEA, "links": customer}
            | {"attachments": ["relevé.pdf"]},
            "by link": base | {"by_link": True, "text": "Bonjour.", "links": customer},
            "priority changed": base
            | {"text": "Bonjour.", "links": customer, "qualified": "priority_changed", "ticket": QUALIFIED},
            "priority confirmed": base | {"text": "Bonjour.", "links": customer, "qualified": "priority_confirmed"},
            "bare": bare | {"text": "Bonjour."},
        },
        "rating_request": {
            "full": base | {"links": rating | links(language, "no_reminders")},
            "declined": base | {"links": rating, "ticket": replace(TICKET, reason=Reason.DECLINED)},
            "by link": base | {"by_link": True, "links": rating},
            "bare": bare | {"links": rating},
        },
        "rating_thanks": {
            "full": base | {"rating": "bad", "is_told": True, "told": "Nora Blanc", "asks_more": True}
            | {"links": links(language, "rate_bad", "reopen")},
            "good": base | {"rating": "good", "is_told": True, "told": "Nora Blanc"},
            "late": base | {"rating": "bad", "is_late": True},
            "by link": base | {"by_link": True, "rating": "bad", "asks_more": True}
            | {"links": links(language, "rate_bad")},
            "stranger": base | {"known": False, "rating": "bad", "asks_more": True}
            | {"links": links(language, "rate_bad")},
            "bare": bare | {"rating": "bad"},
        },
        "reminders_stopped": {
            "full": base,
            "stranger": base | {"known": False},
            "bare": bare,
        },
        "relance": {
            "refused": base | {"links": customer | links(language, "no_reminders")},
            "full": base | {"announced": DUE, "links": customer},
            "first": base | {"links": customer},
            "incomplete": base | {"links": customer, "missing": NEEDS},
            "incomplete, announced": base | {"announced": DUE, "links": customer, "missing": NEEDS},
            "by link": base | {"by_link": True, "announced": DUE, "links": customer},
            "bare": bare,
        },
        "reopened": {
            "full": base | {"links": customer_of_rules},
            "stranger": base | {"known": False, "links": customer_of_rules},
            "by link": base | {"by_link": True, "links": customer_of_rules},
            "bare": bare,
        },
        "resolved": {
            "full": base | {"text": "Bonjour,\nc’est corrigé.", "sender": LEA}
            | {"links": links(language, "reopen", "my_requests")},
            "by link": base | {"by_link": True, "links": links(language, "reopen", "my_requests")},
            "wordless": base | {"links": links(language, "reopen")},
            "bare": bare,
        },
        "resolved_no_answer": {
            "full": base | {"announced_on": DUE, "links": links(language, "reopen")},
            "bare": bare,
        },
        "my_tickets": {
            "full": common(language) | {"name": "Alice Durand", "states": states(language), "shown": 50},
            "stranger": common(language) | {"known": False, "states": states(language)},
            "bare": {"desk": "Support"},
        },
        "plain_reply_refused": refused,
        "bad_reference_refused": refused,
        "agent_new_ticket": {
            "full": agent | {"text": "Bonjour,\n\nl’export échoue.\n> cité", "due": DUE, "attachments": ["vidéo.mp4"]}
            | {"customer": CUSTOMER},
            **{
                why: agent | {"text": "Encore.", "former": TICKET, "notice": why}
                for why in ("closed", "another-subject", "split")
            },
            "qualified": agent
            | {"text": "Il plante.", "ticket": QUALIFIED, "links": agent["links"] | links(language, "confirm")},
            "whole": agent | {"text": "Il plante.", "additions": ["1. Ouvrir", "2. Exporter"]},
            "recorded": agent
            | {"text": "Au téléphone : l’export échoue.", "ticket": replace(TICKET, channel="téléphone")}
            | {"recorded": {"by": LEA, "note": "Elle rappellera demain."}},
            "unasked": agent | {"text": "Il plante.", "unasked": [{"fr": "la version", "en": "the version"}]},
            "bare": bare,
        },
        "agent_customer_reply": {
            "full": agent | {"text": "La version 4.2.", "sender": ALICE, "attachments": ["a.log"]}
            | {"results": ["Demande rouverte."]},
            "going up": agent | {"text": "C’est pire.", "ticket": QUALIFIED}
            | {"going_up": {"called": {"fr": "le service Relation clients", "en": "relations"}, "assign": True}},
            "bare": bare,
        },
        "agent_held_message": {
            "full": agent | {"held": SimpleNamespace(**held, reason="not-a-participant", verdict="stranger")}
            | {"text": "Moi aussi.", "details": ["Adresse inconnue."], "attachments": ["b.log"]},
            "unsigned": common(language) | {"name": "Léa Martin"}
            | {"held": SimpleNamespace(**held, reason="proof-none", verdict="unsigned_agent")},
            "account": common(language) | {"text": "Mon collègue en a un.", "other_address": ALICE.address}
            | {"held": SimpleNamespace(**held, reason="account-asked", verdict="unknown_sender")},
            **{
                doubt: common(language)
                | {"held": SimpleNamespace(**(held | {"doubt": doubt}), reason="x", verdict="spoof_suspect")}
                | {"text": "Ici."}
                for doubt in ("failed", "unproved")
            },
            "bare": {
                "held": SimpleNamespace(
                    **(held | {"number": 0, "subject": "", "why": "", "ends": ()}), reason="", verdict=""
                )
            },
        },
        "held_digest": {
            "full": common(language) | {"sections": sections, "details": ["3 en boucle"]},
            "held": common(language) | {"sections": sections},
            "loops": common(language) | {"details": ["3 en boucle"]},
            "bare": {"desk": "Support"},
        },
        "worklist": {
            "full": common(language) | {"name": "Léa Martin", "day": DUE.date(), "worklist": groups(language)},
            "others": common(language) | {"day": DUE.date(), "worklist": groups(language)[1:]},
            "bare": {"desk": "Support", "day": DUE.date(), "worklist": groups(language)[:1]},
        },
        "sla_report": {
            "full": common(language) | {"since": DUE, "last_day": DUE, "tables": [TABLE]},
            "bare": {"desk": "Support"},
        },
        **{
            f"agent_sla_{told}": {
                "full": agent | clock | {"target": "first_response", "assignee": "Léa Martin", "customer": CUSTOMER},
                "next": agent | clock | {"target": "next_response"},
                "resolution": agent | clock | {"target": "resolution"},
                "bare": bare | clock | {"target": "first_response"},
                "late": agent | clock | {"target": "first_response", "ended_at": DUE, "is_answered": True},
                "without it": agent | clock | {"target": "next_response", "ended_at": DUE},
                "ended": agent | clock | {"target": "resolution", "ended_at": DUE},
            }
            for told in ("warning", "breach")
        },
        "agent_notice": {
            "full": agent | {"notice": "Le client demande une escalade.", "details": ["Depuis hier."], "text": "Vite."},
            "added": agent | {"notice": "added"},
            "undeliverable": agent | {"notice": "undeliverable", "sender": ALICE, "details": ["5.1.1 User unknown"]},
            "said to fail": agent | {"notice": "said-to-fail", "sender": ALICE, "details": ["5.1.1 User unknown"]},
            "undelivered": agent
            | {"notice": "undelivered", "sender": ALICE, "details": ["le serveur l’a refusé", "Objet", "550 5.7.1 no"]},
            "unconfirmed": agent
            | {"notice": "unconfirmed", "sender": ALICE, "details": ["il a été envoyé deux fois", "Objet", "eof"]},
            "overdue": common(language) | {"notice": "held-overdue", "sections": sections},
            "by a rule": agent
            | {"notice": "rule-reopened", "rule": "clients importants", "text": "Encore.", "sender": ALICE}
            | {"customer": CUSTOMER, "unproved": True, "look_alike": LOOK_ALIKE, "attachments": ["vidéo.mp4"]},
            "by a rule, to others": common(language)
            | {"notice": "rule-opened", "rule": "sans abonnement", "ticket": TICKET, "customer": CUSTOMER},
            "refused by a rule": agent
            | {"notice": "rule-refuse", "rule": "saisie", "ended": {"how": "refuse", "rule": "saisie", "subject": "x"}}
            | {"text": "Merci.", "sender": ALICE, "customer": CUSTOMER, "attachments": ["vidéo.mp4"]},
            "redirected by a rule": common(language)
            | {"notice": "rule-redirect", "rule": "a", "ended": {"how": "redirect", "rule": "b", "subject": "Facture"}}
            | {"sender": ALICE, "text": "Merci.", "customer": CUSTOMER, "attachments": ["vidéo.mp4"], "unproved": True},
            "rated": agent | {"notice": "rated-bad", "sender": ALICE, "text": "Trop lent.", "handled_by": "Léa Martin"}
            | {"unproved": True, "is_late": True, "attachments": ["vidéo.mp4"]},
            "rated, without a word": agent | {"notice": "rated-bad", "sender": ALICE},
            "rated, to others": common(language) | {"notice": "rated-bad", "sender": ALICE, "ticket": TICKET},
            "escalated": agent
            | {"notice": "escalated", "sender": ALICE, "customer": CUSTOMER, "ticket": QUALIFIED, "text": "Vite."}
            | {"escalation": ESCALATION | {"is_given": True}, "unproved": True, "look_alike": LOOK_ALIKE},
            "escalated by an agent": agent
            | {"notice": "escalated", "sender": LEA, "escalation": ESCALATION | {"by_customer": False, "former": None}},
            "escalated, to others": common(language)
            | {"notice": "escalated", "sender": ALICE, "ticket": TICKET, "escalation": ESCALATION, "text": "Vite."},
            "bare": {"notice": "Bonjour"},
        },
        "command_result": {
            "full": agent | {"results": ["La demande attend."], "problems": ["Rien d’autre."], "commands": commands}
            | {"details": ["ISY-1042, en cours"]},
            "questions": common(language) | {"answers": answers(language)},
            "bare": {"desk": "Support"},
        },
        "command_refused": {
            "full": agent | {"problems": ["La ligne « #pendng » n’est pas une commande ; vouliez-vous « #pending » ?"]}
            | {"text": f"{QUESTION}\n\n#pendng", "commands": commands}
            | {"attachments": ["a.pdf"], "results": ["La note est gardée."]},
            "held": common(language) | {"held": SimpleNamespace(**held, reason="x", verdict="stranger")}
            | {"problems": ["Dites ce qu’il doit devenir."], "text": "Bonjour", "commands": commands},
            "bare": {"desk": "Support"},
        },
        "admin_alert": {
            "full": common(language) | {"notice": "Les règles n’ont pas été relues.", "details": ["rules.yaml"]}
            | {"problems": ["rules.yaml:3:1: error"], "text": "trace\n  fin"},
            "quarantined": common(language) | {"notice": "quarantined", "details": ["no-sender", "12"]},
            "bare": {"site": "iSYBUY"},
            **{
                notice: common(language) | {"notice": notice, "details": details, "since": DUE}
                for notice, details in ALERTS.items()
            },
        },
    }  # fmt: skip
    return found[template]


def renderer() -> Renderer:
    """The shipped templates."""
    return Renderer([TEMPLATES])
