"""Which articles go with the mails about a new request: those that may answer it, and the rules of its product."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from maild.decision import Decision
from maild.knowledge.asked import Asked, asked
from maild.knowledge.plain import LONGEST_LINE, LONGEST_PARAGRAPH, first_words, plain
from maild.knowledge.shelf import Found
from maild.mail import ParsedMail
from maild.plan.desk import Desk
from maild.rules.seen import body_of
from maild.settings import Article
from maild.settings.knowledge import PRODUCT_RULES
from maild.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as templates are given it. `link` is '' where it can be read nowhere but here."""

    title: str
    link: str
    summary: str  # its first words; more of them where there is no link
    version: str
    product: str


def request_of(mail: ParsedMail, language: str, decision: Decision | None = None) -> Asked:
    """What a mail asks, for a receiver of that language. `decision`: what the rules say of its product and version."""
    fields = decision.fields if decision else {}
    product = (decision.product if decision else "") or fields.get("product", "")
    return asked(mail.subject, body_of(mail), language, product, fields.get("version", ""))


def request_on(ticket: Ticket, text: str, language: str, decision: Decision) -> Asked:
    """The same of a ticket on which something has happened. `text`: what was newly written."""
    fields = {**ticket.fields, **decision.fields}
    product = decision.product or fields.get("product", "")
    return asked(ticket.subject, text, language, product, fields.get("version", ""))


def near(desk: Desk, request: Asked, most: int) -> tuple[Found, ...]:
    """The articles that come nearest to the request, whether they fit or not."""
    return desk.shelf.find(request, most)


def suggested(desk: Desk, request: Asked) -> tuple[Shown, ...]:
    """Those that an acknowledgement shows: none where none fits."""
    return tuple(
        _shown(desk, found.article) for found in near(desk, request, desk.settings.knowledge.most) if found.fits
    )


def rules_of_product(desk: Desk, request: Asked) -> tuple[Shown, str] | None:
    """The rules of support of the product that is asked about, and their text; None where it has none of its own."""
    article = desk.shelf.rules_for(request)
    return (_shown(desk, article), plain(article.text)) if article else None


def values_beside(desk: Desk, template: str, request: Asked, *, is_known: bool) -> Mapping[str, Any] | None:
    """What that template is given of the articles; None where the mail would have nothing to say and is not sent.

    The choice of articles repeats what was asked: only a known receiver is told (reliability, Decisions).
    """
    if template == "acknowledgement":
        return {"articles": suggested(desk, request)} if is_known else {}
    if template == PRODUCT_RULES:
        found = rules_of_product(desk, request)
        return {"article": found[0], "text": found[1]} if found else None
    return {}


def _shown(desk: Desk, article: Article) -> Shown:
    link = _link(desk, article)
    return Shown(
        title=article.title,
        link=link,
        summary=first_words(article.text, LONGEST_LINE if link else LONGEST_PARAGRAPH),
        version=", ".join(article.version or ()),
        product=", ".join(article.product or ()),
    )


def _link(desk: Desk, article: Article) -> str:
    """A whole address stands for itself; anything else follows `url`, and leads nowhere without it."""
    link, url = article.link or "", desk.settings.knowledge.url
    if "://" in link:
        return link
    return urljoin(url if url.endswith("/") else f"{url}/", link.lstrip("/")) if url and link else ""
