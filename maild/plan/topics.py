"""What does an agent's #topic ask for, and what comes of it? (K6, K15)"""

import difflib
from dataclasses import replace

from maild.agent_words import AgentWords
from maild.effects import AddMessage, ChangeTicket, ChangeTopic, Effect, OpenTopic
from maild.people.topic_words import TopicNamed, read_topic
from maild.plan.asked import Asked, Row
from maild.plan.move import Move
from maild.plan.topic_sentences import asking_line, weights_line
from maild.ticket import Ticket, Visibility
from maild.topic import Topic, counted

_ALIKE = 0.8  # from which likeness on a new name is taken for a slip


def topic_named(words: AgentWords) -> str:
    """The compared form of the one topic that its commands name; '' for none, and for several."""
    named = [read_topic(c.argument) for c in words.commands if c.word == "topic"]
    return named[0].key if len(named) == 1 and not named[0].problem else ""


def _hang(ticket: Ticket, asked: Asked) -> Move:
    """The ticket hangs on the topic, which begins where none has that name; a ticket has one topic."""
    if len([c for c in asked.words.commands if c.word == "topic"]) > 1:
        return Move(ticket, (), "topic-twice", "")
    named = read_topic(asked.argument)
    if named.problem:
        return Move(ticket, (), named.problem, named.what)
    facts, by = asked.facts.topics, asked.by
    topic = next((t for t in facts.known if t.key == named.key), None)
    effects: list[Effect] = []
    if topic is None:
        if not named.is_new and (alike := _alike(named, facts.known)):
            return Move(ticket, (), "topic-alike", alike)
        topic = Topic(facts.next_number, named.name, named.key, opened_at=asked.now)
        effects.append(OpenTopic(topic, by))
    weighed = _weighed(topic, named)
    if weighed != topic:
        changes = {"importance": weighed.importance, "effort": weighed.effort}
        text = f"importance {weighed.importance or '-'}, effort {weighed.effort or '-'}"
        effects.append(ChangeTopic(topic.number, by, text, changes=changes))
    if ticket.topic != topic.number:
        brand = asked.desk.settings.site.reference
        if ticket.topic:
            effects.append(
                ChangeTopic(ticket.topic, by, f"{brand}-{ticket.number} went to {topic.name}", ticket.number)
            )
        effects += [
            ChangeTicket(ticket.number, {"topic": topic.number}),
            ChangeTopic(topic.number, by, f"{brand}-{ticket.number} hangs on it", ticket.number),
            AddMessage(ticket.number, Visibility.EVENT, by, f"topic: {topic.name}"),
        ]
    asking = facts.asking
    if ticket.topic != topic.number and facts.own is not None:
        asking = (*asking, facts.own)
    told = [asking_line(*counted(asking), asked.language)]
    if weighed.importance or weighed.effort:
        told.append(weights_line(weighed.importance, weighed.effort))
    return Move(replace(ticket, topic=topic.number), tuple(effects), "", topic.name, tuple(told))


def _alike(named: TopicNamed, known: tuple[Topic, ...]) -> str:
    """The topic whose name resembles most, so much that it was probably meant; else ''."""
    names = {t.key: t.name for t in known}
    found = difflib.get_close_matches(named.key, list(names), n=1, cutoff=_ALIKE)
    return names[found[0]] if found else ""


def _weighed(topic: Topic, named: TopicNamed) -> Topic:
    """The topic with what was said of its weight."""
    return replace(topic, importance=named.importance or topic.importance, effort=named.effort or topic.effort)


ROWS = {"topic": Row(_hang, needs_proof=True)}
