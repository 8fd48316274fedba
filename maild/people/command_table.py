"""The table of what agents can command by mail: the words, what may follow them, and what they do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandWord:
    """One row of the table."""

    word: str
    aliases: tuple[str, ...]
    takes_text: bool  # whether something may follow on the line, as words of the mail
    help: dict[str, str]  # what it does, by language
    argument: str = ""  # what else may follow, and is no word of the mail: '', optional or needed
    is_for_held: bool = False  # whether it is said in answer to a word about a held mail, and nowhere else


TABLE: tuple[CommandWord, ...] = (
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
    CommandWord(
        "release",
        (),
        False,
        {
            "fr": "faire entrer le message ; « #release 1042 » dans cette demande, « #release new » dans une nouvelle",
            "en": "let the message in; “#release 1042” into that request, “#release new” as a new one",
        },
        argument="optional",
        is_for_held=True,
    ),
    CommandWord(
        "admit",
        (),
        False,
        {
            "fr": "faire de son expéditeur un participant de la demande, et y faire entrer le message ; « #admit "
            "même-que adresse » s’il est la personne de cette adresse",
            "en": "make its sender a participant of the request, and let the message in; “#admit same-as address” if "
            "they are the person of that address",
        },
        argument="optional",
        is_for_held=True,
    ),
    CommandWord(
        "discard",
        (),
        False,
        {
            "fr": "écarter le message ; il reste conservé, personne n’en est averti",
            "en": "discard the message; it is kept, nobody is told",
        },
        is_for_held=True,
    ),
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
