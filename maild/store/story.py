"""What was written on a ticket of which no agent was told, and for what its requester was asked? Read for few mails."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlmodel import Session

from maild.errors import MailsWanted
from maild.judgement import Proof, Said, Story, Verdict
from maild.mail import ParsedMail
from maild.plan.whole import needs_story
from maild.settings import Settings
from maild.store.tables import MESSAGE, OUTBOX
from maild.threading.case import Case
from maild.threading.identity import identify
from maild.threading.turning import REQUEST
from maild.ticket import Visibility

Earlier = Mapping[int, ParsedMail | None]  # received mails by number; None: its bytes can't be read now
_SAID = (
    select(MESSAGE.c.text, MESSAGE.c.inbound_id, MESSAGE.c.is_verified)
    .where(MESSAGE.c.ticket == bindparam("number"), MESSAGE.c.visibility == str(Visibility.PUBLIC))
    .order_by(MESSAGE.c.id)
)
_VOUCHED = _SAID.where(MESSAGE.c.is_verified).limit(1)
_ASKED = select(OUTBOX.c.key).where(OUTBOX.c.ticket == bindparam("number"), OUTBOX.c.template == REQUEST)


def story_of(session: Session, number: int) -> tuple[Story, tuple[int, ...]]:
    """The story of that ticket, and for each thing said the number of the received mail by which it came, or 0."""
    rows = session.connection()
    said = rows.execute(_SAID, {"number": number}).all()
    asked = tuple(rows.scalars(_ASKED, {"number": number}))
    story = Story(tuple(Said(row.text, None, bool(row.is_verified)) for row in said), asked)
    return story, tuple(row.inbound_id or 0 for row in said)


def is_unproved(session: Session, number: int) -> bool:
    """Whether nothing vouches for any word that was written on that ticket."""
    return session.connection().execute(_VOUCHED, {"number": number}).first() is None


def is_in_story(session: Session, number: int, text: str) -> bool:
    """Whether it stands in that ticket's story already that this has happened."""
    this = (MESSAGE.c.ticket == number, MESSAGE.c.visibility == str(Visibility.EVENT), MESSAGE.c.text == text)
    return session.connection().execute(select(MESSAGE.c.id).where(*this).limit(1)).first() is not None


def with_story(session: Session, settings: Settings, case: Case, verdict: Verdict, earlier: Earlier) -> Case:
    """With all that was written before, where the mail goes into a ticket of which no agent was told."""
    if verdict.ticket is None or not needs_story(verdict):
        return case
    story, numbers = story_of(session, verdict.ticket.number)
    if wanted := {number for number in numbers if number} - earlier.keys():
        raise MailsWanted(wanted)
    box = settings.mailboxes[verdict.ticket.mailbox]
    mails = (earlier.get(number) for number in numbers)
    found = (identify(mail, box, Proof.NONE).mail if mail is not None else None for mail in mails)
    said = tuple(replace(one, mail=mail) for one, mail in zip(story.said, found, strict=True))
    return replace(case, facts=replace(case.facts, story=replace(story, said=said)))
