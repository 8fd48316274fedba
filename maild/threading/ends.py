"""Who may decide on a held mail, and by which reference? The ends of held mail as judge() sees them (issue 5, item 4).

A link was given to one person and works for that person alone: their address is part of what is signed. It is no proof
of who sends it: `trust` asks for that as for any word of an agent.
"""

from collections.abc import Sequence

from maild.judgement import ENDS, Purpose, Reference
from maild.mail import address_key
from maild.settings import Settings

# The reason of the verdict on a mail that decides on a held one.
SAID = {
    Purpose.HELD: "held-answer",
    Purpose.RELEASE: "held-release",
    Purpose.RELEASE_NEW: "held-release",
    Purpose.ADMIT: "held-admit",
    Purpose.DISCARD: "held-discard",
}


def end_in(references: Sequence[Reference]) -> Reference | None:
    """The first reference to the end of a held mail, valid or not."""
    return next((r for r in references if r.candidate.purpose in ENDS), None)


def may_decide(key: str, settings: Settings) -> bool:
    """Whether that address (compared form) is one of those who decide: an agent, the admin, a reader of the digest."""
    return key in settings.agents or key in {address_key(a) for a in (settings.admin, *settings.held.to)}
