"""French, English or neither: short answers, signatures in another tongue, and the languages that are not ours."""

import pytest

from maild.reading.language import language_of

FR = "Bonjour,\n\nl'export de la facture ne fonctionne toujours pas, pouvez-vous regarder ?"
EN = "Hello,\n\nthe export of the invoice does not work, could you have a look?"
NOTICE = (
    "This e-mail and its attachments are for the use of the person to whom they are addressed. If you are not that"
    " person, you may not use, copy or pass on any of it, and we would ask that you let us know and delete it at once."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FR, "fr"),
        (EN, "en"),
        ("Oui merci", "fr"),
        ("Merci beaucoup !", "fr"),
        ("C'est fait.", "fr"),
        ("C\u2019est bon", "fr"),
        ("Voici la facture", "fr"),
        ("D'accord", "fr"),
        ("Bonjour, des nouvelles ?", "fr"),
        ("Toujours rien reçu", "fr"),
        ("Yes please", "en"),
        ("Thanks!", "en"),
        ("It's done", "en"),
        ("Thank you very much", "en"),
        ("Any news?", ""),
        ("OK", ""),
        ("4711", ""),
        ("", ""),
        ("👍", ""),
        (f"{FR}\n\nAlice Durand\nHead of Purchasing\nThe Client Company of the North", "fr"),
        (f"{FR}\n\nAlice\n\n{NOTICE}", "fr"),
        (f"Voici le numéro : 4711.\n\n{NOTICE}", "fr"),
        (f"{EN}\n\nAlice Durand\nResponsable des achats\n12 rue de la Gare, 75000 Paris", "en"),
        ("Error 500 on the export page: can you fix this please", "en"),
        ("Bonjour, le message « the file could not be found » s'affiche à l'export.", "fr"),
        ("Guten Tag,\n\nder Export der Rechnung geht nicht. Können Sie bitte nachsehen?", ""),
        ("Danke, es geht wieder.", ""),
        ("Hola, la exportación de la factura no funciona. ¿Pueden mirarlo? Gracias", ""),
        ("Gracias", ""),
        ("Buongiorno, l'esportazione della fattura non funziona. Potete controllare? Grazie", ""),
        ("Olá, a exportação da fatura não funciona. Podem ver? Obrigado", ""),
        ("Hallo, de export van de factuur werkt niet. Kunt u kijken? Bedankt", ""),
        ("Hej, exporten av fakturan fungerar inte. Kan ni titta på det? Tack", ""),
        ("Hei, eksporten av fakturaen virker ikke. Kan dere se på det? Takk for hjelpen", ""),
        ("Dzień dobry, eksport faktury nie działa. Proszę o sprawdzenie. Dziękuję", ""),
        ("Bună ziua, exportul facturii nu funcționează. Mulțumesc", ""),
        ("Здравствуйте, экспорт счёта не работает.", ""),
        ("請求書の書き出しができません。", ""),
        ("发票无法导出，请帮忙看看。", ""),
    ],
)
def test_french_and_english_are_told_apart_and_others_left_open(text: str, language: str) -> None:
    assert language_of(text) == language
