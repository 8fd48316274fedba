"""How does an attached text read with its secrets hidden? Logs, tables, settings, pages, mails; what is no text stays.

A text is what its octets say, whatever its name: no NUL, and letters of UTF-8, UTF-16 or, where it is called a text, of
one octet each. It is written back in the same letters, so that all but the secrets stays octet for octet.
"""

import base64
import binascii
import codecs
import re
from dataclasses import replace

from maild.mail import Attachment
from maild.reading.field_text import shown
from maild.reading.hidden_markup import Look, hidden_markup
from maild.reading.prescan import prescan
from maild.reading.secrets import replaced
from maild.reading.transfer import is_encoded, payload

_TEXTS = re.compile(r"text/|message/|application/(?:json|xml|x-yaml|yaml|toml|sql|javascript|x-sh)|.*\+(?:json|xml)\Z")
_NAMES = re.compile(
    r"(?i).*\.(?:txt|csv|tsv|log|json|ya?ml|ini|conf|cfg|env|properties|xml|html?|eml|sql|md|sh|ps1|bat|reg|toml|pem|key|ppk)\Z"
)
_NO_TEXT = (b"%PDF", b"%!PS", b"{\\rtf", b"GIF8")
_MEDIA = ("image/", "audio/", "video/", "font/")
_SUBJECT = re.compile(rb"(?im)^subject:((?:[^\r\n]|\r?\n[ \t]){1,2000})")
_DEEPEST = 3  # mails within mails that are looked into
_LOOKED_AT = 4_096  # octets that tell whether it may be a text


def hidden_file(file: Attachment, words: str, look: Look) -> Attachment:
    """The attachment with these words in place of each secret, in its name too. `look` finds the secrets of a text."""
    name = _hidden_name(file.filename, words, look)
    data = _hidden(file, words, look)
    return file if name == file.filename and data is file.data else replace(file, filename=name, data=data)


def _hidden_name(name: str, words: str, look: Look) -> str:
    """The ending is no part of a secret; a low line stands for a blank."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = name, "", ""
    return replaced(stem, look(stem.replace("_", " ")).spans, words) + dot + ending


def _hidden(file: Attachment, words: str, look: Look, depth: int = 0) -> bytes:
    data = file.data
    if file.content_type.startswith(_MEDIA) or data.startswith(_NO_TEXT) or depth > _DEEPEST:
        return data
    kind, name = file.content_type.lower(), file.filename.lower()
    if kind == "message/rfc822" or name.endswith(".eml"):
        return _hidden_mail(data, words, look, depth)
    text, codec = _as_text(data, is_named=bool(_TEXTS.match(kind) or _NAMES.match(name)))
    if not codec:
        return data
    if kind in ("text/html", "application/xhtml+xml") or name.endswith((".html", ".htm")):
        found = hidden_markup(text, words, look)
    else:
        found = replaced(text, look(text).spans, words)
    return data if found == text else found.encode(codec, "surrogatepass" if codec.startswith("utf") else "replace")


def _as_text(data: bytes, *, is_named: bool) -> tuple[str, str]:
    """The text and the name of its letters; '' for what is no text."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        codec = "utf-16-le" if data[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
        return data.decode(codec, "surrogatepass" if len(data) % 2 == 0 else "replace"), codec
    if b"\0" in data[:_LOOKED_AT]:
        return "", ""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return (data.decode("latin-1"), "latin-1") if is_named else ("", "")


def _hidden_mail(data: bytes, words: str, look: Look, depth: int) -> bytes:
    """A mail that is attached: each of its encoded parts as an attachment of its own, then what stands in the open."""
    scan = prescan(data)
    octets = scan.octets
    encoded = [part for part in scan.root.walk() if not part.children and is_encoded(part)]
    for part in sorted(encoded, key=lambda part: -part.start):
        found = payload(scan, part)[0]
        name = part.disposition.get("filename") or part.type.get("name")
        new = _hidden(Attachment(name, part.type.value, found), words, look, depth + 1)
        if new != found:
            written = _encoded(new, part.field("content-transfer-encoding"))
            octets = octets[: part.start] + written + octets[part.end :]
    octets = _SUBJECT.sub(lambda match: _subject(match, words, look), octets)
    text, codec = _as_text(octets, is_named=True)
    if codec and (spans := look(text).spans):
        octets = replaced(text, spans, words).encode(codec)
    return data if octets == scan.octets else octets


def _encoded(octets: bytes, encoding: bytes) -> bytes:
    """The octets as the part has them."""
    if b"base64" in encoding.lower():
        return base64.encodebytes(octets).replace(b"\n", b"\r\n")
    return binascii.b2a_qp(octets.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")


def _subject(match: re.Match[bytes], words: str, look: Look) -> bytes:
    text = shown(match[1].strip())
    spans = look(text).spans
    if not spans:
        return match[0]
    encoded = base64.b64encode(replaced(text, spans, words)[:200].encode("utf-8", "replace")).decode("ascii")
    return match[0][:8] + f" =?utf-8?b?{encoded}?=".encode()
