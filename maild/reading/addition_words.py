"""What do telephones, programs, lists, employers and gateways add to a text? Tables by language, no algorithm."""

# The things that send, in every language. After "sent by" only these: "sent by post" is a person's own sentence.
_THINGS = (
    r"\[?(?:i ?-?phon|i-?pad|i-?pod|outlook|hotmail|yahoo|gmail|google|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo"
    r"|oneplus|pixel|sony|xperia|nokia|htc|wiko|android|black ?berry|windows|courrier|mail\b|mailbox|mailspring"
    r"|mailbird|proton|orange|sfr|free\b|la ?poste|bouygues|blue ?mail|type ?app|k-9|spark|thunderbird|zimbra|zoho"
    r"|roundcube|gmx|web\.de|ionos|aol|airmail|polymail|shortwave|superhuman|missive|front\b|hey\b|fastmail|canary|edison"
    r"|nine\b|fair ?email|tutanota|tuta\b|em client|infomaniak|mailo|mobile?\b|mobil|smart ?phone|t[ée]l[ée]phone"
    r"|tel[ée]fono|telefon|telem[óo]vel|celular|handy|tablet|a phone|appareil|appli|cell\b|device|gerät|workspace one"
    r"|/e/os|libero|telekom|posta per windows|correo para windows)"
)
# "My" before a thing of any name, though not before what is no thing that sends.
_MINE = (
    r"(?:my|mon|ma|meine[mr]?|mi|mio|mia|meu|minha|mijn|min|mit|mojego) "
    r"(?!côté|compte|coll[èe]gue|bureau|agence|adresse|poste|part|commande|office|desk|account|side|colleague|konto|büro)"
)
# What a telephone or a program writes below the text, as patterns for a whole line.
SENT_FROM = (
    rf"[(<]*envoy[ée]{{1,2}}s? (?:de |depuis |[àa] partir d(?:e |['’]))(?:le |l['’]|la |un |une )?(?:{_MINE}|{_THINGS})"
    r".{0,100}",
    r"[(<]*envoy[ée]{1,2}s? (?:avec |par |via |gr[âa]ce à |du )(?:le |l['’]|la |un |une |mon |ma )?(?:messagerie )?"
    rf"(?:sécurisée )?(?:{_THINGS}).{{0,80}}",
    r"(?:télécharger|obtenir|obtenez|téléchargez) .{0,2}(?:outlook|yahoo mail|blue ?mail|type ?app|spark)\b.{0,80}",
    r"provenance : courrier\b.{0,80}|de : mon (?:iphone|mobile|smartphone)\b.{0,40}",
    rf"[(<]*sent (?:from {_MINE}|(?:from|via|with|by|using) (?:an? |the |my )?(?:{_THINGS})).{{0,100}}",
    r"(?:get|download) .{0,2}(?:outlook|blue ?mail|yahoo mail|type ?app|spark) for\b.{0,80}",
    rf"(?:diese (?:nachricht|e-?mail) wurde )?(?:gesendet|versendet|verschickt|geschickt|gesandt) (?:von|mit|aus"
    rf"|über|vom)"
    rf" (?:der |dem )?(?:{_MINE}|{_THINGS}).{{0,80}}",
    r"diese nachricht wurde von meinem\b.{0,80}|von (?:meinem|unterwegs) .{0,60}gesendet\.?"
    r"|holen sie sich outlook .{0,60}"
    r"|outlook für .{2,12}(?:<https?://[^\s<>]{1,100}>)? (?:beziehen|herunterladen|laden)\b.{0,60}",
    rf"enviad[oa] (?:desde|do|da|a partir d[eo]|através d[eo]|com|con|por|pelo|del?) (?:el |la |o "
    rf"|a )?(?:correo electr[óo]nico seguro de )?(?:{_MINE}|{_THINGS}).{{0,80}}",
    r"(?:obtener|obtén|descargar|obter|obtenha) (?:o )?outlook (?:para|for)\b.{0,60}",
    rf"inviato (?:da|dal|dalla|con|tramite) (?:il |la |l['’])?(?:e-?mail sicura )?(?:{_MINE}|{_THINGS}).{{0,80}}"
    rf"|(?:scarica|ottieni) outlook per\b.{{0,60}}",
    rf"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van) (?:de |het )?(?:{_MINE}|{_THINGS}).{{0,80}}|(?:download"
    rf"|haal) outlook voor\b.{{0,60}}|outlook voor .{{2,12}}(?:<https?://[^\s<>]{{1,100}}>)? downloaden",
    rf"(?:skickat|skickades|sendt) (?:från|fra|med|via) (?:{_MINE}|{_THINGS}).{{0,80}}"
    rf"|(?:hämta|skaffa) outlook för\b.{{0,60}}|(?:få|hent) outlook .{{0,60}}",
    rf"wysłan[eoy] (?:z|za pomocą|przy użyciu) (?:{_MINE}|{_THINGS}).{{0,80}}"
    r"|pobierz (?:aplikację |program )?outlook\b.{0,60}",
    rf"(?:odesláno|odoslané) (?:z|ze|pomocou) (?:{_MINE}|{_THINGS}).{{0,80}}|отправлено (?:с|из)\b.{{0,80}}",
    r"(?:stáhnout|získat|stiahnuť|скачать|завантажити|hanki) outlook (?:pro|pre|для|for)\b.{0,60}",
    rf"(?:az )?(?:{_THINGS})\S{{0,12}}(?: készülékemről)? küldve|elküldve (?:{_THINGS}).{{0,20}}"
    rf"|trimis de pe (?:{_THINGS}).{{0,40}}|poslano sa? (?:mo(?:je)?ga? )?(?:{_THINGS}).{{0,40}}",
    rf"надіслано з (?:мого )?(?:{_THINGS}).{{0,40}}|στάλθηκε από (?:το |τη |την )?(?:{_THINGS}).{{0,40}}"
    rf"|enviat des del? (?:meu |la meva )?(?:{_THINGS}).{{0,40}}|dikirim dari (?:{_THINGS}).{{0,20}}"
    rf"|đã gửi từ (?:{_THINGS}).{{0,20}}|נשלח מה-(?:{_THINGS}).{{0,20}}"
    rf"|أرسلت من (?:الـ ?|جهاز )?(?:{_THINGS}).{{0,20}}",
    r"lähetetty (?:minun |kohteesta |laitteesta )?.{0,60}(?:iphone|android|outlook|samsung|puhelimesta)\w*",
    r"from my (?:i?phone|ipad|android|mobile)\b.{0,40}|i?phoneから送信|iphone から送信"
    r"|我的.{0,20}发送|从我的.{1,20}发送",
    r"從我的 ?.{1,20}傳送|发自我的.{1,30}|發自我的.{1,30}"
    r"|나의 .{1,20}에서 보냄|(?:iphone|ipad)'?(?:dan|den|umdan) gönderildi.{0,20}",
)
# What may follow a comma there; anything else makes the line a sentence.
EXCUSES = (
    r"\b(?:please|excuse|sorry|typos|veuillez|merci|désol|pardon|fautes|entschuldig|tippfehler|perdon|discúlp|scus)"
)
# The same below another such line: an address alone.
LINK_ONLY = r"[<(\[]*https?://[^\s<>]{1,300}[>)\]]*"
# What programs and employers add as one line: virus scanners, trees that are not to be felled.
ADDED_LINES = (
    r"(?:(?:garanti )?sans virus|virus-?free|virenfrei|libre de virus|privo di virus|livre de vírus|virusvrij)"
    r"\.?\W{0,3}(?:(?:www\.)?(?:avast|avg)\b.{0,60})?"
    r"|(?:\[image: .{0,40}\] ?)?<https?://(?:www\.)?(?:avast|avg)\.com/[^\s<>]{0,300}>(?: garanti| virus-free)?"
    r"|<#[\da-f]{8}-[\da-f-]{20,40}>"
    r"|(?:someone )?(?:from|via) (?:a |my )?mobile(?: device)?\.?"
    r"|(?:l['’]absence de virus|cet e-?mail a été vérifié|this email has been checked|diese e-mail wurde) .{0,60}"
    r"(?:avast|avg|antivirus|virus|viren).{0,80}"
    r"|.{0,30}(?:pensez|pensons) à (?:l['’]environnement|la planète).{0,100}"
    r"|.{0,40}avant d['’]imprimer ce(?:t e-?mail| mail| message| courriel).{0,60}"
    r"|.{0,30}(?:consider|think of) the environment before printing.{0,60}"
    r"|.{0,40}bevor (?:sie|du) diese e-?mail (?:aus)?druck.{0,60}"
)

