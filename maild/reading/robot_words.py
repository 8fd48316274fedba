"""With which words do programs say that they wrote, were read, or want a proof? Rows by language, as `folded` has them.

Greetings and thanks are here because a note may begin with them, and with nothing else.
"""

from maild.reading.folding import rows

# "This is an automatic answer." STEMS: without one of them no row fits, and looking for them is quick.
AUTOMATIC_STEMS = (
    "auto",
    "generated",
    "автом",
    "otomatik",
    "αυτομ",
    "自",
    "자동",
    "repon",
    "repl",
    "respon",
    "rispon",
    "antworten",
    "回",
)
AUTOMATICS = rows(r"""
    # fr, en
    vous recevez (?:cette reponse|ce message|ce mail) automatique
    (?:ceci est|il s'agit d'|vous recevez) ?une? (?:message|reponse|mail|e-?mail|courriel|accuse de reception|
    notification)(?: d'absence)? (?:automatique|auto\b|(?:genere|envoye)e? automatiquement)
    ce(?:t|tte)? (?:message|mail|e-?mail|courriel|reponse|accuse)(?: de reception| d'absence)? (?:est|a ete|vous est|
    vous a ete)(?: \w{3,12})? (?:genere|envoye|cree|adresse|emis)\w{0,3} (?:automatiquement|de (?:facon|
    maniere) automatique|par un (?:automate|robot|systeme|logiciel|programme|serveur))
    (?:message|mail|reponse|courriel|e-?mail) automatique,? (?:merci de|ne|veuillez)
    this is an? (?:auto(?:mated|matic|-?generated|-?reply|-?response)|automatically[- ]generated|system[- ]generated)\b
    (?:e-?mail|message|reply|response) (?:was|is|has been) (?:automatically|auto|system)[- ]?(?:generated|sent|created)
    (?:was|been) (?:generated|sent|created) automatically
    automatic response to
    # de, nl
    dies(?:e|es)? (?:ist|e-?mail|nachricht|mail|antwort)\b(?: \w{2,14}){0,3} automatisch
    automatisch (?:generiert|erstellt|erzeugt|versandt|versendet|verschickt)
    dit is een (?:automatisch|geautomatiseerd)|(?:e-?mail|bericht) (?:is|werd) automatisch
    automatisch (?:gegenereerd|verzonden)
    # es, it, pt, ro
    (?:es un|es una|este|esta|de) (?:mensaje|correo|respuesta|e-?mail) (?:(?:generad|enviad)[oa] )?automatic
    (?:e un|e una|questo|questa) (?:messaggio|e-?mail|risposta|mail) (?:(?:generat|inviat)[oa] )?automatic
    (?:e uma|uma|esta|este) (?:mensagem|resposta|e-?mail) (?:(?:gerad|enviad)[oa] )?automatic
    (?:acesta|acest)(?: este)? (?:un )?(?:mesaj|raspuns|e-?mail)(?: \w{4,10})? automat
    # sv, da, nb, fi
    det(?:te|ta)? (?:er|ar) (?:et|ett|en) auto\w{0,9}|(?:tama on|kyseessa on) automaatti\w{0,5}
    # pl, cs, sk, hu
    (?:to|jest to|to jest) (?:\w{4,12} )?automatyczn|wygenerowan\w{1,3} automatycznie
    (?:tato|tento|toto|jedna se o|ide o|je)(?: \w{4,10})? automatick|automaticky (?:vy)?generovan
    automatikus (?:valasz|uzenet|e-?mail|ertesites)|automatikusan (?:kuld|general)
    # ru, uk, tr, el
    (?:это|это письмо|сообщение)(?: \w{4,14})? автоматическ|автоматически (?:отправлен|сгенерирован|создан)
    (?:це|лист)(?: \w{4,14})? автоматичн
    otomatik (?:bir )?(?:yanit|cevap|mesaj|olarak)|αυτοματ\w{1,3} (?:απαντηση|μηνυμα|ειδοποιηση)|δημιουργηθηκε αυτοματα
    # ja, zh, ko
    自動(?:返信|応答|送信|配信|的に)|自动(?:回复|发送|生成|答复)|自動(?:回覆|發送|回應)
    자동(?:으로)? ?(?:회신|응답|발송|답장)
""")

