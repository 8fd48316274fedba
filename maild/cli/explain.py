"""`maild explain`: what would become of this message now, and why? Or: why is this ticket as it is?"""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.options import RULES, Json, Observed, Rules


def explain(
    file: Annotated[Path | None, typer.Argument(help="A message, RFC 5322.")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket", metavar="REF", help="Tell the story of a ticket.")] = None,
    mailbox: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where it arrives; default: as its To says.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="The mails that would leave, whole.")] = False,
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
) -> None:
    """Explain a message against the present state, as a dry run; or the decisions on a ticket. Nothing is written."""
    from maild.cli import dry_run, story
    from maild.cli.place import settings_of

    if (file is None) == (ticket is None):
        raise typer.BadParameter("name a message, or a ticket with --ticket")
    settings = settings_of(rules, observed=observed)
    if ticket is not None:
        story.tell(ticket, settings, as_json=as_json)
        return
    assert file is not None
    if mailbox is not None and mailbox not in settings.mailboxes:
        raise typer.BadParameter(f"'{mailbox}' is no mailbox of the rules file; one of {', '.join(settings.mailboxes)}")
    dry_run.explain(file, settings, mailbox, full=full, as_json=as_json)
