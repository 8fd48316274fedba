"""The word back to whoever decided on a held mail: what was done, what was done before, or why nothing was."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from maild.effects import Effect, RecordDecision, Settle
from maild.judgement import HeldMail, Purpose, VerdictName
from maild.mail import Address
from maild.people.command_table import TABLE
from maild.plan import holding, letters
from maild.plan.agent import MOST_COMMAND_MAILS, named_word
from maild.plan.case import Incoming
from maild.plan.digest import due_timer
from maild.plan.held_words import already_text, done_text
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.problems import in_sentences
from maild.threading.token import end_for
from maild.ticket import Disposition


class Done(Protocol):
    """What became of the held mail: ending_held.Ended."""

    @property
    def done(self) -> str: ...
    @property
    def number(self) -> int | None: ...


def answered(
    desk: Desk, click: Incoming, held: HeldMail, end: Done | None, problems: Sequence[tuple[str, str]] = ()
) -> list[Effect]:
    """The mail to the decider, and the end of theirs. A robot that answers such words draws no more than a few an hour
    (MOST_COMMAND_MAILS); then its mail is held and the admin hears of it."""
    language = letters.language_for(desk, click.sender.address, "")
    if problems and click.facts.refused_lately >= MOST_COMMAND_MAILS:
        effects, disposition, _ = holding.too_many_refusals(desk, click)
        effects += due_timer(desk, click.inbound_id, click.now)
        return [*effects, *_settled(desk, click, disposition, holding.TOO_MANY_REFUSALS, None)]
    number = end.number if end else held.ticket or None
    values: dict[str, object] = {"held": holding.bare_view(held)}
    if problems:
        known = tuple((f"#{named_word(r.word, r.aliases, language)}", r.help[language]) for r in TABLE if r.is_for_held)
        said = in_sentences(desk.settings, problems, language)
        values |= {"problems": said, "commands": known, "text": click.words.text}
    elif end is None:
        at = (held.decided_at or click.now).astimezone(desk.settings.site.zone)
        values["results"] = (already_text(replace(held, decided_by=_shown(desk, held.decided_by)), at, language),)
    else:
        done = "joined-into" if end.done == "joined" and end.number else end.done
        values["results"] = (done_text(done, held.sender, end.number, language),)
        if click.purpose is Purpose.HELD and click.words.text:
            values["results"] += (done_text("words-unsent", "", None, language),)  # type: ignore[operator]
    key = click.sender.key
    told = letters.to_address(
        desk,
        "command_refused" if problems else "command_result",
        held.mailbox,
        Address(click.sender.address, click.sender.name),
        owed_for=f"{'refused' if problems else 'ended'}:{click.mail.content_key}:{held.inbound_id}",
        now=click.now,
        automatic=AUTOMATIC,
        language=language,
        values=values,
        in_reply_to=click.mail.message_id,
        token=end_for(desk.ring, held, 0, Purpose.HELD, key) if problems else None,
    )
    return [told, *_settled(desk, click, Disposition.APPLIED, click.verdict.reason, number)]


def _settled(desk: Desk, click: Incoming, disposition: Disposition, reason: str, number: int | None) -> list[Effect]:
    name, proof = VerdictName.AGENT_COMMAND, click.verdict.proof.value
    return [
        RecordDecision(number, click.inbound_id, "received", name.value, reason, (), desk.settings.digest, proof),
        Settle(click.inbound_id, disposition, name, reason, number),
    ]


def _shown(desk: Desk, by: str) -> str:
    person = desk.settings.person(by)
    return person.address.shown if person else by
