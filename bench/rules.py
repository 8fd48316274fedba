"""What does a decision over many rules cost, and a check of a large file? H14: what do the worst patterns cost?"""

import random
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from condition_keys import MATTER
from rules_files import RULES, write

from bench.measuring import shown
from maild.config.load import check, load
from maild.decision import Matter, Occasion, Rota
from maild.mail import Address, ParsedMail
from maild.rules.decide import decide
from maild.rules.text_tests import matches, pattern_fault

RULES_ASKED, RULES_CHECKED, CUSTOMERS = 200, 500, 10_000
_NAMED = "facture export licence erreur devis imprimante écran compte session module paie gestion thème formation"
_WORDS = _NAMED.split()


def _rules(many: int) -> str:
    """Rules as they are written: words in subject and text, a pattern now and then, a plan, a header."""
    chance = random.Random(7)
    lines = ["rules:"]
    for n in range(many):
        words = ", ".join(
            f"{w} {chance.choice(_WORDS)}" if chance.random() < 0.3 else w for w in chance.sample(_WORDS, 4)
        )
        condition = (
            f"{{subject: {{contains: [{words}]}}}}",
            f"{{body: {{contains: [{words}, mot{n}]}}}}",
            f"{{any: [{{subject: {{contains: [{words}]}}}}, {{body: {{contains: [{words}]}}}}]}}",
            f"{{body: {{matches: '\\b{chance.choice(_WORDS)}-\\d{{4}}\\b'}}}}",
            "{plan: contract, header: {X-Priority: {matches: '^[12]'}}}",
        )[n % 5]
        lines.append(f"  - {{name: rule {n}, if: {condition}, then: {{tags: [tag{n}]}}}}")
    return "\n".join([*lines, "  - {name: everything else, then: {queue: support, assign: least_loaded}}", ""])


def _file(folder: Path, rules: str, customers: int = 0) -> Path:
    head, _, rest = RULES.partition("rules:\n")
    text = head + rules + rest[rest.index("\n# While") :]
    if customers:
        rows = [f"p{n}@client-{n % 2_000}.example,Personne {n},Client {n % 2_000},standard" for n in range(customers)]
        (folder / "c.csv").write_text("\n".join(["address,name,organisation,plan", *rows]), encoding="utf-8")
        text = "\n".join(line for line in text.split("\n") if "client-" not in line)
        text = text.replace("  customers: ", "  customers: {file: c.csv} #")
    return write(folder, text)


def _worst_patterns() -> list[str]:
    """Two hundred that take other engines for ever: nested repeats, alternatives that overlap, long counted ones."""
    inner = ("a+", "a*", "(a|a)", "(a|ab)", "(?:a|a?)", "[ab]+", "(a+b*)", "(.*a)", r"(\w+\s*)", "(a?){20}")
    outer = ("({})+$", "^({})+b$", "({})*c", "({}){{1,30}}x", ".*{}.*{}.*=.*z")
    ends = ("", "!", r"\d", "$")
    return [o.format(i, i) + e for i in inner for o in outer for e in ends]


def _slowest_pattern() -> tuple[float, int, int]:
    """Milliseconds of the slowest of them on a text of a million characters, how many were asked, and how many RE2
    refuses."""
    texts = ("a" * 1_000_000 + "b", "ab " * 333_333, "a " * 500_000)
    slowest, refused = 0.0, 0
    for pattern in _worst_patterns():
        if pattern_fault(pattern):
            refused += 1
            continue
        for text in texts:
            began = time.process_time()
            matches(pattern, text)
            slowest = max(slowest, time.process_time() - began)
    return round(slowest * 1000, 1), len(_worst_patterns()), refused


async def run() -> None:
    """Show all three."""
    with TemporaryDirectory() as folder:
        settings = load(_file(Path(folder), _rules(RULES_ASKED)))
        chance = random.Random(11)
        mails = [
            ParsedMail(
                Address("alice@client-a.example", "Alice Durand"),
                f"Problème de {' '.join(chance.sample(_WORDS, 3))}",
                text := " ".join(chance.choices([*_WORDS, "bonjour", "je", "ne", "peux", "plus", "ouvrir"], k=300)),
                text,
            )
            for _ in range(200)
        ]
        rota, each = Rota(), []
        for mail in mails:
            began = time.process_time()
            decide(settings, Matter(Occasion.OPENED, "support", MATTER.at, mail), rota)
            each.append(time.process_time() - began)
        path = _file(Path(folder), _rules(RULES_CHECKED), CUSTOMERS)
        began = time.process_time()
        problems = check(path)
        checked = time.process_time() - began
    shown(
        "rules",
        {
            "rules": RULES_ASKED,
            "words a mail": 300,
            "decision, µs, median": round(median(each) * 1e6),
            "decision, µs, most": round(max(each) * 1e6),
            "check of 500 rules and 10,000 customers, s": round(checked, 2),
            "problems": len(problems),
            "slowest of the worst patterns on 1 MB (ms), asked, refused": _slowest_pattern(),
        },
    )
