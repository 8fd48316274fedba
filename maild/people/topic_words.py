"""The command that hangs a request on a topic, and how what stands behind it is read."""

import re
from dataclasses import dataclass

from maild.people.command_word import CommandWord
from maild.people.internal import plain
from maild.topic import LONGEST_NAME, MOST

TOPICS: tuple[CommandWord, ...] = (
    CommandWord(
        "topic",
        ("sujet",),
        False,
        {
            "fr": "suivie d’un nom : rattacher la demande à ce sujet, commun à plusieurs clients ; « nouveau » devant "
            "un nom qui ressemble à un autre ; « importance 3 effort 5 » derrière le nom pour les noter",
            "en": "with a name: hang the request on that topic, which several customers share; “new” before a name "
            "that looks like another; “importance 3 effort 5” behind the name to note them",
        },
        "needed",
    ),
)
# Words of a decision: a name that ends with one was meant to be more than a name.
_RESERVED = frozenset(
    {
        *("accepted", "refused", "postponed", "shipped", "workaround", "in-development", "validated", "planned"),
        *("accepte", "acceptee", "refuse", "refusee", "reporte", "reportee", "livre", "livree", "contournement"),
        *("en-developpement", "valide", "validee", "planifie", "planifiee"),
    }
)
_NEW = re.compile(r"(?:new|nouveau|nouvelle)\s+(?=\S)", re.IGNORECASE)
_WEIGHT = re.compile(r"\s+(importance|effort)\s*[:=]?\s*(\S{1,20})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TopicNamed:
    """What stands behind #topic. `problem`: '' or a slug, `what` it is about; weights are 0 where none is said."""

    name: str = ""
    is_new: bool = False  # it is a topic of its own, whatever it looks like
    importance: int = 0
    effort: int = 0
    problem: str = ""
    what: str = ""

    @property
    def key(self) -> str:
        """The compared form of the name."""
        return topic_key(self.name)


def topic_key(name: str) -> str:
    """A topic's name without regard to case, accents and the number of blanks."""
    return " ".join(plain(name).split())


def read_topic(written: str) -> TopicNamed:
    """`[new] NAME [importance 1-10] [effort 1-10]`, in French as well."""
    rest = " ".join(written.split())
    opened = _NEW.match(rest)
    rest = rest[opened.end() :] if opened else rest
    weights: dict[str, int] = {}
    while match := _WEIGHT.search(rest):
        word, value = match[1].lower(), match[2]
        if word in weights or not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST):
            return TopicNamed(problem="topic-weight", what=match[0].strip())
        weights[word] = int(value)
        rest = rest[: match.start()]
    name = rest.strip(" \"'“”«»\xa0\u202f")
    if not any(c.isalnum() for c in name) or len(name) > LONGEST_NAME:
        return TopicNamed(problem="topic-name", what=written[:LONGEST_NAME])
    last = name.split()[-1]
    if plain(last) in _RESERVED:
        return TopicNamed(problem="topic-reserved", what=last)
    return TopicNamed(name, opened is not None, weights.get("importance", 0), weights.get("effort", 0))
