"""Is a mail taken for spam on the word of the filter that the admin named, and of nobody else?"""

from collections.abc import Sequence
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


BORDER = "Received: from out.client-a.example by mx.isybuy.example; Mon, 30 Nov 2026 10:00:00 +0000"
BARRACUDA = {"header": "X-Barracuda-Spam-Flag", "value": "yes"}


async def no_command(*_: Any) -> str:
    return ""


def box(trusted: Any, internal: Sequence[str] = ()) -> Mailbox:
    trust = {"spam": trusted, "internal": internal}
    return Mailbox.model_validate({"address": "support@isybuy.example", "trust": trust})


def kind_of(trusted: Any, *headers: str, internal: Sequence[str] = ()) -> Kind:
    """Of a mail that came over our border; what is given stands above it, what comes after BORDER below."""
    head = headers if BORDER in headers else (*headers, BORDER)
    raw = "\r\n".join((*head, "From: alice@client-a.example", "Subject: Export", "", "Bonjour"))
    mail = marked(read(raw.encode()), box(trusted, internal))
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
        ("microsoft", MICROSOFT.replace("SFV:SPM", "SFV:BLK")),
        ("microsoft", MICROSOFT.replace("SFV:SPM;", "").replace("CAT:SPM", "CAT:SPOOF")),  # by its SCL
        (
            "microsoft",
            MICROSOFT.replace("SFV:SPM", "SFV:NSPM").replace("SCL:5", "SCL:1").replace("CAT:SPM", "CAT:HPHSH"),
        ),
        ("microsoft", "X-MS-Exchange-Organization-SCL: 6"),
        ("ovh", "X-Ovh-Spam-Status: SPAM"),
        ("ovh", "X-VR-SPAMSTATE: SPAM"),
        ("ovh", "X-VR-SPAMSTATE: PHISHING"),
        ("gandi", "X-GND-Status: SPAM"),
        ("gandi", "X-GND-Status: MALWARE"),
        ("ses", "X-SES-Spam-Verdict: FAIL"),
        ("ses", "X-SES-Virus-Verdict: FAIL"),
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
        ("spamassassin", "X-Spam-Flag:"),
        ("rspamd", "X-Rspamd-Action: no action"),
        ("rspamd", "X-Rspamd-Action: greylist"),
        ("rspamd", "X-Spam: perhaps"),
        ("microsoft", "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:1;SFV:NSPM;H:mx;CAT:NONE"),
        ("microsoft", MICROSOFT.replace("SFV:SPM", "SFV:SKN")),  # let through by a rule
        ("microsoft", MICROSOFT.replace("SFV:SPM", "SFV:SKQ")),  # let out of the quarantine
        ("microsoft", MICROSOFT + ";DIR:OUT;SFP:1102"),  # of what somebody sent
        ("microsoft", "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;H:mail.SFV:SPM.example;PTR:x;CAT:NONE"),
        ("microsoft", "X-MS-Exchange-Organization-SCL: -1"),
        ("microsoft", "X-MS-Exchange-Organization-SCL: 1"),
        ("gandi", "X-GND-Status: LEGIT"),
        ("ovh", "X-VR-SPAMSTATE: OK"),
        ("ses", "X-SES-Spam-Verdict: PASS"),
        ("ses", "X-SES-Spam-Verdict: PROCESSING_FAILED"),
        ("bogofilter", "X-Bogosity: Ham, tests=bogofilter"),
    ],
)
def test_a_mail_that_passed_the_filter_is_a_message(trusted: str, header: str) -> None:
    assert kind_of(trusted, header) is Kind.MESSAGE


@pytest.mark.parametrize(
    ("trusted", "header"),
    [
        ("spamassassin", "X-Spam-Flag: YES"),
        ("spamassassin", "X-Spam-Status: Yes, score=6.1 required=5.0"),
        ("rspamd", "X-Spam-Flag: YES"),
        ("rspamd", "X-Spam-Status: Yes, score=6.1"),
        ("rspamd", "X-Rspamd-Action: add header"),
        ("gandi", "X-GND-Status: SPAM"),  # Gandi marks what its own users send
        ("ovh", "X-VR-SPAMSTATE: SPAM"),
        ("ses", "X-SES-Spam-Verdict: FAIL"),
        (BARRACUDA, "X-Barracuda-Spam-Flag: YES"),
    ],
)
def test_the_mark_of_the_customers_own_relay_loses_no_mail(trusted: Any, header: str) -> None:
    trusted = [trusted] if isinstance(trusted, dict) else trusted
    assert kind_of(trusted, BORDER, header) is Kind.MESSAGE
    assert kind_of(trusted, BORDER, header, "Received: from laptop by out.client-a.example; today") is Kind.MESSAGE


@pytest.mark.parametrize(
    ("trusted", "ours", "theirs"),
    [
        ("rspamd", "X-Spam: Yes", "X-Spam-Flag: NO"),
        ("rspamd", "X-Spam: Yes", "X-Spam-Status:"),
        ("microsoft", MICROSOFT, "X-MS-Exchange-Organization-SCL: 1"),
        ("ovh", "X-Ovh-Spam-Status: SPAM", "X-VR-SPAMSTATE: OK"),
        ("spamassassin", "X-Spam-Flag: YES", "X-Spam-Flag: NO"),
        ([BARRACUDA], "X-Barracuda-Spam-Flag: YES", "X-Barracuda-Spam-Flag: no"),
    ],
)
def test_no_sender_clears_themselves(trusted: Any, ours: str, theirs: str) -> None:
    assert kind_of(trusted, ours, BORDER, theirs) is Kind.SPAM


