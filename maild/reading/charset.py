"""Which characters do these octets mean? The declared charset, UTF-8, a hint, cp1252: never an exception.

What comes out can be kept by any database: no NUL, no other C0 control but line feed and tab, no lone surrogate.
"""

import codecs
import re
from functools import lru_cache

# Codecs that are no charset of mail, or that raise what their callers do not expect.
_NEVER = frozenset(
    {
        *("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"),
        *(
            "cp037",
            "cp1026",
            "cp1140",
            "cp273",
            "cp424",
            "cp500",
            "cp875",
        ),  # EBCDIC: what bears its name was translated
    }
)

# What mail programs mean by these names: the superset that their users type in (WHATWG Encoding says the same).
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode": "utf-16",
    "utf8mb4": "utf-8",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "windows-936": "gb18030",
    "x-mac-cyrillic": "mac_cyrillic",
}
_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ibm|dos|ms)[-_]?(\d{3,5})")
# Charsets of one octet a character: what is right as UTF-8 is next to never a text in one of them.
_SINGLE = frozenset({*(f"iso8859-{n}" for n in range(1, 17)), *(f"cp{n}" for n in range(1250, 1259))})
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of order: they say more than any declaration (WHATWG Encoding, section 6)
_SEVEN_BITS = frozenset({"iso2022_jp_ext", "iso2022_kr", "hz"})
_MULTIBYTE = _SEVEN_BITS | {"utf-8", "cp932", "euc_jp", "gb18030", "cp950", "big5hkscs", "cp949"}
_NOT_ASCII = _WIDE | _SEVEN_BITS | {"utf-7"}  # in these a mere hint would make other text of ASCII
_ASCII_WITHIN = frozenset({"cp932", "gb18030", "cp950", "big5hkscs", "cp949"})  # octets of ASCII inside a character
# Programs declare one charset of Japan and write another.
_SIBLINGS = {
    "iso2022_jp_ext": ("cp932", "euc_jp"),
    "cp932": ("euc_jp", "iso2022_jp_ext"),
    "euc_jp": ("cp932", "iso2022_jp_ext"),
}
_JAPANESE = re.compile(rb"\x1b\$[@B]([^\x1b]*+)(?:\x1b\([BJ])?")
_UPPER = bytes(octet | 0x80 if 0x21 <= octet <= 0x7E else octet for octet in range(256))
_KANA = re.compile("[\u3041-\u30fe]")
_MOST_ESCAPES = 50_000  # in a text of Japan that is tried as EUC too
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSTORABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")
_CONTROLS = {code: "\ufffd" for code in (*range(32), 127) if code not in (9, 10)} | {11: "\n", 12: "\n"}


def decode(octets: bytes, charset: str = "", hint: str = "") -> str:
    """Octets as text; `charset` is the declared name, '' where none was; `hint` one that the mail uses elsewhere.

    Line ends and controls as they come.
    """
    name = _codec(charset)
    if octets.isascii() and b"\x1b" not in octets and (name in _SINGLE or name == "utf-8" or not name):
        return octets.decode("ascii")
    if name in _WIDE or octets[:2] in _MARKS:
        name = _wide(name, octets)
    declared = (name,) if name not in _SINGLE else ("utf-8", name)
    escaped = ("iso2022_jp_ext",) if not name and b"\x1b$" in octets[:100_000] else ()  # of 7 bits, so never told
    hinted = _codec(hint)
    for attempt in (*escaped, *declared, "utf-8", "" if hinted in _NOT_ASCII else hinted):
        if attempt and (text := _strict(octets, attempt)) is not None:
            return text
    for sibling in _SIBLINGS.get(name, ()):
        text = _strict(octets, sibling)
        if text is not None and _KANA.search(text[:10_000]):
            return text
    for attempt in ("utf-8", name):
        text = octets.decode(attempt, "replace") if attempt in _MULTIBYTE else ""
        if text and (attempt in _SEVEN_BITS or _is_mostly_right(text)):
            return text
    return octets.decode("cp1252", "replace")


def keeps_syntax(charset: str) -> bool:
    """Whether octets of ASCII, such as a quote or a backslash, are always themselves in this charset."""
    return _codec(charset) not in _NOT_ASCII | _ASCII_WITHIN


def hides_ascii(charset: str) -> bool:
    """Whether a line feed or a `<` may be written in other octets than its own."""
    return _codec(charset) in _WIDE or _codec(charset) == "utf-7"


def _strict(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        may_be_euc = codec == "iso2022_jp_ext" and octets.count(b"\x1b") <= _MOST_ESCAPES
        return _strict(_in_euc(octets), "euc_jisx0213") if may_be_euc else None


def _in_euc(octets: bytes) -> bytes:
    """ISO-2022-JP as EUC: Windows has characters in row 13, such as circled digits, that only EUC's codec knows."""
    return _JAPANESE.sub(lambda segment: segment[1].translate(_UPPER), octets)


def _wide(name: str, octets: bytes) -> str:
    """UTF-16 or UTF-32 as the octets have it: without a mark of order, the NULs of ordinary text tell it."""
    if b"\0" not in octets:
        return (
            "" if name in _WIDE else name
        )  # no Latin, Greek or Cyrillic text in those forms is free of NUL: the label lies
    if octets[:2] in _MARKS and not name.startswith("utf-32"):
        return "utf-16"
    if name == "utf-16":
        sample = octets[:4_000]
        return "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
    return name


def _is_mostly_right(text: str) -> bool:
    """Whether a few octets alone were wrong in this charset: a text cut in a character, a damaged one."""
    wrong = text.count("\ufffd")
    return wrong * 4 <= len(text) - len(text.encode("ascii", "ignore")) - wrong


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    if not _NAME.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError, ImportError):
        page = _CODE_PAGE.fullmatch(name)
        return _codec(f"cp{page[1]}") if page and name != f"cp{page[1]}" else ""
    return "" if found in _NEVER else _MEANT.get(found, found)


def storable(text: str) -> str:
    """Text with line ends as LF, and U+FFFD for what no database takes: C0 controls, DEL and lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text.translate(_CONTROLS)) if _UNSTORABLE.search(text) else text


def storable_line(text: str) -> str:
    """The same for a value of one line: whatever would break it becomes U+FFFD (RFC 2047 section 5, CVE-2024-6923)."""
    if text.isprintable():
        return text
    text = text.replace("\t", " ").translate(_CONTROLS | {10: "\ufffd", 11: "\ufffd", 12: "\ufffd"})
    return (
        _SURROGATE.sub("\ufffd", text).replace("\u2028", "\ufffd").replace("\u2029", "\ufffd").replace("\x85", "\ufffd")
    )
