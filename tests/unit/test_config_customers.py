"""Are the customers of a CSV file read, and its mistakes told at line and column?"""

from pathlib import Path

import pytest
from rules_files import RULES, write

from maild.config.load import load
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
