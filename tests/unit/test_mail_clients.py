"""What people's mail clients make of our mails: replies, forwards, clicked links, delivery reports."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail import Address
from maild.settings import Trust
from maild.simulate.carriers import spoiled, without_carriers, without_plus, without_references
from maild.simulate.delivery_report import delivery_report
from maild.simulate.language import CARRIERS, Enclosure, Mail, Way
from maild.simulate.look import Seen, html_text, look
from maild.simulate.mime import Draft, contents, write
from maild.simulate.mua import NoSuchLink, click, forward, judged, new_mail, reply

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ALICE = Address("alice@client-a.example", "Alice Durand")
DESK = Address("support@isybuy.example", "Support iSYBUY")
MARC = Address("marc@client-a.example", "Marc")
PLUS = "support+1042-1-70a5qehx3yv63@isybuy.example"
REFERENCE = "[ISY-1042-1-70A5Q-EHX3-YV63]"
OUR_ID = "abcdefgh12345678.1042-1-7.00112233445566778899aabbcc@isybuy.example"
LINK = (
    "mailto:support+s1042-1-70a5qehx3yv63@isybuy.example?subject=R%C3%A9gl%C3%A9%20%5BISY-S1042-1-70A5Q-EHX3-YV63%5D"
    "&body=C%27est%20r%C3%A9gl%C3%A9.%0D%0AMerci%201%2B1"
)
TEXT = f"Bonjour,\n\nVotre demande {REFERENCE} est là.\nÉcrire : {PLUS}\nRéglé : <{LINK}>\n"

OURS = write(
    Draft(
        DESK,
        (ALICE, MARC),
        f"Votre demande : écran noir {REFERENCE}",
        (Address("cc@client-a.example"),),
        TEXT,
        "<p>Bonjour</p>",
        references=("m1.story@client-a.example",),
        in_reply_to="m1.story@client-a.example",
        headers=(("Reply-To", PLUS),),
    ),
    OUR_ID,
    AT,
)
ANSWER = Mail("m2", Way.ANSWERS, text="Voici.")


def answered(mail: Mail = ANSWER, to: tuple[Address, ...] = (), cc: tuple[Address, ...] = ()) -> Seen:
    return look(write(reply(mail, ALICE, to, cc, look(OURS), PARIS), "m2.story@client-a.example", AT))


def test_a_reply_is_a_true_reply() -> None:
    raw = write(reply(ANSWER, ALICE, (), (), look(OURS), PARIS), "m2.story@client-a.example", AT)
    seen = look(raw)
    assert [a.address for a in seen.to] == [PLUS]
    assert seen.subject == f"Re: Votre demande : écran noir {REFERENCE}"
    assert message_from_bytes(raw)["In-Reply-To"] == f"<{OUR_ID}>"
    assert seen.references == ("m1.story@client-a.example", OUR_ID)
    assert seen.text.startswith(
        "Voici.\n\nLe 23/11/2026 à 09:00, Support iSYBUY <support@isybuy.example> a écrit :\n\n"
        "> Bonjour,\n>\n> Votre demande"
    )
    assert f"> Réglé : <{LINK}>" in seen.text


def test_the_prefix_is_not_doubled() -> None:
    first = look(write(reply(ANSWER, ALICE, (), (), look(OURS), PARIS), "a@b.example", AT))
    second = reply(ANSWER, ALICE, (), (), first, PARIS)
    assert second.subject == first.subject


def test_without_reply_to_the_answer_goes_to_from() -> None:
    plain = look(OURS.replace(b"Reply-To", b"X-Reply-To"))
    assert reply(ANSWER, ALICE, (), (), plain, PARIS).to == (DESK,)


def carriers_in(seen: Seen) -> set[str]:
    """Which carriers of the reference are still there."""
    return {
        name
        for name, is_there in {
            "address": any("+" in a.address for a in seen.to),
            "subject": "ISY-" in seen.subject,
            "references": bool(seen.references),
            "body": "ISY-" in seen.text or "+1042" in seen.text or "mailto:" in seen.text,
        }.items()
        if is_there
    }


@pytest.mark.parametrize("keeps", [set(), *({c} for c in CARRIERS), {"subject", "body"}, set(CARRIERS)])
def test_only_the_carriers_that_were_kept_survive(keeps: set[str]) -> None:
    assert carriers_in(answered(replace(ANSWER, keeps=frozenset(keeps)))) == keeps


def test_what_is_cut_leaves_the_words_of_the_quote() -> None:
    seen = answered(replace(ANSWER, keeps=frozenset()))
    assert seen.subject == "Re: Votre demande : écran noir"
    assert [a.address for a in seen.to] == ["support@isybuy.example"]
    assert "> Votre demande  est là." in seen.text
    assert "> Écrire : support@isybuy.example" in seen.text


def test_quotes_false_quotes_nothing() -> None:
    assert answered(replace(ANSWER, has_quote=False)).text == "Voici."


def test_a_html_reply_quotes_in_html() -> None:
    seen = answered(replace(ANSWER, text=None, html="<p>Voici.</p>"))
    assert "<blockquote>Bonjour,<br>" in seen.html
    assert seen.text == seen.html_text


def test_a_spoiled_reference_has_one_other_character_in_each_carrier() -> None:
    seen = answered(replace(ANSWER, is_spoiled=True))
    assert [a.address for a in seen.to] == ["support+1042-1-70a5qehx3yv64@isybuy.example"]
    assert "[ISY-1042-1-70A5Q-EHX3-YV64]" in seen.subject
    assert seen.references == ("m1.story@client-a.example", OUR_ID.replace("aabbcc@", "aabbcd@"))
    assert "YV63" not in seen.text and "yv63" not in seen.text
    assert "support+s1042-1-70a5qehx3yv64@" in seen.text


def test_a_renumbered_reference_names_another_ticket_in_each_carrier_under_the_old_signature() -> None:
    seen = answered(replace(ANSWER, renumbered=7))
    assert [a.address for a in seen.to] == ["support+7-1-70a5qehx3yv63@isybuy.example"]
    assert "[ISY-7-1-70A5Q-EHX3-YV63]" in seen.subject
    assert seen.references == ("m1.story@client-a.example", OUR_ID.replace(".1042-1-", ".7-1-"))
    assert "1042-1" not in seen.text and "support+s7-1-70a5qehx3yv63@" in seen.text
    draft = click(Mail("m4", Way.CLICKS, renumbered=7), ALICE, LINK)
    assert [a.address for a in draft.to] == ["support+s7-1-70a5qehx3yv63@isybuy.example"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REFERENCE, "[ISY-1042-1-70A5Q-EHX3-YV64]"),
        ("[ISY-S1042-1-70A5Q-EHX3-YV6Z]", "[ISY-S1042-1-70A5Q-EHX3-YV60]"),
        ("a%2B1042-1-70a5qehx3yv6h%40x", "a%2B1042-1-70a5qehx3yv6j%40x"),
        ("ISY-1042 is no reference", "ISY-1042 is no reference"),
    ],
)
def test_spoiling_changes_the_last_character_of_a_signature(text: str, expected: str) -> None:
    assert spoiled(text) == expected


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=13, max_size=13), st.integers(1, 10**9))
def test_any_reference_is_cut_and_spoiled(signature: str, number: int) -> None:
    reference = f"[K-{number}-1-{signature[:5]}-{signature[5:9]}-{signature[9:]}]"
    address = f"support+{number}-1-{signature.lower()}@x.example"
    assert without_references(f"a {reference} b") == "a b"
    assert without_plus(address) == "support@x.example"
    assert without_carriers(f"{reference} {address}").strip() == "support@x.example"
    for text in (reference, address):
        assert sum(a != b for a, b in zip(text, spoiled(text), strict=True)) == 1


def test_reply_to_all_reaches_all_but_oneself() -> None:
    seen = answered(replace(ANSWER, way=Way.REPLIES_ALL))
    assert [a.address for a in seen.to] == [PLUS, MARC.address]
    assert [a.address for a in seen.cc] == ["cc@client-a.example"]


def test_a_subject_typed_over_takes_the_place_of_the_old_one() -> None:
    assert answered(replace(ANSWER, subject="Autre chose")).subject == "Autre chose"


def test_a_forward_carries_head_text_and_attachments() -> None:
    original = replace(look(OURS), attachments=(contents(Enclosure("écran.png", "image/png", 50)),))
    draft = forward(Mail("m3", Way.FORWARDS, text="Pour vous."), MARC, (DESK,), (), original, PARIS)
    seen = look(write(draft, "m3@x.example", AT))
    assert seen.subject == f"Fwd: Votre demande : écran noir {REFERENCE}"
    assert seen.text.startswith(
        "Pour vous.\n\n---------- Message transféré ---------\nDe : Support iSYBUY <support@isybuy.example>\n"
        f"Date : 23/11/2026 à 09:00\nObjet : Votre demande : écran noir {REFERENCE}\n"
        "À : Alice Durand <alice@client-a.example>, Marc <marc@client-a.example>\n\nBonjour,"
    )
    assert [(a.filename, a.size) for a in seen.attachments] == [("écran.png", 50)]
    assert not seen.references


def test_a_clicked_link_sends_what_it_offers_and_the_words_below() -> None:
    draft = click(Mail("m4", Way.CLICKS, text="Bonne journée."), ALICE, LINK)
    assert [a.address for a in draft.to] == ["support+s1042-1-70a5qehx3yv63@isybuy.example"]
    assert draft.subject == "Réglé [ISY-S1042-1-70A5Q-EHX3-YV63]"
    assert draft.text == "C'est réglé.\nMerci 1+1\nBonne journée."
    assert not draft.in_reply_to


@pytest.mark.parametrize("url", ["https://isybuy.example/", "mailto:", "mailto:?subject=x"])
def test_a_link_that_opens_no_mail_is_refused(url: str) -> None:
    with pytest.raises(NoSuchLink):
        click(Mail("m", Way.CLICKS), ALICE, url)


@pytest.mark.parametrize(
    ("authentication", "authserv_id", "expected"),
    [
        (None, "mx.isybuy.example", "mx.isybuy.example; dmarc=pass header.from=client-a.example"),
        ("pass", "mx.isybuy.example", "mx.isybuy.example; dmarc=pass header.from=client-a.example"),
        ("none", "mx.isybuy.example", "mx.isybuy.example; dmarc=none header.from=client-a.example"),
        ("fail", "mx.isybuy.example", "mx.isybuy.example; dmarc=fail header.from=client-a.example"),
        ("unverified", "mx.isybuy.example", None),
        ("pass", None, None),
        ("mx.other.example; spf=pass", "mx.isybuy.example", "mx.other.example; spf=pass"),
    ],
)
def test_the_receiving_server_says_what_it_knows_of_the_sender(
    authentication: str | None, authserv_id: str | None, expected: str | None
) -> None:
    claimed = Mail("m1", subject="s", text="t", headers=(("Authentication-Results", "mx.isybuy.example; dmarc=pass"),))
    trust = Trust(authserv_id=authserv_id)
    raw = judged(write(new_mail(claimed, ALICE, (DESK,), ()), "m1@x", AT), authentication, trust, ALICE)
    own = [] if expected is None else [expected]
    assert message_from_bytes(raw).get_all("Authentication-Results") == [*own, "mx.isybuy.example; dmarc=pass"]
    assert raw.startswith(b"Authentication-Results" if own else b"From: ")


def test_the_same_mail_is_written_in_the_same_bytes_with_crlf() -> None:
    mail = Mail("m1", text="é" * 200, html="<p>é</p>", attachments=(Enclosure("a.png", "image/png", 2000),))
    first, again = (write(new_mail(mail, ALICE, (DESK,), ()), "m1@x", AT) for _ in range(2))
    assert first == again
    assert first.count(b"\n") == first.count(b"\r\n")
    seen = look(first)
    assert (seen.text, seen.html) == ("é" * 200, "<p>é</p>")
    assert seen.attachments[0].data.startswith(b"\x89PNG") and seen.attachments[0].size == 2000


def test_a_header_of_the_scenario_takes_the_place_of_the_usual_one() -> None:
    mail = Mail("m1", text="t", headers=(("Message-ID", "<forged@x>"), ("X-A", "1"), ("X-A", "é")))
    message = message_from_bytes(write(new_mail(mail, ALICE, (DESK,), ()), "m1@x", AT))
    assert message.get_all("Message-ID") == ["<forged@x>"]
    assert len(message.get_all("X-A", [])) == 2


def test_a_long_message_id_is_never_folded_into_encoded_words() -> None:
    draft = Draft(ALICE, (DESK,), "s", in_reply_to="x" * 300 + "@y", references=("a" * 300 + "@b", "c" * 300 + "@d"))
    seen = look(write(draft, "m@x", AT))
    assert seen.references == draft.references


@pytest.mark.parametrize(("status", "action"), [("5.1.1", "failed"), ("5.7.26", "failed"), ("4.2.2", "delayed")])
def test_a_delivery_report_is_one_of_rfc_3464(status: str, action: str) -> None:
    back = "support+babcdefgh12345678-70a5qehx3yv63@isybuy.example"
    by = "MAILER-DAEMON@client-a.example"
    raw = delivery_report(OURS, ALICE.address, by, back, status, "r1@client-a.example", AT)
    message = message_from_bytes(raw)
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert message["To"] == back
    assert message["From"] == "Mail Delivery System <MAILER-DAEMON@client-a.example>"
    parts = message.get_payload()
    assert isinstance(parts, list)
    text, report, headers = parts
    assert isinstance(text, Message) and isinstance(report, Message) and isinstance(headers, Message)
    fields = report.get_payload()
    assert isinstance(fields, list) and isinstance(fields[1], Message)
    assert fields[1]["Final-Recipient"] == "rfc822; alice@client-a.example"
    assert (fields[1]["Action"], fields[1]["Status"]) == (action, status)
    assert headers.get_content_type() == "text/rfc822-headers"
    assert f"<{OUR_ID}>" in str(headers.get_payload())


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a &amp; b</p><p>c</p>", "a & b\n\nc"),
        ("<style>x{}</style>un <b>mo</b>t", "un mot"),
        ("a<br>b &eacute;", "a\nb é"),
    ],
)
def test_html_is_read_as_a_person_reads_it(markup: str, text: str) -> None:
    assert html_text(markup) == text


@given(st.binary(max_size=400))
def test_looking_at_any_bytes_raises_nothing(raw: bytes) -> None:
    look(b"From: " + raw)
    look(b"Content-Type: text/plain; charset=" + raw + b"\n\n" + raw)
