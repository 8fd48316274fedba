"""What did #assign do, or why did it do nothing? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "unknown-hands": "La ligne «\u00a0{what}\u00a0» ne nomme ni un collègue, par son adresse, ni une "
        "équipe{nearest}.",
        "nobody-there": "Personne de l’équipe «\u00a0{what}\u00a0» n’est présent aujourd’hui. Nommez un collègue par "
        "son adresse.",
    },
    "en": {
        "unknown-hands": "The line “{what}” names neither a colleague, by their address, nor a team{nearest}.",
        "nobody-there": "Nobody of the team “{what}” is there today. Name a colleague by their address.",
    },
}

RESULTS: Sentences = {
    "fr": {
        "assign": "La demande est désormais suivie par {what}.",
        "assigned-away": "Attention\u00a0: {what} est absent(e) aujourd’hui.",
    },
    "en": {
        "assign": "{what} has the request from now on.",
        "assigned-away": "Beware: {what} is away today.",
    },
}
