"""What do telephones, mail programs, scanners, lists and employers add as lines of their own? Tables, no algorithm.

Each row is a pattern for a whole line, without its maker's link, which is known apart (LINK): nothing may stand behind
what a program writes but what programs put there.
"""

# Words that stand beside each other in "my Samsung Galaxy S5 device": makers, kinds, carriers, marks of a model.
_MAKERS = (
    r"i-?phone|i phone|i-?pad|i-?pod|galaxy|samsung|huawei|honor|xiaomi|redmi|oppo|oneplus|google pixel|pixel|sony"
    r"|xperia"
    r"|nokia|lumia|htc|lg|motorola|wiko|alcatel|crosscall|fairphone|android|black ?berry|windows|mac ?book|i ?mac|asus"
    r"|lenovo|realme|vivo|(?-i:[A-Z]{1,3}-[A-Z]?\d{2,4}[A-Z]?)"
)
_KINDS = (
    r"mobile|phone|smart ?phone|tablet|cell|cellphone|device|pc|appareil|t[ée]l[ée]phone|portable|tablette|gerät|handy"
    r"|telefon|mobil|mobiltelefon|mobilgerät|tel[ée]fono|m[óo]vil|celular|dispositivo|cellulare|telem[óo]vel|toestel"
    r"|telefoon|mobieltje|enhet|enhed|telefonu|telefonem|telefoni?"
)
_CARRIERS = (
    r"orange|sfr|free|bouygues(?: telecom)?|la ?poste(?: mobile)?|verizon|wireless|at&t|t-mobile|sprint|vodafone"
    r"|telekom"
    r"|o2|ee|swisscom|proximus|telstra|rogers|bell|lte"
)
_MODELS = (
    r"pro|max|plus|mini|air|se|x[rs]?|note|edge|ultra|lite|neo|fold|flip|ace|core|octacore|prime|duos|compact|nova|tab"
    r"|(?!\d{1,4}(?:h|[ .-]\d))[a-z]{0,6}\d{1,4}[a-z+]{0,2}"  # no hour, no telephone number
    r"|(?-i:(?!SVP|ASAP|RE|PS|NON|OUI|NO|YES|NOT|OK|PAS|ET|AND|UND|URGENT)[A-Z]{2,6})"
)
_WORD = rf"(?:{_MAKERS}|{_KINDS}|{_CARRIERS}|{_MODELS})(?!\w)"
_WORDS = rf"{_WORD}(?:[ -]{_WORD}){{0,7}}"
_MY = (
    r"(?:my|mon|ma|meine[mrn]?|mein|mi|mio|mia|il mio|il tuo|meu|o meu|minha|mijn|min|mitt|mit|mojego|mého|môjho|моего"
    r"|minun)"
)
_A = r"(?:le |la |les |l['’]|une? |the |an? |el |il |lo |o |os |der |dem |einem |een |het |en |ett )?"
# "My phone" says it all; without "my" the thing must be more than a firm that sends parcels.
_DEVICE = (
    rf"(?:{_MY} (?=.{{0,60}}?(?<!\w)(?:{_MAKERS}|{_KINDS})(?!\w)){_WORDS}"
    rf"|{_A}(?=.{{0,40}}?(?<!\w)(?:i-?phone|ipad|ipod|galaxy|android|black ?berry|xperia|redmi)(?!\w)){_WORDS}"
    rf"|{_A}(?=.{{0,40}}?(?<!\w)(?:samsung|huawei|xiaomi|sony|nokia|htc|wiko|t-mobile|verizon|at&t)(?!\w))"
    rf"(?=.{{0,40}}?(?<!\w)(?:{_KINDS})(?!\w)){_WORDS})"
)
_PLATFORM = (
    r"(?: (?:pour|for|on|sur|für|auf|para|per|su|voor|op|för|på|til|dla|pro|na|en|do|systemu|для) (?:my |mon )?"
    r"(?:ios|i-?phone|ipad|android|windows(?: phone| mobile)?|mac(?: ?os)?|desktop|mobile|black ?berry|linux)"
    r"(?: \d{1,2}(?:\.\d)?)?)"
)
_APPLE = r"(?:i-?phone|i-?pad)"
# Programs that send, by the names that they give themselves; those in their own case are ordinary words too.
_PROGRAMS = (
    r"outlook(?:\.com| mobile)?|hotmail|(?:at&t )?yahoo!? mail|gmail(?: mobile)?|google (?:inbox|mail|workspace)"
    r"|inbox by gmail|proton ?mail(?: mobile| android| ios)?|thunderbird|(?:courriel )?k-9(?: mail)?|zimbra(?: mobile)?"
    r"|roundcube(?: webmail)?|airmail|mailspring|mailbird|polymail|shortwave|superhuman|missive|fastmail|fair ?email"
    r"|tuta(?:nota)?|em client|blue ?mail|type ?app|aqua ?mail|mymail|windows (?:live )?mail|samsung (?:mobile|e-?mail)"
    r"|black ?berry (?:work|hub)|zoho mail|gmx(?: mail)?|web\.de(?: mail)?|ionos(?: mail)?|aol(?: mail)?|mailo"
    r"|infomaniak(?: mail)?|edison mail|laposte\.net"
    r"|(?:mail|messagerie|webmail) (?:orange|sfr|free|bouygues|la ?poste)|(?:orange|sfr|free) mail"
    r"|(?-i:Spark|Nine|Front|HEY|Canary|Mailbox|Newton|Boxer)"
)
_WINDOWS_MAIL = (
    r"(?:courrier|mail|correo|correio|posta|e-?mail|e-?post|post|aplikacji poczta|aplikace pošta)"
    r" (?:pour|for|für|para|per|voor|för|til|systemu|pro) windows(?: \d{1,2})?"
)
_APP = r"(?:l['’]appli(?:cation)? |der |the |la |ma |mon |my )?(?:messagerie |app )?(?:sécurisée )?"
_THING = (
    rf"(?:{_DEVICE}(?: (?:avec|with|mit|con|met|com|med|via|using|z|s) (?:{_PROGRAMS}))?"
    rf"|{_APP}(?:{_PROGRAMS}){_PLATFORM}?|{_WINDOWS_MAIL})"
)
# What may follow: a program's praise of itself, or the excuse that people put there. An excuse names what it is for.
_PRAISE = (
    r"secure e-?mail|(?:encrypted|secure) email,? based in switzerland|search, organi[sz]e, conquer"
    r"|profitez d['’]e-mails sécurisés (?:&|et) sans publicité|enjoy secure (?:&|and) ad-free e-?mails"
    r"|genie(?:ß|ss)en sie sichere (?:&|und) werbefreie e-?mails"
)
_EXCUSE = (
    r"(?:please |kindly |veuillez |merci d['’]|bitte |por favor,? )?(?:excuse|pardon|forgive|ignore|sorry|apologies"
    r"|excuser|excusez|désolée?|pardonnez|entschuldig\w{0,4}|verzeih\w{0,4}|perdon\w{0,4}|discul\w{0,4}|scus\w{0,4})"
    r"[^.?!,;:\d]{0,30}\b(?:typos?|typoz?e|brevity|brief(?:ness)?|mistakes|spelling|fautes|coquilles|brièveté"
    r"|concision|tippfehler|kürze|rechtschreibfehler|brevedad|erratas|brevità|errori)"
)
_TAIL = rf"(?:[ ,;:.–-]{{0,4}}(?:{_PRAISE}|{_EXCUSE}))?[\s.:!]{{0,3}}"

