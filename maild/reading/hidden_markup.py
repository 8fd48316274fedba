"""How does HTML read with its secrets hidden? What a reader sees as one line is one, whatever tags part it.

The markup stays as it is but for the hidden words and attributes that show some. One pass, linear in its length.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from maild.reading.layout import BLOCKS, characters
from maild.reading.secrets import Secrets, replaced

Look = Callable[[str], Secrets]

_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?:[^<>\"']|\"[^\"<]{0,8000}\"|'[^'<]{0,8000}')*+>|<[!?/][^<>]{0,8000}>"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_BLANKS = str.maketrans("\r\n\t", "   ")
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style"})
_VALUE = re.compile(r"(=\s{0,8})(\"[^\"<]{0,8000}\"|'[^'<]{0,8000}'|[^\s\"'<>=]{1,8000})")


class _Seen:
    """The text as it is seen, and where in the markup each stretch of it stands."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.places: list[tuple[int, int, int, int]] = []  # seen from, seen to, in the markup from, to
        self.last = "\n"
        self.cells = 0  # cells that are open

    def add(self, seen: str, start: int = -1, end: int = -1) -> None:
        """`start`, `end`: where it stands in the markup; nowhere for what a tag alone says."""
        if not seen:
            return
        if start >= 0:
            self.places.append((self.length, self.length + len(seen), start, end))
        self.pieces.append(seen)
        self.length += len(seen)
        self.last = seen[-1]


def hidden_markup(markup: str, words: str, look: Look) -> str:
    """The markup with these words in place of each secret. `look` finds the secrets of a text."""
    seen, tags = _Seen(), list[tuple[int, int]]()
    for start, end, name in _split(markup):
        if name is None:
            _add_text(seen, markup, start, end, keeps_lines=False)
        elif name == "pre":
            _add_text(seen, markup, start, end, keeps_lines=True)
        else:
            tags.append((start, end))
            _add_tag(seen, name)
    changes = list(_changes(markup, look("".join(seen.pieces)).spans, seen, words))
    changes += _in_tags(markup, tags, words, look)
    pieces, position = list[str](), 0
    for start, end, new in sorted(changes):
        pieces += (markup[position:start], new)
        position = end
    return "".join((*pieces, markup[position:]))


def _split(markup: str) -> Iterator[tuple[int, int, str | None]]:
    """Texts (None, or `pre` where line ends count) and tags (their name; '/td' for an end), in order."""
    position, pre, ends = 0, 0, {"-->": True}
    while position < len(markup):
        start = markup.find("<", position)
        start = start if start >= 0 else len(markup)
        if start > position:
            yield position, start, "pre" if pre else None
        if start == len(markup):
            return
        end, name = start + 1, "!"
        if markup.startswith("<!--", start) and ends["-->"]:
            closed = markup.find("-->", start + 4)
            ends["-->"] = closed >= 0
            end = closed + 3 if closed >= 0 else end
        elif match := _TAG.match(markup, start):
            end, name = match.end(), (match[1] or "") + (match[2] or "!").lower()
            if name in _UNSEEN and ends.setdefault(name, True):
                closed = markup.find(f"</{name}", end)
                ends[name] = closed >= 0
                end = closed if closed >= 0 else end
            pre += {"pre": 1, "/pre": -1 if pre else 0}.get(name, 0)
        else:
            yield start, end, None  # a bare sign
            position = end
            continue
        yield start, end, name
        position = end


def _add_text(seen: _Seen, markup: str, start: int, end: int, *, keeps_lines: bool) -> None:
    position = start
    for entity in _ENTITY.finditer(markup, start, end):
        _add_plain(seen, markup, position, entity.start(), keeps_lines)
        seen.add(characters(entity[0]).replace("\n", " ") or " ", *entity.span())
        position = entity.end()
    _add_plain(seen, markup, position, end, keeps_lines)


def _add_plain(seen: _Seen, markup: str, start: int, end: int, keeps_lines: bool) -> None:
    text = markup[start:end]
    seen.add(text if keeps_lines else text.translate(_BLANKS), start, end)


def _add_tag(seen: _Seen, name: str) -> None:
    plain = name.lstrip("/")
    if plain in _CELLS:
        seen.cells = max(0, seen.cells + (1 if name == plain else -1))
        seen.add("\t" if name == plain and seen.last != "\n" else "")
    elif plain in ("table", "tr"):
        seen.cells = 0
        seen.add("\n" if seen.last != "\n" else "")
    elif plain == "br" or plain in BLOCKS:  # within a cell they part words: a row is one line
        mark = " " if seen.cells else "\n"
        seen.add(mark if seen.last not in ("\n", "\t", mark) else "")


def _changes(
    markup: str, spans: tuple[tuple[int, int], ...], seen: _Seen, words: str
) -> Iterator[tuple[int, int, str]]:
    """What to put where in the markup: the words at the secret's first letter, nothing at those behind tags."""
    number = 0
    for start, end in spans:
        new = words
        while number < len(seen.places) and seen.places[number][1] <= start:
            number += 1
        ahead = number
        while ahead < len(seen.places) and seen.places[ahead][0] < end:
            a, b, from_, to = seen.places[ahead]
            is_plain = b - a == to - from_
            left = from_ + max(0, start - a) if is_plain else from_
            right = to - max(0, b - end) if is_plain else to
            if new or markup[left:right].strip():
                yield left, right, new
                new = ""
            ahead += 1


def _in_tags(markup: str, tags: list[tuple[int, int]], words: str, look: Look) -> Iterator[tuple[int, int, str]]:
    """Attributes that show a secret, and what no reader sees; looked at one by one only where there is one at all."""
    speaking = [(a, b) for a, b in tags if b - a > 8 and ("=" in markup[a:b] or markup.startswith("<!", a))]
    speaking += [
        (a, b) for a, b in tags if markup[a + 1 : a + 7].lower() in ("script", "style ") and "=" not in markup[a:b]
    ]
    whole = "\n".join(unquote(characters(markup[a:b])) for a, b in speaking)
    if not look(whole).spans:
        return
    for a, b in speaking:
        tag = markup[a:b]
        if not look(unquote(characters(tag))).spans:
            continue
        new = (
            _VALUE.sub(lambda m: _value(m, words, look), tag)
            if _TAG.fullmatch(tag)
            else replaced(tag, look(tag).spans, words)
        )
        new = new if not look(new).spans else replaced(new, look(new).spans, words)
        yield a, b, new


def _value(match: re.Match[str], words: str, look: Look) -> str:
    """One attribute; an address whose escapes hide a secret ends before them."""
    written = match[2]
    sign = written[0] if written[0] in "\"'" else ""
    value = written.strip(sign) if sign else written
    plain = characters(value)
    shown = replaced(plain, look(plain).spans, words)
    if look(unquote(shown)).spans:
        shown = shown.partition("?")[0] if "?" in shown else words
    if shown == plain:
        return match[0]
    safe = shown.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#39;").replace("<", "&lt;")
    return f"{match[1]}{sign or chr(34)}{safe}{sign or chr(34)}"
