"""What kinds of request are there, and by which words is each known?"""

from typing import Annotated, Any

from pydantic import BeforeValidator, PrivateAttr

from maild.settings.values import Strict, Text, Words


def words_alone(value: Any) -> Any:
    """A list of words, or one, is short for `{words: [...]}`."""
    return {"words": value} if isinstance(value, str | list) else value


class Kind(Strict):
    """One kind; without words it is whatever no other kind is. `line` is where it stands in the file."""

    words: Words | None = None
    type: Text | None = None  # what the ticket is then; none: the name of the kind
    tags: Words | None = None

    _line: int = PrivateAttr(0)

    @property
    def line(self) -> int:
        """Its line in rules.yaml, from 1; 0 if it did not come from a file."""
        return self._line


KindOfRequest = Annotated[Kind, BeforeValidator(words_alone)]
