"""What did #assign, #hold, #reopen and their neighbours do, or why did they do nothing? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "unknown-hands": "La ligne «\u00a0{what}\u00a0» ne nomme ni un collègue, par son adresse, ni une "
        "équipe{nearest}.",
        "nobody-there": "Personne de l’équipe «\u00a0{what}\u00a0» n’est présent aujourd’hui. Nommez un collègue par "
        "son adresse.",
        "unknown-day": "La ligne «\u00a0{what}\u00a0» ne dit pas de jour que l’on comprenne{nearest}.",
        "unknown-length": "La ligne «\u00a0{what}\u00a0» ne dit pas de durée que l’on comprenne, de vingt-quatre "
        "heures au plus\u00a0; écrivez par exemple 25m ou 1h30.",
        "past-day": "Le jour de la ligne «\u00a0{what}\u00a0» n’est pas à venir.",
        "not-ended": "La demande n’est pas close\u00a0: {what} n’y change rien. Pour mettre fin à une attente, écrivez "
        "«\u00a0#reprendre\u00a0».",
    },
    "en": {
        "unknown-hands": "The line “{what}” names neither a colleague, by their address, nor a team{nearest}.",
        "nobody-there": "Nobody of the team “{what}” is there today. Name a colleague by their address.",
        "unknown-day": "The line “{what}” says no day that is understood{nearest}.",
        "unknown-length": "The line “{what}” says no length of time that is understood, of 24 hours at most; write for "
        "instance 25m or 1h30.",
        "past-day": "The day in the line “{what}” does not lie ahead.",
        "not-ended": "The request has not ended: {what} changes nothing. To end a wait, write “#open”.",
    },
}

RESULTS: Sentences = {
    "fr": {
        "assign": "La demande est désormais suivie par {what}.",
        "assigned-away": "Attention\u00a0: {what} est absent(e) aujourd’hui.",
        "away": "{what}",
        "away-until": "Vous êtes absent(e) jusqu’au {what} inclus\u00a0; les nouvelles demandes vont à vos collègues.",
        "away-back": "Vous êtes de retour\u00a0: de nouvelles demandes peuvent vous être confiées.",
        "time": "Temps passé en tout\u00a0: {what}.",
        "hold": "La demande est suspendue.",
        "hold-until": "La demande reviendra d’elle-même le {what}.",
        "reopen": "La demande est rouverte\u00a0; le client n’en a pas été informé.",
    },
    "en": {
        "assign": "{what} has the request from now on.",
        "assigned-away": "Beware: {what} is away today.",
        "away": "{what}",
        "away-until": "You are away until the end of {what}; new requests go to your colleagues.",
        "away-back": "You are back: new requests may be given to you.",
        "time": "Time spent in all: {what}.",
        "hold": "The request is on hold.",
        "hold-until": "The request comes back by itself on {what}.",
        "reopen": "The request is open again; the customer was not told.",
    },
}
