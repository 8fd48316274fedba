"""Is each mistake in rules.yaml told at its line and column, in words that say what to do?"""

import re
from pathlib import Path

import pytest
from rules_files import ROOT, RULES, changed, marked, write

from maild.config.load import check, load
from maild.errors import BadConfig, Problem

CUSTOMERS = "\n".join(line for line in RULES.split("\n") if "client-" in line) + "\n"
KNOWN = RULES[RULES.index("  customers:") : RULES.index(CUSTOMERS)] + CUSTOMERS

# (what stands in rules.yaml, what is written instead with § before the place that is to be named, words of the message)
OFFICE = "hours: {mon: '9:00-18:00'}"
CALENDARS = (  # mistakes within a calendar
    ("no such country", f"{OFFICE}, holidays: §XX", "is no country"),
    ("a country in small letters", f"{OFFICE}, holidays: §fr", "like FR"),
    ("a part without days of its own", f"{OFFICE}, holidays: §FR-67", "FR-57"),
    ("an old name of a part", f"{OFFICE}, holidays: §FR-Alsace", "FR-6AE"),
    ("hours that are none", "hours: {mon: §nine to five}", "are no hours; write them"),
    ("a day that is none", "hours: §{lundi: '9:00-18:00'}", "'lundi' is no day"),
    ("a day that stands twice", "hours: §{mon-fri: '9:00-18:00', wed: '9:00-12:00'}", "wed stands twice"),
    ("hours over midnight", "hours: {mon: §'22:00-06:00'}", "write the night in two"),
    ("hours that overlap", "hours: {mon: §'9:00-12:00, 11:00-14:00'}", "overlap at 11:00"),
    ("a closure that ends first", f"{OFFICE}, closed: [§{{from: 2026-12-24, to: 2026-12-01}}]", "before it begins"),
    ("a closure of years", f"{OFFICE}, closed: [§{{from: 2026-12-24, to: 2028-12-01}}]", "for more than a year"),
    (
        "closures that follow each other",
        f"{OFFICE}, closed: §[{{from: 2026-01-01, to: 2026-12-01}}, {{from: 2026-12-02, to: 2027-06-01}}]",
        "no hour is open for 517 days",
    ),
    ("a closure without days", f"{OFFICE}, closed: [§{{to: 2026-12-24}}]", "say which days"),
    (
        "an announcement of nothing",
        f"{OFFICE}, closed: [§{{on: 2026-12-24, announce: 3 days}}]",
        "write it under `says`",
    ),
    (
        "a notice in business time",
        f"{OFFICE}, closed: [{{on: 2026-12-24, notice: §3 business days}}]",
        "write it without `business`",
    ),
    (
        "a day that is opened twice",
        f"{OFFICE}, open: §[{{on: 2026-12-24, hours: '9-12'}}, {{on: 2026-12-24, hours: '9-13'}}]",
        "stands twice under `open`",
    ),
)

