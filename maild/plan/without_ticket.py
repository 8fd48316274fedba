"""What comes of a proved agent's commands that stand on no ticket: their questions are answered, all else goes back."""

from maild.effects import Effect
from maild.people.command_table import TABLE
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.problems import in_sentences
from maild.plan.questions import ASKED, answered, shown_commands
from maild.plan.recording import RECORDING
from maild.threading.agents import ASKS

_HERE = [row for row in TABLE if row.word in RECORDING | ASKED]


def without_ticket(desk: Desk, case: Incoming) -> list[Effect]:
    """One mail to the agent: the answers, or in any doubt everything that they wrote, with what to do."""
    problems = list(case.words.problems)
    if case.verdict.reason == ASKS:
        problems = [(slug, what) for slug, what in problems if slug != "empty"]
        problems += [("only-on-a-request", c.written) for c in case.words.commands if c.word not in ASKED]
        if case.words.text or case.words.attachments:
            problems.append(("words-of-no-request", ""))
        if not problems:
            return answered(desk, case)
    language = letters.language_for(desk, case.sender.address, "")
    values = {
        "problems": in_sentences(desk.settings, problems, language),
        "text": case.mail.text,
        "commands": shown_commands(_HERE, language),
    }
    refused = letters.to_address(
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
    return [refused]