# The same, as all that a line or a sentence says.
AUTOMATIC_LINES = rows(r"""
    # fr, en
    (?:message|reponse|mail|e-?mail|courriel)(?: d'absence)? automatique(?: d(?:e |u |es |e l'|
    ')[\w-]{2,16}(?: [\w-]{2,16})?)?
    (?:message|reponse|mail|e-?mail|courriel)(?: d'absence)? (?:genere|envoye|emis|cree)e? (?:automatiquement|
    par un (?:automate|robot))
    (?:this is an? )?(?:automatic(?:ally[- ]generated)?|automated|auto)[- ]?(?:reply|response|message|e-?mail)
    # de, nl
    automatische? (?:antwort|nachricht|abwesenheitsnotiz|e-?mail)(?: (?:von|der|des) [\w-]{2,16})?
    automatisch (?:antwoord|bericht)
    # es, it, pt
    (?:mensaje|respuesta|correo) automatic[ao]|(?:messaggio|risposta) automatic[ao]|(?:mensagem|resposta) automatica
    # sv, da, nb, pl
    autosvar|automatiskt? svar|automatyczna odpowiedz|wiadomosc automatyczna
""")

# Programs ask this, and so do persons who write from another's address: it proves little.
UNANSWERABLE = rows(r"""
    ne (?:pas repondre|repondez pas)(?: directement)? a ce(?:t|tte)? (?:message|mail|e-?mail|courriel|adresse|envoi)
    do not (?:reply|respond)(?: directly)? to this(?: (?:automated )?(?:message|mail|e-?mail|address|mailbox|inbox))?
    bitte antworten sie nicht auf(?: diese[ns]?)?(?: (?:nachricht|mail|e-?mail|adresse))?
    no responda a este(?: (?:mensaje|correo|e-?mail))?|non rispond\w{1,4} a quest(?:[oa] (?:messaggio|e-?mail|mail))?
    nao responda a est(?:[ea] (?:mensagem|e-?mail))?|(?:请勿|請勿)(?:直接)?回(?:复|覆)
""")

# Before "I am away" may stand: a greeting, and thanks for the mail.
GREETINGS = rows(r"""
    (?:re)?bonjour|bonsoir|salut|maitre|docteur|madame|monsieur|mesdames|messieurs|che(?:re?)?s?\b|hello|hi\b|hey|dear
    good (?:morning|afternoon|day|evening)|greetings|to whom
    hallo|guten (?:tag|morgen)|liebe|sehr geehrte|moin|gruss gott|gruezi|hola|buen[oa]s|estimad|buongiorno|buonasera
    salve|gentil[ei]|ciao|egregi
    ola\b|bom dia|boa (?:tarde|noite)|prezad|car[oaie]s?\b|exm|beste|geachte|goede|dag\b|hej|hei\b|god (?:dag|morgen)
    kjaere|kaere|basta\b|hyva|moi\b|terve|tervehdys
    dzien dobry|szanown|witam|dobry|vazen|ahoj|krasny|tisztelt|kedves|udvozl|jo napot|buna|stimat|salutare
    здравствуит|добр|уважаем|привет|шановн|вітаю|merhaba|sayin|iyi gunler|degerli|γεια|καλημερα|καλησπερα|αγαπητ
    αξιοτιμ|χαιρετ
    お世話|こんにちは|平素|いつも|拝啓|関係者|您好|你好|尊敬|各位|親愛|亲爱|안녕|고객|귀하
""")

THANKS = rows(r"""
    merci (?:beaucoup )?(?:de|pour) (?:votre|l'interet|nous avoir)|(?:j'ai|nous avons) bien recu votre
    votre (?:message|mail|e-?mail|courriel) (?:a bien|est bien|m'est)|je vous remercie
    nous vous remercions(?: de l'interet(?: que vous portez a (?:notre|la) \w{4,14})?)?
    thank(?:s| you)(?: very much| so much)? for (?:your|the|contacting|e-?mailing|reaching|writing|getting)
    i have received your (?:e-?mail|message|mail)
    (?:vielen |herzlichen |besten )?dank fu?e?r|danke|gracias por|grazie per|obrigad[oa] pel|agradec|bedankt
    dank (?:u|je|voor)|hartelijk dank|tack for|takk for|tak for|kiitos
    dziekuj|dekuj|dakuj|koszon|multumesc|va multum|спасибо|благодар|дяку|tesekkur|ευχαριστ|σας ευχαριστ
    ありがとう|(?:邮件|郵件|来信|來信)(?:我|我们|我們)?已(?:经|經)?收到
    ご連絡|感谢|感謝|谢谢|謝謝|收到您|감사
""")

