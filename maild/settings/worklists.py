"""The list of what there is to do, mailed to agents at a time of each day on which the desk opens (M6)."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from maild.settings.values import Strict, Text, TimeOfDay, a_list, an_address


def _a_team_or_an_address(value: str) -> str:
    return an_address(value) if "@" in value else value


Readers = Annotated[
    tuple[Annotated[Text, AfterValidator(_a_team_or_an_address)], ...], BeforeValidator(a_list), Field(min_length=1)
]


class Worklist(Strict):
    """One list; each of its readers gets their own."""

    to: Readers  # teams, and agents by their address
    at: TimeOfDay = "09:00"
    weekend_until: TimeOfDay = "12:00"  # until then what came at the weekend stands first
