"""What did #topic do, or why did it do nothing? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "topic-twice": "Une demande a un seul sujet\u00a0: n’écrivez la commande qu’une fois par message.",
        "topic-name": "«\u00a0{what}\u00a0» n’est pas un nom de sujet\u00a0: il y faut au moins une lettre ou un "
        "chiffre, et cent caractères au plus.",
        "topic-weight": "«\u00a0{what}\u00a0» n’est pas compris\u00a0: l’importance et l’effort se donnent une fois, "
        "de 1 à 10.",
        "topic-reserved": "Le nom d’un sujet ne peut pas se terminer par «\u00a0{what}\u00a0»\u00a0: ce mot désigne "
        "une décision. Écrivez le nom seul.",
        "topic-alike": "Aucun sujet ne porte ce nom, mais «\u00a0{what}\u00a0» lui ressemble. Écrivez ce nom-là, ou "
        "«\u00a0nouveau\u00a0» devant le vôtre s’il s’agit d’autre chose.",
    },
    "en": {
        "topic-twice": "A request has one topic: write the command once in a mail.",
        "topic-name": "“{what}” is no name for a topic: it takes at least one letter or digit, and a hundred "
        "characters at most.",
        "topic-weight": "“{what}” is not understood: importance and effort are given once, from 1 to 10.",
        "topic-reserved": "A topic’s name can’t end with “{what}”: that word stands for a decision. Write the name "
        "alone.",
        "topic-alike": "No topic has that name, but “{what}” looks like it. Write that name, or “new” before yours "
        "if it is something else.",
    },
}

RESULTS: Sentences = {
    "fr": {"topic": "La demande est rattachée au sujet «\u00a0{what}\u00a0»."},
    "en": {"topic": "The request hangs on the topic “{what}”."},
}


def asking_line(requesters: int, organisations: int, language: str) -> str:
    """How many ask for a topic, in a sentence."""
    if language == "fr":
        people = f"{requesters} demandeur{'s' if requesters > 1 else ''}"
        groups = f"{organisations} organisation{'s' if organisations > 1 else ''}"
        return f"Ce sujet compte {people} et {groups}."
    people = f"{requesters} requester{'s' if requesters != 1 else ''}"
    return f"The topic counts {people} and {organisations} organisation{'s' if organisations != 1 else ''}."


def weights_line(importance: int, effort: int) -> str:
    """What is noted of its weight, in either language; 0 is not said."""
    said = [f"importance {importance}"] * bool(importance) + [f"effort {effort}"] * bool(effort)
    words = ", ".join(said)
    return f"{words[0].upper()}{words[1:]}."
