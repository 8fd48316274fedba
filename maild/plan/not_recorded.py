"""An agent meant to record a request and something is in doubt: all of it goes back, with what to do."""

from maild.effects import QueueMail
from maild.people.command_table import TABLE
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.problems import in_sentences
from maild.plan.recording import RECORDING


def not_recorded(desk: Desk, case: Incoming) -> QueueMail:
    """The mail to the agent: it belongs to no ticket, and nothing was opened."""
    language = letters.language_for(desk, case.sender.address, "")
    rows = [row for row in TABLE if row.word in RECORDING]
    names = (row.aliases[0] if language == "fr" else row.word for row in rows)
    known = tuple((f"#{name}", row.help[language]) for name, row in zip(names, rows, strict=True))
    values = {
        "problems": in_sentences(desk.settings, case.words.problems, language),
        "text": case.mail.text,
        "commands": known,
    }
    return letters.to_address(
        desk,
        "command_refused",
        case.mailbox,
        case.sender,
        owed_for=f"refused:{case.mail.content_key}",
        now=case.now,
        automatic=AUTOMATIC,
        language=language,
        values=values,
        in_reply_to=case.mail.message_id,
        attachments=case.mail.attachments,
    )
