"""A share of `python -m doors`: nobody comes in by guessing, forging or changing; and each of its checks can fail."""

import hmac
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from breakages import Breakage, reader_dead, replaced, with_effects, without_row
from desk_values import ALICE, RING
from doors import changes, clients, commands, forged, guesses, hands, inert, keys, oracle, roles, subjects

from maild import evidence
from maild.agent_words import AgentWords
from maild.effects import QueueMail
from maild.judgement import Candidate, Carrier, Verdict, VerdictName
from maild.mail import Address, ParsedMail
from maild.people.commands import read_words
from maild.plan import agents_words, holding
from maild.plan.letters import Desk
from maild.settings import Settings
from maild.threading import machines, references, token, verdict
from maild.threading.case import Case
from maild.threading.saying import say
from maild.threading.token import reference_for

ANY_SIGNATURE = replaced(hmac, "compare_digest", lambda *_: True)


def _number_alone(mail: ParsedMail, desk: Settings) -> Iterator[Candidate]:
    """A finder that takes a number in the Subject for Alice's reference."""
    for number in re.findall(r"ISY-(\d+)", mail.subject):
        yield from references.in_text(reference_for(RING, int(number), ALICE).in_subject("ISY"), desk, Carrier.SUBJECT)


def _first_come(case: Case) -> Verdict | None:
    return say(case, VerdictName.DUPLICATE, "same-content") if case.facts.duplicate_of else None


def _reads_all(mail: ParsedMail, agent: Address) -> Any:
    return read_words(replace(mail, reply_text=mail.text, is_forward=False), agent)


PURPOSE_UNSIGNED = replaced(
    token, "_for_participant", lambda purpose, ticket, who, nonce: ("reference", str(ticket), who.key, nonce)
)
NUMBER_UNSIGNED = replaced(
    token, "_for_participant", lambda purpose, ticket, who, nonce: (purpose.name, who.key, nonce)
)