# A reason or a courtesy that may stand before "I am away" in its sentence.
REASONS = rows(r"""
    # the line of a ticket system
    .{0,60}?(?:above this line|au-dessus de cette ligne|oberhalb dieser (?:linie|zeile))
    (?:actuellement )?en (?:formation|conges?|deplacement|reunion|vacances|arret)
    (?:etant|pendant|durant|suite a|en raison d|due to|being|wegen|aufgrund)\b
    (?:malheureusement|leider|unfortunately|i(?:'m| am) sorry|je vous (?:informe|signale)|nous vous informons)
    please (?:note|be (?:advised|informed))|誠に勝手|勝手ながら|恐れ入り|申し訳|現在|只今|ただいま
""")

# A challenge that does not say that the mail waits: it speaks of "your mail", of spam or people, and says what to do.
CHALLENGE_MAILS = rows(r"""
    (?:vos|votre|your|ihre|sus?|il (?:tuo|suo)|uw|a sua) (?:message|mail|e-?mail|courriel|nachricht|mensaje|correo|
    messaggio|
    bericht|
    mensagem)s?\b|the (?:message|e-?mail) you sent|(?:le message|l'e-?mail|le courriel) que vous avez envoye|
    incoming messages|receive your e-?mails?
""")
CHALLENGE_GROUNDS = rows(r"""
    (?:lutter|proteg|se premunir)\w*\b.{0,20}? (?:spam|pourriel|indesirable)|(?:control|combat|reduce|prevent|fight|
    receiving) (?:junk|
    spam)|anti-?spam|waitlisted|guest list|(?:you are|you're|vous etes)(?: bien)? (?:humain|human|une personne|a human)
    (?:um )?spam (?:zu vermeiden|abzuwehren)|usted una persona|senders i have approved|absenderadresse
""")
CHALLENGE_DEEDS = rows(r"""
    suivre (?:ce|le) lien|cliquez|en cliquant|merci de cliquer|veuillez (?:confirmer|vous (?:identifier|authentifier)|
    cliquer)|click (?:the|
    this|here|on|below)
    please (?:confirm|verify|add yourself|solve|fill|click|follow)|bestatigen sie|haciendo clic|haga clic|cliccando
    clicca|klik op|clique (?:no|aqui)|repond(?:ez|re|ant) (?:simplement )?a ce(?:t|tte)?\b|repl(?:y|
    ying) to this (?:e-?mail|message)|suivez|suivant le lien|remplissez
    antworten sie (?:einfach )?auf diese|responda a este|rispond(?:a|ere) a quest|visit(?:ez)?\b|captcha
""")

# What a challenge wants: a proof of the sender, or their answer.
CHALLENGE_PROOFS = rows(r"""
    verif|confirm|authent|valid|identif|prouv|prove|captcha|\w{0,3}huma|mensch|robot|solve|one time|une seule fois
    repond|repl|respond|rispond|antwort|bestatig|bevestig|klick|haga|clicc|cliqu(?:e|ez|ant) (?:ici|no|aqui|sur (?:le|
    ce) lien)|click (?:here|the link|below|on the link)|lien|link|(?:guest )?list|approved|add yourself
""")
# And where it is not done: in what its reader has.
CHALLENGE_ELSEWHERE = rows(r"""
    (?:votre|vos|your|ihre\w?|la|notre|our) (?:propre |own )?(?:console|konsole|interface|portail|portal|espace|outil|
    dashboard|tableau de bord|administration|admin|passerelle|gateway|quarant\w{3,5}|pare-feu|firewall)
""")
CHALLENGE_STEMS = (
    "deliver",
    "delivr",
    "remis",
    "distribu",
    "achemin",
    "inbox",
    "boite",
    "destinataire",
    "recipient",
    "list",
    "quarantaine",
    "held",
    "retenu",
    "bloqu",
    "attente",
    "zugestellt",
    "zuruckgehalten",
    "espera",
    "attesa",
    "vastgehouden",
    "approved",
)
CHALLENGES = rows(r"""
    (?:verif|confirm|authentif|validat|valider|captcha|release|prouve|prove)\w{0,10}\b.{0,300}?(?:deliver|delivre|
    remis|distribu|achemin|inbox|boite (?:de reception|aux lettres)|destinataire|recipient|guest list|approved|
    whitelist|liste blanche|quarantaine|waiting list|held)
    (?:held|retenu|bloque|quarantaine|mis en attente|waiting list|has not been delivered|
    n'a pas (?:encore )?ete (?:remis|delivre|distribue))\b.{0,300}?(?:verif|confirm|authentif|validat|valider|cliqu|
    click|reply to this|identif|prouve|robot\b|repond\w{1,2} (?:simplement )?a ce)
    (?:zuruckgehalten|in quarantane|warteschlange|noch nicht zugestellt)\b.{0,300}?(?:bestatig|klick|verifizier|
    antworten sie)
    (?:retenido|en espera|en cuarentena|trattenuto|in attesa|in quarantena|retida|em espera|vastgehouden|
    in de wacht)\b.{0,300}?(?:confirm|verific|haga clic|responda|clicc|cliqu|bevestig|klik)
""")