# What a list's server writes below each mail (Mailman, Sympa, Google Groups): a rule, and soon one of these.
LIST_FOOTERS = r"mailing list|liste de diffusion|mailman/listinfo|unsubscribe|désabonn|désinscri|abbestell|cancellarsi"

# The head of a notice of confidentiality, alone on its line.
DISCLAIMER_HEADS = (
    r"[*\s]*(?:disclaimer|avertissement|(?:avis|mention|clause) de confidentialité|confidentialité|mentions? légales?"
    r"|confidentiality(?: notice)?|legal notice|haftungsausschluss|vertraulichkeitshinweis|aviso legal"
    r"|nota de confidencialidad|avvertenza|riservatezza)[\s:.*]*"
)
# What such a notice says: two of these make a paragraph one.
DISCLAIMERS = (
    r"\bconfidenti(?:el|al|ality|alité)|\bvertraulich|\bconfidencial|\briservat|\bvertrouwelijk",
    r"\b(?:ce (?:message|courriel|mail)|cet e-?mail|la présente)\b.{0,60}\b(?:pièces? jointes?|annexes?"
    r"|fichiers? joints?)\b",
    r"\b(?:this|the) (?:e-?mail|message|communication|information)\b.{0,60}\b(?:attach|contain|intended|transmitted)",
    r"\b(?:destinataires?|recipients?|addressees?|empfänger|destinatari[oa]s?|geadresseerde)\b",
    r"\bpar erreur\b|\bin error\b|\bby mistake\b|\birrtümlich|\bpor error\b|\bper errore\b|\bpor engano\b"
    r"|\babusivelijk",
    r"\b(?:interdite?|prohibited|unlawful|untersagt|prohibid[ao]|proibid[ao]|vietat[ao]|verboden)\b",
    r"\b(?:scanned|checked|analysé|vérifié) (?:for|par|by|contre)\b|\bvirus(?:es)?\b.{0,40}\b(?:malware|responsab"
    r"|liab|scan)",
    r"\b(?:notify|avertir|informer|prévenir|benachrichtigen|notifi(?:que|car)|avvisare) .{0,40}\b(?:sender"
    r"|expéditeur|absender"
    r"|remitente|mittente)\b|\b(?:sender|expéditeur|absender)\b.{0,40}\b(?:immédiat|immediat|umgehend)",
    r"\b(?:exclusive|exclusivement|solely|ausschließlich|exclusivo|esclusiv).{0,60}\b(?:destin|use|intended|für|uso)",
    r"\b(?:archived|archivé|mimecast|proofpoint|vade ?secure|mailinblack|barracuda)\b",
)
# One of these is in each of them, folded (ß is ss): asked first, because it costs nothing.
NOTICE_STEMS = (
    *("confiden", "vertraul", "vertrouwel", "riservat", "virus", "erreur", "error", "mistake", "archiv", "malware"),
    *("destinat", "recipient", "addressee", "empfänger", "interdit", "prohibited", "irrtümlich", "engano"),
)
# Who speaks of such a mail, or asks: no notice does.
FIRST_PERSON = r"\?|\b(?:je|j['’]\w+|m['’]\w+|i|i['’]m|my|ich|mein\w*|yo|mi|io|eu|ik|mijn)\b"

