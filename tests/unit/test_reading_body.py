"""Which part is the text, what is attached, and what of the HTML may be shown."""

from pathlib import Path

import pytest

from maild.mail import ParsedMail
from maild.reading import read
from maild.reading.body import unflowed
from maild.reading.charset import decode, storable
from maild.reading.language import language_of
from maild.reading.markup import clean, to_text

EML = Path(__file__).parents[1] / "fixtures" / "eml"


def mail(name: str) -> ParsedMail:
    return read((EML / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("body_cp1252_declared_latin1", "C’est 40 € – merci"),
        ("body_utf8_undeclared", "échoue depuis ce matin"),
        ("body_unknown_charset", "échoue depuis ce matin"),
        ("body_with_nul", "avant\ufffdaprès\ufffd fin"),
        ("body_base64_with_junk", "Bonjour, ça marche"),
        ("body_format_flowed", "Une phrase qui continue ici.\n\n> Une citation qui continue aussi.\n-- \nAlice"),
        ("line_ends_bare_cr", "échoue depuis ce matin.\n\nMerci"),
        ("boundary_missing", "échoue depuis ce matin"),
        ("boundary_never_closed", "échoue depuis ce matin"),
        ("html_only", "Bonjour,\n\nL'export échoue."),
        ("html_nested_too_deep", "Bonjour du fond"),
        ("alternative_with_inline_image", "échoue depuis ce matin"),
    ],
)
def test_the_text_is_found_and_readable(name: str, text: str) -> None:
    assert text in mail(name).text


def test_the_text_of_a_broken_multipart_has_no_mime_in_it() -> None:
    assert "Content-Type" not in mail("boundary_missing").text
    assert "--b" not in mail("boundary_missing").text


def test_an_attached_mail_is_one_attachment_and_its_words_are_not_this_mails() -> None:
    read_mail = mail("nested_mail_with_its_own_reference")
    assert read_mail.text == "Voir le mail joint."
    assert "other@client-b.example" not in read_mail.references
    assert "SECRET" not in read_mail.subject
    assert [(a.filename, a.content_type) for a in read_mail.attachments] == [("message.eml", "message/rfc822")]
    assert b"SECRET" in read_mail.attachments[0].data


@pytest.mark.parametrize(
    ("name", "filename", "size", "inline"),
    [
        ("alternative_with_inline_image", "ecran.png", 8, True),
        ("attachment_name_rfc2231", "relevé de compte.pdf", 5, False),
        ("attachment_name_traversal", "../../etc/passwd", 1, False),
        ("winmail_dat", "winmail.dat", 5, False),
    ],
)
def test_attachments_keep_name_and_octets(name: str, filename: str, size: int, inline: bool) -> None:
    (attachment,) = mail(name).attachments
    assert (attachment.filename, attachment.size, attachment.inline) == (filename, size, inline)


def test_an_inline_image_keeps_its_content_id_and_the_html_points_to_it() -> None:
    read_mail = mail("alternative_with_inline_image")
    assert read_mail.attachments[0].content_id == "ecran@a"
    assert read_mail.html is not None and 'src="cid:ecran@a"' in read_mail.html


def test_html_loses_scripts_and_remote_images() -> None:
    html = mail("html_only").html
    assert html is not None and "échoue" in html and 'src="cid:logo@a"' in html
    for danger in ("script", "alert", "track.example", "style"):
        assert danger not in html


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='javascript:alert(1)'>x</a>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<form action='https://evil.example'><input></form>",
        "<base href='https://evil.example'>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
        "<img srcset='https://evil.example/x.png 1x'>",
        "<table background='https://evil.example/x.png'><tr><td>x</td></tr></table>",
        "<p style='background:url(https://evil.example)'>x</p>",
    ],
)
def test_dangerous_markup_is_inert(markup: str) -> None:
    cleaned = clean(markup)
    assert cleaned is not None
    for danger in ("javascript", "onerror", "alert", "evil.example", "data:"):
        assert danger not in cleaned


def test_html_beyond_the_limits_is_text_only() -> None:
    read_mail = mail("html_nested_too_deep")
    assert read_mail.html is None
    assert "html-limits" in read_mail.defects


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\nb"),
        ("<div>" * 300 + "fond" + "</div>" * 300, "fond"),
        ("<!-- <p>caché</p> --><p>vu</p>", "vu"),
        ("<style>p{}</style>" * 5 + "<div>" * 300 + "fond &eacute;", "fond é"),
        ("<ul><li>un</li><li>deux</li></ul>", "  * un\n  * deux"),
        ("1 < 2 et 3 > 2", "1 < 2 et 3 > 2"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("été".encode(), "utf-8", "été"),
        ("été".encode("latin-1"), "utf-8", "été"),
        ("été".encode(), "", "été"),
        ("été".encode(), "us-ascii", "été"),
        (b"abc", "utf-16", "abc"),
        ("été".encode("utf-16"), "utf-16", "été"),
        (b"x", "idna", "x"),
        (b"x", "undefined", "x"),
        (b"x", "base64", "x"),
        (b"x", "../../etc/passwd", "x"),
        ("こんにちは".encode("iso-2022-jp"), "iso-2022-jp", "こんにちは"),
        ("Příliš".encode("cp1250"), "windows-1250", "Příliš"),
        ("你好".encode("gbk"), "gb2312", "你好"),
    ],
)
def test_octets_become_characters_by_the_ladder(octets: bytes, charset: str, text: str) -> None:
    assert decode(octets, charset) == text


def test_text_that_no_database_takes_is_replaced() -> None:
    assert storable("a\0b\x1bc\ud800d\r\ne\rf\tg") == "a\ufffdb\ufffdc\ufffdd\ne\nf\tg"


def test_flowed_lines_flow_only_at_their_own_depth() -> None:
    assert unflowed("a \nb\n> c \n> d\n>> e \nf\n-- \ng") == "a b\n> c d\n>> e \nf\n-- \ng"
    assert unflowed("a \nb", delete_space=True) == "ab"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, l'export de la facture ne marche pas.", "fr"),
        ("Hello, the export of our invoice does not work.", "en"),
        ("Merci pour votre aide", "fr"),
        ("Thank you for the help", "en"),
        ("Hallo, der Export der Rechnung ist nicht möglich.", ""),
        ("Hola, la exportación de la factura no funciona.", ""),
        ("Buongiorno, il file della fattura non si apre.", ""),
        ("4711", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_or_left_open(text: str, language: str) -> None:
    assert language_of(text) == language
