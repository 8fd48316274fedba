"""What does a long list of customers cost, read once and asked for each mail?"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rules_files import RULES, write

from bench.measuring import shown
from maild.config.load import load

CUSTOMERS, DOMAINS = 10_000, 2_000


async def run() -> None:
    """Show it."""
    lines = ["address,domain,name,organisation,plan,also"]
    lines += [
        f"p{n}@client-{n % DOMAINS}.example,,Personne {n},Client {n % DOMAINS},standard,p.{n}@x.example"
        for n in range(CUSTOMERS)
    ]
    lines += [f",client-{n}.example,,Client {n},standard|contract," for n in range(DOMAINS)]
    with TemporaryDirectory() as folder:
        (Path(folder) / "c.csv").write_text("\n".join(lines), encoding="utf-8")
        text = "\n".join(line for line in RULES.split("\n") if "client-" not in line)
        path = write(Path(folder), text.replace("  customers: ", "  customers: {file: c.csv} #"))
        began = time.process_time()
        here = load(path)
        read = time.process_time() - began
    asked = [f"p{n}@client-{n % 2_500}.example" for n in range(0, 12_000, 3)]
    began = time.process_time()
    found = sum(here.who(address) is not None for address in asked)
    each = (time.process_time() - began) / len(asked)
    figures: dict[str, object] = {"customers": CUSTOMERS, "domains": DOMAINS, "found": found}
    shown("people", figures | {"read, s": round(read, 2), "look-up, µs": round(each * 1e6, 1)})
