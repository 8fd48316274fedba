"""What do mail programs write around a quote and above a forwarded mail? Tables by language, no algorithm.

Each row was seen in mails, in the source or in the translations of the program named beside it; a row that fits one
mail only has no place here.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.strip().splitlines() for word in line.strip().split("|"))


# The first line of each of our mails: whatever stands below it in an answer is our own.
MARKERS = {"fr": "— Répondez au-dessus de cette ligne —", "en": "— Reply above this line —"}

# The same line of other desks (Zendesk, FreeScout, Jira, Help Scout, Freshdesk, Odoo), between dashes or in brackets.
REPLY_ABOVE = (
    r"(?:please )?(?:type |write |enter |add )?(?:your )?(?:reply|replies|respond"
    r"|response)(?: \w+){0,3} above this line"
    r"|(?:veuillez |merci de )?(?:[ée]crire |saisir |taper |ajouter )?(?:votre )?r[ée]pon(?:se|dre|dez)(?: \w+){0,4}"
    r" au[- ]dessus de cette ligne"
    r"|(?:bitte )?(?:antworten sie |ihre antwort )(?:\w+ ){0,3}(?:oberhalb|über) dieser (?:linie|zeile)(?: \w+){0,2}"
    r"|(?:por favor,? )?(?:escriba su |responda |responde )(?:\w+ ){0,3}(?:encima|arriba) de esta línea"
)

# "On <date>, <name> wrote:", as patterns for one line; wrapped lines are joined before they are matched.
# Gmail, Apple Mail, Thunderbird (composeMsgs.properties), Yahoo, Proton, Roundcube, K-9, SOGo and their like.
WROTE = "|".join(
    _words(
        """
        a écrit|a ecrit|écrivait|wrote|writes|schrieb|schreibt|geschrieben|escribió|escribio|ha escrito|escribiu
        ha escrit|escreveu|ha scritto|scrive|schreef|geschreven|skrev|skreiv|napisał|napisała|napisał\\(a\\)
        pisze|napsal|napsala|napsal\\(a\\)|napísal|napísal\\(a\\)|kirjoitti|kirjutas|a scris|написал|написала
        написал\\(а\\)|пишет|пише|написав|написа|напісаў|yazdı|írta|je napisao|je napisala|napisao je
        je napisao/la|je napisal|je napisal\\(a\\)|έγραψε|rašė|skrifaði|shkroi|menulis|đã viết|a rédigé|כתב|كتب
        """
    )
)
_COLON = "[ \\xa0\\u202f]*[:\uff1a]"
_AT = r"[^<>()\[\]@\s]{1,64}+@[^<>()\[\]@\s]{1,255}+"
ATTRIBUTIONS = (
    rf".{{0,300}}\b(?:{WROTE})(?:[ ,].{{0,200}})?{_COLON}",
    rf"(?:Le|On|Am|El|Il|Em|Op|Den|Missatge de"
    rf"|Wiadomość napisana przez) .{{6,300}}(?:<|\(<|\[mailto:){_AT}[>)\]]{{1,2}}(?: .{{0,60}})?{_COLON}",
    r"(?!\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)"  # no log
    rf"(?:\d{{4}}[-/.年년] ?\d{{1,2}}[-/.月월]|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}).{{0,160}}<{_AT}>{_COLON}?",
    rf"(?!\d{{4}}-\d\d-\d\d[ T]\d\d:)(?=.*\d{{1,2}}[:h.]\d{{2}})(?=.*\b(?:19|20)\d\d\b).{{10,300}}<{_AT}>{_COLON}",
    # Tuta: "3 mars 2025, 10:12 de support@..:"
    r"\d.{4,40}\b(?:19|20)\d\d,? \d{1,2}[:.h]\d{2}(?: ?[ap]m)? \w{1,8} [^<>()\[\]@\s]{1,64}+@[\w.-]{1,255}+:",
    rf"(?:Quoting|Zitat von|Quota de|Citando|Citazione da|Citat från|Citerar) .{{1,200}}{_COLON}",
    rf".{{1,200}}(?:さんは書きました|のメッセージ|のメール|さんが書きました|写道|寫道|写于.{{1,60}}"
    rf"|작성|쓴 글|が書いたメール){_COLON}",
)
# How such a line begins: only then, or with an address or a full date in it, may it go on in the lines below.
ATTRIBUTION_STARTS = (
    r"(?:le|on|am|el|il|il giorno|em|no dia|op|den|dnia|w dniu|dne|dňa|på|pada|vào|în|la|às|στις|на|в|at|à|a)"
    r" \W?(?=.{0,40}\d)"
    r"|missatge de |wiadomość napisana |\d{1,4}[-/.年년]\ ?\d{1,2}[-/.月월]"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)\w*,? |在 ?\d"
)
# The same words in a person's own sentence: what stands below is told, not quoted.
TOLD = (
    r"\b(?:m|t|l)['’](?:a|ont|avez|avait) [ée]crit|\b(?:nous|vous|lui|leur|me|te) (?:a|ont|avez|avait|avons) [ée]crit"
    r"|\b(?:j['’]ai|avons|avez|ai|ont) [ée]crit|[ée]crit (?:ceci|cela|que|ce qui suit|à |dans )"
    r"|\bwrote (?:to|me|us|this|that|the|back|in|about)\b|\b(?:i|we|they) wrote\b"
    r"|\b(?:mir|uns|ihm|ihr|ihnen) (?:geschrieben|schrieb)\b|\bschrieb (?:mir|uns|ihm|ihr)\b"
    r"|\b(?:me|nos|le|les) escribió\b|\b(?:mi|ci|gli) ha scritto\b"
)
# What such a line must hold to be a program's: its verb, in CJK its end, or a date first and an address last.
SAYS = (
    rf"\b(?:{WROTE})(?!\w)|さんは書きました|のメッセージ|のメール|さんが書きました|写道|寫道|写于|작성|쓴 글"
    r"|が書いたメール|^(?:Quoting|Zitat von|Quota de|Citando|Citazione da|Citat från|Citerar) "
    r"|^(?:Missatge de|Wiadomość napisana przez) .*\d"
    r"|^(?:\d|[^\W\d]{2,12}\.?, \d).*@[^\s@]{1,255}[:\uff1a]$"
)
# Words that a person tells with, or puts before a name, and no program.
OWN_WORDS = (
    r"\b(?:(?<!on )mon(?= [^\W\d])|ma(?= [^\W\d])|mes|ton|une?|cette|ceci|cela|nous|vous|je|lui|qui|suite|re[çc]u"
    r"|(?:le|la|les|du) (?:client|cliente|coll[èe]gue|chef|patron|directeur|directrice|technicien|technicienne)"
    r"|my|this|that|he|she|they|who|the (?:customer|client|boss|manager|technician)"
    r"|mein\w{0,2}|ich|wir|uns|mir|(?:der|die|ein|eine) (?:kunde|kundin|kollege|kollegin|chef|chefin)"
    r"|mi(?= [^\W\d])|mis|mio|mia|meu|minha)\b|\b[jmlst]['’](?:ai|as|avez|avons|ont)\b"
)
# The same, though a desk's own name may begin with one.
POSSESSIVES = (
    r"\b(?:notre|nos|votre|vos|leurs?|monsieur|madame|herrn?|frau|our|your|their|unser\w{0,2}|eure?|ihr\w{0,2}"
    r"|nuestr[oa]|su(?= [^\W\d])|nostr[oa]|noss[oa])\b"
)

# The rows of the block that Outlook, Zimbra, Lotus Notes, SOGo, Orange and those after them put above a quote.
HEADER_ROWS = {
    "from": _words(
        """
        from|de|von|da|van|från|fra|od|от|от кого|lähettäjä|expéditeur|kimden|gönderen|feladó|küldő|odesílatel
        odosielateľ|pošiljatelj|šalje|de la|expeditor|від|από|saatja|remitente|mittente|afzender|absender|发件人
        寄件者|寄件人|差出人|送信者|보낸 사람|מאת|من|sender|dari
        """
    ),
    "sent": _words(
        """
        sent|date|message du|envoyé|envoyé le|gesendet|datum|enviado|enviado el|enviado em|enviada em|enviada
        enviat|fecha|data|inviato|verzonden|skickat|sendt|dato|wysłano|wysłane|отправлено|дата|lähetetty
        päivämäärä|päiväys|gönderildi|gönderme tarihi|tarih|elküldve|dátum|odesláno|odoslané|poslano|trimis
        надіслано|στάλθηκε|ημερομηνία|saadetud|nosūtīts|išsiųsta|发送时间|寄件日期|傳送時間|送信日時|日時|送信日
        보낸 날짜|날짜|נשלח|תאריך|تاريخ الإرسال|日期|dikirim|tanggal|date d'envoi|terkirim|időpont
        """
    ),
    "to": _words(
        """
        to|à|a|an|para|per|aan|till|til|do|pro|pre|komu|кому|кога|pour|vastaanottaja|vastaanottajat|kime|alıcı
        címzett|prima|către|προς|adressaat|kuni|收件人|宛先|받는 사람|אל|إلى|kepada|naar
        """
    ),
    "subject": _words(
        """
        subject|objet|betreff|asunto|oggetto|onderwerp|ämne|emne|temat|тема|assunto|sujet|aihe|konu|tárgy
        předmět|predmet|subiect|θέμα|teema|tēma|tema|assumpte|主题|主旨|主題|件名|제목|נושא|الموضوع|subjek|perihal
        """
    ),
    "other": _words(
        """
        cc|cci|bcc|copie|copie à|copia|kopie|kopia|kopi|cópia|kópia|reply-to|répondre à|réponse à|antwort an
        importance|priorité|organisation|références|references|attachments|pièces jointes|anlagen|adjuntos
        allegati|抄送|副本|참조|bilgi|kopija|envoyé par|sent by|on behalf of|resent-from|newsgroups|gesendet von
        """
    ),
}

# Fields that stand in a mail's source alone (RFC 5322, 6376, 8601, 8617): no program shows them above a quote.
SERVERS_FIELDS = (
    r"received(?:-spf)?|return-path|delivered-to|dkim-signature|authentication-results|arc-[a-z-]{4,40}|message-id"
    r"|mime-version|content-type|content-transfer-encoding|user-agent|x-[a-z\d-]{2,60}"
)

# Between dashes or alone on a line, above a quote.
SEPARATORS = frozenset(
    _words(
        """
        message d'origine|mail d'origine|e-mail d'origine|email d'origine|courriel d'origine|message original
        mail original|e-mail original|courriel original|message initial|mail initial|e-mail initial|courriel initial
        message précédent|original message|original email|original mail|original e-mail|original appointment
        reply message|ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mitteilung
        ursprüngliche e-mail|original nachricht|original-mail|mensaje original|mensagem original
        messaggio originale|messaggio original|missatge original|mensaxe orixinal|oorspronkelijk bericht
        origineel bericht|oorspronkelijke bericht|ursprungligt meddelande|originalmeddelande
        oprindelig meddelelse|den oprindelige meddelelse|original besked|opprinnelig melding|opphavleg melding
        wiadomość oryginalna|oryginalna wiadomość|treść oryginalnej wiadomości|původní zpráva|původní e-mail
        pôvodná správa|исходное сообщение|пересылаемое сообщение|оригинално писмо|початкове повідомлення
        alkuperäinen viesti|algne kiri|eredeti üzenet|mesajul original|mesaj original|izvorna poruka
        izvirno sporočilo|αρχικό μήνυμα|özgün ileti|orijinal mesaj|pesan asli|thư gốc|originalus laiškas|原始邮件
        原始消息|原始郵件|元のメッセージ|original message follows|원본 메시지|원본메시지|הודעה מקורית
        """
    )
)
# The same with a date in it: Orange and La Poste ("Message du 23/11/26 10:11"), patterns for a line without dashes.
DATED_SEPARATORS = (
    r"message du \d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?:,? (?:à )?\d{1,2}[:h]\d{2}(?::\d{2})?)?(?:\s*de .{1,80})?"
    r"|(?:original message|message d['’]origine) (?:du|from|on) .{4,60}\d.{0,20}"
)

# Notes, above its rows: "Support ---23/11/2026 10:11:12---Quel est le ..".
DATED_LINES = r"[^-]{0,100}-{3}\d[\d./-]{5,11} \d{1,2}[:.]\d{2}[:\d]{0,3}(?: [ap]m)?-{3}.{0,200}"

# Where somebody passes a mail on: what stands below is what they want to show, so it stays.
FORWARDS = frozenset(
    _words(
        """
        forwarded message|begin forwarded message|forwarded by|mail forwarded|message transféré|mail transféré
        courriel transféré|message réexpédié|début du message transféré|début du message réexpédié
        message forwardé|message transmis|début du message|e-mail transféré|weitergeleitete nachricht
        weitergeleitete e-mail|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail
        mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato
        doorgestuurd bericht|begin doorgestuurd bericht|mensagem encaminhada|mensagem reencaminhada
        início da mensagem encaminhada|início da mensagem reencaminhada|vidarebefordrat meddelande
        vidarebefordrat brev|videresendt meddelelse|videresendt besked|videresendt melding
        wiadomość przekazana dalej|przekazana wiadomość|přeposlaná zpráva|välitetty viesti|пересланное сообщение
        továbbított üzenet|转发的邮件|转发邮件|轉寄的郵件|転送メッセージ|전달된 메일
        """
    )
)

# What programs put before the Subject of a mail that is passed on.
FORWARD_PREFIXES = ("fwd", "fw", "tr", "wg", "rv", "enc", "i", "vb", "vl", "pd", "doorst", "trs", "转发", "轉寄")
# And of one that is answered: in English and French, and as the programs of other languages do.
REPLY_PREFIXES = (
    *(
        "re",
        "ré",
        "rép",
        "réf",
        "aw",
        "antw",
        "antwort",
        "sv",
        "vs",
        "odp",
        "res",
        "rif",
        "r",
        "ynt",
        "vá",
        "atb",
        "σχετ",
    ),
    *("отв", "ha", "回复", "答复", "回覆", "返信", "답장", "trả lời", "bls"),
)

# How people say, near the end of their new words, that they answer further down or in colours: there the quote that
# no program marked holds new words too. Patterns, searched for; blanks are single ones.
POINTS_BELOW = (
    # fr
    r"\bci[- ](?:dessous|après)\b|\bplus bas\b|\ben dessous\b|\b(?:mes|nos) (?:r[ée]ponses|commentaires|remarques)\b",
    r"\bdans (?:le (?:texte|corps|fil)|(?:ton|votre|le) (?:mail|message|e-?mail|courriel)|vos lignes)\b",
    # not where a lamp is what shines
    r"(?:^|(?!clignot|allum|rest|pass|voyant|led\b|diode)\b\w++\W{1,3})"
    r"\ben (?:rouge|bleu|vert|orange|violet|gras|couleurs?)\b"
    r"|\bentre (?:les|vos|tes) lignes\b|\bpoint par point\b",
    # en
    r"\bbelow\b|\bin[- ]?line\b|\bmy (?:answers|replies|comments|responses|remarks)\b|\binterspersed\b",
    r"\bin (?:red|blue|green|orange|purple|bold|colou?r|the text|the body|your (?:text|mail|message|e-?mail))\b",
    # de, es, it, pt, nl
    r"\bsiehe unten\b|\bweiter unten\b|\bim text\b|\bin (?:rot|blau|grün)\b|\bmeine antworten\b",
    r"\bmás abajo\b|\bmis respuestas\b|\ben (?:rojo|azul|verde)\b|\bentre líneas\b",
    r"\bqui sotto\b|\bdi seguito\b|\bin (?:rosso|blu|verde)\b|\bmie risposte\b",
    r"\babaixo\b|\bem (?:vermelho|azul|verde)\b|\bminhas respostas\b|\bhieronder\b|\bin het (?:rood|blauw|groen)\b",
)

# Words near the end of the new text that speak of a line, as those do who ask what our marker is for.
SHOWS_LINE = (
    r"\b(?:(?:la|cette|une|les|ces|petite) (?:lignes?|phrases?|mentions?)|(?:le|ce) (?:texte|bandeau)"
    r"|(?:the|this|that|a|your|these) (?:lines?|sentences?|words?|text|banner)"
    r"|(?:die|diese|der|eine|dieser) (?:zeilen?|satz|hinweis)"
    r"|[ée]crit|affich\w{1,4}|indique|lis|lit|says|reads|written|steht"
    r"|(?:la|esta|una|questa|a) (?:línea|frase|riga|linha))\b"
)
# The same of a mail or of words on a screen, which the person shows below.
SHOWS_MAIL = (
    r"\b(?:voici|voil[àa]|ci-joint|transf[èe]r\w{1,6}|transmet\w{0,3}|re[çc]us?|copi(?:e|é|er)|coll(?:e|é|er)"
    r"|affich\w{1,4}|indique|dit|répond|erreurs?"
    r"|(?:le|du|ce|un|son|leur|mon|notre|votre|ton|les|des|ces) (?:e-?mails?|mails?|messages?|courriels?|clients?)"
    r"|here(?: is|['’]s) (?:the|what|an?|my|his|her|their)|forward\w{0,4}"
    r"|received|pasted?|copied|shows?|says?|said|displays?|errors?"
    r"|(?:the|this|an?|his|her|their|our|my|your) (?:e-?mails?|mails?|messages?|customers?|clients?)"
    r"|hier (?:ist|die|der|das)|anbei|weiter(?:leit|gele)\w{1,5}|erhalten|zeigt|sagt|meldet|fehler"
    r"|(?:die|der|eine|diese|seine|ihre) (?:e-?mails?|mails?|nachrichten?|kunden?|kundin)"
    r"|(?:el|este|un|il|questo|o|este) (?:correo|mensaje|cliente|messaggio|e-?mail|mensagem))\b"
)
# A greeting alone on its line; where it ends in a comma no table is asked, but for the thanks below.
GREETINGS = (
    r"(?:bonjour|bonsoir|salut|coucou|re-?bonjour|ch[èe]re?s?|madame|monsieur|hello|hi|hey|dear|good morning"
    r"|hallo|guten (?:tag|morgen|abend)|moin|servus|grüezi|sehr geehrte\w?|liebe\w?|hola|buen[oa]s \w{3,6}|ciao"
    r"|buongiorno|olá|bom dia|boa tarde|goedendag|hej|cześć|dzień dobry)(?: [\w.-]{1,20}){0,3} ?[!.:]?"
)
CLOSINGS = r"merci|thank|danke|gracias|grazie|obrigad|dank|tack|cordialement|bien |bonne|best|kind|regards|mit |viele"

# What the HTML of a quote says of itself, looked for in the attributes of a tag. First those whose quote is all that
# stands below: Outlook (desktop, web, mobile, for Mac), Windows Mail, Zimbra, Yahoo, Orange. Then those around
# a blockquote: Gmail, Thunderbird, Proton, Zoho, GMX, Infomaniak. Gateways put `x_` or `m_123` before an id: so it is
# searched, not matched.
MARKUP_ALL_BELOW = (
    r"divRplyFwdMsg|appendonsend|ms-outlook-mobile-reference-message|mail-editor-reference-message-container"
    r"|OLK_SRC_BODY_SECTION|name=[\"']?_MailOriginal|zwchr|__DIVIDER__|isReplyContent|yahoo_quoted|oriMsgHtmlSeperator"
    r"|border:\s?none;\s?border-top:\s?solid\s?#(?:E1E1E1|B5C4DF)"
    r"|border-top-color:\s?rgb\(229, 229, 229\);\s?border-top-width:\s?1px;\s?border-top-style:\s?solid"
)
# One of these is in each of them, in small letters: asked first, because it costs little.
MARKUP_STEMS = (
    *(
        "divrplyfwdmsg",
        "appendonsend",
        "ms-outlook-mobile",
        "mail-editor-ref",
        "olk_src_body",
        "_mailoriginal",
        "zwchr",
    ),
    *("__divider__", "isreplycontent", "yahoo_quoted", "orimsghtml", "border-top"),
)
MARKUP_BLOCKQUOTE = (
    r"gmail_quote|gmail_attr|moz-cite-prefix|protonmail_quote|zmail_extra|ik_mail_quote|reply-intro"
    r"|name=[\"']?quote[\"']"
    r"|tutanota_quote|front-blockquote"
)
# A blockquote that only sets a paragraph in: "Indent more" of Gmail and of Outlook on the web.
MARKUP_INDENT = (
    r"margin:\s?0(?:px)?\s0(?:px)?\s0(?:px)?\s40px|margin-(?:top|bottom):\s?0(?:px)?;\s?margin-(?:top|bottom)"
)
