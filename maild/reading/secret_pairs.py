"""Where do people state a secret by a word for it: a password, a code, a key, a login and what goes with it?

A label is looked for, then what leads from it to a value (a colon, `is`, the end of the line, a cell, nothing), then
the value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maild.reading.secret_around import Around
from maild.reading.secret_page import AFTER_WEAK, SAME_LINE, Found, Span, line_ends, line_or_clause_ends
from maild.reading.secret_values import is_none, is_number, is_plain, is_strong, is_surely_chosen
from maild.reading.secret_words import (
    ADVERBS,
    ASKING,
    COPULAS,
    DOUBTS_A_LABEL,
    ENDS_A_LABEL,
    ENDS_NAMES,
    LEADS_AWAY,
    PLURAL,
    POLICY,
    SHORT_LABELS,
    SUFFIX,
    USED_ALL_THE_SAME,
    Kind,
)

_AHEAD = 240  # characters after a label in which its value begins
_NAMED = re.compile(r"\b(?:name|key|id)=[\"']\Z")
_TAG_END = re.compile(r"[\"'][^<>]{0,100}(?<!/)>(?=[^<\s])")
_DEFINED = re.compile(r"[\"'],\s{0,3}(?=[\"'])")
_ATTRIBUTES = re.compile(r"\s[^<>]{1,200}>")
_CHANGES = re.compile(r"\b(?:chang|reset|set\b|updat|modif)")
_CLOSERS = re.compile(r"[\"'»”’)\]*_`]{0,3}")
_ASSIGN = re.compile(r"[\"']?[ \t]{0,8}(?:\.[ \t]{0,3})?(=>|:=|[:=])")
_ARROW = re.compile(r"[ \t]{0,3}(?:->|→|>)")
_CELL = re.compile(r"[ \t]{0,3}(?:\t| {2}|\|)[ \t|]{0,40}(?=[^\s|])")
_LINE_END = re.compile(r"[ \t]{0,40}(?:\r?\n[ \t>*•|_=-]{0,80}){1,3}")
_VALUE_KEY = re.compile(r"[\"']?,?\s{1,40}[\"']?value[\"']?[ \t]*[=:][ \t]*")
_CLAUSE_END = re.compile(r"[ \t]*(?:[,;.!)\"'»]|$|\r|\n)")
_GAP_WORD = re.compile(r"([ \t]*(?:\r?\n[ \t>]{0,8})?)(\([^()\n]{1,60}\)|[^\s]{1,40})(:?)")


@dataclass(frozen=True, slots=True)
class _Label:
    kind: Kind
    start: int
    end: int
    is_name: bool  # it is the end of a longer name, as in dbPassword
    is_doubted: bool  # what stands before it speaks of a wish or a fault, not of a value
    is_tag: bool
    is_option: bool  # --password
    is_short: bool  # a word that mostly means something else


class Finder(Around):
    """Looks through one text."""

    def at(self, kind: Kind, start: int, end: int) -> Iterator[Found]:
        """The secrets to which the label there leads."""
        label = self._label(kind, start, end)
        if label is None:
            return
        if label.kind == "pair":
            yield from self.pair(label.end)
            return
        yield from self.before(label.start)
        if PLURAL.match(self.folded, start) and (listed := list(self.listed(label.end))):
            yield from listed
            return
        value = self._value_of(label)
        if value is None and label.kind == "password":
            yield from self.renewed(label.end)
            if PLURAL.match(self.folded, start) and ":" in self.folded[label.end : label.end + 60]:
                yield from self.further(label.start, label.end)
        if value is not None:
            yield self.found(value)
            if label.kind == "password" and not label.is_name:
                yield from self.further(label.start, value[1])

    def _label(self, kind: Kind, start: int, end: int) -> _Label | None:
        folded, written = self.folded, self.folded[start:end]
        before = folded[start - 1] if start else " "
        is_name = before.isalnum() and ENDS_NAMES.fullmatch(written) is not None
        if before.isalnum() and not is_name:
            return None
        if suffix := SUFFIX.match(folded, end):
            end = suffix.end()
        following = folded[end] if end < len(folded) else " "
        if following.isalnum() or (following == "_" and folded[end + 1 : end + 2].isalnum()):
            return None
        if before == "=" and not _ASSIGN.match(folded, end):  # dmarc=pass: it is itself a value
            return None
        is_tag = before in "<:" and (following == ">" or _ATTRIBUTES.match(folded, end) is not None)
        if is_name and not is_tag and not _ASSIGN.match(folded, end) and not _VALUE_KEY.match(folded, end):
            return None
        said = folded[max(0, start - 48) : start].rpartition("\n")[2]
        if POLICY.search(said):
            return None
        is_doubted, is_short = ASKING.search(said) is not None, written in SHORT_LABELS
        return _Label(kind, start, end, is_name, is_doubted, is_tag, said.endswith("--"), is_short)

    def _value_of(self, label: _Label) -> Span | None:
        """The value after a label, by the first way that leads to one."""
        folded, end = self.folded, label.end
        if label.is_tag:
            return self._accepted(label, self.until(folded.find(">", end) + 1, "<"), is_sure=True)
        if opening := self._in_named_tag(label):
            return self._accepted(label, self.until(opening, "<"), is_sure=True)
        if "define(" in folded[max(0, label.start - 24) : label.start] and (second := _DEFINED.match(folded, end)):
            return self._accepted(label, self.value_at(second.end()), is_sure=True)
        if key := _VALUE_KEY.match(folded, end):
            return self._accepted(label, self.value_at(key.end()), is_sure=True)
        if assign := _ASSIGN.match(folded, end):
            return self._assigned(label, assign.end(), assign[1])
        end = _CLOSERS.match(folded, end).end()  # type: ignore[union-attr]
        if assign := _ASSIGN.match(folded, end):
            return self._assigned(label, assign.end(), assign[1])
        if arrow := _ARROW.match(folded, end):
            return self._strong(label, self.value_at(arrow.end()))
        if label.is_option:
            return self._accepted(label, self.value_at(end), is_sure=True) if folded[end : end + 1] == " " else None
        if cell := _CELL.match(folded, end):
            return self._in_cell(label, cell.end())
        if line := _LINE_END.match(folded, end):
            return self._on_next_line(label, line.end())
        return self._after_words(label, end)

    def _in_named_tag(self, label: _Label) -> int:
        """Where the text of `<setting name="password">` begins; 0."""
        said = self.folded[max(0, label.start - 10) : label.start]
        if _NAMED.search(said) and (tag := _TAG_END.match(self.folded, label.end)):
            return tag.end()
        return 0

    def _assigned(self, label: _Label, position: int, sign: str) -> Span | None:
        """Behind a colon or an equals sign."""
        folded = self.folded
        is_tight = sign != ":" and folded[position : position + 1] not in (" ", "\t", "\n", "")
        value = self.value_at(position, ends=";&,\"'<)" if is_tight else "")
        if value is None or not self.is_near(position, value):
            return None
        is_quoted = self.is_quoted(value)
        if label.is_doubted and not is_quoted and not is_surely_chosen(*self.words(value)):
            return None
        if label.kind == "phrase":
            return self.phrase(value)
        is_sure = is_quoted or is_tight
        if label.kind == "password" and not is_sure and (line := self.few_words(value)):
            return line
        return self._accepted(label, value, is_sure=is_sure)

    def _after_words(self, label: _Label, position: int) -> Span | None:
        """`is`, a colon after some more words, or the value at once."""
        folded, most = self.folded, position + _AHEAD
        bare: Span | None = None
        is_doubted = False  # a word stands between that a value may belong to as well
        for number in range(11):
            match = _GAP_WORD.match(folded, position, most)
            if match is None or (number == 0 and not match[1] and match[2][0] not in "'’(,"):
                return bare
            start, end = match.span(2)
            word = match[2].strip("(),;«»\"'`")
            if word in COPULAS or match[2].startswith("c'est"):
                value = self._after_is(label, end)
                return (self._surely(value) if is_doubted else value) or bare
            if word == "c" and folded.startswith(" est", end):
                return self._after_is(label, end + 4) or bare
            if match[2] in (":", "=", "→", "->", "=>") or match[2][-1] in ":=→":
                inner = match[2].rstrip(":=→>-")
                value = None if inner in ENDS_A_LABEL else self._assigned(label, end, ":")
                return (self._surely(value) if is_doubted or inner in DOUBTS_A_LABEL else value) or bare
            if bare is None and number <= (0 if label.is_short else 3) and label.kind != "perhaps":
                bare = self._bare(label, start, end, number, folded[match.start() - 12 : match.start()])
            if word == "to" and _CHANGES.search(folded[max(0, label.start - 30) : start]):
                return self._surely(self.value_at(end))
            is_where = match[2] == "ou" and self.text.startswith("où", start)
            if (word in ENDS_A_LABEL and not is_where) or match[2][-1] in ".;!?" or ":" in match[2]:
                return bare
            if match[2][-1] == "," and not folded.startswith((" c'est", " c est"), end):
                aside = self.value_at(end) if bare is None and not label.is_doubted else None
                return self._surely(aside) if aside and line_or_clause_ends(folded, aside[1]) else bare
            is_doubted = is_doubted or word in DOUBTS_A_LABEL
            position = end
        return bare

    def _after_is(self, label: _Label, position: int) -> Span | None:
        folded = self.folded
        for _ in range(3):
            match = _GAP_WORD.match(folded, position)
            if match is None:
                return None
            word = match[2].strip(",:")
            is_article = word in ("le", "la") and (label.kind == "code" or folded.startswith(" suivant", match.end(2)))
            if not (is_article or word in ADVERBS):
                break
            position = match.end(2) - match[2].endswith(":")
        if assign := _ASSIGN.match(folded, position):
            return self._assigned(label, assign.end(), ":")
        value = self.value_at(position)
        if value is None:
            return None
        word, plain = self.words(value)
        if self.is_quoted(value):
            return self._accepted(label, value, is_sure=True)
        if is_strong(word, plain) and not is_none(word, plain):
            return self._strong(label, value)
        is_last = _CLAUSE_END.match(folded, value[1]) is not None
        return value if label.kind == "password" and is_last and is_plain(word, plain) else None

    def _bare(self, label: _Label, start: int, end: int, number: int, before: str) -> Span | None:
        """The value right behind the label, or behind a word that says which one it is."""
        quoted = self.value_at(start)
        if quoted is not None and number == 0 and self.is_quoted(quoted) and not label.is_doubted:
            return self._accepted(label, quoted, is_sure=False)
        start, end = self.trimmed(start, end)
        word, plain = self.text[start:end], self.folded[start:end]
        if is_none(word, plain) or label.is_doubted or "=" in word[:-1]:
            return None
        if label.kind == "code":
            least = 3 if self.folded[label.start : label.end].startswith(("cvv", "cvc", "crypto")) else 4
            is_code = any(c.isdigit() for c in word) and least <= len(word) <= 12
            is_near = number == 0 or (number == 1 and word.isdigit())
            is_code = is_code and is_near and all(c.isalnum() or c in "#*-" for c in word)
            return (start, end) if is_code and not LEADS_AWAY.intersection(before.split()[-1:]) else None
        if number and before.split()[-1:] and before.split()[-1] in LEADS_AWAY:
            return None
        if number == 0 and word.isdigit() and len(word) >= 6:
            return start, end
        return (start, end) if is_surely_chosen(word, plain) else None

    def _in_cell(self, label: _Label, position: int) -> Span | None:
        """The cell beside it; a plain word only where these two are all there is in the row."""
        text = self.text
        line_start = text.rfind("\n", max(0, label.start - 80), label.start) + 1
        is_first = not text[line_start : label.start].strip(' >|*_\t"-•')
        value = self.value_at(position)
        if value is None:
            return None
        rest = SAME_LINE.match(text, value[1])
        is_last = rest is not None and not rest[0].strip(" |\t")
        return self._accepted(label, value, is_sure=False) if is_first and is_last else self._strong(label, value)

    def _on_next_line(self, label: _Label, position: int) -> Span | None:
        """Alone on the line below a label that ends its own."""
        value = self.value_at(position)
        if value is None or not line_ends(self.folded, value[1]):
            return None
        return self._strong(label, value)

    def _accepted(self, label: _Label, value: Span | None, *, is_sure: bool) -> Span | None:
        """The value if it may be one. `is_sure`: a program would take whatever stands there for it."""
        if value is None:
            return None
        word, plain = self.words(value)
        is_line_end = line_ends(self.folded, value[1])
        if is_none(word, plain) and not (plain in USED_ALL_THE_SAME and (is_sure or is_line_end)):
            return None
        if plain in USED_ALL_THE_SAME:
            return value
        if label.kind == "code":
            return value if any(c.isdigit() for c in word) and 3 <= len(word) <= 40 else None
        if label.kind in ("key", "perhaps"):
            return self._strong(label, value)
        if is_strong(word, plain) or (is_sure and not is_number(word)) or (is_sure and len(word) >= 4):
            return value
        ends = AFTER_WEAK.match(self.folded, value[1]) is not None
        if word[0].isupper() and self.folded.startswith(" ne ", value[1]):
            return None  # `Paul ne l'a pas`
        return value if ends and is_plain(word, plain) else None

    def _surely(self, value: Span | None) -> Span | None:
        return value if value is not None and is_surely_chosen(*self.words(value)) else None

    def _strong(self, label: _Label, value: Span | None) -> Span | None:
        if value is None:
            return None
        word, plain = self.words(value)
        if is_none(word, plain) or not is_strong(word, plain):
            return None
        if label.is_doubted and not is_surely_chosen(word, plain):
            return None
        if label.kind in ("key", "perhaps"):
            has_both = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
            return value if len(word) >= 6 and (has_both or (label.kind == "key" and len(word) >= 20)) else None
        return value
