"""Do the mailboxes, servers, people and queues fit together: is each address somebody's, and only theirs?"""

from collections.abc import Iterator
from ipaddress import ip_address

from maild.mail import address_key
from maild.rules import lint_people
from maild.rules.finding import Finding, Path, Subject, hint
from maild.rules.lint_rules import conditions_of
from maild.settings import Settings


def teams_have_agents(desk: Subject) -> Iterator[Finding]:
    """Queues that nobody empties."""
    teams = {team for agent in desk.settings.people.agents for team in agent.teams}
    for name, queue in desk.settings.queues.items():
        if queue.team is not None and queue.team not in teams:
            what = f"no agent is in the team '{queue.team}': nobody would get the tickets of this queue"
            yield Finding(("queues", name, "team"), what + hint(queue.team, teams), "warning")


def mailboxes_are_apart(desk: Subject) -> Iterator[Finding]:
    """Addresses, accounts and folders that two mailboxes share."""
    settings = desk.settings
    owners: dict[str, str] = {}
    polled: dict[tuple[str, int, str, str], str] = {}
    for name, box in settings.mailboxes.items():
        for path, address in _addresses(name, settings):
            other = owners.setdefault(address_key(address), name)
            reader = settings.mailbox_of(address)
            if other != name or reader != name:
                what = f"'{address}' already leads to the mailbox '{reader or other}'; an address leads to one mailbox"
                yield Finding(path, what)
        if box.imap is None:
            continue
        account = (box.imap.host.casefold(), box.imap.effective_port, box.imap.user)
        key = (*account, _folder(box.imap.folder))
        if (other := polled.setdefault(key, name)) != name:
            what = f"the mailbox '{other}' reads this folder of this account already; name another folder or account"
            yield Finding(("mailboxes", name, "imap"), what)
    filed: dict[tuple[str, int, str, str], tuple[str, str]] = {}
    for name, box in settings.mailboxes.items():
        if box.imap is None:
            continue
        account = (box.imap.host.casefold(), box.imap.effective_port, box.imap.user)
        for kind in ("processed", "held", "duplicates"):
            folder = _folder(getattr(box.imap, kind))
            path = ("mailboxes", name, "imap", kind)
            owner, other = filed.setdefault((*account, folder), (name, kind))
            if (*account, folder) in polled:
                yield Finding(path, f"'{folder}' is read for new mail; what is filed there would be read again")
            elif owner != name:
                what = f"the mailbox '{owner}' files into '{folder}' of this account already, as `{other}`"
                yield Finding(path, f"{what}; name `{kind}: {folder}-{name}`, so that each knows its own mails")
            elif other != kind:
                yield Finding(
                    path, f"`{other}` is the folder '{folder}' too; name another, so that each tells its mails"
                )


def nobody_has_our_address(desk: Subject) -> Iterator[Finding]:
    """People whose mail would come back to us."""
    settings = desk.settings
    people: list[tuple[Path, str]] = [(("admin",), settings.admin)]
    people += [(("people", "agents", i, "address"), a.address) for i, a in enumerate(settings.people.agents)]
    people += [(path, address) for path, address, _ in lint_people.addresses(settings)]
    for path, address in people:
        if (box := settings.mailbox_of(address)) is not None:
            what = (
                f"'{address}' is an address of the mailbox '{box}': maild would write to itself; use a person's address"
            )
            yield Finding(path, what)


def agents_can_be_believed(desk: Subject) -> Iterator[Finding]:
    """Mailboxes by which no agent, or anybody, could write as one."""
    for name, box in desk.settings.mailboxes.items():
        path: Path = ("mailboxes", name, "trust")
        if box.trust.agents == "token":
            what = (
                "`agents: token` takes whoever has an agent's reference for that agent, sender proved or not; "
                "prefer `proof` with a provider or an authserv_id if the mail server checks senders"
            )
            yield Finding((*path, "agents"), what, "warning")
        elif not (box.trust.judge or box.trust.submission):
            what = (
                f"no provider and no authserv_id for '{name}': nobody vouches for senders, so no agent's mail can be "
                "proved and all of them are held; name the server that writes Authentication-Results, see docs/rules.md"
            )
            yield Finding(path, what, "warning")


def passwords_travel_safely(desk: Subject) -> Iterator[Finding]:
    """Servers spoken to without encryption."""
    settings = desk.settings
    servers: list[tuple[Path, str]] = [
        (("mailboxes", name, "imap", "tls"), box.imap.host)
        for name, box in settings.mailboxes.items()
        if box.imap is not None and box.imap.tls == "none"
    ]
    if settings.smtp is not None and settings.smtp.tls == "none":
        servers.append((("smtp", "tls"), settings.smtp.host))
    for path, host in servers:
        if not _is_loopback(host):
            yield Finding(
                path, f"mails and the password go to {host} unencrypted; use `implicit` or `starttls`", "warning"
            )


def mails_leave(desk: Subject) -> Iterator[Finding]:
    """A trial that somebody may have forgotten."""
    smtp = desk.settings.smtp
    if smtp is not None and smtp.send_only_to is not None:
        what = (
            f"a trial: only mail to {', '.join(smtp.send_only_to)} leaves, all other is held; remove this when the "
            "desk is to answer everybody, then `maild outbox retry --held not-in-send-only-to`"
        )
        yield Finding(("smtp", "send_only_to"), what, "warning")


def _folder(name: str) -> str:
    return "INBOX" if name.upper() == "INBOX" else name  # RFC 9051 5.1: INBOX in any case is the same


def _addresses(name: str, settings: Settings) -> list[tuple[Path, str]]:
    box = settings.mailboxes[name]
    aliases: list[tuple[Path, str]] = [(("mailboxes", name, "aliases", i), a) for i, a in enumerate(box.aliases)]
    return [(("mailboxes", name, "address"), box.address), *aliases]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold().rstrip(".") == "localhost"


def brands_exist(desk: Subject) -> Iterator[Finding]:
    """Brands that mailboxes and rules name, and brands that nobody writes to."""
    settings = desk.settings
    named: list[tuple[Path, str]] = [
        (("mailboxes", n, "brand"), b.brand) for n, b in settings.mailboxes.items() if b.brand is not None
    ]
    for path, condition in conditions_of(settings):
        named += [((*path, "brand", n), name) for n, name in enumerate(condition.brand or ())]
    for path, name in named:
        if name not in settings.brands:
            yield Finding(path, f"there is no brand '{name}'{hint(name, settings.brands)}")
    for name in settings.brands.keys() - {box.brand for box in settings.mailboxes.values()}:
        what = f"no mailbox has the brand '{name}', so no mail bears it; give one `brand: {name}`"
        yield Finding(("brands", name), what, "warning")
