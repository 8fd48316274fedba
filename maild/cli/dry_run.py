"""What would become of a message now? The daemon's own decisions about it, and none of their effects."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from maild.cli.effect_words import in_words
from maild.cli.output import note, one_line, say, show_fields, show_json
from maild.cli.place import desk_of, empty_place, opened, present
from maild.cli.rule_words import gave_way
from maild.config.desk import open_desk
from maild.considering import claimed_by, consider
from maild.deciding import Considered
from maild.decision import Occasion, RuleTrial
from maild.earlier import with_earlier
from maild.effects import OpenTicket, QueueMail, RecordDecision
from maild.errors import BadInput
from maild.ids import new_instance, new_key
from maild.ingest.signatures import SignatureCheck
from maild.judgement import Signatures
from maild.knowledge.shelf import LEAST_FIT
from maild.mail import ParsedMail, domain_of
from maild.plan.letters import Desk, language_for
from maild.plan.suggesting import near, request_of
from maild.reading import read
from maild.reading.hiding import as_shown
from maild.settings import Mailbox, Settings
from maild.store import queries
from maild.store.database import Database
from maild.store.inbound import InboundStore
from maild.store.lines import DecisionLine
from maild.store.story import Earlier
from maild.threading.look_alike import look_alike_of
from maild.threading.token import Key, Keyring

_NEAREST = 5  # articles that are named, whether they fit or not
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def explain(file: Path, settings: Settings, mailbox: str | None, *, full: bool, as_json: bool) -> None:
    """Show verdict, rules, effects and mails of the message in that file. BadInput if the file can't be read."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None
    mail = _read(raw, settings)
    box = mailbox or _mailbox_of(mail, settings)
    with _present_state(settings) as (database, desk):
        now, inbound = present().now(), InboundStore(database, settings.store.files, present())
        number = database.read_now(queries.next_inbound_id)
        held = database.read_now(partial(claimed_by, desk=desk, mail=mail, now=now))
        claimed = _read(database.read_now(partial(inbound.raw_in, inbound_id=held)), settings) if held else None
        signatures = _signatures(raw, mail, settings.mailboxes[box])

        async def read_again(number: int) -> ParsedMail:
            return _read(database.read_now(partial(inbound.raw_in, inbound_id=number)), settings)

        async def attempt(earlier: Earlier) -> Considered:
            return database.read_now(partial(work, earlier=earlier))

        work = partial(
            consider,
            desk=desk,
            inbound_id=number,
            mailbox=box,
            mail=mail,
            now=now,
            claimed=claimed,
            signatures=signatures,
            raw=raw,
        )
        considered = asyncio.run(with_earlier(attempt, read_again))
        copy_of = considered.incoming.facts.duplicate_of
        then = database.read_now(partial(queries.decisions, inbound_id=copy_of)) if copy_of else []
    seen = _json(file, box, considered, then, settings) | {"articles": _articles(desk, considered)}
    if as_json:
        show_json(seen)
    else:
        _show(seen, considered.incoming.mail.subject, full=full)


def _read(raw: bytes, settings: Settings) -> ParsedMail:
    """The mail as the desk reads it."""
    return as_shown(read(raw), settings.secrecy)


def _signatures(raw: bytes, mail: ParsedMail, box: Mailbox) -> Signatures | None:
    """What the own check of signatures finds now, where the mailbox asks for it."""
    if not box.trust.dkim or mail.sender is None:
        return None
    return asyncio.run(SignatureCheck()(raw, domain_of(mail.sender.address)))


def _mailbox_of(mail: ParsedMail, settings: Settings) -> str:
    """The mailbox that it is addressed to, else the first."""
    addresses = [a.address for a in mail.recipients]
    addresses += [value for name in _DELIVERED for value in mail.all_headers(name)]
    names = (settings.mailbox_of(address) for address in addresses)
    return next((name for name in names if name), next(iter(settings.mailboxes)))


@contextmanager
def _present_state(settings: Settings) -> Iterator[tuple[Database, Desk]]:
    """The database and keys of the desk; before its first start an empty one and keys that nobody keeps."""
    if settings.store.database.is_file():
        with opened(settings) as database:
            yield database, desk_of(settings)
        return
    note(f"There is no database {settings.store.database} yet: this is what a first mail would find.")
    with empty_place(settings) as (database, empty):
        ring = Keyring(new_instance(), (Key("0", new_key(), present().now()),))
        yield database, open_desk(empty, ring)


def _json(
    file: Path, mailbox: str, considered: Considered, then: list[DecisionLine], settings: Settings
) -> dict[str, Any]:
    incoming, verdict = considered.incoming, considered.verdict
    mail, asked = incoming.mail, _asked(considered)
    return {
        "file": str(file),
        "mailbox": mailbox,
        "sender": {
            "address": mail.sender.address if mail.sender else None,
            "proof": verdict.proof.value,
            "looks_like": look_alike_of(mail.sender.address, settings) if mail.sender else "",
        },
        "kind": mail.kind.value,
        "references": [
            {
                "carrier": r.candidate.carrier.value,
                "purpose": r.candidate.purpose.name.lower(),
                "written": r.candidate.written,
                "ticket": r.candidate.ticket,
                "valid": r.is_valid,
                "fault": r.fault,
                "given_to": r.participant.address if r.participant else None,
                "counted": r == verdict.reference,
            }
            for r in considered.references
        ],
        "verdict": verdict.name.value,
        "reason": verdict.reason,
        "ticket": verdict.ticket.number if verdict.ticket else None,
        "duplicate_of": incoming.facts.duplicate_of,
        "decided_then": [{"verdict": d.verdict, "reason": d.reason, "rules_version": d.rules_version} for d in then],
        "priority": _priority(considered),
        "rules_asked": bool(asked),
        "rules": [
            {
                "occasion": occasion,
                "rule": t.rule,
                "line": t.line,
                "fired": t.fired,
                "why": t.why,
                "gave_way": list(over.get(t.line, ())),
            }
            for occasion, trials in asked
            for over in [gave_way(trials, settings.rules)]
            for t in trials
        ],
        "effects": [{"kind": type(e).__name__, "what": in_words(e, settings.site.zone)} for e in considered.effects],
        "mails": [
            {"template": m.template, "to": m.recipient, "subject": m.subject, "text": read(m.data).text}
            for m in _mails(considered)
        ],
    }


