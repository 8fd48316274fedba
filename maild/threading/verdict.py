"""What becomes of a mail: the rows of the table of verdicts, from the top; the first that fits decides.

Pure: all it needs was read before. The order is fixed; tests/unit/test_verdict_table.py specifies it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maild.judgement import AgentWords, Carrier, Facts, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import Kind, ParsedMail, auto_submitted
from maild.settings import Mailbox, Settings
from maild.threading.ends import SAID, end_in, may_decide
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

    @property
    def valid(self) -> Reference | None:
        """The reference that counts: the first valid one that lets write into a ticket."""
        return next((r for r in self.references if r.is_valid and r.participant is not None), None)

    @property
    def sender_on_ticket(self) -> Participant | None:
        """The sender as a participant of the ticket that the valid reference names."""
        if self.valid is None or self.mail.sender is None:
            return None
        return self.facts.tickets[self.valid.candidate.ticket].by_address(self.mail.sender.address)

    @property
    def is_agents_address(self) -> bool:
        """Whether the sender claims to be one of the agents."""
        return self.mail.sender is not None and self.mail.sender.key in self.settings.agents

    @property
    def end(self) -> Reference | None:
        """The valid reference by which the sender decides on a held mail."""
        end, sender = end_in(self.references), self.mail.sender
        may = sender is not None and may_decide(sender.key, self.settings)
        return end if may and end is not None and end.is_valid else None

    @property
    def is_proved_agent(self) -> bool:
        """An agent, with the proof that the mailbox's `trust` asks for (Decisions, Sender proof)."""
        return self.is_agents_address and self.is_proved

    @property
    def is_proved(self) -> bool:
        """Whether the sender has the proof that is asked of agents."""
        if self.proof is Proof.PASS or self.mail.sender is None:
            return self.mail.sender is not None
        if self.mailbox.trust.agents != "token" or self.proof is not Proof.UNVERIFIED:
            return False
        holder = self.valid.participant if self.valid else None
        is_own = holder is not None and holder.role is Role.AGENT and holder.key == self.mail.sender.key
        return is_own or self.end is not None


def judge(case: Case) -> Verdict:
    """The verdict on a mail, with its reason; it never fails, since the last row takes all."""
    for row in _ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    raise AssertionError("the last row takes every mail")


def say(case: Case, name: VerdictName, reason: str, reference: Reference | None = None) -> Verdict:
    """A verdict; with a valid reference it names ticket and participant too."""
    ticket = case.facts.tickets.get(reference.candidate.ticket) if reference and reference.participant else None
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
    if case.mail.sender is not None and case.settings.mailbox_of(case.mail.sender.address):
        return say(case, VerdictName.LOOP, "own-address")
    if sum(name.lower() == "received" for name, _ in case.mail.headers) > MOST_HOPS:
        return say(case, VerdictName.LOOP, "too-many-hops")
    return None


def _bounce(case: Case) -> Verdict | None:
    delivery, report = case.facts.delivery, case.mail.bounce
    if case.mail.kind is not Kind.BOUNCE or delivery is None:
        return None
    ticket = case.facts.tickets.get(delivery.ticket)
    who = ticket.by_slot(delivery.slot) if ticket else None
    reason = report.action if report is not None and report.action != "failed" else "delayed"
    if report is not None and report.is_permanent:
        reason = "failed" if delivery.is_by_return_path else "said-to-fail"
    return Verdict(VerdictName.BOUNCE, reason, ticket, who, None, case.proof)


def _auto_reply(case: Case) -> Verdict | None:
    if case.mail.kind is Kind.BOUNCE:  # of no mail of ours, as far as anything proves
        return say(case, VerdictName.AUTO_REPLY, "unproved-bounce")
    if case.mail.kind is Kind.AUTO_REPLY:
        return say(case, VerdictName.AUTO_REPLY, "automatic", case.valid)
    if auto_submitted(case.mail.header("auto-submitted")):  # RFC 3834 5
        return say(case, VerdictName.AUTO_REPLY, "auto-submitted", case.valid)
    if case.mail.kind is Kind.CALENDAR and not case.mail.auto_respond:
        return say(case, VerdictName.AUTO_REPLY, "calendar-answer", case.valid)
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
    claim = next((r for r in case.references if r.candidate.purpose is Purpose.CLAIM), None)
    if claim is None:
        return None
    held = case.facts.held
    if not claim.is_valid or held is None or case.mail.sender is None:
        return say(case, VerdictName.BAD_REFERENCE, claim.fault or "unknown-claim", claim)
    if held.sender != case.mail.sender.key:
        return say(case, VerdictName.STRANGER, "claim-of-another", claim)
    there = case.facts.tickets.get(held.ticket)
    mine = there.by_address(held.sender) if there else None
    if not held.is_held and mine is not None:  # a second click: it is done already
        return Verdict(VerdictName.CLAIM, "already-done", there, mine, claim, case.proof)
    if not held.is_held:
        return say(case, VerdictName.BAD_REFERENCE, "unknown-claim", claim)
    ticket = case.facts.tickets.get(claim.candidate.ticket)
    if claim.candidate.ticket and (ticket is None or ticket.by_address(held.sender) is None):
        return say(case, VerdictName.BAD_REFERENCE, "unknown-ticket", claim)
    who = ticket.by_address(held.sender) if ticket else None
    return Verdict(VerdictName.CLAIM, "into-ticket" if ticket else "new-request", ticket, who, claim, case.proof)


