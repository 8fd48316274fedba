"""Who wrote, where From names a form or a list; what came back to us; what only looks like one of us."""

from typing import Any

import pytest
from desk_values import NOW, mail, settings

from maild.judgement import Facts, Proof, VerdictName
from maild.mail import Address, Kind, ParsedMail, address_key
from maild.threading.case import Case
from maild.threading.circling import why_it_circles
from maild.threading.identity import Identified, identify
from maild.threading.look_alike import look_alike_of, skeleton
from maild.threading.verdict import judge

DESK, FORM, GROUP = "support@isybuy.example", "noreply@isybuy.example", "support@ourgroup.example"
ALICE, EVE, LEA = "alice@client-a.example", "eve@evil.example", "lea@isybuy.example"


def box(**keys: Any) -> Any:
    return settings(mailboxes={"support": {"address": DESK, **keys}}).mailboxes["support"]


FORMS, LISTS = box(forms=FORM), box(via_list=[GROUP, "aide.ourgroup.example"], aliases=[GROUP])


def to(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address(a) for a in addresses)


def judged(found: Identified, *, is_form: bool = True) -> VerdictName:
    """What becomes of a mail of somebody whom we have written to before."""
    desk = settings()
    facts = Facts(NOW, 1, is_written_to=True)
    return judge(Case(found.mail, (), facts, desk, desk.mailboxes["support"], found.proof, is_form=is_form)).name


WHO = [
    # what it is, mailbox, the mail, proof of its From, who wrote, their proof
    ("a form", FORMS, mail(FORM, reply_to=to(ALICE)), Proof.PASS, ALICE, Proof.NONE),
    ("a form that nobody judges", FORMS, mail(FORM, reply_to=to(ALICE)), Proof.UNVERIFIED, ALICE, Proof.NONE),
    (
        "a form in another spelling",
        FORMS,
        mail("NoReply@isybuy.example", reply_to=to(ALICE)),
        Proof.PASS,
        ALICE,
        Proof.NONE,
    ),
    ("a form's name that was forged", FORMS, mail(FORM, reply_to=to(ALICE)), Proof.FAIL, FORM, Proof.FAIL),
    ("a form without Reply-To", FORMS, mail(FORM), Proof.PASS, None, Proof.NONE),
    ("a form with two", FORMS, mail(FORM, reply_to=to(ALICE, EVE)), Proof.PASS, None, Proof.NONE),
    ("a form with one twice", FORMS, mail(FORM, reply_to=to(ALICE, ALICE.upper())), Proof.PASS, ALICE, Proof.NONE),
    ("a form with ours beside it", FORMS, mail(FORM, reply_to=to(DESK, ALICE)), Proof.PASS, ALICE, Proof.NONE),
    ("a form with ours alone", FORMS, mail(FORM, reply_to=to(DESK)), Proof.PASS, None, Proof.NONE),
    ("a form with no address", FORMS, mail(FORM, reply_to=to("alice@client a")), Proof.PASS, None, Proof.NONE),
    ("no form, and a Reply-To", FORMS, mail(ALICE, reply_to=to(EVE)), Proof.PASS, ALICE, Proof.PASS),
    ("a form where none is named", box(), mail(FORM, reply_to=to(ALICE)), Proof.PASS, FORM, Proof.PASS),
    (
        "a form's mail marked as spam",
        FORMS,
        mail(FORM, reply_to=to(ALICE), kind=Kind.SPAM),
        Proof.PASS,
        FORM,
        Proof.PASS,
    ),
    ("a list in From", LISTS, mail(GROUP, reply_to=to(ALICE)), Proof.PASS, ALICE, Proof.NONE),
    (
        "a list in From, the list in Reply-To too",
        LISTS,
        mail(GROUP, reply_to=to(GROUP, ALICE)),
        Proof.PASS,
        ALICE,
        Proof.NONE,
    ),
    (
        "a list in From that notes the author",
        LISTS,
        mail(GROUP, headers=(("X-Original-From", f"Alice Durand <{ALICE}>"),)),
        Proof.PASS,
        ALICE,
        Proof.NONE,
    ),
    (
        "a list whose notes disagree",
        LISTS,
        mail(GROUP, reply_to=to(EVE), headers=(("X-Google-Original-From", ALICE),)),
        Proof.PASS,
        None,
        Proof.NONE,
    ),
    ("a list in From, nobody noted", LISTS, mail(GROUP), Proof.PASS, None, Proof.NONE),
    ("a list's name that was forged", LISTS, mail(GROUP, reply_to=to(ALICE)), Proof.FAIL, GROUP, Proof.FAIL),
    (
        "a list that leaves From alone",
        LISTS,
        mail(ALICE, kind=Kind.MAILING_LIST, to=to(GROUP)),
        Proof.PASS,
        ALICE,
        Proof.PASS,
    ),
]


