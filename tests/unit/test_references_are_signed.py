"""A reference is believed only as it was minted: for this ticket, person, purpose, by a key that is still good."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.judgement import ENDS, OF_ADDRESS, OF_TOPIC, Candidate, Carrier, HeldMail, Purpose, Reference, VerdictName
from maild.mail import Address
from maild.threading import token
from maild.threading.references import find_references, in_address, in_message_ids, in_text
from maild.threading.token import (
    Key,
    Keyring,
    address_for,
    claim_for,
    end_for,
    message_id_for,
    reference_for,
    return_path_for,
    topic_for,
    verify,
)
from maild.ticket import Participant, Role

SETTINGS = settings()
TICKET = ticket()
HELD = HeldMail(17, "support", ALICE.key, VerdictName.PLAIN_REPLY, "c" * 64)
NONCE = token.nonce_for(RING, "opened:1")


def what_it_says(c: Any) -> Any:
    return (c.purpose, c.ticket, c.slot, c.key_id, c.signature, c.nonce)


def check(
    candidates: Any, *, ring: Any = RING, tickets: Any = None, held: Any = HELD, now: Any = NOW
) -> list[Reference]:
    known = {TICKET.number: TICKET} if tickets is None else tickets
    return [verify(ring, c, known, held, now) for c in candidates]


def subject_form(purpose: Purpose = Purpose.REPLY) -> str:
    return reference_for(RING, TICKET.number, ALICE, purpose).in_subject("ISY")


WRITTEN: dict[str, tuple[str, Callable[[str], Iterator[Candidate]]]] = {
    "subject": (subject_form(), lambda s: in_text(s, SETTINGS, Carrier.SUBJECT)),
    "subject of a link": (subject_form(Purpose.SOLVED), lambda s: in_text(s, SETTINGS, Carrier.SUBJECT)),
    "address": (
        reference_for(RING, TICKET.number, ALICE).in_address("support@isybuy.example", "+"),
        lambda s: in_address(s, SETTINGS, Carrier.ADDRESS),
    ),
    "address of a link": (
        reference_for(RING, TICKET.number, ALICE, Purpose.REOPEN).in_address("support@isybuy.example", "+"),
        lambda s: in_address(s, SETTINGS, Carrier.ADDRESS),
    ),
    "claim": (
        claim_for(RING, HELD, TICKET.number).in_address("support@isybuy.example", "+"),
        lambda s: in_address(s, SETTINGS, Carrier.ADDRESS),
    ),
    "message id": (
        message_id_for(RING, NONCE, "isybuy.example", TICKET.number, ALICE),
        lambda s: in_message_ids([s], Carrier.IN_REPLY_TO),
    ),
    "return path": (
        return_path_for(RING, NONCE, "support@isybuy.example", "+"),
        lambda s: in_address(s, SETTINGS, Carrier.ADDRESS),
    ),
}


@pytest.mark.parametrize("carrier", WRITTEN)
def test_what_was_minted_is_valid(carrier: Any) -> None:
    written, read = WRITTEN[carrier]
    assert [r.fault for r in check(read(written))] == [""]


@pytest.mark.parametrize("carrier", WRITTEN)
def test_no_change_of_one_character_is_accepted(carrier: Any) -> None:
    """But for case and look-alikes (O and 0, I, L and 1), which are one character to the reader."""
    written, read = WRITTEN[carrier]
    local = written.partition("@")[0]
    original = {what_it_says(c) for c in read(written)}
    tried = 0
    for position, letter in itertools.product(range(len(local)), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-+. []"):
        if token.fold(letter) == token.fold(local[position]):
            continue
        changed = local[:position] + letter + local[position + 1 :] + written[len(local) :]
        for candidate in read(changed):
            if what_it_says(candidate) in original:  # the change hit nothing that is read, such as a bracket
                continue
            tried += 1
            assert not check([candidate])[0].is_valid, changed
    assert tried > 100


@pytest.mark.parametrize("carrier", WRITTEN)
def test_case_and_look_alikes_are_one_character(carrier: Any) -> None:
    written, read = WRITTEN[carrier]
    local, at, domain = written.partition("@")
    for changed in (local.upper(), local.lower(), local.replace("0", "o").replace("1", "l")):
        if carrier in ("message id", "return path") and changed not in (local.upper(), local.lower()):
            continue  # the nonce is not typed by hand: only its case may change
        assert [r.fault for r in check(read(changed + at + domain))] == [""], changed


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda p: replace(p, address="other@client-a.example"), "wrong-signature"),
        (lambda p: replace(p, epoch=1), "wrong-signature"),
        (lambda p: replace(p, role=Role.AGENT), "wrong-signature"),
        (lambda p: replace(p, slot=2), "unknown-participant"),
        (lambda p: replace(p, is_removed=True), "revoked"),
        (lambda p: replace(p, address="ALICE@Client-A.example"), ""),
    ],
)
def test_a_reference_is_bound_to_its_participant(change: Any, fault: Any) -> None:
    changed = replace(TICKET, participants=(change(ALICE),))
    references = check(in_text(subject_form(), SETTINGS, Carrier.SUBJECT), tickets={TICKET.number: changed})
    assert [r.fault for r in references] == [fault]


def test_a_reference_of_an_unknown_ticket_has_a_fault() -> None:
    found = in_text(subject_form(), SETTINGS, Carrier.SUBJECT)
    assert [r.fault for r in check(found, tickets={})] == ["unknown-ticket"]


PURPOSES = [p for p in Purpose if p not in (Purpose.CLAIM, Purpose.BOUNCE)]


@pytest.mark.parametrize(("minted", "used"), list(itertools.permutations(PURPOSES, 2)))
def test_no_purpose_serves_as_another(minted: Any, used: Any) -> None:
    written = reference_for(RING, TICKET.number, ALICE, minted).in_address("support@isybuy.example", "+")
    head = f"support+{minted.value}"
    swapped = f"support+{used.value}" + written[len(head) :]
    assert [r.is_valid for r in check(in_address(swapped, SETTINGS, Carrier.ADDRESS))] == [False]


def test_a_claim_is_bound_to_the_held_mail_and_the_ticket() -> None:
    written = claim_for(RING, HELD, 1042).in_address("support@isybuy.example", "+")
    [claim] = in_address(written, SETTINGS, Carrier.ADDRESS)
    assert check([claim])[0].is_valid
    assert check([replace(claim, ticket=1043)])[0].fault == "wrong-signature"
    assert check([claim], held=replace(HELD, content_key="d" * 64))[0].fault == "wrong-signature"
    assert check([claim], held=replace(HELD, sender="eve@evil.example"))[0].fault == "wrong-signature"
    assert check([claim], held=None)[0].fault == "unknown-claim"


@pytest.mark.parametrize("change", [{"ticket": 1042}, {"ticket": 4}])
def test_who_asks_for_an_account_names_no_ticket(change: Any) -> None:
    for minted in (token.account_for(RING, HELD), token.joining_for(RING, HELD, "")):
        written = minted.in_address("support@isybuy.example", "+")
        [found] = in_address(written, SETTINGS, Carrier.ADDRESS)
        assert [r.fault for r in check([found, replace(found, **change)])] == ["", "wrong-signature"]


@pytest.mark.parametrize("change", [{"slot": 1}, {"purpose": Purpose.SOLVED}, {"purpose": Purpose.MY_REQUESTS}])
def test_the_name_of_a_mail_without_ticket_says_nothing_else(change: Any) -> None:
    [found] = in_message_ids([message_id_for(RING, NONCE, "isybuy.example")], Carrier.IN_REPLY_TO)
    assert [r.fault for r in check([found, replace(found, **change)])] == ["", "wrong-signature"]


def test_a_message_id_of_a_mail_without_ticket_is_recognised_as_ours() -> None:
    written = message_id_for(RING, NONCE, "isybuy.example")
    [candidate] = in_message_ids([written], Carrier.IN_REPLY_TO)
    assert candidate.ticket == 0
    assert check([candidate])[0].is_valid
    assert not check([replace(candidate, nonce="0" * 16)])[0].is_valid


def test_keys_rotate_retire_and_are_revoked() -> None:
    old = Key("3", b"o" * 32, NOW - timedelta(days=200))
    new = Key("4", b"n" * 32, NOW - timedelta(days=1))
    written = reference_for(Keyring("test", (old,)), 1042, ALICE).in_subject("ISY")
    by_old = list(in_text(written, SETTINGS, Carrier.SUBJECT))
    both = Keyring("test", (old, new))
    assert reference_for(both, 1042, ALICE).signature[0] == "4", "the newest key signs"
    assert check(by_old, ring=both)[0].fault == ""
    assert check(by_old, ring=both, now=NOW + timedelta(days=291))[0].fault == "retired-key"
    assert check(by_old, ring=Keyring("test", (replace(old, is_revoked=True), new)))[0].fault == "revoked-key"
    assert check(by_old, ring=Keyring("test", (new,)))[0].fault == "unknown-key"
    assert check(by_old, ring=Keyring("another", (old, new)))[0].fault == "wrong-signature", "another installation"


def test_the_name_of_a_mail_depends_only_on_what_it_is_owed_for() -> None:
    newer = Keyring("test", (*RING.keys, Key("8", b"8" * 32, NOW)))
    assert token.nonce_for(RING, "answer:5:1") == token.nonce_for(newer, "answer:5:1")
    assert token.nonce_for(RING, "answer:5:1") != token.nonce_for(RING, "answer:5:2")


def test_plus_addresses_and_message_ids_keep_within_the_limits_of_smtp() -> None:
    """RFC 5321 4.5.3.1.1: a local part has at most 64 octets."""
    far = replace(ALICE, slot=9999)
    for written in (
        reference_for(RING, 99_999_999, far, Purpose.SOLVED).in_address("assistance-technique@x.example", "+"),
        return_path_for(RING, NONCE, "assistance-technique@x.example", "+"),
    ):
        assert len(written.partition("@")[0]) <= 64


def test_without_a_delimiter_the_address_stays_plain() -> None:
    reference = reference_for(RING, 1042, ALICE)
    assert reference.in_address("support@isybuy.example", "none") == "support@isybuy.example"


@pytest.mark.parametrize("delimiter", ["+", "-", "_", "=", "."])
def test_any_delimiter_brings_the_reference_back(delimiter: Any) -> None:
    box = {"support": {"address": "support@isybuy.example", "delimiter": delimiter}}
    written = reference_for(RING, 1042, ALICE).in_address("support@isybuy.example", delimiter)
    found = list(in_address(written, settings(mailboxes=box), Carrier.ADDRESS))
    assert [r.fault for r in check(found)] == [""]


# What mail programs, gateways and people do to a Subject; the reference must survive each of them.
MANGLED = {
    "as minted": "Impossible d’exporter {}",
    "answered": "Re: Impossible {}",
    "answered in French": "RE : TR : Impossible {}",
    "answered in Swedish, Dutch, German": "SV: Antw: AW: {} x",
    "marked as spam": "***SPAM*** Re: {}",
    "marked as external": "Re: [EXTERNE] {}",
    "a list's prefix": "[Compta] Re: {}",
    "quoted": '"{}"',
    "followed by a dash and a word": "{} - Bug",
    "glued to punctuation": "(voir {}).",
    "tabs": "a\t{}\tb",
    "another number before": "ISY-12 et [ISY-3] {}",
}
ON_REFERENCE: dict[str, Callable[[str], str]] = {
    "as it is": lambda r: r,
    "lower case": str.lower,
    "title case": str.title,
    "without brackets": lambda r: r.strip("[]"),
    "round brackets": lambda r: "(" + r.strip("[]") + ")",
    "full width": lambda r: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in r),
    "en dashes": lambda r: r.replace("-", "–"),
    "em dashes": lambda r: r.replace("-", "—"),
    "no-break hyphens": lambda r: r.replace("-", "‑"),
    "minus signs": lambda r: r.replace("-", "−"),
    "blanks around dashes": lambda r: r.replace("-", " - "),
    "soft hyphens": lambda r: r.replace("-", "-\u00ad"),
    "zero-width spaces": lambda r: "\u200b".join(r),
    "no-break blank inside": lambda r: r.replace("[", "[\u00a0"),
    "folded in the middle": lambda r: r.replace("-", "-\r\n ", 1),
    "direction marks": lambda r: "\u202a" + r + "\u202c",
    "signature run together": lambda r: r[:-16] + r[-16:].replace("-", ""),
}


@pytest.mark.parametrize("around", MANGLED)
@pytest.mark.parametrize("change", ON_REFERENCE)
def test_the_subject_survives(around: Any, change: Any) -> None:
    text = MANGLED[around].format(ON_REFERENCE[change](subject_form()))
    assert any(r.is_valid for r in check(in_text(text, SETTINGS, Carrier.SUBJECT))), text


@pytest.mark.parametrize(
    "text",
    ["[ISY-1042-1-70A5Q-EHX3]", "[ISY-1042-1-70A5Q-EHX3-YV6]", "ISY-1042-1-70A5-EHX3-YV63", "isy-1042-1-70A5QEHX3-YV6"],
)
def test_a_cut_reference_is_a_faulty_one_and_not_nothing(text: str) -> None:
    assert [r.fault for r in check(in_text(text, SETTINGS, Carrier.SUBJECT))] == ["malformed"]


@pytest.mark.parametrize(
    "text",
    ["ISY-1042", "[ISY-1042]", "ticket 1042", "[MAN-1042-1-70A5Q-EHX3-YV63]", "DAISY-1-1-abcde", "ISY-12-3 - bug"],
)
def test_a_bare_number_is_no_reference(text: str) -> None:
    assert list(in_text(text, SETTINGS, Carrier.SUBJECT)) == []


def test_the_carriers_come_in_their_order() -> None:
    other = Participant(3, "bruno@client-b.example", "", Role.CUSTOMER)

    def by(number: int) -> str:
        return reference_for(RING, number, other).in_subject("ISY")

    found = find_references(
        mail(
            to=(Address(reference_for(RING, 1, other).in_address("support@isybuy.example", "+")),),
            in_reply_to=(message_id_for(RING, NONCE, "h", 2, other),),
            references=(message_id_for(RING, NONCE, "h", 4, other), message_id_for(RING, NONCE, "h", 3, other)),
            subject=f"Re: x {by(5)}",
            text=f"bla\n> {by(6)}",
            reply_text="bla",
        ),
        SETTINGS,
    )
    assert [(c.carrier.value, c.ticket) for c in found] == [
        ("address", 1),
        ("in-reply-to", 2),
        ("references", 3),
        ("references", 4),
        ("subject", 5),
        ("body", 6),
    ]


def test_links_quoted_in_a_body_are_nobodys_wish() -> None:
    quoted = " ".join(
        (
            claim_for(RING, HELD, 1042).in_address("support@isybuy.example", "+"),
            reference_for(RING, 1042, ALICE, Purpose.SOLVED).in_address("support@isybuy.example", "+"),
            reference_for(RING, 1042, ALICE, Purpose.SOLVED).in_subject("ISY"),
        )
    )
    assert find_references(mail(text=f"Bonjour\n> {quoted}", reply_text="Bonjour"), SETTINGS) == ()


@given(st.text(alphabet=st.sampled_from("ISY-0123456789ABCD[] \u200b+@.–"), max_size=300))
def test_any_text_is_read_without_harm_and_nothing_in_it_is_believed(text: str) -> None:
    found = [*in_text(text, SETTINGS, Carrier.SUBJECT), *in_address(text, SETTINGS, Carrier.ADDRESS)]
    assert not any(r.is_valid for r in check(found))


@given(st.text(max_size=200))
def test_any_message_id_and_address_is_read_without_harm(text: str) -> None:
    list(in_message_ids([text], Carrier.REFERENCES))
    list(in_address(text + "@isybuy.example", SETTINGS, Carrier.ADDRESS))


@given(st.integers(1, 10**9), st.integers(1, 9999), st.text(min_size=1, max_size=40))
def test_every_reference_comes_back_from_each_form(number: Any, slot: Any, name: Any) -> None:
    who = Participant(slot, f"{name}@client.example", name, Role.CUSTOMER)
    tickets = {number: replace(TICKET, number=number, participants=(who, LEA))}
    minted = reference_for(RING, number, who)
    forms = [
        *in_text(minted.in_subject("ISY"), SETTINGS, Carrier.SUBJECT),
        *in_address(minted.in_address("support@isybuy.example", "+"), SETTINGS, Carrier.ADDRESS),
        *in_message_ids([message_id_for(RING, NONCE, "h.example", number, who)], Carrier.REFERENCES),
    ]
    assert [r.fault for r in check(forms, tickets=tickets)] == ["", "", ""]


def test_the_end_of_a_held_mail_is_for_one_person_one_mail_and_one_end() -> None:
    """Of every pair of deciders, ends, tickets and held mails only the one that was minted is believed."""
    other = replace(HELD, content_key="d" * 64)
    ways = [(p, n, who) for p in sorted(ENDS) for n in (0, 1042) for who in (LEA.key, "marc@isybuy.example")]
    for minted, asked in itertools.product(ways, ways):
        token_ = end_for(RING, HELD, minted[1], minted[0], minted[2])
        candidate = Candidate(
            Carrier.ADDRESS, asked[0], asked[1], HELD.inbound_id, token_.signature[0], token_.signature[1:]
        )
        believed = verify(RING, candidate, {1042: TICKET}, HELD, NOW, asked[2]).is_valid
        assert believed == (minted == asked)
        assert not verify(RING, candidate, {1042: TICKET}, other, NOW, asked[2]).is_valid
        assert not verify(RING, candidate, {1042: TICKET}, None, NOW, asked[2]).is_valid


@pytest.mark.parametrize("purpose", sorted(ENDS))
def test_an_end_survives_being_written_and_read(purpose: Purpose) -> None:
    written = end_for(RING, HELD, 1042, purpose, LEA.key)
    for found in (
        list(in_text(f"Re: x {written.in_subject('ISY').lower()}", SETTINGS, Carrier.SUBJECT)),
        list(in_address(written.in_address("support@isybuy.example", "+").upper(), SETTINGS, Carrier.ADDRESS)),
    ):
        [reference] = [verify(RING, c, {}, HELD, NOW, LEA.key) for c in found]
        assert reference.is_valid
        assert reference.candidate.purpose is purpose
        assert not verify(RING, found[0], {}, HELD, NOW, ALICE.key).is_valid


def test_an_end_that_is_quoted_in_a_text_is_nobodys_wish() -> None:
    written = end_for(RING, HELD, 0, Purpose.ADMIT, LEA.key)
    quoted = f"oui\n> {written.in_subject('ISY')} {written.in_address('support@isybuy.example', '+')}"
    assert find_references(mail(text=quoted, reply_text="oui"), SETTINGS) == ()


def test_a_topic_is_decided_on_by_one_person_and_in_one_way() -> None:
    """Of every pair of topics, decisions and deciders only the one that was minted is believed; no ticket is named."""
    ways = [(p, topic, who) for p in sorted(OF_TOPIC) for topic in (1, 2) for who in (LEA.key, ALICE.key)]
    for minted, asked in itertools.product(ways, ways):
        token_ = topic_for(RING, minted[1], minted[0], minted[2])
        for number in (0, 1042):
            candidate = Candidate(
                Carrier.ADDRESS, asked[0], number, asked[1], token_.signature[0], token_.signature[1:]
            )
            believed = verify(RING, candidate, {1042: TICKET}, HELD, NOW, asked[2]).is_valid
            assert believed == (minted == asked and number == 0)


@pytest.mark.parametrize("form", ["subject", "address"])
def test_a_word_for_an_address_is_for_that_one(form: str) -> None:
    for purpose in sorted(OF_ADDRESS):
        written = address_for(RING, purpose, ALICE.key)
        if form == "subject":
            [found] = in_text(f"Re: {written.in_subject('ISY').lower()}", SETTINGS, Carrier.SUBJECT)
        else:
            [found] = in_address(written.in_address("support@isybuy.example", "+"), SETTINGS, Carrier.ADDRESS)
        assert (found.purpose, found.ticket, found.slot) == (purpose, 0, 0)
        assert verify(RING, found, {}, None, NOW, ALICE.key).is_valid
        assert not verify(RING, found, {}, None, NOW, LEA.key).is_valid
        assert not verify(RING, replace(found, slot=1), {}, None, NOW, ALICE.key).is_valid


def test_an_answer_put_aside_leaves_by_the_word_of_its_agent_alone() -> None:
    written = end_for(RING, HELD, 1042, Purpose.SEND_ANYWAY, LEA.key)
    [found] = in_text(written.in_subject("ISY"), SETTINGS, Carrier.SUBJECT)
    assert verify(RING, found, {}, HELD, NOW, LEA.key).is_valid
    assert not verify(RING, found, {}, HELD, NOW, ALICE.key).is_valid
    assert not verify(RING, found, {}, replace(HELD, inbound_id=18), NOW, LEA.key).is_valid
