"""The report by mail: when is the next one due, of which time does it tell, and what does it say?

Pure; the sweeper asks, reads the figures and applies. One a period and reader by its unique key, whatever the clock or
a restart does.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zlib import crc32

from maild.effects import Effect, EndTimer, MoveTimer, QueueMail, StartTimer
from maild.errors import Temporary
from maild.mail import Address, Attachment, address_key
from maild.plan import letters
from maild.plan.figures import Figures, Summary
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.report_words import length, report_words, share
from maild.settings import Report, Settings
from maild.settings.values import DAYS
from maild.sla.calendar import calendar_of
from maild.ticket import DueTimer
from maild.writing.tables import Cell, Table
from maild.writing.wording import word

REPORT = "report"  # policy of timers that belong to no ticket: their number is 0
MOST_SHOWN = 12  # groups in a mail; the file has all
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_LOOK_BACK = 9  # periods: of those before a long closure some may be due at its end
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


def upcoming(settings: Settings, now: datetime) -> list[StartTimer]:
    """A timer for each report up to the next one: the round names the day on which its time ends."""
    found = []
    for name, report in settings.reports.items():
        for ends, due in _dues(settings, report, now):
            found.append(StartTimer(0, REPORT, step_of(name, report), ends.toordinal(), due))
            if ends > now.astimezone(settings.site.zone).date():
                break
    return [timer for timer in found if timer.due_at > now]


def step_of(name: str, report: Report) -> int:
    """Names a report with its timetable in its timers: by another one, it is due anew."""
    return crc32(f"{name}:{report.every}:{report.on}:{report.at}".encode()) & 0x7FFFFFFF


def named(settings: Settings, step: int) -> tuple[str, Report] | None:
    """The report that a timer belongs to, if the rules still have it so."""
    return next(((name, one) for name, one in settings.reports.items() if step_of(name, one) == step), None)


def period(settings: Settings, report: Report, round_: int) -> tuple[datetime, datetime]:
    """The last whole week, from Monday, or month before that day."""
    day = date.fromordinal(round_)
    ends = day.replace(day=1) if report.every == "month" else day - day.weekday() * _DAY
    begins = (ends - _DAY).replace(day=1) if report.every == "month" else ends - _WEEK
    zone = settings.site.zone
    return datetime.combine(begins, time(), zone), datetime.combine(ends, time(), zone)


def opens_at(settings: Settings, at: datetime) -> datetime:
    """When the desk is open at or after that instant: a report leaves then."""
    return calendar_of(settings).next_open(at)


def _dues(settings: Settings, report: Report, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The days on which it should leave, from some time ago on, each with the instant at which it does."""
    zone = settings.site.zone
    day = _first_day(report, now.astimezone(zone).date())
    while True:
        at = datetime.combine(day, time.fromisoformat(report.at), zone).astimezone(UTC)
        yield day, opens_at(settings, at)
        day = (day.replace(day=1) + 32 * _DAY).replace(day=1) if report.every == "month" else day + _WEEK


def _first_day(report: Report, today: date) -> date:
    if report.every == "week":
        return today - (today.weekday() - DAYS.index(report.on or "mon")) % 7 * _DAY - _LOOK_BACK * _WEEK
    return (today - _LOOK_BACK * 30 * _DAY).replace(day=1)


def fire(desk: Desk, timer: DueTimer, found: Summary | None, now: datetime) -> list[Effect]:
    """What a due timer means. `found`: the figures; None where the desk is closed now, or the rules have the report no
    longer."""
    wanted = named(desk.settings, timer.step)
    if wanted is None:
        return [EndTimer(timer.id, "stale")]
    if (opens := opens_at(desk.settings, now)) > now:
        return [MoveTimer(0, REPORT, timer.step, timer.round, opens)]
    if found is None:
        raise Temporary("a report has fallen due just now: its figures are read next")
    return [EndTimer(timer.id, "fired"), *mails(desk, *wanted, found, now)]


def mails(desk: Desk, name: str, report: Report, found: Summary, now: datetime) -> list[QueueMail]:
    """The report for each of its readers."""
    settings = desk.settings
    first_day, last_day = found.since.astimezone(settings.site.zone), found.until.astimezone(settings.site.zone) - _DAY
    written = []
    for address in report.to:
        person = settings.person(address)
        language = letters.language_for(desk, address, "")
        words = report_words(language)
        file = words["file"].format(day=f"{first_day:%Y-%m-%d}")
        written.append(
            letters.to_address(
                desk,
                "sla_report",
                next(iter(settings.mailboxes)),
                person.address if person else Address(address),
                owed_for=f"sla_report:{name}:{report.every}:{first_day:%Y-%m-%d}:{address_key(address)}",
                now=now,
                automatic=AUTOMATIC,
                language=language,
                values={"tables": tables(settings, found, language), "since": first_day, "last_day": last_day},
                attachments=(Attachment(file, "text/csv", as_csv(settings, found, language)),),
            )
        )
    return written


