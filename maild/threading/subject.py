"""Do two Subjects speak of the same matter? Words of four letters and more, without case and accents.

Words that speak of the conversation itself (thanks, my answer, a reminder, a screenshot) name no matter: whoever writes
only such words over the Subject of an answer, or a link that did, has not begun another subject.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from maild.mail import Address
from maild.threading.references import without_references

SHORTEST = 4  # letters of a word that counts
SHARED = 0.8  # of the words of the longer one: the same problem
_LONGEST = 1_000  # characters that are looked at
_LONGEST_TEXT = 20_000
_SAID = """
    merci beaucoup remerciements thanks thank bonjour bonsoir hello dear cher chere madame monsieur cordialement
    reponse reponses repondre answer answers reply response votre notre vous nous your yours
    suite suivi relance rappel reminder urgent urgente urgence important importante
    complement complements precision precisions information informations details detail
    piece pieces jointe jointes joint joints attachment attachments attached fichier fichiers file files
    document documents capture captures ecran photo photos image images screenshot screenshots ajout ajouter
    demande demandes request requests ticket tickets dossier message messages mail mails email courriel courriels
    objet sujet subject sans none regle reglee resolu resolue solved rouvrir reopen encore toujours still again
    pour avec dans sous vers chez plus tres bien cela cette cet leur leurs mais donc elle elles sont etre fait
    from with this that have about please regarding concernant recu received
"""
_CONVERSATION = frozenset(_SAID.split())
_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """The text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=256)
def words_of(subject: str, brand: str) -> frozenset[str]:
    """The words of a Subject that count, references and our brand left out."""
    words = _WORD.findall(folded(without_references(subject[:_LONGEST], brand)))
    return frozenset(w for w in words if len(w) >= SHORTEST and w != brand.casefold())


def telling(subject: str, brand: str) -> frozenset[str]:
    """Those of its words that can name a matter."""
    return words_of(subject, brand) - _CONVERSATION


_OF_ANY_REQUEST = """
    probleme problemes souci soucis question questions aide aider help support assistance besoin besoins bug bugs
    erreur erreurs error errors issue issues problem problems panne incident incidents anomalie info infos
    renseignement renseignements salut coucou hello hey tous tout toute toutes equipe everybody everyone all team
    svp stp please asap test essai nouveau nouvelle new client cliente customer le la les un une des du de et ou en
    au aux sur par mon ma mes ton ta tes son sa ses ce ces ai est ne pas plus que qui je tu il nous on me se si the
    of to in is it my an and or on at by for not no ok re fw fwd tr
"""
_VAGUE = frozenset(_OF_ANY_REQUEST.split())


def is_telling(title: str, sender: Address | None, brand: str) -> bool:
    """Whether a new request's subject can name a matter (P7, D10): a word that is no greeting, none of the words by
    which any request is called, and no name of who sends it. « Bonjour » tells nothing, « Bonjour, export vide » does.
    """
    names = f"{sender.name} {sender.address}" if sender else ""
    empty = _CONVERSATION | _VAGUE | {brand.casefold(), *_MARK.findall(folded(names))}
    words = _MARK.findall(folded(without_references(title[:_LONGEST], brand)))
    return any(len(word) > 1 and not word.isdigit() and word not in empty for word in words)


def is_another(title: str, subject: str, others: Iterable[str], brand: str) -> bool:
    """Whether a new Subject was typed over that of a ticket. `others`: Subjects that its mails have borne.

    It shares no word with any of them, not even a beginning (telephones shorten Subjects; a plural is the same word).
    Where one of the two names no matter at all nothing is told.
    """
    if not telling(title, brand) or not telling(subject, brand):
        return False
    new = words_of(title, brand)
    return not any(_same(a, b) for known in (subject, *others) for a in new for b in words_of(known, brand))


def _same(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def is_same_problem(title: str, text: str, subject: str, first_words: str, brand: str) -> bool:
    """Whether a new request asks again for what another one asked: by the Subjects where both name a matter, else by
    the texts. They are equal but for case, accents and signs, or share SHARED of the words of the longer one."""
    if telling(title, brand) and telling(subject, brand):
        return _alike(without_references(title[:_LONGEST], brand), without_references(subject[:_LONGEST], brand))
    return _alike(text[:_LONGEST_TEXT], first_words[:_LONGEST_TEXT])


def _alike(one: str, other: str) -> bool:
    a, b = _MARK.findall(folded(one)), _MARK.findall(folded(other))
    if a == b:
        return bool(a)
    mine, theirs = frozenset(a), frozenset(b)
    return len(mine & theirs) >= SHARED * max(len(mine), len(theirs)) and bool(mine & theirs)
