"""Scenario files: the whole language is read, and each mistake is named with file, line and remedy."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import BadInput
from maild.simulate.language import (
    Bounce,
    CommandLine,
    Mail,
    RulesChange,
    SmtpFault,
    TicketField,
    Until,
    Wait,
    Waiting,
    Way,
)
from maild.simulate.scenario import find_scenarios, read_scenario, rules_for

HEAD = "scenario: une histoire\nstart: 2026-11-23 09:00\nsteps:\n"  # three lines
MAIL = "- mail: {as: m1, from: a@x.example, to: s@x.example}\n"  # line 4


def scenario(folder: Path, text: str) -> Path:
    file = folder / "histoire.yaml"
    file.write_text(text, encoding="utf-8")
    return file


WHOLE = """scenario: tout le langage
start: 2026-11-23 09:00
steps:
- mail:
    as: m1
    from: Alice Durand <alice@client-a.example>
    to: support@isybuy.example
    cc: [bruno@client-b.example]
    subject: Été
    text: |
      Bonjour,
      merci
    html: <p>Bonjour</p>
    headers: {X-Thing: value, X-Twice: [a, b]}
    attachments: [{name: e.png, type: image/png, size: 20}, {name: n.txt, text: mots}]
    authentication: none
  expect:
    verdict: new_ticket
    reason: no-reference
    ticket: {status: open, queue: support, tags: [a, b], messages: 1, assignee: assignee, participants: [requester],
             waiting: {next: 2026-11-25 09:00, step: 1}}
    ticket m1: {priority: high}
    sent:
    - {to: requester, template: acknowledgement, contains: [Durand], lacks: secret, contains_in_order: [a, b],
       at: 2026-11-23 09:00}
    - {from: support@isybuy.example}
    tickets: 1
    held: [{verdict: plain_reply, from: bruno@client-b.example}]
    outbox: empty
- mail: {from: assignee, answers: last agent_new_ticket to assignee, keeps: [address, body],
         spoils: reference, renumbers: 1002, quotes: false}
- mail: {from: requester, replies_all: last to requester, keeps: []}
- mail: {from: requester, to: s@x.example, forwards: m1}
- mail: {from: requester, clicks: add_to_request 2 of last plain_reply_refused to requester, text: voilà}
- mail: {again: m1}
- mail: {as: m2, eml: mail.eml, authentication: mx.x.example; dmarc=pass}
- wait: 2d
  expect: {sent_includes: [{template: relance}], sent_lacks: [{to: bruno@client-b.example}]}
- until: 2026-11-30 09:00+01:00
- command: maild tickets list --status 'open now'
  expect: {output_contains: [ISY, '1042']}
- rules_change: histoire.yaml
- smtp: {fail: 451, times: 3}
- bounce: last to requester
  status: 4.2.2
  from: postmaster@x.example
  to: support@isybuy.example
  expect: {verdict: bounce, ticket m2: {reason: no_answer}}
