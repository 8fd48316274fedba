"""May the sender of a held mail be joined to somebody who is known, by an agent's word? Then the mail is theirs."""

from dataclasses import replace

from maild.effects import Effect
from maild.errors import HeldStays
from maild.judgement import HeldMail, VerdictName
from maild.mail import Address, address_key
from maild.plan.accounts import admit_account
from maild.plan.ends import Order
from maild.plan.letters import Desk
from maild.store.accounts import has_ticket, person_in
from maild.store.database import Session
from maild.threading.case import Case
from maild.ticket import Person


def same_person(session: Session, desk: Desk, held: HeldMail, case: Case, order: Order) -> tuple[Case, list[Effect]]:
    """The case of a held mail once its sender's address is that of the person named, and what makes it so. HeldStays
    where nobody is known by that name, where the address is somebody's already, and for a mail that waits for something
    else."""
    sender, settings = case.mail.sender, desk.settings
    if held.verdict not in (VerdictName.STRANGER, VerdictName.UNKNOWN_SENDER):
        raise HeldStays("no-one-to-admit", "only a stranger, or who has no account, can be joined to somebody")
    if sender is None or case.mail.unreadable:
        raise HeldStays("unreadable", "this mail has no sender that could be read safely; it can only be discarded")
    named = address_key(order.same_as)
    owner = person_in(session, settings, order.same_as)
    if owner is None or not (owner.is_listed or owner.has_account):
        if not has_ticket(session, (named,)):
            raise HeldStays("nobody-known", f"nobody is known by the address {order.same_as}")
        owner = owner or Person(Address(order.same_as), keys=(named,))
    mine = case.facts.who
    is_somebody = mine is not None and (mine.is_listed or len(mine.keys) > 1)
    if sender.key not in owner.keys and is_somebody:
        raise HeldStays("is-somebody", f"{sender.address} is somebody else's already; an address is one person's")
    admission = admit_account(settings, sender, by=order.by, owner=owner.keys[0])
    who = replace(owner, keys=tuple(dict.fromkeys((*owner.keys, sender.key))), has_account=True)
    return replace(case, facts=replace(case.facts, who=who)), admission
