"""Every key of a condition with a value for which a rule fires on one matter, and one for which it does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

from maild.decision import Deadline, Matter, Occasion
from maild.lifecycle import Status
from maild.mail import Address, Attachment, ParsedMail
from maild.ticket import Person, Ticket

ALICE = Person(
    Address("alice@client-a.example", "Alice Durand"),
    organisation="Client A",
    plans=("advanced",),
    relation="direct",
    has_account=True,
)
TEXT = "Il plante :\n1. ouvrir\n2. exporter\nProduit : Gestion\nLicence : 12-34"
MAIL = ParsedMail(
    ALICE.address,
    "Un bug",
    f"{TEXT}\n\n> Merci d'avance",
    TEXT,
    language="fr",
    headers=(("X-Kind", "form"),),
    attachments=(Attachment("ecran.png", "image/png", b"x" * 20_000),),
)
TICKET = Ticket(
    7,
    "Un bug",
    "support",
    "fr",
    Status.OPEN,
    queue="bugs",
    type="bug",
    product="Gestion",
    priority="high",
    impact="high",
    urgency="low",
    tags=("urgent",),
    rating="bad",
)
# A Monday, 9 h at the desk.
MATTER = Matter(
    Occasion.CUSTOMER_REPLIED,
    "support",
    datetime(2026, 11, 23, 9, tzinfo=UTC),
    MAIL,
    ALICE,
    TICKET,
    earlier_tickets=2,
    silence=timedelta(days=3),
    deadline=Deadline("first_response", 80, datetime(2026, 11, 23, 12, tzinfo=UTC)),
)
NAMES = {"header": "X-Kind", "field": "product"}  # what stands for `*` below

_TEXTS: dict[str, tuple[str, str]] = {
    "subject": ("un bug", "devis"),
    "body": ("plante", "merci"),
    "text": ("merci", "devis"),
    "from.name": ("alice", "bruno"),
    "header.*": ("form", "mail"),
    "field.*": ("gestion", "paie"),
    "attachment.name": ("ecran", "facture"),
}
_BODY, _ALL = " ".join(TEXT.split()), " ".join(MAIL.text.split())
_WHOLE = {"body": _BODY, "text": _ALL, "from.name": "Alice Durand", "attachment.name": "ecran.png"}
LISTS = {
    "customers": ["client-a.example"],
    "others": ["client-b.example"],
    "values": ["un bug", _BODY, _ALL, "Alice Durand", "form", "Gestion", "ecran.png"],
}

# path in the condition -> (a value that fits the matter, one that does not)
CONDITIONS: dict[str, tuple[Any, Any]] = {
    **{f"{at}.contains": values for at, values in _TEXTS.items()},
    **{f"{at}.matches": (values[0][:3], "^$") for at, values in _TEXTS.items()},
    **{f"{at}.is": (_WHOLE.get(at, values[0]), values[1]) for at, values in _TEXTS.items()},
    **{f"{at}.in": ("values", "others") for at in _TEXTS},
    **{f"{at}.has_secret": ("no", "yes") for at in _TEXTS},
    **{f"{at}.has_list": ("yes", "no") if at in ("body", "text") else ("no", "yes") for at in _TEXTS},
    "from.address": (ALICE.address.address, "b@c.example"),
    "from.domain": ("client-a.example", "client-b.example"),
    "from.in": ("customers", "others"),
    "subject.is_telling": ("yes", "no"),
    "field.*.is_there": ("yes", "no"),
    "attachment.type": ("image/*", "application/pdf"),
    "attachment.at_least": (1, 2),
    "has": (["product", "screenshot"], ["product", "version"]),
    "language": ("fr", "en"),
    "mailbox": ("support", "direct"),
    "brand": ("ibat", ["autre"]),
    "organisation": ("client a", "Client B"),
    "plan": (["contract", "advanced"], "standard"),
    "relation": ("direct", ["partner", "indirect"]),
    "account": ("yes", "no"),
    "earlier_tickets.at_least": (2, 3),
    "earlier_tickets.at_most": (2, 1),
    "target": ("first_response", ["resolution"]),
    "queue": ("bugs", "support"),
    "type": ("bug", "question"),
    "product": ("gestion", "Paie"),
    "priority": (["high", "critical"], "normal"),
    "impact": ("high", "low"),
    "urgency": ("low", "high"),
    "tag": ("urgent", "autre"),
    "status": ("open", ["pending", "resolved"]),
    "rating": (["good", "bad"], "good"),
    "silence": ("3 days", "4 days"),
    "time": ("08:30-09:01", ["09:01-12:00", "18:00-09:00"]),
    "day": ("mon-fri", ["sat", "sun"]),
    "any": ([{"mailbox": "direct"}, {"mailbox": "support"}], [{"mailbox": "direct"}]),
    "all": ([{"mailbox": "support"}], [{"mailbox": "direct"}, {"mailbox": "support"}]),
    "not": ({"mailbox": "direct"}, {"mailbox": "support"}),
}


def condition(path: str, value: Any) -> dict[str, Any]:
    """The condition that has that value at that path, and nothing besides."""
    said: Any = value
    steps = path.split(".")
    for at, step in reversed(list(enumerate(steps))):
        said = {NAMES[steps[at - 1]] if step == "*" else step: said}
    return said  # type: ignore[no-any-return]