# Not before these: a gateway speaks of "this" mail, a person of "your" mail.
_NOBODYS = r"(?<!votre )(?<!vos )(?<!mon )(?<!mes )(?<!notre )(?<!nos )(?<!your )(?<!my )(?<!our )"
# What the gateway of a house writes above a mail from outside, as patterns searched for in one line at the very top.
BANNERS = (
    r"^\W*(?:externe?|external|extern|esterno|externo|ext)\W*$",
    r"^\W*(?:\[?externe?\]?|\[?external\]?|caution|attention|warning|avertissement|achtung|vorsicht|atención|attenzione)"
    r"\b.{0,60}"
    rf"{_NOBODYS}\b(?:e-?mails?|mail|message|courriel|expéditeur|sender|nachricht|absender|mensaje|correo|messaggio)\b"
    r".{0,60}\b(?:extérieure?|externes?|outside|external|externen?|außerhalb|esterno|externo|unknown)\b",
    r"\b(?:originated|came|sent) from (?:outside|an external)\b|\bprovient de l['’](?:extérieur|externe)\b"
    rf"|{_NOBODYS}\b(?:e-?mail|message|courriel) (?:externe|provenant de l['’]extérieur)\b|\bvon (?:außerhalb"
    r"|extern)\b.{0,40}\bgesendet",
    r"\b(?:do not|don['’]t) click\b.{0,80}\b(?:links?|attachments?)\b|\bne (?:cliquez"
    r"|pas cliquer)\b.{0,80}\b(?:liens?|pièces?)",
    r"\byou don['’]t often get email from\b|\bvous n['’]obtenez pas souvent (?:d['’]|de )(?:e-?mail|courri)"
    r"|\bsie erhalten nicht (?:oft|häufig) e-?mails? von\b|\bno suele recibir correo\b",
    r"^\W*(?:learn why this is important|découvrez pourquoi|erfahren sie, warum)",
    r"^\W*(?:unless you|sauf si vous|à moins que vous) .{0,80}(?:sender|expéditeur|content is safe|contenu)",
)