# Outlook and others that were asked for a receipt, where they send no report of RFC 8098: Subject and what it says.
READ_LABELS = rows(r"""
    (?:lu|non lu|read|not read|gelesen|ungelesen|leido|no leido|letto|non letto|lida|lido|gelezen|last|laest|lest|
    luettu|przeczytano|precteno|precitane|olvasott|citit|прочтено|прочитано|okundu|διαβαστηκε|已读|已讀|開封済み|
    읽음)(?= ?[:：])
    return receipt|read receipt|accuse de (?:lecture|reception)(?: \(affiche\))?|confirmation de lecture
    lesebestatigung|empfangsbestatigung|confirmacion de lectura|conferma di lettura|leesbevestiging
""")

READS = rows(r"""
    (?:your|votre) message\b.{0,380}?(?:a ete|had been|was|were|been) (?:\w{3,9} )?(?:lu|read|displayed|affiche|
    deleted|supprime|opened)\b
    ihre nachricht\b.{0,380}?wurde\b.{0,80}?(?:gelesen|angezeigt|geloscht)
    (?:su mensaje|el mensaje)\b.{0,380}?(?:se ha leido|fue leido|ha sido leido)
    il (?:suo |tuo |vostro )?messaggio\b.{0,380}?(?:e stato letto|e stata letta)
    (?:a sua|sua) mensagem\b.{0,380}?foi lid[oa]|uw bericht\b.{0,380}?(?:is|werd)\b.{0,80}?gelezen
    (?:ditt|din|dit|meddelandet|meldingen)\b.{0,380}?(?:har lasts|lastes|blitt lest|ble lest|blev laest)
    viesti\w*\b.{0,380}?on luettu|wiadomosc\b.{0,380}?(?:przeczytan|odczytan)|zprava\b.{0,380}?precten
    сообщение\b.{0,380}?прочитано|已读取|開封され|읽었
""")
RETURN_RECEIPTS = rows(r"""
    (?:this is a|ceci est un|dies ist eine) (?:return receipt|accuse de reception|empfangsbestatigung|lesebestatigung)
""")

# With these ends what is said; a name and a firm follow.
SIGN_OFFS = rows(r"""
    (?:bien |tres )?cordialement|bien a vous|(?:mes |meilleures |sinceres |nos )?salutations|a bientot
    bonne (?:journee|reception|fin|continuation)|veuillez (?:agreer|recevoir|croire)|je vous prie d'agreer
    merci\b[ ,!.]*$|(?:best|kind|warm)\b|regards|sincerely|yours|cheers|thanks\b[ ,!.]*$|thank you[ ,!.]*$
    mit (?:freundlich|besten)|freundliche|viele gru|beste gru|mfg\b|gruss\b|lg\b|(?:un )?saludos?|atentamente
    (?:cordiali |distinti )?saluti|(?:com os melhores )?cumprimentos|atenciosamente|met vriendelijke|groet|mvh\b
    med vanlig|(?:med )?vennlig|(?:venlig )?hilsen|(?:med )?halsning|ystavallisin|terveisin|pozdrawiam|z powazaniem
    s pozdrav|udvozlettel|cu stima
    с уважением|з повагою|saygilar|με εκτιμηση|敬具|よろしく|此致|祝|감사합니다
""")

# What goes on behind "veuillez agréer" and states nothing.
COMPLIMENTS = rows(r"""
    (?:l')?(?:expression|assurance)|(?:mes|nos|les) (?:\w{4,14} )?(?:salutations|sentiments|respects|hommages)|
    (?:la|ma|notre) (?:\w{4,14} )?consideration|saludos|saluti|cumprimentos
""")
