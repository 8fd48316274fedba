"""What is live a second after it was saved, by whatever road it came, and what stays as it was until it is right?"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
import structlog
from faults.figures import scaled, shown
from road import ALICE, letter
from standing import CSV, RULES, Standing, standing

from maild.config.reload import LOOK_EACH
from maild.config.watching import is_being_written
from maild.intake import Intake
from maild.judgement import Signatures
from maild.settings import Mailbox, Settings
from maild.store import queries
from maild.store.database import Session
from maild.store.rules_versions import MOST, keep_version, kept_versions

OTHER = RULES.replace("name: Support,", "name: Aide,")
BOX = "    address: support@isybuy.example\n"
TEMPLATE = "Sujet à nous\n\nMerci.\n"


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(tmp_path) as made:
        yield made


def name(files: Standing) -> str:
    return files.desk().settings.site.name


# -- what is live


def box(settings: Settings) -> Mailbox:
    return settings.mailboxes["support"]


def leads_to(address: str) -> Callable[[Settings], object]:
    return lambda settings: settings.mailbox_of(address)


AIDE, VENTES, WEB, OLD = "aide@isybuy.example", "ventes@isybuy.example", "w@isybuy.example", "old@isybuy.example"
ADMIN, SITE = "admin: a", "reference: ISY,"
SEVERAL = "mailboxes:\n"
# The old text, what stands in its place, where it is seen, and as what.
HOT: dict[str, tuple[str, str, Callable[[Settings], object], object]] = {
    "the site's name": ("name: Support,", "name: Aide,", lambda s: s.site.name, "Aide"),
    "the prefix of references": ("ISY", "KAP", lambda s: s.site.reference, "KAP"),
    "how customers answer": (SITE, f"{SITE} replies: link,", lambda s: s.site.replies, "link"),
    "the clock": (SITE, f"{SITE} timezone: Asia/Tokyo,", lambda s: s.site.timezone, "Asia/Tokyo"),
    "an alias": (BOX, f"{BOX}    aliases: [{AIDE}]\n", leads_to(AIDE), "support"),
    "trust": ("mx.isybuy", "mx2.isybuy", lambda s: box(s).trust.authserv_id, "mx2.isybuy.example"),
    "a mailbox's queue": (BOX, f"{BOX}    queue: factures\n", lambda s: box(s).queue, "factures"),
    "forms": (BOX, f"{BOX}    forms: {WEB}\n", lambda s: box(s).forms, (WEB,)),
    "the admin": ("admin: admin@", "admin: autre@", lambda s: s.admin, "autre@isybuy.example"),
    "the alert command": (ADMIN, f"alert_command: [/bin/true]\n{ADMIN}", lambda s: s.alert_command, ("/bin/true",)),
    "held": (ADMIN, f"held: {{digest: '07:30'}}\n{ADMIN}", lambda s: s.held.digest, "07:30"),
    "repeats": (ADMIN, f"repeats: join\n{ADMIN}", lambda s: s.repeats, "join"),
    "limits": (ADMIN, f"limits: {{known_per_day: 7}}\n{ADMIN}", lambda s: s.limits.known_per_day, 7),
    "the old system": (ADMIN, f"legacy: {{to: {OLD}, subjects: OTRS}}\n{ADMIN}", lambda s: s.old_addresses, {OLD}),
    "a mailbox": (SEVERAL, f"{SEVERAL}  ventes: {{address: {VENTES}}}\n", leads_to(VENTES), "ventes"),
}


@pytest.mark.parametrize("what", HOT)
async def test_whatever_can_be_taken_up_is_live_without_a_restart(files: Standing, what: str) -> None:
    old, new, seen, expected = HOT[what]
    assert seen(files.desk().settings) != expected
    files.write("rules.yaml", RULES.replace(old, new))
    await files.looks()
    assert seen(files.desk().settings) == expected
    assert (await files.told(), files.changes) == ([], ["changed"])


async def test_a_template_is_live_when_it_is_saved_when_it_is_changed_and_when_it_is_gone(files: Standing) -> None:
    subjects: list[str] = []
    for change in (
        lambda: files.write("templates/fr/acknowledgement.txt", TEMPLATE),
        lambda: files.write("templates/fr/acknowledgement.txt", TEMPLATE.replace("à nous", "changé")),
        lambda: shutil.rmtree(files.folder / "templates"),
    ):
        before = files.desk.standing.version
        change()
        await files.looks()
        assert files.desk.standing.version != before, "another template is another version"
        await files.road.receive(letter(ALICE, f"Bonjour {len(subjects)}", subject=f"Panne {len(subjects)}"))
        subjects.append((await files.road.last(ALICE))["Subject"].partition(" [")[0])
    assert subjects[:2] == ["Re: Sujet à nous", "Re: Sujet changé"]
    assert "Sujet" not in subjects[2]


BROKEN = {
    "no template": b"Sujet\n\n{% if %}\n",
    "no UTF-8": "Sujet\n\né\n".encode("latin-1"),
    "no subject": b"",
    "a value that nobody gives": b"Sujet\n\n{{ ticket.nothing }}\n",
    "an unknown link": b"Sujet\n\n{{ links.nowhere }}\n",
}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_broken_template_leaves_the_last_good_one_at_work_and_is_told_with_its_line(
    files: Standing, how: str
) -> None:
    """C07."""
    files.write("templates/fr/acknowledgement.txt", TEMPLATE)
    await files.looks()
    files.write("templates/fr/acknowledgement.txt", BROKEN[how])
    files.write("rules.yaml", OTHER)
    await files.looks()
    [said] = await files.told()
    assert said.startswith(f"{files.folder}/templates/fr/acknowledgement.txt:{3 if b'{' in BROKEN[how] else 1}:")
    assert name(files) == "Support", "all or nothing"
    met = await files.road.receive(letter(ALICE))
    subject = (await files.road.last(ALICE))["Subject"]
    shown("c07", how, templates=1, failed=int(met.verdict != "new_ticket" or "Sujet à nous" not in subject))
    assert met.verdict == "new_ticket" and subject.startswith("Re: Sujet à nous")
    assert files.desk().renderer.failures == {}
    files.write("templates/fr/acknowledgement.txt", TEMPLATE)
    await files.looks()
    assert (await files.told(), name(files)) == ([], "Aide")


async def test_only_what_has_changed_is_compiled_again(files: Standing) -> None:
    shipped = files.desk().renderer
    files.write("rules.yaml", OTHER)
    await files.looks()
    assert files.desk().renderer is shipped
    files.write("templates/fr/acknowledgement.txt", TEMPLATE)
    await files.looks()
    here = files.desk().renderer._templates
    others = {key for key, made in here.items() if made is not shipped._templates[key]}
    assert others == {("fr", "acknowledgement")}


# -- by whatever road


def turned_round(files: Standing) -> None:
    """As a config map of Kubernetes: the names are links through ..data, a link too, which is turned round at once."""
    for version, text in (("..one", RULES), ("..two", OTHER)):
        files.write(f"{version}/rules.yaml", text)
        files.write(f"{version}/customers.csv", CSV)
    (files.folder / "..data").symlink_to("..one")
    for path in ("rules.yaml", "customers.csv"):
        (files.folder / path).unlink()
        (files.folder / path).symlink_to(f"..data/{path}")
    (files.folder / "..new").symlink_to("..two")
    os.replace(files.folder / "..new", files.folder / "..data")


def with_the_old_times(files: Standing) -> None:
    """As cp -p, tar or rsync --times write, and here of the same size."""
    before = files.rules.stat()
    files.write("rules.yaml", RULES.replace("name: Support,", "name: Soutien").replace("Soutien", "Soutie,"))
    files.write("rules.yaml", OTHER.replace("name: Aide,", "name: Aide   ,"))
    os.utime(files.rules, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (files.rules.stat().st_size, files.rules.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def by_a_backup_and_a_new_file(files: Standing) -> None:
    """As vim does."""
    files.rules.rename(files.folder / "rules.yaml~")
    files.write("rules.yaml", OTHER)


ROADS: dict[str, Callable[[Standing], object]] = {
    "written in place": lambda files: files.write("rules.yaml", OTHER),
    "replaced": lambda files: files.replace("rules.yaml", OTHER),
    "by a backup and a new file": by_a_backup_and_a_new_file,
    "a link that is turned round": turned_round,
    "with the old times and size": with_the_old_times,
}


@pytest.mark.parametrize("road", ROADS)
async def test_a_change_is_seen_by_whatever_road_it_comes(files: Standing, road: str) -> None:
    await files.looks()
    ROADS[road](files)
    await files.looks()
    assert name(files) == "Aide"


async def test_two_files_that_belong_together_are_never_of_two_versions(files: Standing) -> None:
    """They change between the reading of the one and of the other: then nothing is taken until all is at rest."""
    turned_round(files)
    files.desk.order()
    await files.desk.look()
    real = files.desk._held
    files.write("..three/rules.yaml", RULES.replace("name: Support,", "name: Trois,"))
    files.write("..three/customers.csv", CSV + "zoe@client-z.example,Zoé\n")
    (files.folder / "..new").symlink_to("..three")

    def held_and_turned() -> object:
        found = real()
        if (files.folder / "..new").is_symlink():
            os.replace(files.folder / "..new", files.folder / "..data")
        return found

    files.write("..two/rules.yaml", OTHER + "repeats: join\n")
    files.desk._held = held_and_turned  # type: ignore[method-assign, assignment]
    files.desk.order()
    assert not await files.desk.look()
    assert files.desk().settings.repeats == "separate", "what was read then is of no version"
    await files.looks()
    assert (name(files), files.desk().settings.person("zoe@client-z.example") is not None) == ("Trois", True)


# -- halves


async def test_a_file_that_somebody_still_writes_is_not_read_however_long_they_pause(files: Standing) -> None:
    """The half of a list of customers is a valid list."""
    path = files.folder / "customers.csv"
    with path.open("a") as writer:
        writer.write("dora@inconnu.example,Dora Blanc\n")
        writer.flush()
        assert is_being_written(path)
        for _ in range(5):
            await files.looks()
            files.desk.order()
        assert (files.changes, await files.told()) == ([], [])
        await files.road.after(seconds=10)
        await files.looks()
        assert [said.partition(": ")[0] for said in await files.told()] == [f"{path}:1:1"]
        assert files.changes == [], "told, and still not read"
        writer.write("emil@inconnu.example,Emil Noir\n")
    await files.looks()
    assert files.changes == ["changed"]
    known = [files.desk().settings.person(f"{who}@inconnu.example") is not None for who in ("dora", "emil")]
    assert known == [True, True]


async def test_a_file_that_is_named_for_the_first_time_is_let_come_to_rest_too(files: Standing) -> None:
    files.write("autres.csv", CSV)
    files.write("rules.yaml", OTHER.replace("customers.csv", "autres.csv"))
    await files.desk.look()
    assert not await files.desk.look(), "nobody has seen before that it lies still"
    files.write("autres.csv", CSV + "dora@inconnu.example,Dora\n")
    assert not await files.desk.look()
    assert await files.desk.look()
    assert files.desk().settings.person("dora@inconnu.example") is not None


def instead(files: Standing, make: Callable[[Path], object]) -> None:
    """Something else in the place of rules.yaml."""
    files.rules.unlink()
    make(files.rules)


BAD: dict[str, Callable[[Standing], object]] = {
    "broken": lambda files: files.write("rules.yaml", RULES.replace("queues:", "queus:")),
    "partial": lambda files: files.write("rules.yaml", RULES[: len(RULES) * 2 // 3]),
    "empty": lambda files: files.write("rules.yaml", ""),
    "huge": lambda files: files.write("rules.yaml", "# x\n" * (10 << 18)),
    "deleted": lambda files: files.rules.unlink(),
    "a folder": lambda files: instead(files, Path.mkdir),
    "a link to nowhere": lambda files: instead(files, lambda path: path.symlink_to("nowhere")),
    "a pipe": lambda files: instead(files, os.mkfifo),
}


@pytest.mark.parametrize("how", BAD)
async def test_a_bad_file_leaves_the_old_rules_is_told_and_taken_up_once_it_is_good(files: Standing, how: str) -> None:
    """C01."""
    before, version = files.desk(), files.desk.standing.version
    BAD[how](files)
    await files.looks()
    standing_now = files.desk.standing
    assert files.desk() is before
    assert (standing_now.version, bool(standing_now.problems)) == (version, True)
    assert standing_now.in_files != version
    assert [said.startswith(f"{files.rules}:") for said in await files.told()][:1] == [True]
    assert files.refusals, "whoever tells the admin is woken at once"
    if files.rules.is_dir():
        files.rules.rmdir()
    files.replace("rules.yaml", OTHER)
    await files.looks()
    assert (await files.told(), name(files)) == ([], "Aide")
    assert files.desk.standing.version == files.desk.standing.in_files != version


async def test_what_others_must_not_read_is_told_before_it_is_used(files: Standing) -> None:
    """C08: the secret of what is new. One that is in use already is told of by whoever uses it."""
    secret = files.write("secret", "s3cret")
    secret.chmod(0o644)
    imap = "imap: {host: imap.example, user: v, password: {file: secret}}"
    files.write("rules.yaml", RULES.replace(BOX, BOX + f"    {imap}\n"))
    await files.looks()
    [said] = await files.told()
    assert f"{files.rules}:6:" in said and "chmod 600" in said and "s3cret" not in said
    secret.chmod(0o600)
    await files.road.after(seconds=5)
    await files.looks()
    assert await files.told() == []
    assert files.desk().settings.mailboxes["support"].imap is not None
    secret.unlink()
    files.write("rules.yaml", OTHER.replace(BOX, BOX + f"    {imap}\n"))
    await files.looks()
    assert (await files.told(), name(files)) == ([], "Aide")


# -- the keys


def revoke(files: Standing) -> Path:
    path = files.folder / "reference.key"
    text = path.read_text()
    path.write_text(text.rstrip("\n") + " revoked\n")
    return path


async def test_a_revoked_key_is_believed_no_longer_and_another_one_signs(files: Standing) -> None:
    """C08. The only one: maild makes another."""
    old = files.desk().ring.newest
    path = revoke(files)
    await files.looks()
    ring = files.desk().ring
    assert ring.fault_of(old.id, files.road.clock.now()) == "revoked-key"
    assert ring.newest.id != old.id and f"key {ring.newest.id} " in path.read_text()
    version = files.desk.standing.version
    await files.looks()
    assert (files.desk().ring, files.desk.standing.version) == (ring, version)


async def test_a_daemon_that_runs_for_long_gets_its_new_key_when_it_is_time(files: Standing) -> None:
    first = files.desk().ring
    await files.road.after(days=91)
    await files.looks()
    assert len(files.desk().ring.keys) == 2 and files.desk().ring.newest != first.newest


@pytest.mark.parametrize("how", ["gone", "garbage", "readable by all", "another installation's"])
async def test_a_key_file_that_is_wrong_leaves_the_old_keys_and_is_told(files: Standing, how: str) -> None:
    """C08. The rules go on being taken up."""
    path, ring = files.folder / "reference.key", files.desk().ring
    good = path.read_text()
    if how == "gone":
        path.unlink()
    elif how == "garbage":
        path.write_text(good + "nonsense\n")
    elif how == "readable by all":
        path.chmod(0o644)
    else:
        path.write_text(good.replace(f"instance {ring.instance}", "instance other"))
    files.write("rules.yaml", OTHER)
    await files.looks()
    assert files.desk().ring == ring
    assert any("reference.key" in said for said in await files.told())
    assert name(files) == "Aide"
    path.write_text(good)
    path.chmod(0o600)
    await files.looks()
    assert (files.desk().ring, await files.told()) == (ring, [])


# -- orders


async def test_an_order_is_carried_out_at_once_and_answered_in_the_log(files: Standing) -> None:
    """SIGHUP."""
    with structlog.testing.capture_logs() as said:
        for text in (OTHER, OTHER, OTHER + "nonsense: 1\n", OTHER + "store: {database: x.db}\n"):
            files.write("rules.yaml", text)
            files.desk.order()
            await files.desk.look()
    assert [line["event"] for line in said] == [
        "rules changed",
        "rules looked at, nothing has changed",
        "rules refused, the old ones stay",
        "some changes need a restart",
        "rules changed",
    ]


async def test_what_was_saved_is_live_within_a_second(files: Standing) -> None:
    """From the saving to the desk that the next mail gets; the daemon's own loop."""
    stop, count, took = asyncio.Event(), scaled(100, least=5), []
    task = asyncio.create_task(files.desk.run(stop))
    for number in range(count):
        await asyncio.sleep(LOOK_EACH * (number % 7) / 7)  # at any moment between two looks
        files.write("rules.yaml", RULES.replace("name: Support,", f"name: Aide {number},"))
        began = time.perf_counter()
        while name(files) != f"Aide {number}":  # noqa: ASYNC110 the desk tells nobody but its own
            await asyncio.sleep(0.002)
        took.append(time.perf_counter() - began)
    stop.set()
    await task
    took.sort()
    p50, longest = (round(took[place] * 1000) for place in (len(took) // 2, -1))
    shown("reload", savings=count, p50_ms=p50, live_after_ms_at_most=longest)
    assert took[len(took) // 2] < 1, "the longest is the machine's: see the figures"


# -- one version a mail


async def test_a_mail_whose_signatures_are_being_checked_is_judged_by_the_rules_that_asked_for_it(
    files: Standing,
) -> None:
    """The check takes seconds; others may stand since."""
    asked = RULES.replace("mx.isybuy.example}", "mx.isybuy.example, dkim: true}")
    files.write("rules.yaml", asked)
    await files.looks()
    version = files.desk.standing.version

    async def checked(raw: bytes, sender: str) -> Signatures:
        files.write("rules.yaml", OTHER)
        files.desk.order()
        await files.desk.look()
        return Signatures((sender,))

    intake = Intake(files.road.database, files.road.inbound, files.desk, files.road.clock, signatures=checked)
    [number] = await files.road.keep(letter(ALICE, proof="none"))
    await intake.drain()
    [decision] = await files.road.database.read(partial(queries.decisions, inbound_id=number))
    assert (decision.rules_version, decision.proof) == (version, "pass")
    assert files.desk.standing.version != version


async def test_the_words_of_the_last_versions_that_decided_are_kept_and_of_no_more(files: Standing) -> None:
    rules = [RULES.replace("name: all", f"name: all {number}") for number in range(MOST + 5)]

    def work(session: Session) -> list[str]:
        for number, text in enumerate([*rules, rules[-1]]):
            keep_version(session.connection(), f"v{min(number, MOST + 4)}", text, files.road.clock.now())
        kept = kept_versions(session, [f"v{number}" for number in range(MOST + 5)])
        assert all(kept[name].text == rules[int(name[1:])] for name in kept)
        return sorted(kept, key=lambda name: int(name[1:]))

    kept = await files.road.database.write(work)
    assert (len(kept), kept[0], kept[-1]) == (MOST, "v5", f"v{MOST + 4}")


SMTP = "smtp: {host: smtp.example, send_only_to: [isybuy.example]}\n"


async def test_to_whom_mail_may_leave_is_live_and_by_what_server_waits_for_a_restart(tmp_path: Path) -> None:
    async with standing(tmp_path, RULES + SMTP) as files:
        files.write("rules.yaml", RULES + SMTP.replace("smtp.example", "other.example").replace("[isybuy", "[client-a"))
        await files.looks()
        smtp = files.desk().settings.smtp
        assert smtp is not None
        assert (smtp.host, smtp.may_send_to(ALICE), smtp.may_send_to("lea@isybuy.example")) == (
            "smtp.example",
            True,
            False,
        )
        assert files.desk.standing.waiting == ("smtp.host",)
        files.write("rules.yaml", RULES + SMTP)
        await files.looks()
        assert list(files.desk.standing.waiting) == []
