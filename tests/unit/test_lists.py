"""Lists of rules.yaml: what a file says, who is in one, what is wrong with it, and what a very long one costs."""

from pathlib import Path
from time import perf_counter

import pytest
from desk_values import NOW, settings
from rules_files import RULES, changed, write

from maild.config import included
from maild.config.load import check, load
from maild.decision import Matter, Occasion, Rota
from maild.errors import BadConfig
from maild.mail import Address, ParsedMail
from maild.rules.decide import decide
from maild.settings import Settings

VIP = "  - name: questions  "
WITH_LIST = RULES.replace("rules:\n", "lists:\n  vip: {file: vip.txt}\nrules:\n", 1).replace(
    VIP, "  - {name: vip, if: {from: {in: vip}}, then: {tags: vip}}\n" + VIP, 1
)


def is_in(entries: object, sender: str, test: str = "from") -> bool:
    """Whether a rule that asks for the list fires."""
    asks = {"from": {"in": "vip"}} if test == "from" else {test: {"in": "vip"}}
    desk = settings(lists={"vip": entries}, rules=[{"name": "x", "if": asks, "then": {"type": "in"}}])
    return fires(desk, sender)


def fires(desk: Settings, sender: str) -> bool:
    mail = ParsedMail(Address(sender), "Un écran noir")
    return decide(desk, Matter(Occasion.OPENED, "support", NOW, mail), Rota()).type == "in"


@pytest.mark.parametrize(
    ("entry", "sender", "expected"),
    [
        ("alice@client-a.example", "Alice@CLIENT-A.example", True),
        ("ALICE@client-a.example", "alice@client-a.example", True),
        ("alice@client-a.example", "alicia@client-a.example", False),
        ("client-a.example", "alice@client-a.example", True),
        ("client-a.example", "alice@paris.client-a.example", False),
        (".client-a.example", "alice@paris.client-a.example", True),
        (".client-a.example", "alice@a.b.client-a.example", True),
        (".client-a.example", "alice@client-a.example", False),
        (".client-a.example", "alice@autreclient-a.example", False),
        ("CLIENT-a.Example", "alice@client-a.example", True),
        ("münchen.example", "alice@xn--mnchen-3ya.example", True),
    ],
)
def test_a_sender_is_in_a_list_by_address_or_domain(entry: str, sender: str, expected: bool) -> None:
    assert is_in(["zoe@client-z.example", entry], sender) is expected


def test_a_text_is_in_a_list_as_a_whole_without_case_and_accents() -> None:
    assert is_in(["UN ECRAN NOIR"], "a@b.example", "subject")
    assert not is_in(["un écran"], "a@b.example", "subject")


def test_a_file_has_an_entry_a_line(tmp_path: Path) -> None:
    (tmp_path / "vip.txt").write_bytes(
        "\ufeff# Nos clients\r\n\r\n  alice@client-a.example \t\r\n# fin\nclient-b.example".encode()
    )
    desk = load(write(tmp_path, WITH_LIST))
    assert desk.lists["vip"] == ("alice@client-a.example", "client-b.example")
    assert tmp_path / "vip.txt" in desk.files


def test_what_is_looked_up_is_made_ready_when_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "vip.txt").write_text("Alice@client-a.example\n")
    entries = load(write(tmp_path, WITH_LIST)).lists["vip"]
    assert entries.__dict__ == {"sender_key": frozenset({"alice@client-a.example"})}


def test_another_file_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "vip.txt").write_text("alice@client-a.example\n")
    before = load(write(tmp_path, WITH_LIST)).digest
    (tmp_path / "vip.txt").write_text("bruno@client-b.example\n")
    assert load(write(tmp_path, WITH_LIST)).digest != before


@pytest.mark.parametrize(
    ("file", "place", "what"),
    [
        (b"alice@client-a.example\n\n Alice \n", "3:2", "'Alice' is no sender: neither an address nor a domain"),
        (b"client-a.example # tous\n", "1:1", "'client-a.example # tous' is no sender"),
        (b"a@b.example\nZo\xe9@client-z.example\n", "2:3", "not UTF-8"),
        (b"a@b.example\nx\x00y\n", "2:1", "control character"),
        (b"#" * 2_000_000, "1:1", "larger than 1 MiB"),
    ],
    ids=["no address", "a word behind it", "Latin-1", "a control character", "too large"],
)
def test_what_is_wrong_in_the_file_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: bytes, place: str, what: str
) -> None:
    monkeypatch.setattr(included, "LONGEST", 1 << 20)
    (tmp_path / "vip.txt").write_bytes(file)
    [found] = [p for p in check(write(tmp_path, WITH_LIST)) if p.severity == "error"]
    assert str(found).startswith(f"{tmp_path / 'vip.txt'}:{place}: error: ")
    assert what in str(found)


@pytest.mark.parametrize(
    ("lists", "what"),
    [
        ("lists:\n  vip: {file: §rien.txt}\n", "can't be read (No such file or directory)"),
        ("lists:\n  vip: {§fil: vip.txt}\n", "unknown key 'fil'; did you mean 'file'?"),
        ("lists:\n  vip: §{file: [a]}\n", "vip are a list, or {file: vip.txt}"),
        ("lists:\n  vip: §alice@client-a.example\n", "'vip' is a list"),
        ("lists:\n  vip: [a@b.example, §7]\n", "a text is expected here"),
        ("lists:\n  vip: [a@b.example, §Alice]\n", "'Alice' is no sender"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_at_its_place(tmp_path: Path, lists: str, what: str) -> None:
    rule = "  - {name: vip, if: {from: {in: vip}}, then: {tags: vip}}\n"
    text, place = changed("rules:\n  - name: questions", f"{lists}rules:\n{rule}  - name: questions")
    found = [p for p in check(write(tmp_path, text)) if p.severity == "error"]
    assert [(p.line, p.column) for p in found] == [place]
    assert what in found[0].what


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("from: {in: §vip}", "there is no list 'vip'; write it under `lists:`"),
        ("subject: {in: [§vip]}", "there is no list 'vip'"),
        ("not: {any: [{body: {in: §vip}}]}", "there is no list 'vip'"),
    ],
)
def test_a_list_that_is_not_there_is_told(tmp_path: Path, condition: str, what: str) -> None:
    text, place = changed(VIP, "  - {name: x, if: {%s}, then: {tags: x}}\n%s" % (condition, VIP))  # noqa: UP031
    [found] = [p for p in check(write(tmp_path, text)) if p.severity == "error"]
    assert (found.line, found.column) == place
    assert what in found.what


def test_the_nearest_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "vip.txt").write_text("a@b.example\n")
    with pytest.raises(BadConfig, match="there is no list 'vips'; did you mean 'vip'"):
        load(write(tmp_path, WITH_LIST.replace("in: vip", "in: vips")))


def test_a_list_of_a_hundred_thousand_costs_a_mail_nothing_and_is_indexed_once() -> None:
    short, long = (
        settings(
            lists={"vip": [f"client{n}@domaine{n % 977}.example" for n in range(size)]},
            rules=[{"name": "x", "if": {"from": {"in": "vip"}}, "then": {"type": "in"}}],
        )
        for size in (10, 100_000)
    )
    assert fires(long, "client99999@domaine345.example") == ("client99999@domaine345.example" in long.lists["vip"])

    def best(desk: Settings) -> float:
        fires(desk, "alice@client-a.example")
        times = []
        for _ in range(20):
            start = perf_counter()
            for _ in range(20):
                fires(desk, "alice@client-a.example")
            times.append(perf_counter() - start)
        return min(times)

    assert best(long) < best(short) * 3
