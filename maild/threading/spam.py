"""Did the filter that the admin named mark this mail as spam? Its own word says so; anybody else's says nothing.

Anybody can write such a header: the sender, and each server on the way, whose filter is another's and knows nothing of
our customers (Gandi marks as spam what its own users send). So a header counts above the border alone, where only our
own servers write; the few that a filter takes away wherever others wrote them are its own word anywhere. One that says
spam is enough, since nobody can write a better one beside it; an empty or unknown value says nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from maild.mail import Kind, ParsedMail
from maild.settings import Mailbox, SpamMark
from maild.threading.border import above_border

_LONGEST = 20_000  # characters of a header that are read
_BEYOND = frozenset({"header-fields", "header-size"})  # what stood at the end of such a block was not read
_LEVEL = re.compile(r"\s*+([*+]{1,1000}+)")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,9}+(?:\.\d{1,9}+)?")

Says = Callable[[str], bool | None]  # None: it says nothing


def _begins(words: str) -> Says:
    pattern = re.compile(rf"\s*+(?:{words})(?:(?<!\w)|(?!\w))", re.I)
    return lambda value: pattern.match(value) is not None if value.strip() else None


def _microsoft(report: str) -> bool | None:
    """What X-Forefront-Antispam-Report says, field by field (learn.microsoft.com, anti-spam message headers).

    Whatever an admin or a user let through is let through here; a report of somebody's outgoing mail says nothing.
    """
    said: dict[str, str] = {}
    for field in report.upper().split(";"):
        name, _, value = field.partition(":")
        said.setdefault(name.strip(), value.strip())
    verdict = said.get("SFV", "")
    if said.get("DIR") == "OUT" or not said.keys() & {"SFV", "CAT", "SCL"}:
        return None
    if verdict in ("SKA", "SKN", "SKQ", "SFE"):
        return False
    is_threat = said.get("CAT") in ("SPM", "HSPM", "PHSH", "HPHSH", "HPHISH", "MALW")
    return verdict in ("SPM", "SKS", "SKB", "BLK") or is_threat or said.get("SCL", "") in ("5", "6", "7", "8", "9")


@dataclass(frozen=True, slots=True)
class Form:
    """What a header says on spam. `is_own`: the filter takes away all others of that name, or writes its own last."""

    says_spam: Says
    is_own: bool = False


_YES = Form(_begins("yes|true|spam"))
_THREAT = Form(_begins("spam|phishing|malware|virus|scam"))

# filter -> its headers, and what stands in them on spam
FORMS: dict[str, dict[str, Form]] = {
    # Mail::SpamAssassin::Conf, add_header; amavis writes the same, both on top
    "spamassassin": {"x-spam-flag": _YES, "x-spam-status": _YES},
    # docs.rspamd.com, milter_headers: the X-Spam of others is taken away (remove_upstream_spam_flag, on by default) and
    # its own stands at the end; the rest is taken away and written only if its routine is in use
    "rspamd": {
        "x-spam": replace(_YES, is_own=True),
        "x-spam-flag": _YES,
        "x-spam-status": _YES,
        "x-rspamd-action": Form(_begins("add header|rewrite subject|reject|quarantine")),
    },
    # Exchange Online renames the report of others (-Untrusted); its header firewall takes X-MS-Exchange-Organization-*
    "microsoft": {
        "x-forefront-antispam-report": Form(_microsoft, is_own=True),
        "x-ms-exchange-organization-scl": Form(_begins("[5-9]"), is_own=True),
    },
    # seen by practice: OVHcloud, and Vade Retro as it was called there; on what its users send, too
    "ovh": {"x-ovh-spam-status": _THREAT, "x-vr-spamstate": _THREAT},
    # docs.gandi.net/en/gandimail/sieve/anti_spam.html; on what its users send, too
    "gandi": {"x-gnd-status": _THREAT},
    # docs.aws.amazon.com/ses, receiving mail: below its own Received line
    "ses": {"x-ses-spam-verdict": Form(_begins("fail")), "x-ses-virus-verdict": Form(_begins("fail"))},
    # bogofilter(1), passthrough.c: takes away others, and stands at the end
    "bogofilter": {"x-bogosity": replace(_YES, is_own=True)},
}


def marked(mail: ParsedMail, mailbox: Mailbox) -> ParsedMail:
    """The mail, as spam if its mailbox's filter says so. Bounces and robots' answers stay what they are.

    Where that filter writes at the end of the header block and the block is too long to be read so far, nobody knows
    what it says: then the mail is one that can't be read safely.
    """
    if not mailbox.trust.spam or mail.kind in (Kind.BOUNCE, Kind.AUTO_REPLY):
        return mail
    forms = [form for mark in mailbox.trust.spam for form in _forms(mark)]
    above = list(above_border(mail, mailbox.trust))
    if any(_marks(header, form, mail, above) for header, form in forms):
        return replace(mail, kind=Kind.SPAM, auto_respond=False)
    beyond = next((defect for defect in mail.defects if defect in _BEYOND), "")
    is_hidden = beyond and any(form.is_own for _, form in forms)
    return replace(mail, unreadable=mail.unreadable or beyond) if is_hidden else mail


def _marks(header: str, form: Form, mail: ParsedMail, above: Sequence[tuple[str, str]]) -> bool:
    """Whether such a header says spam: any above the border, or the last one that says something if it is its own."""
    values = mail.all_headers(header) if form.is_own else (value for name, value in above if name == header)
    said = [word for value in values if (word := form.says_spam(value[:_LONGEST])) is not None]
    return any(said[-1:] if form.is_own else said)


def _forms(mark: SpamMark) -> Iterator[tuple[str, Form]]:
    """The headers that a mark names, in lower case, each with what it says on spam."""
    if mark.filter is not None:
        yield from FORMS[mark.filter].items()
    if mark.header is not None:
        says = _begins("|".join(re.escape(w) for w in mark.value)) if mark.value else _scores(mark.at_least or 0)
        yield mark.header.lower(), Form(says, mark.anywhere)


def _scores(least: float) -> Says:
    """By the stars or pluses that the value begins with, else by the first number in it."""

    def says_spam(value: str) -> bool | None:
        if level := _LEVEL.match(value):
            return len(level[1]) >= least
        number = _NUMBER.search(value)
        return float(number[0]) >= least if number else None

    return says_spam
