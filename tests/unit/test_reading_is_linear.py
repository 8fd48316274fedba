"""No pattern, and no mail, costs more than its length: tried in a process that the kernel ends after some CPU time.

Quadratic work on 15,000 characters is 112 million steps, several times what the limit allows. No clock is read here.
"""

import ast
import importlib
import pkgutil
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from types import ModuleType

import pytest

import maild.mail
import maild.reading
import maild.threading.border
import maild.threading.spam
import maild.writing.headers

# Half the length takes half the time where all is well, and a quarter where it is not: a quarter of the limit sees as
# much as the whole did at twice the length.
LENGTH = 15_000
SECONDS = 0.5  # of CPU, for one bait; linear work needs less than a tenth of it
MAIL_LENGTH = 30_000  # more than the limits of reading let pass in one piece
MAIL_SECONDS = 4.0
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub")
# What the patterns repeat, and what they wait for in vain.
BAITS = [
    *" \t\r\n\xa0aA1-_—=*>:.,;\"'\\()[]<@&#?/éß：",
    *("a@", "a.", "a ", "1 ", "1:", "re ", "re: ", "[a] ", "<a", "<br ", "</", "--", "- ", " -", "-- x", "\r\n", "\n "),
    *("wrote ", "Le 1 a écrit ", "On 1 2020 10:10 <", "2020-1-1 <", "2020/1/1 <@> ", "1/1/2020 ", "10:10 2020 ", "20 "),
    *(
        "to!",
        "to ",
        "<a@",
        "a@b.",
        "a@b,",
        "From: ",
        "Message-ID:",
        "METHOD:",
        "Content-",
        "=?a?q?",
        "=?a?q?b?= ",
        '"\\',
    ),
    *("-original ", "original message ", "received: from ", "begin 644 ", "&#1", "&#x1", "1.", "5.1.1 ", "550 ", "je "),
    *("message ", "absent du ", "ich bin ", "jusqu'au ", "von meinem ", "sent from ", "IPv6:", "1.1", "<?xml ", "no-"),
    *(
        "max-height:0 ",
        "overflow:",
        "margin-top:1 ",
        'a="',
        "a='",
        "a =",
        "a=>",
        "<a =",
        "<p a ",
        "</p ",
        "</script ",
        "<style></style ",
        "<?",
        "\xa0 ",
        "contact a",
        "for help a",
        "contact a\n",
        "questions ",
        "pour plus a",
        "**a*",
        "*a* ",
        "<a b",
        "(a",
        "mdaemon",
        "mail delivery ",
        "my iphone ",
        "sent from my iphone 4g ",
        "the information ",
        "si vous ",
        "toute ",
        "solely ",
        "don't click ",
        "tel. 0",
    ),
    *("a Le ", "a -- On ", ":a", "1@", "@a", "mon ", "le mail ", "bonjour a ", "re:[a]"),
    *(
        "nous vous ",
        "i will ",
        "wird auch ",
        "votre mail ",
        "souhaite ",
        "souhaite tous et bel ",
        "le bureau est ",
        "«",
        "“",
        "' ",
        "votre ",
        "failed deliver",
        "le site du ",
        "note my new address ",
    ),
    *("below ", "ci- ", "my ", "fwd ", "ne-pas-", "no_reply", "[mailto:", "--a\n", "\n--a", "Content-Type:"),
]


def modules() -> list[ModuleType]:
    found = [
        importlib.import_module(f"maild.reading.{info.name}") for info in pkgutil.iter_modules(maild.reading.__path__)
    ]
    return [*found, maild.reading, maild.mail, maild.threading.border, maild.threading.spam, maild.writing.headers]


def patterns_of(module: ModuleType) -> dict[str, list[re.Pattern[str] | re.Pattern[bytes]]]:
    """The patterns by the name that the module has for them, those within lists and tables too."""
    found = {name: list(patterns_in(value)) for name, value in vars(module).items()}
    return {name: patterns for name, patterns in found.items() if patterns}


