"""What has an audit found? Findings, told together as differences: one line for each sort and place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from maild.audit.words import COLON, MORE, NOUN_OF, NOUNS, TO_DO, WORDS

TAKEN = frozenset({"not-in-folder", "folder-gone"})  # by somebody's hand: told once, a remark from then on

Name = tuple[str, str, int]  # sort, place, number


class Finding(NamedTuple):
    """One thing that does not agree. `where`: mailbox and folder, where it is about one; `more`: the particulars."""

    kind: str
    number: int = 0
    where: str = ""
    more: str = ""

    @property
    def name(self) -> Name:
        """What makes it the same finding at a second look."""
        return self.kind, self.where, self.number


class Difference(NamedTuple):
    """Findings of one sort, place and particulars."""

    kind: str
    where: str
    numbers: tuple[int, ...]
    more: str = ""

    @property
    def names(self) -> frozenset[Name]:
        """What makes it the same difference another night, as far as it is the same."""
        return frozenset((self.kind, self.where, number) for number in self.numbers or (0,))

    @property
    def what(self) -> str:
        """What is so, in English."""
        return self._what("en")

    @property
    def do(self) -> str:
        """What is to be done, in English."""
        return WORDS["en"][self.kind].do

    def line(self, language: str = "en") -> str:
        """On one line: where, what, and what to do."""
        singular, plural = NOUNS[language].get(NOUN_OF[self.kind], ("", ""))
        which = f"{singular if len(self.numbers) == 1 else plural} {ranges(self.numbers, language)}" if singular else ""
        said = COLON[language].join(filter(None, (self.where, which, self._what(language))))
        return said + TO_DO[language] + WORDS[language][self.kind].do

    def _what(self, language: str) -> str:
        what = WORDS[language][self.kind].what
        return f"{what} ({self.more})" if self.more else what


def together(findings: Iterable[Finding]) -> list[Difference]:
    """One difference for all findings of one sort, place and particulars, in the order of NOUN_OF."""
    groups: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for finding in findings:
        groups[finding.kind, finding.where, finding.more].add(finding.number)
    order = {kind: place for place, kind in enumerate(NOUN_OF)}
    return [
        Difference(kind, where, tuple(sorted(numbers)) if NOUN_OF[kind] else (), more)
        for (kind, where, more), numbers in sorted(groups.items(), key=lambda item: (order[item[0][0]], item[0]))
    ]


def confirmed(first: Iterable[Finding], again: Iterable[Finding]) -> list[Finding]:
    """What was seen at both looks, in the particulars of the second: whatever else was on its way."""
    before = {finding.name for finding in first}
    return [finding for finding in again if finding.name in before]


def what_is_new(newest: Iterable[Difference], earlier: Iterable[Iterable[Difference]]) -> frozenset[Name]:
    """What came in when the differences last became more. `earlier`: of the audits before, the latest first."""
    now = _names(newest)
    for audit in earlier:
        before = _names(audit)
        if not now <= before:
            return now - before
        now = before
    return now


def _names(differences: Iterable[Difference]) -> frozenset[Name]:
    return frozenset().union(*(difference.names for difference in differences))


def plain(difference: Difference) -> dict[str, Any]:
    """For JSON."""
    return difference._asdict()


def of_plain(said: dict[str, Any]) -> Difference:
    """Out of JSON."""
    return Difference(said["kind"], said["where"], tuple(said["numbers"]), said["more"])


def ranges(numbers: Sequence[int], language: str = "en", most: int = 12) -> str:
    """Numbers, ascending, for people: `3, 5-7`; of many the first, and how many more."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:most]]
    left = sum(last - first + 1 for first, last in runs[most:])
    return ", ".join(words) + (MORE[language].format(left) if left else "")
