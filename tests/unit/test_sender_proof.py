"""Whose word proves a sender: what each provider writes, relays of ours, forwarders' seals, our own check."""

from typing import Any

import pytest
from desk_values import mail, settings

from maild.judgement import Proof, Signatures
from maild.settings import Mailbox
from maild.threading.proof import proof_of

DESK, LEA, ALICE = "support@isybuy.example", "lea@isybuy.example", "alice@client-a.example"
AR, RECEIVED = "Authentication-Results", "Received"
AT = "; Mon, 23 Nov 2026 09:00:00 +0100"
Headers = list[tuple[str, str]]


def box(**trust: Any) -> Mailbox:
    return settings(mailboxes={"support": {"address": DESK, "trust": trust}}).mailboxes["support"]


OUTSIDE = "mail.client-a.example (mail.client-a.example [203.0.113.7])"


def by(host: str, origin: str = OUTSIDE, how: str = "ESMTPS") -> tuple[str, str]:
    return (RECEIVED, f"from {origin} by {host} (Postfix) with {how} id 1{AT}")


GOOGLE_INSIDE: Headers = [
    ("Delivered-To", DESK),
    (RECEIVED, f"by 2002:a05:7110:a0a6:b0:11b:be8b:591e with SMTP id o6csp4217866gee{AT}"),
    ("X-Received", f"by 2002:a05:6638:38a0:: with SMTP id b32mr1050456jav.200{AT}"),
    ("ARC-Seal", "i=1; a=rsa-sha256; cv=none; d=google.com; s=arc-20160816; b=x"),
    ("Return-Path", "<alice@client-a.example>"),
]
GOOGLE: Headers = [
    *GOOGLE_INSIDE,
    (
        RECEIVED,
        f"from {OUTSIDE} by mx.google.com with SMTPS id i11sor5238056ilu{AT}",
    ),
    ("Received-SPF", "pass (google.com: domain of alice@client-a.example) client-ip=203.0.113.7;"),
]
MICROSOFT: Headers = [
    (RECEIVED, f"from A.EURP191.PROD.OUTLOOK.COM (2603:10a6::33) by P.EURP191.PROD.OUTLOOK.COM with HTTPS{AT}"),
    (RECEIVED, f"from C.EURP251.PROD.OUTLOOK.COM (2603:10a6::18) by A.EURP191.PROD.OUTLOOK.COM (::1) with SMTP{AT}"),
    (
        RECEIVED,
        "from V.eop-eur04.prod.protection.outlook.com (2603:10a6:20b:2f2:cafe::f0) by C.outlook.office365.com"
        f" (2603:10a6:20b:2f2::18) with Microsoft SMTP Server id 15.20.4951.19 via Frontend Transport{AT}",
    ),
]
MICROSOFT_DOOR = (RECEIVED, f"from mail.client-a.example (203.0.113.7) by V.mail.protection.outlook.com (10.1.1.1){AT}")
OVH: Headers = [
    (RECEIVED, f"from localhost (HELO queue) (127.0.0.1) by localhost with SMTP{AT}"),
    (RECEIVED, f"from unknown (HELO output23.mail.ovh.net) (10.110.115.143) by mail708.mail.ovh.net with SMTP{AT}"),
    by("out23.mail.ovh.net", "vr37.mail.ovh.net (unknown [10.101.8.37])"),
]
SEEN = "mx.google.com; dkim=pass header.i=@client-a.example; dmarc=pass (p=NONE) header.from=client-a.example"
GOOD_GOOGLE = (AR, SEEN)
GOOD_MICROSOFT = (
    AR,
    "spf=pass (sender IP is 203.0.113.7) smtp.mailfrom=client-a.example; dkim=pass (signature was verified)"
    " header.d=client-a.example;dmarc=pass action=none header.from=client-a.example;compauth=pass reason=100",
)
OLD_MICROSOFT = (
    AR,
    "spf=pass (sender IP is 203.0.113.7) smtp.mailfrom=client-a.example; isybuy.example; dkim=none (message not signed)"
    " header.d=none;isybuy.example; dmarc=pass action=none header.from=client-a.example;",
)
BAD_MICROSOFT = (
    AR,
    "spf=fail (sender IP is 203.0.113.7) smtp.mailfrom=client-a.example; dkim=none (message not signed) header.d=none;"
    "dmarc=fail action=quarantine header.from=client-a.example;compauth=fail reason=000",
)
GUESS = (AR, "spf=none smtp.mailfrom=client-a.example; dmarc=bestguesspass action=none header.from=client-a.example;")
OVH_TRUST = {"authserv_id": ".mail.ovh.net", "internal": ["private", ".mail.ovh.net"]}
GOOD_OVH = (AR, "in68.mail.ovh.net; dkim=pass (2048-bit key; unprotected) header.d=client-a.example; dkim-atps=neutral")
GOOGLES, MICROSOFTS = {"provider": "google"}, {"provider": "microsoft"}

