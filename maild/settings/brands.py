"""One desk under several names (I13): what its mails look like depends on which address was written to."""

from maild.settings.values import FilePath, Lines, Strict, Text


class Brand(Strict):
    """A name of the desk, with words of its own."""

    name: Text  # shown in From, and at the head of its mails
    signature: Lines | None = None  # below its mails to customers; default: the name
    templates: FilePath | None = None  # a folder of its own, which comes before the desk's
