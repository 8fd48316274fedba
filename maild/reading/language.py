"""Is it French or English? A table of the words that carry a sentence; '' when they don't tell."""

import re

LONGEST = 5_000  # characters looked at


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = {
    "fr": _set_of(
        """
        le la les un une des du de et est sont dans pour par sur avec sans que qui quoi ne pas plus nous
        vous je il elle ils mon ma mes notre nos votre vos ce cette ces au aux en mais ou où donc car si
        bonjour bonsoir merci cordialement ai avez avons fait être avoir été peut pouvez faut bien aussi
        très toujours depuis après avant comme tout tous même son sa ses leur leurs plusieurs salut svp
        quand comment
        """
    ),
    "en": _set_of(
        """
        the a an and is are was were in for by on with without that which who what not no we you i he she
        they my our your this these those to of at but or so because if hello hi thanks thank regards have
        has had do does did be been can could would should will please when how from as it its there here
        also very still since after before all any some their
        """
    ),
}
# So that a German, Spanish, Italian, Dutch or Portuguese mail is not taken for one of ours.
_OTHERS = _set_of(
    """
        de la se al me der die das und ist nicht ein eine mit für auf ich sie wir ihr auch von zu bitte danke hallo gruß
        grüße dem den el los las y es no una con para por que del se mi su gracias hola como pero muy lo il
        lo gli e è non una con per che di del della mi si grazie ciao buongiorno sono come ma het een en is
        niet met voor dat van ik wij u ook bedankt groeten hallo maar o os as e é não um uma com para que do
        da obrigado olá mas você está
        """
)
_ACCENTED_FRENCH = re.compile(r"[çœêîûù]|\b[dlcnjmts]['’](?=\w)|\bqu['’]")
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """fr, en, or ''. Give it the newly written text: a quote below is often in another language."""
    sample = text[:LONGEST].lower()
    words = _WORD.findall(sample)
    score = {name: sum(word in table for word in words) for name, table in _WORDS.items()}
    score["fr"] += min(len(_ACCENTED_FRENCH.findall(sample)), 10)
    other = sum(word in _OTHERS for word in words)
    best, second = ("fr", "en") if score["fr"] >= score["en"] else ("en", "fr")
    if score[best] < 2 or score[best] < 1.3 * score[second] + 1 or score[best] <= other:
        return ""
    return best
