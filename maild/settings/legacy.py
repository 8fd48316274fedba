"""What still belongs to the system that the desk used before: by what it is known, and where it is passed on to."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from maild.settings.values import FilePath, MailAddress, Strict, a_list

Pattern = Annotated[str, Field(min_length=1)]  # a regular expression (RE2)
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(a_list), Field(min_length=1)]


class Legacy(Strict):
    """The old system. A mail that any of these fits belongs there."""

    to: MailAddress
    subjects: Patterns | None = None
    message_ids: Patterns | None = None  # of the mails that it answers, without angle brackets
    known_ids: FilePath | None = None  # the same, one a line
    addresses: Annotated[tuple[MailAddress, ...], BeforeValidator(a_list), Field(min_length=1)] | None = None

    _known: Sequence[int] = PrivateAttr(default_factory=lambda: array("Q"))  # marks, sorted: 8 octets an id

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.subjects or self.message_ids or self.known_ids or self.addresses):
            raise ValueError("say by what its mails are known: subjects, message_ids, known_ids or addresses")
        return self

    def learn(self, ids: Iterable[str]) -> None:
        """These are Message-IDs of the old system, with or without angle brackets; blank ones are none."""
        self._known = array("Q", sorted({_mark(bare) for i in ids if (bare := i.strip().strip("<>"))}))

    def knows(self, message_id: str) -> bool:
        """Whether it stands in the file of known ids. Two in 10^13 other ids would be taken for one of a million."""
        mark = _mark(message_id)
        at = bisect_left(self._known, mark)
        return at < len(self._known) and self._known[at] == mark


def _mark(message_id: str) -> int:
    octets = message_id.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(octets, digest_size=8).digest(), "big")
