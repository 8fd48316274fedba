"""Which secrets are known by their form alone? Keys of well-known services, private keys, cards, IBAN, logins in links.

Every search is linear in the text. A number counts as a card by its first digits, length and check digit (ISO/IEC
7812-1), as an IBAN by its country's length and remainder (ISO 13616); one that is called an order or a SIRET is none.
"""

import re
from collections.abc import Iterator

import re2

from maild.reading.secret_words import CARD, NUMBERED

Span = tuple[int, int]

_B = r"(?<![A-Za-z0-9_-])"
_KEYS = re.compile(
    rf"{_B}(?:"
    r"A(?:KI|SI|GP|ID|RO)A[0-9A-Z]{16}"
    r"|gh[opusr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255}"
    r"|gl(?:pat|rt|dt|ft|ptt)-[\w-]{20,255}"
    r"|xox[abceoprs]-[\w-]{10,255}|xapp-[\w-]{10,255}"
    r"|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{16,255}"
    r"|sk-[A-Za-z0-9_-]{20,255}|gsk_[A-Za-z0-9]{20,255}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,1024}|GOCSPX-[\w-]{20,64}"
    r"|eyJ[\w-]{8,4096}\.[\w-]{8,8192}\.[\w-]{8,2048}"
    r"|SG\.[\w-]{16,32}\.[\w-]{16,64}|xkeysib-[\w-]{20,128}|key-[0-9a-f]{32}"
    r"|npm_[A-Za-z0-9]{30,64}|pypi-[\w-]{32,512}|hf_[A-Za-z0-9]{30,64}|dckr_pat_[\w-]{20,64}"
    r"|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{64}|AGE-SECRET-KEY-1[0-9A-Z]{40,64}"
    r"|\d{8,10}:AA[\w-]{32,35}|SK[0-9a-f]{32}|hv[sbr]\.[\w-]{24,255}"
    r")"
)
# What any of them begins with, over octets: most texts have none, and this is many times as quick to say so.
_HINTS = re2.compile(
    rb"(?P<key>A[KSGIR][A-Z]{2}[0-9A-Z]{16}|gh[opusr]_|github_pat_|gl[a-z]{2,3}-|xox[a-z]-|xapp-|[sr]k_(?:live|test)_|whsec_|sk-\w"
    rb"|gsk_|AIza|ya29\.|GOCSPX-|eyJ|SG\.|xkeysib-|key-[0-9a-f]|npm_|pypi-|hf_|dckr_pat_|shp[a-z]{2}_|do[opr]_v1_|AGE-SECRET"
    rb"|\d{8,10}:AA|SK[0-9a-f]{32}|hv[sbr]\.)|(?P<digits>[2-6](?:[ ?-]?[0-9]){12})"
    rb"|(?P<iban>\b[A-Za-z]{2}[0-9]{2}(?:[ ?-]?[A-Za-z0-9]){11})"
)
_SHORT = 2_000  # characters that are searched at once
_SLACK_HOOK = re.compile(r"hooks\.slack\.com/(?:services|workflows)/([\w/-]{20,128})")
_IN_LINK = re.compile(r"://[^\s/:@<>\"']{0,80}:([^\s/@<>\"']{1,128})@")
_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}|PuTTY-User-Key-File-\d:")
_END = re.compile(
    r"-{4,5} ?END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-MAC:[ \t]*[0-9a-f]+", re.IGNORECASE
)
_KEY_LINES = re.compile(
    r"(?:[\t >|]{0,20}+(?:[A-Za-z-]{2,30}+: ?[^\r\n]{0,400}+|[A-Za-z0-9+/=]{4,400}+)?+[\t ]{0,20}+(?:\r?\n|\Z)){1,400}+"
)
LONGEST_KEY = 64_000  # characters from the first line of a private key to its last

