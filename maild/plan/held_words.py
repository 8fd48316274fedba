"""Words on held mail: why it is held, what was done with it, what was done before. Data and a look-up."""

from datetime import datetime

from maild.judgement import HeldMail
from maild.writing.wording import instant

_DONE = {
    "fr": {
        "into": "Le message de {sender} est entré dans la demande n°\u00a0{number}.",
        "new": "Le message de {sender} a ouvert la demande n°\u00a0{number}.",
        "nowhere": "Le message de {sender} a été traité\u00a0; il n’a mené à aucune demande.",
        "admitted": "{sender} participe désormais à la demande n°\u00a0{number}, et son message y est entré. Rien de "
        "ce qui y a été écrit auparavant ne lui est montré.",
        "account": "{sender} a désormais un compte, et ses messages sont traités.",
        "joined": "{sender} est désormais une autre adresse de la même personne, et ses messages sont traités.",
        "joined-into": "{sender} est désormais une autre adresse de la même personne, et son message est entré dans la "
        "demande n°\u00a0{number}.",
        "discarded": "Le message de {sender} est écarté. Il reste conservé, et personne n’en est averti.",
        "words-unsent": "Le texte que vous avez ajouté n’a été envoyé à personne.",
    },
    "en": {
        "into": "The message of {sender} has entered request no. {number}.",
        "new": "The message of {sender} has opened request no. {number}.",
        "nowhere": "The message of {sender} has been dealt with; it led to no request.",
        "admitted": "{sender} takes part in request no. {number} from now on, and the message has entered it. Nothing "
        "that was written there before is shown to them.",
        "account": "{sender} has an account now, and their messages are being dealt with.",
        "joined": "{sender} is another address of that person from now on, and their messages are being dealt with.",
        "joined-into": "{sender} is another address of that person from now on, and the message has entered request "
        "no. {number}.",
        "discarded": "The message of {sender} is discarded. It is kept, and nobody is told.",
        "words-unsent": "The text that you added was sent to nobody.",
    },
}
_ALREADY = {
    "fr": {
        "released": "C’est déjà fait\u00a0: {by} a fait entrer ce message le {when}{where}.",
        "admitted": "C’est déjà fait\u00a0: {by} a admis l’expéditeur de ce message le {when}{where}.",
        "discarded": "C’est déjà fait\u00a0: {by} a écarté ce message le {when}. Rien n’a changé depuis.",
        "claimed": "C’est déjà fait\u00a0: {by} a lui-même placé ce message le {when}{where}.",
        "": "Ce message n’est plus retenu{where}.",
        "where": ", dans la demande n°\u00a0{number}",
    },
    "en": {
        "released": "It is done already: {by} let this message in on {when}{where}.",
        "admitted": "It is done already: {by} admitted the sender of this message on {when}{where}.",
        "discarded": "It is done already: {by} discarded this message on {when}. Nothing has changed since.",
        "claimed": "It is done already: {by} placed this message themselves on {when}{where}.",
        "": "This message is no longer held{where}.",
        "where": ", in request no. {number}",
    },
}


def done_text(what: str, sender: str, number: int | None, language: str) -> str:
    """What was done, in a sentence. `what`: into, new, nowhere, admitted, account, joined, joined-into, discarded,
    words-unsent."""
    return _DONE[language][what].format(sender=sender, number=number)


def already_text(held: HeldMail, at: datetime, language: str) -> str:
    """That a person has decided before, who, what and when. `at` is in the zone in which it is to be read."""
    words = _ALREADY[language]
    where = words["where"].format(number=held.ticket) if held.ticket else ""
    return words[held.decided].format(by=held.decided_by, when=instant(at, language), where=where)


