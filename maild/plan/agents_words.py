"""What does an agent's mail say, and what of it must stop before a customer could read it? Asked once, for the verdict.

The pieces that must not leave are known in different rooms: the references, our own words in mails and links, the
agents' addresses. Here they come together.
"""

from collections.abc import Iterator
from dataclasses import replace

from maild.agent_words import AgentWords
from maild.judgement import (
    Carrier,
    Purpose,
)
from maild.people.commands import read_words
from maild.people.enclosures import sift
from maild.people.internal import MOST_FOUND, addresses_in, addresses_like, phrases_in, unescaped
from maild.people.signature import without_signature_pictures
from maild.plan.canned import with_answers_of_rules
from maild.plan.letters import Desk
from maild.plan.recording import words_above
from maild.reading.reads_like import is_titled_like_a_note
from maild.settings import Settings
from maild.threading.answering import passes_on
from maild.threading.case import Case
from maild.threading.references import in_address, in_message_ids, in_text
from maild.ticket import Role
from maild.writing.links import LINKS, without_prefill

# The first words of each notice to an agent (templates agent_*.txt): with them the whole notice would have come along.
NOTICE_HEADS = (
    *("Répondre = répondre au client", "Reply = answer the customer"),
    *("Répondre = décider du message retenu", "Reply = decide on the held message"),
)
PREFILLED_NOTES = tuple(words["note"].body for words in LINKS.values())

_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"


def agents_words(desk: Desk, case: Case) -> AgentWords:
    """The words, commands, files and problems of a proved agent's mail; of anybody else's, nothing is looked at."""
    if case.end is not None and case.is_proved and case.mail.sender is not None:
        return read_words(case.mail, case.mail.sender)
    agent = desk.settings.agents.get(case.mail.sender.key) if case.mail.sender else None
    if agent is None or not case.is_proved_agent:
        return AgentWords("")
    if case.valid is None and (passes_on(case.mail) or case.mail.passed_on is not None):
        return words_above(case.mail, agent.address)  # a customer's mail, for which a ticket opens: nothing leaves
    words = with_answers_of_rules(desk, read_words(case.mail, agent.address), case.ticket)
    purpose = case.valid.candidate.purpose if case.valid else Purpose.REPLY
    holder = case.valid.participant if case.valid else None
    is_note = words.has("note") or purpose is Purpose.NOTE
    if is_note:
        words = replace(words, text=without_prefill(words.text))
    phrases = (*desk.markers.values(), *NOTICE_HEADS)

    def holds(text: str) -> bool:
        seen = unescaped(text)
        return bool(
            phrases_in(seen, phrases)
            or addresses_in(seen, desk.settings.agents)
            or any(True for _ in references_in(seen, desk.settings))
        )

    text = unescaped(words.text)
    problems = list(words.problems)
    if holder is not None and holder.role is Role.CUSTOMER and holder.key != agent.address.key:
        problems.append(("customers-reference", ""))
    if case.mail.is_forward and not is_note:
        problems.append(("forward", ""))
    if not (case.mail.is_reply or case.mail.in_reply_to or case.mail.references) and is_titled_like_a_note(
        case.mail.subject
    ):
        problems.append(("looks-automatic", case.mail.subject))  # a vacation note that says nowhere what it is
    for address in addresses_in(text, desk.settings.agents):
        problems.append(("own-address" if address == agent.address.key else "agents-address", address))
    inside = [*phrases_in(text, phrases), *([] if is_note else phrases_in(text, PREFILLED_NOTES))]
    inside += list(dict.fromkeys(references_in(text, desk.settings)))[:MOST_FOUND]
    problems += [("internal-text", piece) for piece in inside]
    if _ENCRYPTED in words.text:
        problems.append(("encrypted", _ENCRYPTED.strip("-")))
    enclosed = without_signature_pictures(case.mail.attachments, case.mail.html or "", agent.address)
    files = sift(enclosed, has_text=bool(words.text), holds=holds)
    problems += [(slug, name) for slug, name in files.problems if slug == "encrypted" or not is_note]
    says_nothing = not words.text and not files.kept
    is_order = bool(words.commands) or purpose in (Purpose.WAIT, Purpose.RESOLVE, Purpose.TAKE)
    if says_nothing and not problems and (is_note or not is_order):
        problems.append(("empty", ""))
    return AgentWords(words.text, words.commands, tuple(problems), files.kept)


def references_in(text: str, settings: Settings) -> Iterator[str]:
    """Everything in a text that looks like a reference of ours, in each of its three forms, as it is written there."""
    yield from (c.written for c in in_text(text, settings, Carrier.BODY))
    for local, domain in addresses_like(text):
        if "-" not in local:  # each form has one
            continue
        written = f"{local}@{domain}"
        found = (*in_address(written, settings, Carrier.BODY), *in_message_ids((written,), Carrier.BODY))
        yield from (c.written for c in found)
