"""The command that puts an answer of the rules below an agent's own words."""

from maild.people.command_word import CommandWord

ANSWERS: tuple[CommandWord, ...] = (
    CommandWord(
        "reply",
        ("modele",),
        False,
        {
            "fr": "suivie du nom d’une réponse de l’équipe : la placer sous votre texte, complétée pour cette demande",
            "en": "with the name of an answer of the team’s: put it below your text, with the facts of the request",
        },
        "needed",
    ),
)