MISTAKES = [
    (
        "an occasion that is none",
        "- name: questions  ",
        "- name: questions\n    on: §replied",
        "not one of opened, cust",
    ),
    ("a need that is none", "then: {type: question}", "then: {require: §reproducton}", "did you mean 'reproduction'?"),
    (
        "a list that is none",
        "if: {body: {contains: [bug",
        "if: {from: {in: §vip}, body: {contains: [bug",
        "no list 'vip'",
    ),
    (
        "a list for a team that is none",
        "queues:",
        "worklists: [{to: §n2}]\nqueues:",
        "no agent is in the team 'n2'",
    ),
    (
        "a list for nobody of ours",
        "queues:",
        "worklists: [{to: §lae@isybuy.example}]\nqueues:",
        "is no agent, and only agents have tickets; did you mean 'lea@isybuy.example'?",
    ),
    ("a list at no time", "queues:", "worklists: [{to: n1, at: §9h}]\nqueues:", "'9h' is not a time of day"),
    (
        "a brand that is none",
        "    queue: support  ",
        "    brand: §ibat\n    queue: support  ",
        "there is no brand 'ibat'",
    ),
    ("a time that is none", "if:\n      any:", "if:\n      time: §8h\n      any:", "write it in quotes, like"),
    ("a day that is none", "if:\n      any:", "if:\n      day: §lundi\n      any:", "write mon, tue, wed"),
    ("a silence that is none", "if:\n      any:", "if:\n      silence: §3j\n      any:", "write it like '2 days'"),
    (
        "a state that is none",
        "if:\n      any:",
        "if:\n      status: §ouvert\n      any:",
        "'ouvert' is not one of new, open",
    ),
    (
        "a number that is none",
        "if:\n      any:",
        "if:\n      earlier_tickets: §{}\n      any:",
        "say one of: at_least, at_m",
    ),
    (
        "a field that is none",
        "if:\n      any:",
        "if:\n      field: {licnece: §{is_there: yes}}\n      any:",
        "no field 'licnece'",
    ),
    ("a redirection to nobody", "then: {type: question}", "then: {redirect: §{}}", "say to whom (to: integrator)"),
    ("a refusal without a word", "then: {type: question}", "then: {refuse: §{}}", "the key 'because' is missing"),
    (
        "a field to take that is none",
        "then: {type: question}",
        "then: {take: §state}",
        "'state' is not one of type, pro",
    ),
    (
        "an agent who leaves before",
        "teams: [lead]",
        "away: [§{from: 2026-12-24, to: 2026-12-01}]",
        "it ends on 2026-12-01",
    ),
    ("a team that is none", "assign: least_loaded", "assign: §n7", "there is no team or way of assigning 'n7'"),
    ("somebody to tell who is nobody", "assign: least_loaded", "notify: §assignes", "'assignes'"),
    ("a request forwarded to ourselves", "assign: least_loaded", "forward: §aide@isybuy.example", "mailbox"),
    (
        "what only an opening does",
        "then: {type: question}",
        "on: resolved\n    then: {cancel: §{because: x}}",
        "opened",
    ),
    ("unknown key", "queue: support  ", "§qeue: support  ", "unknown key 'qeue'; did you mean 'queue'?"),
    ("unknown key at the top", "waiting:\n", "§wating:\n", "unknown key 'wating'; did you mean 'waiting'?"),
    ("key in another case", "    imap:\n", "    §Imap:\n", "unknown key 'Imap'; did you mean 'imap'?"),
    ("unknown test", "{subject: {contains: [év", "{subject: {§contain: [év", "did you mean 'contains'?"),
    ("the name in Python", "- name: questions  ", "- §line: 3\n    name: questions  ", "unknown key 'line'"),
    ("another Python name", "if: {subject: {contains: [bug", "§if_: {subject: {contains: [bug", "mean 'if'?"),
    ("a key that nobody knows", "stop` ends", "stop` ends\n§zzz: 1\n#", "unknown key 'zzz'; known are admin, "),
    ("key twice", "  language: fr  ", "  language: fr\n  §language: en  ", "stands here twice (first in line 8)"),
    (
        "a colon in a name",
        "name: marked as urgent",
        "name: urgent§: marked",
        "a text with a colon or a comma goes in quotes",
    ),
    ("a comma in brackets", "{type: question}", "{type: question, §not sorted}", "put a text with a comma in quotes"),
    ("key without value", "limits:\n  refusals", "§limits:\n#  refusals", "the key 'limits' has no value"),
    ("empty list item", "teams: [lead]", "teams: [§~]", "an empty item in a list"),
    ("missing key", "{name: Hugo Roux, address: hugo@isybuy.example, ", "§{name: H, ", "'address' is missing"),
    ("wrong choice", "language: fr  ", "language: §de  ", "'de' is not one of fr, en"),
    (
        "an unknown filter",
        "      agents: proof ",
        "      spam: §rspam\n      agents: proof ",
        "'rspam' is not one of spamassassin, rspamd",
    ),
    (
        "a header without what it says",
        "      agents: proof ",
        "      spam: [§{header: X-Spam-Flag}]\n      agents: proof ",
        "say what stands in the header on spam: value: yes, or at_least: 5",
    ),
    (
        "a filter that is no word",
        "      agents: proof ",
        "      spam: [§{value: yes}]\n      agents: proof ",
        "write the name of a filter, or a header: {header: X-Spam-Flag, value: yes}",
    ),
    (
        "a filter and a value",
        "      agents: proof ",
        "      spam: [§{filter: rspamd, value: yes}]\n      agents: proof ",
        "write its name alone",
    ),
    (
        "a header with its colon",
        "      agents: proof ",
        "      spam: [{header: §'X-Spam:', value: yes}]\n      agents: proof ",
        "write it without the colon",
    ),
    (
        "a header's misspelt key",
        "      agents: proof ",
        "      spam: [{header: X-Spam, §valu: yes}]\n      agents: proof ",
        "unknown key 'valu'; did you mean 'value'?",
    ),
    (
        "a score in quotes",
        "      agents: proof ",
        "      spam: [{header: X-Spam, at_least: §'5'}]\n      agents: proof ",
        "a number is expected here, without quotes",
    ),
    (
        "a score of nothing",
        "      agents: proof ",
        "      spam: [{header: X-Spam, at_least: §0}]\n      agents: proof ",
        "0 is too small; it must be more than 0",
    ),
    (
        "a header outside a list",
        "      agents: proof ",
        "      spam: §{header: X-Spam, value: yes}\n      agents: proof ",
        "'spam' is a list",
    ),
    ("misspelt choice", "priority: high", "priority: §hihg", "'hihg' is not one of low, normal, high"),
    ("version from the future", "version: 1\n", "version: §2\n", "this maild reads version 1"),
    ("version that is true", "version: 1\n", "version: §true\n", "write: version: 1"),
    ("time zone", "Europe/Paris", "§Europe/Pari", "'Europe/Pari' is not a time zone; write it like Europe/Paris"),
    ("a folder for a time zone", "Europe/Paris", "§Europe", "'Europe' is not a time zone"),
    ("reference in small letters", "reference: ISY", "reference: §isy", "one to eight capital letters, like ISY"),
    ("an address without @", "admin: admin@isybuy.example", "admin: §admin", "'admin' is not a mail address"),
    ("a name with the address", "admin: admin@isybuy.example", "admin: §A <a@b.c>", "is not a mail address"),
    ("port too large", "port: 587", "port: §70000", "70000 is too large; the most is 65535"),
    ("port in quotes", "port: 587", "port: §'587'", "a whole number is expected here, without quotes"),
    ("port beside the host", "host: smtp.isybuy.example", "host: §smtp.isybuy.example:25", "a port under the key port"),
    ("host with a scheme", "host: imap.isybuy.example", "host: §imap://x", "is not the name of a host"),
    ("no length of time", "after: 2 days", "after: §2 fortnights", "write it like '2 days', '4 business hours'"),
    ("no unit", "after: 2 days", "after: §2", "'2' is not a length of time"),
    ("never in French", "limits:\n  ref", "closing: {after: §jamais}\nlimits:\n  ref", "'14 days', or 'never'"),
    ("business days without a calendar", "after: 2 days", "after: §2 business days", "nothing says when that is; add"),
    ("business weeks", "after: 2 days", "after: §2 business weeks", "a business week is '5 business days'"),
    (
        "polled in business time",
        "      host: imap",
        "      poll: §5 business minutes\n      host: imap",
        "without `business`",
    ),
    *((name, "queues:", f"calendars: {{a: {{{said}}}}}\nqueues:", remedy) for name, said, remedy in CALENDARS),
    ("a calendar that is none", "  language: fr", "  calendar: §ofice\n  language: fr", "there is no calendar 'ofice'"),
    ("zero time", "after: 2 days", "after: §0 days", "write one between '1 minute' and '520 weeks'"),
    ("a table for a time", "after: 2 days", "after: §{count: 2, unit: day}", "not a length of time"),
    (
        "a step that does nothing",
        "{after: 2 days, send: relance}",
        "§{after: 2 days}",
        "a step either sends a template",
    ),
    ("number as text", "type: question", "type: §12", "a text is expected here; put it in quotes: '12'"),
    ("text as list", "aliases: [aide@isybuy.example]", "aliases: §aide@isybuy.example", "'aliases' is a list"),
    ("list as text", "name: Support iSYBUY", "name: §[Support]", "'name' is a single value"),
    (
        "block as text",
        "if: {body: {contains: [bug",
        "if: §bug\n    #",
        "'if' holds keys of its own: mailbox, brand",
    ),
    ("boolean", "assign: least_loaded", "assign: least_loaded, stop: §perhaps", "true or false is expected"),
    ("empty test", "- subject: {contains: urgent}", "- subject: §{}", "an empty test; say one of: contains"),
    ("empty text", "name: Support iSYBUY", 'name: §" "', "an empty text"),
    ("line break in a name", "name: Support iSYBUY", 'name: §"Support\\nBcc: x"', "a line break or another control"),
    (
        "domain with a star",
        "- subject: {contains: urgent}",
        "- from: {domain: §'*.x.example'}",
        "or .example.com for all",
    ),
    (
        "password in the file",
        "{env: SUPPORT_PASSWORD}",
        "§hunter2",
        "'password' is written in the file; a secret never",
    ),
    ("password as variable", "{env: SUPPORT_PASSWORD}", "{env: §'hunter 2!'}", "the secret itself must not stand"),
    ("two places for a secret", "{env: SUPPORT_PASSWORD}", "§{env: A, credential: b}", "one of {env: NAME}"),
    ("home folder", "secrets/reference.key", "§~/reference.key", "'~' is not replaced here"),
    ("no folder of templates", "  language: fr ", "  templates: §nowhere\n  language: fr ", "there is no folder"),
    ("customers in no file", CUSTOMERS, "    {file: §none.csv}\n", "can't be read (No such file"),
    ("a tab", "    address: support@isybuy", "§\taddress: support@isybuy", "a tab at the start of a line"),
    ("an open quote", "resolve: no_answer", "resolve: §'no_answer", "broken YAML"),
    ("a tag", "name: Support iSYBUY", "name: §!!python/object:os.system x", "is not allowed here"),
    ("a colon too many", "name: Support iSYBUY  ", "name: Support§: iSYBUY  ", "broken YAML"),
    # What fits the schema and can't be meant.
    (
        "queue that is not",
        "assign: least_loaded",
        "queue: §evolution",
        "no queue 'evolution'; did you mean 'evolutions'?",
    ),
    (
        "queue of a mailbox",
        "    queue: support  ",
        "    queue: §suport  ",
        "there is no queue 'suport'; did you mean 'support'?",
    ),
    ("agent who is not", "assign: least_loaded", "assign: §leo@isybuy.example", "did you mean 'lea@isybuy.example'?"),
    ("template that is not", "5 days, send: relance", "5 days, send: §relanse", "did you mean 'relance'?"),
    ("template of a rule", "assign: least_loaded", "send: [§bienvenue]", "there is no template 'bienvenue'; known are"),
    ("mailbox that is not", "- subject: {contains: urgent}", "- mailbox: §suport", "did you mean 'support'?"),
    ("pattern", r"'^[12]\b'", r"§'^([12]\b'", "the pattern can't be used (missing ): "),
    ("pattern that is not linear", r"'^[12]\b'", r"§'(.)\1'", "no look-around, no back-references"),
    ("nothing to look for", "contains: urgent", "contains: §'!!!'", "'!!!' has no word to look for"),
    ("steps out of order", "after: 5 days", "after: §36 hours", "not later than the one before it"),
    (
        "a step after the end",
        "resolve: no_answer}",
        "resolve: no_answer}\n  - §{after: 11 days, send: relance}",
        "after the ticket has been resolved",
    ),
    ("agent at our address", "address: lea@isybuy", "address: §aide@isybuy", "maild would write to itself"),
    ("agent below our address", "address: lea@isybuy", "address: §support+lea@isybuy", "maild would write to itself"),
    ("admin at our address", "admin: admin@", "admin: §Support@", "an address of the mailbox 'support'"),
    ("agent twice", "address: marc@isybuy", "address: §LEA@isybuy", "'LEA@isybuy.example' is an agent twice"),
    ("agent and customer", "address: alice@client-a", "address: §lea@isybuy", "is an agent too"),
    ("filed where it is read", "    imap:\n", "    imap:\n      held: §inbox\n", "would be read again"),
]


