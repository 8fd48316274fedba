"""What may stand for a value in rules.yaml: texts, addresses, hosts, paths, times; what is wrong is told in words."""

import re
import unicodedata
from datetime import date
from ipaddress import IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)


class Strict(BaseModel):
    """No unknown keys, no changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _a_text(value: str) -> str:
    """One line with something on it: control characters would break headers and logs."""
    if not value.strip():
        raise ValueError("an empty text")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value):
        raise ValueError("a line break or another control character in a text of one line")
    return value


def _a_text_or_nothing(value: str) -> str:
    return _a_text(value) if value else value


def _some_lines(value: str) -> str:
    """Lines with something on the first: a signature."""
    lines = [line.rstrip() for line in value.strip("\n").split("\n")]
    for line in filter(None, lines):
        _a_text(line)
    if not lines[0]:
        raise ValueError("an empty text")
    return "\n".join(lines)


def _an_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+", _a_text(value)):
        raise ValueError(f"'{value}' is not a mail address; write it like support@example.com")
    return value


def an_address(value: str) -> str:
    """The address, or ValueError in words for whoever wrote it."""
    return _an_address(value)


def an_address_or_domain(value: str) -> str:
    """The same, of either."""
    return _an_address_or_domain(value)


def _a_domain(value: str) -> str:
    if not re.fullmatch(r"\.?[^\W_][^@\s<>,;:*\"()\[\]\\]*", _a_text(value)) or ".." in value:
        raise ValueError(f"'{value}' is not a domain; write it like example.com, or .example.com for all below it")
    return value


def _an_address_or_domain(value: str) -> str:
    return _an_address(value) if "@" in value else _a_domain(value)


def _a_host(value: str) -> str:
    if re.fullmatch(r"[^\W_]([\w.-]*\w)?\.?", value) and ".." not in value:
        return value
    try:
        return str(IPv6Address(value))
    except ValueError:
        raise ValueError(
            f"'{value}' is not the name of a host; write it like imap.example.com, and a port under the key port"
        ) from None


def _a_path(value: Path) -> Path:
    text = str(value)
    if text == ".":
        raise ValueError("an empty path")
    if text.startswith("~"):
        raise ValueError("'~' is not replaced here; write the whole path, or one relative to the folder of this file")
    _a_text(text)
    return value


def _a_prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,8}", value):
        raise ValueError(f"'{value}' can't start a reference; write one to eight capital letters, like ISY")
    return value


def _a_delimiter(value: str) -> str:
    if value != "none" and not re.fullmatch(r"[+\-_=.]", value):
        raise ValueError(f"'{value}' is not a delimiter; write one of + - _ = . or none, in quotes")
    return value


def a_variable(value: str) -> str:
    """The name of an environment variable, or ValueError."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):  # the value is not repeated: it may be the secret itself
        raise ValueError("not the name of a variable; the secret itself must not stand in this file")
    return value


