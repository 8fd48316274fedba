"""The questions that agents ask by mail: they change nothing, and are answered by a mail."""

from maild.people.command_word import CommandWord

QUESTIONS: tuple[CommandWord, ...] = (
    CommandWord(
        "list",
        ("liste",),
        False,
        {
            "fr": "seule ou suivie de miennes, file ou retard : recevoir la liste de vos demandes, de celles de vos "
            "files, ou de celles dont la réponse est en retard",
            "en": "alone or with mine, queue or late: get the list of your requests, of those in your queues, or of "
            "those whose answer is late",
        },
        "optional",
        values={
            **dict.fromkeys(("", "mine", "me", "miennes", "mes demandes", "moi"), "mine"),
            **dict.fromkeys(("queue", "queues", "file", "files"), "queue"),
            **dict.fromkeys(("late", "retard", "en retard"), "late"),
        },
    ),
    CommandWord(
        "show",
        ("voir",),
        False,
        {
            "fr": "suivie d’un numéro : recevoir où en est cette demande et ce qui y a été écrit",
            "en": "with a number: get where that request stands and what was written in it",
        },
        "needed",
    ),
    CommandWord(
        "find",
        ("chercher",),
        False,
        {
            "fr": "suivie de mots : recevoir la liste des demandes où tous se trouvent, les plus récentes d’abord",
            "en": "with words: get the list of the requests in which all of them stand, the latest first",
        },
        "needed",
    ),
    CommandWord(
        "help",
        ("aide",),
        False,
        {"fr": "recevoir la liste des commandes", "en": "get the list of the commands"},
    ),
)
