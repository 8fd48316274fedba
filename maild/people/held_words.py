"""The commands that end a held mail, said in answer to the word about it."""

from maild.people.command_word import CommandWord

HELD: tuple[CommandWord, ...] = (
    CommandWord(
        "release",
        (),
        False,
        {
            "fr": "faire entrer le message ; « #release 1042 » dans cette demande, « #release new » dans une nouvelle",
            "en": "let the message in; “#release 1042” into that request, “#release new” as a new one",
        },
        argument="optional",
        is_for_held=True,
    ),
    CommandWord(
        "admit",
        (),
        False,
        {
            "fr": "faire de son expéditeur un participant de la demande, et y faire entrer le message ; « #admit "
            "même-que adresse » s’il est la personne de cette adresse",
            "en": "make its sender a participant of the request, and let the message in; “#admit same-as address” if "
            "they are the person of that address",
        },
        argument="optional",
        is_for_held=True,
    ),
    CommandWord(
        "discard",
        (),
        False,
        {
            "fr": "écarter le message ; il reste conservé, personne n’en est averti",
            "en": "discard the message; it is kept, nobody is told",
        },
        is_for_held=True,
    ),
)
