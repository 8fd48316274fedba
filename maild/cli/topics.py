"""`maild topics`: what do several customers ask for, and how many of them?"""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import iso, local, one_line, say, show_fields, show_json, show_table

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.topic import Asker, Topic

app = typer.Typer(help="Topics: what several tickets are about.", no_args_is_help=True)


@app.command("list")
def list_(rules: Rules = RULES, as_json: Json = False) -> None:
    """List topics, with how many people and organisations ask for each."""
    from maild.cli.place import opened, settings_of
    from maild.store.topics import all_topics, asking_for

    settings = settings_of(rules)
    with opened(settings) as database:
        found = [
            (topic, database.read_now(partial(asking_for, settings=settings, topic=topic.number)))
            for topic in database.read_now(all_topics)
        ]
    if as_json:
        show_json([_json(topic, asking, settings) for topic, asking in found])
    elif not found:
        say("There are no topics yet; an agent opens one with #topic NAME.")
    else:
        show_table(
            ("topic", "requesters", "organisations", "tickets", "importance", "effort", "since"),
            [
                (
                    one_line(topic.name),
                    *map(str, _counts(asking)),
                    str(topic.importance or "-"),
                    str(topic.effort or "-"),
                    local(topic.opened_at, settings.site.zone),
                )
                for topic, asking in found
            ],
        )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Without regard to case and accents.")],
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Show a topic: its weight, its tickets, who asks, what happened to it."""
    from maild.cli.place import opened, settings_of
    from maild.errors import BadInput
    from maild.people.topic_words import topic_key
    from maild.store.topics import all_topics, asking_for, events_of

    settings = settings_of(rules)
    zone, brand = settings.site.zone, settings.site.reference
    with opened(settings) as database:
        topic = next((t for t in database.read_now(all_topics) if t.key == topic_key(name)), None)
        if topic is None:
            raise BadInput(f"there is no topic '{name}'; `maild topics list` shows them")
        asking = database.read_now(partial(asking_for, settings=settings, topic=topic.number))
        events = database.read_now(partial(events_of, topic=topic.number))
    if as_json:
        happened = [
            {"at": iso(e.at, zone), "by": e.by, "text": e.text, "ticket": f"{brand}-{e.ticket}" if e.ticket else None}
            for e in events
        ]
        show_json(_json(topic, asking, settings) | {"events": happened})
        return
    requesters, organisations, _ = _counts(asking)
    show_fields(
        [
            ("topic", topic.name),
            ("importance", str(topic.importance or "")),
            ("effort", str(topic.effort or "")),
            ("requesters", str(requesters)),
            ("organisations", str(organisations)),
            ("since", local(topic.opened_at, zone)),
        ]
    )
    for number, asker in asking.items():
        say(f"  {brand}-{number}  {one_line(asker.person)}{f', {asker.organisation}' if asker.organisation else ''}")
    for event in events:
        say(f"{local(event.at, zone)}  {one_line(event.by)}  {one_line(event.text)}")


def _counts(asking: "dict[int, Asker]") -> tuple[int, int, int]:
    """Requesters, organisations, tickets."""
    from maild.topic import counted

    return (*counted(tuple(asking.values())), len(asking))


def _json(topic: "Topic", asking: "dict[int, Asker]", settings: "Settings") -> dict[str, Any]:
    requesters, organisations, _ = _counts(asking)
    return {
        "number": topic.number,
        "name": topic.name,
        "importance": topic.importance or None,
        "effort": topic.effort or None,
        "requesters": requesters,
        "organisations": organisations,
        "tickets": [f"{settings.site.reference}-{number}" for number in asking],
        "opened_at": iso(topic.opened_at, settings.site.zone),
    }
