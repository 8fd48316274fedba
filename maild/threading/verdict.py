"""What becomes of a mail: the rows of the table of verdicts, from the top; the first that fits decides.

Pure: all it needs was read before. The order is fixed; tests/unit/test_verdict_table.py specifies it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maild.errors import BadInput
from maild.judgement import AgentWords, Arrival, Carrier, Facts, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import Kind, ParsedMail, auto_submitted
from maild.settings import Mailbox, Settings
from maild.threading.answering import looks_like_reply, passes_on
from maild.threading.claims import judge_claim
from maild.threading.counting import counted, first_valid, is_own_request
from maild.threading.loops import is_over_budget
from maild.threading.own_requests import asks_for_requests
from maild.threading.returned import judge_report
from maild.ticket import Participant, Role, Ticket

MOST_HOPS = 50  # Received lines; RFC 5321 6.3
_NOTHING_SAID = AgentWords("")


@dataclass(frozen=True, slots=True)
class Case:
    """One mail and all that is known about it when it is judged."""

    mail: ParsedMail
    references: tuple[Reference, ...]  # strongest first, checked
    facts: Facts
    settings: Settings
    mailbox: Mailbox
    proof: Proof
    words: AgentWords = _NOTHING_SAID  # the mail taken apart, if it is an agent's
    legacy: str = ""  # by what it belongs to the system before this one
    is_returned: bool = False  # we passed it on there before
    arrival: Arrival | None = None  # how it came; none: not counted

    @property
    def counted(self) -> tuple[Reference, ...]:
        """The references that count at all, in the mode that the desk is in."""
        return counted(self.references, self.mail.sender, self.settings)

    @property
    def valid(self) -> Reference | None:
        """The reference that counts: the first valid one that lets write into a ticket."""
        return first_valid(self.counted)

    @property
    def sender_on_ticket(self) -> Participant | None:
        """The sender as a participant of the ticket that the valid reference names."""
        if self.valid is None or self.mail.sender is None:
            return None
        return self.facts.tickets[self.valid.candidate.ticket].by_address(self.mail.sender.address)

    @property
    def own(self) -> Reference | None:
        """The reference that counts, if the sender is on its ticket."""
        return self.valid if self.sender_on_ticket is not None else None

    @property
    def is_agents_address(self) -> bool:
        """Whether the sender claims to be one of the agents."""
        return self.mail.sender is not None and self.mail.sender.key in self.settings.agents

    @property
    def is_proved_agent(self) -> bool:
        """An agent, with the proof that the mailbox's `trust` asks for (Decisions, Sender proof)."""
        if not self.is_agents_address or self.mail.sender is None:
            return False
        if self.proof is Proof.PASS:
            return True
        holder = self.valid.participant if self.valid else None
        return (
            self.mailbox.trust.agents == "token"
            and self.proof is Proof.UNVERIFIED
            and holder is not None
            and holder.role is Role.AGENT
            and holder.key == self.mail.sender.key
        )


def judge(case: Case) -> Verdict:
    """The verdict on a mail, with its reason; it never fails, since the last row takes all."""
    for row in _ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    raise AssertionError("the last row takes every mail")


def released(case: Case, into: Ticket | None, *, is_new: bool) -> Verdict:
    """What a held mail becomes when a person lets it in: what they say, else what it would have been with proof.

    BadInput where that is nothing that a ticket could hold.
    """
    assert case.proof is Proof.PASS, "a person vouches for the sender"
    if case.mail.sender is None or case.mail.unreadable:
        raise BadInput("this mail has no sender or no text that could be read safely; it can only be discarded")
    if is_new:
        return _say(case, VerdictName.NEW_TICKET, "released")
    verdict = judge(case)
    if into is not None or (verdict.name is VerdictName.STRANGER and verdict.ticket is not None):
        ticket = into or verdict.ticket
        assert ticket is not None
        who = ticket.by_address(case.mail.sender.address)
        return Verdict(VerdictName.REPLY, "released", ticket, who, None, case.proof)
    if verdict.name in _NEED_A_PLACE:
        raise BadInput("nothing in this mail says where it belongs: name the ticket with --into, or say --new")
    return verdict