@pytest.mark.parametrize(("what", "mailbox", "given", "proof", "who", "proved"), WHO, ids=[row[0] for row in WHO])
def test_who_wrote(what: str, mailbox: Any, given: ParsedMail, proof: Proof, who: Any, proved: Proof) -> None:
    found = identify(given, mailbox, proof)
    assert ((found.mail.sender.address.lower() if found.mail.sender else None), found.proof) == (
        who and who.lower(),
        proved,
    )
    assert bool(found.mail.unreadable) is (who is None)


def test_a_form_in_an_agents_name_is_no_agent() -> None:
    found = identify(mail(FORM, reply_to=to(LEA), reply_text="#resolve"), FORMS, Proof.PASS)
    assert judged(found) is VerdictName.UNSIGNED_AGENT


def test_a_form_opens_and_never_continues() -> None:
    """considering.py finds no references in it; nor is its `Re:` that of a reply."""
    found = identify(mail(FORM, reply_to=to(ALICE), subject="Re: Bonjour", is_reply=True), FORMS, Proof.PASS)
    assert found.is_form and judged(found) is VerdictName.NEW_TICKET
    assert judged(found, is_form=False) is VerdictName.PLAIN_REPLY


def test_a_forms_mail_that_says_that_a_program_sent_it_opens_a_ticket() -> None:
    headers = (("Auto-Submitted", "auto-generated"),)
    sent = mail(FORM, reply_to=to(ALICE), headers=headers, kind=Kind.AUTO_REPLY, auto_respond=False, return_path=FORM)
    found = identify(sent, FORMS, Proof.PASS)
    assert judged(found) is VerdictName.NEW_TICKET and found.mail.auto_respond
    assert judged(found, is_form=False) is VerdictName.AUTO_REPLY


THROUGH = [
    ("its List-Id", (("List-Id", "Aide <Aide.ourgroup.example>"),), Kind.MESSAGE),
    ("a List-Id without brackets", (("List-Id", "aide.ourgroup.example"),), Kind.MESSAGE),
    ("its address in List-Post", (("List-Post", f"<mailto:{GROUP}>"),), Kind.MESSAGE),
    ("a Google group", (("Mailing-list", f"list {GROUP}; contact support+owners@ourgroup.example"),), Kind.MESSAGE),
    ("an old Mailman", (("X-BeenThere", GROUP.upper()),), Kind.MESSAGE),
    ("another list", (("List-Id", "<nouvelles.client-a.example>"),), Kind.MAILING_LIST),
    ("a list that ends alike", (("List-Id", "<xaide.ourgroup.example>"),), Kind.MAILING_LIST),
]


@pytest.mark.parametrize(("what", "headers", "kind"), THROUGH, ids=[row[0] for row in THROUGH])
def test_what_comes_through_a_named_list_is_what_it_would_be(what: str, headers: Any, kind: Kind) -> None:
    sent = mail(headers=headers, kind=Kind.MAILING_LIST, auto_respond=False)
    found = identify(sent, LISTS, Proof.PASS).mail
    assert (found.kind, found.auto_respond) == (kind, kind is Kind.MESSAGE)


@pytest.mark.parametrize(
    "silent",
    [
        {"return_path": ""},
        {"headers": (("List-Id", "<aide.ourgroup.example>"), ("Auto-Submitted", "auto-generated"))},
        {"headers": (("List-Id", "<aide.ourgroup.example>"), ("X-Auto-Response-Suppress", "OOF, AutoReply"))},
    ],
)
def test_what_forbids_an_answer_by_itself_still_does(silent: Any) -> None:
    parts = {"headers": (("List-Id", "<aide.ourgroup.example>"),), "kind": Kind.MAILING_LIST} | silent
    assert not identify(mail(**parts), LISTS, Proof.PASS).mail.auto_respond


