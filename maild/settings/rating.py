"""How a customer is asked what they think of the way in which their request was dealt with."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from maild.settings.duration import Duration
from maild.settings.values import Strict, Words, a_list

Reasons = Annotated[
    tuple[Literal["solved", "declined", "no_answer"], ...], BeforeValidator(a_list), Field(min_length=1)
]


class Rating(Strict):
    """Asked after the end of a request, once for each end."""

    tell: Words  # who hears of a bad one: words as in `notify`
    after: Duration = Duration(count=1, unit="hour")  # from the end, then moved to an open instant
    reasons: Reasons = ("solved", "declined", "no_answer")  # of the end
    change_within: Duration = Duration(count=14, unit="day")  # from the first rating of that end; the last one counts
