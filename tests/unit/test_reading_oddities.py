"""Each odd mail of tests/fixtures/oddities.yaml is read as its row says; a row names only what the oddity concerns."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from maild.mail import Address, Attachment, ParsedMail
from maild.reading import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROWS: dict[str, dict[str, Any]] = YAML(typ="safe").load(FIXTURES / "oddities.yaml")
TOLD = ("from", "reply_to", "subject", "date", "text", "html", "references", "attachments", "defects")


def person(address: Address | None) -> dict[str, str] | None:
    return {"name": address.name, "address": address.address} if address else None


def told(mail: ParsedMail) -> dict[str, Any]:
    """The mail in the words of the manifest."""
    return {
        "from": person(mail.sender),
        "reply_to": [person(address) for address in mail.reply_to],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text.rstrip(),
        "html": mail.html,
        "references": list(mail.references),
        "defects": list(mail.defects),
    }


def attached(attachment: Attachment, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the row asks of an attachment."""
    known = {
        "filename": attachment.filename,
        "type": attachment.content_type,
        "size": attachment.size,
        "inline": attachment.inline,
    }
    return {name: known[name] for name in wanted}


@pytest.mark.parametrize("name", ROWS)
def test_an_odd_mail_is_read_as_its_row_says(name: str) -> None:
    row = ROWS[name]
    mail = read((FIXTURES / "eml" / f"{name}.eml").read_bytes())
    found, wanted = told(mail), {key: row[key] for key in TOLD if key in row and key != "attachments"}
    assert {key: found[key] for key in wanted} == wanted
    if "attachments" in row:
        assert len(mail.attachments) == len(row["attachments"]), [a.filename for a in mail.attachments]
        assert [attached(a, w) for a, w in zip(mail.attachments, row["attachments"], strict=True)] == row["attachments"]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_is_odd_where_that_is_documented_and_what_is_read(name: str) -> None:
    row = ROWS[name]
    assert row["oddity"] and row["documented"]
    assert set(row) - {"oddity", "documented"} <= set(TOLD)
    assert len(row) > 2