def _say(case: Case, name: VerdictName, reason: str, reference: Reference | None = None) -> Verdict:
    """A verdict; with a valid reference it names ticket and participant too."""
    ticket = case.facts.tickets.get(reference.candidate.ticket) if reference and reference.participant else None
    who = reference.participant if reference else None
    return Verdict(name, reason, ticket, who, reference, case.proof)


def _quarantined(case: Case) -> Verdict | None:
    # A bounce may come from nobody (RFC 5321 4.5.5): what proves it is our own signature in it.
    is_from_nobody = case.mail.sender is None and case.mail.kind is not Kind.BOUNCE
    fault = case.mail.unreadable or ("no-sender" if is_from_nobody else "")
    return _say(case, VerdictName.QUARANTINED, fault) if fault else None


def _duplicate(case: Case) -> Verdict | None:
    if case.facts.duplicate_of is None or (case.facts.is_copy_suspect and case.proof is Proof.PASS):
        return None  # a forged copy that came first does not hide the true one
    if case.facts.is_copy_unseen and not _is_unseen(case):
        return None  # nor does one that came through a list, or that a forger has marked as a robot's
    return _say(case, VerdictName.DUPLICATE, "same-content")


def _is_unseen(case: Case) -> bool:
    """Whether it would end without a ticket and a reader, were it the first of its kind."""
    rows = (_loop, _bounce, _auto_reply, _list_mail, _spam)
    verdict = next((verdict for row in rows if (verdict := row(case)) is not None), None)
    return verdict is not None and verdict.name is not VerdictName.BOUNCE


def _loop(case: Case) -> Verdict | None:
    if case.mail.sender is not None and case.settings.mailbox_of(case.mail.sender.address):
        return _say(case, VerdictName.LOOP, "own-address")
    if sum(name.lower() == "received" for name, _ in case.mail.headers) > MOST_HOPS:
        return _say(case, VerdictName.LOOP, "too-many-hops")
    if case.is_returned or (case.mail.sender is not None and case.mail.sender.key in case.settings.old_addresses):
        return _say(case, VerdictName.LOOP, "old-system")
    if (
        not case.is_agents_address
        and not case.legacy
        and is_over_budget(case.arrival, case.own, case.facts, case.settings)
    ):
        return _say(case, VerdictName.LOOP, "budget", case.own)
    return None


def _legacy(case: Case) -> Verdict | None:
    """A report on a mail that we sent, or passed on, is for us."""
    is_ours = case.mail.kind is Kind.BOUNCE and case.facts.delivery is not None
    return _say(case, VerdictName.LEGACY, case.legacy) if case.legacy and not is_ours else None


def _bounce(case: Case) -> Verdict | None:
    return judge_report(case.mail, case.facts, case.proof)


def _auto_reply(case: Case) -> Verdict | None:
    if case.mail.kind is Kind.BOUNCE:  # of no mail of ours, as far as anything proves
        return _say(case, VerdictName.AUTO_REPLY, "unproved-bounce")
    named = first_valid(case.references)  # by any carrier: robots click on no link, and say nothing in the ticket
    if case.mail.kind is Kind.AUTO_REPLY:
        return _say(case, VerdictName.AUTO_REPLY, "automatic", named)
    if auto_submitted(case.mail.header("auto-submitted")):  # RFC 3834 5
        return _say(case, VerdictName.AUTO_REPLY, "auto-submitted", named)
    if case.mail.kind is Kind.CALENDAR and not case.mail.auto_respond:
        return _say(case, VerdictName.AUTO_REPLY, "calendar-answer", named)
    return None


def _list_mail(case: Case) -> Verdict | None:
    """A participant who answers over a list, or whose server adds a list's fields, answers all the same."""
    if case.mail.kind is not Kind.MAILING_LIST or case.sender_on_ticket is not None:
        return None
    return _say(case, VerdictName.LIST_MAIL, "mailing-list")


def _spam(case: Case) -> Verdict | None:
    return _say(case, VerdictName.SPAM, "marked") if case.mail.kind is Kind.SPAM else None


def _unsigned_agent(case: Case) -> Verdict | None:
    if case.is_agents_address and not case.is_proved_agent:
        return _say(case, VerdictName.UNSIGNED_AGENT, f"proof-{case.proof}", case.valid)
    return None


