"""What is a proved agent's mail on a ticket: an answer, a note, or commands alone?"""

from maild.judgement import Carrier, Purpose, Reference, Verdict, VerdictName
from maild.threading.answering import looks_like_reply, passes_on
from maild.threading.case import Case
from maild.threading.saying import say
from maild.ticket import Ticket

RECORDS, ASKS = "records-a-request", "asks"
QUESTIONS = frozenset({"list", "show", "find", "help"})  # people/question_words.py


def judge_agent(case: Case) -> Verdict | None:
    ticket = case.ticket
    if case.valid is None or ticket is None or not case.is_proved_agent or case.is_own_request:
        return None
    return agents_verdict(case, ticket, case.valid)


def judge_question(case: Case) -> Verdict | None:
    """A proved agent's commands on no ticket: questions, or what goes back. What a quoted list names is no ticket that
    they write into."""
    if not case.is_proved_agent or case.is_form or case.end is not None:
        return None
    words, valid = case.words, case.valid
    asks = any(c.word in QUESTIONS for c in words.commands)
    says_nothing = not (words.text or words.attachments)
    if valid is not None:
        is_only_quoted = valid.candidate.carrier is Carrier.BODY and asks and says_nothing
        return say(case, VerdictName.AGENT_COMMAND, ASKS) if is_only_quoted else None
    records = words.has("for") or words.has("channel") or case.mail.passed_on is not None or passes_on(case.mail)
    is_new = not (case.references or looks_like_reply(case.mail))
    is_order = says_nothing and is_new and bool(words.commands or _mistyped(case))
    return say(case, VerdictName.AGENT_COMMAND, ASKS) if (asks or is_order) and not records else None


def _mistyped(case: Case) -> bool:
    return any(slug != "empty" for slug, _ in case.words.problems)


def judge_recording(case: Case) -> Verdict | None:
    """A proved agent's mail on no ticket that asks for one for somebody else, or passes a customer's mail on."""
    if not case.is_proved_agent or case.valid is not None or case.is_form:
        return None
    asks = case.words.has("for") or case.words.has("channel")
    shows = passes_on(case.mail) or (case.mail.passed_on is not None and not looks_like_reply(case.mail))
    return say(case, VerdictName.AGENT_COMMAND, RECORDS) if asks or shows else None


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
