"""How long, or until when, is meant by `30d`, `2w` or a day? As scenarios write lengths of time."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

_LENGTH = re.compile(r"([1-9]\d{0,4})([mhdw])")
_UNIT = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def day_or_length_after(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """That much later, days by the clock on the wall; or the end of that day."""
    if match := _LENGTH.fullmatch(text):
        return _moved(now, match, zone, 1)
    return datetime.combine(a_day(text) + timedelta(days=1), time(), zone)


def day_or_length_before(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """That much earlier; or the beginning of that day."""
    if match := _LENGTH.fullmatch(text):
        return _moved(now, match, zone, -1)
    return datetime.combine(a_day(text), time(), zone)


def _moved(now: datetime, match: re.Match[str], zone: ZoneInfo, sign: int) -> datetime:
    length = sign * timedelta(**{_UNIT[match[2]]: int(match[1])})
    return now + length if match[2] in "mh" else now.astimezone(zone) + length


def a_day(text: str) -> date:
    """That day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is neither a length like 15d, 12h or 2w nor a day like 2026-12-24"
        ) from None
