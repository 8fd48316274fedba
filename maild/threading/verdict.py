"""What becomes of a mail: the rows of the table of verdicts, from the top; the first that fits decides.

Pure: all it needs was read before. The order is fixed; tests/unit/test_verdict_table.py specifies it.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from maild.judgement import Carrier, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import Kind, auto_submitted
from maild.threading.answering import looks_like_reply, passes_on
from maild.threading.case import Case
from maild.threading.circling import why_it_circles
from maild.threading.claims import judge_claim
from maild.threading.counting import first_valid
from maild.threading.ends import SAID, end_in
from maild.threading.loops import is_over_budget
from maild.threading.own_requests import asks_for_requests
from maild.threading.ratings import judge_rating, judge_refusal
from maild.threading.returned import judge_report
from maild.threading.subject import is_same_problem
from maild.ticket import Role, Status, Ticket

__all__ = ["Case", "agents_verdict", "is_repeatable", "judge", "looks_like_reply", "passes_on", "say"]

REPEATED_WITHIN = timedelta(days=7)
_CLAIMS = (Purpose.CLAIM, Purpose.ACCOUNT, Purpose.JOIN)


def judge(case: Case) -> Verdict:
    """The verdict on a mail, with its reason; it never fails, since the last row takes all."""
    for row in _ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    raise AssertionError("the last row takes every mail")


def say(case: Case, name: VerdictName, reason: str, reference: Reference | None = None) -> Verdict:
    """A verdict; with a valid reference it names ticket and participant too."""
    ticket = case.led_to(reference.candidate.ticket) if reference and reference.participant else None
    who = reference.participant if reference else None
    return Verdict(name, reason, ticket, who, reference, case.proof)


def _quarantined(case: Case) -> Verdict | None:
    # A bounce may come from nobody (RFC 5321 4.5.5): what proves it is our own signature in it.
    is_from_nobody = case.mail.sender is None and case.mail.kind is not Kind.BOUNCE
    fault = case.mail.unreadable or ("no-sender" if is_from_nobody else "")
    return say(case, VerdictName.QUARANTINED, fault) if fault else None


def _duplicate(case: Case) -> Verdict | None:
    if case.facts.duplicate_of is None or (case.facts.is_copy_suspect and case.proof is Proof.PASS):
        return None  # a forged copy that came first does not hide the true one
    if case.facts.is_copy_unseen and not _is_unseen(case):
        return None  # nor does one that came through a list, or that a forger has marked as a robot's
    return say(case, VerdictName.DUPLICATE, "same-content")


def _is_unseen(case: Case) -> bool:
    """Whether it would end without a ticket and a reader, were it the first of its kind."""
    rows = (_loop, _bounce, _auto_reply, _list_mail, _spam)
    verdict = next((verdict for row in rows if (verdict := row(case)) is not None), None)
    return verdict is not None and verdict.name is not VerdictName.BOUNCE


def _loop(case: Case) -> Verdict | None:
    reason = why_it_circles(case.mail, case.facts, case.settings)
    if reason:
        return say(case, VerdictName.LOOP, reason)
    if case.is_returned or (case.mail.sender is not None and case.mail.sender.key in case.settings.old_addresses):
        return say(case, VerdictName.LOOP, "old-system")
    if case.is_agents_address or case.legacy:
        return None
    if is_over_budget(case.arrival, case.own, case.facts, case.settings):
        return say(case, VerdictName.LOOP, "budget", case.own)
    return None


def _legacy(case: Case) -> Verdict | None:
    """A report on a mail that we sent, or passed on, is for us."""
    is_ours = case.mail.kind is Kind.BOUNCE and case.facts.delivery is not None
    return say(case, VerdictName.LEGACY, case.legacy) if case.legacy and not is_ours else None


def _bounce(case: Case) -> Verdict | None:
    return judge_report(case)


def _auto_reply(case: Case) -> Verdict | None:
    """Programs that unsubscribe for their user say that they are programs; robots that answer know nothing of the
    address of that link."""
    if case.mail.kind is not Kind.BOUNCE and judge_refusal(case) is not None:
        return None
    if case.mail.kind is Kind.BOUNCE:  # of no mail of ours, as far as anything proves
        return say(case, VerdictName.AUTO_REPLY, "unproved-bounce")
    named = first_valid(case.references)  # by any carrier: robots click on no link, and say nothing in the ticket
    if case.mail.kind is Kind.AUTO_REPLY:
        return say(case, VerdictName.AUTO_REPLY, "automatic", named)
    if auto_submitted(case.mail.header("auto-submitted")) and not case.is_form:  # RFC 3834 5
        return say(case, VerdictName.AUTO_REPLY, "auto-submitted", named)
    if case.mail.kind is Kind.CALENDAR and not case.mail.auto_respond:
        return say(case, VerdictName.AUTO_REPLY, "calendar-answer", named)
    return None


def _list_mail(case: Case) -> Verdict | None:
    """A participant who answers over a list, or whose server adds a list's fields, answers all the same."""
    if case.mail.kind is not Kind.MAILING_LIST or case.sender_on_ticket is not None:
        return None
    return say(case, VerdictName.LIST_MAIL, "mailing-list")


def _spam(case: Case) -> Verdict | None:
    """With a participant's valid reference it names the ticket: such a mail stands first in the daily list."""
    own = case.valid if case.sender_on_ticket is not None else None
    if case.facts.is_blocked and not case.is_agents_address:
        return say(case, VerdictName.SPAM, "blocked")
    return say(case, VerdictName.SPAM, "marked", own) if case.mail.kind is Kind.SPAM else None


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


def _agent(case: Case) -> Verdict | None:
    ticket = case.ticket
    if case.valid is None or ticket is None or not case.is_proved_agent or case.is_own_request:
        return None
    return agents_verdict(case, ticket, case.valid)


def agents_verdict(case: Case, ticket: Ticket, reference: Reference | None) -> Verdict:
    """What a proved agent's mail is on that ticket."""
    purpose = reference.candidate.purpose if reference else Purpose.REPLY
    name, says_nothing = VerdictName.AGENT_REPLY, not case.words.text and not case.words.attachments
    if purpose is Purpose.NOTE or case.words.has("note"):
        name = VerdictName.AGENT_NOTE
    elif case.words.has("split") or (says_nothing and (case.words.commands or purpose is not Purpose.REPLY)):
        name = VerdictName.AGENT_COMMAND  # the text beside #split is the part's, and no answer
    assert case.mail.sender is not None
    reason = case.words.problems[0][0] if case.words.problems else "agent-with-proof"
    return Verdict(name, reason, ticket, ticket.by_address(case.mail.sender.address), reference, case.proof)


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
    _quarantined,
    _duplicate,
    _loop,
    _legacy,
    _bounce,
    _auto_reply,
    _list_mail,
    _spam,
    _unsigned_agent,
    _spoof_suspect,
    _end,
    judge_rating,
    _claim,
    _self_service,
    _ambiguous,
    _bad_reference,
    _stranger,
    _follow_up,
    _agent,
    _reply,
    _plain_reply,
    _unknown_sender,
    _repeat,
    _new_ticket,
)
