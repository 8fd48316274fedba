"""`maild preview`: a mail as it would leave, by a template and sample data."""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.codes import BAD_INPUT, DONE
from maild.cli.options import RULES, Json, Rules
from maild.cli.output import note, say, show_fields, show_json


def preview(
    template: Annotated[str, typer.Argument(help="Its name, such as acknowledgement; `all` lists them.")],
    language: Annotated[str, typer.Option(metavar="fr|en", help="Whose reader it is for; default: the desk's.")] = "",
    mailbox: Annotated[str, typer.Option(metavar="NAME", help="From which mailbox, and so of which brand.")] = "",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page there, for a browser.")] = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> int:
    """Show a mail by that template, filled with sample data: the desk's own templates come before the shipped ones."""
    from maild.cli.place import present, settings_of
    from maild.config.desk import open_desk
    from maild.ids import new_key
    from maild.plan.sample import sample_mail
    from maild.rules.finding import hint
    from maild.simulate.look import look
    from maild.threading.token import Key, Keyring
    from maild.writing.render import LANGUAGES

    if language not in ("", *LANGUAGES):
        raise typer.BadParameter(f"'{language}' is not one of {', '.join(LANGUAGES)}")
    settings, now = settings_of(rules), present().now()
    box = mailbox or next(iter(settings.mailboxes))
    if box not in settings.mailboxes:
        raise typer.BadParameter(f"'{box}' is no mailbox of the rules file; one of {', '.join(settings.mailboxes)}")
    desk = open_desk(settings, Keyring("sample", (Key("0", new_key(), now),)), rules)
    names = sorted(set().union(*(desk.renderer_of(settings.mailboxes[box]).names(one) for one in LANGUAGES)))
    if template == "all":
        if as_json:
            show_json(names)
        else:
            say("\n".join(names))
        return DONE
    if template not in names:
        note(f"there is no template '{template}'{hint(template, names)}")
        return BAD_INPUT
    seen = look(sample_mail(desk, template, language or settings.site.language, box, now).data)
    if html is not None:
        html.write_text(seen.html, encoding="utf-8")
    if as_json:
        show_json({"subject": seen.subject, "text": seen.text, "html": seen.html})
        return DONE
    sender, to = (f"{a.name} <{a.address}>".strip() for a in (seen.sender, seen.to[0]))
    show_fields([("From", sender), ("To", to), ("Subject", seen.subject)])
    say()
    say(seen.text)
    return DONE