_DIGITS = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][ .,/\xa0\u202f-])[2-6](?:[ \xa0\u202f-]?[0-9]){12,18}(?![ \xa0\u202f-]?[0-9])"
)
_GROUPED = re.compile(r"\d+|\d{4}(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{1,7}(?:(?P=s)\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5}")
# First digits, and the lengths that go with them.
_ISSUERS = re.compile(
    r"4(?:\d{15}|\d{18})|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3528\d{12}|35[3-8]\d{13}|6011\d{12}|64[4-9]\d{13}|65\d{14}|62\d{14,17}|5[06-8]\d{14}|63\d{14}|67\d{14}"
)
_ISSUERS_IF_SAID = re.compile(r"4\d{12}|3(?:0[0-59]|6\d|[89]\d)\d{11}|(?:5[06-8]|6[37])\d{11,17}")
_AROUND = 40  # characters before a number that say what it is
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ \xa0\u202f-]?[A-Za-z0-9])")
_LENGTHS = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24
    FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32
    LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24
    RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
IBAN_LENGTHS = {word[:2]: int(word[2:]) for word in _LENGTHS.split()}  # SWIFT's IBAN registry, release 100


def by_form(text: str, folded: str) -> Iterator[Span]:
    """Where such secrets stand, in no order; two may overlap. `folded`: the text in compared form, letter by letter."""
    hinted = (
        {hint.lastgroup for hint in _HINTS.finditer(text.encode("ascii", "replace"))} if len(text) > _SHORT else None
    )
    if hinted is None or b"key" in hinted:
        yield from (match.span() for match in _KEYS.finditer(text))
    if "://" in text:
        yield from (match.span(1) for match in _IN_LINK.finditer(text) if not match[1].startswith(("$", "{", "<", "%")))
        yield from (match.span(1) for match in _SLACK_HOOK.finditer(text))
    if "PRIVATE KEY" in text or "PuTTY-User" in text:
        yield from _private_keys(text)
    for match in _DIGITS.finditer(text) if hinted is None or b"digits" in hinted else ():
        if _is_card(
            match[0],
            folded[max(0, match.start() - _AROUND) : match.start()],
            folded[match.end() : match.end() + _AROUND],
        ):
            yield match.span()
    for match in _IBAN.finditer(text) if hinted is None or b"iban" in hinted else ():
        if end := _iban_end(text, match.start()):
            yield match.start(), end


def _private_keys(text: str) -> Iterator[Span]:
    """From the first line to the last; where the last is missing, as far as the lines are those of a key."""
    position = 0
    end = _END.search(text)
    while begin := _BEGIN.search(text, position):
        if end is not None and end.start() < begin.end():
            end = _END.search(text, begin.end())
        if end is not None and end.end() <= begin.end() + LONGEST_KEY:
            position = end.end()
        else:
            line_end = text.find("\n", begin.end(), begin.end() + 200) + 1 or begin.end()
            body = _KEY_LINES.match(text, line_end)
            position = max(begin.end(), body.end() if body else line_end)
        yield begin.start(), position


def _is_card(written: str, before: str, after: str) -> bool:
    number = "".join(c for c in written if c.isdigit())
    before = before.rpartition("\n")[2]
    is_said = CARD.search(before) is not None or CARD.match(after.lstrip(" (,")) is not None
    if not is_said and (NUMBERED.search(before) or not _GROUPED.fullmatch(written.replace("\xa0", " "))):
        return False
    known = _ISSUERS.fullmatch(number) or (is_said and _ISSUERS_IF_SAID.fullmatch(number))
    return bool(known) and luhn(number) and len(set(number)) > 1


def luhn(digits: str) -> bool:
    """The check digit of cards (ISO/IEC 7812-1 annex B). A SIRET passes it too."""
    doubled = [int(c) * (1 + place % 2) for place, c in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _iban_end(text: str, start: int) -> int:
    """Where the IBAN that begins there ends; 0 where its length or its check digits are wrong."""
    length = IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
    letters, position = "", start
    while len(letters) < length and position < len(text):
        c = text[position]
        if c.isascii() and c.isalnum():
            letters += c.upper()
        elif c not in " \xa0\u202f-" or not letters or not text[position - 1].isalnum():
            return 0
        position += 1
    if len(letters) != length or not length or (position < len(text) and text[position].isalnum()):
        return 0
    moved = letters[4:] + letters[:4]
    return position if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else 0
