"""Makes the bytes of each mail that a scenario lets arrive, and says which mailbox gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maild.errors import BadInput
from maild.mail import Address, address_key, domain_of
from maild.simulate.delivery_report import delivery_report
from maild.simulate.expect import role_or_address
from maild.simulate.language import ROLES, Bounce, Mail, Selector, Way
from maild.simulate.look import look
from maild.simulate.mime import Draft, write
from maild.simulate.mua import NoSuchLink, click, forward, judged, new_mail, reply
from maild.simulate.read_mail import parse_address
from maild.simulate.world import SentMail, World

People = Mapping[str, Address]  # whom the roles stand for at present


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that a mailbox of ours (by its name in the rules) gets."""

    raw: bytes
    mailbox: str


class Post:
    """The post office of one run of a scenario: it knows what arrived under which name."""

    def __init__(self, world: World, file: Path, slug: str) -> None:
        self._world, self._file, self._slug = world, file, slug
        self._arrived: dict[str, Arrival] = {}
        self._bounces = 0

    async def compose(self, mail: Mail, line: int, people: People) -> Arrival:
        """The mail as it arrives. Raises BadInput with file and line where it can't come to be."""
        if mail.way is Way.AGAIN and mail.selector is not None:
            arrival = self._arrived[mail.selector.name]
        elif mail.eml is not None:
            arrival = self._whole(mail, mail.eml, line, people)
        else:
            arrival = await self._written(mail, line, people)
        self._arrived[mail.name] = arrival
        return arrival

    async def bounce(self, bounce: Bounce, line: int, people: People) -> Arrival:
        """A delivery report on a mail of ours, to its return address unless the scenario sends it elsewhere."""
        mail = await self._find(bounce.selector, line, people)
        to = self._person(bounce.to, line, people).address if bounce.to else mail.envelope_from
        if not to:
            raise self._wrong(line, f"{bounce.selector} has no return address, so no report on it comes back")
        self._bounces += 1
        zone, host = self._world.settings.site.zone, domain_of(mail.to)
        ident = f"report.{self._bounces}.{self._slug}@{host}"
        now = self._world.now().astimezone(zone)
        sender = self._person(bounce.sender or f"MAILER-DAEMON@{host}", line, people)
        raw = delivery_report(mail.raw, mail.to, sender.address, to, bounce.status, ident, now)
        mailbox = self._mailbox([Address(to)], line)
        return Arrival(self._judged(raw, None, mailbox, sender), mailbox)

    async def _written(self, mail: Mail, line: int, people: People) -> Arrival:
        sender = self._person(mail.sender, mail.lines.get("from", line), people)
        draft = await self._draft(mail, sender, line, people)
        now = self._world.now().astimezone(self._world.settings.site.zone)
        raw = write(draft, f"{mail.name}.{self._slug}@{domain_of(sender.address)}", now)
        mailbox = self._mailbox([*draft.to, *draft.cc], mail.lines.get("to", line))
        return Arrival(self._judged(raw, mail.authentication, mailbox, sender), mailbox)

    async def _draft(self, mail: Mail, sender: Address, line: int, people: People) -> Draft:
        to = tuple(self._person(a, mail.lines.get("to", line), people) for a in mail.to)
        cc = tuple(self._person(a, mail.lines.get("cc", line), people) for a in mail.cc)
        if mail.selector is None:
            return new_mail(mail, sender, to, cc)
        zone, where = self._world.settings.site.zone, mail.lines.get(mail.way.value, line)
        if mail.selector.name:
            return forward(mail, sender, to, cc, look(self._arrived[mail.selector.name].raw), zone)
        original = await self._find(mail.selector, where, people)
        match mail.way:
            case Way.CLICKS:
                return self._clicked(mail, sender, original, where)
            case Way.FORWARDS:
                return forward(mail, sender, to, cc, look(original.raw), zone)
            case _:
                return reply(mail, sender, to, cc, look(original.raw), zone)

    def _clicked(self, mail: Mail, sender: Address, original: SentMail, line: int) -> Draft:
        urls = [url for name, url in original.links if name == mail.link]
        if len(urls) < mail.link_number:
            has = ", ".join(name for name, _ in original.links) or "none"
            which = f"{mail.link} {mail.link_number}" if mail.link_number > 1 else mail.link
            raise self._wrong(line, f"{original.template} to {original.to} has no link '{which}'; its links are: {has}")
        try:
            return click(mail, sender, urls[mail.link_number - 1])
        except NoSuchLink as error:
            raise self._wrong(line, f"the link '{mail.link}' opens no mail: {error}") from None

    def _whole(self, mail: Mail, file: Path, line: int, people: People) -> Arrival:
        """A message from a file. What it says itself about its sender stands, unless `authentication` is given."""
        raw = file.read_bytes()
        seen = look(raw)
        where = mail.lines.get("to", mail.lines.get("eml", line))
        named = [self._person(a, where, people) for a in mail.to]
        mailbox = self._mailbox(named or [*seen.to, *seen.cc, *seen.delivered_to], where)
        head = b"\n" + raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
        if mail.authentication is None and b"\nauthentication-results:" in head:
            return Arrival(raw, mailbox)
        return Arrival(self._judged(raw, mail.authentication, mailbox, seen.sender), mailbox)

    def _judged(self, raw: bytes, authentication: str | None, mailbox: str, sender: Address) -> bytes:
        trust = self._world.settings.mailboxes[mailbox].trust
        return judged(raw, authentication, trust, sender)

    def _mailbox(self, addresses: Sequence[Address], line: int) -> str:
        """The first of the addresses that is ours says which mailbox gets the mail."""
        settings = self._world.settings
        for address in addresses:
            name = settings.mailbox_of(address.address)
            if name is not None:
                return name
        written = ", ".join(a.address for a in addresses) or "nobody"
        ours = ", ".join(box.address for box in settings.mailboxes.values())
        raise self._wrong(line, f"a mail to {written} comes to no mailbox of ours; write to one of: {ours}")

    def _person(self, written: str, line: int, people: People) -> Address:
        """The address that is written, or whom the role stands for."""
        if written in ROLES:
            if written not in people:
                raise self._wrong(line, f"there is no {written} yet; write an address")
            return people[written]
        address = parse_address(written)
        return address if address is not None else Address(written)

    async def _find(self, selector: Selector, line: int, people: People) -> SentMail:
        """The last mail of ours that fits."""
        wanted = role_or_address(selector.to, {role: who.address for role, who in people.items()})
        if wanted is None:
            raise self._wrong(line, f"there is no {selector.to} yet; write an address")
        sent = await self._world.sent()
        for mail in reversed(sent):
            if address_key(mail.to) == wanted and selector.template in ("", mail.template):
                return mail
        were = ", ".join(f"{m.template} to {m.to}" for m in sent[-5:]) or "none"
        what = f"no {selector.template or 'mail'} was sent to {wanted} so far; the last mails sent: {were}"
        raise self._wrong(line, what)

    def _wrong(self, line: int, what: str) -> BadInput:
        return BadInput(f"{self._file}:{line}: {what}")
