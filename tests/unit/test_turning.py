"""What of the rules' answer can be done with a mail, and what does it become? Nobody is asked who can't be told."""

from dataclasses import replace
from typing import Any

import pytest
from desk_values import NOW, mail, settings, ticket

from maild.decision import Decision, Redirection, Refusal, RuleTrial
from maild.judgement import AnswerCounts, Facts, Proof, Verdict, VerdictName
from maild.mail import Address
from maild.threading.turning import becomes, feasible, turned_to
from maild.ticket import Person

NEW = Verdict(VerdictName.NEW_TICKET, "no-reference", proof=Proof.PASS)
PAUL = Address("paul@isybuy.example", "Paul Leroy")
CARL = Person(Address("carl@client-c.example"), relation="indirect", integrator="hotline@integrateur.example")
HOTLINE = {"address": "hotline@integrateur.example", "organisation": "Intégrateur"}
PEOPLE = {
    "agents": [{"name": "Léa", "address": "lea@isybuy.example"}],
    "customers": [{"address": "alice@client-a.example"}, HOTLINE],
}
RULES = [
    {
        "name": "all",
        "then": {
            "require": "version",
            "redirect": {"to": "integrator"},
            "refuse": {"because": "x"},
            "cancel": {"because": "x"},
        },
    }
]
DESK = settings(people=PEOPLE, rules=RULES)
ALICES = Facts(NOW, 1)
DECIDED = Decision("support", trials=(RuleTrial("all", 0, True, "no condition"),))
LACKS = replace(DECIDED, missing=("version",))
GOES = replace(DECIDED, redirection=Redirection(("hotline@integrateur.example",)))
SAID = replace(DECIDED, redirection=Redirection((), {"fr": "Ailleurs."}))
LOST = replace(DECIDED, redirection=Redirection(("contact", "integrator")))
NO = replace(DECIDED, refusal=Refusal("refuse", {"fr": "x"}))
FULL = Facts(NOW, 1, answers=AnswerCounts(to_sender_day=20))
TOLD = Facts(NOW, 1, answers=AnswerCounts(to_sender_by_template_day={"redirected": 1}))
CLOSED = Verdict(VerdictName.FOLLOW_UP, "closed", ticket(), proof=Proof.PASS)
NEVER_WHOLE = replace(CLOSED, ticket=ticket(missing=("version",)))
OTHER = replace(CLOSED, reason="another-subject")
REPEAT = Verdict(VerdictName.REPEAT, "same-problem", ticket(), proof=Proof.PASS)
RELEASED = replace(NEW, reason="released")
ALICE, LEA, ITSELF = "alice@client-a.example", "lea@isybuy.example", "hotline@integrateur.example"

# (what, decision, verdict, sender, facts, the verdict that comes of it, and what is left of the decision)
ROWS: list[tuple[str, Decision, Verdict, str, Facts, str, str]] = [
    ("nothing is wanted", DECIDED, NEW, ALICE, ALICES, "new_ticket", ""),
    ("something is missing", LACKS, NEW, ALICE, ALICES, "incomplete", "missing"),
    ("and the day's answers are spent", LACKS, NEW, ALICE, FULL, "new_ticket", "unasked"),
    ("and an agent wrote", LACKS, NEW, LEA, ALICES, "new_ticket", "unasked"),
    ("and a person has let it in", LACKS, RELEASED, ALICE, ALICES, "incomplete", "missing"),
    ("and it goes on with a closed one", LACKS, CLOSED, ALICE, ALICES, "follow_up", ""),
    ("that was never whole", LACKS, NEVER_WHOLE, ALICE, ALICES, "follow_up", "missing"),
    ("and it is another subject", LACKS, OTHER, ALICE, ALICES, "follow_up", "missing"),
    ("and it joins another", LACKS, REPEAT, ALICE, ALICES, "repeat", "missing"),
    ("it is somebody else's", GOES, NEW, ALICE, ALICES, "redirected", "elsewhere"),
    ("which was said today", GOES, NEW, ALICE, TOLD, "redirected", "elsewhere"),
    ("or can't be said today", GOES, NEW, ALICE, FULL, "redirected", "elsewhere"),
    ("only with a word", SAID, NEW, ALICE, ALICES, "redirected", "elsewhere"),
    ("of nobody known", LOST, NEW, ALICE, ALICES, "new_ticket", ""),
    ("of who wrote", GOES, NEW, ITSELF, ALICES, "new_ticket", ""),
    ("and an agent wrote it", GOES, NEW, LEA, ALICES, "new_ticket", ""),
    ("and a person let it in", GOES, RELEASED, ALICE, ALICES, "new_ticket", ""),
    ("in the middle of a request", GOES, CLOSED, ALICE, ALICES, "follow_up", ""),
    ("even a second one", GOES, REPEAT, ALICE, ALICES, "redirected", "elsewhere"),
    ("it is refused", NO, NEW, ALICE, ALICES, "new_ticket", "refused"),
    ("and can't be told so", NO, NEW, ALICE, FULL, "new_ticket", ""),
    ("and an agent wrote that", NO, NEW, LEA, ALICES, "new_ticket", ""),
    ("cancelled", replace(NO, refusal=Refusal("cancel", {})), NEW, ALICE, ALICES, "new_ticket", "refused"),
    (
        "refused, whatever it lacks",
        replace(NO, missing=("version",)),
        NEW,
        ALICE,
        ALICES,
        "new_ticket",
        "missing refused",
    ),
    (
        "somebody else's, whatever it lacks",
        replace(GOES, missing=("version",)),
        NEW,
        ALICE,
        ALICES,
        "redirected",
        "missing elsewhere",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_comes_of_it(row: tuple[Any, ...]) -> None:
    _, decision, verdict, sender, facts, name, left = row
    found = feasible(decision, verdict, mail(sender), facts, DESK)
    seen = {
        "missing": found.missing,
        "unasked": found.unasked,
        "elsewhere": found.redirection,
        "refused": found.refusal,
    }
    assert " ".join(what for what, is_so in seen.items() if is_so) == left
    assert becomes(verdict, found).name == name
    wanted = bool(decision.redirection) + bool(decision.refusal) + bool(decision.missing)
    done = bool(found.redirection) + bool(found.refusal) + bool(found.missing)
    assert ("since" in found.trials[0].why) == (done < wanted), "the rule's line says what was not done"


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.UNVERIFIED])
def test_who_must_not_be_answered_is_neither_asked_nor_turned_away(proof: Proof) -> None:
    """Its return path is another site's, and nothing proves the sender."""
    foreign = mail(return_path="bounces@elsewhere.example")
    for decision in (LACKS, GOES, NO):
        found = feasible(decision, replace(NEW, proof=proof), foreign, ALICES, DESK)
        assert becomes(NEW, found).name is VerdictName.NEW_TICKET
        assert (found.missing, found.redirection, found.refusal) == ((), None, None)


@pytest.mark.parametrize(
    ("to", "who", "found"),
    [
        (("integrator",), CARL, Address("hotline@integrateur.example", "Intégrateur")),
        (("integrator",), None, None),
        (("integrator", "x@y.example"), Person(Address("a@b.example")), Address("x@y.example")),
        (("contact",), replace(CARL, contact=PAUL), PAUL),
        (("contact", "integrator"), CARL, Address("hotline@integrateur.example", "Intégrateur")),
        (("lea@isybuy.example",), None, Address("lea@isybuy.example", "Léa")),
        ((), CARL, None),
    ],
)
def test_the_first_who_is_known_counts(to: tuple[str, ...], who: Person | None, found: Address | None) -> None:
    assert turned_to(Redirection(to), who, DESK) == found
