"""Values that several tests of pure code share: a desk, a keyring, tickets, mails. Built plainly, no magic."""

from datetime import UTC, datetime
from typing import Any

from maild.lifecycle import Status
from maild.mail import Address, ParsedMail
from maild.settings import Settings
from maild.threading.token import Key, Keyring
from maild.ticket import Participant, Role, Ticket

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, 9 h in Paris
RING = Keyring("test", (Key("7", b"k" * 32, datetime(2026, 11, 1, tzinfo=UTC)),))

ALICE = Participant(1, "alice@client-a.example", "Alice Durand", Role.CUSTOMER)
LEA = Participant(2, "lea@isybuy.example", "Léa Martin", Role.AGENT)


def settings(**changes: Any) -> Settings:
    """The desk of policies.md's cast, as small as it can be."""
    said: dict[str, Any] = {
        "version": 1,
        "site": {"name": "Support iSYBUY", "reference": "ISY", "key": {"env": "MAILD_KEY"}},
        "mailboxes": {
            "support": {"address": "support@isybuy.example", "trust": {"authserv_id": "mx.isybuy.example"}},
        },
        "admin": "admin@isybuy.example",
        "people": {
            "agents": [
                {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]},
                {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1"]},
            ],
            "customers": [{"address": "alice@client-a.example", "name": "Alice Durand"}],
        },
        "queues": {"support": {"team": "n1"}},
        "rules": [{"name": "all", "then": {"queue": "support", "assign": "least_loaded"}}],
        "waiting": [
            {"after": "2 days", "send": "relance"},
            {"after": "5 days", "send": "relance"},
            {"after": "10 days", "resolve": "no_answer"},
        ],
    }
    return Settings.model_validate(said | changes)


def ticket(number: int = 1042, **changes: Any) -> Ticket:
    """Alice's open ticket, assigned to Léa."""
    values: dict[str, Any] = {
        "subject": "Impossible d'exporter la facture",
        "mailbox": "support",
        "language": "fr",
        "status": Status.OPEN,
        "queue": "support",
        "assignee": LEA.key,
        "participants": (ALICE, LEA),
        "opened_at": NOW,
    }
    return Ticket(number, **(values | changes))


def mail(sender: str = "alice@client-a.example", **changes: Any) -> ParsedMail:
    """A mail from a person to the desk."""
    values: dict[str, Any] = {
        "subject": "Bonjour",
        "text": "Bonjour,\nvoici ma question.",
        "reply_text": "Bonjour,\nvoici ma question.",
        "to": (Address("support@isybuy.example"),),
        "message_id": "m1@client-a.example",
        "content_key": "c1",
    }
    return ParsedMail(Address(sender, "Alice Durand" if sender.startswith("alice") else ""), **(values | changes))