# "Sent via Outlook." is how a person tells the way that a mail took; the programs that say no more say "from".
_BY_WHICH_WAY = (
    r"(?!\w{4,9} (?:via|with|using|avec|gr[âa]ce à|mit|über|con|com|met|via) (?:l['’])?"
    r"(?:outlook|hotmail|gmail|yahoo mail|thunderbird|zimbra|roundcube|gmx|web\.de|ionos|aol)(?: mail)?\W*$)"
)
# What a telephone or a program writes below the text.
SENT_FROM = tuple(
    f"{_BY_WHICH_WAY}(?:{row}){_TAIL}"
    for row in (
        # fr
        rf"envoy[ée]{{1,2}}s? (?:de |depuis |du |via |avec |gr[âa]ce à |d['’]|[àa] partir (?:de |du |d['’]))"
        rf"(?:{_THING}|un mobile)",
        rf"(?:télécharge[rz]|obtenir|obtenez) (?:{_PROGRAMS}){_PLATFORM}",
        rf"provenance : {_WINDOWS_MAIL}|de : {_MY} (?=.{{0,40}}?(?:iphone|mobile|smartphone)){_WORDS}",
        # en
        rf"sent (?:from|via|with|using) (?:{_THING}|(?:an? )?(?:mobile|(?:mobile )?(?:phone|device)|smartphone|cell))",
        r"sent by galaxy",
        rf"from my (?=.{{0,40}}?(?:i-?phone|ipad|android|mobile|smartphone)){_WORDS}",
        rf"get (?:{_PROGRAMS}){_PLATFORM}",
        # de
        rf"(?:diese (?:nachricht|e-?mail) wurde )?(?:gesendet|versendet|verschickt|gesandt) (?:von|mit|aus|über|vom)"
        rf" {_THING}",
        rf"(?:diese (?:nachricht|e-?mail) wurde )?(?:von|mit) (?:{_THING}|unterwegs) (?:gesendet|versendet|verschickt"
        r"|gesandt)",
        rf"holen sie sich (?:{_PROGRAMS}){_PLATFORM}|(?:{_PROGRAMS}){_PLATFORM} (?:beziehen|herunterladen|laden)",
        # es, pt, it
        rf"enviad[oa] (?:desde|do|da|a partir d[eo]|através d[eo]|com|con|pelo|del?) {_THING}",
        rf"(?:obtener|obtén|descargar?|obter|obtenha) (?:el |o )?(?:{_PROGRAMS}){_PLATFORM}",
        rf"inviato (?:da|dal|dalla|con|tramite) {_THING}|(?:scarica|ottieni) (?:{_PROGRAMS}){_PLATFORM}",
        # nl, sv, da, nb
        rf"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van) {_THING}",
        rf"(?:download|haal) (?:{_PROGRAMS}){_PLATFORM}|(?:{_PROGRAMS}){_PLATFORM} downloaden",
        rf"(?:skickat|skickades|sendt) (?:från|fra|med|via) {_THING}|(?:hämta|få|hent) (?:{_PROGRAMS}){_PLATFORM}",
        # pl, cs, sk, ru
        rf"wysłan[eoy] (?:z|za pomocą|przy użyciu) (?:{_THING}|(?:mojego )?(?:iphone|ipad|smartfon|telefon)['’]?[au])",
        rf"pobierz (?:aplikację )?(?:{_PROGRAMS}){_PLATFORM}",
        rf"(?:odesláno|odoslané) (?:z|ze|pomocou) (?:{_THING}|(?:iphon|ipad)u)",
        rf"отправлено (?:с|из) (?:{_THING}|(?:мобильной )?(?:яндекс|mail\.ru|почты mail)[.\w ]{{0,12}})",
        rf"(?:скачать|завантажити) (?:{_PROGRAMS}){_PLATFORM}|надіслано з (?:мого )?{_THING}",
        # hu, ro, el, ca, hr, id, vi, he, ar: of a telephone in its maker's own words
        rf"(?:az )?{_APPLE}[- ]?(?:omról|emről|ról)? küldve|elküldve {_APPLE}[- ]?(?:omról|ról)?",
        rf"trimis de pe {_APPLE}(?:-ul meu)?|enviat des del? (?:meu )?{_APPLE}",
        rf"poslano sa? (?:mo(?:je)?ga? )?{_APPLE}[ua]?",
        rf"στάλθηκε από (?:το |την )?{_APPLE}(?: μου)?|dikirim dari {_APPLE}(?: saya)?|đã gửi từ {_APPLE}(?: của tôi)?",
        rf"נשלח מה-{_APPLE}(?: שלי)?|(?:أُ?رسلت|مرسل) من (?:الـ ?)?{_APPLE}(?: الخاص بي)?",
        # fi, tr, ja, zh, ko
        r"lähetetty (?:minun )?(?:iphone|ipad|android|samsung|outlook)[\w-]{0,8}(?:puhelimesta|laitteesta)?",
        r"(?:iphone|ipad)['’]?(?:dan|den|umdan|imden) gönderildi|(?:iphone|ipad) ?から送信",
        r"(?:发自|發自|从|從)?我的 ?(?:iphone|ipad|android|samsung|小米|华为|華為|安卓)(?:手机|手機)? ?(?:发送|傳送)?",
        r"나의 (?:iphone|ipad|갤럭시|android)에서 보냄",
    )
)
# The links that their makers put behind it or below it, and nobody's own.
LINK = (
    r"[<(\[]{0,2}\s?https?://(?:www\.)?(?:aka\.ms|go\.microsoft\.com|windows\.microsoft\.com|outlook\.com|sprh\.mn"
    r"|play\.google\.com|apps\.apple\.com|itunes\.apple\.com|[a-z]{1,12}\.onelink\.me|overview\.mail\.yahoo\.com"
    r"|yho\.com"
    r"|proton(?:mail)?\.(?:com|me)|tuta(?:nota)?\.com|bluemail\.me|typeapp\.com|sparkmailapp\.com|mailspring\.com"
    r"|getmailspring\.com|airmailapp\.com|shortwave\.com|missiveapp\.com|mailo\.com|k9mail\.app|fairemail\.app)"
    r"(?![\w.-])[^\s<>()\]]{0,300}(?:\s?[>)\]]{1,2})?"
)
# A thing's own name between brackets, where HTML was made into text: "Get [Outlook for iOS](https://aka.ms/..)".
BRACKETS = r"\[([^\[\]]{1,40})\]"

