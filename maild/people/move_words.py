"""The commands that move a request, or the people on it."""

from maild.people.command_word import CommandWord

MOVES: tuple[CommandWord, ...] = (
    CommandWord(
        "merge",
        ("fusionner",),
        False,
        {
            "fr": "suivie d’un numéro : joindre cette demande à l’autre, où elle continue ; « confirmer » derrière le "
            "numéro si leurs clients sont différents",
            "en": "with a number: join this request to that one, where it goes on; “confirm” behind the number if "
            "their customers differ",
        },
        "needed",
    ),
    CommandWord(
        "split",
        ("scinder",),
        False,
        {
            "fr": "suivie d’un objet : ouvrir une demande à part avec ce texte ; le client en est informé",
            "en": "with a subject: open a request of its own with this text; the customer is told",
        },
        "optional",
    ),
    CommandWord(
        "link",
        ("lier",),
        False,
        {
            "fr": "suivie d’un numéro : lier cette demande à l’autre",
            "en": "with a number: link this request to that one",
        },
        "needed",
    ),
    CommandWord(
        "add",
        ("ajouter",),
        False,
        {
            "fr": "suivie d’une adresse : cette personne suit désormais la demande ; avec « avec historique », elle "
            "reçoit aussi les échanges passés",
            "en": "with an address: that person follows the request from now on; with “with history” they also get "
            "what was written before",
        },
        "needed",
    ),
    CommandWord(
        "remove",
        ("retirer",),
        False,
        {
            "fr": "suivie d’une adresse : cette personne ne suit plus la demande et ne peut plus y écrire",
            "en": "with an address: that person is off the request and can no longer write into it",
        },
        "needed",
    ),
)