def hop(host: str) -> tuple[str, str]:
    return ("Received", f"from x by {host} with ESMTP; Mon, 23 Nov 2026 09:00:00 +0100")


OURS, THEIRS, HOME = ("Delivered-To", DESK), hop("mx.client-a.example"), hop("mx.isybuy.example")
WAYS = [
    ("delivered once", [OURS, HOME, THEIRS], ""),
    ("sent back by another site", [OURS, HOME, THEIRS, OURS, HOME, THEIRS], "delivered-before"),
    ("sent back to its plus-address", [OURS, HOME, THEIRS, ("Delivered-To", f"<{DESK}>")], "delivered-before"),
    ("noted twice at home", [OURS, hop("store.isybuy.example"), OURS, HOME, THEIRS], ""),
    ("noted twice at once", [OURS, OURS, HOME, THEIRS], ""),
    ("by way of an alias", [OURS, HOME, THEIRS, ("Delivered-To", "aide@isybuy.example"), HOME], ""),
    ("by way of another's mailbox", [OURS, HOME, ("Delivered-To", ALICE), THEIRS, ("Delivered-To", ALICE)], ""),
    ("an address in place of a host", [OURS, hop("[10.0.0.1]"), hop("localhost"), OURS, HOME], ""),
]


@pytest.mark.parametrize(("what", "headers", "reason"), WAYS, ids=[row[0] for row in WAYS])
def test_what_was_here_before_goes_in_circles(what: str, headers: Any, reason: str) -> None:
    assert why_it_circles(mail(headers=tuple(headers)), Facts(NOW, 1), settings()) == reason


def test_our_own_message_id_comes_back_only_in_a_circle() -> None:
    facts = Facts(NOW, 1, is_own_message=True)
    assert why_it_circles(mail(), facts, settings()) == "own-message"
    assert why_it_circles(mail(kind=Kind.BOUNCE), facts, settings()) == ""


ALIKE = [
    ("a Cyrillic letter in the name", "l\u0435a@isybuy.example", LEA),
    ("one in the domain", "lea@isуbuy.example", LEA),
    ("the same in punycode", "lea@xn--isbuy-fze.example", LEA),
    ("anybody at such a domain", "promo@isуbuy.example", "isybuy.example"),
    ("below such a domain", "promo@mail.isуbuy.example", "isybuy.example"),
    ("full width", "lea@ｉsybuy.example", LEA),
    ("accents", "léa@isybuy.example", LEA),
    ("an l for an i", "lea@lsybuy.example", LEA),
    ("a digit", "1ea@isybuy.example", LEA),
    ("the Kelvin sign", "mar\u212a@isybuy.example", ""),
    ("an invisible character", "l\u200bea@isybuy.example", LEA),
    ("an agent", LEA, ""),
    ("our own address", "support+1042@isybuy.example", ""),
    ("a colleague", "paul@isybuy.example", ""),
    ("below our own domain", "paul@mail.isybuy.example", ""),
    ("a customer", ALICE, ""),
    ("no address", "lea", ""),
    ("nothing", "", ""),
    ("a domain without letters", "a@...", ""),
]


@pytest.mark.parametrize(("what", "address", "of"), ALIKE, ids=[row[0] for row in ALIKE])
def test_who_only_looks_like_one_of_us(what: str, address: str, of: str) -> None:
    assert look_alike_of(address, settings()) == of


def test_a_known_customer_imitates_nobody() -> None:
    people = {"agents": [{"name": "Léa", "address": LEA}], "customers": [{"address": "léa@isybuy.example"}]}
    assert look_alike_of("léa@isybuy.example", settings(people=people)) == ""


@pytest.mark.parametrize("letter", ["\u212a", "\uff4b"])
def test_a_sign_that_stands_for_a_letter_is_not_that_letter(letter: str) -> None:
    assert address_key(f"mar{letter}@isybuy.example") != "mark@isybuy.example"
    assert address_key(f"a@mar{letter}.example") != "a@mark.example"


def test_a_skeleton_is_the_same_for_what_looks_the_same() -> None:
    assert skeleton("rnarc@isybuy.example") == skeleton("marc@isybuy.example") != skeleton("mars@isybuy.example")
