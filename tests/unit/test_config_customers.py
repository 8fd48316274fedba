"""Are the customers of a CSV file read, and its mistakes told at line and column?"""

from pathlib import Path

import pytest
from rules_files import RULES, write

from maild.config.load import check, load
from maild.errors import BadConfig
from maild.settings import Customer

ALICE = "    - {name: Alice Durand, address: alice@client-a.example, organisation: Client A}\n"
BRUNO = "    - {name: Bruno Lopez, address: bruno@client-b.example, organisation: Client B}\n"
FROM_FILE = RULES.replace(ALICE + BRUNO, "    file: customers.csv\n")


def customers(folder: Path, csv: str | bytes) -> tuple[Customer, ...]:
    assert FROM_FILE != RULES
    (folder / "customers.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return load(write(folder, FROM_FILE)).people.customers


@pytest.mark.parametrize(
    "csv",
    [
        "address,name,organisation,language\nalice@a.example,Alice Durand,Client A,fr\n",
        "address;name;organisation;language\r\nalice@a.example;Alice Durand;Client A;fr\r\n",
        b"\xef\xbb\xbfaddress,name,organisation,language\nalice@a.example,Alice Durand,Client A,fr",
        "Language,Organisation,NAME, address\nfr,Client A,Alice Durand, alice@a.example \n\n",
        'address,name,organisation,language\nalice@a.example,"Alice Durand","Client A",fr\n',
    ],
    ids=["commas", "semicolons and CRLF", "byte order mark", "any order and case", "quotes"],
)
def test_the_forms_that_spreadsheets_write(tmp_path: Path, csv: str | bytes) -> None:
    alice = Customer(address="alice@a.example", name="Alice Durand", organisation="Client A", language="fr")
    assert customers(tmp_path, csv) == (alice,)


def test_empty_and_missing_values_are_unknown(tmp_path: Path) -> None:
    assert customers(tmp_path, "address,name,language\na@b.example,,\nc@d.example\n") == (
        Customer(address="a@b.example"),
        Customer(address="c@d.example"),
    )


def test_a_delimiter_in_quotes_is_text(tmp_path: Path) -> None:
    assert customers(tmp_path, 'address,name\na@b.example,"Durand, Alice"\n')[0].name == "Durand, Alice"


@pytest.mark.parametrize(
    ("csv", "expected"),
    [
        ("address,name\nalice,x\n", ["2:1: 'alice' is not a mail address"]),
        ("name,address\nx,y@z.example\nz,alice\n", ["3:3: 'alice' is not a mail address"]),
        ("address,langage\na@b.example,fr\n", ["1:9: unknown column 'langage'; did you mean 'language'?"]),
        ("address,language\na@b.example,de\n", ["2:13: 'de' is not one of fr, en"]),
        ("name\nx\n", ["1:1: no column 'address'"]),
        ("", ["1:1: the file is empty"]),
        ("address,name\n,x\n", ["2:1: no address"]),
        ("address,name\na@b.example,x,y\n", ["2:15: 3 values for 2 columns"]),
        ('address,name\na@b.example,"x\n', ["2:1: a quote that is not closed on its line"]),
        ("address,address\na@b.example,\n", ["1:9: the column 'address' stands here twice"]),
        ("address\na@b.example\nA@b.example\n", ["3:1: 'A@b.example' is a customer twice"]),
        ("address\nlea@isybuy.example\n", ["2:1: 'lea@isybuy.example' is an agent too"]),
        ("address\nsupport@isybuy.example\n", ["2:1: 'support@isybuy.example' is an address of the mailbox"]),
        ("address\nx\ny\n", ["2:1: 'x' is not a mail address", "3:1: 'y' is not a mail address"]),
        ('address\na@b.example\n"ä@b.example"\nÄ@B.example\n', ["4:1: 'Ä@B.example' is a customer twice"]),
        ("address,also\na@b.example,\nc@d.example,a@B.example\n", ["3:13: 'a@B.example' belongs to two people"]),
        ("address,also\na@b.example,c@d.example| A@b.example\n", ["2:26: 'A@b.example' stands twice in this row"]),
        ("address,also\na@b.example,c@d.example|x\n", ["2:25: 'x' is not a mail address"]),
        ("address,domain\na@b.example,b.example\n", ["2:1: say who it is: an `address`, or the `domain`"]),
        ("domain,name\nb.example,Alice\n", ["2:1: a domain is nobody's"]),
        ("domain\nb.example\nB.EXAMPLE\n", ["3:1: the domain 'B.EXAMPLE' stands twice"]),
        ("domain\n*.example\n", ["2:1: '*.example' is not a domain"]),
        ("address,relation\na@b.example,parner\n", ["2:13: 'parner' is not one of direct, indirect, partner; did you"]),
        ("address,account\na@b.example,perhaps\n", ["2:13: 'perhaps' is neither yes nor no"]),
        ("address,contact\na@b.example,Paul\n", ["2:13: 'Paul' is no contact; write it like"]),
        ("address,integrator\na@b.example,x@y.example\n", ["2:13: the integrator 'x@y.example' is nobody's address"]),
        (
            "address,integrator,relation\na@b.example,x@y.example,\nx@y.example,,direct\n",
            ["2:13: the integrator 'x@y.example' is no partner; write `relation: partner`"],
        ),
        (
            "address,integrator,relation\na@b.example,x@y.example,direct\nx@y.example,,partner\n",
            ["2:13: a direct customer has no integrator"],
        ),
        (b"address,name\na@b.example,Andr\xe9\n", ["2:17: not UTF-8"]),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, csv: str | bytes, expected: list[str]) -> None:
    with pytest.raises(BadConfig) as raised:
        customers(tmp_path, csv)
    told = [(p.file, f"{p.line}:{p.column}: {p.what}") for p in raised.value.problems]
    assert [file for file, _ in told] == [str(tmp_path / "customers.csv")] * len(expected)
    assert all(what.startswith(words) for (_, what), words in zip(told, expected, strict=True)), told


def test_customers_are_a_list_or_a_file(tmp_path: Path) -> None:
    for wrong, words in (
        ("{}", "customers are a list, or"),
        ("{fiel: x.csv}", "did you mean 'file'?"),
        ("x", "a list"),
    ):
        with pytest.raises(BadConfig) as raised:
            load(write(tmp_path, RULES.replace(ALICE + BRUNO, f"    {wrong}\n")))
        assert words in raised.value.problems[0].what


def test_a_change_of_the_customers_is_another_version(tmp_path: Path) -> None:
    digests = []
    for csv in ("address\na@b.example\n", "address\nb@b.example\n"):
        customers(tmp_path, csv)
        digests.append(load(tmp_path / "rules.yaml").digest)
    assert digests[0] != digests[1]


@pytest.mark.parametrize("csv", [None, "adresse;plan\nalice@client-a.example;gold\n"])
def test_where_the_file_can_not_be_read_nothing_is_said_of_what_it_lacks(tmp_path: Path, csv: str | None) -> None:
    """A plan that no customer has is no mistake while nobody knows the customers."""
    rules = FROM_FILE.replace("then: {type: question}", "if: {plan: gold}\n    then: {redirect: {to: integrator}}")
    if csv is not None:
        (tmp_path / "customers.csv").write_text(csv, encoding="utf-8")
    assert not [p for p in check(write(tmp_path, rules)) if p.severity == "warning"]
