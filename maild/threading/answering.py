"""Is a mail written as an answer, or to pass another's words on? By its own headers alone, whatever it answers."""

from maild.mail import ParsedMail


def passes_on(mail: ParsedMail) -> bool:
    """Whether another's words are what the mail is sent for: who says `Re:` and adds them below answers."""
    return mail.is_forward and not mail.is_reply


def looks_like_reply(mail: ParsedMail) -> bool:
    """Whether the mail program says so (In-Reply-To, References) or the Subject does."""
    return bool(mail.in_reply_to or mail.references or mail.is_reply)
