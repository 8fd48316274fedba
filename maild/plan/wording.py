"""Words for slugs: what was done and what was not, in the reader's language. Data and a look-up."""

_PROBLEMS = {
    "fr": {
        "unknown-command": "La ligne «\u00a0{what}\u00a0» n’est pas une commande connue{nearest}.",
        "misplaced-command": "La ligne «\u00a0{what}\u00a0» ressemble à une commande, mais se trouve au milieu du texte"
        ". Placez-la au début ou à la fin.",
        "unexpected-argument": "La commande «\u00a0{what}\u00a0» ne prend rien après elle.",
        "cut-in-doubt": "Nous ne pouvons pas distinguer avec certitude votre texte du message cité. "
        "Répondez au-dessus du message cité, ou effacez-le.",
        "internal-text": "Votre texte contient un passage réservé à l’équipe\u00a0: «\u00a0{what}\u00a0».",
        "own-address": "Votre texte contient votre adresse personnelle ({what}), que le client ne doit pas voir.",
        "empty": "Votre message ne contient ni texte ni commande.",
        "conflict": "Ces commandes se contredisent\u00a0: {what}.",
        "unreachable": "Aucun message ne peut être remis à l’adresse du client ({what}).",
        "impossible": "La commande {what} n’est pas possible dans l’état actuel de la demande.",
    },
    "en": {
        "unknown-command": "The line “{what}” is not a known command{nearest}.",
        "misplaced-command": "The line “{what}” looks like a command, but stands in the middle of the text. "
        "Put it in the first or last lines.",
        "unexpected-argument": "The command “{what}” takes nothing after it.",
        "cut-in-doubt": "Your text can’t be told apart from the quoted mail with certainty. "
        "Answer above the quoted mail, or delete it.",
        "internal-text": "Your text contains something meant for the team only: “{what}”.",
        "own-address": "Your text contains your own address ({what}), which the customer must not see.",
        "empty": "Your mail contains neither text nor a command.",
        "conflict": "These commands contradict each other: {what}.",
        "unreachable": "No mail can be delivered to the customer’s address ({what}).",
        "impossible": "The command {what} is not possible in the present state of the request.",
    },
}
_NEAREST = {"fr": "\u00a0; vouliez-vous écrire «\u00a0#{word}\u00a0»\u00a0?", "en": "; did you mean “#{word}”?"}
_RESULTS = {
    "fr": {
        "pending": "La demande attend la réponse du client\u00a0; les relances sont programmées.",
        "resolve": "La demande est close comme résolue\u00a0; le client en est informé.",
        "open": "La demande est de nouveau ouverte\u00a0; les relances sont arrêtées.",
    },
    "en": {
        "pending": "The request waits for the customer; reminders are scheduled.",
        "resolve": "The request is resolved; the customer is told.",
        "open": "The request is open again; reminders are stopped.",
    },
}


def problem_text(slug: str, what: str, nearest: str, language: str) -> str:
    """A problem of an agent's mail in a sentence that names the line and, for a mistyped command, the nearest word."""
    hint = _NEAREST[language].format(word=nearest) if nearest and slug == "unknown-command" else ""
    text = _PROBLEMS[language][slug].format(what=what, nearest=hint)
    return text.removesuffix(".") if text.endswith("?.") else text


def result_text(command: str, language: str) -> str:
    """What a command did, in a sentence."""
    return _RESULTS[language][command]
