"""Is it another subject, is it the same problem? Words of four letters and more decide, without case and accents."""

import pytest

from maild.plan.links import CUSTOMER_LINKS
from maild.reading.forward import without_prefixes
from maild.threading.subject import is_another, is_same_problem
from maild.writing.links import LINKS

OLD = "Impossible d'exporter la facture"
REFERENCE = "[ISY-1042-1-70A5Q-EHX3-YV63]"

ANOTHER = [
    "Formation des nouveaux collègues",
    "Re: Formation des nouveaux collègues",
    f"Autre question : les droits {REFERENCE}",
    "RE: AW: Congés de fin d'année",
]
NOT_ANOTHER = [
    "",
    "Re:",
    "RE : AW: SV: Antw: ",
    "Re: 12/11",
    REFERENCE,
    f"Re: {REFERENCE}",
    "Re: [ISY-1042-1-70A5Q",
    f"Re: {OLD} {REFERENCE}",
    f"Réf. : {OLD}",
    "TR: la facture",
    "Re: Imposs…",
    "Re: Impossible d'exp",
    "FACTURES du mois",
    "Impossiblé",
    "Merci !",
    "Merci beaucoup pour votre réponse",
    "Bonjour",
    "(sans objet)",
    "Relance urgente",
    "Capture d'écran",
    "C'est ok",
    "Ticket",
    *(
        LINKS[language][link].subject for language in LINKS for link in CUSTOMER_LINKS if link != "escalate"
    ),  # a click names no matter; that one the verdict knows
]


@pytest.mark.parametrize("subject", ANOTHER)
def test_a_subject_of_its_own_is_another(subject: str) -> None:
    assert is_another(without_prefixes(subject), OLD, (), "ISY")


@pytest.mark.parametrize("subject", NOT_ANOTHER)
def test_what_nobody_typed_as_another_subject_is_none(subject: str) -> None:
    assert not is_another(without_prefixes(subject), OLD, (), "ISY")


@pytest.mark.parametrize("old", ["", "SOS", "Bonjour", "Re:", "12345", REFERENCE, "Demande urgente"])
def test_a_thread_whose_subject_says_nothing_has_no_other(old: str) -> None:
    assert not is_another("Formation des nouveaux collègues", old, (), "ISY")


def test_a_subject_that_a_mail_of_the_ticket_has_borne_is_not_another() -> None:
    title = "Votre dossier de formation"
    assert is_another(title, OLD, (), "ISY")
    assert not is_another(title, OLD, ("Re: Formation continue",), "ISY")


def test_a_long_brand_is_no_word() -> None:
    assert not is_another("[MANAOSUPPORT-1042", OLD, (), "MANAOSUPPORT")


SAME = [
    ("Export en panne", "x", "EXPORT en panne !", "y"),
    ("Impossible d'exporter la facture de mai", "x", "Impossible d'exporter la facture mai", "y"),
    ("Bonjour", "Le code est refusé depuis hier", "Question", "le code est refuse, depuis hier"),
    ("", "Le code est refusé", "", "Le code est refusé"),
]
DIFFERENT = [
    ("Export en panne", "les mêmes mots", "Import en panne", "les mêmes mots"),
    ("Impossible d'exporter la facture", "x", "Impossible d'imprimer le bordereau", "x"),
    ("Bonjour", "Le code est refusé", "Bonjour", "Comment changer de mot de passe ?"),
    ("", "", "", ""),
    ("Export", "x", "Export de la facture de novembre en double", "x"),
]


@pytest.mark.parametrize("case", SAME)
def test_the_same_problem(case: tuple[str, str, str, str]) -> None:
    assert is_same_problem(*case, "ISY")


@pytest.mark.parametrize("case", DIFFERENT)
def test_another_problem(case: tuple[str, str, str, str]) -> None:
    assert not is_same_problem(*case, "ISY")
