"""Is it French or English? A table of the words that carry a sentence; '' when they don't tell."""

import re
from collections.abc import Sequence

from maild.reading.folding import words_of

LONGEST = 5_000  # characters looked at
FIRST = 600  # of them that are looked at first: a few sentences
MOST_FIRST = 60  # words that a person writes before a signature in another language may follow
MOST_PARAGRAPHS = 12
LEAST = 3  # words that tell more than a greeting
MOST_SHORT = 8  # words of a text in which one telling word is enough


_WORDS = {
    "fr": words_of(
        """
        le la les un une des du de et est sont dans pour par sur avec sans que qui quoi ne pas plus nous
        vous je il elle ils mon ma mes notre nos votre vos ce cette ces au aux en mais ou où donc car si
        bonjour bonsoir merci cordialement ai avez avons fait être avoir été peut pouvez faut bien aussi
        très toujours depuis après avant comme tout tous même son sa ses leur leurs plusieurs salut svp
        à quand comment oui voici voilà reçu jamais rien ça cela celle celui quel quelle suis sommes était vient
        """
    ),
    "en": words_of(
        """
        the a an and is are was were in for by on with without that which who what not no we you i he she
        they my our your this these those to of at but or so because if hello hi thanks thank regards have
        has had do does did be been can could would should will please when how from as it its there here
        also very still since after before all any some their yes just now here's it's i'm don't
        """
    ),
}
# So that a German, Spanish, Italian, Dutch or Portuguese mail is not taken for one of ours.
_OTHERS = words_of(
    """
        de la se al me der die das und ist nicht ein eine mit für auf ich sie wir ihr auch von zu bitte danke hallo gruß
        grüße dem den el los las y es no una con para por que del se mi su gracias hola como pero muy lo il
        lo gli e è non una con per che di del della mi si grazie ciao buongiorno sono come ma het een en is
        niet met voor dat van ik wij u ook bedankt groeten hallo maar o os as e é não um uma com para que do
        da obrigado olá mas você está sim ainda und bitte sehr noch aber nur wie ja och att det är inte jag på med av
        som till har för kan hej tack ikke jeg det er af og har til vil tak hei takk nie jest się proszę dziękuję dzień
        dobry czy na ale jak do este nu și pentru mulțumesc buna nem egy az hogy köszönöm sí no está ho dat maar wel
        """
)
# In a text of a few words one of these is enough.
_TELLING = {
    "fr": words_of(
        "bonjour bonsoir merci oui cordialement voici voilà svp salut facture reçu d'accord c'est parfait depuis"
    ),
    "en": words_of("hello thanks thank yes please regards sorry great done sure invoice received it's"),
}
_ACCENTS = "çœêîûù"  # that of these languages French alone has
_ELIDED = frozenset({"d", "l", "c", "n", "j", "m", "t", "s", "qu"})  # before an apostrophe
_CITED = re.compile(r"«[^«»]{0,300}»|\"[^\"]{0,300}\"|“[^“”]{0,300}”")  # the words of others
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language_of(text: str) -> str:
    """fr, en, or ''. Give it the newly written text: a quote below is often in another language.

    What a person writes stands first: where that tells, a signature or a notice below it has no say.
    """
    sample = _CITED.sub(" ", text[:LONGEST].lower().replace("’", "'"))
    first = ""
    for paragraph in sample.split("\n\n", MOST_PARAGRAPHS)[:MOST_PARAGRAPHS]:
        first += f"{paragraph}\n"
        words = _WORD.findall(first[:FIRST])
        if len(words) >= LEAST and (told := _told(first[:FIRST], words)):
            return told
        if len(words) >= MOST_FIRST or len(first) > FIRST:
            break
    return _told(sample, _WORD.findall(sample))


def _told(sample: str, words: Sequence[str]) -> str:
    if len(words) <= MOST_SHORT:
        telling = [name for name, table in _TELLING.items() if not table.isdisjoint(words)]
        if len(telling) == 1:
            return telling[0]
    elisions = [word.split("'") for word in words if "'" in word]
    parts = [*words, *(part for _, *rest in elisions for part in rest)]
    score = {name: _count(table, parts) for name, table in _WORDS.items()}
    signs = sum(map(sample.count, _ACCENTS)) + sum(elided in _ELIDED for elided, *_ in elisions)
    score["fr"] += min(signs, 10)
    best, second = ("fr", "en") if score["fr"] >= score["en"] else ("en", "fr")
    if score[best] < 2 or score[best] < 1.3 * score[second] + 1 or score[best] <= _count(_OTHERS, parts):
        return ""
    return best


def _count(table: frozenset[str], words: Sequence[str]) -> int:
    return sum(map(table.__contains__, words))