# What virus scanners write, with their names, and the anchors of their links; and trees that are not to be felled.
ADDED_LINES = (
    r"(?:(?:garanti )?sans virus|virus-?free|virenfrei|libre de virus|privo di virus|livre de vírus|virusvrij)"
    r"\.?\W{0,3}(?:https?://)?(?:www\.)?(?:avast|avg)\b\S{0,300}\W{0,3}|garanti sans virus\.?",
    r"(?:\[image: .{0,40}\] ?)?<https?://(?:www\.)?(?:avast|avg)\.com/[^\s<>]{0,300}>(?: garanti| virus-free)?",
    r"<#[\da-f]{8}-[\da-f-]{20,40}>",
    r"(?:l['’]absence de virus dans ce (?:courrier électronique|courriel|message) a été vérifiée"
    r"|cet e-?mail a été vérifié"
    r"|this e-?mail has been checked for viruses|diese e-mail wurde) (?:par|by|von|mit) .{0,30}(?:avast|avg)\b.{0,40}",
    r"\W{0,6}(?:p )?(?:merci de |please )?(?:pens(?:ez|ons|er) (?:à (?:l['’]environnement|la planète|nos arbres"
    r"|la nature)"
    r"|aux arbres|vert)|préserv(?:ez|ons) (?:l['’]environnement|la planète|nos arbres))[\s,;:.!-]{1,4}"
    r"(?:(?:et )?(?:avant d['’]imprimer|n['’]imprim(?:ez|ons|er)|(?:ne )?pas imprimer)"
    r"(?: (?:pas|que|ce(?:t|tte)?|le|la|si|si nécessaire|en cas de|nécessité|e-?mail|mail|message|courriel|document"
    r"|page"
    r"|sauf|vraiment|c['’]est|nécessaire|utile|besoin|papier)){0,8})\W{0,4}",
    r"\W{0,6}(?:merci,? )?avant d['’]imprimer(?: ce(?:t|tte)? (?:e-?mail|mail|message|courriel|document"
    r"|page))?[\s,;:-]{1,3}"
    r"(?:merci de )?(?:pens(?:ez|ons|er) (?:à (?:l['’]environnement|la planète|la nature|nos arbres)|aux arbres|vert)"
    r"|réfléchi\w{2,6} à l['’](?:impact sur l['’])?environnement)\W{0,4}",
    r"\W{0,6}(?:p )?(?:please )?(?:consider|think of|think about|be mindful of) (?:the|our) (?:environment|planet"
    r"|trees)"
    r" (?:before|and do not|and don['’]t|prior to) print(?:ing)?(?: (?:this|the|out|e-?mail|mail|message|page|document"
    r"|unless|it|is|really|necessary|you|need|to)){0,9}\W{0,4}",
    r"\W{0,6}(?:bitte )?(?:denken sie an (?:die umwelt|unsere bäume)|schonen sie die umwelt"
    r"|prüfen sie der umwelt zuliebe)"
    r"[\s,;:-]{1,3}(?:bevor sie|bevor du|ob) (?:diese (?:e-?mail|mail|nachricht)) (?:wirklich )?(?:aus"
    r"|ge)?\w{0,3}druck\w{1,3}"
    r"(?: werden muss)?\W{0,4}",
)
# Below a name alone: "Paul Durand" and "via mobile", as some people have it written.
BELOW_A_NAME = r"(?-i:([A-Z]\w{1,20} )?(?:via|from) mobile)\.?"

