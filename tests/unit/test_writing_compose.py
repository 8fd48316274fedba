"""Whatever stands in a letter, its bytes are one mail with one header set, and say what the letter said."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.mail import Address, Attachment
from maild.writing import headers
from maild.writing.compose import Letter, compose
from maild.writing.headers import BadHeader, clean

LETTER = Letter(
    from_=Address("support@isybuy.example", "Léa, Support iSYBUY"),
    to=Address("alice@client-a.example", "Alice Durand"),
    reply_to=Address("support+1042-1-70a5qehx3yv63@isybuy.example", "Support iSYBUY"),
    subject="Re: Échec à l’export [ISY-1042-1-70A5Q-EHX3-YV63]",
    message_id="abc.1042-1-7.def@isybuy.example",
    in_reply_to="first@client-a.example",
    references=("root@client-a.example", "first@client-a.example"),
    date=datetime(2026, 12, 14, 9, 30, tzinfo=UTC),
    auto_submitted="auto-replied",
    text="Bonjour Alice,\n\nÇa marche. Voir ci-dessous.\n",
    html="<!DOCTYPE html><p>Ça marche.</p>",
    headers=(("X-Auto-Response-Suppress", "All"),),
)
ONCE = ("From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References", "Date", "MIME-Version")
FILE = Attachment("relevé 2026.pdf", "application/pdf", bytes(range(256)) * 50)
# Every way known to us to break a line or to hide one.
NASTY = st.text(
    st.one_of(
        st.sampled_from('\r\n\0\t\x0b\x0c\x1b\x85\u2028\u2029\u202e\u200b\ud800"\\<>@,;:()=?_ \u00a0é😀'),
        st.characters(),
    ),
    max_size=90,
)
INJECTIONS = (
    "x\r\nBcc: e@x.example",
    "x\nSubject: y",
    "=?utf-8?q?=0D=0ABcc:_e@x.example?=",
    "\r\n\r\nbody",
    "x\r\n\tBcc: e",
)


def parsed(data: bytes) -> EmailMessage:
    """As the modern standard parser reads it."""
    return email.message_from_bytes(data, policy=email.policy.default)


def part(mail: Message, kind: str) -> str:
    """The text of the only part of that type."""
    [found] = [p for p in mail.walk() if p.get_content_type() == kind and not p.get_filename()]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8")


def subject_of(data: bytes) -> str:
    """Decoded by RFC 2047."""
    return str(make_header(decode_header(email.message_from_bytes(data)["Subject"])))


def is_well_formed(data: bytes) -> bool:
    """CRLF only, no line above 998 octets, ASCII head folded at 78 where it can be."""
    head = data.split(b"\r\n\r\n")[0]
    lines = data.split(b"\r\n")
    return (
        not re.search(rb"[^\r]\n|\r[^\n]|^\n", data)
        and data.endswith(b"\r\n")
        and max(map(len, lines)) <= 998
        and head.isascii()
        and b"\r\n \r\n" not in head + b"\r\n"
    )


@settings(max_examples=300, deadline=None)
@given(subject=NASTY, name=NASTY, filename=NASTY, reference=NASTY)
@example(*(INJECTIONS[0],) * 4)
@example(*(INJECTIONS[1],) * 4)
@example(*(INJECTIONS[2],) * 4)
@example(*(INJECTIONS[3],) * 4)
@example(*(INJECTIONS[4],) * 4)
@example("", "", "=??Q??=", "")
def test_nothing_in_a_name_or_subject_becomes_a_header(subject: str, name: str, filename: str, reference: str) -> None:
    letter = replace(
        LETTER,
        subject=subject,
        to=Address("alice@client-a.example", name),
        in_reply_to=reference,
        references=("root@client-a.example", reference),
        attachments=(Attachment(filename, "text/plain", b"x"),),
    )
    data = compose(letter)
    assert is_well_formed(data)
    expected = [n for n in ONCE if n != "In-Reply-To" or headers.is_message_id(reference)]
    for policy in (email.policy.compat32, email.policy.default):
        mail = email.message_from_bytes(data, policy=policy)
        assert sorted(mail.keys()) == sorted([*expected, "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Type"])
        assert not mail.defects
        files = [p for p in mail.walk() if p.get_filename()]
        assert [sorted(f.keys()) for f in files] == [
            ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type"]
        ]
    [to] = parsed(data)["To"].addresses
    assert to.addr_spec == "alice@client-a.example"
    assert email.utils.getaddresses([email.message_from_bytes(data)["To"]])[0][1] == "alice@client-a.example"
    assert part(parsed(data), "text/plain") == LETTER.text.replace("\n", "\r\n")


@settings(max_examples=300, deadline=None)
@given(NASTY)
@example("=?utf-8?q?x?= =?utf-8?b?eA==?=")
def test_a_subject_and_a_name_are_read_as_they_were_cleaned(text: str) -> None:
    data = compose(replace(LETTER, subject=text, to=Address("a@b.example", text)))
    assert subject_of(data) == clean(text)
    name, _ = email.utils.parseaddr(email.message_from_bytes(data)["To"])
    assert str(make_header(decode_header(name))).replace("\\", "") == clean(text).replace("\\", "")


@settings(max_examples=200, deadline=None)
@given(NASTY)
def test_encoded_words_are_short_and_whole(text: str) -> None:
    [line] = re.findall(rb"^Subject:.*(?:\r\n .*)*", compose(replace(LETTER, subject=text)), re.M)
    assert all(len(x) <= 78 for x in line.split(b"\r\n"))
    for word in re.findall(rb"=\?utf-8\?[qb]\?[^?]*\?=", line):
        assert len(word) <= 75
        octets, charset = decode_header(word.decode())[0]
        assert isinstance(octets, bytes) and charset == "utf-8"
        octets.decode("utf-8")  # a character cut in two would fail here


@pytest.mark.parametrize(
    "subject", ["Échec [ISY-1042-1-70A5Q-EHX3-YV63]", "[ISY-1042-1-70A5Q-EHX3-YV63] 日本語のとても長い件名" * 3]
)
def test_the_reference_stays_plain_ascii(subject: str) -> None:
    head = compose(replace(LETTER, subject=subject)).split(b"\r\n\r\n")[0]
    assert re.search(rb"[ \t]\[ISY-1042-1-70A5Q-EHX3-YV63\]", head)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\nb\tc", "a b c"),
        ("  a \u00a0 b ", "a b"),
        ("pdf.\u202eexe", "pdf.exe"),
        ("in\u200bvi\u2060si\ufeffble\u00ad", "invisible"),
        ("\ud800x\x00\x1b\x9b", "x"),
        ("Élodie O’Neil 😀", "Élodie O’Neil 😀"),
    ],
)
def test_clean_leaves_what_can_be_seen(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b", "a\x7fb", "a\x85b", "a\u2028b", "a\x1bb"])
def test_the_header_writer_refuses_controls(bad: str) -> None:
    with pytest.raises(BadHeader):
        headers.unstructured("Subject", bad)
    with pytest.raises(BadHeader):
        headers.addresses("To", (Address("a@b.example", bad),))
    with pytest.raises(BadHeader):
        headers.addresses("To", (Address(f"a@{bad}.example"),))
    with pytest.raises(BadHeader):
        headers.message_ids("References", [bad])
    with pytest.raises(BadHeader):
        headers.parameters("Content-Type", "text/plain", [("name", bad)])
    with pytest.raises(BadHeader):
        compose(replace(LETTER, headers=(("X-Thing", bad),)))
    with pytest.raises(BadHeader):
        compose(replace(LETTER, message_id=bad))


def test_the_way_out_of_a_mail_is_one_url_whole_and_plain() -> None:
    url = f"mailto:support+x1042-1-70a5qehx3yv63@isybuy.example?subject={'Ne%20plus%20' * 20}"
    data = compose(replace(LETTER, unsubscribe=url))
    assert parsed(data)["List-Unsubscribe"] == f"<{url}>"
    assert "List-Unsubscribe" not in parsed(compose(LETTER))
    for bad in ("mailto:a@b.example>\r\nBcc: <c@d.example", "mailto:é@b.example", "a@b.example", "mailto:a b"):
        with pytest.raises(BadHeader):
            compose(replace(LETTER, unsubscribe=bad))


@pytest.mark.parametrize("name", ["Subject", "bcc", "Content-Type", "X Thing", "X:Thing", "", "Naïve", "X\r\nBcc"])
def test_a_further_header_is_a_name_of_its_own(name: str) -> None:
    with pytest.raises(BadHeader):
        compose(replace(LETTER, headers=((name, "x"),)))


@pytest.mark.parametrize(
    "address",
    ["", "alice", "@b.example", "a@", "a b@c.example", "a@b.example,e@x.example", "a@b>c", "é@b.example", "a<b@c.d"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadHeader):
        compose(replace(LETTER, to=Address(address, "Alice")))


def test_a_domain_beyond_ascii_leaves_in_idna() -> None:
    assert b"<a@xn--bcher-kva.example>" in compose(replace(LETTER, to=Address("a@bücher.example", "A")))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Alice Durand", b"Alice Durand <"),
        ("Durand, Alice", b'"Durand, Alice" <'),
        ('A "B" \\', b'"A \\"B\\" \\\\" <'),
        ("Léa, Support", b"=?utf-8?q?L=C3=A9a=2C_Support?= <"),
        ("=?utf-8?q?x?=", b"=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?= <"),
        ("", b"To: a@b.example\r\n"),
    ],
)
def test_a_display_name_is_atoms_quoted_or_encoded(name: str, written: bytes) -> None:
    assert written in headers.addresses("To", (Address("a@b.example", name),))


def test_several_addresses_are_separated_by_commas() -> None:
    people = (Address("a@b.example", "A B"), Address("c@d.example"), Address("e@f.example", "É"))
    mail = parsed(headers.addresses("Cc", people) + b"\r\n")
    assert [a.addr_spec for a in mail["Cc"].addresses] == ["a@b.example", "c@d.example", "e@f.example"]


def test_a_letter_is_read_back_whole() -> None:
    mail = parsed(compose(replace(LETTER, attachments=(FILE,))))
    assert mail["From"].addresses[0].display_name == "Léa, Support iSYBUY"
    assert mail["Reply-To"].addresses[0].addr_spec == "support+1042-1-70a5qehx3yv63@isybuy.example"
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == "<abc.1042-1-7.def@isybuy.example>"
    assert mail["In-Reply-To"] == "<first@client-a.example>"
    assert mail["References"] == "<root@client-a.example> <first@client-a.example>"
    assert mail["Date"].datetime == LETTER.date
    assert mail["Auto-Submitted"] == "auto-replied"
    assert part(mail, "text/plain") == LETTER.text.replace("\n", "\r\n")
    assert part(mail, "text/html") == LETTER.html
    [file] = mail.iter_attachments()
    assert file.get_filename() == "relevé 2026.pdf"
    assert file.get_content_disposition() == "attachment"
    assert file.get_payload(decode=True) == FILE.data
    assert [p.get_content_type() for p in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]


def test_a_persons_words_carry_no_mark_of_a_machine() -> None:
    mail = parsed(compose(replace(LETTER, auto_submitted="", html="", reply_to=None, references=(), in_reply_to="")))
    assert mail.get_content_type() == "text/plain"
    assert {"Auto-Submitted", "Reply-To", "References", "In-Reply-To"}.isdisjoint(mail.keys())


def test_an_image_that_the_html_shows_stands_beside_it_and_another_is_attached() -> None:
    logo = Attachment("logo.png", "image/png", b"\x89PNG", inline=True, content_id="logo@isybuy")
    other = replace(logo, filename="écran.png", content_id="other@isybuy")
    html = '<img src="cid:logo@isybuy">'
    mail = parsed(compose(replace(LETTER, html=html, attachments=(logo, other))))
    kinds = [p.get_content_type() for p in mail.walk()]
    assert kinds == [
        *("multipart/mixed", "multipart/alternative", "text/plain"),
        *("multipart/related", "text/html", "image/png", "image/png"),
    ]
    images = [p for p in mail.walk() if p.get_content_type() == "image/png"]
    assert [p["Content-ID"] for p in images] == ["<logo@isybuy>", "<other@isybuy>"]
    assert [p.get_content_disposition() for p in images] == ["inline", "inline"]


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60),
    st.binary(max_size=400),
    st.sampled_from(["text/plain", "multipart/mixed", "x", "a/b\r\nX: y"]),
)
def test_files_come_through_octet_for_octet(name: str, data: bytes, kind: str) -> None:
    mail = parsed(compose(replace(LETTER, attachments=(Attachment(name, kind, data),))))
    [file] = mail.iter_attachments()
    assert file.get_payload(decode=True) == data
    assert file.get_filename() == (clean(name).replace("/", "_").replace("\\", "_") or "file")
    assert file.get_content_type() in ("text/plain", "application/octet-stream")


def test_an_endless_file_name_keeps_its_extension() -> None:
    data = compose(replace(LETTER, attachments=(Attachment("é" * 5000 + ".pdf", "application/pdf", b"x"),)))
    [file] = parsed(data).iter_attachments()
    name = file.get_filename()
    assert name is not None and name.startswith("éé") and name.endswith("é.pdf") and len(name) == 120
    assert len(re.findall(rb"filename\*\d+\*=", data)) <= 31
    assert is_well_formed(data)


def test_a_mail_within_is_not_encoded() -> None:
    inner = compose(replace(LETTER, subject="Intérieur", attachments=(FILE,)))
    data = compose(
        replace(LETTER, attachments=(Attachment("mail.eml", "message/rfc822", inner.replace(b"\r\n", b"\n")),))
    )
    assert inner in data
    [file] = parsed(data).iter_attachments()
    assert file["Content-Transfer-Encoding"] == "7bit"
    assert cast(EmailMessage, file.get_content())["Subject"] == "Intérieur"


def test_a_mail_within_in_8_bits_says_so_outside_too() -> None:
    inner = b"Subject: x\r\n\r\n\xc3\xa9t\xc3\xa9\r\n"
    mail = parsed(compose(replace(LETTER, attachments=(Attachment("m.eml", "message/rfc822", inner),))))
    assert mail["Content-Transfer-Encoding"] == "8bit"
    assert next(iter(mail.iter_attachments()))["Content-Transfer-Encoding"] == "8bit"


@pytest.mark.parametrize("inner", [b"Subject: " + b"x" * 2000 + b"\r\n\r\n", b"a\0b\r\n\r\n"])
def test_a_mail_within_that_breaks_the_limits_goes_as_a_file(inner: bytes) -> None:
    data = compose(replace(LETTER, attachments=(Attachment("m.eml", "message/rfc822", inner),)))
    [file] = parsed(data).iter_attachments()
    assert (file.get_content_type(), file.get_payload(decode=True)) == ("application/octet-stream", inner)
    assert is_well_formed(data)


def test_a_boundary_never_stands_in_a_part() -> None:
    letter = replace(LETTER, attachments=(FILE,))
    boundary = parsed(compose(letter)).get_boundary()
    assert boundary is not None
    inner = f"Subject: x\r\n\r\n--{boundary}--\r\n".encode()
    again = compose(replace(LETTER, attachments=(Attachment("m.eml", "message/rfc822", inner),)))
    other = parsed(again).get_boundary()
    assert other is not None and other != boundary
    assert [p.get_content_type() for p in parsed(again).iter_attachments()] == ["message/rfc822"]


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = replace(LETTER, attachments=(FILE,))
    assert compose(letter) == compose(replace(letter))
    assert compose(letter) != compose(replace(letter, text="other"))


SMUGGLING = [
    f"{a}.{b}MAIL FROM:<e@x.example>"
    for a in ("\r\n", "\n", "\r", "\n\r", "")
    for b in ("\r\n", "\n", "\r", "\r.\r\n", "\0\n")
]


@pytest.mark.parametrize(
    "text",
    [
        *SMUGGLING,
        "<html>\n.\n<body>\n.\n\n<body>é",
        "é \n<body",
        "x" * 5000,
        "é" * 5000,
        "日" * 5000,
        "a \nb\t\n",
        "",
        "\n",
        "From x\n.\n..\n",
    ],
)
def test_no_text_ends_the_mail_or_breaks_a_line_limit(text: str) -> None:
    data = compose(replace(LETTER, text=text, html=f"<p>{text}</p>"))
    assert is_well_formed(data)
    assert b"\r\n.\r\n" not in data
    canonical = re.sub(r"\r\n|\r|\n", "\r\n", text)
    assert part(parsed(data), "text/plain") == canonical
    assert part(parsed(data), "text/html") == f"<p>{canonical}</p>"


@settings(max_examples=150, deadline=None)
@given(st.text(st.one_of(st.sampled_from("\r\n.= \té日"), st.characters(exclude_categories=["Cs"])), max_size=300))
def test_any_text_comes_through(text: str) -> None:
    data = compose(replace(LETTER, text=text))
    assert is_well_formed(data)
    assert part(parsed(data), "text/plain") == re.sub(r"\r\n|\r|\n", "\r\n", text)


def test_lone_surrogates_do_not_stop_a_mail() -> None:
    assert is_well_formed(compose(replace(LETTER, text="\ud800", html="\udfff")))


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        compose(replace(LETTER, date=datetime(2026, 1, 1)))  # noqa: DTZ001