def a_credential(value: str) -> str:
    """The name of a credential of systemd, or ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*", value):
        raise ValueError("not the name of a credential; the secret itself must not stand in this file")
    return value


def _a_beginning(value: str) -> str:
    if value not in ("now", "all"):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValueError(f"'{value}' is no beginning; write now, all, or a day like 2026-11-01") from None
    return value


def _a_timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # unknown, a path out of the folder, a folder
        raise ValueError(f"'{value}' is not a time zone; write it like Europe/Paris") from None


def _a_time(value: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError(f"'{value}' is not a time of day; write it in quotes, like \"08:00\"")
    return value


def _a_day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"'{value}' is no day; write it like 2026-12-24") from None


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_TIMES = re.compile(f"{_CLOCK}-({_CLOCK}|24:00)")


def _some_times(value: str) -> str:
    if not _TIMES.fullmatch(value) or value[:5] == value[6:]:
        raise ValueError(f"'{value}' is no time of day; write it in quotes, like \"18:00-08:00\"")
    return value


def days(value: Any) -> Any:
    """`mon-fri` is short for five days; `sat-mon` goes over the weekend."""
    found: list[Any] = []
    for said in [value] if isinstance(value, str) else value:
        first, dash, last = said.strip().lower().partition("-") if isinstance(said, str) else ("", "", "")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"'{said}' is no day; write mon, tue, wed, thu, fri, sat, sun, or several like mon-fri")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += (DAYS[(start + n) % 7] for n in range((end - start) % 7 + 1))
    return tuple(dict.fromkeys(found))


def in_each_language(value: Any) -> Any:
    """One text for all, or one for each language."""
    return {"fr": value, "en": value} if isinstance(value, str) else value


def _version_1(value: Any) -> Any:
    if type(value) is not int or value != 1:
        raise ValueError("this maild reads version 1 of the file; write: version: 1")
    return value


def _a_header(value: str) -> str:
    if not re.fullmatch(r"[!-9;-~]{1,200}", value):
        raise ValueError(f"'{value}' is not the name of a header; write it without the colon, like X-Spam-Flag")
    return value


def _a_server(value: str) -> str:
    if not re.fullmatch(r"\.?\w([\w.-]*\w)?", value) or ".." in value:
        raise ValueError(f"'{value}' is not the name of a server; write it like mx.example.com, or .example.com")
    return value


def _a_list_name(value: str) -> str:
    if not re.fullmatch(r"[^\s<>,;:\"()\[\]\\]+", _a_text(value)):
        raise ValueError(f"'{value}' names no list; write its address, or what stands in <> in its List-Id")
    return value


def a_list(value: Any) -> Any:
    """A single word may stand where a list of one is meant."""
    return [value] if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_a_text)]
Lines = Annotated[str, AfterValidator(_some_lines)]
MailAddress = Annotated[str, AfterValidator(_an_address)]
Host = Annotated[str, AfterValidator(_a_host)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Number = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
FilePath = Annotated[Path, AfterValidator(_a_path)]
Words = Annotated[tuple[Text, ...], BeforeValidator(a_list), Field(min_length=1)]
Addresses = Annotated[tuple[MailAddress, ...], BeforeValidator(a_list), Field(min_length=1)]
Servers = Annotated[tuple[Annotated[str, AfterValidator(_a_server)], ...], BeforeValidator(a_list)]
Lists = Annotated[tuple[Annotated[str, AfterValidator(_a_list_name)], ...], BeforeValidator(a_list)]
Domain = Annotated[str, AfterValidator(_a_domain)]
Domains = Annotated[tuple[Domain, ...], BeforeValidator(a_list), Field(min_length=1)]
Readers = Annotated[tuple[MailAddress, ...], BeforeValidator(a_list)]
TimeOfDay = Annotated[str, AfterValidator(_a_time)]
Receivers = Annotated[
    tuple[Annotated[str, AfterValidator(_an_address_or_domain)], ...], BeforeValidator(a_list), Field(min_length=1)
]
TextOrNothing = Annotated[str, AfterValidator(_a_text_or_nothing)]
Language = Literal["fr", "en"]
Prefix = Annotated[str, AfterValidator(_a_prefix)]
Delimiter = Annotated[str, AfterValidator(_a_delimiter)]
Beginning = Annotated[str, AfterValidator(_a_beginning)]
Timezone = Annotated[str, AfterValidator(_a_timezone)]
HeaderName = Annotated[str, AfterValidator(_a_header)]
Version = Annotated[Literal[1], BeforeValidator(_version_1)]
Tls = Literal["implicit", "starttls", "none"]
Priority = Literal["low", "normal", "high", "critical"]
Level = Literal["low", "medium", "high"]
PRIORITIES, LEVELS = get_args(Priority), get_args(Level)
Times = Annotated[tuple[Annotated[str, AfterValidator(_some_times)], ...], BeforeValidator(a_list), Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_a_day)]
Days = Annotated[tuple[str, ...], BeforeValidator(days), Field(min_length=1)]
LocalText = Annotated[dict[Language, Text], BeforeValidator(in_each_language), Field(min_length=1)]
Provider = Literal["google", "microsoft"]
SpamFilter = Literal["spamassassin", "rspamd", "microsoft", "ovh", "gandi", "ses", "bogofilter"]