PROVIDERS = [
    # what it is, trust, headers, proof
    ("Gmail writes below its own line", GOOGLES, [*GOOGLE, GOOD_GOOGLE], Proof.PASS),
    (
        "Gmail, an older mail",
        GOOGLES,
        [(RECEIVED, f"by 10.67.31.8 with SMTP{AT}"), *GOOGLE[4:], GOOD_GOOGLE],
        Proof.PASS,
    ),
    ("Gmail, below the next line", GOOGLES, [*GOOGLE, by("relay.client-a.example"), GOOD_GOOGLE], Proof.NONE),
    ("Gmail, its own host once more", GOOGLES, [*GOOGLE, by("mx.google.com"), GOOD_GOOGLE], Proof.NONE),
    ("Gmail, an inner line further down", GOOGLES, [*GOOGLE, GOOGLE[1], GOOD_GOOGLE], Proof.NONE),
    ("Gmail, an inner line that came from somewhere", GOOGLES, [by("10.1.1.1"), *GOOGLE, GOOD_GOOGLE], Proof.NONE),
    ("Gmail's words at another host", {"authserv_id": "mx.google.com"}, [*GOOGLE, GOOD_GOOGLE], Proof.NONE),
    ("Exchange Online", MICROSOFTS, [*MICROSOFT, GOOD_MICROSOFT, MICROSOFT_DOOR], Proof.PASS),
    ("Exchange Online, the older form", MICROSOFTS, [*MICROSOFT, OLD_MICROSOFT, MICROSOFT_DOOR], Proof.PASS),
    ("Exchange Online, failed", MICROSOFTS, [*MICROSOFT, BAD_MICROSOFT, MICROSOFT_DOOR], Proof.FAIL),
    ("Exchange Online guesses", MICROSOFTS, [*MICROSOFT, GUESS, MICROSOFT_DOOR], Proof.NONE),
    ("Exchange Online, below its door", MICROSOFTS, [*MICROSOFT, MICROSOFT_DOOR, GOOD_MICROSOFT], Proof.NONE),
    ("Exchange's form at another host", {"authserv_id": "mx.isybuy.example"}, [GOOD_MICROSOFT], Proof.NONE),
    ("many servers, private addresses between", OVH_TRUST, [*OVH, by("in68.mail.ovh.net"), GOOD_OVH], Proof.PASS),
    (
        "the same, a second line of theirs",
        OVH_TRUST,
        [*OVH, by("in68.mail.ovh.net"), by("in99.mail.ovh.net"), GOOD_OVH],
        Proof.NONE,
    ),
    (
        "the same, a private address further down",
        OVH_TRUST,
        [*OVH, by("in68.mail.ovh.net"), OVH[1], GOOD_OVH],
        Proof.NONE,
    ),
    (
        "a private name at a public address",
        OVH_TRUST,
        [by("x.example", "[10.0.0.1] (unknown [203.0.113.7])"), GOOD_OVH],
        Proof.NONE,
    ),
    (
        "in the name of a neighbour of the server that took it in",
        OVH_TRUST,
        [*OVH, by("in68.mail.ovh.net"), (AR, "in12.mail.ovh.net; dkim=pass header.d=client-a.example")],
        Proof.NONE,
    ),
    (
        "on top of the line of the server that took it in",
        OVH_TRUST,
        [*OVH, GOOD_OVH, by("in68.mail.ovh.net")],
        Proof.PASS,
    ),
    ("no address at all", OVH_TRUST, [by("x.example", "localhost"), GOOD_OVH], Proof.NONE),
    ("a host that only ends alike", OVH_TRUST, [(AR, "in68.mail.ovh.net.evil.example; dmarc=pass")], Proof.NONE),
]


