"""What becomes of a mail: the rows of the table of verdicts, from the top; the first that fits decides.

Pure: all it needs was read before. The order is fixed; tests/unit/test_verdict_table.py specifies it.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from maild.judgement import UNHANDLED, Carrier, Proof, Purpose, Verdict, VerdictName
from maild.lifecycle import Status
from maild.threading.agents import judge_agent, judge_question, judge_recording
from maild.threading.answering import looks_like_reply, passes_on
from maild.threading.case import Case
from maild.threading.claims import judge_claim
from maild.threading.ends import SAID, end_in
from maild.threading.machines import auto_reply, bounce, duplicate, legacy, list_mail, loop, quarantined, spam
from maild.threading.own_requests import asks_for_requests
from maild.threading.ratings import judge_rating, judge_refusal
from maild.threading.saying import say
from maild.threading.subject import is_same_problem
from maild.ticket import Role, Ticket

REPEATED_WITHIN = timedelta(days=7)
_CLAIMS = (Purpose.CLAIM, Purpose.ACCOUNT, Purpose.JOIN)


def judge(case: Case) -> Verdict:
    """The verdict on a mail, with its reason; it never fails, since the last row takes all."""
    for row in _ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    raise AssertionError("the last row takes every mail")


def _unsigned_agent(case: Case) -> Verdict | None:
    if (case.is_agents_address or case.end is not None) and not case.is_proved:
        return say(case, VerdictName.UNSIGNED_AGENT, f"proof-{case.proof}", case.valid)
    return None


def _spoof_suspect(case: Case) -> Verdict | None:
    failed = case.proof is Proof.FAIL
    return say(case, VerdictName.SPOOF_SUSPECT, "authentication-failed", case.valid) if failed else None


def _end(case: Case) -> Verdict | None:
    """A person decides on a held mail, by the reference that they were given for it."""
    end = end_in(case.references)
    if end is None:
        return None
    if case.end is None:
        return say(case, VerdictName.BAD_REFERENCE, end.fault or "revoked", end)
    return say(case, VerdictName.AGENT_COMMAND, SAID[end.candidate.purpose], end)


def _claim(case: Case) -> Verdict | None:
    claim = next((r for r in case.counted if r.candidate.purpose in _CLAIMS), None)
    return judge_claim(case, claim) if claim is not None else None


def _self_service(case: Case) -> Verdict | None:
    if (refusal := judge_refusal(case)) is not None:
        return refusal
    asked = asks_for_requests(case)
    return say(case, VerdictName.SELF_SERVICE, asked) if asked else None


def _ambiguous(case: Case) -> Verdict | None:
    strong: tuple[Carrier, ...] = (Carrier.ADDRESS, Carrier.IN_REPLY_TO, Carrier.SUBJECT)
    if case.is_proved_agent and case.valid is not None and case.valid.candidate.carrier is Carrier.BODY:
        strong = (Carrier.BODY,)  # nothing else says which: an agent's words would go to whoever stands first in a list
    held = [r for r in case.counted if r.participant is not None and r.candidate.carrier in strong]
    named = [t for r in held if (t := case.led_to(r.candidate.ticket)) is not None]
    linked = {named[0].number, *named[0].linked_to} if named else set()  # among these the strongest carrier counts
    unlinked = [t for t in named if t.number not in linked]
    return say(case, VerdictName.AMBIGUOUS, "several-tickets") if unlinked else None


def _bad_reference(case: Case) -> Verdict | None:
    if case.valid is not None:
        return None
    unhandled = next((r for r in case.counted if r.candidate.purpose in UNHANDLED), None)
    if unhandled is not None:
        return say(case, VerdictName.BAD_REFERENCE, unhandled.fault or "no-such-purpose", unhandled)
    faulty = next((r for r in case.counted if r.fault and r.candidate.purpose is not Purpose.BOUNCE), None)
    return say(case, VerdictName.BAD_REFERENCE, faulty.fault, faulty) if faulty else None


def _stranger(case: Case) -> Verdict | None:
    if case.valid is None or case.is_proved_agent or case.mail.sender is None:
        return None
    who = case.sender_on_ticket
    if who is None:
        return say(case, VerdictName.STRANGER, "not-a-participant", case.valid)
    if who.role is Role.AGENT:  # on the ticket, but an agent no longer
        return say(case, VerdictName.STRANGER, "no-agent-any-more", case.valid)
    return None


def _follow_up(case: Case) -> Verdict | None:
    """Customers alone: an agent who writes takes a closed ticket up again, and calls it what they like."""
    ticket, who = case.ticket, case.sender_on_ticket
    if case.valid is None or ticket is None or who is None or who.role is not Role.CUSTOMER:
        return None
    purpose = case.valid.candidate.purpose
    if purpose not in (Purpose.REPLY, Purpose.REOPEN, Purpose.ESCALATE):
        return None
    # Whoever wants somebody above to look at a request says so under any subject.
    reason = "another-subject" if case.is_another_subject and purpose is not Purpose.ESCALATE else ""
    if ticket.status is Status.CLOSED and not case.is_thanks:
        reason = "closed"
    return Verdict(VerdictName.FOLLOW_UP, reason, ticket, who, case.valid, case.proof) if reason else None


def _reply(case: Case) -> Verdict | None:
    ticket = case.ticket
    if case.valid is None or ticket is None or case.mail.sender is None:
        return None
    who = case.on(ticket)
    return Verdict(VerdictName.REPLY, f"by-{case.valid.candidate.carrier}", ticket, who, case.valid, case.proof)


def _plain_reply(case: Case) -> Verdict | None:
    uncounted = [r for r in case.references if r not in case.counted]
    in_subject = any(r.candidate.carrier is Carrier.SUBJECT for r in uncounted)
    if case.is_form or passes_on(case.mail) or not (looks_like_reply(case.mail) or in_subject):
        return None
    to_notice = any(r.is_valid and r.candidate.ticket == 0 for r in case.references)
    if not (case.facts.is_written_to or to_notice):
        return None
    is_by_link = case.settings.site.replies == "link"  # else what is not counted is the list that was answered
    return say(case, VerdictName.PLAIN_REPLY, "not-by-link" if uncounted and is_by_link else "no-reference")


def _unknown_sender(case: Case) -> Verdict | None:
    """Where accounts are required. A valid reference or a plain reply was looked at before."""
    if case.settings.people.accounts != "required" or case.is_agents_address or case.facts.has_ticket:
        return None
    if case.facts.who is not None and case.facts.who.has_account:
        return None
    return say(case, VerdictName.UNKNOWN_SENDER, "no-account")


def _repeat(case: Case) -> Verdict | None:
    """Where the rules ask for it (P8). Without a reference only a proved sender comes into a ticket so."""
    mail, brand = case.mail, case.settings.site.reference
    if case.settings.repeats != "join" or case.proof is not Proof.PASS or mail.sender is None or passes_on(mail):
        return None
    for ticket in case.facts.own_tickets:
        is_theirs = ticket.requester.key in case.own_keys and ticket.number in case.facts.first_words
        words = case.facts.first_words.get(ticket.number, "")
        if is_theirs and is_same_problem(mail.title, mail.reply_text, ticket.subject, words, brand):
            return Verdict(VerdictName.REPEAT, "same-problem", ticket, ticket.requester, None, case.proof)
    return None


def is_repeatable(ticket: Ticket, keys: Collection[str], now: datetime) -> bool:
    """Whether a new mail of the person with these addresses may join that ticket, as far as it shows without its
    messages."""
    is_new = ticket.opened_at is not None and now - ticket.opened_at <= REPEATED_WITHIN
    return is_new and ticket.requester.key in keys


def _new_ticket(case: Case) -> Verdict | None:
    return say(case, VerdictName.NEW_TICKET, "no-reference")


_ROWS: tuple[Callable[[Case], Verdict | None], ...] = (
    quarantined,
    duplicate,
    loop,
    legacy,
    bounce,
    auto_reply,
    list_mail,
    spam,
    _unsigned_agent,
    _spoof_suspect,
    _end,
    judge_rating,
    _claim,
    _self_service,
    judge_question,
    _ambiguous,
    _bad_reference,
    _stranger,
    _follow_up,
    judge_agent,
    judge_recording,
    _reply,
    _plain_reply,
    _unknown_sender,
    _repeat,
    _new_ticket,
)