@pytest.mark.parametrize(("what", "old", "new", "words"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_at_its_place_with_a_remedy(
    tmp_path: Path, what: str, old: str, new: str, words: str
) -> None:
    text, place = changed(old, new)
    with pytest.raises(BadConfig) as raised:
        load(write(tmp_path, text))
    assert [(p.line, p.column) for p in raised.value.problems] == [place]
    assert words in raised.value.problems[0].what


def test_a_password_in_the_file_is_never_repeated(tmp_path: Path) -> None:
    for secret in ("hunter2", "{env: 'hunter2!'}", "{credential: '/hunter2'}"):
        path = write(tmp_path, RULES.replace("{env: SUPPORT_PASSWORD}", secret))
        with pytest.raises(BadConfig) as raised:
            load(path)
        assert "hunter2" not in str(raised.value)


def test_ten_different_mistakes_are_all_told_in_one_go(tmp_path: Path) -> None:
    """Mistakes of form and of sense together: nobody mends one only to meet the next."""
    mistakes = {
        "  language: fr  ": ("  language: de  ", "'de' is not one of"),
        "Europe/Paris": ("Mars/Base", "not a time zone"),
        "      authserv_id:": ("      authserv:", "unknown key 'authserv'; did you mean 'authserv_id'?"),
        "port: 587": ("port: many", "a whole number"),
        "address: hugo@isybuy.example": ("address: hugo", "not a mail address"),
        "store: {": ("stores: {", "unknown key 'stores'; did you mean 'store'?"),
        "type: question": ("type: question, queue: sales", "no queue 'sales'"),
        "after: 5 days": ("after: 1 day", "not later than"),
        r"'^[12]\b'": ("'[12'", "the pattern can't be used"),
        "refusals_per_day: 1": ("refusals_per_day: -1", "too small"),
    }
    text = RULES
    expected = []
    for old, (new, words) in mistakes.items():
        assert text.count(old) == 1
        expected.append((RULES[: RULES.index(old)].count("\n") + 1, words))
        text = text.replace(old, new)
    with pytest.raises(BadConfig) as raised:
        load(write(tmp_path, text))
    told = [(p.line, p.what) for p in raised.value.problems]
    for line, words in expected:
        assert any(line == at and words in what for at, what in told), f"line {line}: {words}; told: {told}"
    assert len(told) == len(mistakes)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("queues:\n  support: {team: n1}", "queues:\n  support: {team: §n2}", "no agent is in the team 'n2'"),
        (
            KNOWN,
            "calendars: {a: {hours: {mon: '9-18'}, closed: [{on: 2026-12-24, notice: §1 week}]}}\n",
            "nobody would be told: `people` names no customer",
        ),
        ("agents: proof", "agents: §token", "takes whoever has an agent's reference"),
        ("authserv_id: mx.isybuy.example ", "# §", "no authserv_id for 'support'"),
        ("tls: starttls", "tls: §none", "go to smtp.isybuy.example unencrypted"),
        ("tls: starttls", "tls: starttls\n  send_only_to: §[essai.example]", "only mail to essai.example leaves"),
        ("  - name: questions ", "  - name: §everything else\n    then: {tags: [x]}\n  - name: questions ", ""),
        ("then: {type: question}", "then: §{}", "the rule 'questions' does nothing"),
        ("    queue: support  ", "    #", "mails to 'support' that no rule fits go to the first queue"),
    ],
)
def test_what_is_allowed_but_unwise_is_a_warning(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = RULES.replace(old, new.replace("§", ""))
    path = write(tmp_path, text)
    assert load(path).version == 1
    found = check(path)
    assert [p.severity for p in found] == ["warning"]
    assert words in found[0].what


def test_encryption_is_not_asked_for_on_this_machine(tmp_path: Path) -> None:
    text = RULES.replace("tls: starttls", "tls: none").replace("smtp.isybuy.example", "127.0.0.1")
    assert check(write(tmp_path, text)) == []


def test_a_block_that_lacks_a_key_is_told_where_it_begins(tmp_path: Path) -> None:
    text = RULES.replace("      password: {env: SUPPORT_PASSWORD}\n", "").replace(
        "      host: imap", "      §host: imap"
    )
    text, place = marked(text)
    with pytest.raises(BadConfig, match="the key 'password' is missing; say where the secret is found") as raised:
        load(write(tmp_path, text))
    assert [(p.line, p.column) for p in raised.value.problems] == [place]


def test_a_missing_block_is_told_at_the_top(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="the key 'admin' is missing"):
        load(write(tmp_path, RULES.replace("admin: admin@isybuy.example", "")))


def test_a_user_goes_with_a_password(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="user and password go together"):
        load(write(tmp_path, RULES.replace("  password: {env: SMTP_PASSWORD}\n", "")))


def test_every_rule_after_one_that_stops_all_mails_is_never_reached(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as raised:
        load(write(tmp_path, RULES.replace("then: {type: question}", "then: {type: question, stop: true}")))
    lines = [number for number, line in enumerate(RULES.splitlines(), 1) if line.startswith("  - name: ")]
    assert [p.line for p in raised.value.problems] == lines[1:]
    assert all("is never reached: 'questions' above it stops" in p.what for p in raised.value.problems)


def test_a_rule_with_the_same_condition_as_one_that_stops_is_never_reached(tmp_path: Path) -> None:
    text = RULES.replace(
        "  - name: marked as urgent",
        "  - name: one\n    if: {subject: {is: x}}\n    then: {stop: true}\n"
        "  - name: two\n    if: {subject: {is: x}}\n    then: {type: x}\n  - name: marked as urgent",
    )
    with pytest.raises(BadConfig, match="the rule 'two' is never reached: 'one' above it stops"):
        load(write(tmp_path, text))


SECOND = """
  second:
    address: second@isybuy.example
    imap: {host: imap.isybuy.example, user: support@isybuy.example, password: {env: B}}
    trust: {authserv_id: mx.isybuy.example}
"""


def _with_second(**changes: str) -> str:
    block = SECOND
    for old, new in changes.items():
        block = block.replace(old, new)
    return RULES.replace("\n# Where tickets and mails are kept", block + "\n# Where tickets and mails are kept")


def test_two_mailboxes_do_not_read_one_folder(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="the mailbox 'support' reads this folder of this account already"):
        load(write(tmp_path, _with_second()))
    own = "folder: Second, processed: P2, held: H2, duplicates: D2, password: {env: B}"
    other = _with_second(**{"password: {env: B}": own})
    assert set(load(write(tmp_path, other)).mailboxes) == {"support", "second"}


@pytest.mark.parametrize(
    ("folders", "key", "remedy"),
    [
        ("processed: P2, held: H2", "already, as `duplicates`", "name `duplicates: Duplicates-second`"),
        ("processed: Held, held: H2, duplicates: D2", "already, as `held`", "name `processed: Held-second`"),
    ],
)
def test_two_mailboxes_of_one_account_file_into_folders_of_their_own(
    tmp_path: Path, folders: str, key: str, remedy: str
) -> None:
    """Else each takes the other's filed mail for mail that is to be read again."""
    text = _with_second(**{"password: {env: B}": f"folder: Second, {folders}, password: {{env: B}}"})
    with pytest.raises(BadConfig) as caught:
        load(write(tmp_path, text))
    [problem] = caught.value.problems
    assert key in problem.what
    assert remedy in problem.what
    assert problem.line == 1 + text[: text.index("folder: Second")].count("\n")
    apart = text.replace("host: imap.isybuy.example, user: support@isybuy.example", "host: h.example, user: u")
    assert set(load(write(tmp_path, apart)).mailboxes) == {"support", "second"}


def test_two_mailboxes_do_not_share_an_address(tmp_path: Path) -> None:
    for address in ("aide@isybuy.example", "SUPPORT@isybuy.example", "support+b@isybuy.example"):
        text = _with_second(**{"second@isybuy.example": address})
        with pytest.raises(BadConfig, match="already leads to the mailbox 'support'"):
            load(write(tmp_path, text))


def test_nothing_is_said_of_what_a_slip_elsewhere_hides(tmp_path: Path) -> None:
    """An agent whose line is wrong is not reported as missing where a rule assigns them."""
    text = RULES.replace("address: hugo@isybuy.example", "address: hugo, mail: x").replace(
        "least_loaded}", "hugo@isybuy.example}"
    )
    with pytest.raises(BadConfig) as raised:
        load(write(tmp_path, text))
    assert len(raised.value.problems) == 2
    assert len({p.line for p in raised.value.problems}) == 1


def test_problems_read_as_file_line_column() -> None:
    problem = Problem("rules.yaml", 3, 5, "error", "what, and what to do")
    assert str(problem) == "rules.yaml:3:5: error: what, and what to do"


def test_no_message_speaks_the_validators_language(tmp_path: Path) -> None:
    jargon = re.compile(
        r"Input should|Extra inputs|Value error|valid (string|tuple|dictionary|integer)|NoneType|\bdict\b"
    )
    for _, old, new, _ in MISTAKES:
        with pytest.raises(BadConfig) as raised:
            load(write(tmp_path, RULES.replace(old, new.replace("§", ""))))
        assert not jargon.search(str(raised.value))


def test_the_shipped_file_has_neither_errors_nor_warnings() -> None:
    assert check(ROOT / "rules.yaml") == []


def test_items_that_are_wrong_hide_nothing_in_the_next_ones(tmp_path: Path) -> None:
    """Two rules that can't be read, and a queue that does not exist in the third."""
    rules = "rules:\n  - name: a\n  - name: b\n  - {name: c, then: {queue: nowhere}}\n"
    text = RULES[: RULES.index("\nrules:\n") + 1] + rules
    with pytest.raises(BadConfig) as raised:
        load(write(tmp_path, text))
    first = text[: text.index("  - name: a")].count("\n") + 1
    told = [(p.line, p.what.partition(";")[0]) for p in raised.value.problems]
    missing = "the key 'then' is missing"
    assert told == [(first, missing), (first + 1, missing), (first + 2, "there is no queue 'nowhere'")]


TEN_SLIPS = (
    ("  timezone: Europe/Paris", "  timezone: Europe/Pariss", "Europe/Paris"),
    ("  reference: ISY ", "  reference: isy ", "capital letters"),
    ("agents: proof ", "agents: prof ", "did you mean 'proof'"),
    ("    queue: support ", "    queue: suport ", "did you mean 'support'"),
    ("password: {env: SMTP_PASSWORD}", "password: tulipe-7731", "a secret never stands here"),
    ("address: marc@isybuy.example", "address: support@isybuy.example", "maild would write to itself"),
    ("  evolutions: {team: n1}", "  evolutions: {team: n2}", "no agent is in the team 'n2'"),
    ("then: {type: question}", "then: {tipe: question}", "did you mean 'type'"),
    ("'^[12]\\b'", "'(?=x)y'", "no look-around"),
    ("after: 5 days", "after: 5 dayz", "not a length of time"),
)


def test_ten_slips_in_the_shipped_file_are_told_at_once_each_at_its_line(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "rules.yaml").read_text("utf-8")
    for good, bad, _ in TEN_SLIPS:
        assert good in text
        text = text.replace(good, bad, 1)
    file = tmp_path / "rules.yaml"
    file.write_text(text, "utf-8")
    lines = text.splitlines()
    expected = {next(n for n, line in enumerate(lines, 1) if bad in line): words for _, bad, words in TEN_SLIPS[:5]}
    expected |= {next(n for n, line in enumerate(lines, 1) if bad in line): words for _, bad, words in TEN_SLIPS[6:]}
    expected[next(n for n, line in enumerate(lines, 1) if "Marc" in line)] = TEN_SLIPS[5][2]
    found = {problem.line: problem.what for problem in check(file)}
    assert found.keys() == expected.keys()
    assert all(words in found[line] for line, words in expected.items())
