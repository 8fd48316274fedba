"""Does docs/rules.md name every key of the schema, and do its examples hold?"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from rules_files import ROOT, RULES, write
from schema_keys import every_key

from maild.config.load import check, load
from maild.decision import Decision, Rota
from maild.judgement import Facts
from maild.mail import Address, ParsedMail
from maild.people.command_table import TABLE
from maild.people.command_word import CommandWord
from maild.plan.matters import opening
from maild.rules.decide import decide
from maild.settings import Settings, Trust
from maild.ticket import Person

DOCUMENT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", every_key())
def test_every_key_is_documented_in_the_part_of_its_block(key: str) -> None:
    block, _, rest = key.removesuffix(".*").partition(".")
    block = block.removesuffix("[]")
    parts = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
    heads = [p for p in parts if block in re.split(r"[:\n]", p, maxsplit=1)[0].split(", ")] or parts[:1]
    assert len(heads) == 1
    name = f"{block}.{rest}".strip(".").removesuffix(".*").rpartition(".")[2].removesuffix("[]")
    assert re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", heads[0]), f"{key} is not named"


OFFICE = "calendars: {office: {hours: {mon-fri: '09:00-18:00'}}}\n"


def test_the_examples_are_valid(tmp_path: Path) -> None:
    """Each YAML example that is a block of the file takes the place of that block in rules.yaml, or stands before its
    rules."""
    examples = re.findall(r"```yaml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    blocks = [
        e
        for e in examples
        if re.match(
            r"(mailboxes|people|lists|rules|waiting|kinds|fields|calendars|worklists|plans|priorities|escalation):\n", e
        )
    ]
    assert len(blocks) >= 8
    table = re.search(r"^address;domain.*?(?=^```)", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert table
    (tmp_path / "customers.csv").write_text(table[0], encoding="utf-8")
    (tmp_path / "vip.txt").write_text("client-a.example\n", encoding="utf-8")
    for example in blocks:
        name = example.partition(":")[0]
        block = re.search(rf"^{name}:\n(?:[ #].*\n|\n(?= ))+", RULES, flags=re.MULTILINE)
        said = example if example.startswith("calendars") else f"{OFFICE}{example}"  # for business time
        text = RULES.replace(block[0], said) if block else RULES.replace("rules:\n", f"{said}rules:\n", 1)
        if name != "people":
            load(write(tmp_path, text))
        errors = [p for p in check(write(tmp_path, text)) if p.severity == "error"]
        assert errors == []


def test_the_rule_on_passwords_is_valid(tmp_path: Path) -> None:
    """The one rule that stands by itself, as the last of the file."""
    (rule,) = re.findall(r"```yaml\n(- name:.*?)```", DOCUMENT, flags=re.DOTALL)
    text = RULES.replace("\nrules:\n", "\nrules:\n" + re.sub(r"^", "  ", rule, flags=re.MULTILINE).rstrip() + "\n", 1)
    settings = load(write(tmp_path, text))
    assert settings.rules[0].name == "no passwords"
    assert settings.hides_in
    assert settings.asks.for_secrets


def test_every_word_of_trust_that_is_shown_may_be_written() -> None:
    """The examples of `trust:` that stand by themselves, each as part of a mailbox."""
    examples = re.findall(r"```yaml\n(.*?)```", DOCUMENT.replace("\n  ", "\n"), flags=re.DOTALL)
    shown = [YAML(typ="safe").load(e)["trust"] for e in examples if e.startswith("trust:")]
    assert len(shown) >= 7
    assert all(Trust.model_validate(block) for block in shown)


def test_the_defaults_of_the_limits_are_as_documented() -> None:
    settings = load(ROOT / "rules.yaml")
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", DOCUMENT, flags=re.MULTILINE)
    assert {name: int(number) for name, number in rows} == settings.limits.model_dump()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.word)
def test_every_command_by_mail_is_documented_in_its_own_words(row: CommandWord) -> None:
    before, _, held = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8").partition("tells of a held message")
    names = " ".join(f"`#{name}`" for name in (row.word, *row.aliases[:1]))
    assert f"| {names} | {row.help['en']} |" in (held if row.is_for_held else before)


def _example(with_word: str, folder: Path) -> Settings:
    """The settings of rules.yaml with the one example of rules in which that word stands."""
    [example] = [e for e in re.findall(r"```yaml\n(rules:.*?)```", DOCUMENT, flags=re.DOTALL) if with_word in e]
    block = re.search(r"^rules:\n(?:[ #].*\n|\n(?= ))+", RULES, flags=re.MULTILINE)
    assert block
    return load(write(folder, RULES.replace(block[0], example)))


def _decided(settings: Settings, subject: str, text: str, who: Person | None = None) -> Decision:
    mail = ParsedMail(Address("alice@client-a.example"), subject, text, title=subject)
    facts = Facts(datetime(2026, 11, 23, 9, tzinfo=UTC), 1001, who=who)
    return decide(settings, opening(settings, "support", mail, facts), Rota())


def test_the_example_of_asking_asks_as_it_says(tmp_path: Path) -> None:
    settings = _example("a subject that says something", tmp_path)
    found = _decided(settings, "Bonjour", "L'export plante.\nProduit : Gestion\nUrgence : élevée")
    assert (found.missing, found.invited) == (("subject", "reproduction", "version"), ("screenshot",))
    assert (found.product, found.urgency, found.type, found.queue) == ("Gestion", "high", "bug", "bugs")
    assert _decided(settings, "Export vide", "Rien ne sort.").missing == ()
    whole = _decided(settings, "Export vide", "Il plante.\nVersion : 4\nPour reproduire : ouvrir, puis fermer.")
    assert (whole.missing, whole.type) == ((), "bug")


def test_the_example_of_sending_elsewhere_does_as_it_says(tmp_path: Path) -> None:
    settings = _example("indirect customers", tmp_path)
    carl = Person(Address("carl@client-c.example"), relation="indirect", integrator="hotline@integrateur.example")
    found = _decided(settings, "Stock", "Il est faux.", carl).redirection
    assert found is not None
    assert (found.to, found.says["en"]) == (("integrator",), "They know your installation.")
    ordinary = _decided(settings, "Stock", "Il est faux.")
    assert (ordinary.redirection, ordinary.acknowledge, ordinary.queue) == (None, "wrong_channel", "support")
    with_contract = Person(Address("alice@client-a.example"), plans=("contract",))
    assert _decided(settings, "Stock", "Il est faux.", with_contract).acknowledge == "acknowledgement"
    refusal = _decided(settings, "Saisie des articles", "Merci.").refusal
    assert refusal is not None
    assert refusal.event == "refuse"
    assert refusal.article["fr"] == "article 4 de nos conditions"
