"""A sender without an account, where accounts are required: invited once, heard by the team, admitted, or joined to
the account that they have under another address (policies P1: by an agent or a proof).
"""

from maild.effects import Effect, QueueMail
from maild.errors import HeldStays
from maild.judgement import HeldMail
from maild.mail import Address, address_key
from maild.people.accounts import why_not_admitted
from maild.personal_effects import AddAccount
from maild.plan import letters
from maild.plan.answering import answer_to_sender
from maild.plan.case import Incoming, Plan
from maild.plan.holding import account_word
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.links import account_link, joining_link
from maild.plan.notify import team_of
from maild.settings import Settings
from maild.threading.limits import is_known, why_no_answer, why_no_question
from maild.ticket import Disposition
from maild.writing.links import without_prefill

INVITATION = "account_required"
QUESTION = "account_confirmation"


def unknown_sender(desk: Desk, case: Incoming) -> Plan:
    """Held until there is an account; the sender hears once a day how to get one."""
    if why_no_answer(INVITATION, case.mail, case.verdict.proof, case.facts, desk.settings):
        return [], Disposition.HELD, None
    language = letters.language_for(desk, case.sender.address, case.mail.language)
    held = HeldMail(case.inbound_id, case.mailbox, case.sender.key, case.verdict.name, case.mail.content_key)
    invited: Effect = answer_to_sender(
        desk,
        INVITATION,
        case,
        owed_for="account",
        language=language,
        values={"links": {"request_account": account_link(desk, held, language)}},
        is_known=is_known(case.mail, case.facts, desk.settings),
    )
    return [invited], Disposition.HELD, None


def account_asked(desk: Desk, case: Incoming) -> Plan:
    """The team hears of it, once a day and sender; what was typed beside the click is shown to them. Whose account is
    named there is asked; the sender hears of that no more than if nobody had one."""
    held = case.facts.held
    if held is None or case.verdict.reason != "account-asked":
        return [], Disposition.APPLIED, None
    words = without_prefill(case.mail.reply_text)
    owed_for = f"account-asked:{case.sender.key}:{case.now:%Y-%m-%d}"
    asked = _question(desk, case, held)
    whom = asked[0].recipient if asked else ""
    told = [account_word(desk, case, held, agent, words, owed_for, whom) for agent in team_of(desk, held.mailbox)]
    return [*told, *asked], Disposition.APPLIED, None


def _question(desk: Desk, case: Incoming, held: HeldMail) -> list[QueueMail]:
    """To whose account was named, at the address on record: is the sender they? One a day and sender, and one a day and
    owner. Nothing in it is the sender's but the address, which the server has proved."""
    owner, settings = case.facts.owner, desk.settings
    if owner is None or why_no_question(case.mail, case.verdict.proof, case.facts, settings):
        return []
    if why_not_admitted(settings, held.sender, owner.address.address) is not None:
        return []
    language = letters.language_for(desk, owner.address.address, "")
    link = joining_link(desk, held, owner.address.key, language)
    question = letters.to_address(
        desk,
        QUESTION,
        held.mailbox,
        owner.address,
        owed_for=f"same-person:{held.sender}:{case.now:%Y-%m-%d}",
        now=case.now,
        automatic=AUTOMATIC,
        language=language,
        values={"other_address": held.sender, "links": {"confirm_address": link}},
        is_answer=True,
    )
    return [question]


def address_joined(desk: Desk, case: Incoming) -> Plan:
    """The owner of an account says that the sender of a held mail is they: it is worked as theirs."""
    held = case.facts.held
    if held is None or case.verdict.reason != "address-joined":
        return [], Disposition.APPLIED, None
    owner = case.facts.who.keys[0] if case.facts.who else case.sender.key
    if why_not_admitted(desk.settings, held.sender, owner) is not None:  # the list of customers has changed meanwhile
        return [], Disposition.APPLIED, None
    joined = admit_account(desk.settings, Address(held.sender), by=case.sender.key, owner=owner)
    return joined, Disposition.APPLIED, None


def admit_account(settings: Settings, address: Address, *, by: str, owner: str = "") -> list[Effect]:
    """Somebody gets an account, or their address is joined to `owner`'s: their held mails are worked again.

    HeldStays where the rules forbid it, with what to do. Said twice it changes nothing.
    """
    if fault := why_not_admitted(settings, address.address, owner):
        raise HeldStays(*fault)
    person = settings.person(owner) if owner else None
    root = address_key(person.address.address if person else owner)
    return [AddAccount(address, "" if root == address.key else root, by)]
