"""Words for slugs: what was done and what was not, in the reader's language. Data and a look-up."""

from collections.abc import Sequence

from maild.plan import (
    hand_sentences,
    held_sentences,
    move_sentences,
    question_sentences,
    recording_sentences,
    topic_sentences,
)
from maild.plan.sentences import Sentences, joined

_OF_ALL: Sentences = {
    "fr": {
        "unknown-command": "La ligne «\u00a0{what}\u00a0» n’est pas une commande connue{nearest}.",
        "misplaced-command": "La ligne «\u00a0{what}\u00a0» ressemble à une commande, mais se trouve au milieu du "
        "texte ou derrière un autre signe. Placez-la seule sur sa ligne, au début ou à la fin.",
        "unknown-value": "La ligne «\u00a0{what}\u00a0» ne dit rien que nous connaissions{nearest}.",
        "no-path": "Aucune escalade n’est prévue par les règles de l’équipe\u00a0: {what} est sans effet.",
        "path-ended": "Cette demande est déjà au dernier échelon\u00a0: {what}.",
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
        "looks-automatic": "L’objet de votre message («\u00a0{what}\u00a0») est celui d’une réponse automatique. S’il "
        "est bien de vous, répondez à l’une de nos notifications sans en changer l’objet.",
        "customers-reference": "La référence que porte votre message est celle d’un client. Pour agir sur cette "
        "demande, utilisez votre propre notification, par exemple en répondant à ce message.",
        "empty": "Votre message ne contient ni texte ni commande.",
        "conflict": "Ces commandes se contredisent\u00a0: {what}.",
        "unreachable": "Aucun message ne peut être remis à l’adresse du client ({what}).",
        "impossible": "La commande {what} n’est pas possible dans l’état actuel de la demande.",
        "spam-with-words": "La demande n’a pas été annulée\u00a0: avec {what}, rien n’est envoyé\u00a0; "
        "retirez votre texte.",
        "block-refused": "Rien n’a été bloqué\u00a0: {what}.",
        "unblock-whom": "Dites quelle adresse ou quel domaine débloquer\u00a0: #débloquer adresse.",
        "cancel-without-reason": "Dites au client pourquoi sa demande est annulée\u00a0: écrivez le motif derrière "
        "{what}, ou dans le texte du message.",
        "missing-argument": "Il manque quelque chose derrière «\u00a0{what}\u00a0»\u00a0: un numéro de demande ou une "
        "adresse.",
        "needs-proof": "La ligne «\u00a0{what}\u00a0» demande la preuve que le message vient bien de vous, et votre "
        "serveur de messagerie ne la donne pas.",
        "stands-alone": "La commande «\u00a0{what}\u00a0» ne va avec aucune autre, ni fusion avec un texte\u00a0: "
        "envoyez-la seule, et le reste à part.",
    },
    "en": {
        "unknown-command": "The line “{what}” is not a known command{nearest}.",
        "misplaced-command": "The line “{what}” looks like a command, but stands in the middle of the text or behind "
        "another sign. Put it on a line of its own, in the first or last lines.",
        "unknown-value": "The line “{what}” says nothing that is known here{nearest}.",
        "no-path": "The rules of the team name nobody to whom a request could go up: {what} does nothing.",
        "path-ended": "This request is at the last step already: {what}.",
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
        "looks-automatic": "The subject of your message (“{what}”) is that of an automatic answer. If it is really "
        "yours, reply to one of our notices and leave its subject as it is.",
        "customers-reference": "The reference in your mail is a customer’s. To work on this request, use your own "
        "notice, for instance by replying to this mail.",
        "empty": "Your mail contains neither text nor a command.",
        "conflict": "These commands contradict each other: {what}.",
        "unreachable": "No mail can be delivered to the customer’s address ({what}).",
        "impossible": "The command {what} is not possible in the present state of the request.",
        "spam-with-words": "The request was not cancelled: with {what} nothing is sent; take your text out.",
        "block-refused": "Nothing was blocked: {what}.",
        "unblock-whom": "Say which address or domain to unblock: #unblock address.",
        "cancel-without-reason": "Tell the customer why the request is cancelled: write the reason behind {what}, or "
        "in the text of the mail.",
        "missing-argument": "Something is missing behind “{what}”: the number of a request, or an address.",
        "needs-proof": "The line “{what}” asks for proof that the mail is yours, and your mail server gives none.",
        "stands-alone": "The command “{what}” goes with no other one, nor a merge with a text: send it alone, and the "
        "rest apart.",
    },
}
_NEAREST = {"fr": "\u00a0; vouliez-vous écrire «\u00a0#{word}\u00a0»\u00a0?", "en": "; did you mean “#{word}”?"}
_POSSIBLE = {"fr": "\u00a0; valeurs possibles\u00a0: {values}", "en": "; possible values: {values}"}
_DONE: Sentences = {
    "fr": {
        "priority": "La priorité de la demande est maintenant «\u00a0{what}\u00a0».",
        "priority-confirmed": "La priorité «\u00a0{what}\u00a0» est confirmée.",
        "priority-told": "Le client est informé de la priorité.",
        "impact": "L’impact est «\u00a0{what}\u00a0».",
        "urgency": "L’urgence est «\u00a0{what}\u00a0».",
        "type": "Le type de la demande est maintenant «\u00a0{what}\u00a0».",
        "product": "Le produit est maintenant «\u00a0{what}\u00a0».",
        "queue": "La demande est dans la file «\u00a0{what}\u00a0».",
        "tag": "Étiquettes ajoutées\u00a0: {what}.",
        "escalate": "La demande monte d’un échelon\u00a0: {what}.",
        "pending": "La demande attend la réponse du client\u00a0; les relances sont programmées.",
        "resolve": "La demande est close comme résolue\u00a0; le client en est informé.",
        "decline": "La demande est close par un refus\u00a0; le client en est informé.",
        "cancel": "La demande est annulée\u00a0; le client en est informé.",
        "open": "La demande est de nouveau ouverte\u00a0; les relances sont arrêtées.",
        "spam": "La demande est annulée\u00a0; rien n’a été envoyé à son auteur.",
    },
    "en": {
        "priority": "The priority of the request is now “{what}”.",
        "priority-confirmed": "The priority “{what}” is confirmed.",
        "priority-told": "The customer is told of the priority.",
        "impact": "The impact is “{what}”.",
        "urgency": "The urgency is “{what}”.",
        "type": "The type of the request is now “{what}”.",
        "product": "The product is now “{what}”.",
        "queue": "The request is in the queue “{what}”.",
        "tag": "Tags added: {what}.",
        "escalate": "The request goes one step up: {what}.",
        "pending": "The request waits for the customer; reminders are scheduled.",
        "resolve": "The request is resolved; the customer is told.",
        "decline": "The request ends by a refusal; the customer is told.",
        "cancel": "The request is cancelled; the customer is told.",
        "open": "The request is open again; reminders are stopped.",
        "spam": "The request is cancelled; nothing was sent to who wrote it.",
    },
}

_FAMILIES = (
    held_sentences,
    move_sentences,
    hand_sentences,
    question_sentences,
    recording_sentences,
    topic_sentences,
)
_PROBLEMS = joined(_OF_ALL, *(family.PROBLEMS for family in _FAMILIES))
_RESULTS = joined(_DONE, *(family.RESULTS for family in _FAMILIES if family is not held_sentences))


def problem_text(slug: str, what: str, nearest: str, language: str, values: Sequence[str] = ()) -> str:
    """A problem of an agent's mail in a sentence that names the line and, for a mistyped command, the nearest word; for
    a mistyped value the line that was meant, or else all that may be said there."""
    hint = ""
    if slug in ("unknown-command", "unknown-value", "unknown-hands", "unknown-day"):
        hint = _NEAREST[language].format(word=nearest) if nearest else ""
        hint = hint or (_POSSIBLE[language].format(values=", ".join(values)) if values else "")
    text = _PROBLEMS[language][slug].format(what=what, nearest=hint)
    return text.removesuffix(".") if text.endswith("?.") else text


def result_text(command: str, language: str, what: str = "") -> str:
    """What a command did, in a sentence. `what`: the request or the person whom it is about."""
    return _RESULTS[language][command].format(what=what)
