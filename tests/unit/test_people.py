"""Who has this address: exact before domain, all addresses of a person one account, nobody by a like name?"""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from desk_values import settings
from hypothesis import given
from hypothesis import strategies as st
from rules_files import RULES, write

from maild.config.load import check, load
from maild.errors import BadInput
from maild.mail import Address, address_key
from maild.people.accounts import Admitted, address_in, person_of
from maild.plan.accounts import admit_account
from maild.settings import Settings
from maild.settings.directory import Directory
from maild.settings.people import Customer, People

LEA = {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]}
CAST = [
    {"domain": "client-a.example", "organisation": "Client A", "plan": "standard", "language": "en"},
    {"domain": ".client-a.example", "organisation": "Client A (filiales)"},
    {"domain": ".lyon.client-a.example", "organisation": "Client A Lyon", "account": "yes"},
    {
        "address": "alice@client-a.example",
        "name": "Alice Durand",
        "plan": ["advanced", "contract"],
        "contact": "Paul Leroy <paul.leroy@isybuy.example>",
        "also": ["a.durand@client-a.example", "alice@ailleurs.example"],
    },
    {"address": "carl@client-c.example", "name": "Carl Weber", "integrator": "hotline@integrateur.example"},
    {"address": "hotline@integrateur.example", "organisation": "Intégrateur", "relation": "partner"},
    {"address": "erik@client-e.example", "account": "no"},
    {"address": "jürgen@bücher.example", "name": "Jürgen"},
]


def desk(*rows: Any, **people: Any) -> Settings:
    return settings(people={"agents": [LEA], "organisations": list(rows) or CAST, **people})


ALICE = desk().who("alice@client-a.example")
ROWS = [
    # what it is, the address, and who that is: name, organisation, plans, relation, account, listed
    ("exact", "alice@client-a.example", ("Alice Durand", "Client A", ("advanced", "contract"), "direct", True, True)),
    ("at a domain", "zoe@client-a.example", ("", "Client A", ("standard",), "direct", False, False)),
    ("below it", "zoe@nice.client-a.example", ("", "Client A (filiales)", (), "direct", False, False)),
    ("the longest", "zoe@x.lyon.client-a.example", ("", "Client A Lyon", (), "direct", True, False)),
    ("the one below, itself", "zoe@lyon.client-a.example", ("", "Client A (filiales)", (), "direct", False, False)),
    ("indirect by its integrator", "carl@client-c.example", ("Carl Weber", "", (), "indirect", True, True)),
    ("a partner", "hotline@integrateur.example", ("", "Intégrateur", (), "partner", True, True)),
    ("without an account", "erik@client-e.example", ("", "", (), "direct", False, True)),
    ("in other letters", "JU\u0308RGEN@XN--BCHER-KVA.example", ("Jürgen", "", (), "direct", True, True)),
]


