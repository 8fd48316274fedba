"""The commands that move a request to another state, and those beside them."""

from maild.people.command_word import CommandWord

STATES: tuple[CommandWord, ...] = (
    CommandWord(
        "note",
        (),
        True,
        {"fr": "note interne : rien ne part au client", "en": "internal note: nothing goes to the customer"},
    ),
    CommandWord(
        "pending",
        ("attente",),
        False,
        {
            "fr": "attendre la réponse du client ; les relances commencent",
            "en": "wait for the customer; reminders start",
        },
    ),
    CommandWord(
        "hold",
        ("suspendre",),
        True,
        {
            "fr": "suspendre la demande, qui dépend de quelqu’un d’autre ; suivie d’un jour, elle revient ce jour-là ; "
            "ce qui suit est écrit au client",
            "en": "put it on hold, since somebody else is waited for; with a day, it comes back on that day; what "
            "stands behind is written to the customer",
        },
        takes_day=True,
    ),
    CommandWord(
        "resolve",
        ("résolu", "resolu"),
        False,
        {"fr": "clore la demande comme résolue", "en": "end the request as solved"},
    ),
    CommandWord(
        "decline",
        ("refusé", "refuse"),
        True,
        {
            "fr": "clore la demande par un refus ; votre texte en donne le motif",
            "en": "end the request by a refusal; your text says why",
        },
    ),
    CommandWord(
        "cancel",
        ("annuler",),
        True,
        {
            "fr": "suivie du motif : annuler la demande ; le client en est informé et peut la faire rouvrir",
            "en": "with the reason: cancel the request; the customer is told, and can have it reopened",
        },
    ),
    CommandWord(
        "open",
        ("reprendre",),
        False,
        {"fr": "reprendre la demande ; l’attente prend fin", "en": "take it up again; the wait ends"},
    ),
    CommandWord(
        "reopen",
        ("rouvrir",),
        False,
        {
            "fr": "rouvrir une demande close ; le client n’en est pas informé",
            "en": "open a request again that has ended; the customer is not told",
        },
    ),
    CommandWord(
        "spam",
        (),
        False,
        {
            "fr": "annuler la demande sans rien envoyer, et bloquer son auteur",
            "en": "cancel the request, send nothing, and block who wrote it",
        },
    ),
    CommandWord(
        "block",
        ("bloquer",),
        False,
        {
            "fr": "bloquer le demandeur, ou l’adresse ou le domaine indiqué",
            "en": "block the requester, or the address or domain named",
        },
        argument="optional",
    ),
    CommandWord(
        "unblock",
        ("débloquer", "debloquer"),
        False,
        {"fr": "débloquer l’adresse ou le domaine indiqué", "en": "unblock the address or domain named"},
        argument="optional",
    ),
)
