"""The words of a report's tables, in French and in English; lengths and shares as people write them."""

from collections.abc import Mapping
from datetime import timedelta

_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "volumes": "Activité",
        "opened": "Demandes reçues",
        "ended": "Demandes closes",
        "reopened": "Demandes rouvertes",
        "open_now": "Demandes en cours",
        "solved": "dont résolues",
        "declined": "dont refusées",
        "no_answer": "dont restées sans réponse du client",
        "duplicate": "dont en double",
        "cancelled": "dont annulées",
        "unknown": "dont pour une autre raison",
        "promises": "Délais tenus",
        "first_response": "Première réponse",
        "next_response": "Réponse suivante",
        "resolution": "Résolution",
        "share": "{share} ({part}\u00a0sur\u00a0{all})",
        "ratings": "Satisfaction",
        "good": "Bonnes notes",
        "rated-good": "bonnes notes",
        "rated-bad": "mauvaises notes",
        "response": "Temps jusqu’à la première réponse",
        "median": "la moitié en moins de",
        "ninetieth": "neuf sur dix en moins de",
        "in-open-hours": "En heures d’ouverture",
        "elapsed": "En temps écoulé",
        "ages": "Ancienneté des demandes en cours",
        "age-0": "Moins d’un jour",
        "age-1": "De 1 à 3 jours",
        "age-2": "De 3 à 7 jours",
        "age-3": "De 7 à 28 jours",
        "age-4": "Plus de 28 jours",
        "queue": "Par file",
        "agent": "Par personne",
        "organisation": "Par organisation",
        "priority": "Par priorité",
        "none-queue": "Sans file",
        "none-agent": "Personne",
        "none-organisation": "Sans organisation",
        "none-priority": "Sans priorité",
        "group-opened": "reçues",
        "group-ended": "closes",
        "group-open": "en cours",
        "group-kept": "première réponse à temps",
        "more": "Les {n} autres lignes sont dans le fichier joint.",
        "of": "groupe",
        "name": "nom",
        "met": "{target}, tenus",
        "breached": "{target}, dépassés",
        "minutes": "première réponse, {what} (minutes d’ouverture)",
        "what-median": "médiane",
        "what-ninetieth": "neuf sur dix",
        "all": "ensemble",
        "file": "rapport-{day}.csv",
    },
    "en": {
        "volumes": "Activity",
        "opened": "Requests received",
        "ended": "Requests ended",
        "reopened": "Requests opened again",
        "open_now": "Requests open now",
        "solved": "of these solved",
        "declined": "of these declined",
        "no_answer": "of these without an answer from the customer",
        "duplicate": "of these duplicates",
        "cancelled": "of these cancelled",
        "unknown": "of these for another reason",
        "promises": "Promised times kept",
        "first_response": "First response",
        "next_response": "Next response",
        "resolution": "Resolution",
        "share": "{share} ({part}\u00a0of\u00a0{all})",
        "ratings": "Satisfaction",
        "good": "Good ratings",
        "rated-good": "good ratings",
        "rated-bad": "bad ratings",
        "response": "Time to the first response",
        "median": "half of them within",
        "ninetieth": "nine of ten within",
        "in-open-hours": "In opening hours",
        "elapsed": "In all",
        "ages": "Age of the open requests",
        "age-0": "Less than a day",
        "age-1": "1 to 3 days",
        "age-2": "3 to 7 days",
        "age-3": "7 to 28 days",
        "age-4": "More than 28 days",
        "queue": "By queue",
        "agent": "By person",
        "organisation": "By organisation",
        "priority": "By priority",
        "none-queue": "No queue",
        "none-agent": "Nobody",
        "none-organisation": "No organisation",
        "none-priority": "No priority",
        "group-opened": "received",
        "group-ended": "ended",
        "group-open": "open",
        "group-kept": "first response in time",
        "more": "The other {n} lines are in the file attached.",
        "of": "group",
        "name": "name",
        "met": "{target}, met",
        "breached": "{target}, too late",
        "minutes": "first response, {what} (minutes of opening)",
        "what-median": "median",
        "what-ninetieth": "nine of ten",
        "all": "all",
        "file": "report-{day}.csv",
    },
}


def report_words(language: str) -> Mapping[str, str]:
    """By their slugs."""
    return _WORDS[language]


def share(part: int, whole: int, language: str) -> str:
    """« 92 % » or "92%": never rounded up to all of them, nor down to none."""
    percent = 100 * part / whole
    rounded = min(round(percent), 99) if part < whole else 100
    rounded = max(rounded, 1) if part else 0
    return f"{rounded}\u00a0%" if language == "fr" else f"{rounded}%"


def length(value: timedelta, language: str) -> str:
    """« 3 h 05 », « 25 min » or "3 h 05 min"."""
    minutes = round(value / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    if language == "fr":
        return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")
    return f"{hours}\u00a0h" + (f"\u00a0{rest}\u00a0min" if rest else "")
