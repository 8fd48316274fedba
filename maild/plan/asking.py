"""In which words is a customer asked for what a request lacks? Those of rules.yaml, in their language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from maild.settings import Settings
from maild.settings.values import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is asked for, and why; '' where that needs no word."""

    ask: str
    because: str = ""


def asked(settings: Settings, needs: Sequence[str], language: str) -> tuple[Asked, ...]:
    """These needs as a mail names them; one that rules.yaml no longer has is asked for no more."""
    known = [need for name in needs if (need := settings.every_need.get(name)) is not None]
    return tuple(Asked(in_language(need.ask, language), in_language(need.because, language)) for need in known)


def in_language(texts: Mapping[Any, str] | None, language: str) -> str:
    """That text in the language, else in one that there is; '' where there is none."""
    return (texts or {}).get(language) or next(iter((texts or {}).values()), "")


def in_all_languages(settings: Settings, needs: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    """The same for a mail to several people: each need by language."""
    known = [need for name in needs if (need := settings.every_need.get(name)) is not None]
    return tuple({language: in_language(need.ask, language) for language in get_args(Language)} for need in known)