@pytest.mark.parametrize(
    ("trusted", "header", "clean"),
    [
        ("rspamd", "X-Spam: Yes", "no"),
        ("bogofilter", "X-Bogosity: Spam, tests=bogofilter", "Ham"),
        ("microsoft", MICROSOFT, "SCL:1;SFV:NSPM;CAT:NONE"),
        ([BARRACUDA | {"anywhere": True}], "X-Barracuda-Spam-Flag: YES", "NO"),
        ([{"header": "X-Spam-Score", "at_least": 5, "anywhere": True}], "X-Spam-Score: 7.1", "1.0"),
    ],
)
def test_what_a_filter_takes_away_from_others_is_its_own_word_wherever_it_stands(
    trusted: Any, header: str, clean: str
) -> None:
    name = header.partition(":")[0]
    assert kind_of(trusted, BORDER, "X-Mailer: x", header) is Kind.SPAM
    assert kind_of(trusted, BORDER, f"{name}: {clean}", header) is Kind.SPAM, "it writes its own last"
    assert kind_of(trusted, BORDER, header, f"{name}: {clean}") is Kind.MESSAGE
    assert kind_of(trusted, BORDER, header, f"{name}:") is Kind.SPAM, "an empty one says nothing"


def test_a_report_of_what_somebody_sent_clears_nothing() -> None:
    sent = "X-Forefront-Antispam-Report: CIP:255.255.255.255;SCL:1;SFV:NSPM;H:x;CAT:NONE;DIR:OUT;SFP:1102;"
    assert kind_of("microsoft", MICROSOFT, BORDER, sent) is Kind.SPAM


def test_our_relays_may_stand_between() -> None:
    """amavis: it hands the mail back to the server, whose line comes on top of the marks."""
    back = "Received: from localhost by mx.isybuy.example with ESMTP; today"
    marks = (back, "X-Spam-Flag: YES", "Received: from mx.isybuy.example by localhost (amavis); today", BORDER)
    assert kind_of("spamassassin", *marks) is Kind.MESSAGE
    assert kind_of("spamassassin", *marks, internal=["mx.isybuy.example"]) is Kind.SPAM


@pytest.mark.parametrize(
    ("mark", "value", "is_spam"),
    [
        (BARRACUDA, "YES", True),
        (BARRACUDA, "Yes, SCORE=6.2", True),
        (BARRACUDA, "NO", False),
        (BARRACUDA, "yesterday", False),
        (BARRACUDA, "", False),
        ({"header": "X-VADE-SPAMSTATE", "value": ["spam", "phishing"]}, "spam:low", True),
        ({"header": "X-VADE-SPAMSTATE", "value": ["spam", "phishing"]}, "Phishing", True),
        ({"header": "X-VADE-SPAMSTATE", "value": ["spam", "phishing"]}, "clean", False),
        ({"header": "Subject", "value": "[SPAM]"}, "[SPAM] Export", True),
        ({"header": "Subject", "value": "[SPAM]"}, "[SPAM]Export", True),
        ({"header": "Subject", "value": "[SPAM]"}, "Re: [SPAM] Export", False),
        ({"header": "X-Spam-Score", "at_least": 5}, "9.1", True),
        ({"header": "X-Spam-Score", "at_least": 5}, "5", True),
        ({"header": "X-Spam-Score", "at_least": 5}, "4.99", False),
        ({"header": "X-Spam-Score", "at_least": 5}, "-9.1", False),
        ({"header": "X-Spam-Score", "at_least": 5}, "", False),
        ({"header": "X-Spam-Score", "at_least": 5}, "none", False),
        ({"header": "X-Spam-Score", "at_least": 5}, "10.0 (++++++++++)", True),
        ({"header": "X-Spam_score_int", "at_least": 50}, "100", True),
        ({"header": "X-Spam-Level", "at_least": 5}, "*****", True),
        ({"header": "X-Spam-Level", "at_least": 5}, "****", False),
        ({"header": "X-Spam_bar", "at_least": 5}, "++++++++", True),
        ({"header": "X-Spam_bar", "at_least": 5}, "--------", False),
        ({"header": "X-Spamd-Bar", "at_least": 5}, "/", False),
        ({"header": "X-Spamd-Result", "at_least": 6}, "default: False [7.10 / 15.00]; A(1.00)[x]", True),
        ({"header": "X-Spam-Status", "at_least": 4.5}, "No, score=4.6 required=5.0 tests=BAYES_99", True),
        ({"header": "X-Proofpoint-Spam-Details", "value": "rule=spam"}, "rule=spam policy=default score=100", True),
        ({"header": "X-Mimecast-Spam-Score", "at_least": 28}, "30", True),
    ],
)
def test_any_header_may_be_named_with_what_it_says_on_spam(mark: Any, value: str, is_spam: bool) -> None:
    assert kind_of([mark], f"{mark['header']}: {value}") is (Kind.SPAM if is_spam else Kind.MESSAGE)


@pytest.mark.parametrize("junk", [["X-A: 1"] * 1_000, ["X-A: " + "a" * 900] * 115], ids=["fields", "octets"])
@pytest.mark.parametrize(
    ("trusted", "is_held"),
    [("rspamd", True), ("bogofilter", True), ("spamassassin", False), ([BARRACUDA], False), ([], False)],
)
def test_where_the_filters_word_was_not_read_the_mail_is_held(junk: list[str], trusted: Any, is_held: bool) -> None:
    head = [BORDER, "From: alice@client-a.example", "Subject: Export", *junk, "X-Spam: Yes", "", "Bonjour"]
    mail = marked(read("\r\n".join(head).encode()), box(trusted))
    assert bool(mail.unreadable) is is_held


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
