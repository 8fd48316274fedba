"""What is shown in answer to #list, #show and #find, or why was nothing answered? Sentences for the agent."""

from maild.plan.sentences import Sentences

PROBLEMS: Sentences = {
    "fr": {
        "no-such-answer": "Aucune réponse de l’équipe ne s’appelle «\u00a0{what}\u00a0». «\u00a0#aide\u00a0» les "
        "énumère.",
        "no-answers": "Les règles de l’équipe ne contiennent aucune réponse toute faite\u00a0: «\u00a0{what}\u00a0».",
        "words-of-no-request": "Votre message pose une question et contient aussi un texte, mais ne répond à aucune "
        "demande\u00a0: rien ne dit à qui ce texte est destiné. Envoyez la question seule.",
        "only-on-a-request": "La ligne «\u00a0{what}\u00a0» s’adresse à une demande\u00a0: envoyez-la en répondant à "
        "la notification de celle-ci.",
    },
    "en": {
        "no-such-answer": "No answer of the team’s is called “{what}”. “#help” lists them.",
        "no-answers": "The rules of the team hold no ready answers: “{what}”.",
        "words-of-no-request": "Your mail asks a question and holds a text too, but answers no request: nothing says "
        "for whom the text is. Send the question alone.",
        "only-on-a-request": "The line “{what}” is for a request: send it as a reply to the notice of that one.",
    },
}
RESULTS: Sentences = {
    "fr": {
        "list-mine": "Les demandes qui vous sont confiées",
        "list-queue": "Les demandes de vos files",
        "list-late": "Les demandes dont la réponse est en retard",
        "list-none": "Aucune demande n’est dans cette liste",
        "find": "Les demandes où se trouve «\u00a0{what}\u00a0»",
        "find-none": "Aucune demande ne contient «\u00a0{what}\u00a0»",
        "show": "La demande {what}",
        "show-none": "«\u00a0{what}\u00a0» ne nomme aucune demande connue",
    },
    "en": {
        "list-mine": "The requests that are yours",
        "list-queue": "The requests in your queues",
        "list-late": "The requests whose answer is late",
        "list-none": "No request is in that list",
        "find": "The requests that hold “{what}”",
        "find-none": "No request holds “{what}”",
        "show": "Request {what}",
        "show-none": "“{what}” names no request that is known",
    },
}
