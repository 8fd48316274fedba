"""What of changed rules can't be taken up while maild runs? Where everything is kept, and by what server mail leaves.

Whatever is not named here is taken up at once.
"""

from typing import Any

from maild.errors import Problem
from maild.settings import Settings, Smtp


def in_force(started: Settings, fresh: Settings) -> tuple[Settings, tuple[str, ...]]:
    """The settings of `fresh` as far as they can be taken up now, the others as maild was started with; and the keys
    that wait for a restart, as they are written in the file."""
    parts: dict[str, Any] = {}
    waiting: list[str] = []
    if fresh.site.key != started.site.key:
        parts["site"] = fresh.site.model_copy(update={"key": started.site.key})
        waiting.append("site.key")
    if fresh.store != started.store:
        parts["store"] = started.store
        waiting += _changed("store", started.store, fresh.store)
    smtp, keys = _smtp(started.smtp, fresh.smtp)
    if smtp != fresh.smtp:
        parts["smtp"] = smtp
    waiting += keys
    boxes = dict(fresh.mailboxes)
    for name, box in started.mailboxes.items():
        if name not in boxes:  # there are tickets in it
            boxes[name] = box
            waiting.append(f"mailboxes.{name}")
        elif boxes[name].imap is None and box.imap is not None:
            boxes[name] = boxes[name].model_copy(update={"imap": box.imap})
            waiting.append(f"mailboxes.{name}.imap")
    if boxes != fresh.mailboxes:
        parts["mailboxes"] = boxes
    return (fresh.with_parts(parts, fresh) if parts else fresh), tuple(waiting)


def unreadable_mailboxes(started: Settings, settings: Settings, file: str) -> list[Problem]:
    """New mailboxes from which no mail can be fetched, at a desk that fetches mail."""
    if any(box.imap is None for box in started.mailboxes.values()):
        return []
    names = [name for name, box in settings.mailboxes.items() if box.imap is None]
    what = "`maild run` needs an `imap:` in each mailbox; there is none in"
    return [Problem(file, 1, 1, "error", f"{what} {', '.join(names)}")] if names else []


def _smtp(old: Smtp | None, new: Smtp | None) -> tuple[Smtp | None, list[str]]:
    """The server stays; to whom mail may leave does not."""
    if old is None or new is None:
        return old, ["smtp"] if old != new else []
    kept = old.model_copy(update={"send_only_to": new.send_only_to})
    return kept, _changed("smtp", kept, new)


def _changed(block: str, old: Any, new: Any) -> list[str]:
    fields = type(old).model_fields
    return [f"{block}.{name}" for name in fields if getattr(old, name) != getattr(new, name)]