@pytest.mark.parametrize(("what", "trust", "headers", "proof"), PROVIDERS, ids=[row[0] for row in PROVIDERS])
def test_a_provider_is_believed_where_it_writes(what: str, trust: Any, headers: Any, proof: Any) -> None:
    assert proof_of(mail(ALICE, headers=tuple(headers)), box(**trust)) is proof


RELAY = "smtp.isybuy.example"
SUBMISSION = {"authserv_id": "mx.isybuy.example", "submission": [RELAY]}
LOGIN = f"[192.168.1.5] (lea.home [203.0.113.9]) (Authenticated sender: {LEA})"
INSIDE = {"X-MS-Exchange-Organization-AuthAs": "Internal"}
WITHIN_TENANT = [*MICROSOFT[:1], *INSIDE.items()]

SUBMITTED = [
    ("logged in as the writer", SUBMISSION, LEA, [by(RELAY, LOGIN, "ESMTPSA")], Proof.PASS),
    ("logged in as another", SUBMISSION, "marc@isybuy.example", [by(RELAY, LOGIN, "ESMTPSA")], Proof.NONE),
    ("a relay that names nobody", SUBMISSION, LEA, [by(RELAY, how="esmtpsa")], Proof.PASS),
    ("a relay that names nobody, another's domain", SUBMISSION, ALICE, [by(RELAY, how="ESMTPSA")], Proof.NONE),
    ("not logged in", SUBMISSION, LEA, [by(RELAY)], Proof.NONE),
    ("a relay that is not named", {"authserv_id": "x"}, LEA, [by(RELAY, LOGIN, "ESMTPSA")], Proof.NONE),
    (
        "handed on inside",
        SUBMISSION,
        LEA,
        [by("store.isybuy.example", f"{RELAY} (unknown [10.0.0.3])"), by(RELAY, LOGIN, "ESMTPSA")],
        Proof.PASS,
    ),
    (
        "a line that a stranger brought along",
        SUBMISSION,
        LEA,
        [by("mx.isybuy.example"), by(RELAY, LOGIN, "ESMTPSA")],
        Proof.NONE,
    ),
    (
        "a login in the name that the client gave",
        SUBMISSION,
        "marc@isybuy.example",
        [by(RELAY, f"(Authenticated sender: marc@isybuy.example) {LOGIN}", "ESMTPSA")],
        Proof.NONE,
    ),
    ("within the tenant", MICROSOFTS, LEA, WITHIN_TENANT, Proof.PASS),
    ("within the tenant, another's domain", MICROSOFTS, ALICE, WITHIN_TENANT, Proof.NONE),
    ("from outside, with the tenant's word", MICROSOFTS, LEA, [MICROSOFT_DOOR, *INSIDE.items()], Proof.NONE),
    ("from nowhere, with the tenant's word", MICROSOFTS, LEA, [*INSIDE.items()], Proof.NONE),
    ("the tenant's word at another host", SUBMISSION, LEA, WITHIN_TENANT, Proof.NONE),
]


@pytest.mark.parametrize(("what", "trust", "sender", "headers", "proof"), SUBMITTED, ids=[row[0] for row in SUBMITTED])
def test_an_own_relay_vouches_for_who_logged_in(what: str, trust: Any, sender: str, headers: Any, proof: Any) -> None:
    assert proof_of(mail(sender, headers=tuple(headers)), box(**trust)) is proof


OWN = "mx.isybuy.example"
FORWARDED = {"authserv_id": OWN, "arc": ["google.com"]}
BORDER = (AR, f"{OWN}; arc=pass smtp.remote-ip=209.85.220.41; dmarc=fail header.from=client-a.example")


def chain(*sets: tuple[int, str, str]) -> Headers:
    return [
        header
        for number, sealer, results in sets
        for header in (
            ("ARC-Seal", f"i={number}; a=rsa-sha256; cv=none; d={sealer}; s=s; b=x"),
            ("ARC-Authentication-Results", f"i={number}; {results}"),
        )
    ]


