"""Did a machine write it, has it come before, or may nobody see it? The first rows of the table of verdicts."""

from maild.judgement import Proof, Verdict, VerdictName
from maild.mail import Kind, auto_submitted
from maild.threading.case import Case
from maild.threading.circling import why_it_circles
from maild.threading.counting import first_valid
from maild.threading.loops import is_over_budget
from maild.threading.ratings import judge_refusal
from maild.threading.returned import judge_report
from maild.threading.saying import say


def quarantined(case: Case) -> Verdict | None:
    # A bounce may come from nobody (RFC 5321 4.5.5): what proves it is our own signature in it.
    is_from_nobody = case.mail.sender is None and case.mail.kind is not Kind.BOUNCE
    fault = case.mail.unreadable or ("no-sender" if is_from_nobody else "")
    return say(case, VerdictName.QUARANTINED, fault) if fault else None


def duplicate(case: Case) -> Verdict | None:
    if case.facts.duplicate_of is None or (case.facts.is_copy_suspect and case.proof is Proof.PASS):
        return None  # a forged copy that came first does not hide the true one
    if case.facts.is_copy_unseen and not _is_unseen(case):
        return None  # nor does one that came through a list, or that a forger has marked as a robot's
    return say(case, VerdictName.DUPLICATE, "same-content")


def _is_unseen(case: Case) -> bool:
    """Whether it would end without a ticket and a reader, were it the first of its kind."""
    rows = (loop, bounce, auto_reply, list_mail, spam)
    verdict = next((verdict for row in rows if (verdict := row(case)) is not None), None)
    return verdict is not None and verdict.name is not VerdictName.BOUNCE


def loop(case: Case) -> Verdict | None:
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


def legacy(case: Case) -> Verdict | None:
    """A report on a mail that we sent, or passed on, is for us."""
    is_ours = case.mail.kind is Kind.BOUNCE and case.facts.delivery is not None
    return say(case, VerdictName.LEGACY, case.legacy) if case.legacy and not is_ours else None


def bounce(case: Case) -> Verdict | None:
    return judge_report(case)


def auto_reply(case: Case) -> Verdict | None:
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


def list_mail(case: Case) -> Verdict | None:
    """A participant who answers over a list, or whose server adds a list's fields, answers all the same."""
    if case.mail.kind is not Kind.MAILING_LIST or case.sender_on_ticket is not None:
        return None
    return say(case, VerdictName.LIST_MAIL, "mailing-list")


def spam(case: Case) -> Verdict | None:
    """With a participant's valid reference it names the ticket: such a mail stands first in the daily list."""
    own = case.valid if case.sender_on_ticket is not None else None
    if case.facts.is_blocked and not case.is_agents_address:
        return say(case, VerdictName.SPAM, "blocked")
    return say(case, VerdictName.SPAM, "marked", own) if case.mail.kind is Kind.SPAM else None
