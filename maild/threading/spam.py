"""Did the filter that the admin named mark this mail as spam? Its own headers say so; anybody else's say nothing.

Anybody can write such a header: the sender, and each server on the way, whose filter is another's and knows nothing of
our customers. So a mail is marked only if all headers of the named filter agree: a good filter takes away those that
come in from outside, and where one does not, a mail too many costs less than a request that nobody sees.
"""

import re
from dataclasses import replace

from maild.mail import Kind, ParsedMail
from maild.settings import Mailbox

_LONGEST = 2_000  # characters of a header that are read
_YES = re.compile(r"\s*+(?:yes|true|spam)\b", re.I)
_SPAM = re.compile(r"\s*+spam\b", re.I)

# filter -> its headers, and what stands in them on spam
FORMS: dict[str, dict[str, re.Pattern[str]]] = {
    # Mail::SpamAssassin::Conf, add_header; amavis writes the same
    "spamassassin": {"x-spam-flag": _YES, "x-spam-status": _YES},
    # rspamd.com/doc/modules/milter_headers.html; Haraka and Exim write the action
    "rspamd": {
        "x-spam": _YES,
        "x-spam-flag": _YES,
        "x-spam-status": _YES,
        "x-rspamd-action": re.compile(r"\s*+(?:add header|rewrite subject|reject|quarantine)\b", re.I),
    },
    # learn.microsoft.com, anti-spam message headers (SFV, SCL); MS-OXCMAIL, X-MS-Exchange-Organization-SCL
    "microsoft": {
        "x-forefront-antispam-report": re.compile(r".*?\bSFV:(?:SPM|SKS|SKB)\b", re.I | re.S),
        "x-ms-exchange-organization-scl": re.compile(r"\s*+[5-9]\b"),
    },
    # seen by practice: OVHcloud, and Vade Retro as it was called there
    "ovh": {"x-ovh-spam-status": _SPAM, "x-vr-spamstate": _SPAM},
    # docs.gandi.net/en/gandimail/sieve/anti_spam.html
    "gandi": {"x-gnd-status": _SPAM},
    # docs.aws.amazon.com/ses, receiving mail
    "ses": {"x-ses-spam-verdict": re.compile(r"\s*+fail\b", re.I)},
    # bogofilter(1)
    "bogofilter": {"x-bogosity": _YES},
}


def marked(mail: ParsedMail, mailbox: Mailbox) -> ParsedMail:
    """The mail, as spam if its mailbox's filter says so. Bounces and robots' answers stay what they are."""
    if mail.kind in (Kind.BOUNCE, Kind.AUTO_REPLY) or not any(_marks(name, mail) for name in mailbox.trust.spam):
        return mail
    return replace(mail, kind=Kind.SPAM, auto_respond=False)


def _marks(filter_name: str, mail: ParsedMail) -> bool:
    """Whether there is a header of that filter, and each says spam."""
    said = [
        bool(form.match(value[:_LONGEST]))
        for header, form in FORMS[filter_name].items()
        for value in mail.all_headers(header)
    ]
    return bool(said) and all(said)
