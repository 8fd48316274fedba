"""What do customers write in a benchmark? The same each time: some with HTML, some with a file."""

import base64
import random
from email.message import EmailMessage
from email.policy import SMTP

CUSTOMERS = 300
_TEXT = "bonjour la facture export ne passe plus depuis hier merci de votre aide écran erreur numéro compte client"
_WORDS = _TEXT.split()


def customer(number: int) -> str:
    """Who sends the mail with that number, counted from 0."""
    return f"customer{number % CUSTOMERS}@client-a.example"


def people() -> dict[str, object]:
    """All of them, as `rules.yaml` knows them, and an agent."""
    known = [{"address": customer(n), "name": f"Client {n}"} for n in range(CUSTOMERS)]
    return {"agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}], "customers": known}


def mails(count: int, *, seed: int = 1, to: str = "support@isybuy.example") -> list[bytes]:
    """So many, each new to the desk: 1 KiB of text; three in ten with HTML, one in ten with a file of 50 to 250 KiB."""
    chance = random.Random(seed)
    return [_mail(chance, f"{seed}-{n}", customer(n), to) for n in range(count)]


def _mail(chance: random.Random, name: str, sender: str, to: str) -> bytes:
    text = "\n".join(" ".join(chance.choices(_WORDS, k=10)) for _ in range(15)) + "\n"
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"] = "mx.isybuy.example; dmarc=pass header.from=client-a.example"
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = f"Impossible d'exporter la facture {name}"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail["Message-ID"] = f"<{name}@client-a.example>"
    mail.set_content(text)
    if chance.random() < 0.3:
        mail.add_alternative(f"<html><body><p>{text.replace(chr(10), '<br>')}</p></body></html>", subtype="html")
    if chance.random() < 0.1:
        data = base64.b64encode(chance.randbytes(chance.randrange(37_000, 140_000)))
        mail.add_attachment(data, maintype="application", subtype="pdf", filename="facture.pdf")
    return mail.as_bytes()
