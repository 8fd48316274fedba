"""Which part is the text, what is attached, and what of the HTML may be shown."""

import base64
import binascii
import tracemalloc
from pathlib import Path

import pytest

from maild.mail import ParsedMail
from maild.reader import is_heavy
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
        ("si x<y alors<br>z", "si x<y alors\nz"),
        ("<b>Jean <jean@client-a.example></b>", "Jean <jean@client-a.example>"),
        ("<a title='a > b'>lien</a>", "lien"),
        ("<img alt='a > b'><p>x", "[a > b]\n\nx"),
        ("<b title=l'export>vu</b> aussi", "vu aussi"),
        ('avant <b title="jamais fermé>après', "avant après"),
        ("<style>jamais fermé <p>vu", "jamais fermé\n\nvu"),
        ("<!-- jamais fermé <p>vu", "<!-- jamais fermé\n\nvu"),
        ("<!-->vu<!--->aussi<!-- a --!>enfin", "vuaussienfin"),
        ("<![if !mso]>vu<![endif]><!--[if mso]><p>caché</p><![endif]-->", "vu"),
        ("<SCRIPT>caché</Script ><p>vu", "vu"),
        ("<template>caché</template>vu", "vu"),
        ("<p>a</p><div>b<br></div><div>c</div>", "a\n\nb\nc"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<p style='margin-top:0;margin-bottom:0'>a</p><p style='margin-top:0;margin-bottom:0'>b</p>", "a\nb"),
        ("<pre>\nun\n  deux\n\ntrois</pre>fin", "un\n  deux\n\ntrois\nfin"),
        ("<div style='white-space:pre-wrap'>un\n  deux</div><div>a\n b</div>", "un\n  deux\na b"),
        ("un&nbsp; &nbsp;deux", "un deux"),
        ("<b>un</b> <i>deux</i>, <u> trois</u>", "un deux, trois"),
        ("<table><tr><td>Nom</td><td><p>Prix</p></td></tr><tr><td>a<td>1</table>fin", "Nom  Prix\na  1\nfin"),
        ("<table><tr><td>un<br>deux</td><td>trois</td></tr></table>", "un\ndeux\ntrois"),
        ("<table><tr><td></td></tr></table><p>a<p>b", "a\n\nb"),
        (
            "<ul><li>un<ul><li>deux</ul><li>trois</ul><ol><li>a<li>b</ol>",
            "  * un\n      + deux\n  * trois\n 1. a\n 2. b",
        ),
        ("<p style='display:none'>caché<p>vu", "vu"),
        ("<p style='display:none'>caché<div>vu</div>", "vu"),
        ("<div><span style=display:none>caché</div>vu", "vu"),
        ("<div style='display:none'><div>caché</div>caché</div>vu", "vu"),
        ("<table><tr><td style='visibility: hidden'>caché<td>vu</table>", "vu"),
        ("<ul><li style='display:none'>caché<li>vu</ul>", "  * vu"),
        ("<div style='max-height:0;overflow:hidden'>caché</div>vu", "vu"),
        ("<div style='max-height:0.5em;overflow:hidden'>vu</div>", "vu"),
        ("<div style='display:none'>seul", "seul"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        '<div style="padding-left:99999em">' * 100 + "<p>x</p>" * 100,
        "<ul>" * 300 + "<li>x" * 300,
        "<blockquote><table><tr><td>x" * 200,
        "<table><tr>" + "<td>x</td>" * 300 + "</tr>" + "<tr><td>y</td></tr>" * 300 + "</table>",
    ],
)
def test_the_text_is_no_longer_than_some_times_its_html(markup: str) -> None:
    assert len(to_text(markup)) < 4 * len(markup)


def deep(start: str, count: int = 9_000) -> str:
    return start * count


@pytest.mark.parametrize(
    "markup",
    [
        deep("<div/>"),
        deep("<div></x>"),
        deep("<span><div></span>"),
        deep("<div><!--</div>-->"),
        deep('<div><b title="</div>">', 6_000),
        deep("<p><b>"),
        deep("<a><p>"),
        "<p>" + deep("<b>", 150) + deep("</p><p>x"),
        "<table>" + deep("<p>x</p>"),
        deep("<table>x"),
    ],
)
def test_html_whose_cleaning_would_cost_too_much_is_text_only(markup: str) -> None:
    assert clean(markup) is None


