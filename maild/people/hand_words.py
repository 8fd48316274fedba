"""The commands that say in whose hands a request is, and what it took them."""

from maild.people.command_word import CommandWord

HANDS: tuple[CommandWord, ...] = (
    CommandWord(
        "assign",
        ("affecter",),
        False,
        {
            "fr": "suivie d’une adresse, d’une équipe ou de « moi » : confier la demande ; qui la reçoit et qui "
            "l’avait en sont informés, le client non",
            "en": "with an address, a team or “me”: hand the request over; who gets it and who had it are told, the "
            "customer is not",
        },
        "needed",
    ),
    CommandWord(
        "time",
        ("temps",),
        False,
        {
            "fr": "suivie d’une durée, comme 25m ou 1h30 : temps passé, ajouté à ce qui a été noté",
            "en": "with a length such as 25m or 1h30: time spent, added to what was noted before",
        },
        "needed",
    ),
    CommandWord(
        "away",
        ("absent",),
        False,
        {
            "fr": "suivie d’un jour : vous êtes absent(e) jusqu’à ce jour inclus, les nouvelles demandes vont à vos "
            "collègues ; « #absent fin » au retour",
            "en": "with a day: you are away until the end of that day, new requests go to your colleagues; “#away off” "
            "when you are back",
        },
        "needed",
    ),
)