"""


def test_the_whole_language_is_read(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(b"From: a@b\n\n")
    read = read_scenario(scenario(tmp_path, WHOLE))
    actions = [step.action for step in read.steps]
    first, second = actions[0], actions[1]
    assert isinstance(first, Mail) and isinstance(second, Mail)
    assert (first.name, first.text, first.cc) == ("m1", "Bonjour,\nmerci", ("bruno@client-b.example",))
    assert first.headers == (("X-Thing", "value"), ("X-Twice", "a"), ("X-Twice", "b"))
    assert [(e.name, e.content_type, e.size, e.text) for e in first.attachments] == [
        ("e.png", "image/png", 20, None),
        ("n.txt", "text/plain", 0, "mots"),
    ]
    assert (second.way, str(second.selector)) == (Way.ANSWERS, "last agent_new_ticket to assignee")
    assert (second.keeps, second.is_spoiled, second.has_quote) == (frozenset({"address", "body"}), True, False)
    assert second.renumbered == 1002
    assert [a.way for a in actions if isinstance(a, Mail)] == [
        Way.NEW,
        Way.ANSWERS,
        Way.REPLIES_ALL,
        Way.FORWARDS,
        Way.CLICKS,
        Way.AGAIN,
        Way.EML,
    ]
    click = actions[4]
    assert isinstance(click, Mail)
    assert (click.link, click.link_number, click.selector and click.selector.template) == (
        "add_to_request",
        2,
        "plain_reply_refused",
    )
    assert actions[7] == Wait(2, timedelta())
    assert actions[8] == Until(datetime.fromisoformat("2026-11-30T09:00+01:00"))
    assert actions[9] == CommandLine(("tickets", "list", "--status", "open now"))
    assert actions[10] == RulesChange(tmp_path / "histoire.yaml")
    assert actions[11] == SmtpFault(451, 3)
    report = actions[12]
    assert isinstance(report, Bounce)
    assert (report.status, report.sender, report.to) == ("4.2.2", "postmaster@x.example", "support@isybuy.example")


def test_each_expectation_knows_its_line(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(b"From: a@b\n\n")
    expect = read_scenario(scenario(tmp_path, WHOLE)).steps[0].expect
    assert expect is not None
    assert expect.verdict == (18, "new_ticket")
    assert [c.mail for c in expect.tickets] == ["", "m1"]
    assert expect.tickets[0].fields[0] == TicketField(20, "status", "open")
    assert expect.tickets[0].fields[-1] == Waiting(21, datetime.fromisoformat("2026-11-25 09:00"), 1)
    assert expect.sent is not None and [w.line for w in expect.sent[1]] == [24, 26]
    assert expect.sent[1][0].in_order == ("a", "b")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("30m", Wait(0, timedelta(minutes=30))), ("4h", Wait(0, timedelta(hours=4))), ("1w", Wait(7, timedelta()))],
)
def test_a_wait_is_read(tmp_path: Path, written: str, expected: Wait) -> None:
    assert read_scenario(scenario(tmp_path, f"{HEAD}- wait: {written}\n")).steps[0].action == expected


MISTAKES = [
    ("", 1, "the file is empty"),
    ("- a\n", 1, "takes keys with values"),
    ("scenario: x\nsteps: [\n", 3, "this is not YAML"),
    ("scenario: x\nsteps: []\n", 1, "'start:' is missing"),
    ("scenario: x\nstart: 2026-11-23 09:00\nsteps: []\n", 3, "there are no steps"),
    ("scenario: x\nsteps: a\nstart: 2026-11-23 09:00\n", 2, "takes a list"),
    ("scenario: x\nstart: Monday\nsteps:\n- wait: 2d\n", 2, "write it like 2026-11-23 09:00"),
    ("scenario: x\nstart: 2026-02-30 09:00\nsteps:\n- wait: 2d\n", 2, "is not an instant"),
    ("scenario: x\nrule: a\n", 2, "did you mean 'rules'?"),
    ("scenario: x\nscenario: y\n", 2, "stands twice"),
    (HEAD + "- wiat: 2d\n", 4, "did you mean 'wait'?"),
    (HEAD + "- {wait: 2d, until: 2026-11-25 09:00}\n", 4, "a step does one thing"),
    (HEAD + "- expect: {tickets: 1}\n", 4, "a step does one thing"),
    (HEAD + "- wait: 2 weeks\n", 4, "write 30m, 4h, 2d or 1w"),
    (HEAD + "- wait: 2d\n  status: 5.1.1\n", 5, "belongs to bounce"),
    (HEAD + "- wait: 2d\n  to: a@x.example\n", 5, "beside bounce"),
    (HEAD + "- bounce: last to a@x.example\n  from: nobody\n", 5, "no mail address"),
    (HEAD + "- command: tickets list\n", 4, "a command line of maild"),
    (HEAD + "- command: maild 'x\n", 4, "no command line"),
    (HEAD + "- rules_change: other.yaml\n", 4, "there is no file"),
    (HEAD + "- smtp: {times: 3}\n", 4, "smtp takes"),
    (HEAD + "- smtp: {fail: 250}\n", 4, "from 400 to 599"),
    (HEAD + "- bounce: last to a@x.example\n  status: 2.1.5\n", 5, "no code of a failure"),
    (HEAD + "- bounce: m1\n", 4, "last to ADDRESS"),
    (HEAD + "- mail:\n    from: a@x.example\n    two: s@x.example\n", 6, "did you mean 'to'?"),
    (HEAD + "- mail:\n    to: s@x.example\n", 4, "say from:"),
    (HEAD + "- mail:\n    from: a@x.example\n", 4, "say to:"),
    (HEAD + "- mail:\n    from: asignee\n    to: s@x.example\n", 5, "did you mean 'assignee'?"),
    (HEAD + "- mail:\n    from: a@x.example\n    to: [s@x.example, '']\n", 6, "is no mail address"),
    (HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    keeps: []\n", 7, "except in a mail that answers"),
    (HEAD + "- mail:\n    from: a@x.example\n    answers: last to b@x.example\n    keeps: [adress]\n", 7, "'address'?"),
    (HEAD + "- mail:\n    from: a@x.example\n    answers: last to b@x.example\n    spoils: all\n", 7, "can't be 'all'"),
    (HEAD + "- mail:\n    from: a@x.example\n    answers: last to b@x.example\n    quotes: no\n", 7, "can't be 'no'"),
    (HEAD + "- mail:\n    from: a@x.example\n    answers: b@x.example\n", 6, "last to ADDRESS"),
    (HEAD + "- mail:\n    from: a@x.example\n    answers: last to bob\n", 6, "'bob' is no mail address"),
    (HEAD + "- mail:\n    answers: last to b@x.example\n    again: m1\n", 5, "a mail comes in one way"),
    (HEAD + "- mail: {eml: none.eml}\n", 4, "there is no file"),
    (HEAD + MAIL + "- mail: {again: m2}\n", 5, "no earlier mail is named 'm2'; known are: m1"),
    (HEAD + "- mail: {again: m1}\n", 4, "no mail before it has a name"),
    (HEAD + MAIL + MAIL, 5, "'m1' can't name a mail"),
    (HEAD + MAIL + "- mail: {again: m1, text: mots}\n", 5, "'text' has no meaning beside 'again'"),
    (HEAD + "- mail: {from: a@x.example, clicks: solved}\n", 4, "clicks takes NAME of last to ADDRESS"),
    (HEAD + "- mail: {from: a@x.example, clicks: solvd of last to a@x.example}\n", 4, "did you mean 'solved'?"),
    (
        HEAD + "- mail: {from: a@x.example, clicks: add_file of last to a@x.example}\n",
        4,
        "comes in a later version",
    ),
    (HEAD + "- mail: {from: a@x.example, clicks: accept 2 of last to a@x.example}\n", 4, "comes in a later version"),
    (HEAD + "- mail: {from: a@x.example, clicks: solved 0 of last to a@x.example}\n", 4, "counted from 1"),
    (
        HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    authentication: passed\n",
        7,
        "did you mean 'pass'?",
    ),
    (HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    headers: {X A: b}\n", 7, "can't name a header"),
    (HEAD + '- mail:\n    from: a@x.example\n    to: s@x.example\n    headers: {X-A: "b\\nc: d"}\n', 7, "one line"),
    (
        HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    headers: {Content-Type: b}\n",
        7,
        "use eml: FILE",
    ),
    (HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    attachments: [{name: a}]\n", 7, "size: or text:"),
    (
        HEAD
        + "- mail:\n    from: a@x.example\n    to: s@x.example\n    attachments: [{name: a, type: png, size: 1}]\n",
        7,
        "no media type",
    ),
    (HEAD + "- mail:\n    from: a@x.example\n    to: s@x.example\n    text:\n", 7, "text takes a text"),
    (HEAD + MAIL + "  expect: {verdict: new_tiket}\n", 5, "did you mean 'new_ticket'?"),
    (HEAD + MAIL + "  expect:\n    ticket: {topic: [x]}\n", 6, "a text"),
    (HEAD + MAIL + "  expect:\n    ticket: {state: open}\n", 6, "did you mean 'status'?"),
    (HEAD + MAIL + "  expect:\n    ticket: {status: opened}\n", 6, "did you mean 'open'?"),
    (HEAD + MAIL + "  expect:\n    ticket: {messages: two}\n", 6, "a whole number"),
    (HEAD + MAIL + "  expect:\n    ticket: {waiting: {}}\n", 6, "waiting takes"),
    (HEAD + MAIL + "  expect:\n    ticket m3: {status: open}\n", 6, "no earlier mail is named 'm3'"),
    (HEAD + MAIL + "  expect:\n    sent:\n    - {template: relance}\n    - {tempalte: relance}\n", 8, "'template'?"),
    (HEAD + MAIL + "  expect:\n    sent:\n    - {}\n", 7, "an empty entry"),
    (HEAD + MAIL + "  expect:\n    held: [{verdict: kept}]\n", 6, "can't be 'kept'"),
    (HEAD + MAIL + "  expect: {outbox: full}\n", 5, "known are: empty"),
    (HEAD + MAIL + "  expect: {output_contains: [x]}\n", 5, "after command:"),
    (HEAD + "- wait: 2d\n  expect: {verdict: reply}\n", 5, "after mail: or bounce:"),
    (HEAD + "- wait: 2d\n  expect: {outbx: empty}\n", 5, "did you mean 'outbox'?"),
]


@pytest.mark.parametrize(("text", "line", "what"), MISTAKES)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    file = scenario(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        read_scenario(file)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert what in str(caught.value)


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"scenario: x\nstart: \xe9\n")
    with pytest.raises(BadInput, match=r"a\.yaml:2: this is not UTF-8"):
        read_scenario(file)


def test_a_template_that_is_not_shipped_is_kept_for_the_desks_own(tmp_path: Path) -> None:
    text = HEAD + MAIL + "  expect:\n    sent: [{template: relance}, {template: bienvenue}]\n"
    assert read_scenario(scenario(tmp_path, text)).own_templates == ((6, "bienvenue"),)


def test_a_folder_stands_for_its_scenarios_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "rules.yaml").write_text("version: 1\n")
    (tmp_path / "z.yaml").write_text(HEAD)
    (tmp_path / "b" / "a.yml").write_text(HEAD)
    assert find_scenarios([tmp_path]) == [tmp_path / "b" / "a.yml", tmp_path / "z.yaml"]
    with pytest.raises(BadInput, match="no such file"):
        find_scenarios([tmp_path / "none.yaml"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no scenario in this folder"):
        find_scenarios([tmp_path / "empty"])


def test_the_rules_are_those_chosen_then_named_then_beside_then_above(tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    plain = read_scenario(scenario(folder, HEAD + MAIL))
    with pytest.raises(BadInput, match=r"no rules\.yaml"):
        rules_for(plain, None)
    (tmp_path / "rules.yaml").touch()
    assert rules_for(plain, None) == tmp_path / "rules.yaml"
    (folder / "rules.yaml").touch()
    assert rules_for(plain, None) == folder / "rules.yaml"
    named = read_scenario(scenario(folder, "rules: ../other.yaml\n" + HEAD + MAIL))
    with pytest.raises(BadInput, match=r"histoire\.yaml:1: there is no file"):
        rules_for(named, None)
    assert rules_for(named, tmp_path / "chosen.yaml") == tmp_path / "chosen.yaml"
    (tmp_path / "other.yaml").touch()
    assert rules_for(named, None) == folder / ".." / "other.yaml"


@given(st.text(alphabet=st.sampled_from("abt:-[]{}!&*|>'\"#%@`,? \n\t0129~\\é\x85\u2028"), max_size=60))
def test_any_text_is_read_or_refused_with_its_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(BadInput, match=r"histoire\.yaml:\d+: "):
        read_scenario(scenario(Path(folder), text))
