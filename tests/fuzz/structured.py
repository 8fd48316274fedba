"""Mails built by chance from the pieces that mails are made of, each right or a little wrong."""

import base64
import quopri
import random
from email.header import Header

from fuzz.catalogue import CHARSETS
from fuzz.mutations import TOKENS

WORDS = (
    "Bonjour",
    "l'export échoue",
    "écran",
    "请求",
    "請求書",
    "счёт",
    "Merci",
    "a@b.example",
    "https://x.example/?a=b&c=d",
    "\u202e",
    "😀",
    "> cité",
)
LINES = (
    "On Mon, Nov 23, 2026 at 10:11 AM A <a@b.example> wrote:",
    "Le lun. 23 nov. 2026 à 10:11, A <a@b.example> a écrit :",
    "-----Message d'origine-----",
    "De : A\nEnvoyé : lundi\nÀ : B\nObjet : x",
    "---------- Forwarded message ---------",
    "> cité",
    ">> cité",
    "-- ",
    "Envoyé de mon iPhone",
    "— Répondez au-dessus de cette ligne —",
    "This is the mail system at host mx.example.\n\n<a@b.example>: host x said: 550 5.1.1 unknown",
    "begin 644 a.txt\n#86)C\n`\nend",
)
TAGS = (
    "p",
    "div",
    "blockquote",
    "table",
    "tr",
    "td",
    "li",
    "ul",
    "b",
    "span",
    "style",
    "pre",
    "font",
    "o:p",
    "head",
    "title",
)
KINDS = ("mixed", "alternative", "related", "signed", "report", "digest", "encrypted", "x-other", "")
LEAVES = (
    *("text/plain", "text/html", "text/calendar; method=REPLY", "text/x-amp-html", "text/markdown", "text", ""),
    *("image/png", "application/pdf", "application/ms-tnef", "message/rfc822", "message/delivery-status"),
    *("message/disposition-notification", "application/pkcs7-mime", "application/pgp-encrypted", "text/rfc822-headers"),
)
ENCODINGS = ("", "7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "x-nobody")
FIELDS = (
    "Subject",
    "To",
    "Cc",
    "Reply-To",
    "Date",
    "Message-ID",
    "References",
    "In-Reply-To",
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "X-Failed-Recipients",
)


def structured(chance: random.Random) -> bytes:
    """A mail of any shape."""
    end = chance.choice((b"\r\n", b"\r\n", b"\n"))
    fields = [b"From: " + _value(chance) + b" <a@b.example>"] * chance.choice((1, 1, 1, 0, 2))
    fields += [chance.choice(FIELDS).encode() + b": " + _value(chance) for _ in range(chance.randint(0, 8))]
    if chance.random() < 0.2:
        fields.append(b"Return-Path: <>")
    return (b"\n".join(fields) + b"\n" + _part(chance, 0)).replace(b"\n", end)


def _value(chance: random.Random) -> bytes:
    text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, 6)))
    way = chance.randrange(7)
    if way == 0:
        return text.encode()
    if way == 1:
        return text.encode("cp1251", "replace")
    if way == 2:
        return Header(text, "utf-8").encode().encode()
    if way == 3:
        return (
            b"=?"
            + chance.choice(CHARSETS).encode()
            + b"?b?"
            + base64.b64encode(text.encode("utf-8", "replace"))
            + b"?="
        )
    if way == 4:
        return chance.choice(TOKENS).replace(b"\n", b"\n ") + text.encode("ascii", "ignore")
    if way == 5:
        return b"Mon, 23 Nov 2026 09:00:00 +0100"
    return b"<" + chance.randbytes(4).hex().encode() + b"@b.example> " * chance.randint(1, 4)


def _part(chance: random.Random, depth: int) -> bytes:
    if depth < 4 and chance.random() < 0.5:
        mark = chance.choice((b"b", b"b%d" % depth, b"=_x"))
        parts = b"".join(b"--" + mark + b"\n" + _part(chance, depth + 1) + b"\n" for _ in range(chance.randint(0, 4)))
        kind = chance.choice(KINDS).encode()
        more = chance.choice((b"", b"; report-type=delivery-status", b"; charset=koi8-r"))
        return (
            b"Content-Type: multipart/"
            + kind
            + b'; boundary="'
            + mark
            + b'"'
            + more
            + b"\n\n"
            + parts
            + chance.choice((b"--" + mark + b"--", b""))
        )
    leaf = chance.choice(LEAVES)
    charset = chance.choice(("utf-8", "utf-8", "iso-8859-1", chance.choice(CHARSETS)))
    body = (_markup(chance) if "html" in leaf else _text(chance)).encode(
        chance.choice(("utf-8", "cp1252", "utf-16")), "replace"
    )
    encoding = chance.choice(ENCODINGS)
    if chance.random() < 0.9:
        body = (
            base64.encodebytes(body)
            if encoding == "base64"
            else quopri.encodestring(body)
            if encoding[:1] == "q"
            else body
        )
    fields = [f"Content-Type: {leaf}; charset={charset}".encode()] if leaf else []
    fields += [b"Content-Transfer-Encoding: " + encoding.encode()] if encoding else []
    if chance.random() < 0.3:
        fields.append(
            b"Content-Disposition: " + chance.choice((b"attachment", b"inline")) + b"; filename=" + _value(chance)
        )
    return b"\n".join(fields) + b"\n\n" + body


def _text(chance: random.Random) -> str:
    return "\n".join(chance.choice((*LINES, " ".join(chance.sample(WORDS, 3)))) for _ in range(chance.randint(0, 25)))


def _markup(chance: random.Random) -> str:
    pieces = []
    for _ in range(chance.randint(0, 40)):
        tag = chance.choice(TAGS)
        text = chance.choice((*LINES, *WORDS))
        pieces.append(
            chance.choice(
                (
                    f"<{tag}>{text}",
                    f"<{tag} class=gmail_quote style='display:none'>",
                    f"</{tag}>",
                    f"<{tag}>{text}</{tag}>",
                    text,
                    "<br>",
                )
            )
        )
    return "".join(pieces)
