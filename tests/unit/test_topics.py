"""What stands behind #topic, and who counts as asking."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from desk_values import NOW, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords, Command
from maild.config.load import load
from maild.effects import ChangeTicket, Effect, OpenTicket, OpenTopic
from maild.mail import Address
from maild.people.commands import commands_in
from maild.people.topic_words import TopicNamed, read_topic, topic_key
from maild.personal_effects import AddAccount
from maild.plan.topic_sentences import asking_line, weights_line
from maild.plan.topics import topic_named
from maild.store.apply import apply
from maild.store.schema import thrown_away
from maild.store.topics import asking_for
from maild.ticket import Participant, Role
from maild.topic import LONGEST_NAME, Asker, Topic, counted


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("Export PDF", TopicNamed("Export PDF")),
        ("  Export\u00a0  PDF ", TopicNamed("Export PDF")),
        ("«\u00a0Export PDF\u00a0»", TopicNamed("Export PDF")),
        ("nouveau Export PDF", TopicNamed("Export PDF", is_new=True)),
        ("New Export PDF", TopicNamed("Export PDF", is_new=True)),
        ("nouveau", TopicNamed("nouveau")),
        ("nouveautés", TopicNamed("nouveautés")),
        ("Export PDF importance 3 effort 5", TopicNamed("Export PDF", importance=3, effort=5)),
        ("Export PDF effort: 10", TopicNamed("Export PDF", effort=10)),
        ("Export PDF effort=1 importance=1", TopicNamed("Export PDF", importance=1, effort=1)),
        ("Export importance haute", TopicNamed(problem="topic-weight", what="importance haute")),
        ("Export importance 0", TopicNamed(problem="topic-weight", what="importance 0")),
        ("Export effort 11", TopicNamed(problem="topic-weight", what="effort 11")),
        ("Export effort ²", TopicNamed(problem="topic-weight", what="effort ²")),
        ("Export effort 1 effort 2", TopicNamed(problem="topic-weight", what="effort 1")),
        ("Export accepted", TopicNamed(problem="topic-reserved", what="accepted")),
        ("Export en-développement", TopicNamed(problem="topic-reserved", what="en-développement")),
        ("Export REFUSÉ", TopicNamed(problem="topic-reserved", what="REFUSÉ")),
        ("Export refusé à tort", TopicNamed("Export refusé à tort")),
        ("...", TopicNamed(problem="topic-name", what="...")),
        ("x" * LONGEST_NAME, TopicNamed("x" * LONGEST_NAME)),
        ("x" * (LONGEST_NAME + 1), TopicNamed(problem="topic-name", what="x" * LONGEST_NAME)),
    ],
)
def test_what_stands_behind_the_command_is_read(written: str, named: TopicNamed) -> None:
    assert read_topic(written) == named


@pytest.mark.parametrize("name", ["Export de données", "EXPORT  DE DONNEES", "export de donne\u0301es"])
def test_names_are_compared_without_case_accents_and_blanks(name: str) -> None:
    assert topic_key(name) == "export de donnees"


@given(st.text(max_size=300))
def test_anything_is_read_as_a_name_or_as_a_problem(written: str) -> None:
    """Never both, never neither; what was read as a name is read as the same one again."""
    named = read_topic(written)
    assert bool(named.name) != bool(named.problem)
    if named.name:
        assert len(named.name) <= LONGEST_NAME
        assert topic_key(named.name) == named.key != ""


def test_of_several_topics_in_a_mail_none_is_looked_up() -> None:
    def words(*names: str) -> AgentWords:
        return AgentWords("", tuple(Command("topic", name, f"#topic {name}") for name in names))

    assert topic_named(words("Export PDF")) == "export pdf"
    assert topic_named(words("Export PDF", "Import")) == topic_named(words("...")) == topic_named(words()) == ""


def test_the_french_word_is_the_same_command() -> None:
    commands, problems = commands_in("#Sujet Export PDF")
    assert [(c.word, c.argument) for c in commands] == [("topic", "Export PDF")]
    assert not problems
    assert commands_in("#topic")[1] == (("missing-argument", "#topic"),)


@given(st.lists(st.builds(Asker, st.sampled_from("abc"), st.sampled_from(("", "A", "B")))))
def test_a_person_and_an_organisation_count_once(asking: list[Asker]) -> None:
    requesters, organisations = counted(tuple(asking))
    assert requesters == len({a.person for a in asking}) <= len(asking)
    assert organisations == len([o for o in ("A", "B") if any(a.organisation == o for a in asking)])
    assert counted((*asking, *asking)) == (requesters, organisations)


def test_the_counts_are_said_in_whole_words() -> None:
    assert asking_line(1, 0, "fr") == "Ce sujet compte 1 demandeur et 0 organisation."
    assert asking_line(2, 2, "fr") == "Ce sujet compte 2 demandeurs et 2 organisations."
    assert asking_line(1, 2, "en") == "The topic counts 1 requester and 2 organisations."
    assert asking_line(2, 1, "en") == "The topic counts 2 requesters and 1 organisation."
    assert (weights_line(3, 0), weights_line(0, 5)) == ("Importance 3.", "Effort 5.")


async def test_each_asker_is_known_by_the_rules_and_by_what_agents_admitted(tmp_path: Path) -> None:
    """An address that an agent joined to an account is that person's; a domain's people are several, of one
    organisation; a ticket that was joined to another no longer counts."""
    settings = load(Path(__file__).parents[1] / "scenarios" / "sujets" / "rules.yaml")
    writers = (
        *("alice@client-a.example", "a.durand@client-a.example", "alice@prive.example", "bruno@client-b.example"),
        *("eva@client-c.example", "max@client-c.example", "dora@inconnu.example", "bruno@client-b.example"),
    )
    tickets = [
        replace(ticket(), number=1001 + i, topic=7, participants=(Participant(1, who, "", Role.CUSTOMER),))
        for i, who in enumerate(writers)
    ]
    database = thrown_away(tmp_path / "maild.db")
    effects: list[Effect] = [
        OpenTopic(Topic(7, "Export", "export"), "lea@mykomela.example"),
        *map(OpenTicket, tickets),
        ChangeTicket(1008, {"merged_into": 1004}),
        AddAccount(Address("alice@prive.example"), "alice@client-a.example", "lea@mykomela.example"),
    ]
    await database.write(partial(apply, effects=effects, now=NOW))
    asking = database.read_now(partial(asking_for, settings=settings, topic=7))
    database.close_now()
    alice, bruno = Asker("alice@client-a.example", "Client A"), Asker("bruno@client-b.example", "Client B")
    eva, maximilian = (Asker(f"{name}@client-c.example", "Client C") for name in ("eva", "max"))
    assert list(asking.values()) == [alice, alice, alice, bruno, eva, maximilian, Asker("dora@inconnu.example")]
    assert counted(tuple(asking.values())) == (5, 3)
