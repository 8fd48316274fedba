"""Is there such an attachment? What belongs to a signature counts for none."""

from maild.mail import Attachment
from maild.rules.seen import Answer, Seen
from maild.rules.text_tests import listed, passes
from maild.rules.words import Searched
from maild.settings.conditions import AttachmentTest

SMALLEST_SCREENSHOT = 10_000  # octets of a picture within the text; logos are smaller


def is_attached(test: AttachmentTest, seen: Seen) -> Answer:
    """Whether enough of the mail's attachments are so."""
    fitting = [a for a in seen.mail.attachments if not is_decoration(a) and _fits(test, a, seen)]
    least = 1 if test.at_least is None else test.at_least
    named = listed([a.filename or a.content_type for a in fitting])
    return len(fitting) >= least, f"attached: {named}" if fitting else "no such attachment"


def _fits(test: AttachmentTest, attachment: Attachment, seen: Seen) -> bool:
    kind = attachment.content_type.lower()
    if test.type is not None and not any(_is_type(kind, wanted.lower()) for wanted in test.type):
        return False
    return test.name is None or passes(test.name, "", Searched(attachment.filename), seen)[0]


def _is_type(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("/*") else kind == wanted


def is_decoration(attachment: Attachment) -> bool:
    """Whether it belongs to a signature: a small picture that the text itself shows, or a card."""
    is_small_picture = attachment.content_type.startswith("image/") and attachment.size < SMALLEST_SCREENSHOT
    return (is_small_picture and attachment.inline) or attachment.content_type in ("text/vcard", "text/x-vcard")
