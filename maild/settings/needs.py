"""What a request may have to hold, and the fields in which customers state it. The commonest are known without a word.

A need is a condition like any other, with the words by which it is asked for; rules require it or invite to it.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from maild.settings.conditions import Condition
from maild.settings.values import LocalText, Strict, Text, Words


class FieldNames(Strict):
    """A field that customers state in a line `Name : value`."""

    names: Words | None = None  # none: as it is known
    values: Annotated[dict[Text, Text], Field(min_length=1)] | None = None  # their word: ours

    def changed_by(self, said: "FieldNames") -> "FieldNames":
        """The same with the names and the values that are said anew."""
        return FieldNames(names=said.names or self.names, values=said.values or self.values)


class Need(Strict):
    """Something that a request may have to hold: the condition by which it is there, and how it is asked for."""

    if_: Condition = Field(alias="if")
    ask: LocalText
    because: LocalText | None = None


_LEVELS = {
    **dict.fromkeys(("basse", "faible", "low"), "low"),
    **dict.fromkeys(("moyen", "moyenne", "medium"), "medium"),
    **dict.fromkeys(("élevé", "élevée", "haut", "haute", "high"), "high"),
}
_PRIORITIES = {
    **dict.fromkeys(("basse", "faible", "low"), "low"),
    **dict.fromkeys(("normale", "normal"), "normal"),
    **dict.fromkeys(("haute", "élevée", "high"), "high"),
    **dict.fromkeys(("critique", "critical"), "critical"),
}
_FIELDS: Mapping[str, Any] = {
    "priority": {"names": ["Priorité", "Priority"], "values": _PRIORITIES},
    "impact": {"names": ["Impact"], "values": _LEVELS},
    "urgency": {"names": ["Urgence", "Urgency"], "values": _LEVELS},
    "type": {"names": ["Type"]},
    "product": {"names": ["Produit", "Product"]},
    "version": {"names": ["Version"]},
}
_NEEDS: Mapping[str, Any] = {
    "subject": {
        "if": {"subject": {"is_telling": "yes"}},
        "ask": {
            "fr": "un objet qui résume le problème en une ligne",
            "en": "a subject that sums up the problem in one line",
        },
    },
    "reproduction": {
        "if": {
            "any": [
                {"body": {"contains": ["scénario", "reproduire", "étapes", "scenario", "reproduce", "steps"]}},
                {"body": {"has_list": "yes"}},
            ]
        },
        "ask": {"fr": "les étapes qui mènent au problème", "en": "the steps that lead to the problem"},
        "because": {
            "fr": "elles nous permettent de l’observer à notre tour",
            "en": "they let us see it for ourselves",
        },
    },
    "screenshot": {
        "if": {"attachment": {"type": "image/*"}},
        "ask": {"fr": "une capture d’écran", "en": "a screenshot"},
    },
    "impact": {
        "if": {"field": {"impact": {"is_there": "yes"}}},
        "ask": {
            "fr": "l’impact, sur une ligne « Impact\u00a0: faible, moyen ou élevé »",
            "en": "the impact, on a line “Impact: low, medium or high”",
        },
    },
    "urgency": {
        "if": {"field": {"urgency": {"is_there": "yes"}}},
        "ask": {
            "fr": "l’urgence, sur une ligne « Urgence\u00a0: faible, moyenne ou élevée »",
            "en": "the urgency, on a line “Urgency: low, medium or high”",
        },
    },
    "product": {
        "if": {"field": {"product": {"is_there": "yes"}}},
        "ask": {
            "fr": "le produit concerné, sur une ligne « Produit\u00a0: … »",
            "en": "the product, on a line “Product: …”",
        },
    },
    "version": {
        "if": {"field": {"version": {"is_there": "yes"}}},
        "ask": {
            "fr": "la version du produit, sur une ligne « Version\u00a0: … »",
            "en": "its version, on a line “Version: …”",
        },
    },
}


def known_fields() -> dict[str, FieldNames]:
    """Fields that may be named without saying how they are written: `fields: {product: {}}`."""
    return {name: FieldNames.model_validate(said) for name, said in _FIELDS.items()}


def known_needs() -> dict[str, Need]:
    """Needs that every desk has; rules.yaml may say them anew."""
    return {name: Need.model_validate(said) for name, said in _NEEDS.items()}