def _articles(desk: Desk, considered: Considered) -> list[dict[str, Any]]:
    """The articles that came nearest, where the mail opens a ticket that is acknowledged."""
    opened = next((e.ticket for e in considered.effects if isinstance(e, OpenTicket)), None)
    if opened is None or not any(m.template == "acknowledgement" for m in _mails(considered)):
        return []
    mail = considered.incoming.held_mail or considered.incoming.mail
    language = language_for(desk, opened.requester.address, opened.language)
    request, most = request_of(mail, language, considered.incoming.decision), desk.settings.knowledge.most
    return [
        {
            "title": found.article.title,
            "file": found.article.file,
            "fit": round(found.fit, 2),
            "words": found.words,
            "fits": found.fits,
        }
        for found in near(desk, request, max(_NEAREST, most))
    ]


def _priority(considered: Considered) -> dict[str, str] | None:
    """The priority with which the ticket opens, by what it came about, and what its customer asked for."""
    opened = next((e.ticket for e in considered.effects if isinstance(e, OpenTicket)), None)
    decision = considered.incoming.decision
    if opened is None or decision is None:
        return None
    return {"given": decision.priority, "why": decision.why_priority, "asked": opened.asked_priority}


def _asked(considered: Considered) -> list[tuple[str, tuple[RuleTrial, ...]]]:
    """At what the rules were asked, and which of them were tried."""
    decision = considered.incoming.decision
    opened = [(Occasion.OPENED.value, decision.trials)] if decision else []
    later = [e for e in considered.effects if isinstance(e, RecordDecision) and not e.verdict]
    return [*opened, *((e.occasion, e.trials) for e in later)]


def _warning(sender: dict[str, Any]) -> str:
    """'' where the sender's address looks like none of ours."""
    of = sender["looks_like"]
    return f"the address only looks like {of}: {sender['address']!a} is not it" if of else ""


def _mails(considered: Considered) -> list[QueueMail]:
    return [e for e in considered.effects if isinstance(e, QueueMail)]


def _show(seen: dict[str, Any], subject: str, *, full: bool) -> None:
    show_fields(
        [
            ("message", f"{seen['file']}, in {seen['mailbox']}"),
            ("subject", subject),
            ("kind", seen["kind"]),
            ("sender", f"{seen['sender']['address'] or 'nobody who can be told'} (proof: {seen['sender']['proof']})"),
            ("beware", _warning(seen["sender"])),
            ("verdict", f"{seen['verdict']} ({seen['reason']})"),
            ("ticket", seen["ticket"]),
            ("the same as", seen["duplicate_of"] and f"received mail {seen['duplicate_of']}"),
            *(
                ("decided then", f"{d['verdict']} ({d['reason']}), rules {d['rules_version']}")
                for d in seen["decided_then"]
            ),
        ]
    )
    say("\nreferences:")
    for r in seen["references"]:
        state = f"valid, given to {r['given_to']}" if r["valid"] else f"not valid: {r['fault']}"
        purpose = "" if r["purpose"] == "reply" else f" ({r['purpose']})"
        counted = "; this one counts" if r["counted"] else ""
        say(f"  {r['carrier']}{purpose}: {one_line(r['written'])}  ticket {r['ticket']}, {state}{counted}")
    if not seen["references"]:
        say("  none")
    say("\nrules:")
    for t in seen["rules"]:
        fired = "fired" if t["fired"] else "did not fire"
        at = "" if t["occasion"] == Occasion.OPENED else f"{t['occasion']}, "
        say(
            f"  {at}line {t['line']}, {one_line(t['rule'])}: {fired}: {one_line('; '.join((t['why'], *t['gave_way'])))}"
        )
    if not seen["rules_asked"]:
        say("  not asked: none is tried at what this message does")
    if seen["priority"]:
        said = seen["priority"]
        say(
            f"\npriority: {said['given']}, {said['why'] or 'the usual one'}; asked: {one_line(said['asked']) or 'none'}"
        )
    if seen["articles"]:
        say(f"\narticles that come nearest (a known sender is shown those with {LEAST_FIT}, or all of their title):")
    for a in seen["articles"]:
        fits = "fits" if a["fits"] else "does not fit"
        say(f"  {a['fit']:.2f}, {a['words']} of its title and keywords: {one_line(a['title'])}  {a['file']}: {fits}")
    say("\nwhat would become true:")
    for effect in seen["effects"]:
        say(f"  {one_line(effect['what'])}")
    say("\nmails that would leave:")
    for mail in seen["mails"]:
        say(f"  {mail['template']} to {mail['to']}: {one_line(mail['subject'])}")
        if full:
            say("\n".join(f"    | {line}" for line in mail["text"].splitlines()))
    if not seen["mails"]:
        say("  none")
