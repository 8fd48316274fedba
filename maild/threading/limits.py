"""May this incoming mail be answered by a machine? (reliability 6.3 as the Decisions bind it; RFC 3834 section 2)

It binds acknowledgements and refusals, never a person's words nor scheduled mails.
"""

from maild.judgement import Facts, Proof
from maild.mail import ParsedMail, domain_of, is_deliverable
from maild.settings import Settings
from maild.threading.alignment import is_aligned

REFUSALS = frozenset({"plain_reply_refused", "bad_reference_refused", "account_required", "redirected"})


def is_known(mail: ParsedMail, facts: Facts, settings: Settings) -> bool:
    """Whether the sender is in `people:` by their own address, was admitted, or once sent a mail that was accepted with
    proof. A known domain is not enough: anybody can invent a thousand addresses at it."""
    if mail.sender is None:
        return False
    is_listed = facts.who is not None and facts.who.is_listed
    return is_listed or settings.person(mail.sender.address) is not None or facts.has_verified_exchange


def why_no_answer(template: str, mail: ParsedMail, proof: Proof, facts: Facts, settings: Settings) -> str:
    """'' if the mail may be answered with that template, else the slug of what forbids it."""
    return _who_forbids(mail, proof, settings) or _what_limit(template, mail, facts, settings)


def why_no_question(mail: ParsedMail, proof: Proof, facts: Facts, settings: Settings) -> str:
    """'' if whoever owns the account that a request names may be asked whether its sender is they, else the slug of
    what forbids it. Only a proved sender has it asked, and an owner is asked no more often than one is refused."""
    if facts.owner is None:
        return "nobody-named"
    if proof is not Proof.PASS:
        return "unproved"
    if facts.answers.is_stopped:
        return "answers-stopped"
    if facts.owner.asked_today >= settings.limits.refusals_per_day:
        return "asked-already-today"
    return why_never(mail, proof, settings)


def why_never(mail: ParsedMail, proof: Proof, settings: Settings) -> str:
    """The same for any template, however few answers were sent: what the mail itself forbids."""
    return _who_forbids(mail, proof, settings)


def _who_forbids(mail: ParsedMail, proof: Proof, settings: Settings) -> str:
    if mail.sender is None:
        return "no-sender"
    if mail.sender.key in settings.own_addresses:
        return "own-address"
    if not is_deliverable(mail.sender.address):
        return "undeliverable-address"
    if not mail.auto_respond:
        return "automatic-mail"
    if mail.return_path == "":
        return "null-return-path"
    if proof is Proof.FAIL:
        return "authentication-failed"
    # With proof the From domain vouched for the mail, whatever relay or forwarder its return path names.
    if proof is not Proof.PASS and mail.return_path and not _same_site(mail.return_path, mail.sender.address):
        return "foreign-return-path"
    if not any(settings.mailbox_of(a.address) for a in mail.recipients):
        return "not-addressed-to-us"
    return ""


def _what_limit(template: str, mail: ParsedMail, facts: Facts, settings: Settings) -> str:
    limits, counts = settings.limits, facts.answers
    if counts.is_stopped:
        return "answers-stopped"
    if facts.prompt_today >= limits.exchanges_per_day:
        return "answers-each-time"
    of_this_kind = counts.to_sender_by_template_day.get(template, 0)
    if template in REFUSALS and of_this_kind >= limits.refusals_per_day:
        return "refused-already-today"
    if is_known(mail, facts, settings):
        return "daily-limit" if counts.to_sender_day >= limits.known_per_day else ""
    if template not in REFUSALS and of_this_kind >= limits.unknown_per_day:
        return "daily-limit"
    if counts.to_sender_week >= limits.unknown_per_week:
        return "weekly-limit"
    if counts.to_domain_hour >= limits.unknown_per_domain_hour:
        return "domain-limit"
    return "hourly-limit" if counts.in_all_hour >= limits.unknown_per_hour else ""


def trips(queued: int, facts: Facts, settings: Settings) -> bool:
    """Whether these further answers are so many above the usual that none may leave for an hour (reliability L17)."""
    counts = facts.answers
    most = settings.limits.automatic_per_hour + counts.usual_hour
    return bool(queued) and not counts.is_stopped and counts.all_hour + queued >= most


def _same_site(one: str, other: str) -> bool:
    a, b = domain_of(one), domain_of(other)
    return is_aligned(a, b) or is_aligned(b, a)