def tables(settings: Settings, found: Summary, language: str) -> list[Table]:
    """What stands in the mail; a table with nothing in it is left out."""
    words, total = report_words(language), found.total
    volumes = [
        (words["opened"], total.opened),
        (words["ended"], sum(total.ended.values())),
        *((words[reason], number) for reason, number in total.ended.items()),
        (words["reopened"], total.reopened),
        (words["open_now"], total.open_now),
    ]
    made = [Table(words["volumes"], ("",), [(label, [Cell(str(number))]) for label, number in volumes])]
    kept = [(words[t], [_kept(total, t, language)]) for t, k in total.kept.items() if k.percent is not None]
    made.append(Table(words["promises"], ("",), kept))
    if total.response is not None and total.response_open is not None:
        times = [
            (words[kind], [Cell(length(one, language)) for one in (spread.median, spread.ninetieth)])
            for kind, spread in (("in-open-hours", total.response_open), ("elapsed", total.response))
        ]
        made.append(Table(words["response"], (words["median"], words["ninetieth"]), times))
    if said := total.rated.good + total.rated.bad:
        made.append(Table(words["ratings"], ("",), [(words["good"], [_share(total.rated.good, said, language)])]))
    most = max(total.ages, default=0)
    ages = [(words[f"age-{n}"], [Cell(str(number), number / most)]) for n, number in enumerate(total.ages) if most]
    made.append(Table(words["ages"], ("",), ages))
    made += (_grouped(settings, by, groups, language) for by, groups in found.groups.items())
    return [table for table in made if table.rows]


def _grouped(settings: Settings, by: str, groups: Mapping[str, Figures], language: str) -> Table:
    words = report_words(language)
    is_promised = any("first_response" in figures.kept for figures in groups.values())
    heads = [words["group-opened"], words["group-ended"], words["group-open"]]
    rows = []
    most_first = sorted(groups.items(), key=lambda item: -item[1].opened - item[1].open_now)
    for key, figures in most_first[:MOST_SHOWN]:
        cells = [Cell(str(n)) for n in (figures.opened, sum(figures.ended.values()), figures.open_now)]
        cells += [_kept(figures, "first_response", language)] * is_promised
        rows.append((_name(settings, by, key, language), cells))
    left = len(groups) - len(rows)
    note = words["more"].format(n=left) if left else ""
    return Table(words[by], [*heads, *[words["group-kept"]] * is_promised], rows, note=note)


def _kept(figures: Figures, target: str, language: str) -> Cell:
    kept = figures.kept.get(target)
    if kept is None or kept.percent is None:
        return Cell("–")
    return _share(kept.met, kept.met + kept.breached, language)


def _share(part: int, whole: int, language: str) -> Cell:
    told = report_words(language)["share"]
    return Cell(told.format(share=share(part, whole, language), part=part, all=whole), part / whole)


def _name(settings: Settings, by: str, key: str, language: str) -> str:
    if not key:
        return report_words(language)[f"none-{by}"]
    if by == "agent" and (person := settings.person(key)):
        return person.address.name or key
    return word(key, language) if by == "priority" else key


def as_csv(settings: Settings, found: Summary, language: str) -> bytes:
    """All figures, a line for each group, as a spreadsheet of that language opens them."""
    words, targets = report_words(language), list(found.total.kept)
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
    heads = [words["of"], words["name"], *(words[f"group-{what}"] for what in ("opened", "ended"))]
    heads += [words["reopened"].lower(), words["group-open"]]
    heads += [words[which].format(target=words[target].lower()) for target in targets for which in ("met", "breached")]
    heads += [words[f"rated-{what}"] for what in ("good", "bad")]
    heads += [words["minutes"].format(what=words[f"what-{what}"]) for what in ("median", "ninetieth")]
    writer.writerow(heads)
    writer.writerow([words["all"], "", *_numbers(found.total, targets)])
    for by, groups in found.groups.items():
        for key, figures in groups.items():
            name = _name(settings, by, key, language)
            writer.writerow([words[by], f"'{name}" if name.startswith(_FORMULA) else name, *_numbers(figures, targets)])
    return out.getvalue().encode("utf-8-sig")


def _numbers(figures: Figures, targets: Sequence[str]) -> list[int | str]:
    found: list[int | str] = [figures.opened, sum(figures.ended.values()), figures.reopened, figures.open_now]
    for target in targets:
        kept = figures.kept.get(target)
        found += [kept.met, kept.breached] if kept else [0, 0]
    found += [figures.rated.good, figures.rated.bad]
    spread = figures.response_open
    return [
        *found,
        *([round(t / timedelta(minutes=1)) for t in (spread.median, spread.ninetieth)] if spread else ["", ""]),
    ]
