"""What did #merge, #link, #add and #remove do, or why did they do nothing? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "unknown-ticket": "La ligne «\u00a0{what}\u00a0» ne nomme aucune demande connue. Écrivez son numéro, par "
        "exemple 1042.",
        "merged-already": "Cette demande est déjà jointe à {what}.",
        "into-itself": "{what} est cette demande elle-même.",
        "into-merged": "La demande visée est elle-même jointe à {what}\u00a0: nommez celle-ci.",
        "into-closed": "{what} est close. Rouvrez-la d’abord, par exemple avec «\u00a0#reprendre\u00a0».",
        "other-customer": "L’autre demande est celle d’un autre client ({what}). Si les deux doivent vraiment être "
        "réunies, écrivez «\u00a0confirmer\u00a0» derrière le numéro\u00a0: chacun recevra alors vos réponses.",
        "linked-already": "Cette demande est déjà liée à {what}.",
        "empty-part": "Écrivez le texte de la demande à ouvrir au-dessous ou au-dessus de la commande.",
        "no-address": "«\u00a0{what}\u00a0» n’est pas une adresse à laquelle on peut écrire.",
        "own-mailbox": "{what} est l’une de nos propres adresses.",
        "on-it-already": "{what} suit déjà cette demande.",
        "not-on-it": "{what} ne suit pas cette demande.",
        "last-customer": "{what} est la dernière personne du côté du client\u00a0; ajoutez-en une autre d’abord.",
        "is-assignee": "{what} s’occupe de cette demande et ne peut en être retiré.",
        "agents-own": "{what} est l’adresse d’un membre de l’équipe.",
    },
    "en": {
        "unknown-ticket": "The line “{what}” names no request that is known. Write its number, such as 1042.",
        "merged-already": "This request is joined to {what} already.",
        "into-itself": "{what} is this request itself.",
        "into-merged": "That request is itself joined to {what}: name that one.",
        "into-closed": "{what} is closed. Open it again first, for instance with “#open”.",
        "other-customer": "The other request is another customer’s ({what}). If the two really belong together, write "
        "“confirm” behind the number: each of them will then get your answers.",
        "linked-already": "This request is linked to {what} already.",
        "empty-part": "Write the text of the request to open below or above the command.",
        "no-address": "“{what}” is no address that can be written to.",
        "own-mailbox": "{what} is one of our own addresses.",
        "on-it-already": "{what} follows this request already.",
        "not-on-it": "{what} does not follow this request.",
        "last-customer": "{what} is the last person on the customer’s side; add another one first.",
        "is-assignee": "{what} has this request and can’t be taken off it.",
        "agents-own": "{what} is the address of a member of the team.",
    },
}

RESULTS: Sentences = {
    "fr": {
        "merge": "La demande est jointe à {what}, où tout continue\u00a0; son client en est informé.",
        "link": "La demande est liée à {what}.",
        "add": "{what} suit désormais la demande.",
        "remove": "{what} ne suit plus la demande.",
    },
    "en": {
        "merge": "The request was joined to {what}, where all goes on; its customer is told.",
        "link": "The request is linked to {what}.",
        "add": "{what} follows the request from now on.",
        "remove": "{what} no longer follows the request.",
    },
}
