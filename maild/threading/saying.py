"""A verdict with all that its reference names."""

from maild.judgement import Reference, Verdict, VerdictName
from maild.threading.case import Case


def say(case: Case, name: VerdictName, reason: str, reference: Reference | None = None) -> Verdict:
    """A verdict; with a valid reference it names ticket and participant too."""
    ticket = case.led_to(reference.candidate.ticket) if reference and reference.participant else None
    who = reference.participant if reference else None
    return Verdict(name, reason, ticket, who, reference, case.proof)