# What a list's server writes below each mail (Mailman, Sympa, Google Groups): a rule, one of these, a link at the end.
LIST_FOOTERS = (
    r"^\S.{0,60} mailing list(?:$| -- \S+@)|^https?://\S{1,200}/mailman3?/(?:listinfo|lists)/"
    r"|^(?:pour|to|um|per|para) (?:vous |se |sich |te |darte )?"
    r"(?:unsubscrib|désabonn|désinscri|abbestell|cancellar|baja)"
    r"|^(?:unsubscribe|désabonnement|désinscription|abbestellen) ?:"
)
# What people call the lines below a mail that they show.
SHOWN = (
    r"\b(?:textes?|mentions?|clauses?|disclaimers?|signatures?|avertissements?|pied de page|bas de page|wording|footer"
    r"|signatur|hinweis|fußzeile)\b"
)

# A first line that only greets: what stands below it is all that the mail says.
GREETINGS = (
    r"(?:bonjour|bonsoir|salut|re-?bonjour|hello|hi|hey|good (?:morning|afternoon|evening)|dear|chère?s?|madame"
    r"|monsieur"
    r"|mesdames|messieurs|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|hola|buenos días|buongiorno"
    r"|ciao"
    r"|olá|bom dia|beste|geachte|hej|dzień dobry)\b[^.?!:,\d\n]{0,50}[.!,:]?"
)
