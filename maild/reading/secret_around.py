"""Where do secrets stand without a label right before them? In headers and commands, behind a login, in lists, in the
same sentence as another one.
"""

import re
from collections.abc import Iterator

from maild.reading.secret_page import AFTER_WEAK, SAME_LINE, WORD, Found, Page
from maild.reading.secret_values import is_none, is_plain, is_strong, is_surely_chosen
from maild.reading.secret_words import PLURAL

_BEFORE_AS = re.compile(
    r"(?<!\S)(\S{3,64}+)\s{1,3}(?:comme|en|as|pour)(?:\s{1,3}(?:mon|my|le|the|un|a|nouveau|new)){0,2}\s{1,3}\Z"
)
_BEFORE_IS = re.compile(r"c'est (?:bien )?(\S{3,64}+) (?:le|mon|son|notre) \Z")
_BEFORE_PAREN = re.compile(r"(?<!\S)(\S{3,64}+)\s{1,3}\(\Z")
_NEXT = re.compile(
    r"(?:\bou|\bor|\bnouve(?:au|lle)(?: mot de passe| mdp)?(?: est)?|new (?:one|password) is|is now|\bnow|maintenant"
    r"|desormais|remplace par|change en|changed to|->|→)[ :]{1,3}[«\"“']?[ ]?(\S{3,64})"
)
_RENEWED = re.compile(
    r"(?:\ble nouveau|\bla nouvelle|new one|c'est maintenant|remplace par|change en|(?:changed|reset|set|updated) to)"
    r"(?: est| is)?[ :]{1,3}"
    r"[«\"“']?[ ]?(\S{3,64})"
)
_PAIR = re.compile(
    r"[ \t]{0,4}(?:[:=]|\bsont\b|\bare\b)?\s{0,8}(?:>[ \t])?(?:login|user|id)?[ :]{0,3}([^\s,;/|]{1,80}+)"
    r"[ \t]{0,4}(?:[/|;,+]|\bet\b|\band\b|\bpuis\b| - )[ \t]{0,4}(?:mdp |password )?[«\"“']?(\S{2,128})"
)
_TWO_LINES = re.compile(
    r"[ \t]{0,4}:?[ \t]{0,8}\r?\n[ \t>]{0,20}+([^\s:]{1,80}+)[ \t]{0,8}\r?\n"
    r"[ \t>]{0,20}+([^\s:]{4,128}+)[ \t]{0,8}(?:\r?\n|\Z)"
)
_LOGIN_SLASH = re.compile(
    r"\b(?:acces|connexion|connecte\w{0,4}|logged|log|login|compte|account|serveur|server|user|utilisateur|sql|ssh|ftp|sa"
    r")\b[^\n/]{0,50}?[ :=]([^\s/:=]{1,64}) ?/ ?(\S{4,64})"
)
_HEADER = re.compile(
    r"(?i:authorization)\s{0,3}[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"(?i:basic|bearer|digest|token|apikey) {1,3}([^\s\"',]{6,4096})"
)
_COMMANDS = {
    "curl ": re.compile(r"(?i)\bcurl\b[^\n]{0,200}?\s(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,80}:([^\s\"']{1,128})"),
    " -p": re.compile(r"(?i)\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^\n]{0,200}?\s-p([^\s\"']{2,128})"),
    "sshpass ": re.compile(r"(?i)\bsshpass\s{1,3}-p\s{0,3}[\"']?([^\s\"']{1,128})"),
    "net use ": re.compile(r"(?i)\bnet use\b[^\n]{0,200}?/user:\S{1,80}\s{1,3}([^\s/]\S{2,128})"),
    "sess": re.compile(r"(?i)\b(?:php|j|asp\.net_)?sess(?:ion)?_?id=([\w.-]{8,128})"),
    "basic": re.compile(r"(?i)\bbasic auth[a-z]{0,14}\s{0,3}:?\s{0,3}[^\s:]{1,64}:([^\s\"']{3,128})"),
    "accountkey=": re.compile(r"(?i)\baccountkey=([^\s;\"']{8,256})"),
}
_COLON_AND_END = re.compile(r"[ \t]{0,3}:?[ \t]{0,8}\r?\n")
_LIST_LINE = re.compile(r"[>\s*•-]{0,8}[^\n:=]{1,40}?\s{0,3}(?::|=|->|→|/|\t)\s{0,3}(\S{3,128})[ \t]*\Z")


class Around(Page):
    """One text, and what stands around the labels in it."""

    def alone(self) -> Iterator[Found]:
        """Those that stand in headers, commands, and behind a login and a slash."""
        folded = self.folded
        if "authorization" in folded:
            yield from self._known_places(_HEADER)
        for word, command in _COMMANDS.items():
            if word in folded:
                yield from self._known_places(command)
        if "/" in folded:
            for m in _LOGIN_SLASH.finditer(folded):
                start, end = self.trimmed(*m.span(2))
                if is_surely_chosen(self.text[start:end], folded[start:end]) and "/" not in folded[start:end]:
                    yield self.found((start, end))

    def _known_places(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        for match in pattern.finditer(self.text):
            if not match[1].startswith(("[", "<", "$", "{")):
                yield Found(*match.span(1))

    def before(self, label: int) -> Iterator[Found]:
        """`X as my password`, `X (password)`."""
        start = max(0, label - 100)
        said = self.folded[start:label]
        for pattern in (_BEFORE_AS, _BEFORE_IS, _BEFORE_PAREN):
            if (match := pattern.search(said)) is not None:
                value = self.trimmed(start + match.start(1), start + match.end(1))
                if "@" not in match[1][1:-1] and is_surely_chosen(*self.words(value)):
                    yield self.found(value)

    def further(self, label: int, position: int) -> Iterator[Found]:
        """Another one in the same sentence: the old and the new one, or one for each of several things."""
        ahead = SAME_LINE.match(self.folded, position)
        end = ahead.end() if ahead else position
        if PLURAL.match(self.folded, label):
            for word in WORD.finditer(self.text, position, end):
                value = self.trimmed(*word.span())
                if is_surely_chosen(*self.words(value)):
                    yield self.found(value)
        for match in _NEXT.finditer(self.folded, position, end):
            value = self.trimmed(*match.span(1))
            if is_surely_chosen(*self.words(value)):
                yield self.found(value)

    def renewed(self, position: int) -> Iterator[Found]:
        """The new one, named in the sentence that began with a label."""
        ahead = SAME_LINE.match(self.folded, position, position + 100)
        for match in _RENEWED.finditer(self.folded, position, ahead.end()) if ahead else ():
            value = self.trimmed(*match.span(1))
            if is_surely_chosen(*self.words(value)):
                yield self.found(value)

    def listed(self, position: int) -> Iterator[Found]:
        """Lines such as `- admin : X` below `passwords:`, up to twenty."""
        colon = _COLON_AND_END.match(self.text, position)
        position = colon.end() if colon else len(self.text)
        for _ in range(20):
            end = self.text.find("\n", position, position + 200)
            end = end if end >= 0 else min(len(self.text), position + 200)
            if match := _LIST_LINE.match(self.text, position, end):
                value = self.trimmed(*match.span(1))
                if is_strong(*self.words(value)) and not is_none(*self.words(value)):
                    yield self.found(value)
            elif not self.text[position:end].strip():
                return
            position = end + 1

    def pair(self, label_end: int) -> Iterator[Found]:
        """A login and what goes with it, on one line or two."""
        for pattern in (_PAIR, _TWO_LINES):
            match = pattern.match(self.folded, label_end, label_end + 300)
            if match is None or (is_none(self.text[match.start(1) : match.end(1)], match[1]) and "@" not in match[1]):
                continue
            value = self.trimmed(*match.span(2))
            word, plain = self.words(value)
            is_slashed = pattern is _PAIR and self.folded[match.end(1) : match.start(2)].strip(" «\"“'") in ("/", "|")
            is_simple = is_slashed and is_plain(word, plain) and AFTER_WEAK.match(self.folded, value[1])
            if not is_none(word, plain) and (is_strong(word, plain) or is_simple):
                yield self.found(value)
                return
