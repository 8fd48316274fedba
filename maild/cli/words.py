"""What do our slugs mean, in a few English words? For whoever meets them in a terminal for the first time."""

from typing import Any

import typer

ENGLISH = "en"  # the language of the command line
VERDICTS = {
    "quarantined": "could not be read safely, or has no sender: held for a person",
    "duplicate": "a second copy of a mail that is known",
    "loop": "from one of the desk's own addresses, or going in circles: no answer",
    "legacy": "belongs to the system before this one: passed on to it as it is",
    "bounce": "a server's report on a mail of ours",
    "auto_reply": "written by a machine: no answer",
    "list_mail": "from a mailing list: no answer",
    "spam": "marked as spam where it came in: no answer",
    "unsigned_agent": "in an agent's name, and nothing proves it: held, the agent is told",
    "spoof_suspect": "its sender is said to be false: held",
    "rating": "says by a link of ours how a request was dealt with",
    "claim": "a click on a link of ours that lets a held mail in",
    "self_service": "asks for the list of its sender's own requests, or for no more reminders",
    "ambiguous": "refers to more than one ticket: held",
    "bad_reference": "its reference is not valid: held, its sender is told what to do",
    "stranger": "from somebody who is not on that ticket: held, the agents decide",
    "follow_up": "on a closed ticket, or on another subject: a new ticket, linked to the old one",
    "agent_note": "an agent's note on a ticket",
    "agent_command": "an agent's command on a ticket",
    "agent_reply": "an agent's answer, which goes to the customer",
    "reply": "an answer on a ticket",
    "plain_reply": "an answer to a mail that maild did not write: held, its sender gets a link that lets it in",
    "unknown_sender": "accounts are required and its sender has none: held until there is one",
    "redirected": "somebody else's by the rules: no ticket, its sender is told to whom to turn",
    "repeat": "the same request once more: joined to the first",
    "incomplete": "a new ticket that lacks what the rules require: its sender is asked for it",
    "new_ticket": "a new ticket",
}
OUTBOX_REASONS = {
    "cancelled": "an operator has kept it from leaving",
    "deferred": "the server asked for another try later",
    "expired": "it could not be delivered in the time in which it makes sense",
    "no-reply-after-data": "it was sent, and no reply came: it may have arrived",
    "not-in-send-only-to": "`smtp: send_only_to` does not name its receiver",
    "our-fault": "an error in our software; try it again once that is mended",
    "own-address": "its receiver is one of the desk's own addresses: it would come back",
    "paused": "the outbox is paused",
    "refused": "the server refuses it for good",
    "refused-once": "the server refused it; it is tried once more before that is believed",
    "refused-unclear": "the server refused it, and was gone before maild could tell whether it takes other mails",
    "restored": "the database was restored, and it may have left before",
    "retried": "an operator wants it tried again",
    "server-refuses-all": "the server refuses every mail, not only this one",
    "stopped": "maild was stopped before it left",
    "stopped-while-sending": "maild was stopped while it was sent: it may have arrived",
    "store-failed": "the database could not be written just then",
    "transport-down": "the server could not be reached, or takes no mail from us: no fault of this mail",
    "unconfirmed": "no server has confirmed it: it may have arrived",
}
POLLER = {"backing_off": "tries again later"}
_DETAILS = {  # by notice: what its details are
    "answers-stopped": ("until {}",),
    "agent-gone": ("{}", "{} open tickets"),
    "restored": ("{} mails held back", "{} still to be read again"),
    "clock-ahead": ("{} days ahead", "nothing fires for {} hours at most"),
    "disk-low": ("{}", "{} MiB left"),
    "bytes-lost": ("{}", "{} mails"),
    "too-large": ("{}", "folder {}", "UID {}"),
    "unreadable": ("{}", "folder {}", "UID {}"),
    "not-filed": ("{}", "folder {}"),
}


def explained(slug: str, meaning: str) -> str:
    """The slug, and behind it what it means if that is known."""
    return f"{slug}: {meaning}" if slug and meaning and meaning != slug else slug


def details(notice: str, given: list[str]) -> str:
    """What is known of a matter beside its name."""
    shapes = _DETAILS.get(notice, ())
    last = shapes[-1:] if notice == "restored" else ("{}",)
    return ", ".join((shapes[i : i + 1] or last)[0].format(detail) for i, detail in enumerate(given))


def number_in(listing: str) -> Any:
    """The argument ID of a command, as that list shows it."""

    def parsed(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise typer.BadParameter(f"it is a number, as `{listing}` shows it")
        return int(text)

    return typer.Argument(metavar="ID", help=f"As `{listing}` shows it.", parser=parsed)
