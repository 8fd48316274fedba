"""A request that the rules send elsewhere: its sender is told to whom to turn; it is kept, and opens no ticket (D2).

The daily list names it, and one click there makes a ticket of it all the same.
"""

from typing import Any

from maild.decision import Redirection
from maild.effects import Effect
from maild.judgement import Proof
from maild.mail import ParsedMail
from maild.plan import letters
from maild.plan.answering import answer_to_sender
from maild.plan.asking import in_language
from maild.plan.case import Incoming, Plan
from maild.plan.letters import Desk
from maild.threading.limits import is_known, why_no_answer
from maild.threading.turning import REDIRECTED, turned_to
from maild.ticket import Disposition, Person

WARNING = "password_warning"  # what rules send besides that makes sense without a ticket


def redirected(desk: Desk, case: Incoming) -> Plan:
    """One mail of the kind a day and sender, as for refusals."""
    return told_elsewhere(desk, case, case.mail), Disposition.APPLIED, None


def told_elsewhere(desk: Desk, case: Incoming, mail: ParsedMail) -> list[Effect]:
    """The word to its sender; none where a limit forbids one more. `mail`: what is redirected, which may have been held
    and come in by a click."""
    assert case.decision is not None and case.decision.redirection is not None
    proof, facts = case.verdict.proof, case.facts
    who = facts.who or desk.settings.who(case.sender.address)
    language = letters.language_for(desk, case.sender.address, mail.language)
    words = words_of(desk, case.decision.redirection, who, language) | {"notice": " ".join(mail.title.split())}
    known = is_known(mail, facts, desk.settings) and proof in (Proof.PASS, Proof.UNVERIFIED)
    return [
        answer_to_sender(
            desk,
            template,
            case,
            owed_for=template,
            language=language,
            values=words if template == REDIRECTED else {},
            is_known=known,
        )
        for template in (REDIRECTED, *(name for name in case.decision.sends if name == WARNING))
        if not why_no_answer(template, mail, proof, facts, desk.settings)
    ]


def words_of(desk: Desk, redirection: Redirection, who: Person | None, language: str) -> dict[str, Any]:
    """To whom, and what the rules say besides. `who`: the requester, as far as anybody knows them."""
    to = turned_to(redirection, who, desk.settings)
    return {"turn_to": to, "says": in_language(redirection.says, language)}
