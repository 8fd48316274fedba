"""What is a list of the rules? Entries that are looked up, not walked through: there may be very many."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from maild.settings.values import Text


class Entries(tuple[str, ...]):
    """The entries of a list. They are put into the form in which they are compared once, and that index goes when they
    go."""

    def compared(self, form: Callable[[str], str]) -> frozenset[str]:
        """All of them in that form."""
        found: frozenset[str] | None = self.__dict__.get(form.__name__)
        if found is None:
            found = self.__dict__[form.__name__] = frozenset(map(form, self))
        return found


NamedList = Annotated[tuple[Text, ...], AfterValidator(Entries)]
