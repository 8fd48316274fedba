"""Is it only a word of thanks? On a resolved ticket such a mail is kept and does not open it again. Doubt opens."""

import re
import unicodedata

MOST_WORDS = 15
_SAID = """
    un merci beaucoup bien mille infiniment encore grand vous votre vos pour de du la le les l d et a au tout toutes
    tous parfait super genial excellent nickel impeccable ok d accord entendu c est note bonne bonnes bon belle journee
    soiree soir fin semaine week end weekend fetes vacances bonjour bonsoir cordialement salutations sincerement aide
    reponse retour toute so precieuse precieux remercie remercions je nous recu regle
    tres rapidite reactivite efficacite precisions informations explications equipe
    thanks thank you very much many a lot for your the help answer reply quick support great perfect excellent cheers
    kind best warm regards have nice good day evening weekend hello hi all team appreciated got it
"""
_WORDS = frozenset(_SAID.split())


def is_courtesy(text: str, name: str = "") -> bool:
    """True only if every word belongs to thanks and greetings or to the sender's own name, and nothing is asked."""
    plain = _plain(text)
    words = re.findall(r"[^\W_]+", plain)
    known = _WORDS | set(re.findall(r"[^\W_]+", _plain(name)))
    return 0 < len(words) <= MOST_WORDS and "?" not in plain and all(word in known for word in words)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
