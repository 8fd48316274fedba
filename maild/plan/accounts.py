"""A sender without an account, where accounts are required: invited once, heard by the team, admitted."""

from maild.effects import AddAccount, Effect
from maild.errors import BadInput
from maild.judgement import HeldMail
from maild.mail import Address, address_key
from maild.people.accounts import why_not_admitted
from maild.plan import letters
from maild.plan.case import Incoming, Plan
from maild.plan.holding import account_word
from maild.plan.letters import REPLIED, Desk
from maild.plan.links import account_link
from maild.plan.notify import team_of
from maild.settings import Settings
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import Disposition
from maild.writing.links import without_prefill

INVITATION = "account_required"


def unknown_sender(desk: Desk, case: Incoming) -> Plan:
    """Held until there is an account; the sender hears once a day how to get one."""
    if why_no_answer(INVITATION, case.mail, case.verdict.proof, case.facts, desk.settings):
        return [], Disposition.HELD, None
    language = letters.language_for(desk, case.sender.address, case.mail.language)
    held = HeldMail(case.inbound_id, case.mailbox, case.sender.key, case.verdict.name, case.mail.content_key)
    invited: Effect = letters.to_address(
        desk,
        INVITATION,
        case.mailbox,
        case.sender,
        owed_for=f"account:{case.mail.content_key}",
        now=case.now,
        automatic=REPLIED,
        language=language,
        values={"links": {"request_account": account_link(desk, held, language)}},
        in_reply_to=case.mail.message_id,
        is_answer=True,
        is_known=is_known(case.mail, case.facts, desk.settings),
    )
    return [invited], Disposition.HELD, None


def account_asked(desk: Desk, case: Incoming) -> Plan:
    """The team hears of it, once a day and sender; what was typed beside the click is shown to them."""
    held = case.facts.held
    if held is None or case.verdict.reason != "account-asked":
        return [], Disposition.APPLIED, None
    words = without_prefill(case.mail.reply_text)
    owed_for = f"account-asked:{case.sender.key}:{case.now:%Y-%m-%d}"
    told = [account_word(desk, case, held, agent, words, owed_for) for agent in team_of(desk, held.mailbox)]
    return list(told), Disposition.APPLIED, None


def admit_account(settings: Settings, address: Address, *, by: str, owner: str = "") -> list[Effect]:
    """An agent gives somebody an account, or joins their address to `owner`'s: their held mails are worked again.

    BadInput where the rules forbid it, with what to do. Said twice it changes nothing.
    """
    if fault := why_not_admitted(settings, address.address, owner):
        raise BadInput(fault)
    person = settings.person(owner) if owner else None
    root = address_key(person.address.address if person else owner)
    return [AddAccount(address, "" if root == address.key else root, by)]