@pytest.mark.parametrize("is_broken", [False, True])
def test_a_number_without_signature_is_nothing(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        monkeypatch.setattr(guesses, "find_references", lambda *of: tuple(_number_alone(*of)))
    seen = guesses.bare_numbers(3_000)
    assert (seen["threaded"] > 0) is is_broken, seen
    assert seen["calls"] >= 3_000


@pytest.mark.parametrize("is_broken", [False, True])
def test_no_signature_by_chance_is_accepted(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        ANY_SIGNATURE(monkeypatch)
    assert (guesses.random_signatures(20_000)["accepted"] > 0) is is_broken
    seen = guesses.random_references(500)
    assert (seen["accepted"] > 0) is is_broken, seen
    assert is_broken or seen["bad_reference"] == 500


@pytest.mark.parametrize("is_signed", [False, True])
async def test_guesses_at_the_desk_enter_nothing_and_draw_a_mail_a_day(tmp_path: Path, is_signed: bool) -> None:
    seen = await guesses.at_the_desk(tmp_path, 60, is_signed=is_signed, tickets=5, people=10)
    assert (seen.mails, seen.entered) == (60, 0)
    assert seen.most_refusals_a_day == (1 if is_signed else 0)


BROKEN_DESKS: dict[str, tuple[Breakage, Any]] = {
    "any signature is good": (ANY_SIGNATURE, lambda seen: seen.entered > 0),
    "each is refused by mail": (
        replaced(holding, "why_no_answer", lambda *_: ""),
        lambda seen: seen.most_refusals_a_day > 1,
    ),
}


@pytest.mark.parametrize("broken", BROKEN_DESKS)
async def test_a_desk_that_lets_guesses_in_would_be_seen(
    tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breakage, is_seen = BROKEN_DESKS[broken]
    breakage(monkeypatch)
    assert is_seen(await guesses.at_the_desk(tmp_path, 60, is_signed=True, tickets=5, people=10))


@pytest.mark.parametrize("is_broken", [False, True])
def test_no_byte_of_a_reference_may_be_another(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        NUMBER_UNSIGNED(monkeypatch)
    counts, accepted = changes.changed_bytes(11)
    assert bool(accepted) is is_broken, accepted
    assert counts["changes"] > 10_000


@pytest.mark.parametrize("is_broken", [False, True])
def test_no_signature_serves_another_purpose(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        PURPOSE_UNSIGNED(monkeypatch)
    counts, accepted = changes.swapped_purposes()
    assert bool(accepted) is is_broken, accepted
    assert counts["pairs"] > 15 * 14


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_forged_copy_does_not_hide_the_true_mail(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        rows = tuple(_first_come if row is machines.duplicate else row for row in verdict._ROWS)
        monkeypatch.setattr(verdict, "_ROWS", rows)
        with pytest.raises(AssertionError, match="ticket of their own"):
            await forged.forged_copies_first(tmp_path, 12)
        return
    seen = await forged.forged_copies_first(tmp_path, 12)
    assert seen == {"pairs": 12, "true": 12, "closed": 12, "astray": 0, "left": 0}


@pytest.mark.parametrize("is_broken", [False, True])
def test_who_may_not_commands_nothing(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        monkeypatch.setattr(Case, "is_proved", property(lambda case: True))
    seen = commands.matrix(241)
    assert bool(seen.breaches) is is_broken, seen.breaches[:3]
    assert seen.forbidden > 700
    assert seen.ran > 0


@pytest.mark.parametrize("is_broken", [False, True])
async def test_words_that_nobody_says_command_nothing(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        monkeypatch.setattr(agents_words, "read_words", _reads_all)
    counts, executed = await inert.inert_words(tmp_path, 30)
    assert bool(executed) is is_broken, executed
    assert counts["mails"] >= 30


@pytest.mark.parametrize("is_broken", [False, True])
def test_a_reference_survives_what_is_done_to_a_subject(is_broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_broken:
        monkeypatch.setattr(references, "_DASHES", re.compile("(?!)"))
    counts, lost = subjects.subjects_survive(4)
    assert lost == (["em dashes", "en dashes", "minus signs", "non-breaking hyphens"] if is_broken else [])
    assert counts["subjects"] == 4 * 56


@pytest.mark.parametrize("mode", ["reference", "link"])
async def test_the_answers_of_mail_clients_come_into_their_ticket(tmp_path: Path, mode: str) -> None:
    seen = await clients.threaded(tmp_path, mode, 7)
    assert not any(kind.unheard for kind in seen.values())
    assert set(seen["link"].others) <= clients.TAG_LOST
    assert seen["link"].into
    into = [seen[kind].into for kind in ("client", "habit")]
    if mode == "link":
        assert into == [0, 0]
    else:
        assert seen["client"].share == 1
        assert set(seen["habit"].others) <= clients.KEPT_NOTHING


async def test_an_answer_whose_carrier_nobody_reads_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader_dead(Carrier.IN_REPLY_TO)(monkeypatch)
    seen = await clients.threaded(tmp_path, "reference", 37)
    assert seen["habit"].others == {"only In-Reply-To": "plain_reply/no-reference"}


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_refusal_does_not_tell_whether_the_ticket_exists(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        name = VerdictName.BAD_REFERENCE
        silent = with_effects(
            name, lambda desk, case, made: [e for e in made if not (isinstance(e, QueueMail) and case.facts.tickets)]
        )
        silent(monkeypatch)
    seen = await oracle.compared(tmp_path, 8, tickets=8)
    assert (seen.unequal > 0) is is_broken
    assert seen.verdicts == {"bad_reference": 16}


def _takes_any_reference(desk: Desk, case: Case) -> AgentWords:
    words = agents_words.agents_words(desk, case)
    return replace(words, problems=tuple(p for p in words.problems if p[0] != "customers-reference"))


LETS_STRANGERS_IN = without_row(verdict._stranger)


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_reference_in_other_hands_opens_nothing(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        LETS_STRANGERS_IN(monkeypatch)
    seen = await hands.strangers(tmp_path, 2)
    assert seen.is_kept is not is_broken, seen
    assert bool(seen.entered) is is_broken
    assert seen.mails == 2 * 4 * 19


@pytest.mark.parametrize("is_broken", [False, True])
async def test_whoever_writes_in_a_customers_name_gets_not_an_octet(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        replaced(verdict, "_ROWS", tuple(r for r in verdict._ROWS if r is not verdict._spoof_suspect))(monkeypatch)
    seen, octets = await hands.replays(tmp_path, 2)
    assert octets == 0
    assert (seen.mails, seen.is_kept) == (112, True), seen
    assert (seen.verdicts["spoof_suspect"] == 0) is is_broken


@pytest.mark.parametrize("is_broken", [False, True])
async def test_the_code_of_a_service_reaches_the_team_alone(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        LETS_STRANGERS_IN(monkeypatch)
    seen = await hands.ticket_trick(tmp_path, every=5)
    assert seen.is_kept is not is_broken, seen
    assert seen.mails == 60


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_strangers_first_reply_makes_nobody_the_requester(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        LETS_STRANGERS_IN(monkeypatch)
    seen = await hands.first_replies(tmp_path, 2)
    assert (seen.people, seen.is_kept) == (0, not is_broken), seen
    assert seen.mails == 2 * 2 * 3 * 5


@pytest.mark.parametrize("is_broken", [False, True])
async def test_an_agent_who_is_not_proved_commands_nothing(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        monkeypatch.setattr(Case, "is_proved", property(lambda case: True))
    seen, most = await roles.unproved_agents(tmp_path, every=17)
    assert seen.is_kept is not is_broken, seen
    assert bool(seen.commanded) is is_broken
    assert is_broken or most == 1, "told once a day"
    assert seen.mails > 40


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_command_under_the_reference_of_another_role_is_none(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        monkeypatch.setattr(evidence, "agents_words", _takes_any_reference)
    seen, done = await roles.other_roles(tmp_path, every=23)
    assert seen.is_kept is not is_broken, seen
    assert done == 3, "a colleague's reference serves an agent"
    assert seen.mails > 40


@pytest.mark.parametrize("is_broken", [False, True])
async def test_two_references_to_two_requests_are_held(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        without_row(verdict._ambiguous)(monkeypatch)
    seen, astray = await keys.two_at_once(tmp_path)
    assert (seen.mails, astray) == (48, 48 if is_broken else 0)
    assert seen.is_kept is not is_broken


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_reference_is_good_as_long_as_its_key(
    tmp_path: Path, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_broken:
        monkeypatch.setattr(
            token.Keyring, "fault_of", lambda self, key_id, now: "" if self.get(key_id) else "unknown-key"
        )
    seen = await keys.keys_of_all_ages(tmp_path, step=90)
    assert seen.lost == 0
    assert bool(seen.wrong) is is_broken, seen.wrong[:3]
    assert seen.verdicts["bad_reference"] > 50 or is_broken
    assert seen.verdicts["reply"] > 100
