"""All that customers have written into a ticket of which no agent was told, as the rules are to see it: as one mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.decision import Decision, Matter, Rota
from maild.judgement import Facts, Said, Story, Verdict, VerdictName
from maild.mail import ParsedMail
from maild.plan.matters import opening
from maild.rules.decide import asks_for_subject, decide
from maild.settings import Settings
from maild.threading.naming import as_subject, subject_named
from maild.threading.subject import is_telling
from maild.threading.turning import feasible
from maild.ticket import Ticket
from maild.writing.links import without_prefill

_GO_ON = frozenset({VerdictName.REPLY, VerdictName.CLAIM, VerdictName.REPEAT})


@dataclass(frozen=True, slots=True)
class Whole:
    """`mail`: all of it, as if it had come at once; `said`: the words of each, oldest first; `missing`: which needs of
    those that the ticket waits for are still not there."""

    mail: ParsedMail
    said: tuple[str, ...]
    missing: tuple[str, ...] = ()
    is_verified: bool = True  # whether something vouches for each of these words


def needs_story(verdict: Verdict) -> bool:
    """Whether all that was written before is needed for this mail."""
    return verdict.name in _GO_ON and verdict.ticket is not None and verdict.ticket.is_untold


def whole_of(settings: Settings, ticket: Ticket, story: Story, mails: Sequence[ParsedMail]) -> Whole:
    """What was said before, and now by these mails.

    For the rules the newest words stand first, since of several lines `Name : value` the first one counts. A subject
    that was asked for is what the new mails name; else it stays what it was.
    """
    brand = settings.site.reference
    said = [*story.said, *(Said(without_prefill(mail.reply_text), mail) for mail in mails)]
    first = next((one.mail for one in said if one.mail is not None), mails[0])
    may_name = asks_for_subject(settings, ticket.missing)
    names = (subject_named(replace(mail, reply_text=without_prefill(mail.reply_text)), brand) for mail in mails)
    subject = (as_subject(next(filter(None, names), ""), settings) if may_name else "") or ticket.subject
    bodies = [one.text for one in said]
    if story.said and story.said[0].mail is first:
        bodies[0] = first.reply_text or first.text
    whole = replace(
        first,
        subject=subject,
        title=subject,
        text="\n\n".join(one.text for one in said),
        reply_text="\n\n".join(reversed(bodies)),
        attachments=tuple(a for one in said if one.mail is not None for a in one.mail.attachments),
    )
    return Whole(
        whole,
        tuple(one.text for one in said if one.text),
        is_verified=all(one.is_verified for one in story.said),
    )


def decided_anew(
    settings: Settings, verdict: Verdict, facts: Facts, mails: Sequence[ParsedMail], answered: ParsedMail, rota: Rota
) -> tuple[Whole, Decision]:
    """What the ticket still lacks, and the rules' answer to all that was written. The list of what is missing never
    grows: what the rules would require besides is not asked for; and what they no longer require is not asked for
    again. `answered`: the mail to which an answer would go."""
    ticket, story = verdict.ticket, facts.story
    assert ticket is not None and story is not None
    whole = whole_of(settings, ticket, story, mails)
    decision = decide(settings, _matter(settings, ticket, whole, facts), rota)
    whole = replace(whole, missing=tuple(need for need in ticket.missing if need in decision.missing))
    return whole, feasible(replace(decision, missing=()), verdict, answered, facts, settings)


def _matter(settings: Settings, ticket: Ticket, whole: Whole, facts: Facts) -> Matter:
    """The ticket as if it opened by all of this. It came when its first mail did, from its requester."""
    is_theirs = facts.who is not None and ticket.requester.key in facts.who.keys
    earlier = max(facts.earlier_tickets - 1, 0)  # this one was none
    facts = replace(facts, who=facts.who if is_theirs else None, earlier_tickets=earlier)
    matter = opening(settings, ticket.mailbox, whole.mail, facts, ticket.opened_at)
    telling = is_telling(whole.mail.title, whole.mail.sender, settings.site.reference)
    return replace(matter, is_telling=telling)