@pytest.mark.parametrize(("what", "address", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_who_it_is(what: str, address: str, expected: tuple[object, ...]) -> None:
    who = desk().who(address)
    assert who is not None
    seen = (who.address.name, who.organisation, who.plans, who.relation, who.has_account, who.is_listed)
    assert seen == expected


@pytest.mark.parametrize(
    "address",
    ["alice@client-b.example", "x@client-a.example.evil.example", "x@xclient-a.example", "x@example", "alice", ""],
)
def test_nobody_is_known_by_a_like_name(address: str) -> None:
    assert desk().who(address) is None


def test_all_addresses_are_one_person_and_their_language_is_that_of_the_house() -> None:
    assert ALICE is not None
    assert ALICE.language == "en"
    assert ALICE.contact == Address("paul.leroy@isybuy.example", "Paul Leroy")
    for other in ("A.Durand@client-a.example", "alice@ailleurs.example"):
        assert desk().who(other) == ALICE


def test_an_agent_at_a_customers_domain_is_an_agent() -> None:
    here = desk({"domain": "isybuy.example", "organisation": "Nous"})
    assert here.who("lea@isybuy.example") == here.agents["lea@isybuy.example"]


def test_what_an_agent_admitted_counts_where_the_rules_are_silent() -> None:
    dora = Admitted("dora@inconnu.example", "dora@inconnu.example", "Dora")
    second = Admitted("d@ailleurs.example", "d@ailleurs.example", person="dora@inconnu.example")
    alices = Admitted("al@ailleurs.example", "al@ailleurs.example", person="alice@client-a.example")
    rows = (dora, second, alices)
    who = person_of(desk(), "dora@inconnu.example", rows)
    assert who is not None
    assert (who.has_account, who.address.name, who.keys) == (True, "Dora", ("dora@inconnu.example", second.key))
    assert getattr(person_of(desk(), second.key, rows), "keys", None) == who.keys
    joined = person_of(desk(), alices.key, rows)
    assert joined is not None and ALICE is not None
    assert joined.keys == (*ALICE.keys, alices.key)
    assert joined.organisation == "Client A"
    assert person_of(desk(), "autre@inconnu.example", ()) is None
    of_house = person_of(desk(), "zoe@client-a.example", (Admitted("zoe@client-a.example", "zoe@client-a.example"),))
    assert of_house is not None
    assert (of_house.has_account, of_house.is_listed, of_house.organisation) == (True, True, "Client A")


@pytest.mark.parametrize(
    ("address", "owner", "why"),
    [
        ("support@isybuy.example", "", "an address of ours"),
        ("lea@isybuy.example", "", "is an agent"),
        ("erik@client-e.example", "", "change `account` in their row"),
        ("carl@client-c.example", "alice@client-a.example", "is Carl Weber already"),
        ("dora@inconnu.example", "lea@isybuy.example", "is an agent"),
    ],
)
def test_who_can_be_admitted(address: str, owner: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        admit_account(desk(), Address(address), by="léa", owner=owner)


NAMED = [
    ("Mon compte est alice@client-a.example.", "alice@client-a.example"),
    ("Alice <Alice@Client-A.example>, merci", "alice@client-a.example"),
    ("alice@client-a.example<mailto:alice@client-a.example>", "alice@client-a.example"),
    ("Je suis alice@client-a.example, j'écris de dora@inconnu.example", "alice@client-a.example"),
    ("alice@client-a.example\n-- \nsupport@isybuy.example", "alice@client-a.example"),
    ("alice@client-a.example ou bruno@client-b.example", ""),
    ("Je n'en ai pas.", ""),
    ("", ""),
    ("@", ""),
    ("x" * 200_000 + " alice@client-a.example", ""),
]


@pytest.mark.parametrize(("text", "named"), NAMED)
def test_which_account_somebody_says_to_have(text: str, named: str) -> None:
    assert address_in(text, "dora@inconnu.example", desk()) == named


def test_two_addresses_are_one_person_where_only_a_ticket_knows_the_first() -> None:
    second = Admitted("d@ailleurs.example", "d@ailleurs.example", person="dora@inconnu.example")
    for address in ("dora@inconnu.example", "d@ailleurs.example"):
        who = person_of(desk(), address, (second,))
        assert who is not None
        assert (who.keys, who.has_account) == (("dora@inconnu.example", "d@ailleurs.example"), True)


LOCALS = st.text("abéßİμ.+-A", min_size=1, max_size=4).filter(lambda t: not t.startswith(".") and t.strip("."))
ADDRESSES = st.builds(
    "{}@{}".format, LOCALS, st.sampled_from(["a.example", "b.a.example", "bücher.example", "B.example"])
)


def _forms(address: str) -> list[str]:
    local, _, domain = address.rpartition("@")
    idna = domain.encode("idna").decode()
    decomposed = unicodedata.normalize("NFD", address)
    return [address, f"{local}@{domain.upper()}", f"{local}@{idna}", decomposed, f" {address} ", f"{address}."]


@given(st.lists(st.lists(ADDRESSES, min_size=1, max_size=4), max_size=6), st.data())
def test_no_two_persons_ever_merge_and_the_form_of_an_address_does_not_matter(
    people: list[list[str]], data: st.DataObject
) -> None:
    rows = tuple(
        Customer(address=first, also=tuple(more) or None, name=f"n{i}") for i, (first, *more) in enumerate(people)
    )
    directory = Directory(People.model_validate({"agents": [LEA], "customers": [r.model_dump() for r in rows]}))
    owners: dict[str, str] = {}
    for row in rows:  # as the lint has it, the first row owns an address; a later one never gets it too
        for address in (row.address, *(row.also or ())):
            owners.setdefault(address_key(address or ""), row.name)
    for key, name in owners.items():
        who = directory.person(key)
        assert who is not None
        assert {owners[k] for k in who.keys} == {who.address.name}, "two rows, one person"
        assert who.address.name == name
    if people:
        address = data.draw(st.sampled_from([a for row in people for a in row]))
        assert len({id(directory.person(form)) for form in _forms(address)}) == 1


def test_ten_thousand_customers_are_read_and_found(tmp_path: Path) -> None:
    """What it costs: `make bench ARGS=people`."""
    lines = ["address,domain,name,organisation,plan,also"]
    lines += [
        f"p{n}@client-{n % 2000}.example,,Personne {n},Client {n % 2000},standard,p.{n}@x.example"
        for n in range(10_000)
    ]
    lines += [f",client-{n}.example,,Client {n},standard|contract," for n in range(2_000)]
    (tmp_path / "c.csv").write_text("\n".join(lines), encoding="utf-8")
    text = "\n".join(line for line in RULES.split("\n") if "client-" not in line)
    path = write(tmp_path, text.replace("  customers: ", "  customers: {file: c.csv} #"))
    here = load(path)
    assert len(here.customers) == 20_000
    asked = [f"p{n}@client-{n % 2500}.example" for n in range(0, 12_000, 3)] + ["x@a.b.c.d.example"] * 100
    found = sum(here.who(address) is not None for address in asked)
    assert 0 < found < len(asked)


WARNINGS = [
    ("if: {plan: contrat}", "no customer has the plan 'contrat'; did you mean 'contract'?"),
    ("if: {organisation: Cliant A}", "no customer has the organisation 'Cliant A'; did you mean 'Client A'?"),
    ("if: {not: {plan: [standard, gold]}}", "no customer has the plan 'gold'"),
]


@pytest.mark.parametrize(("condition", "expected"), WARNINGS)
def test_an_unknown_plan_or_organisation_gets_the_nearest_one(tmp_path: Path, condition: str, expected: str) -> None:
    rules = RULES.replace("organisation: Client A}", "organisation: Client A, plan: [contract, standard]}")
    rules = rules.replace(
        "  - name: everything else", f"  - name: x\n    {condition}\n    then: {{type: bug}}\n  - name: everything else"
    )
    said = [p for p in check(write(tmp_path, rules)) if expected in p.what]
    assert [p.severity for p in said] == ["warning"]
    assert rules.split("\n")[said[0].line - 1].strip() == condition


def test_a_domain_where_everybody_has_an_address_is_warned_of(tmp_path: Path) -> None:
    rules = RULES.replace("{name: Bruno Lopez, address: bruno@client-b.example,", "{domain: GMail.com,")
    assert [p.severity for p in check(write(tmp_path, rules)) if "anybody may have an address" in p.what] == ["warning"]
