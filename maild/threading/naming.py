"""Which words are a ticket's subject: the mail's, or what an answer says where that said nothing? (P7, D10)"""

import re

from maild.judgement import Carrier
from maild.mail import Address, ParsedMail
from maild.settings import Settings
from maild.settings.field_lines import stated_by
from maild.threading.references import in_text, without_references
from maild.threading.subject import folded, is_telling

_LONGEST_SUBJECT = 250  # characters
LONGEST = 120  # characters of a subject that is taken from the text
_MOST_LINES = 200
_NAMES = frozenset({"objet", "sujet", "subject"})
_LONGEST_FIELD = 31  # characters of a name: what is longer before a colon begins a sentence
_GREETING = re.compile(
    r"(?:re-?)?(?:bonjour|bonsoir|salut|hello|hi|dear|cher|chère|good morning)\b[^,.;:!?]{0,40}(?:[,.;:!?]+\s*|$)",
    re.I,
)
_LEAVE = re.compile(r"(?:cordialement|bien à vous|sincères|best|kind|regards|merci|thanks|thank)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
# Words by which an answer announces what it holds, and names no matter.
_ANNOUNCED = """
    voici voila ci dessous dessus suit suivante suivantes suivants demandee demandees demandes comme convenu promis
    below above here requested asked follows following attached promised
"""
_ANNOUNCING = frozenset(_ANNOUNCED.split())


def as_subject(words: str, settings: Settings) -> str:
    """Without the reference of another ticket, be it good or false: each answer would name both, and be held."""
    if any(True for _ in in_text(words, settings, Carrier.SUBJECT)):
        words = without_references(words, settings.site.reference)
    return " ".join(words.split())[:_LONGEST_SUBJECT]


def subject_named(mail: ParsedMail, brand: str) -> str:
    """Its own Subject where that tells something, else what a line `Objet : ...` states, else the first line of the
    text that tells something; '' where nothing does."""
    title = " ".join(without_references(mail.title, brand).split())
    if is_telling(title, mail.sender, brand):
        return title
    lines = mail.reply_text.split("\n", _MOST_LINES)[:_MOST_LINES]
    stated = (stated_by(line.strip()[:1_000]) or ("", "") for line in lines)
    named = (value for name, value in stated if folded(name) in _NAMES)
    found = next((words for words in named if is_telling(words, mail.sender, brand)), "")
    return found or next(filter(None, (_told_by(line, mail.sender, brand) for line in lines)), "")


def _told_by(line: str, sender: Address | None, brand: str) -> str:
    """What a line of the text says, as a subject; '' for a greeting, a leave, a field, or words that only announce."""
    text = line.strip(" \t>*•·-\u00a0\u202f")[:1_000]
    name, _ = stated_by(text) or ("", "")
    if 0 < len(name) <= _LONGEST_FIELD or _LEAVE.match(text):
        return ""
    greeting = _GREETING.match(text)
    text = text[greeting.end() :] if greeting else text
    sentence = _SENTENCE.split(text, 1)[0].rstrip(" .!?:;,\u00a0\u202f")
    words = [word for word in sentence.split() if folded(word).strip("'’.,;:!?()") not in _ANNOUNCING]
    if not is_telling(" ".join(words), sender, brand):
        return ""
    return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST].rsplit(None, 1)[0]} …"
