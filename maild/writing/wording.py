"""How days, instants and our slugs are written for people, in French and in English.

No locale of the system is asked: servers seldom have it.
"""

from datetime import date, datetime

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def day(when: date, language: str) -> str:
    """« lundi 14 décembre 2026 » or "Monday 14 December 2026"; of an instant, the day in the zone that it carries."""
    number = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{DAYS[language][when.weekday()]} {number}\u00a0{_MONTHS[language][when.month - 1]} {when.year}"


def instant(when: datetime, language: str) -> str:
    """« lundi 14 décembre 2026 à 10 h 30 » or "Monday 14 December 2026 at 10:30", in the zone that it carries."""
    if language == "fr":
        clock = f"à {when.hour}\u00a0h" + (f"\u00a0{when.minute:02}" if when.minute else "")
    else:
        clock = f"at {when.hour:02}:{when.minute:02}"
    return f"{day(when, language)} {clock}"


_FAULTS = (  # of a reference; people are not told more
    *("malformed", "unknown-key", "revoked-key", "retired-key", "unknown-claim", "unknown-ticket"),
    *("unknown-participant", "wrong-signature", "revoked", "no-such-purpose"),
)
# Slugs as people read them. What is not here, such as a type that a rules file made up, is shown as it is.
_WORDS = {
    "fr": {
        "low": "basse",
        "normal": "normale",
        "high": "haute",
        "critical": "critique",
        "priority-low": "basse",
        "priority-normal": "normale",
        "priority-high": "haute",
        "priority-critical": "critique",
        "impact-low": "faible",
        "impact-medium": "moyen",
        "impact-high": "élevé",
        "urgency-low": "faible",
        "urgency-medium": "moyenne",
        "urgency-high": "élevée",
        "new": "nouvelle",
        "open": "en cours",
        "pending": "en attente du client",
        "on_hold": "suspendue",
        "resolved": "résolue",
        "closed": "close",
        "list-in-hand": "en cours de traitement",  # policies.md, P11: what a customer reads
        "list-waiting": "en attente d’une réponse",
        "list-resolved": "résolu",
        "list-closed": "clôturé",
        "cancelled": "annulée",
        "undeliverable": "Un message n’a pas pu être remis",
        "handed-over": "Une demande ne vous est plus confiée",
        "added": "Vous suivez désormais une demande",
        "recorded": "Une demande est ouverte pour le client",
        "rule-opened": "Une nouvelle demande est arrivée",
        "rule-customer_replied": "Un client a répondu",
        "rule-agent_replied": "Un client a reçu une réponse",
        "rule-pending": "Une demande attend son client",
        "rule-on_hold": "Une demande est suspendue",
        "hold-over": "Une demande suspendue reprend",
        "rule-resolved": "Une demande est résolue",
        "rule-reopened": "Une demande est rouverte",
        "rule-unassigned": "Une demande n’a encore été prise par personne",
        "rule-rated": "Un client a donné une note",
        "rule-refuse": "Une demande a été refusée",
        "rule-cancel": "Une demande a été annulée",
        "rule-redirect": "Une demande a été renvoyée ailleurs",
        "rated-bad": "Un client est mécontent",
        "good": "bonne",
        "bad": "mauvaise",
        "solved": "réglée",
        "declined": "refusée",
        "no_answer": "close sans nouvelle du client",
        "rule-escalation_asked": "Une demande monte d’un échelon",
        "escalated": "Une demande vous est transmise",
        "undelivered": "Un message n’a pas été remis",
        "said-to-fail": "Un message n’a peut-être pas été remis",
        "unconfirmed": "Un message est resté sans confirmation",
        "held-overdue": "Un message retenu attend une décision",
        "quarantined": "Un message illisible est retenu",
        "not-worked": "Un message n’a pas pu être traité",
        "too-many-refusals": "Un robot répond au nom d’un agent",
        "not-passed-on": "Un message n’est pas parvenu à l’ancien système",
        "loop": "Une adresse nous écrit en boucle",
        "answers-stopped": "Réponses automatiques suspendues",
        "budget": "son expéditeur nous écrit en boucle",
        "old-system": "il vient de l’ancien système",
        "mailbox-login": "Connexion refusée à une boîte",
        "mailbox-down": "Une boîte n’est plus lue",
        "too-large": "Un message trop volumineux attend",
        "unreadable": "Un message ne peut pas être lu",
        "not-filed": "Des messages ne peuvent pas être rangés",
        "bytes-lost": "Des messages conservés ont perdu leur fichier",
        "smtp-configuration": "Envois arrêtés, à corriger dans les réglages",
        "smtp-down": "Envois arrêtés, le serveur ne répond pas",
        "smtp-refuses-all": "Envois arrêtés, le serveur refuse tout",
        "intake-failing": "Les messages reçus ne sont plus traités",
        "disk-full": "Le disque est plein, tout est arrêté",
        "database": "La base de données est hors d’usage",
        "disk-low": "Le disque est presque plein",
        "clock-ahead": "L’horloge a fait un bond en avant",
        "audit-differences": "Le contrôle a trouvé des différences",
        "template-failed": "Un de vos modèles de message est en défaut",
        "rules-refused": "Les règles modifiées sont refusées, les anciennes restent",
        "rules-wait": "Des réglages attendent un redémarrage",
        "agent-gone": "Des demandes sont confiées à quelqu’un qui n’est plus agent",
        "restored": "La base de données a été restaurée",
        "no-account": "son expéditeur n’a pas de compte",
        "account-asked": "son expéditeur demande un compte",
        "joining-unproved": "rien ne prouve que le propriétaire du compte a cliqué",
        "not-a-participant": "son expéditeur ne participe pas à cette demande",
        "no-agent-any-more": "son expéditeur a quitté l’équipe",
        "claim-of-another": "le lien suivi avait été envoyé à une autre personne",
        "authentication-failed": "rien ne prouve qu’il vient de l’adresse affichée",
        "several-tickets": "il porte les références de plusieurs demandes",
        "no-reference": "il ne porte pas de référence",
        "no-sender": "son expéditeur n’est pas lisible",
        "form-without-requester": "le formulaire ne dit pas à qui répondre, ou nomme plusieurs personnes",
        "list-without-author": "la liste ne dit pas qui l’a écrit, ou nomme plusieurs personnes",
        "our-fault": "une erreur de notre logiciel a interrompu son traitement",
        "poison": "son traitement a plusieurs fois arrêté notre logiciel",
        "reading-died": "sa lecture a arrêté notre logiciel",
        "reading-took-too-long": "sa lecture prenait trop de temps",
        **dict.fromkeys(_FAULTS, "sa référence n’est pas valable"),
    },
    "en": {
        **{f"priority-{slug}": slug for slug in ("low", "normal", "high", "critical")},
        **{f"{what}-{slug}": slug for what in ("impact", "urgency") for slug in ("low", "medium", "high")},
        "pending": "waiting for the customer",
        "on_hold": "on hold",
        "list-in-hand": "being worked on",
        "list-waiting": "waiting for an answer",
        "list-resolved": "resolved",
        "list-closed": "closed",
        "undeliverable": "A message could not be delivered",
        "handed-over": "A request is no longer yours",
        "added": "You follow a request from now on",
        "recorded": "A request is open for the customer",
        "rule-opened": "A new request has come",
        "rule-customer_replied": "A customer has replied",
        "rule-agent_replied": "A customer has got an answer",
        "rule-pending": "A request waits for its customer",
        "rule-on_hold": "A request is on hold",
        "hold-over": "A request is no longer on hold",
        "rule-resolved": "A request is resolved",
        "rule-reopened": "A request is open again",
        "rule-unassigned": "Nobody has taken a request yet",
        "rule-rated": "A customer has given a rating",
        "rule-refuse": "A request was refused",
        "rule-cancel": "A request was cancelled",
        "rule-redirect": "A request was sent elsewhere",
        "rated-bad": "A customer is dissatisfied",
        "no_answer": "closed without news from the customer",
        "rule-escalation_asked": "A request goes one step up",
        "escalated": "A request is passed up to you",
        "undelivered": "A message was not delivered",
        "said-to-fail": "A message may not have been delivered",
        "unconfirmed": "A message was never confirmed",
        "held-overdue": "A held message waits for a decision",
        "quarantined": "An unreadable message is held",
        "not-worked": "A message could not be worked",
        "too-many-refusals": "A robot answers in an agent’s name",
        "not-passed-on": "A message did not reach the old system",
        "loop": "An address writes to us in a loop",
        "answers-stopped": "Automatic answers are suspended",
        "budget": "its sender writes to us in a loop",
        "old-system": "it comes from the old system",
        "mailbox-login": "The login to a mailbox is refused",
        "mailbox-down": "A mailbox can’t be read",
        "too-large": "A message is too large to be taken",
        "unreadable": "A message can’t be read",
        "not-filed": "Messages can’t be filed",
        "bytes-lost": "Kept messages have lost their files",
        "smtp-configuration": "Mail does not leave: a setting is wrong",
        "smtp-down": "No mail leaves: the server does not answer",
        "smtp-refuses-all": "No mail leaves: the server refuses all",
        "intake-failing": "Received messages are not worked",
        "disk-full": "The disk is full, all work has stopped",
        "database": "The database can’t be used",
        "disk-low": "The disk is almost full",
        "clock-ahead": "The clock has jumped ahead",
        "audit-differences": "The audit has found differences",
        "template-failed": "One of your templates is faulty",
        "rules-refused": "The changed rules are refused, the old ones stay",
        "rules-wait": "Some settings wait for a restart",
        "agent-gone": "Requests are in the hands of somebody who is no agent",
        "restored": "The database was restored",
        "no-account": "its sender has no account",
        "account-asked": "its sender asks for an account",
        "joining-unproved": "nothing proves that the owner of the account has clicked",
        "not-a-participant": "its sender is not on this request",
        "no-agent-any-more": "its sender has left the team",
        "claim-of-another": "the link that was followed had been sent to somebody else",
        "authentication-failed": "nothing proves that it comes from the address shown",
        "several-tickets": "it carries the references of several requests",
        "no-reference": "it carries no reference",
        "no-sender": "its sender cannot be read",
        "form-without-requester": "the form does not say whom to answer, or names several people",
        "list-without-author": "the list does not say who wrote it, or names several people",
        "our-fault": "an error in our software has interrupted its handling",
        "poison": "handling it has stopped our software several times",
        "reading-died": "reading it has stopped our software",
        "reading-took-too-long": "reading it took too long",
        **dict.fromkeys(_FAULTS, "its reference is not valid"),
    },
}


def word(slug: object, language: str) -> str:
    """A priority, a state or a reason in the words of the language; None is ''."""
    return "" if slug is None else _WORDS[language].get(str(slug), str(slug))


def level(slug: object, what: str, language: str) -> str:
    """An impact or an urgency in the words of the language; what a customer wrote and we do not know, as they did."""
    return _WORDS[language].get(f"{what}-{slug}", str(slug or ""))