@pytest.mark.parametrize(
    "markup",
    [
        deep("<p>x"),
        deep("<li>x"),
        deep("<b>x</b>"),
        deep("<table><tr><td>x</table>", 4_000),
        "<div>" * 100 + deep("<p><span>x</span></p>", 4_000),
    ],
)
def test_long_html_is_cleaned(markup: str) -> None:
    cleaned = clean(markup)
    assert cleaned is not None
    assert "x" in cleaned


def test_a_tag_with_many_attributes_keeps_those_that_may_stay() -> None:
    many = " ".join(f"a{n}=1" for n in range(18_000))
    assert clean(f"<td {many} align=left>x</td><img {many} src='cid:a' alt='b'>") == 'x<img src="cid:a" alt="b">'


ALTERNATIVE = """From: a@b.example
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

{plain}
--b
Content-Type: text/html; charset=utf-8

{markup}
--b--
"""
WORDS = "<p>Le serveur est en panne</p>"


@pytest.mark.parametrize(
    ("plain", "markup", "text"),
    [
        (".", WORDS, "Le serveur est en panne"),
        ("\xa0\u200b", WORDS, "Le serveur est en panne"),
        ("-- ", WORDS, "Le serveur est en panne"),
        ("Ce message est en HTML.", WORDS, "Le serveur est en panne"),
        ("Votre messagerie ne lit pas le HTML.", WORDS, "Le serveur est en panne"),
        ("This is a multi-part message in MIME format.", WORDS, "Le serveur est en panne"),
        ("Diese Nachricht ist im HTML-Format.", WORDS, "Le serveur est en panne"),
        ("To view this message, use an HTML viewer", WORDS, "Le serveur est en panne"),
        ("Ouvrez ce message dans un navigateur", WORDS * 30, "Le serveur est en panne"),
        ("Bonjour", "<p>Bonjour</p>" + WORDS * 30, "Le serveur est en panne"),
        ("Le bouton HTML est gris", "<p>Le bouton <b>HTML</b> est gris</p>", "Le bouton HTML est gris"),
        ("Le serveur est en panne", "<p></p>", "Le serveur est en panne"),
        ("Ce message est en HTML.", "<p></p>", "Ce message est en HTML."),
        ("👍", "<p>👍</p>", "👍"),
        ("👍", "<p></p>", "👍"),
        ("Merci", "<p>Merci</p><p>-- <br>Alice Durand, comptable</p>", "Merci"),
    ],
)
def test_a_plain_text_that_says_nothing_gives_way_to_the_html(plain: str, markup: str, text: str) -> None:
    assert text in read(ALTERNATIVE.format(plain=plain, markup=markup).encode()).text


MIXED = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\nContent-Type: text/html\r\n\r\n<p></p>\r\n",
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>&nbsp;</p>\r\n",
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>-- <br>Alice</p>\r\n",
        b"--b\r\n\r\n-- \r\nAlice\r\n",
        b"--b\r\n\r\n\r\n",
    ],
)
@pytest.mark.parametrize("named", [b"text/plain; name=message.txt", b"text/enriched", b"text/markdown"])
def test_a_text_that_bears_a_name_is_the_text_where_no_other_says_a_word(body: bytes, named: bytes) -> None:
    part = b"--b\r\nContent-Type: " + named + b"\r\n\r\nLe serveur est en panne\r\n"
    for raw in (MIXED + body + part + b"--b--\r\n", MIXED + part + body + b"--b--\r\n"):
        assert "Le serveur est en panne" in read(raw).text


@pytest.mark.parametrize("kind", ["text/richtext", "text/xml", "text/x-unknown", "text/enriched", "text/rtf", "text"])
def test_a_mail_that_is_all_text_has_it_as_its_text(kind: str) -> None:
    assert "en panne" in read(f"From: a@b.example\r\nContent-Type: {kind}\r\n\r\nen panne".encode()).text


def test_a_text_beyond_what_is_kept_is_attached_with_a_defect() -> None:
    long = read(b"From: a@b.example\r\nContent-Type: text/plain\r\n\r\n" + b"Une ligne.\r\n" * 800_000)
    assert "text-limits" in long.defects
    assert [a.size for a in long.attachments] == [800_000 * 12]
    assert len(long.text) > 1_800_000


ENCODED = b"From: a@b.example\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: "
OCTETS = bytes(range(256)) * 2_000


