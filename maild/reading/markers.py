"""What do mail programs write around a quote, a signature, a forwarded mail? Tables by language, no algorithm.

Each row was seen in mails of the program named beside it; a row that fits one mail only has no place here.
"""

# The first line of each of our mails: whatever stands below it in an answer is our own.
MARKERS = {"fr": "— Répondez au-dessus de cette ligne —", "en": "— Reply above this line —"}

# "On <date>, <name> wrote:", as patterns for one line; wrapped lines are joined before they are matched.
# Gmail, Apple Mail, Thunderbird, Yahoo, Proton, Roundcube, Zimbra and their like.
_WROTE = (
    "a écrit|a ecrit|wrote|schrieb|escribió|escribio|escreveu|ha scritto|schreef|skrev|napisał|napisał\\(a\\)|napsal"
    "|napsal\\(a\\)|kirjoitti|a scris|geschreven|написал|написал\\(а\\)|написала|пишет|yazdı|írta|je napisao"
)
_COLON = "[ \\xa0]*[:\uff1a]"
_AT = r"[^<>()\[\]@\s]{1,64}+@[^<>()\[\]@\s]{1,255}+"
ATTRIBUTIONS = (
    rf".{{0,300}}\b(?:{_WROTE})(?: .{{0,200}})?{_COLON}",
    rf"(?:Le|On|Am|El|Il|Em|Op|Den) .{{6,300}}(?:<|\(|\[mailto:){_AT}[>)\]]{_COLON}",
    rf"(?:\d{{4}}[-/年.]\d{{1,2}}[-/月.]\d{{1,2}}\S{{0,20}}"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}).{{0,120}}<{_AT}>{_COLON}?",
    rf"(?=.*\d{{1,2}}[:h]\d{{2}})(?=.*\b(?:19|20)\d\d\b).{{10,300}}<{_AT}>{_COLON}",
    rf".{{1,200}}(?:さんは書きました|写道|寫道|のメッセージ|작성){_COLON}",
)
# How such a line begins: only then may it go on in the lines below.
ATTRIBUTION_STARTS = (
    r"(?:le|on|am|el|il|il giorno|em|no dia|op|den|dnia|w dniu|dne|på|pada|vào|в|at|à|a) \W?(?=.{0,40}\d)"
    r"|\d{1,4}[-/.年]\d{1,2}[-/.月]|(?:mon|tue|wed|thu|fri|sat|sun)\w*,? |在 ?\d"
)

# The rows of the block that Outlook, and those after it, put above a quote: what each is called.
HEADER_ROWS = {
    "from": (
        "from",
        "de",
        "von",
        "da",
        "van",
        "från",
        "fra",
        "od",
        "от",
        "lähettäjä",
        "expéditeur",
        "от кого",
        "发件人",
        "差出人",
    ),
    "sent": (
        "sent",
        "date",
        "envoyé",
        "envoyé le",
        "gesendet",
        "datum",
        "enviado",
        "enviado el",
        "fecha",
        "data",
        "inviato",
        "verzonden",
        "skickat",
        "sendt",
        "wysłano",
        "отправлено",
        "дата",
        "lähetetty",
        "发送时间",
        "送信日時",
        "enviada em",
        "dato",
    ),
    "to": ("to", "à", "a", "an", "para", "aan", "till", "til", "do", "кому", "pour", "vastaanottaja", "收件人", "宛先"),
    "subject": (
        "subject",
        "objet",
        "betreff",
        "asunto",
        "oggetto",
        "onderwerp",
        "ämne",
        "emne",
        "temat",
        "тема",
        "assunto",
        "sujet",
        "aihe",
        "主题",
        "件名",
    ),
    "other": (
        "cc",
        "cci",
        "bcc",
        "copie",
        "kopie",
        "kopia",
        "kopi",
        "reply-to",
        "répondre à",
        "importance",
        "priorité",
    ),
}

# Between dashes or alone on a line, above a quote.
SEPARATORS = (
    "message d'origine",
    "message d’origine",
    "message original",
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "origineel bericht",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "original-nachricht",
    "reply message",
    "wiadomość oryginalna",
    "исходное сообщение",
    "alkuperäinen viesti",
    "original email",
)

# The same, where somebody passes a mail on: what stands below is what they want to show, so it stays.
FORWARDS = (
    "forwarded message",
    "message transféré",
    "mail transféré",
    "message réexpédié",
    "début du message transféré",
    "message forwardé",
    "début du message réexpédié",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "mensaje reenviado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "mensagem encaminhada",
    "vidarebefordrat meddelande",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
)

# What programs put before the Subject of a mail that is passed on.
FORWARD_PREFIXES = ("fwd", "fw", "tr", "wg", "rv", "enc", "i", "vb", "vl", "pd", "doorst", "trs", "转发", "轉寄")

# How people say, near the end of their new words, that they answer further down or in colours: there the quote that
# no program marked holds new words too. Patterns, searched for; blanks are single ones.
POINTS_BELOW = (
    # fr
    r"\bci[- ](?:dessous|après)\b|\bplus bas\b|\ben dessous\b|\b(?:mes|nos) (?:r[ée]ponses|commentaires|remarques)\b",
    r"\bdans (?:le (?:texte|corps|fil)|(?:ton|votre|le) (?:mail|message|e-?mail|courriel)|vos lignes)\b",
    r"\ben (?:rouge|bleu|vert|orange|violet|gras|couleurs?)\b|\bentre (?:les|vos|tes) lignes\b|\bpoint par point\b",
    # en
    r"\bbelow\b|\bin[- ]?line\b|\bmy (?:answers|replies|comments|responses|remarks)\b|\binterspersed\b",
    r"\bin (?:red|blue|green|orange|purple|bold|colou?r|the text|the body|your (?:text|mail|message|e-?mail))\b",
)

# What a telephone or a program writes below the text, as patterns for a whole line.
SENT_FROM = (
    r"(?:envoyé|envoye)s? (?:de|depuis|à partir de|à partir d['’]|avec|par|via|grâce à)\b.{0,80}",
    r"(?:télécharger|obtenir|téléchargez) (?:outlook|yahoo mail|blue ?mail)\b.{0,60}",
    r"sent (?:from|via|with|by|using)\b.{0,80}",
    r"get (?:outlook|blue ?mail|yahoo mail) for\b.{0,60}",
    r"gesendet (?:von|mit|aus|über)\b.{0,80}",
    r"diese nachricht wurde von meinem\b.{0,80}",
    r"enviad[oa] (?:desde|do|a partir d|de|através d|com|con)\b.{0,80}",
    r"inviato (?:da|dal|con)\b.{0,80}",
    r"verzonden (?:vanaf|vanuit|met|via)\b.{0,80}",
    r"(?:skickat|sendt) (?:från|fra|med)\b.{0,80}",
    r"wysłan[eo] z\b.{0,80}",
    r"from my (?:i?phone|ipad|android|mobile)\b.{0,40}",
    r"отправлено (?:с|из)\b.{0,80}",
    r"lähetetty\b.{0,60}",
    r"von meinem .{1,60} gesendet",
)

# What a list's server writes below each mail (Mailman): a rule, and within a few lines one of these.
LIST_FOOTERS = r"mailing list|liste de diffusion|mailman/listinfo|unsubscribe|désabonn|désinscri"
