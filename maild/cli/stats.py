"""`maild stats`: how much came, how soon was it answered, what was promised and kept, and what is left?"""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.options import RULES, Json, Observed, Rules
from maild.cli.output import iso, local, one_line, say, show_fields, show_json, show_table

if TYPE_CHECKING:
    from maild.plan.figures import Figures, Kept, Rated, Spread, Summary
    from maild.settings import Settings

_ROUND = timedelta(minutes=1)
_AGES = ("less than a day", "1 to 3 days", "3 to 7 days", "7 to 28 days", "more than 28 days")
_NOBODY = {"queue": "no queue", "agent": "nobody", "organisation": "no organisation", "priority": "no priority"}
Since = Annotated[str, typer.Option(metavar="LENGTH|DAY", help="Such as 30d, 12h, 4w, or a day like 2026-11-01.")]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="The last day that counts. Default: up to now.")]
By = Annotated[list[str] | None, typer.Option(help="Also by queue, agent, organisation or priority; may be repeated.")]


def stats(
    since: Since = "30d",
    until: Until = None,
    by: By = None,
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
) -> None:
    """Show volumes, promised times met and breached, times to the first answer, and what is open by age."""
    from maild.cli.place import opened, present, settings_of
    from maild.plan.figures import summary
    from maild.settings.reports import GROUPS
    from maild.store.database import Session
    from maild.store.history import cases_since

    for word in by or ():
        if word not in GROUPS:
            raise typer.BadParameter(f"'{word}' is none of {', '.join(GROUPS)}", param_hint="--by")
    settings = settings_of(rules, observed=observed)
    now = present().now()
    begins, ends = _time(since, until, now, settings)

    def work(session: Session) -> "Summary":
        cases = cases_since(session, settings, begins)
        return summary(settings, cases, begins, ends, now, tuple(dict.fromkeys(by or ())))

    with opened(settings) as database:
        found = database.read_now(work)
    if as_json:
        show_json(_json(found, settings))
    else:
        _show(found, settings)


def _time(since: str, until: str | None, now: datetime, settings: "Settings") -> tuple[datetime, datetime]:
    from maild.cli.spans import a_day, day_or_length_before

    zone = settings.site.zone
    ends = datetime.combine(a_day(until) + timedelta(days=1), time(), zone) if until else now
    begins = day_or_length_before(since, now, zone)
    if begins >= ends:
        raise typer.BadParameter(f"'{since}' is not before the end, {local(ends, zone)}", param_hint="--since")
    return begins, ends


def _json(found: "Summary", settings: "Settings") -> dict[str, Any]:
    zone = settings.site.zone
    return {
        "since": iso(found.since, zone),
        "until": iso(found.until, zone),
        "total": figures_json(found.total),
        "by": {
            name: [{name: key} | figures_json(figures) for key, figures in groups.items()]
            for name, groups in found.groups.items()
        },
    }


def figures_json(figures: "Figures") -> dict[str, Any]:
    """For programs: lengths in seconds."""
    return {
        "opened": figures.opened,
        "ended": dict(figures.ended),
        "reopened": figures.reopened,
        "open_now": figures.open_now,
        "open_by_age": dict(zip(_AGES, figures.ages, strict=True)),
        "promised": {
            target: {"met": k.met, "breached": k.breached, "running": k.running, "percent_met": _percent(k)}
            for target, k in figures.kept.items()
        },
        "ratings": {
            "good": figures.rated.good,
            "bad": figures.rated.bad,
            "percent_good": _percent(figures.rated),
        },
        "minutes_spent": figures.minutes,
        "first_response": {
            "elapsed": _spread_json(figures.response),
            "open_hours": _spread_json(figures.response_open),
        },
    }


def _percent(one: "Kept | Rated") -> float | None:
    return round(one.percent, 1) if one.percent is not None else None


def _spread_json(spread: "Spread | None") -> dict[str, Any] | None:
    if spread is None:
        return None
    median, ninetieth = round(spread.median.total_seconds()), round(spread.ninetieth.total_seconds())
    return {"count": spread.count, "median_seconds": median, "ninetieth_percentile_seconds": ninetieth}


def _show(found: "Summary", settings: "Settings") -> None:
    from maild.plan.spending import in_hours

    zone, total = settings.site.zone, found.total
    say(f"from {local(found.since, zone)} to {local(found.until, zone)}\n")
    ages = ", ".join(f"{words} {number}" for words, number in zip(_AGES, total.ages, strict=True) if number)
    ended = ", ".join(f"{reason} {number}" for reason, number in total.ended.items())
    show_fields(
        [
            ("opened", total.opened),
            ("ended", f"{sum(total.ended.values())}{f' ({ended})' if ended else ''}"),
            ("opened again", total.reopened),
            ("open now", f"{total.open_now}{f' ({ages})' if ages else ''}"),
            ("first answer", _response(total)),
            ("ratings", _rated(total)),
            ("time spent", f"{in_hours(total.minutes)} on those that ended" if total.minutes else ""),
        ]
    )
    if total.kept:
        say()
        rows = [(t.replace("_", " "), k.met, k.breached, _shown(k), k.running) for t, k in total.kept.items()]
        show_table(("promised time", "met", "breached", "kept", "running now"), rows)
    for name, groups in found.groups.items():
        say()
        _show_groups(name, found, settings, groups.items())


def _show_groups(name: str, found: "Summary", settings: "Settings", groups: Any) -> None:
    targets = list(found.total.kept)
    heads = (
        name,
        "opened",
        "ended",
        "open now",
        "median",
        "90 %",
        "good",
        *(target.replace("_", " ") for target in targets),
    )
    rows = [
        (
            one_line(_named(name, key, settings)),
            figures.opened,
            sum(figures.ended.values()),
            figures.open_now,
            _length(figures.response_open.median) if figures.response_open else "-",
            _length(figures.response_open.ninetieth) if figures.response_open else "-",
            _shown(figures.rated),
            *(_of(figures.kept[target]) if target in figures.kept else "-" for target in targets),
        )
        for key, figures in groups
    ]
    show_table(heads, rows)


def _named(name: str, key: str, settings: "Settings") -> str:
    if name == "agent" and (person := settings.person(key)):
        return person.address.name or key
    return key or _NOBODY[name]


def _response(figures: "Figures") -> str:
    if figures.response is None or figures.response_open is None:
        return ""
    elapsed, within = (
        f"median {_length(one.median)}, 9 of 10 within {_length(one.ninetieth)}"
        for one in (figures.response, figures.response_open)
    )
    return f"{figures.response.count}: {elapsed}; in open hours {within}"


def _rated(figures: "Figures") -> str:
    rated = figures.rated
    return f"good {rated.good}, bad {rated.bad} ({_shown(rated)} good)" if rated.percent is not None else ""


def _shown(one: "Kept | Rated") -> str:
    return f"{one.percent:.1f} %" if one.percent is not None else "-"


def _of(kept: "Kept") -> str:
    decided = kept.met + kept.breached
    return f"{_shown(kept)} of {decided}" if decided else "-"


def _length(length: timedelta) -> str:
    minutes = round(length / _ROUND)
    return f"{minutes // 60} h {minutes % 60:02}"
