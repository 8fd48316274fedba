"""A mail with its secrets hidden: none is left in anything that is shown, and all else about it stays as it was."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from writing_samples import AGENTS, CUSTOMERS, MARKERS, TEMPLATES, variants

from maild.mail import HIDDEN, Address, Attachment, ParsedMail, Secrecy
from maild.reading import hiding, read
from maild.reading.hiding import as_rules_see, as_shown, hidden_mail, hidden_page, hidden_text
from maild.reading.secrets import MOST_LABELS, Secrets, find
from maild.writing.render import Renderer

MASK = HIDDEN["fr"]
RENDERER = Renderer((TEMPLATES,))
EML = sorted((Path(__file__).parents[1] / "fixtures" / "eml").rglob("*.eml"))


def attached(name: str, data: str | bytes, kind: str = "application/octet-stream") -> Attachment:
    file = Attachment(name, kind, data.encode() if isinstance(data, str) else data)
    return hidden_mail(ParsedMail(None, attachments=(file,)), "fr").attachments[0]


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p><b>mdp</b> : <i>Soleil</i></p>", f"<p><b>mdp</b> : <i>{MASK}</i></p>"),
        ("<p>mdp&nbsp;: So<b>leil</b>20<i>24</i>, merci</p>", f"<p>mdp&nbsp;: {MASK}<b></b><i></i>, merci</p>"),
        ("<p>mot de passe<br>Soleil2024</p>", f"<p>mot de passe<br>{MASK}</p>"),
        ("<div>Mot de passe</div><div>Soleil2024</div>", f"<div>Mot de passe</div><div>{MASK}</div>"),
        (
            "<table><tr><td><p>Mot de passe</p></td><td><p>soleil</p></td></tr></table>",
            f"<table><tr><td><p>Mot de passe</p></td><td><p>{MASK}</p></td></tr></table>",
        ),
        (
            "<table><tr><th>Login</th><th>mdp</th></tr><tr><td>marie</td><td>soleil</td></tr></table>",
            f"<table><tr><th>Login</th><th>mdp</th></tr><tr><td>marie</td><td>{MASK}</td></tr></table>",
        ),
        ("<pre>user=a\npassword=soleil\n</pre>", f"<pre>user=a\npassword={MASK}\n</pre>"),
        ("<p>&lt;password&gt;soleil&lt;/password&gt;</p>", f"<p>&lt;password&gt;{MASK}&lt;/password&gt;</p>"),
        ("<p>FR76 3000 6000 <b>0112 3456</b> 7890 189</p>", f"<p>{MASK}<b></b></p>"),
        ('<img alt="mdp : Soleil2024" src="cid:a">', f'<img alt="mdp : {MASK}" src="cid:a">'),
        ('<a href="https://x.example/?token=q7Rk29ZpLm4">x</a>', f'<a href="https://x.example/?token={MASK}">x</a>'),
        ('<a href="mailto:a@x.example?body=mdp%20%3A%20Soleil2024">x</a>', '<a href="mailto:a@x.example">x</a>'),
        ("<!-- mdp=soleil -->x", f"<!-- mdp={MASK} -->x"),
    ],
)
def test_html_shows_none_whatever_tags_part_it(markup: str, seen: str) -> None:
    assert hidden_page(markup, "fr") == seen


@pytest.mark.parametrize(
    "markup",
    [
        "<p>politique de mot de passe&nbsp;: 12 caractères</p>",
        '<a href="mailto:support+1042-1-70a5qehx3yv63@isybuy.example?subject=Ma%20r%C3%A9ponse">x</a>',
        '<p title="mot de passe oublié">a < b &amp; c</p><!-- b --><style>p {color: red}</style>',
        "<p>1 < 2",
        "<",
        "<!--",
        '<p a="',
    ],
)
def test_html_without_one_stays_as_it_is(markup: str) -> None:
    assert hidden_page(markup, "fr") == markup


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", "mot de passe : Soleil2024"),
        ("comptes.csv", "login;mot de passe\r\nmarie;Soleil2024\r\n"),
        ("app.log", "2024-11-30 INFO login password=Soleil2024 ok"),
        ("app.json", '{"password": "Soleil2024"}'),
        ("app.yaml", "db:\n  password: Soleil2024\n"),
        ("app.ini", "[db]\npassword=Soleil2024\n"),
        ("web.xml", '<add key="Password" value="Soleil2024"/>'),
        ("page.html", "<p><b>mdp</b> : Soleil<i>2024</i></p>"),
        ("id_rsa", "-----BEGIN RSA " + "PRIVATE KEY-----\nSoleil2024Soleil2024\n-----END RSA " + "PRIVATE KEY-----\n"),
        ("anciens.txt", "mot de passe de l'été : Soleil2024".encode("latin-1")),
        ("memo.txt", "\ufeffmot de passe : Soleil2024".encode("utf-16-le")),
        ("mdp_Soleil2024.txt", "rien"),
        ("mail.eml", b"Subject: acces\r\n\r\nmdp : Soleil2024\r\n"),
        (
            "mail.eml",
            b"Subject: acces\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes("C'est l'été, mdp : Soleil2024".encode()),
        ),
        ("mail.eml", b"Content-Transfer-Encoding: quoted-printable\r\n\r\nmot de passe =3D Soleil20=\r\n24\r\n"),
        (
            "mail.eml",
            b"Subject: a\r\nContent-Type: application/octet-stream; name=acces.csv\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"login;mdp\r\nmarie;Soleil2024\r\n"),
        ),
        ("mail.eml", b"Subject: =?utf-8?b?" + base64.b64encode(b"mdp : Soleil2024") + b"?=\r\n\r\nrien\r\n"),
    ],
)
def test_an_attached_text_shows_none(name: str, data: str | bytes) -> None:
    seen = attached(name, data)
    shown = seen.data.decode("utf-16" if seen.data.startswith(b"\xff\xfe") else "latin-1") + seen.filename
    if name == "mail.eml":
        mail = read(seen.data)
        shown += mail.text + mail.subject + "".join(file.data.decode() for file in mail.attachments)
        assert MASK in shown.encode("latin-1", "replace").decode("utf-8", "replace") + shown
    assert "Soleil" not in shown
    assert "2024</i>" not in shown
    assert base64.b64encode(b"Soleil2024")[:8] not in seen.data


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("photo.png", b"\x89PNG mdp : Soleil2024", "image/png"),
        ("a.pdf", b"%PDF-1.4 mdp : Soleil2024", "application/pdf"),
        ("a.zip", b"PK\x03\x04\x00 mdp : Soleil2024", "application/zip"),
        ("a.xlsx", b"PK\xff\xfe mdp : Soleil2024", "application/octet-stream"),
        ("politique de mot de passe.txt", b"12 caract\xe8res", "text/plain"),
        ("a.txt", b"\xff\xfe\x00", "text/plain"),
        ("a.csv", b"", "text/csv"),
    ],
)
def test_what_is_no_text_or_holds_none_stays_octet_for_octet(name: str, data: bytes, kind: str) -> None:
    seen = attached(name, data, kind)
    assert (seen.filename, seen.data) == (name, data)


def test_all_that_is_shown_of_a_mail_shows_none() -> None:
    raw = b"\r\n".join(
        [
            b"From: mdp Soleil2024 <a@x.example>",
            b"To: b@y.example",
            b"Subject: mdp : Soleil2024",
            b"X-Note: mdp=Soleil2024",
            b"Message-ID: <Soleil2024@x.example>",
            b"MIME-Version: 1.0",
            b"Content-Type: multipart/mixed; boundary=b",
            b"",
            b"--b",
            b"Content-Type: text/html",
            b"",
            b"<p>Avec <b>Soleil</b>2024 rien ne va.</p>",
            b"--b",
            b"Content-Type: text/plain",
            b'Content-Disposition: attachment; filename="Soleil2024.txt"',
            b"",
            b"Soleil2024",
            b"--b--",
        ]
    )
    mail = hidden_mail(read(raw), "fr")
    assert mail.sender == Address("a@x.example", f"mdp {MASK}")
    shown = [
        mail.subject,
        mail.title,
        mail.text,
        mail.reply_text,
        mail.html or "",
        mail.header("x-note"),
        mail.header("subject"),
    ]
    shown += [file.filename + file.data.decode() for file in mail.attachments]
    assert all(MASK in text and "2024" not in text for text in shown)
    assert mail.message_id == "Soleil2024@x.example"


@pytest.mark.parametrize("path", EML, ids=lambda path: path.name)
def test_whatever_is_asked_about_a_mail_has_the_same_answer(path: Path) -> None:
    """Who, to whom, which thread, which sort: nothing of it is changed, and a second time changes nothing more."""
    mail = read(path.read_bytes())
    seen = hidden_mail(mail, "fr")
    for name in ("to", "cc", "reply_to", "message_id", "in_reply_to", "references", "kind", "content_key", "bounce"):
        assert getattr(seen, name) == getattr(mail, name)
    assert (seen.sender and seen.sender.address) == (mail.sender and mail.sender.address)
    assert hidden_mail(seen, "fr") == seen


def test_one_patience_is_for_the_whole_mail() -> None:
    files = tuple(Attachment(f"{n}.txt", "text/plain", b"mdp : voir ici\n" * MOST_LABELS) for n in range(3))
    seen = hidden_mail(ParsedMail(None, attachments=files), "fr").attachments
    assert seen[0].data == files[0].data
    assert [file.data.decode() for file in seen[1:]] == [MASK, MASK]


@pytest.mark.parametrize("language", sorted(MARKERS))
@pytest.mark.parametrize("template", sorted({*CUSTOMERS, *AGENTS}))
def test_none_of_our_own_words_are_taken_for_a_secret(template: str, language: str) -> None:
    for values in variants(template, language).values():
        mail = RENDERER.render(template, language, values)
        assert hidden_text(mail.subject, language) == mail.subject
        assert hidden_text(mail.text, language) == mail.text
        assert hidden_page(mail.html, language) == mail.html


FOR_RULES = Secrecy("fr", is_for_rules_alone=True)
TOLD = "Bonjour,\nmot de passe : Lune-2025!\nCordialement"


def test_where_only_rules_ask_for_secrets_the_mail_stays_as_it_came_and_the_rules_see_none() -> None:
    mail = as_shown(ParsedMail(None, subject="accès", text=TOLD, reply_text=TOLD, html=f"<p>{TOLD}</p>"), FOR_RULES)
    assert mail.text == TOLD
    seen = as_rules_see(mail, FOR_RULES)
    assert "Lune" not in seen.text + seen.reply_text
    assert seen.text.splitlines()[1] == "mot de passe : [masqué par sécurité]"


def test_the_rules_are_shown_what_the_reader_has_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs time happens where a mail is read, and not while the store waits."""
    mail = as_shown(ParsedMail(None, text=TOLD, reply_text=TOLD), FOR_RULES)
    looked = list[str]()

    def noted(text: str, *rest: Any) -> Secrets:
        looked.append(text)
        return find(text, *rest)

    monkeypatch.setattr(hiding, "find", noted)
    as_rules_see(mail, FOR_RULES)
    assert looked == []
    changed = replace(mail, text=f"{TOLD}\nmdp : Mars-2026!")
    assert "2026" not in as_rules_see(changed, FOR_RULES).text
    assert looked
