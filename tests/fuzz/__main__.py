"""`make fuzz`: tries the catalogue with figures, then spoils mails for some minutes; finds go to build/fuzz."""

import random
import subprocess
import sys
import time
from importlib.util import find_spec

from fuzz.catalogue import EML, ROWS, WORD
from fuzz.checks import checked
from fuzz.finds import counted, counts, found, said
from fuzz.mutations import mutated
from fuzz.structured import structured

from maild.mail import ParsedMail
from maild.reader import is_heavy

SAID_EVERY = 30.0  # seconds
MOST_HERE = 0.25  # seconds of CPU on the event loop, which all else waits for


def is_kept(raw: bytes, mail: ParsedMail) -> bool:
    """Whether a hostile mail is not lost: its word is read, or it is one of the attachments, or named unreadable."""
    words = WORD.encode()
    return (
        words not in raw
        or WORD in mail.text
        or bool(mail.unreadable)
        or any(attachment.data is raw or words in attachment.data for attachment in mail.attachments)
    )


def catalogue() -> int:
    """The table of the catalogue: how many, the worst, how many lost. Returns how many faults there were.

    `here` is the worst of those that are read on the event loop (maild/reader.py), the rest has a process of its own;
    more than MOST_HERE is a fault.
    """
    faults = 0
    print(f"{'row':<5}{'tried':>7}{'worst, ms':>11}{'here, ms':>10}{'lost':>6}")
    for name, row in ROWS.items():
        tried = lost = 0
        worst = here = 0.0
        for raw in row():
            try:
                mail, seconds = checked(raw)
            except Exception as error:
                faults += found(raw, error)
                continue
            tried, worst, lost = tried + 1, max(worst, seconds), lost + (not is_kept(raw, mail))
            here = here if is_heavy(raw) else max(here, seconds)
        faults += lost + (here > MOST_HERE)
        print(f"{name:<5}{tried:>7}{worst * 1000:>11.1f}{here * 1000:>10.1f}{lost:>6}", flush=True)
    return faults


def fuzz(minutes: float, seed: int) -> int:
    """Mutates and builds mails until the time is over; keeps the count of all runs. Returns how many were wrong."""
    chance = random.Random(seed)
    seeds = [path.read_bytes() for path in sorted(EML.glob("*.eml"))]
    wrong = runs = 0
    worst = 0.0
    until = time.monotonic() + 60 * minutes
    next_said = time.monotonic() + SAID_EVERY
    while time.monotonic() < until:
        raw = structured(chance) if runs % 3 == 0 else mutated(chance.choice(seeds), chance, seeds)
        runs += 1
        try:
            worst = max(worst, checked(raw)[1])
        except Exception as error:
            wrong += found(raw, error)
        if time.monotonic() > next_said:
            next_said += SAID_EVERY
            print(f"{runs} runs, {wrong} wrong, worst {worst * 1000:.0f} ms", flush=True)
    counted(runs, 60 * minutes, wrong)
    print(f"{runs} runs with seed {seed}, {wrong} wrong, worst {worst * 1000:.0f} ms")
    return wrong


def main(minutes: float, seed: int) -> int:
    """Half of the time by chance, half guided by what the mails reach, where atheris is installed. Exit code."""
    is_guided = find_spec("atheris") is not None
    wrong = catalogue() + fuzz(minutes / 2 if is_guided else minutes, seed)
    if is_guided:
        before = counts()["wrong"]
        wrong += subprocess.run([sys.executable, "-m", "fuzz.guided", str(minutes / 2)], check=False).returncode
        wrong += counts()["wrong"] - before  # atheris ends its process with 0
    said()
    return min(wrong, 1)


if __name__ == "__main__":
    stated = [float(word) for word in sys.argv[1:]]
    sys.exit(main(stated[0] if stated else 1.0, int(stated[1]) if len(stated) > 1 else time.time_ns()))