def _spoof_suspect(case: Case) -> Verdict | None:
    failed = case.proof is Proof.FAIL
    return _say(case, VerdictName.SPOOF_SUSPECT, "authentication-failed", case.valid) if failed else None


def _claim(case: Case) -> Verdict | None:
    claim = next((r for r in case.counted if r.candidate.purpose is Purpose.CLAIM), None)
    return judge_claim(claim, case.mail, case.facts, case.proof) if claim is not None else None


def _self_service(case: Case) -> Verdict | None:
    asked = asks_for_requests(case.mail, case.counted, case.facts, case.settings, case.proof)
    return _say(case, VerdictName.SELF_SERVICE, asked) if asked else None


def _ambiguous(case: Case) -> Verdict | None:
    strong = (Carrier.ADDRESS, Carrier.IN_REPLY_TO, Carrier.SUBJECT)
    named = {r.candidate.ticket for r in case.counted if r.participant is not None and r.candidate.carrier in strong}
    return _say(case, VerdictName.AMBIGUOUS, "several-tickets") if len(named) > 1 else None


def _bad_reference(case: Case) -> Verdict | None:
    if case.valid is not None:
        return None
    faulty = next((r for r in case.counted if r.fault and r.candidate.purpose is not Purpose.BOUNCE), None)
    return _say(case, VerdictName.BAD_REFERENCE, faulty.fault, faulty) if faulty else None


def _stranger(case: Case) -> Verdict | None:
    if case.valid is None or case.is_proved_agent or case.mail.sender is None:
        return None
    who = case.sender_on_ticket
    if who is None:
        return _say(case, VerdictName.STRANGER, "not-a-participant", case.valid)
    if who.role is Role.AGENT:  # on the ticket, but an agent no longer
        return _say(case, VerdictName.STRANGER, "no-agent-any-more", case.valid)
    return None


def _agent(case: Case) -> Verdict | None:
    if case.valid is None or not case.is_proved_agent or is_own_request(case.valid, case.mail.sender):
        return None
    purpose = case.valid.candidate.purpose
    ticket = case.facts.tickets[case.valid.candidate.ticket]
    name = VerdictName.AGENT_REPLY
    if purpose is Purpose.NOTE or case.words.has("note"):
        name = VerdictName.AGENT_NOTE
    elif not case.words.text and not case.words.attachments and (case.words.commands or purpose is not Purpose.REPLY):
        name = VerdictName.AGENT_COMMAND
    assert case.mail.sender is not None
    reason = case.words.problems[0][0] if case.words.problems else "agent-with-proof"
    return Verdict(name, reason, ticket, ticket.by_address(case.mail.sender.address), case.valid, case.proof)


def _reply(case: Case) -> Verdict | None:
    if case.valid is None or case.mail.sender is None:
        return None
    ticket = case.facts.tickets[case.valid.candidate.ticket]
    who = ticket.by_address(case.mail.sender.address)
    return Verdict(VerdictName.REPLY, f"by-{case.valid.candidate.carrier}", ticket, who, case.valid, case.proof)


def _plain_reply(case: Case) -> Verdict | None:
    uncounted = [r for r in case.references if r not in case.counted]
    in_subject = any(r.candidate.carrier is Carrier.SUBJECT for r in uncounted)
    if passes_on(case.mail) or not (looks_like_reply(case.mail) or in_subject):
        return None
    to_notice = any(r.is_valid and r.candidate.ticket == 0 for r in case.references)
    if not (case.facts.is_written_to or to_notice):
        return None
    return _say(case, VerdictName.PLAIN_REPLY, "not-by-link" if uncounted else "no-reference")


def _new_ticket(case: Case) -> Verdict | None:
    return _say(case, VerdictName.NEW_TICKET, "no-reference")


_NEED_A_PLACE = frozenset(
    {VerdictName.PLAIN_REPLY, VerdictName.BAD_REFERENCE, VerdictName.AMBIGUOUS, VerdictName.STRANGER}
)
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
    _claim,
    _self_service,
    _ambiguous,
    _bad_reference,
    _stranger,
    _agent,
    _reply,
    _plain_reply,
    _new_ticket,
)
