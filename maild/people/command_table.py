"""The table of what agents can command by mail: the words, what may follow them, and what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommandWord:
    """One row of the table."""

    word: str
    aliases: tuple[str, ...]
    takes_text: bool  # whether something may follow on the line, as words of the mail
    help: dict[str, str]  # what it does, by language
    argument: str = ""  # what else may follow, and is no word of the mail: '', optional or needed
    is_for_held: bool = False  # whether it is said in answer to a word about a held mail, and nowhere else
    values: Mapping[str, str] = field(default_factory=dict)  # what alone may follow, as agents write it: our word


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
