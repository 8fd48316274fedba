"""May this address or domain be blocked? Never an agent, never one of ours, never a domain that the public uses."""

import re
from collections.abc import Sequence

from maild.mail import address_key, domain_of

_PUBLIC = """
    aliceadsl.fr aol.com aol.fr bbox.fr bluewin.ch club-internet.fr duck.com fastmail.com free.fr freenet.de gmail.com
    gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com hey.com hotmail.be hotmail.co.uk hotmail.com hotmail.fr
    icloud.com infomaniak.com laposte.net libero.it live.be live.com live.fr mac.com mail.com mail.ru mailo.com me.com
    msn.com neuf.fr noos.fr numericable.fr online.de orange.com orange.fr outlook.com outlook.de outlook.fr pm.me
    posteo.de proton.me protonmail.ch protonmail.com qq.com rocketmail.com sfr.fr skynet.be t-online.de telenet.be
    tuta.io tutanota.com voila.fr wanadoo.fr web.de ya.ru yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru
    ymail.com zaclys.net zoho.com
    ac.uk asso.fr co.jp co.uk com.au com.br com.fr gouv.fr gov.uk org.uk tm.fr
"""
# Where anybody may have an address: to block one of these would shut out customers who have done nothing.
PUBLIC_DOMAINS = frozenset(_PUBLIC.split())
_DOMAIN = re.compile(r"(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(.+)")
_REFUSED = {
    "fr": {
        "agent": "{key} est l’adresse d’un agent",
        "own": "{key} est à nous",
        "public": "{key} est un domaine public, d’où écrivent aussi d’autres clients\u00a0; bloquez une adresse",
        "neither": "«\u00a0{key}\u00a0» n’est ni une adresse ni un domaine",
    },
    "en": {
        "agent": "{key} is an agent's address",
        "own": "{key} is ours",
        "public": "{key} is a public domain, from which other customers write too; block an address",
        "neither": "“{key}” is neither an address nor a domain",
    },
}


def block_key(written: str) -> str:
    """The key of an address or a domain as somebody writes it; '' for what is neither."""
    text = written.strip().strip("<>").removeprefix("@")
    key = address_key(text) if "@" in text else domain_of(f"x@{text}")
    match = _ADDRESS.fullmatch(key)
    return key if _DOMAIN.fullmatch(match[1] if match else key) else ""


def why_not_block(written: str, agents: Sequence[str], own: Sequence[str]) -> str:
    """'' if it may be blocked, else agent, own, public or neither. `agents` and `own` are addresses, compared form;
    the domain of each is ours."""
    key = block_key(written)
    if not key:
        return "neither"
    if "@" in key:
        return "agent" if key in agents else "own" if key in own else ""
    if any(domain_of(a) == key or domain_of(a).endswith("." + key) for a in (*agents, *own)):
        return "own"
    return "public" if key in PUBLIC_DOMAINS else ""


def refusal_text(slug: str, written: str, language: str) -> str:
    """Why it is not blocked, as the end of a sentence."""
    return _REFUSED[language][slug].format(key=block_key(written) or written.strip()[:100])
