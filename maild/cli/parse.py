"""`maild parse`: what does maild read in a message? Needs no rules file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.codes import BAD_INPUT, DONE
from maild.cli.options import Json
from maild.cli.output import note, say, show_fields, show_json, show_json_line

if TYPE_CHECKING:
    from maild.mail import ParsedMail


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Messages as files, RFC 5322.")],
    as_json: Json = False,
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="Many files: one JSON line a file, in order.")
    ] = False,
) -> int:
    """Show what maild reads in a message."""
    if json_lines:
        broken = [_line(file) for file in files]
        return BAD_INPUT if any(broken) else DONE
    if len(files) > 1:
        raise typer.BadParameter("more than one file needs --json-lines")
    found, mail = _read(files[0])
    if as_json:
        show_json(found)
    elif mail is None:
        note(f"{files[0]}: {found['error']}")
    else:
        _show(mail)
    return DONE if mail is not None else BAD_INPUT


def _line(file: Path) -> bool:
    """Print the line of a file; whether it could not be read."""
    found, mail = _read(file)
    show_json_line(found)
    return mail is None


def _read(file: Path) -> "tuple[dict[str, Any], ParsedMail | None]":
    """What is printed of a file, and the mail if there is one."""
    from maild.reading import as_json, read

    try:
        raw = file.read_bytes()
    except (OSError, ValueError) as error:
        return {"file": str(file), "error": getattr(error, "strerror", None) or str(error)}, None
    try:
        mail = read(raw)
        return {"file": str(file), **as_json(mail)}, mail
    except Exception as error:  # ours: reading promises not to; the other files still get their lines
        return {"file": str(file), "error": f"maild could not read it: {type(error).__name__}: {error}"}, None


def _show(mail: "ParsedMail") -> None:
    bounce = mail.bounce
    show_fields(
        [
            ("from", f"{mail.sender.name} <{mail.sender.address}>" if mail.sender else "nobody who can be told"),
            ("to", ", ".join(a.address for a in mail.to)),
            ("cc", ", ".join(a.address for a in mail.cc)),
            ("subject", mail.subject),
            ("date", mail.date.isoformat(" ") if mail.date else ""),
            ("message id", mail.message_id),
            ("in reply to", ", ".join(mail.in_reply_to)),
            ("references", ", ".join(mail.references)),
            ("kind", mail.kind.value),
            ("may be answered by a machine", "yes" if mail.auto_respond else "no"),
            ("bounce", f"{bounce.action} {bounce.status} {', '.join(bounce.recipients)}" if bounce else ""),
            ("language", mail.language),
            ("attachments", ", ".join(f"{a.filename} ({a.content_type}, {a.size} octets)" for a in mail.attachments)),
            ("defects", ", ".join(mail.defects)),
        ]
    )
    say(f"\nnewly written{'' if mail.cut_is_sure else ' (the cut is a guess)'}:")
    say(mail.reply_text)
