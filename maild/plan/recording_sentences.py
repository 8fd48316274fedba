"""What did #for and #channel do, or why was no request recorded? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "no-customer": "Rien ne dit pour quel client ouvrir une demande\u00a0: le message transféré ne montre pas "
        "l’adresse d’une seule personne. Écrivez «\u00a0#pour adresse\u00a0» sur la première ligne, et renvoyez-le.",
        "several-customers": "Une demande s’ouvre pour une seule personne\u00a0: {what}. Ouvrez-la pour l’une, puis "
        "ajoutez l’autre avec «\u00a0#ajouter\u00a0».",
        "machines-address": "{what} est l’adresse d’un automate, que personne ne lit. Écrivez "
        "«\u00a0#pour adresse\u00a0» avec celle du client.",
        "not-while-recording": "La commande «\u00a0{what}\u00a0» s’adresse à une demande qui existe déjà. Ouvrez "
        "d’abord celle-ci, puis envoyez la commande en répondant à la notification.",
        "for-on-a-ticket": "«\u00a0{what}\u00a0» ouvre une demande pour quelqu’un d’autre, et ce message répond à une "
        "demande qui existe. Écrivez-le dans un nouveau message, sans référence.",
        "channel-too-long": "Un ou deux mots suffisent pour dire par où la demande est arrivée\u00a0: "
        "«\u00a0{what}\u00a0».",
    },
    "en": {
        "no-customer": "Nothing says for which customer a request is to be opened: the forwarded mail does not show "
        "the address of one person. Write “#for address” on the first line, and send it again.",
        "several-customers": "A request is opened for one person: {what}. Open it for one of them, then add the other "
        "with “#add”.",
        "machines-address": "{what} is the address of a machine that nobody reads. Write “#for address” with that of "
        "the customer.",
        "not-while-recording": "The command “{what}” is for a request that is there already. Open this one first, then "
        "send the command as a reply to the notice.",
        "for-on-a-ticket": "“{what}” opens a request for somebody else, and this mail answers a request that is there. "
        "Write it in a new mail, without a reference.",
        "channel-too-long": "A word or two are enough to say by what the request came: “{what}”.",
    },
}
RESULTS: Sentences = {
    "fr": {
        "channel": "Arrivée par\u00a0: {what}.",
        "recorded": "Vous avez enregistré cette demande\u00a0; l’accusé de réception est parti à {what}.",
        "recorded-untold": "Vous avez enregistré cette demande\u00a0; rien n’en a encore été écrit à {what}.",
    },
    "en": {
        "channel": "It came by {what}.",
        "recorded": "You have recorded this request; the acknowledgement has left for {what}.",
        "recorded-untold": "You have recorded this request; nothing of it has been written to {what} yet.",
    },
}
