"""Who wrote, to whom, when, about what: the header as read, each fixture with one oddity."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from maild.mail import Address, ParsedMail
from maild.reading import parse, read
from maild.reading.field_text import decode_words
from maild.reading.mime_field import read_mime_field

EML = Path(__file__).parents[1] / "fixtures" / "eml"
ALICE = Address("alice@client-a.example", "Alice Durand")


def mail(name: str) -> ParsedMail:
    return read((EML / f"{name}.eml").read_bytes())


def with_from(value: str) -> ParsedMail:
    return read(f"From: {value}\r\nTo: support@isybuy.example\r\n\r\nBonjour\r\n".encode())


def test_an_ordinary_mail_is_read_whole() -> None:
    read_mail = mail("plain")
    assert read_mail.sender == ALICE
    assert read_mail.to == (Address("support@isybuy.example", "Support"),)
    assert read_mail.subject == "Impossible d'exporter la facture"
    assert read_mail.date == datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=1)))
    assert read_mail.date.utcoffset() == timedelta(hours=1)
    assert read_mail.message_id == "m1@client-a.example"
    assert read_mail.return_path == "alice@client-a.example"
    assert read_mail.text.startswith("Bonjour,\n\nL'export") and read_mail.text.endswith("Alice")
    assert (read_mail.language, read_mail.defects, read_mail.unreadable) == ("fr", (), "")


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("two_from_fields", "from-field"),
        ("two_mailboxes_in_from", "from-field"),
        ("from_as_group", "from-field"),
        ("from_name_shows_another_address", "from-field"),
        ("no_from_field", "no-from"),
    ],
)
def test_a_sender_that_cannot_be_told_is_nobody(name: str, defect: str) -> None:
    read_mail = mail(name)
    assert read_mail.sender is None
    assert defect in read_mail.defects
    assert not read_mail.auto_respond
    assert "facture 4711" in read_mail.text


@pytest.mark.parametrize(
    "value",
    [
        "a@good.example)b@evil.example",
        '"a@good.example" <b@evil.example>',
        "=?utf-8?q?a=40good.example?= <b@evil.example>",
        "a@good.example <b@evil.example>",
        "<a@good.example> <b@evil.example>",
        "a@good.example, b@evil.example",
        "Bob <bob@isybuy.example>, <>",
        "team: a@good.example, b@evil.example;",
        "undisclosed-recipients:;",
        "<>",
        "",
        "Alice",
        "a@b@evil.example",
        "(" * 400 + "a@good.example",
        '"' * 401 + " <a@good.example>",
        "a@good.example\0.evil.example",
    ],
)
def test_hostile_forms_of_from_name_nobody(value: str) -> None:
    assert with_from(value).sender is None


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("alice@client-a.example", Address("alice@client-a.example")),
        ("=?utf-8?q?Andr=C3=A9?= <a@client-a.example>", Address("a@client-a.example", "André")),
        ("a@client-a.example (Alice Durand)", Address("a@client-a.example", "Alice Durand")),
        ('"a@client-a.example" <A@client-a.example>', Address("A@client-a.example", "a@client-a.example")),
        ("André <a@client-a.example>", Address("a@client-a.example", "André")),
        ("Support [Paris] <a@client-a.example>", Address("a@client-a.example", "Support [Paris]")),
        ("=?utf-8?q?A=0D=0ABcc=3A_x?= <a@client-a.example>", Address("a@client-a.example", "A\ufffd\ufffdBcc: x")),
    ],
)
def test_a_single_mailbox_is_the_sender_with_its_name_decoded(value: str, sender: Address) -> None:
    assert with_from(value).sender == sender


def test_a_name_with_a_bare_comma_keeps_the_sender() -> None:
    assert mail("from_name_with_bare_comma").sender == Address("alice@client-a.example", "Durand, Alice")


def test_a_second_from_beyond_the_limits_still_spoils_the_sender() -> None:
    raw = b"From: a@good.example\r\n" + b"X-Pad: " + b"x" * 120_000 + b"\r\nFROM: b@evil.example\r\n\r\nBonjour\r\n"
    assert read(raw).sender is None


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("subject_raw_latin1", "Problème d'accès à la facture"),
        ("subject_encoded_word_with_line_feed", "Facture\ufffd\ufffdBcc: eve@evil.example"),
        ("subject_broken_encoded_word", "=?utf-8?b?%%%?= et la suite"),
        ("subject_character_parted_between_words", "Problème"),
    ],
)
def test_a_subject_is_decoded_and_stays_on_one_line(name: str, subject: str) -> None:
    read_mail = mail(name)
    assert read_mail.subject == subject
    assert read_mail.header("subject") == subject


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=?iso-8859-1?q?caf=E9?=", "café"),
        ("=?utf-8?b?w6k=?= =?utf-8?b?w6g=?=", "éè"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8*fr?q?=C3=A9t=C3=A9?=", "été"),
        ("=?utf-8?q?a?= =?x-bad?b?%?= =?utf-8?q?c?=", "a =?x-bad?b?%?= c"),
        ("=?iso-2022-jp?b?GyRCJDMbKEI=?=", "こ"),
        ("=?koi8-r?q?=F0=D2=C9?=", "При"),
    ],
)
def test_encoded_words_are_decoded_or_shown_as_they_stand(written: str, shown: str) -> None:
    assert decode_words(written) == shown


def test_headers_stay_in_their_order_unfolded() -> None:
    raw = (
        b"Authentication-Results: mx.isybuy.example;\r\n\tdmarc=pass\r\nReceived: from a\r\n by b\r\n"
        b"Authentication-Results: evil.example; dmarc=fail\r\nFrom: a@b.example\r\n\r\nx"
    )
    assert read(raw).headers == (
        ("Authentication-Results", "mx.isybuy.example; dmarc=pass"),
        ("Received", "from a by b"),
        ("Authentication-Results", "evil.example; dmarc=fail"),
        ("From", "a@b.example"),
    )


def test_a_bare_cr_in_a_header_starts_no_new_one() -> None:
    read_mail = read(b"From: a@b.example\r\nSubject: x\rReply-To: eve@evil.example\r\n\r\ny\r\n")
    assert read_mail.reply_to == ()
    assert read_mail.subject == "x\ufffdReply-To: eve@evil.example"


def test_message_ids_lose_their_brackets_and_are_at_most_a_hundred() -> None:
    ids = " ".join(f"<{n}@a>" for n in range(500))
    read_mail = read(f"From: a@b.example\r\nMessage-ID: <x@y>\r\nReferences: {ids} junk\r\n\r\nz".encode())
    assert read_mail.message_id == "x@y"
    assert read_mail.references == tuple(f"{n}@a" for n in range(400, 500))


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("<a@b.example>", ("a@b.example",)),
        ("a@b.example", ("a@b.example",)),
        ("a@b.example <c@d.example>", ("a@b.example", "c@d.example")),
        ("a@b.example, c@d.example", ("a@b.example", "c@d.example")),
        ("<a@b.example><c@d.example>", ("a@b.example", "c@d.example")),
        ("<aaaa\r\n bbb@b.example>", ("aaaabbb@b.example",)),
        ("< a@b.example >", ("a@b.example",)),
        ("<a@b.example", ("a@b.example",)),
        ("<12345>", ("12345",)),
        ("a@b.example <aaaa\r\n bbb@d.example>", ("a@b.example", "aaaabbb@d.example")),
        # RFC 822 allowed a phrase: what it names is no id.
        ('Your message of "Mon, 23 Nov 2026" <a@b.example>', ("a@b.example",)),
        ("Your mail of Monday from alice@client-a.example", ()),
        ("Message from alice@client-a.example of Monday <a@b.example>", ("a@b.example",)),
        ("<Your message of Monday>", ()),
        ("<see alice@client-a.example or bob@client-b.example>", ()),
        ("(none)", ()),
        ("<>", ()),
        ("", ()),
    ],
)
def test_an_id_is_read_with_brackets_or_without_whole_or_folded(field: str, ids: tuple[str, ...]) -> None:
    for name in ("In-Reply-To", "References"):
        read_mail = read(f"From: a@b.example\r\n{name}: {field}\r\n\r\nz".encode())
        assert (read_mail.in_reply_to or read_mail.references) == ids
    assert not ids or read(f"From: a@b.example\r\nMessage-ID: {field}\r\n\r\nz".encode()).message_id == ids[0]


def test_an_impossible_date_is_none() -> None:
    read_mail = mail("date_impossible")
    assert read_mail.date is None
    assert "date-field" in read_mail.defects


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"attachment; filename=plain.pdf", "plain.pdf"),
        (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b"attachment; filename*=UTF-8''%C3%A9t%C3%A9.pdf; filename=x.pdf", "été.pdf"),
        (b"attachment; filename*0=a; filename*2=c; filename*1=b", "abc"),
        (b'attachment; filename="=?utf-8?b?w6k=?=.pdf"', "é.pdf"),
        (b"attachment; filename=\xe9.pdf", "é.pdf"),
        (b"attachment; filename*=unknown-charset''%e9", "é"),
        (b"attachment; ;;; = ; filename", ""),
    ],
)
def test_file_names_are_read_in_all_their_forms(field: bytes, value: str) -> None:
    assert read_mime_field(field).get("filename") == value


def test_the_same_mail_in_another_copy_has_the_same_content_key() -> None:
    raw = (EML / "plain.eml").read_bytes()
    other_way = b"Received: from elsewhere\r\nX-Spam: no\r\n" + raw.replace(
        b"Return-Path: <alice@", b"Return-Path: <other@"
    )
    refolded = raw.replace(b"Subject: Impossible d'exporter", b"Subject: Impossible\r\n d'exporter")
    requoted = raw.replace(b"charset=utf-8", b'CHARSET="UTF-8"')
    assert requoted != raw
    assert len({read(each).content_key for each in (raw, other_way, refolded, requoted)}) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"m1@client-a", b"m2@client-a"),
        (b"From: Alice", b"From: Alicia"),
        (b"09:00:00 +0100\r\nFrom", b"09:00:01 +0100\r\nFrom"),
        (b"To: Support", b"Cc: Support"),
        (b"facture 4711", b"facture 4712"),
        (b"Alice\r\n", b"Alice\r\n\r\n"),
        (b"text/plain", b"application/octet-stream"),
    ],
)
def test_another_mail_has_another_content_key(old: bytes, new: bytes) -> None:
    raw = (EML / "plain.eml").read_bytes()
    changed = raw[::-1].replace(old[::-1], new[::-1], 1)[::-1]
    assert changed != raw
    assert read(raw).content_key != read(changed).content_key


def test_without_a_message_id_the_content_key_still_tells_mails_apart() -> None:
    read_mail = mail("message_id_missing")
    assert read_mail.message_id == ""
    assert len(read_mail.content_key) == 64
    assert read_mail.content_key != mail("plain").content_key


def test_octets_of_a_name_never_become_syntax_or_hide_it() -> None:
    raw = b'From: "\x83\\" <eve@evil.example>\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\nx\r\n'
    assert read(raw).sender is None, "in Shift_JIS the backslash would be half of a letter, and the quote would end"


@pytest.mark.parametrize("path", sorted(EML.glob("*.eml")), ids=lambda path: path.stem)
def test_the_short_way_reads_addresses_and_dates_as_the_library_does(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = path.read_bytes()
    short = read(raw)
    monkeypatch.setattr(parse, "_read_plain", lambda text: None)
    monkeypatch.setattr(parse, "_DATE", re.compile("(?!)"))
    long = read(raw)
    assert (short.sender, short.to, short.cc, short.reply_to, short.date) == (
        long.sender, long.to, long.cc, long.reply_to, long.date
    )  # fmt: skip
