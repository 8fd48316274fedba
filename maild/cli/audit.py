"""`maild audit`: do the books agree? Received = applied + held + duplicate + kept, and each mail where it should be."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.codes import BAD_CONFIG, DOES_NOT_HOLD, DONE, UNREACHABLE
from maild.cli.options import RULES, Json, Rules
from maild.cli.output import iso, note, say, show_json

if TYPE_CHECKING:
    from maild.auditor import Progress, Report
    from maild.settings import Settings


def audit(
    rules: Rules = RULES,
    as_json: Json = False,
    folder: Annotated[
        bool, typer.Option("--folder", help="Ask the IMAP servers too: each UID of the folders against the rows.")
    ] = False,
) -> int:
    """Compare what was recorded with what is there, beside the running daemon. Exit 1 if there is a difference."""
    import asyncio

    from maild.auditor import Auditor
    from maild.cli.place import opened, present, settings_of
    from maild.cli.running import running

    settings = settings_of(rules)
    with opened(settings) as database:
        is_running = running(settings.store.database) is not None
        auditor = Auditor(settings, database, present(), _Told(settings), is_running=is_running)
        report = asyncio.run(auditor.audit(folders=folder))
    if as_json:
        show_json(_as_json(report, settings))
    else:
        _show(report, list(report.unreachable))
    for name, why in report.unreachable.items():
        note(f"the folders of {name} could not be read: {why}")
    if folder and not _has_secrets(settings):
        note("`maild audit --folder` logs in by itself: set it in this shell too")
        return BAD_CONFIG
    if report.unreachable:
        return UNREACHABLE
    return DOES_NOT_HOLD if report.differences else DONE


def _has_secrets(settings: "Settings") -> bool:
    """Whether this process can log in as the daemon does."""
    from maild.config.credentials import secret
    from maild.errors import BadConfig

    try:
        for box in settings.mailboxes.values():
            if box.imap is not None:
                secret(box.imap.password)
    except BadConfig:
        return False
    return True


class _Told:
    """What the daemon says of a mailbox, asked anew each time."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings

    def __call__(self, name: str) -> "Progress | None":
        from maild.auditor import Progress
        from maild.cli.running import running

        daemon = running(self._settings.store.database)
        box = (daemon.get("mailboxes") or {}).get(name) if daemon else None
        if not isinstance(box, dict):
            return None
        swept = box.get("last_sweep")
        return Progress(box.get("state") == "sweeping", datetime.fromisoformat(swept) if swept else None)


def _show(report: "Report", unread: list[str]) -> None:
    """For people: the sum, what is worth knowing, each difference."""
    counts = ", ".join(f"{count} {word}" for word, count in report.by_disposition.items())
    say(f"{report.received} mails received: {counts}.")
    for remark in report.notes:
        say(remark)
    for line in report.lines:
        say(line)
    if not report.differences:
        but = f" in the database; the folders of {', '.join(unread)} were not read" if unread else ""
        say(f"no difference{but}")


def _as_json(report: "Report", settings: "Settings") -> dict[str, Any]:
    return {
        "at": iso(report.at, settings.site.zone),
        "received": report.received,
        **report.by_disposition,
        "differences": [
            {"kind": d.kind, "where": d.where, "numbers": list(d.numbers), "what": d.what, "do": d.do}
            for d in report.differences
        ],
        "notes": list(report.notes),
        "unreachable": dict(report.unreachable),
    }
