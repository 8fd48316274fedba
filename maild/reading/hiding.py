"""How does a mail read with its secrets hidden? The same mail, with the same few words where each of them stood.

Text, new text, HTML, Subject, attached texts and file names. Who wrote, to whom, ids, references and links stay as
they are, so that whatever is asked about the mail has the same answer. The bytes are kept as they came.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from maild.mail import HIDDEN, ParsedMail, Secrecy
from maild.reading.hidden_files import hidden_file
from maild.reading.hidden_markup import hidden_markup
from maild.reading.secrets import MOST_LABELS, Secrets, find, replaced

# Headers that say who, whence and how, or that a server has written: nobody states a secret there.
_OF_THE_POST = re.compile(
    r"(?i)(?:from|to|cc|bcc|sender|reply-to|return-path|received|message-id|in-reply-to|references|date|mime-version"
    r"|auto-submitted|precedence|delivered-to|envelope-to|authentication-results|received-spf|x-original-to|x-envelope-to"
    r"|(?:resent|arc|dkim|list|content|x-spam|x-ms|x-google|x-maild|x-microsoft|x-forefront)-.*)\Z"
)


class _Looker:
    """Finds the secrets of one mail's texts: what is telling in one counts in the others; one patience for all."""

    def __init__(self, known: frozenset[str] = frozenset(), most: int = MOST_LABELS) -> None:
        self.known = known
        self._left = most

    def __call__(self, text: str) -> Secrets:
        """The secrets of that text."""
        found = find(text, self.known, self._left)
        self._left = max(0, self._left - found.labels)
        return found

    def learn(self, text: str) -> None:
        """What that text tells is hidden in the others too."""
        self.known |= self(text).telling


def words_for(language: str, fallback: str) -> str:
    """What stands where a secret stood, in the language of the mail."""
    return HIDDEN.get(language) or HIDDEN.get(fallback) or HIDDEN["en"]


def hidden_mail(mail: ParsedMail, fallback: str) -> ParsedMail:
    """The mail as it may be shown and sent. `fallback`: the language where it shows none. Twice is as once."""
    words, look = words_for(mail.language, fallback), _Looker()
    return replace(
        _with_texts(mail, _hider(mail, words, look)),
        html=hidden_markup(mail.html, words, look) if mail.html else mail.html,
        attachments=tuple(hidden_file(file, words, look) for file in mail.attachments),
        passed_on=hidden_mail(mail.passed_on, fallback) if mail.passed_on else None,
    )


def as_shown(mail: ParsedMail, secrecy: Secrecy) -> ParsedMail:
    """A mail as the desk reads it. Where secrets are hidden from the rules alone, it brings what they may see."""
    if not secrecy.language:
        return mail
    if not secrecy.is_for_rules_alone:
        return hidden_mail(mail, secrecy.language)
    hide, found = _hider(mail, words_for(mail.language, secrecy.language), _Looker()), dict[str, str]()

    def note(text: str) -> str:
        found[text] = hide(text)
        return text

    _with_texts(mail, note)
    return replace(mail, for_rules=found)


def as_rules_see(mail: ParsedMail, secrecy: Secrecy) -> ParsedMail:
    """A mail before the rules. Only a text that was made since it was read is looked through now; no rule reads its
    HTML or its files."""
    if not (secrecy.language and secrecy.is_for_rules_alone):
        return mail
    hide = _hider(mail, words_for(mail.language, secrecy.language), _Looker())
    return _with_texts(mail, lambda text: mail.for_rules[text] if text in mail.for_rules else hide(text))


def _hider(mail: ParsedMail, words: str, look: _Looker) -> Callable[[str], str]:
    """Hides the secrets of a text of that mail; looks the mail through when it is first asked."""

    @cache
    def learn() -> None:
        look.learn(mail.subject)
        look.learn(mail.text)

    def hide(text: str) -> str:
        learn()
        return replaced(text, look(text).spans, words) if text else text

    return hide


def _with_texts(mail: ParsedMail, hide: Callable[[str], str]) -> ParsedMail:
    return replace(
        mail,
        sender=replace(mail.sender, name=hide(mail.sender.name)) if mail.sender else None,
        subject=hide(mail.subject),
        title=hide(mail.title),
        text=hide(mail.text),
        reply_text=hide(mail.reply_text),
        headers=tuple((name, value if _OF_THE_POST.match(name) else hide(value)) for name, value in mail.headers),
    )


def hidden_text(text: str, language: str) -> str:
    """A text of ours before it leaves, where it may quote what was stored before secrets were hidden."""
    look = _Looker()
    return replaced(text, look(text).spans, words_for(language, "en"))


def hidden_page(markup: str, language: str) -> str:
    """The same for HTML."""
    return hidden_markup(markup, words_for(language, "en"), _Looker())
