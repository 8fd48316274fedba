"""Fuzzing guided by which lines a mail reaches (atheris). Run by `python -m fuzz`, in a process that ends with it."""

import shutil
import sys
import time

import atheris

with atheris.instrument_imports(include=["maild.reading"]):
    from fuzz.checks import checked

from fuzz.catalogue import EML
from fuzz.finds import FOLDER, counted, found

COUNTED_EVERY = 200  # runs; the process may end without a word


class Runs:
    """Counts the runs of this process."""

    def __init__(self) -> None:
        self.new = self.wrong = 0
        self.since = time.monotonic()

    def one(self, raw: bytes) -> None:
        """Reads one mail that atheris made up."""
        try:
            checked(raw)
        except Exception as error:
            self.wrong += found(raw, error)
        self.new += 1
        if self.new >= COUNTED_EVERY or self.wrong:
            now = time.monotonic()
            counted(self.new, now - self.since, self.wrong)
            self.new, self.wrong, self.since = 0, 0, now


def main(minutes: float) -> None:
    """Does not come back: atheris ends the process."""
    corpus = FOLDER / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in EML.glob("*.eml"):
        shutil.copy(path, corpus)
    options = [f"-max_total_time={round(60 * minutes)}", "-max_len=8192", "-timeout=10", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", "-verbosity=0", str(corpus)], Runs().one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(float(sys.argv[1]))
