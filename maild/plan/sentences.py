"""What are sentences to a desk? By language, then by slug; families of them are joined in plan/wording.py."""

from collections.abc import Mapping

Sentences = Mapping[str, Mapping[str, str]]


def joined(*families: Sentences) -> Sentences:
    """All of them together; a slug that two families have is a mistake and raises ValueError."""
    found: dict[str, dict[str, str]] = {"fr": {}, "en": {}}
    for family in families:
        for language, sentences in family.items():
            if twice := found[language].keys() & sentences.keys():
                raise ValueError(f"two sentences for {sorted(twice)}")
            found[language] |= sentences
    return found
