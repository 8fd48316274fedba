"""The commands by which an agent records a request for somebody else."""

from maild.people.command_word import CommandWord

RECORDING: tuple[CommandWord, ...] = (
    CommandWord(
        "for",
        ("pour",),
        False,
        {
            "fr": "suivie de l’adresse d’un client, dans un nouveau message : ouvrir une demande pour cette personne, "
            "avec ce texte",
            "en": "with a customer’s address, in a new mail: open a request for that person, with this text",
        },
        "needed",
    ),
    CommandWord(
        "channel",
        ("canal",),
        False,
        {
            "fr": "suivie d’un mot comme téléphone : par où la demande est arrivée",
            "en": "with a word such as telephone: by what the request came",
        },
        "needed",
    ),
)
