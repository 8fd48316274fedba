"""Which characters do these octets mean? The declared charset, then UTF-8, then cp1252: never an exception.

What comes out can be kept by any database: no NUL, no other C0 control but line feed and tab, no lone surrogate.
"""

import codecs
import re

# Codecs that are no charset of mail, or that raise what their callers do not expect.
_NEVER = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})

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
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = {code: "\ufffd" for code in (*range(32), 127) if code not in (9, 10)} | {11: "\n", 12: "\n"}


def decode(octets: bytes, charset: str = "") -> str:
    """Octets as text; `charset` is the declared name, '' where none was. Line ends and controls as they come."""
    name = _codec(charset)
    if name.startswith(("utf-16", "utf-32", "utf_16", "utf_32")) and b"\0" not in octets:
        name = ""  # no Latin, Greek or Cyrillic text in those forms is free of NUL: the label lies
    for attempt in (name, "utf-8", "cp1252"):
        if attempt:
            try:
                return octets.decode(attempt)
            except (UnicodeError, LookupError, ValueError):
                continue
    return octets.decode("cp1252", "replace")


def _codec(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    if not _NAME.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError, ImportError):
        return ""
    return "" if found in _NEVER else _MEANT.get(found, found)


def storable(text: str) -> str:
    """Text with line ends as LF, and U+FFFD for what no database takes: C0 controls, DEL and lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text.translate(_CONTROLS))


def storable_line(text: str) -> str:
    """The same for a value of one line: whatever would break it becomes U+FFFD (RFC 2047 section 5, CVE-2024-6923)."""
    text = text.replace("\t", " ").translate(_CONTROLS | {10: "\ufffd", 11: "\ufffd", 12: "\ufffd"})
    return (
        _SURROGATE.sub("\ufffd", text).replace("\u2028", "\ufffd").replace("\u2029", "\ufffd").replace("\x85", "\ufffd")
    )
