"""Words for slugs: what was done and what was not, in the reader's language. Data and a look-up."""

_PROBLEMS = {
    "fr": {
        "unknown-command": "La ligne «\u00a0{what}\u00a0» n’est pas une commande connue{nearest}.",
        "misplaced-command": "La ligne «\u00a0{what}\u00a0» ressemble à une commande, mais se trouve au milieu du "
        "texte ou derrière un autre signe. Placez-la seule sur sa ligne, au début ou à la fin.",
        "unexpected-argument": "La commande «\u00a0{what}\u00a0» ne prend rien après elle.",
        "cut-in-doubt": "Nous ne pouvons pas distinguer avec certitude votre texte du message cité. "
        "Répondez au-dessus du message cité, ou effacez-le.",
        "internal-text": "Votre texte contient un passage réservé à l’équipe\u00a0: «\u00a0{what}\u00a0».",
        "own-address": "Votre texte contient votre adresse personnelle ({what}), que le client ne doit pas voir.",
        "agents-address": "Votre texte contient l’adresse d’un membre de l’équipe ({what}), que le client ne doit pas "
        "voir.",
        "internal-attachment": "La pièce jointe «\u00a0{what}\u00a0» contient une référence, une adresse ou un passage "
        "réservé à l’équipe. Retirez-la, ou joignez le document d’origine.",
        "encrypted": "Votre message, ou une partie de celui-ci ({what}), est chiffré ou dans un format propre à votre "
        "messagerie, et ne peut pas être lu ici. Envoyez-le sans chiffrement, en HTML ou en texte brut.",
        "forward": "Ce message est un transfert, pas une réponse. Pour écrire au client, répondez à l’une de nos "
        "notifications\u00a0; ce que vous avez transféré n’a été montré à personne.",
        "customers-reference": "La référence que porte votre message est celle d’un client. Pour agir sur cette "
        "demande, utilisez votre propre notification, par exemple en répondant à ce message.",
        "empty": "Votre message ne contient ni texte ni commande.",
        "conflict": "Ces commandes se contredisent\u00a0: {what}.",
        "unreachable": "Aucun message ne peut être remis à l’adresse du client ({what}).",
        "impossible": "La commande {what} n’est pas possible dans l’état actuel de la demande.",
    },
    "en": {
        "unknown-command": "The line “{what}” is not a known command{nearest}.",
        "misplaced-command": "The line “{what}” looks like a command, but stands in the middle of the text or behind "
        "another sign. Put it on a line of its own, in the first or last lines.",
        "unexpected-argument": "The command “{what}” takes nothing after it.",
        "cut-in-doubt": "Your text can’t be told apart from the quoted mail with certainty. "
        "Answer above the quoted mail, or delete it.",
        "internal-text": "Your text contains something meant for the team only: “{what}”.",
        "own-address": "Your text contains your own address ({what}), which the customer must not see.",
        "agents-address": "Your text contains the address of a member of the team ({what}), which the customer must "
        "not see.",
        "internal-attachment": "The attachment “{what}” holds a reference, an address or a passage meant for the team "
        "only. Leave it out, or attach the original document.",
        "encrypted": "Your mail, or a part of it ({what}), is encrypted or in a format that only your mail program "
        "knows, and can’t be read here. Send it unencrypted, as HTML or plain text.",
        "forward": "This mail is a forward, not an answer. To write to the customer, reply to one of our notices; what "
        "you forwarded has been shown to nobody.",
        "customers-reference": "The reference in your mail is a customer’s. To work on this request, use your own "
        "notice, for instance by replying to this mail.",
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
