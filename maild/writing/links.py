"""Which words a link carries: its label, and the subject and first line of the mail that it opens (RFC 6068)."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class LinkWords:
    """A link in one language. `body` stands ready in the mail; '' where only the person has words."""

    label: str
    subject: str
    body: str = ""


LINKS: dict[str, dict[str, LinkWords]] = {
    "fr": {
        "answer": LinkWords("Répondre", "Ma réponse"),
        "solved": LinkWords("C’est réglé", "C’est réglé", "C’est réglé, merci."),
        "reopen": LinkWords("Rouvrir ma demande", "Rouvrir ma demande", "Je souhaite que ma demande soit rouverte."),
        "escalate": LinkWords(
            "Demander l’avis d’un responsable",
            "Intervention d’un responsable",
            "Je souhaite que ma demande soit examinée par un responsable.",
        ),
        "my_requests": LinkWords("Mes demandes", "Mes demandes", "Merci de m’envoyer la liste de mes demandes."),
        "rate_good": LinkWords(
            "Bonne, je suis satisfait(e)",
            "Bonne, je suis satisfait(e)",
            "Je suis satisfait(e) de la façon dont ma demande a été traitée.",
        ),
        "rate_bad": LinkWords(
            "Mauvaise, je suis mécontent(e)",
            "Mauvaise, je suis mécontent(e)",
            "Je suis mécontent(e) de la façon dont ma demande a été traitée.",
        ),
        "no_reminders": LinkWords(
            "Ne plus recevoir de rappels",
            "Ne plus recevoir de rappels",
            "Merci de ne plus m’envoyer ni rappels ni demandes d’avis.",
        ),
        "note": LinkWords("Écrire une note interne", "Note interne", "Note interne, que le client ne verra pas\u00a0:"),
        "take": LinkWords("Prendre la demande", "Je prends la demande"),
        "wait": LinkWords("Répondre et attendre le client", "Réponse, en attente du client"),
        "resolve": LinkWords("Répondre et résoudre", "Réponse, demande résolue"),
        "confirm": LinkWords("Confirmer la priorité", "Priorité confirmée"),
        "add_to_request": LinkWords(
            "Ajouter à cette demande", "Ajouter à ma demande", "Merci d’ajouter mon message à cette demande."
        ),
        "new_request": LinkWords(
            "Ouvrir une nouvelle demande",
            "Nouvelle demande",
            "Merci d’ouvrir une nouvelle demande avec mon message.",
        ),
        "request_account": LinkWords(
            "Demander un compte", "Demande de compte", "Je souhaite avoir un compte pour cette adresse."
        ),
        "confirm_address": LinkWords(
            "Oui, cette adresse est la mienne",
            "Une autre adresse de mon compte",
            "Oui, cette adresse est aussi la mienne. Merci de la rattacher à mon compte.",
        ),
        "same_person": LinkWords("C’est une autre adresse du client", "Une autre adresse du client"),
        "release": LinkWords("Le faire entrer", "Faire entrer le message retenu", "Merci de faire entrer ce message."),
        "release_new": LinkWords(
            "En faire une nouvelle demande",
            "Nouvelle demande avec le message retenu",
            "Merci d’ouvrir une nouvelle demande avec ce message.",
        ),
        "admit": LinkWords(
            "Faire entrer le message et son expéditeur",
            "Admettre l’expéditeur du message retenu",
            "Merci de faire de son expéditeur un participant de la demande.",
        ),
        "discard": LinkWords("L’écarter", "Écarter le message retenu", "Merci d’écarter ce message."),
    },
    "en": {
        "answer": LinkWords("Answer", "My answer"),
        "solved": LinkWords("It is solved", "It is solved", "It is solved, thank you."),
        "reopen": LinkWords("Reopen my request", "Reopen my request", "I would like my request to be reopened."),
        "escalate": LinkWords(
            "Ask a manager to look at it",
            "For the attention of a manager",
            "I would like my request to be looked at by a manager.",
        ),
        "my_requests": LinkWords("My requests", "My requests", "Please send me the list of my requests."),
        "rate_good": LinkWords(
            "Good, I am satisfied", "Good, I am satisfied", "I am satisfied with how my request was handled."
        ),
        "rate_bad": LinkWords(
            "Bad, I am dissatisfied", "Bad, I am dissatisfied", "I am dissatisfied with how my request was handled."
        ),
        "no_reminders": LinkWords(
            "Stop reminders",
            "No more reminders",
            "Please send me no more reminders or requests for my opinion.",
        ),
        "note": LinkWords("Write an internal note", "Internal note", "Internal note, which the customer will not see:"),
        "take": LinkWords("Take the request", "I take the request"),
        "wait": LinkWords("Answer and wait for the customer", "Answer, waiting for the customer"),
        "resolve": LinkWords("Answer and resolve", "Answer, request resolved"),
        "confirm": LinkWords("Confirm the priority", "Priority confirmed"),
        "add_to_request": LinkWords(
            "Add to this request", "Add to my request", "Please add my message to this request."
        ),
        "new_request": LinkWords("Open a new request", "New request", "Please open a new request with my message."),
        "request_account": LinkWords(
            "Ask for an account", "Request for an account", "I would like to have an account for this address."
        ),
        "confirm_address": LinkWords(
            "Yes, that address is mine",
            "Another address of my account",
            "Yes, that address is mine too. Please add it to my account.",
        ),
        "same_person": LinkWords("It is another address of the customer", "Another address of the customer"),
        "release": LinkWords("Let it in", "Let the held message in", "Please let this message in."),
        "release_new": LinkWords(
            "Make a new request of it",
            "New request from the held message",
            "Please open a new request with this message.",
        ),
        "admit": LinkWords(
            "Let the message and its sender in",
            "Admit the sender of the held message",
            "Please make its sender a participant of the request.",
        ),
        "discard": LinkWords("Discard it", "Discard the held message", "Please discard this message."),
    },
}

NAMES = frozenset(LINKS["fr"])
# The first line of a customer's mail where the links alone lead back to the request (site.replies: link).
BY_LINK = {
    "fr": "— Pour nous répondre, utilisez le lien de ce message —",
    "en": "— To answer us, use the link in this message —",
}


def _plain(line: str) -> str:
    return " ".join(line.replace("’", "'").split())


_SAYS_IT = frozenset({"escalate"})  # whose first line is the customer's word: agents read it in the ticket
_PREFILLED = frozenset(
    _plain(w.body) for words in LINKS.values() for name, w in words.items() if w.body and name not in _SAYS_IT
)
_SUBJECTS = frozenset(_plain(w.subject).casefold() for words in LINKS.values() for w in words.values())


def is_of_link(subject: str) -> bool:
    """Whether a subject, without references, is what one of our links has written: it says nothing of the matter."""
    return _plain(subject).casefold() in _SUBJECTS


def mailto(address: str, subject: str, body: str) -> str:
    """The URL that opens a mail ready to be sent. Any characters go in, only unreserved and escaped ones come out."""
    fields = [("subject", subject), ("body", "\r\n".join(body.splitlines()))]
    query = "&".join(f"{name}={_escape(value)}" for name, value in fields if value)
    return f"mailto:{quote(address.encode('utf-8', 'replace'), safe='@+')}{'?' if query else ''}{query}"


def _escape(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")


def without_prefill(text: str) -> str:
    """The text without the lines that a link had put there, in any language; blanks around the rest are cut off."""
    return "\n".join(line for line in text.splitlines() if _plain(line) not in _PREFILLED).strip()