def patterns_in(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from patterns_in(item)
    elif isinstance(value, dict):
        yield from patterns_in(list(value.values()))


def methods_of(module: ModuleType, name: str) -> set[str]:
    """How the module uses the pattern, or those in the table of that name; `search` where it hands it on."""
    with open(str(module.__file__), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_named(node.value, name)}
    return used & set(METHODS) or {"search"}


def is_named(node: ast.expr, name: str) -> bool:
    """NAME, or NAME[..]."""
    node = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(node, ast.Name) and node.id == name


def run_all(pattern: re.Pattern[str] | re.Pattern[bytes], methods: set[str]) -> None:
    for bait in BAITS:
        text = bait * (LENGTH // len(bait))
        for whole in (f"{text}\x01", f"--1{text}!"):
            given = whole.encode() if isinstance(pattern.pattern, bytes) else whole
            for method in sorted(methods):
                signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                arguments = (b"" if isinstance(given, bytes) else "", given) if method == "sub" else (given,)
                found = getattr(pattern, method)(*arguments)
                deque(found if method == "finditer" else (), maxlen=0)


def exit_of(call: str) -> int:
    """The exit code of a process that runs this call of this file: -SIGVTALRM where a step took too long."""
    here = str(__file__).rpartition("/")[0]
    code = f"import sys; sys.path.insert(0, {here!r}); import test_reading_is_linear as t; t.{call}"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode


def run_module(name: str) -> None:
    module = importlib.import_module(name)
    for pattern_name, patterns in patterns_of(module).items():
        for pattern in patterns:
            run_all(pattern, methods_of(module, pattern_name))


def run_quadratic() -> None:
    """What field_text once did; here to show that the limit is felt."""
    run_all(re.compile(r"[ \t]*\r*\n[ \t]*"), {"sub"})


def mails(bait: str) -> Iterator[bytes]:
    text = (bait * (MAIL_LENGTH // len(bait))).encode()
    line = text.replace(b"\r", b"").replace(b"\n", b"")
    head = b"From: a@b.example\r\n"
    yield head + b"Subject: " + line[:18_000] + b"\r\nTo: " + line[:18_000] + b"\r\nX: " + line[:18_000] + b"\r\n\r\nx"
    yield b'From: "' + line[:18_000] + b'" <a@b.example>\r\n\r\nx'
    yield head + b"\r\nOn 2020 x:\r\n" + text + b"!\r\nOn 1 Jan 2020 at 10:10, A <a@b.example> wrote:\r\n" + text
    yield head + b"Content-Type: text/html\r\n\r\n<p>x</p><blockquote>2020/1/1 " + text + b"!</blockquote>" + text
    yield head + b"Content-Type: text/plain\r\n\r\n" + (line[:300] + b"\r\n") * 150
    yield head + b"Content-Type: text/html\r\n\r\n<script>" + text


def run_mails(first: int) -> None:
    for bait in BAITS[first::4]:
        for raw in mails(bait):
            signal.setitimer(signal.ITIMER_VIRTUAL, MAIL_SECONDS)
            maild.reading.read(raw)


@pytest.mark.parametrize("module", [module.__name__ for module in modules() if patterns_of(module)])
def test_each_pattern_is_linear_on_what_it_repeats(module: str) -> None:
    assert exit_of(f"run_module({module!r})") == 0


@pytest.mark.parametrize(
    "table", [[re.compile("a")], (re.compile("a"),), {"b": re.compile("a")}, {"b": [re.compile("a")]}, re.compile("a")]
)
def test_patterns_are_found_within_tables(table: object) -> None:
    module = ModuleType("one")
    module.TABLE = table  # type: ignore[attr-defined]
    assert [pattern.pattern for pattern in patterns_of(module)["TABLE"]] == ["a"]


def test_the_limit_is_felt() -> None:
    assert exit_of("run_quadratic()") == -signal.SIGVTALRM


@pytest.mark.parametrize("first", range(4))
def test_each_mail_is_read_in_time_whatever_it_repeats(first: int) -> None:
    assert exit_of(f"run_mails({first})") == 0
