"""What desk do the fault tests run? Its rules, as a file for `maild run` and as a value for a forked child."""

import json
from pathlib import Path
from typing import Any

from maild.settings import Settings

KEY = "MAILD_FAULTS_KEY"


def rules(folder: Path, imap_port: int, smtp_port: int, **more: Any) -> dict[str, Any]:
    """Alice asks, Léa answers; limits so wide that no mail of the ledger is unanswered for their sake."""
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text("secret")
        secret.chmod(0o600)
    imap = {"host": "127.0.0.1", "port": imap_port, "tls": "none", "user": "support", "password": {"file": str(secret)}}
    said: dict[str, Any] = {
        "version": 1,
        "site": {"name": "Support iSYBUY", "reference": "ISY", "key": {"file": str(folder / "reference.key")}},
        "mailboxes": {
            "support": {
                "address": "support@isybuy.example",
                "from": "all",
                "trust": {"authserv_id": "mx.isybuy.example"},
                "imap": imap,
            }
        },
        "store": {"database": str(folder / "maild.db"), "files": str(folder / "mails")},
        "smtp": {"host": "127.0.0.1", "port": smtp_port, "tls": "none"},
        "admin": "admin@isybuy.example",
        "limits": dict.fromkeys(
            ("known_per_day", "exchanges_per_day", "automatic_per_hour", "same_text_per_hour", "mails_per_hour"),
            1_000_000,
        ),
        "people": {
            "agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}],
            "customers": [{"address": "alice@client-a.example", "name": "Alice Durand"}],
        },
        "queues": {"support": {}},
        "rules": [{"name": "all", "then": {"assign": "least_loaded"}}],
        "waiting": [
            {"after": "2 days", "send": "relance"},
            {"after": "5 days", "send": "relance"},
            {"after": "10 days", "resolve": "no_answer"},
        ],
    }
    return said | more


def rules_file(folder: Path, said: dict[str, Any]) -> Path:
    """The same as a file; JSON is YAML."""
    path = folder / "rules.yaml"
    path.write_text(json.dumps(said), "utf-8")
    return path


def settings(said: dict[str, Any]) -> Settings:
    """The same as a value."""
    return Settings.model_validate(said)


def letter(
    nonce: str,
    text: str = "Bonjour",
    *,
    sender: str = "alice@client-a.example",
    subject: str = "Impossible d'exporter",
    to: str = "support@isybuy.example",
    size: int = 0,
    dmarc: str = "pass",
) -> bytes:
    """A mail whose Subject and Message-ID hold its nonce; `size`: so many octets of text more. `dmarc` fail is held."""
    domain = sender.rpartition("@")[2]
    head = (
        f"Authentication-Results: mx.isybuy.example; dmarc={dmarc} header.from={domain}",
        f"From: <{sender}>",
        f"To: {to}",
        f"Subject: {subject} {nonce}",
        f"Message-ID: <{nonce}@{domain}>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    )
    more = ("0123456789abcdef" * 4 + "\r\n") * (size // 66)
    return ("\r\n".join(head) + "\r\n" + more).encode()