def _ambiguous(case: Case) -> Verdict | None:
    strong = (Carrier.ADDRESS, Carrier.IN_REPLY_TO, Carrier.SUBJECT)
    named = {r.candidate.ticket for r in case.references if r.participant is not None and r.candidate.carrier in strong}
    return say(case, VerdictName.AMBIGUOUS, "several-tickets") if len(named) > 1 else None


def _bad_reference(case: Case) -> Verdict | None:
    if case.valid is not None:
        return None
    faulty = next((r for r in case.references if r.fault and r.candidate.purpose is not Purpose.BOUNCE), None)
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


def _agent(case: Case) -> Verdict | None:
    if case.valid is None or not case.is_proved_agent or _is_own_request(case):
        return None
    return agents_verdict(case, case.facts.tickets[case.valid.candidate.ticket], case.valid)


def agents_verdict(case: Case, ticket: Ticket, reference: Reference | None) -> Verdict:
    """What a proved agent's mail is on that ticket."""
    purpose = reference.candidate.purpose if reference else Purpose.REPLY
    name = VerdictName.AGENT_REPLY
    if purpose is Purpose.NOTE or case.words.has("note"):
        name = VerdictName.AGENT_NOTE
    elif not case.words.text and not case.words.attachments and (case.words.commands or purpose is not Purpose.REPLY):
        name = VerdictName.AGENT_COMMAND
    assert case.mail.sender is not None
    reason = case.words.problems[0][0] if case.words.problems else "agent-with-proof"
    return Verdict(name, reason, ticket, ticket.by_address(case.mail.sender.address), reference, case.proof)


def _is_own_request(case: Case) -> bool:
    """An agent who asked something themselves, by the reference that they got as the one who asks."""
    who, sender = (case.valid.participant if case.valid else None), case.mail.sender
    return who is not None and sender is not None and who.role is Role.CUSTOMER and who.key == sender.key


def _reply(case: Case) -> Verdict | None:
    if case.valid is None or case.mail.sender is None:
        return None
    ticket = case.facts.tickets[case.valid.candidate.ticket]
    who = ticket.by_address(case.mail.sender.address)
    return Verdict(VerdictName.REPLY, f"by-{case.valid.candidate.carrier}", ticket, who, case.valid, case.proof)


def _plain_reply(case: Case) -> Verdict | None:
    if passes_on(case.mail) or not looks_like_reply(case.mail):
        return None
    to_notice = any(r.is_valid and r.candidate.ticket == 0 for r in case.references)
    if not (case.facts.is_written_to or to_notice):
        return None
    return say(case, VerdictName.PLAIN_REPLY, "no-reference")


def passes_on(mail: ParsedMail) -> bool:
    """Whether another's words are what the mail is sent for: who says `Re:` and adds them below answers."""
    return mail.is_forward and not mail.is_reply


def looks_like_reply(mail: ParsedMail) -> bool:
    """Whether the mail program says so (In-Reply-To, References) or the Subject does."""
    return bool(mail.in_reply_to or mail.references or mail.is_reply)


def _new_ticket(case: Case) -> Verdict | None:
    return say(case, VerdictName.NEW_TICKET, "no-reference")


_ROWS: tuple[Callable[[Case], Verdict | None], ...] = (
    _quarantined,
    _duplicate,
    _loop,
    _bounce,
    _auto_reply,
    _list_mail,
    _spam,
    _unsigned_agent,
    _spoof_suspect,
    _end,
    _claim,
    _ambiguous,
    _bad_reference,
    _stranger,
    _agent,
    _reply,
    _plain_reply,
    _new_ticket,
)
