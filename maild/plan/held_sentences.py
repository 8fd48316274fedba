"""Why was nothing done to a held mail? Sentences for whoever decided on it."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "not-for-held": "La commande «\u00a0{what}\u00a0» ne concerne pas un message retenu.",
        "only-for-held": "La commande «\u00a0{what}\u00a0» ne s’emploie qu’en réponse à l’annonce d’un message retenu.",
        "no-end-said": "Vous avez répondu à l’annonce d’un message retenu\u00a0: dites ce qu’il doit devenir, "
        "par l’une des "
        "commandes ci-dessous. Votre texte n’a été envoyé à personne.",
        "no-such-ticket": "Aucune demande ne répond à la référence «\u00a0{what}\u00a0».",
        "needs-a-place": "Rien dans ce message ne dit où il doit aller\u00a0: nommez la demande (#release 1042) ou "
        "demandez-en une nouvelle (#release new).",
        "unreadable": "Ce message n’a pas d’expéditeur ou de texte qui puisse être lu sans risque\u00a0: il ne "
        "peut qu’être "
        "écarté.",
        "unseen": "Ce message est arrivé à votre nom sans la preuve qu’il vient de vous, et son texte ne vous a "
        "pas été montré\u00a0: vous ne pouvez que l’écarter. S’il est de vous, renvoyez-le en répondant à l’un de nos "
        "messages, ou demandez à l’administrateur de le lire et de le faire entrer.",
        "a-click": "Ce message est lui-même un clic sur l’un de nos liens\u00a0: il ne peut qu’être écarté.",
        "no-one-to-admit": "Personne ne peut être admis\u00a0: seul qui écrit dans une demande sans y "
        "participer peut l’être.",
        "admit-whom": "La ligne «\u00a0{what}\u00a0» ne nomme pas d’adresse connue. Écrivez «\u00a0#admit\u00a0» "
        "seul, ou «\u00a0#admit même-que\u00a0» et l’adresse que nous connaissons.",
        "nobody-known": "Nous ne connaissons personne sous l’adresse {what}\u00a0: aucune adresse ne peut y être "
        "rattachée.",
        "is-somebody": "L’expéditeur est déjà connu comme une autre personne\u00a0: une adresse n’appartient qu’à une "
        "seule.",
        "no-account-allowed": "La liste des clients dit que cet expéditeur n’a pas de compte\u00a0: l’administrateur "
        "peut l’y changer.",
        "not-of-that-person": "{what} ne participe pas non plus à la demande que nomme ce message\u00a0: l’adresse n’a "
        "pas été rattachée. Placez le message par «\u00a0#release\u00a0», ou admettez son expéditeur.",
        "agents-are-not-admitted": "L’expéditeur est ou a été un agent\u00a0: il n’est pas admis comme client.",
        "admit-needs-proof": "Pour admettre quelqu’un, le serveur qui reçoit vos messages doit se porter "
        "garant de vous. "
        "L’administrateur peut le faire sur le serveur\u00a0: maild held admit.",
    },
    "en": {
        "not-for-held": "The command “{what}” has nothing to do with a held message.",
        "only-for-held": "The command “{what}” is for answers to the word about a held message only.",
        "no-end-said": "You have answered the word about a held message: say what is to become of it, by one of the "
        "commands below. Your text was sent to nobody.",
        "no-such-ticket": "No request has the reference “{what}”.",
        "needs-a-place": "Nothing in this message says where it belongs: name the request (#release 1042) "
        "or ask for "
        "a new one (#release new).",
        "unreadable": "This message has no sender or no text that could be read safely: it can only be discarded.",
        "unseen": "This message came in your name without the proof that it is yours, and its text was not shown to "
        "you: you can only discard it. If you wrote it, send it again by answering one of our mails, or ask the "
        "administrator to read it and let it in.",
        "a-click": "This message is itself a click on one of our links: it can only be discarded.",
        "no-one-to-admit": "Nobody can be admitted: only who writes into a request without taking part in it can be.",
        "admit-whom": "The line “{what}” names no address. Write “#admit” alone, or “#admit same-as” and the address "
        "that we know.",
        "nobody-known": "We know nobody by the address {what}: no address can be joined to it.",
        "is-somebody": "Its sender is known as somebody else already: an address is one person’s.",
        "no-account-allowed": "The list of customers says that this sender has no account: the administrator can "
        "change it there.",
        "not-of-that-person": "{what} does not take part in the request that this message names either: the address "
        "was not joined. Place the message by “#release”, or admit its sender.",
        "agents-are-not-admitted": "Its sender is or was an agent, who is not admitted as a customer.",
        "admit-needs-proof": "To admit somebody, the server that takes your mails must vouch for you. The "
        "administrator "
        "can do it on the server: maild held admit.",
    },
}