# Why a mail is held, as a sentence of its own. By verdict; where one has several reasons, by verdict and reason.
_WHY = {
    "fr": {
        "stranger": "son expéditeur ne participe pas à la demande dont le message porte la référence\u00a0; un "
        "participant la lui a peut-être transmise",
        "stranger:no-agent-any-more": "son expéditeur a fait partie de l’équipe, et l’a quittée",
        "stranger:claim-of-another": "le lien suivi avait été envoyé à une autre personne",
        "stranger:joining-unproved": "il rattacherait une autre adresse au compte de son expéditeur, et rien ne prouve "
        "qu’il vient bien de lui",
        "ambiguous": "il porte les références de plusieurs demandes, et rien ne dit laquelle est la bonne",
        "bad_reference": "la référence qu’il porte n’est pas valable\u00a0; son expéditeur en a été averti une fois",
        "plain_reply:not-by-link": "il répond à l’un de nos messages par le bouton Répondre, alors que les clients "
        "répondent par le lien qui s’y trouve\u00a0; son expéditeur en a été averti une fois",
        "plain_reply": "il ressemble à une réponse, mais ne porte aucune référence\u00a0; son expéditeur en a "
        "été averti "
        "une fois",
        "spoof_suspect": "le serveur qui l’a reçu dit qu’il ne vient pas de l’adresse affichée",
        "unsigned_agent": "il est arrivé au nom d’un agent, sans la preuve qu’il vient bien de lui",
        "unknown_sender": "son expéditeur n’a pas de compte\u00a0; il a été invité une fois à en demander un",
        "quarantined": "il n’a pas pu être lu sans risque",
        "quarantined:no-sender": "son expéditeur n’est pas lisible",
        "quarantined:our-fault": "une erreur de notre logiciel a interrompu son traitement",
        "quarantined:poison": "son traitement a plusieurs fois arrêté notre logiciel",
        "quarantined:bytes-lost": "le fichier qui le contenait est perdu",
        "agent": "un robot semble répondre au nom de cet agent\u00a0: trop de réponses ont été refusées en une heure",
        "loop": "trop de messages semblables sont venus de cette adresse en peu de temps\u00a0; une machine répond "
        "sans doute à nos messages",
        "redirected": "les règles l’ont renvoyé vers un autre interlocuteur",
        "spam": "le filtre l’a pris pour un message indésirable",
    },
    "en": {
        "stranger": "its sender does not take part in the request whose reference it carries; a participant may have "
        "passed it on",
        "stranger:no-agent-any-more": "its sender was a member of the team, and has left it",
        "stranger:claim-of-another": "the link that was followed had been sent to somebody else",
        "stranger:joining-unproved": "it would add another address to its sender’s account, and nothing proves that it "
        "is from them",
        "ambiguous": "it carries the references of several requests, and nothing says which is the right one",
        "bad_reference": "the reference that it carries is not valid; its sender was told so once",
        "plain_reply:not-by-link": "it answers one of our messages by the Reply button, and customers answer by the "
        "link in it; its sender was told so once",
        "plain_reply": "it looks like an answer, but carries no reference; its sender was told so once",
        "spoof_suspect": "the server that took it says that it does not come from the address shown",
        "unsigned_agent": "it came in an agent’s name, without the proof that it is from them",
        "unknown_sender": "its sender has no account; they were invited once to ask for one",
        "quarantined": "it could not be read safely",
        "quarantined:no-sender": "its sender cannot be read",
        "quarantined:our-fault": "an error in our software has interrupted its handling",
        "quarantined:poison": "handling it has stopped our software several times",
        "quarantined:bytes-lost": "the file that held it is lost",
        "agent": "a robot seems to answer in this agent’s name: too many answers were refused within an hour",
        "loop": "too many messages like it have come from this address in a short time; a machine is probably "
        "answering our messages",
        "redirected": "the rules have sent it elsewhere",
        "spam": "the filter took it for unwanted mail",
    },
}


def why_text(verdict: str, reason: str, language: str) -> str:
    """Why a mail is held, as the end of a sentence that begins "it is held because"."""
    words = _WHY[language]
    kind = "agent" if verdict.startswith("agent_") else verdict
    return words.get(f"{kind}:{reason}") or words[kind]


_LIST = {
    "fr": {
        "answers": "À regarder d’abord\u00a0: des réponses de clients, prises pour des messages indésirables",
        "held": "Retenu\u00a0: {why}",
        "spam": "Pris par le filtre pour des messages indésirables",
        "lists": "Venus par une liste de diffusion, de personnes connues",
        "redirected": "Renvoyés vers d’autres interlocuteurs par les règles",
        "mail": "{sender}, «\u00a0{subject}\u00a0» (n°\u00a0{number}), arrivé le {when}",
        "nobody": "expéditeur illisible",
        "no-subject": "(sans objet)",
        "due": "\u00a0; à décider avant le {when}",
        "overdue": "\u00a0; en retard depuis le {when}",
        "silent": "\u00a0; son expéditeur n’en a pas été averti",
        "proof-fail": "\u00a0; attention, il ne vient sans doute pas de cette adresse",
        "proof-none": "\u00a0; rien ne prouve qu’il vient de cette adresse",
        "more": "et au moins {number} autres\u00a0: maild held list",
        "loops": "{sender}\u00a0: {number} message(s) en boucle, laissés sans réponse",
        "blocked": "{number} message(s) d’expéditeurs bloqués",
    },
    "en": {
        "answers": "To look at first: answers of customers that the filter took for unwanted mail",
        "held": "Held: {why}",
        "spam": "Taken for unwanted mail by the filter",
        "lists": "Came by a mailing list, from people you know",
        "redirected": "Sent elsewhere by the rules",
        "mail": "{sender}, “{subject}” (no. {number}), arrived on {when}",
        "nobody": "unreadable sender",
        "no-subject": "(no subject)",
        "due": "; to be decided before {when}",
        "overdue": "; overdue since {when}",
        "silent": "; its sender was not told",
        "proof-fail": "; beware, it most likely does not come from this address",
        "proof-none": "; nothing proves that it comes from this address",
        "more": "and at least {number} more: maild held list",
        "loops": "{sender}: {number} message(s) in a loop, left unanswered",
        "blocked": "{number} message(s) of blocked senders",
    },
}


def list_words(language: str) -> dict[str, str]:
    """The words of the daily list, with what is to be filled in."""
    return _LIST[language]
