"""The commands that say what a request is and how much it weighs."""

from maild.people.command_word import CommandWord

_PRIORITIES = {
    "basse": "low",
    "normale": "normal",
    "haute": "high",
    "critique": "critical",
    **{word: word for word in ("low", "normal", "high", "critical")},
}
_LEVELS = {
    "faible": "low",
    "moyen": "medium",
    "moyenne": "medium",
    "élevé": "high",
    "élevée": "high",
    **{word: word for word in ("low", "medium", "high")},
}


QUALIFYING: tuple[CommandWord, ...] = (
    CommandWord(
        "priority",
        ("priorité", "priorite"),
        False,
        {
            "fr": "suivie de basse, normale, haute ou critique : confirmer ou changer la priorité",
            "en": "with low, normal, high or critical: confirm or change the priority",
        },
        "needed",
        values=_PRIORITIES,
    ),
    CommandWord(
        "impact",
        (),
        False,
        {
            "fr": "suivie de faible, moyen ou élevé : dire l’impact ; la priorité en découle selon les règles",
            "en": "with low, medium or high: say the impact; the priority follows where the rules say how",
        },
        "needed",
        values=_LEVELS,
    ),
    CommandWord(
        "urgency",
        ("urgence",),
        False,
        {
            "fr": "suivie de faible, moyenne ou élevée : dire l’urgence ; la priorité en découle selon les règles",
            "en": "with low, medium or high: say the urgency; the priority follows where the rules say how",
        },
        "needed",
        values=_LEVELS,
    ),
    CommandWord(
        "type",
        (),
        False,
        {"fr": "suivie d’un type que les règles connaissent : changer le type", "en": "with a type: change the type"},
        "needed",
    ),
    CommandWord(
        "product",
        ("produit",),
        False,
        {"fr": "suivie d’un produit : changer le produit", "en": "with a product: change the product"},
        "needed",
    ),
    CommandWord(
        "queue",
        ("file",),
        False,
        {
            "fr": "suivie d’une file : y déplacer la demande ; qui en est chargé la garde",
            "en": "with a queue: move the request there; whoever has it keeps it",
        },
        "needed",
    ),
    CommandWord(
        "tag",
        (),
        False,
        {"fr": "suivie d’une étiquette, ou de plusieurs : les ajouter", "en": "with a tag, or several: add them"},
        "needed",
    ),
    CommandWord(
        "escalate",
        ("escalader",),
        False,
        {
            "fr": "faire monter la demande d’un échelon, comme les règles le prévoient",
            "en": "take the request one step up, as the rules say",
        },
    ),
)
