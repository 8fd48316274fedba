"""What is in a winmail.dat? Files with their names, and the text of an Outlook that sent no other (MS-OXTNEF).

Total and within limits; nothing in it is compressed that is looked at. What is broken is read as far as it goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from maild.reading.charset import decode

MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 500  # of the mail, or of one file
MOST_FILES = 100
LONGEST_TEXT = 4_000_000  # octets of one text; in a winmail.dat it is more than half of the time UTF-16

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _TITLE, _DATA, _NEW_FILE, _MAIL, _FILE, _CODE_PAGE = 0x800C, 0x8010, 0x800F, 0x9002, 0x9003, 0x9005, 0x9007
_FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # octets by type
_VARIABLE: Final = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_TEXT, _HTML, _PAGE = 0x1000, 0x1013, 0x3FDE  # properties of the mail
_OBJECT, _SHORT, _LONG, _TYPE, _ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712  # properties of a file
_SAID = frozenset({_SHORT, _LONG, _TYPE, _ID})
_IS_OBJECT, _IS_UNICODE = 0x0D, 0x1F


class _BrokenError(Exception):
    """The octets do not go on as the format wants."""


@dataclass(slots=True)
class File:
    """A file inside; names as they stand, perhaps ''."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What was found. `is_whole`: nothing was left out or broken."""

    text: str = ""
    markup: str = ""
    files: list[File] = field(default_factory=list)
    is_whole: bool = True


def is_tnef(octets: bytes) -> bool:
    """Whether it begins as a winmail.dat does."""
    return octets.startswith(_SIGNATURE)


def unpack(octets: bytes) -> Tnef:
    """Any octets in; what of a TNEF stream is in them comes out."""
    found = Tnef()
    page = ""
    try:
        for count, (kind, data) in enumerate(_attributes(octets)):
            if count > MOST_ATTRIBUTES or len(found.files) > MOST_FILES:
                raise _BrokenError
            if kind == _CODE_PAGE:
                page = f"cp{int.from_bytes(data[:4], 'little')}"
            elif kind == _NEW_FILE:
                found.files.append(File())
            elif kind == _BODY:
                found.text = found.text or _text(data, page)
            elif kind == _MAIL:
                _read_mail(found, data, page)
            elif found.files:
                _read_file(found.files[-1], kind, data, page)
    except _BrokenError:
        found.is_whole = False
    found.files = [file for file in found.files[:MOST_FILES] if file.data or file.name]
    return found


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute's id and data (MS-OXTNEF 2.1.3): level, id, type, length, data, checksum."""
    if not is_tnef(octets):
        raise _BrokenError
    view = memoryview(octets)
    at = 6
    while at + 11 <= len(octets):
        kind, length = _number(view, at + 1) & 0xFFFF, _number(view, at + 5)
        if at + 9 + length > len(octets):
            raise _BrokenError
        yield kind, bytes(view[at + 9 : at + 9 + length])
        at += 11 + length
    if at != len(octets):
        raise _BrokenError


def _read_mail(found: Tnef, data: bytes, page: str) -> None:
    properties = dict(_properties(data))
    if _PAGE in properties:
        page = f"cp{int.from_bytes(properties[_PAGE][1][:4], 'little')}"
    if _TEXT in properties:
        found.text = _text(properties[_TEXT][1], page, properties[_TEXT][0]) or found.text
    if _HTML in properties:
        found.markup = _text(properties[_HTML][1], page, properties[_HTML][0])


def _read_file(file: File, kind: int, data: bytes, page: str) -> None:
    if kind == _TITLE:
        file.name = file.name or _text(data, page)
    elif kind == _DATA:
        file.data = data
    elif kind == _FILE:
        properties = dict(_properties(data))
        names = [
            _text(properties[name][1], page, properties[name][0]) for name in (_LONG, _SHORT) if name in properties
        ]
        file.name = next((name for name in names if name), file.name)
        for name, attribute in ((_TYPE, "content_type"), (_ID, "content_id")):
            if name in properties:
                setattr(file, attribute, _text(properties[name][1], page, properties[name][0]))
        if _OBJECT in properties and not file.data:
            value_type, value = properties[_OBJECT]
            file.data = value[16:] if value_type == _IS_OBJECT else value  # the interface's GUID stands before it


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Each MAPI property's id, and its type with the first of its values (MS-OXTNEF 2.1.3.3.1)."""
    view = memoryview(data)
    count, at = _number(view, 0), 4
    if count > MOST_PROPERTIES:
        raise _BrokenError
    for _ in range(count):
        head = _number(view, at)
        value_type, name, at = head & 0xFFFF, head >> 16, at + 4
        if name >= 0x8000:  # named by a GUID and a number or a text
            is_number = _number(view, at + 16) == 0
            at += 24 if is_number else 24 + _padded(_number(view, at + 20))
        many, value_type = bool(value_type & 0x1000), value_type & ~0x1000
        values = 1
        if many or value_type in _VARIABLE:
            values, at = _number(view, at), at + 4
        if values > MOST_PROPERTIES or (value_type not in _VARIABLE and value_type not in _FIXED):
            raise _BrokenError
        first: bytes | None = None
        for _ in range(values):
            length = _FIXED.get(value_type, 0)
            if not length:
                length, at = _number(view, at), at + 4
            if at + length > len(data):
                raise _BrokenError
            first = bytes(view[at : at + length]) if first is None else first
            at += _padded(length)
        yield name, (value_type, first or b"")


def _number(view: memoryview, at: int) -> int:
    if at + 4 > len(view):
        raise _BrokenError
    return int.from_bytes(view[at : at + 4], "little")


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(octets: bytes, page: str, value_type: int = 0) -> str:
    """A text in the code page of the mail, or in UTF-16, without the NUL that ends it."""
    octets = octets[:LONGEST_TEXT]
    if value_type == _IS_UNICODE:
        return octets.decode("utf-16-le", "replace").rstrip("\0")
    return decode(octets.rstrip(b"\0"), page)
