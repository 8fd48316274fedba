"""Is a mail taken for spam on the word of the filter that the admin named, and of nobody else?"""

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from rules_files import RULES, write

from maild.config.load import load
from maild.mail import Kind
from maild.reading import read
from maild.settings import Mailbox, SpamFilter
from maild.simulate.in_memory import InMemoryWorld
from maild.simulate.runner import run_scenario
from maild.threading.spam import FORMS, marked

STORY = """\
scenario: a mail that the filter has marked
start: 2026-11-23 09:00
steps:
- mail:
    from: dora@inconnu.example
    to: support@isybuy.example
    subject: Une offre
    text: Une offre
    headers: {{X-Spam: 'Yes'}}
  expect: {{verdict: {verdict}, tickets: {tickets}}}
"""
MICROSOFT = "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:FR;LANG:fr;SCL:5;SRV:;\r\n IPV:NLI;SFV:SPM;H:mx;CAT:SPM"


async def no_command(*_: Any) -> str:
    return ""


def kind_of(trusted: Any, *headers: str) -> Kind:
    raw = "\r\n".join((*headers, "From: alice@client-a.example", "Subject: Export", "", "Bonjour"))
    mailbox = Mailbox.model_validate({"address": "support@isybuy.example", "trust": {"spam": trusted}})
    mail = marked(read(raw.encode()), mailbox)
    assert mail.auto_respond is (mail.kind is Kind.MESSAGE)
    return mail.kind


@pytest.mark.parametrize(
    ("trusted", "header"),
    [
        ("spamassassin", "X-Spam-Flag: YES"),
        ("spamassassin", "X-Spam-Status: Yes, score=7.9 required=5.0 tests=BAYES_99"),
        ("rspamd", "X-Spam: Yes"),
        ("rspamd", "X-Rspamd-Action: add header"),
        ("microsoft", MICROSOFT),
        ("microsoft", "X-MS-Exchange-Organization-SCL: 6"),
        ("ovh", "X-Ovh-Spam-Status: SPAM"),
        ("ovh", "X-VR-SPAMSTATE: SPAM"),
        ("gandi", "X-GND-Status: SPAM"),
        ("ses", "X-SES-Spam-Verdict: FAIL"),
        ("bogofilter", "X-Bogosity: Spam, tests=bogofilter, spamicity=0.99"),
        (["rspamd", "ovh"], "X-VR-SPAMSTATE: SPAM"),
    ],
)
def test_the_named_filter_is_believed_and_no_other(trusted: Any, header: str) -> None:
    assert kind_of(trusted, header) is Kind.SPAM
    named = [trusted] if isinstance(trusted, str) else trusted
    others = [name for name in FORMS if name not in named and header.split(":")[0].lower() not in FORMS[name]]
    assert kind_of(others, header) is Kind.MESSAGE


@pytest.mark.parametrize(
    ("trusted", "header"),
    [
        ("spamassassin", "X-Spam-Flag: NO"),
        ("spamassassin", "X-Spam-Status: No, score=2.3 required=5.0"),
        ("rspamd", "X-Rspamd-Action: no action"),
        ("rspamd", "X-Rspamd-Action: greylist"),
        ("microsoft", MICROSOFT.replace("SFV:SPM", "SFV:NSPM")),
        ("microsoft", "X-MS-Exchange-Organization-SCL: -1"),
        ("microsoft", "X-MS-Exchange-Organization-SCL: 1"),
        ("gandi", "X-GND-Status: LEGIT"),
        ("ses", "X-SES-Spam-Verdict: PASS"),
        ("bogofilter", "X-Bogosity: Ham, tests=bogofilter"),
    ],
)
def test_a_mail_that_passed_the_filter_is_a_message(trusted: str, header: str) -> None:
    assert kind_of(trusted, header) is Kind.MESSAGE


def test_a_mark_of_a_server_on_the_way_does_not_outweigh_our_own_filter() -> None:
    assert kind_of("spamassassin", "X-Spam-Status: No, score=0.1", "X-Spam-Flag: YES") is Kind.MESSAGE


def test_a_marked_robot_stays_a_robot() -> None:
    assert kind_of("spamassassin", "X-Spam-Flag: YES", "Auto-Submitted: auto-replied") is Kind.AUTO_REPLY


def test_each_filter_that_may_be_named_has_its_form() -> None:
    assert set(get_args(SpamFilter)) == set(FORMS)


@pytest.mark.parametrize(
    ("trust", "verdict", "tickets"), [("trust:\n      spam: rspamd\n", "spam", 0), ("trust:\n", "new_ticket", 1)]
)
async def test_spam_opens_no_ticket_where_the_rules_name_the_filter(
    tmp_path: Path, trust: str, verdict: str, tickets: int
) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY.format(verdict=verdict, tickets=tickets), encoding="utf-8")
    rules = write(tmp_path, RULES.replace("trust:\n", trust))

    async def world(rules: Path, start: datetime) -> InMemoryWorld:
        return InMemoryWorld(load(rules), start, no_command)

    result = await run_scenario(story, rules, world)
    assert result.passed, result