SEALED = [
    ("a listed forwarder saw it proved", FORWARDED, [BORDER, *chain((1, "google.com", SEEN))], Proof.NONE),
    ("one below the listed domain", FORWARDED, [BORDER, *chain((1, "groups.google.com", SEEN))], Proof.NONE),
    ("no forwarder is listed", {"authserv_id": OWN}, [BORDER, *chain((1, "google.com", SEEN))], Proof.FAIL),
    ("another forwarder", FORWARDED, [BORDER, *chain((1, "evil.example", SEEN))], Proof.FAIL),
    (
        "another between",
        FORWARDED,
        [BORDER, *chain((2, "google.com", SEEN), (1, "evil.example", SEEN))],
        Proof.FAIL,
    ),
    (
        "the last saw it proved, the first did not",
        FORWARDED,
        [BORDER, *chain((2, "google.com", SEEN), (1, "google.com", "mx.google.com; dmarc=fail"))],
        Proof.FAIL,
    ),
    (
        "the seal does not hold",
        FORWARDED,
        [(AR, f"{OWN}; arc=fail; dmarc=fail"), *chain((1, "google.com", SEEN))],
        Proof.FAIL,
    ),
    ("our server did not look", FORWARDED, [(AR, f"{OWN}; dmarc=fail"), *chain((1, "google.com", SEEN))], Proof.FAIL),
    ("no chain at all", FORWARDED, [BORDER], Proof.FAIL),
    (
        "two of one number",
        FORWARDED,
        [BORDER, *chain((1, "google.com", SEEN), (1, "google.com", SEEN))],
        Proof.FAIL,
    ),
    ("a chain that begins at two", FORWARDED, [BORDER, *chain((2, "google.com", SEEN))], Proof.FAIL),
    (
        "our own server seals too",
        FORWARDED,
        [*chain((2, "isybuy.example", "x; none")), BORDER, *chain((1, "google.com", SEEN))],
        Proof.NONE,
    ),
    (
        "another writer than the one who was seen",
        FORWARDED,
        [BORDER, *chain((1, "google.com", SEEN.replace("client-a", "evil")))],
        Proof.FAIL,
    ),
]


@pytest.mark.parametrize(("what", "trust", "headers", "proof"), SEALED, ids=[row[0] for row in SEALED])
def test_a_listed_forwarders_seal_is_a_hint_and_never_proof(what: str, trust: Any, headers: Any, proof: Any) -> None:
    assert proof_of(mail(ALICE, headers=tuple(headers)), box(**trust)) is proof


SIGNED, UNKNOWN = Signatures(("client-a.example",)), Signatures(is_undecided=True)
JUDGED = {"dkim": True, "authserv_id": OWN}
CHECKED = [
    ("a signature holds", {"dkim": True}, SIGNED, [], Proof.PASS),
    ("none holds", {"dkim": True}, Signatures(), [], Proof.NONE),
    ("another domain's holds", {"dkim": True}, Signatures(("evil.example",)), [], Proof.NONE),
    ("the key could not be had", {"dkim": True}, UNKNOWN, [], Proof.UNVERIFIED),
    ("nobody asked for it", {}, SIGNED, [], Proof.UNVERIFIED),
    ("the server found nothing", JUDGED, SIGNED, [(AR, f"{OWN}; dmarc=none")], Proof.PASS),
    (
        "the server found a forgery",
        JUDGED,
        SIGNED,
        [(AR, f"{OWN}; dmarc=fail")],
        Proof.FAIL,
    ),
    ("the server is sure", JUDGED, UNKNOWN, [(AR, f"{OWN}; dmarc=none")], Proof.NONE),
    ("the server did not say", JUDGED, UNKNOWN, [], Proof.UNVERIFIED),
]


@pytest.mark.parametrize(("what", "trust", "found", "headers", "proof"), CHECKED, ids=[row[0] for row in CHECKED])
def test_a_signature_that_we_checked_is_proof(what: str, trust: Any, found: Any, headers: Any, proof: Any) -> None:
    assert proof_of(mail(ALICE, headers=tuple(headers)), box(**trust), found) is proof


@pytest.mark.parametrize(
    "trust",
    [
        {"provider": "google", "authserv_id": OWN},
        {"provider": "microsoft", "internal": ["private"]},
        {"provider": "google", "submission": [RELAY]},
        {"arc": ["google.com"]},
        {"provider": "yahoo"},
        {"submission": ["two words"]},
    ],
)
def test_a_trust_that_means_nothing_is_refused(trust: Any) -> None:
    with pytest.raises(ValueError, match="trust"):
        box(**trust)
