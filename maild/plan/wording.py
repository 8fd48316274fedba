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
        "not-for-held": "La commande «\u00a0{what}\u00a0» ne concerne pas un message retenu.",
        "only-for-held": "La commande «\u00a0{what}\u00a0» ne s’emploie qu’en réponse à l’annonce d’un message retenu.",
        "no-end-said": "Vous avez répondu à l’annonce d’un message retenu\u00a0: dites ce qu’il doit devenir, "
        "par l’une des "
        "commandes ci-dessous. Votre texte n’a été envoyé à personne.",
        "no-such-ticket": "Aucune demande ne répond à la référence «\u00a0{what}\u00a0».",
        "needs-a-place": "Rien dans ce message ne dit où il doit aller\u00a0: nommez la demande (#release ISY-1042) ou "
        "demandez-en une nouvelle (#release new).",
        "unreadable": "Ce message n’a pas d’expéditeur ou de texte qui puisse être lu sans risque\u00a0: il ne "
        "peut qu’être "
        "écarté.",
        "a-click": "Ce message est lui-même un clic sur l’un de nos liens\u00a0: il ne peut qu’être écarté.",
        "no-one-to-admit": "Personne ne peut être admis\u00a0: seul qui écrit dans une demande sans y "
        "participer peut l’être.",
        "agents-are-not-admitted": "L’expéditeur est ou a été un agent\u00a0: il n’est pas admis comme client.",
        "admit-needs-proof": "Pour admettre quelqu’un, le serveur qui reçoit vos messages doit se porter "
        "garant de vous. "
        "L’administrateur peut le faire sur le serveur\u00a0: maild held admit.",
        "spam-with-words": "La demande n’a pas été annulée\u00a0: avec {what}, rien n’est envoyé\u00a0; "
        "retirez votre texte.",
        "block-refused": "Rien n’a été bloqué\u00a0: {what}.",
        "unblock-whom": "Dites quelle adresse ou quel domaine débloquer\u00a0: #débloquer adresse.",
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
        "not-for-held": "The command “{what}” has nothing to do with a held message.",
        "only-for-held": "The command “{what}” is for answers to the word about a held message only.",
        "no-end-said": "You have answered the word about a held message: say what is to become of it, by one of the "
        "commands below. Your text was sent to nobody.",
        "no-such-ticket": "No request has the reference “{what}”.",
        "needs-a-place": "Nothing in this message says where it belongs: name the request (#release ISY-1042) "
        "or ask for "
        "a new one (#release new).",
        "unreadable": "This message has no sender or no text that could be read safely: it can only be discarded.",
        "a-click": "This message is itself a click on one of our links: it can only be discarded.",
        "no-one-to-admit": "Nobody can be admitted: only who writes into a request without taking part in it can be.",
        "agents-are-not-admitted": "Its sender is or was an agent, who is not admitted as a customer.",
        "admit-needs-proof": "To admit somebody, the server that takes your mails must vouch for you. The "
        "administrator "
        "can do it on the server: maild held admit.",
        "spam-with-words": "The request was not cancelled: with {what} nothing is sent; take your text out.",
        "block-refused": "Nothing was blocked: {what}.",
        "unblock-whom": "Say which address or domain to unblock: #unblock address.",
    },
}
_NEAREST = {"fr": "\u00a0; vouliez-vous écrire «\u00a0#{word}\u00a0»\u00a0?", "en": "; did you mean “#{word}”?"}
_RESULTS = {
    "fr": {
        "pending": "La demande attend la réponse du client\u00a0; les relances sont programmées.",
        "resolve": "La demande est close comme résolue\u00a0; le client en est informé.",
        "open": "La demande est de nouveau ouverte\u00a0; les relances sont arrêtées.",
        "spam": "La demande est annulée\u00a0; rien n’a été envoyé à son auteur.",
    },
    "en": {
        "pending": "The request waits for the customer; reminders are scheduled.",
        "resolve": "The request is resolved; the customer is told.",
        "open": "The request is open again; reminders are stopped.",
        "spam": "The request is cancelled; nothing was sent to who wrote it.",
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
