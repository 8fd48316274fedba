"""Do rules act where they can, tell people who may be told, and look into lists that are there?"""

from collections.abc import Iterator

from maild.decision import Occasion
from maild.rules.finding import Finding, Path, Subject, hint
from maild.rules.lookups import senders_lists, texts_lists
from maild.settings import Settings
from maild.settings.actions import ADMIN, ASSIGNEE, AT_OPENING, TEAM
from maild.settings.values import an_address, an_address_or_domain

_WORDS = (ASSIGNEE, TEAM, ADMIN)
_ENDS = ("redirect", "refuse", "cancel")


def actions_fit_their_occasion(desk: Subject) -> Iterator[Finding]:
    """Actions that have a meaning only where a ticket opens, in rules that are never tried there."""
    for i, rule in enumerate(desk.settings.rules):
        if Occasion.OPENED in rule.on:
            continue
        for name in sorted(AT_OPENING & rule.then.model_fields_set):
            said = ", ".join(rule.on)
            what = f"`{name}` has a meaning only where a ticket opens, and this rule is tried at {said}"
            yield Finding(("rules", i, "then", name), f"{what}; remove it, or write `on: opened` in a rule of its own")


def notices_reach_somebody(desk: Subject) -> Iterator[Finding]:
    """Words of `notify` that name nobody."""
    teams = {team for agent in desk.settings.people.agents for team in agent.teams}
    for path, word in _named(desk.settings, "notify"):
        if "@" in word:
            try:
                an_address(word)
            except ValueError as error:
                yield Finding(path, str(error))
        elif word not in teams and word not in _WORDS:
            known = [*_WORDS, *sorted(teams)]
            what = f"'{word}' is nobody: no team, and neither {ASSIGNEE}, {TEAM}, {ADMIN} nor an address"
            yield Finding(path, what + hint(word, known))


def others_may_be_told(desk: Subject) -> Iterator[Finding]:
    """Addresses that are ours, whose mail would come back, or a customer's, who would read what is not theirs."""
    for path, address in (*_named(desk.settings, "notify"), *_named(desk.settings, "forward")):
        if "@" in address:
            yield from may_be_told(desk.settings, path, address)


def may_be_told(settings: Settings, path: Path, address: str) -> Iterator[Finding]:
    """What is wrong with that address, which stands there, as one that hears of requests."""
    if (box := settings.mailbox_of(address)) is not None:
        what = f"'{address}' is an address of the mailbox '{box}': maild would write to itself"
        yield Finding(path, f"{what}; name a person's address")
        return
    who = settings.who(address)
    if who is not None and who.relation != "partner" and who.address.key not in settings.agents:
        what = f"'{address}' is a customer's address: they would read of other people's requests"
        yield Finding(path, f"{what}; name somebody of the house, or write `relation: partner` in their row", "warning")


def opening_tells_its_agents(desk: Subject) -> Iterator[Finding]:
    """A notice that says what another mail says already, and a request that is passed on to nobody."""
    for i, rule in enumerate(desk.settings.rules):
        ends = next((name for name in _ENDS if getattr(rule.then, name) is not None), "")
        if ends and set(rule.on) == {Occasion.OPENED} and rule.then.forward is not None:
            what = f"a request that `{ends}` ends is passed on to nobody: `forward` acts only where it can't be done"
            yield Finding(("rules", i, "then", "forward"), f"{what}; write `notify`, or leave out `{ends}`", "warning")
        if set(rule.on) == {Occasion.OPENED} and rule.then.notify == (ASSIGNEE,) and not ends:
            what = f"`notify: {ASSIGNEE}` does nothing where a ticket opens: its assignee is told of it anyway"
            yield Finding(("rules", i, "then", "notify"), f"{what}; remove it, or name somebody else", "warning")


def lists_exist(desk: Subject) -> Iterator[Finding]:
    """Lists into which conditions look."""
    lists = desk.settings.lists
    for path, name in (*senders_lists(desk.settings), *texts_lists(desk.settings)):
        if name not in lists:
            what = f"there is no list '{name}'"
            if lists:
                yield Finding(path, what + hint(name, lists))
            else:
                yield Finding(path, f"{what}; write it under `lists:`, like {{{name}: [...]}}")


def senders_lists_hold_addresses(desk: Subject) -> Iterator[Finding]:
    """Entries that can be no sender, in lists with which senders are compared."""
    lists = desk.settings.lists
    for name in dict.fromkeys(name for _, name in senders_lists(desk.settings) if name in lists):
        for n, entry in enumerate(lists[name]):
            if not _is_sender(entry):
                what = (
                    f"'{entry}' is no sender: neither an address nor a domain, and `from: {{in: {name}}}` asks for one"
                )
                yield Finding(("lists", name, n), f"{what}; write alice@example.com, example.com or .example.com")


def _is_sender(entry: str) -> bool:
    try:
        an_address_or_domain(entry)
    except ValueError:
        return False
    return "@" in entry or "." in entry.strip(".")


def ratings_are_asked_for(desk: Subject) -> Iterator[Finding]:
    """Rules for what customers say of a request, where nobody is asked."""
    for i, rule in enumerate(desk.settings.rules):
        if desk.settings.rating is None and set(rule.on) == {Occasion.RATED}:
            what = "nobody is asked for a rating, so this rule is never tried; add `rating: {tell: team}` to the file"
            yield Finding(("rules", i, "on"), f"{what}, or remove the rule", "warning")


def _named(settings: Settings, action: str) -> Iterator[tuple[Path, str]]:
    if action == "notify" and settings.rating is not None:
        yield from ((("rating", "tell", n), word) for n, word in enumerate(settings.rating.tell))
    for i, rule in enumerate(settings.rules):
        for n, word in enumerate(getattr(rule.then, action) or ()):
            yield ("rules", i, "then", action, n), word
