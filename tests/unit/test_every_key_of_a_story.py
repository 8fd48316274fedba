"""Do the keys whose outcome is a mail change it? One story, played under rules.yaml and under a change of it."""

import asyncio
import email
import email.policy
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from rules_files import RULES, write

from maild.config.load import load
from maild.simulate.in_memory import InMemoryWorld
from maild.simulate.runner import run_scenario
from maild.simulate.world import SentMail

STORY = """\
scenario: a request, an answer that asks something, and no reply
start: 2026-11-23 09:00
steps:
- mail:
    from: dora@inconnu.example
    to: support@isybuy.example
    subject: '12345'
    text: '12345'
- mail:
    from: assignee
    answers: last to assignee
    text: |
      Quel est votre numéro de facture ?
      #pending
- wait: 12d
- mail:
    eml: nobody.eml
    to: support@isybuy.example
- wait: 2d
"""
NOBODY = "To: support@isybuy.example\nSubject: x\n\nx\n"  # without a sender it is quarantined, and the admin is told


async def _no_command(*_: Any) -> str:
    return ""


async def story(folder: Path, text: str) -> list[SentMail]:
    """Every mail of the story under these rules."""
    (folder / "story.yaml").write_text(STORY, encoding="utf-8")
    (folder / "nobody.eml").write_text(NOBODY, encoding="utf-8")
    mails: list[SentMail] = []

    class Recording(InMemoryWorld):
        async def close(self) -> None:
            mails.extend(await self.sent())
            await super().close()

    async def factory(rules: Path, start: datetime) -> InMemoryWorld:
        return Recording(load(rules), start, _no_command)

    result = await run_scenario(folder / "story.yaml", write(folder, text), factory)
    assert result.passed, result
    return mails


def _read(mail: SentMail) -> EmailMessage:
    message = email.message_from_bytes(mail.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _acknowledgement(mails: list[SentMail]) -> EmailMessage:
    return _read(next(m for m in mails if m.template == "acknowledgement"))


def _told(mails: list[SentMail]) -> list[tuple[str, str]]:
    return [(m.template, f"{m.queued_at:%m-%d %H}") for m in mails if m.to == "dora@inconnu.example"]


def _at(mails: list[SentMail], template: str) -> list[str]:
    return [f"{m.queued_at:%m-%d %H:%M}" for m in mails if m.template == template]


# key -> what is changed in rules.yaml, and the outcome that differs
CHANGES: dict[str, tuple[str, str, Callable[[list[SentMail]], Any]]] = {
    "site.name": ("name: Support iSYBUY", "name: Aide", lambda mails: _acknowledgement(mails)["From"]),
    "site.language": ("language: fr ", "language: en ", lambda mails: _acknowledgement(mails)["Subject"]),
    "site.timezone": ("Europe/Paris", "Asia/Tokyo", lambda mails: _acknowledgement(mails)["Date"]),
    "site.reference": ("reference: ISY", "reference: KAP", lambda mails: _acknowledgement(mails)["Subject"]),
    "site.reference_at": (
        "reference: ISY",
        "reference_at: start\n  reference: ISY",
        lambda mails: _acknowledgement(mails)["Subject"],
    ),
    "site.replies": (
        "reference: ISY",
        "replies: link\n  reference: ISY",
        lambda mails: _acknowledgement(mails)["Reply-To"],
    ),
    "mailboxes.*.name": (
        "    address: support@",
        "    name: Aide\n    address: support@",
        lambda mails: _acknowledgement(mails)["From"],
    ),
    "admin": ("admin: admin@", "admin: chef@", lambda mails: [m.to for m in mails if m.template == "admin_alert"]),
    "held.due": ("due: 4 hours", "due: 6 hours", lambda mails: _at(mails, "agent_notice")),
    "held.digest": ('digest: "08:00"', 'digest: "07:30"', lambda mails: _at(mails, "held_digest")),
    "held.to": (
        'digest: "08:00"',
        'digest: "08:00"\n  to: [lea@isybuy.example, nora@isybuy.example]\n ',
        lambda mails: [m.to for m in mails if m.template == "held_digest"],
    ),
    "waiting[].after": ("after: 5 days", "after: 6 days", _told),
    "waiting[].send": ("{after: 5 days, send: relance}", "{after: 5 days, send: acknowledgement}", _told),
    "waiting[].resolve": ("  - {after: 10 days, resolve: no_answer}\n", "", _told),
}


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> list[SentMail]:
    """The story under rules.yaml as it stands."""
    return asyncio.run(story(tmp_path_factory.mktemp("unchanged"), RULES))


@pytest.mark.parametrize("key", CHANGES)
async def test_the_key_changes_the_story(tmp_path: Path, key: str, unchanged: list[SentMail]) -> None:
    old, new, outcome = CHANGES[key]
    assert RULES.count(old) == 1
    before = outcome(unchanged)
    assert before
    assert outcome(await story(tmp_path, RULES.replace(old, new))) != before