@pytest.mark.parametrize("length", [19, 57, 100_000, 1_000_000])
@pytest.mark.parametrize(
    ("end", "between"),
    [
        *((end, between) for end in (b"\n", b"\r\n", b"\r") for between in (b"", b"!", b"=", b"==")),
        *((end, b"This list is for members") for end in (b"\n", b"\r\n")),  # with a bare CR it is no line of its own
    ],
)
def test_base64_gives_its_octets_whatever_stands_between_its_lines(length: int, end: bytes, between: bytes) -> None:
    cut = 249_999 - between.count(b"=")  # so many `=` end what has a length of its own
    parts = [base64.b64encode(piece).rstrip(b"=") for piece in (OCTETS[:cut], OCTETS[cut:])]
    lines = [[part[at : at + length] for at in range(0, len(part), length)] for part in parts]
    coded = end.join([*lines[0], between, *lines[1]])
    assert read(ENCODED + b"base64\r\n\r\n" + coded).attachments[0].data == OCTETS


@pytest.mark.parametrize("soft", [b"=\r\n", b"=\n", b""])
def test_quoted_printable_gives_its_octets_however_long_its_lines_are(soft: bytes) -> None:
    octets = bytes(range(128, 256)) * 2_000
    coded = b"".join(b"=%02X" % octet + (soft if n % 24 == 0 else b"") for n, octet in enumerate(octets))
    assert read(ENCODED + b"quoted-printable\r\n\r\n" + coded).attachments[0].data == octets


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_uuencode_gives_its_octets(end: bytes) -> None:
    lines = [binascii.b2a_uu(OCTETS[at : at + 45]).rstrip(b"\n") for at in range(0, len(OCTETS), 45)]
    coded = end.join([b"begin 644 a.zip", *lines, b"`", b"end", b""])
    assert read(ENCODED + b"x-uuencode\r\n\r\n" + coded).attachments[0].data == OCTETS


@pytest.mark.parametrize("encoding", ["base64", "x-uuencode", "quoted-printable"])
@pytest.mark.parametrize("between", [b"", b"This list is for members\r\n"])
def test_a_large_file_is_decoded_without_another_copy(encoding: str, between: bytes) -> None:
    lines = {
        "base64": [base64.b64encode(OCTETS[at : at + 57]) for at in range(0, len(OCTETS), 57)],
        "x-uuencode": [binascii.b2a_uu(OCTETS[at : at + 45]).rstrip(b"\n") for at in range(0, len(OCTETS), 45)],
        "quoted-printable": [b"Une facture, =C3=A9mise=" for _ in range(20_000)],
    }[encoding] * 4
    half = len(lines) // 2
    if encoding == "base64":
        lines.insert(half, between.strip())
    raw = ENCODED + encoding.encode() + b"\r\n\r\n" + b"\r\n".join(lines)
    tracemalloc.start()
    found = read(raw).attachments[0].size
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found > len(raw) / 2
    assert most < 1.2 * found + 500_000


@pytest.mark.parametrize(
    ("octets", "heavy"),
    [(b"<b>x" * 3_000, True), (b"x\n" * 20_000, True), (b"<b>x" * 1_000, False), (b"Une ligne.\n" * 3_000, False)],
)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_mail_is_heavy_by_what_its_encoding_hides(octets: bytes, heavy: bool, encoding: str) -> None:
    coded = (
        base64.encodebytes(octets) if encoding == "base64" else octets.replace(b"<", b"=3C").replace(b"\n", b"=0A=\n")
    )
    head = f"From: a@b.example\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert is_heavy(head.encode() + coded) == heavy


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_mail_is_heavy_by_its_lines_whatever_ends_them(end: str) -> None:
    head = "From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    assert is_heavy((head + f"De : a{end}" * 13_000).encode())
    assert not is_heavy((head + f"De : a{end}" * 4_000).encode())


@pytest.mark.parametrize("charset", ["utf-7", "UTF7", "unicode-1-1-utf-7", "utf-16", "utf-32-be"])
def test_a_mail_is_heavy_if_its_charset_can_hide_tags(charset: str) -> None:
    part = f"--b\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode()
    hidden = b"+" + base64.b64encode("<b>".encode("utf-16-be") * 10_000) + b"-"
    assert is_heavy(MIXED + b"--b\r\n\r\nBonjour\r\n" + part + hidden)
    assert not is_heavy(MIXED + part + hidden[:1_000])


def test_a_mail_is_heavy_by_the_text_of_a_winmail_dat() -> None:
    text = b"ab\r\n" * 6_000
    tnef = b"\x78\x9f\x3e\x22\0\0\1\x0c\x80\2\0" + len(text).to_bytes(4, "little") + text + b"\0\0"
    for kind in (b"application/ms-tnef", b"application/octet-stream; name=winmail.dat"):
        raw = b"From: a@b.example\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        raw += base64.encodebytes(tnef)
        assert read(raw).text.count("ab") == 6_000
        assert is_heavy(raw)


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
