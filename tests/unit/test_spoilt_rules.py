"""Does a file that is spoilt by chance, or means harm, ever get further than to be refused (reliability C01, C02)?

The smoke share is that of tests/faults/figures.py; `MAILD_FAULT_SCALE=1` plays all of it.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults.figures import scaled, shown
from rules_files import RULES, write
from rules_spoilt import HARMFUL, spoilt

from maild.config.document import LONGEST
from maild.config.load import check, load
from maild.config.partial import part_of
from maild.errors import BadConfig
from maild.settings import Settings

FULL = 5_000  # files
CHECKED_EACH = 25
LONGEST_READ = 0.1  # seconds of CPU (C02)
MOST_MEMORY = 64 << 20  # octets (C02)
MEASURED = """
import resource, sys, time
from pathlib import Path
from maild.config.load import load
from maild.errors import BadConfig
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
try:
    load(Path(sys.argv[1]))
except BadConfig as error:
    assert error.problems
else:
    sys.exit("it was taken")
print(time.process_time() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""


def wholly(settings: Settings, path: Path, again: Settings | None) -> bool:
    """Whether these are all that the file says, and nothing else: its blocks, its rules in their lines, its version.
    `again`: what another reading made of it."""
    lines = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_there = all(
        rule.name in lines[rule.line - 1] + "".join(lines[rule.line : rule.line + 2]) for rule in settings.rules
    )
    return (
        again is not None
        and settings.digest == again.digest
        and settings == again
        and (is_there or "&" in "".join(lines))
    )


def test_a_file_that_is_spoilt_by_chance_is_taken_whole_or_refused_with_a_line(tmp_path: Path) -> None:
    """C01. load gives settings or BadConfig; check, and what status asks, never raise. All of them agree. (check reads
    every template too, so it is asked of some.)"""
    good, count = RULES.encode(), scaled(FULL, least=100)
    taken = refused = crashes = partial = 0
    told: list[str] = []
    for number in range(count):
        how, raw = spoilt(good, number)
        path = write(tmp_path, raw)
        try:
            found, _ = part_of(path)
            read = check(path) if number % CHECKED_EACH == 0 else found.problems
            errors = [p for p in read if p.severity == "error"]
            settings = load(path)
        except BadConfig as error:
            refused += 1
            is_told = bool(error.problems) and all(p.line >= 1 and p.column >= 1 and p.what for p in error.problems)
            is_same = {str(p) for p in error.problems} == {str(p) for p in errors}
            partial += not (is_told and is_same and any(p.severity == "error" for p in found.problems))
        except Exception as error:  # what is looked for
            crashes += 1
            told.append(f"{number} ({how}): {error!r}")
        else:
            taken += 1
            is_partial = bool(errors) or not wholly(settings, path, found.settings)
            partial += is_partial
            told += [f"{number} ({how}): taken in part"] if is_partial else []
    shown("c01", mutations=count, taken=taken, refused=refused, crashes=crashes, partial_sets=partial)
    assert (crashes, partial) == (0, 0), told[:5]
    assert refused > taken > 0, "some mistakes, such as a line that is not there, leave a file that is good"


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_that_means_harm_costs_next_to_nothing(tmp_path: Path, name: str) -> None:
    """C02. In a process of its own, for its memory; the time is that of the processor."""
    path = write(tmp_path, HARMFUL[name])
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, memory = map(float, done.stdout.split())
    shown("c02", name, texts=1, ms_at_most=round(seconds * 1000, 1), mib_at_most=round(memory / (1 << 20), 1))
    assert seconds <= LONGEST_READ and memory <= MOST_MEMORY


def test_what_is_as_large_as_may_be_takes_time_and_no_more(tmp_path: Path) -> None:
    """A megabyte of valid YAML is no attack; it is read in a thread, and mails are worked meanwhile."""
    line = "x%06d: {a: [1, 2, 3], b: text}\n"
    raw = "".join(line % n for n in range(LONGEST // 16 // len(line % 0))).encode()
    path = write(tmp_path, raw)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(BadConfig) as raised:
        load(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert "unknown key 'x000000'" in str(raised.value)
    assert time.process_time() - began < 20 and grown < 256 << 10
