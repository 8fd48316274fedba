"""With which words does a vacation note say that it is one? Rows by language; reads_like.py says what they prove.

Rows are written as `folded` leaves a text: lower case, no accents, æ as ae, ø as o, ł as l, ß as ss, й as и.
"""

from maild.reading.folding import rows

# The Subject's first words, where a program put them there: answers that call themselves automatic.
LABELS = rows(r"""
    # fr: Outlook, Zimbra, OVH, Orange
    (?:reponse|message|mail|e-?mail|courriel|notification|accuse(?: de reception)?) automatique
    reponse auto(?:matisee?)?
    (?:(?:message|notification|avis|reponse) )?(?:d'absence|absen(?:ce|te?)) (?:du|de mon|hors du) bureau
    (?:message|notification|avis|reponse) d'absence|hors (?:du |de mon )?bureau
    # en: Outlook, Gmail, vacation(1), Sieve (RFC 5230 4.6 `Auto:`)
    auto(?:matic|mated|matically)?[- _]?(?:generated )?(?:reply|response|answer|acknowledge?ment|re|responder)
    out[- ]of[- ](?:the[- ])?office(?: (?:auto-?)?(?:reply|response|notification|message|notice))?|ooo
    (?:vacation|holiday|absence) (?:message|reply|notice|responder|response|auto-?reply)
    away from (?:the |my )?(?:office|desk|mail)
    # de, nl
    automatische? ?(?:antwort|ruckmeldung|abwesenheitsnotiz|e-?mail-antwort|nachricht)|auto-?antwort
    abwesenheits(?:notiz|nachricht|meldung|assistent|benachrichtigung)|(?:bin )?(?:nicht im bue?ro|ausser haus)
    automatisch(?:e)? (?:antwoord|bericht|beantwoord\w*|afwezigheidsbericht)|afwezigheids(?:bericht|melding|
    assistent)
    niet op kantoor|buiten kantoor
    # es, it, pt, ro
    respuesta automatica|(?:ausente|fuera) de (?:la |mi )?oficina|aviso de ausencia|contestacion automatica
    risposta automatica|fuori (?:sede|ufficio)|messaggio automatico|assente dall'ufficio|avviso di assenza
    resposta automatica|fora d[oe] (?:escritorio|gabinete)|mensagem automatica|aviso de ausencia|
    ausencia do escritorio
    raspuns automat|in afara biroului|mesaj automat
    # sv, da, nb, fi
    autosvar|automat(?:iskt?|iske)? (?:svar|fravaersbesked|fravaersmelding|svarmeddelelse)
    fravaers(?:besked|melding|meddelelse)|franvaromeddelande|ikke (?:pa|til stede pa) kontoret|ute av kontoret
    ej pa kontoret
    automaattinen (?:vastaus|poissaoloviesti|poissaoloilmoitus)|automaattivastaus|poissaolo(?:viesti|ilmoitus)
    poissa (?:toimistolta|toimistosta)
    # pl, cs, sk, hu
    (?:odpowiedz automatyczna|automatyczna odpowiedz|autoodpowiedz|autoresponder)|poza biurem
    nieobecnosc w (?:biurze|pracy)
    automatick[ae] (?:odpoved|zprava)|mimo kancelar|nepritomnost v kancelari|oznameni o nepritomnosti
    automatikus valasz|hazon kivul|irodan kivul|tavolleti (?:ertesito|uzenet)
    # ru, uk, tr, el
    автоматическии ответ|автоответ(?:чик)?|автоматична відповідь|автовідповідь
    (?:нет на рабочем месте|вне офиса|поза офісом)
    otomatik (?:yanit|cevap)|ofis disinda(?:yim)?
    αυτοματη απαντηση|εκτος γραφειου
    # ja, zh, ko
    自動(?:返信|応答)|【?自動(?:返信|応答|送信)】?|不在(?:通知|の?お知らせ|連絡)
    自动(?:回复|答复)|自動(?:回覆|回復|答覆)|不在(?:办公室|辦公室)|外出(?:通知|自动)
    자동 ?(?:회신|응답|답장)|부재 ?중(?: ?(?:자동|알림|메시지))?
    # ar, he
    (?:الرد|رد) (?:ال)?تلقائي|(?:תשובה|הודעה) אוטומטית|מענה אוטומטי
""")

# The same place, words that a person's request may begin with too: they need a date behind them, or the text's word.
ABSENT_LABELS = rows(r"""
    (?:je (?:suis|serai) )?(?:actuellement )?(?:absente?|en (?:conges?(?: annuels?| maternite| parental)?|vacances|
    deplacement|formation|arret(?: maladie)?))
    absence|(?:en )?conges?(?: annuels?| maternite| parental| d'ete| de noel)?|vacances|indisponible
    auto(?= ?:)
    fermeture(?: annuelle| estivale| exceptionnelle)?
    (?:i(?:'m| am) )?(?:on )?(?:annual |sick |maternity |parental |paternity )?(?:leave|vacation|holidays?)
    (?:i(?:'m| am) )?away|absent
    (?:bin )?(?:im )?(?:urlaub|abwesend)|abwesenheit|ferien|betriebs(?:ferien|urlaub)|elternzeit
    (?:de )?vacaciones|ausen(?:te|cia)|(?:in )?ferie|assen(?:te|za)|(?:de )?ferias
    (?:op |met )?(?:vakantie|verlof)|afwezig(?:heid)?|(?:pa )?semester|franvaro|(?:pa )?ferie|fravaer(?:ende)?
    (?:loma(?:lla)?|poissa)|(?:na )?urlop(?:ie)?|nieobecnosc|dovolen(?:a|k[ay])|nepritom\w{1,6}|szabadsag(?:on)?
    concediu|in concediu
    (?:в )?отпуск(?:е)?|відпустка|(?:yillik )?izin(?:deyim)?|αδεια|απουσια|休暇|休假|휴가
""")

# A Subject that says nothing of what its mail is about.
TITLES = rows(r"""
    # fr, en
    (?:re ?: ?)?(?:votre|vos) (?:messages?|mails?|e-?mails?|courriels?|demandes?)\b|(?:pour )?(?:information|info)$
    absences?(?: temporaire| exceptionnelle| prolongee)?(?: d[eu] (?:service|bureau))?\b|absente?s?\b
    (?:re ?: ?)?your (?:message|e-?mail|mail|request)\b|thank(?:s| you)\b(?: for your (?:message|e-?mail))?
    # de, nl, es, it, pt
    (?:re|aw) ?: ?|ihre (?:nachricht|e-?mail|mail|anfrage)\b|uw (?:bericht|e-?mail|aanvraag)\b
    su (?:mensaje|correo|solicitud)\b|(?:la sua|il suo) (?:e-?mail|messaggio|richiesta)\b|
    (?:a sua|o seu) (?:mensagem|e-?mail|pedido)\b
""")

# "I am away", as the first thing that a note says.
ABSENCES = rows(r"""
    # fr
    je (?:suis|serai|reste|me trouve)(?: \w{4,14})?(?: \w{4,14})? (?:absente?(?! d(?:u|e) (?:la |l')?(?!bureau|
    travail|service|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matin)[a-z]{4})|en (?:conges?|vacances|
    arret|deplacement|formation|seminaire|reunion|rtt)|hors (?:du |de mon )?bureau|indisponible|injoignable|
    a l'etranger)
    je ne (?:suis|serai)(?: \w{4,14})? pas (?:au bureau|a mon bureau|disponible|joignable(?! (?:au|sur|par) )|
    presente?|en mesure de (?:consulter|lire|repondre|traiter (?:vos|mes|les) (?:messages|mails|e-?mails|courriels)))
    actuellement (?:absente?|en (?:conges?|deplacement|vacances|formation|arret)|fermee?s?)
    (?:absente?|en (?:conges?|vacances))(?: du bureau)? (?:(?:(?:du|des|le|les) )?(?:\d|lundi|mardi|mercredi|jeudi|
    vendredi)|jusqu|a partir|depuis|pour|cette|ce|aujourd'hui|entre)
    (?:bureaux|locaux|services) (?:sont|seront)(?: \w{4,14})? fermes
    (?:societe|entreprise|agence|cabinet|service|mairie|secretariat|accueil|office|etude|etablissement|magasin|
    universite|atelier)(?: \w{4,20})? (?:est|sera)(?: \w{4,20})? fermee?
    je ne travaille plus (?:pour|chez|dans|au sein|ici|a la)\b
    je ne (?:fais|ferai) plus partie (?:d(?:e |u |es ))(?:la |l'|cette |notre |nos )?(?:societe|entreprise|equipe|
    structure|association|organis|etablissement|mairie|personnel|effectif|collectivite|service|cabinet)
    je n'occupe plus (?:ce|mon|le) poste|j'ai change de (?:fonctions?|poste|service|societe)\b|
    je profite de quelques jours|je participe a|je (?:suis|serai)(?: \w{4,14})? (?:en (?:clientele|voyage|
    rendez-vous|arret de travail)|de repos)
    j'ai quitte (?:la|l'|mes|mon|ma|cette|notre) ?(?:societe|entreprise|structure|mairie|fonction|poste|
    collectivite|etablissement|association|cabinet|service|equipe|agence)|j'ai (?:fait valoir mes droits|
    pris ma retraite)
    je suis(?: \w{4,14})? en mission|nous (?:sommes|serons)(?: \w{4,14})? (?:fermes|absents|en conges)
    (?:l'agent|l'interlocuteur|la personne|le correspondant) que vous (?:cherchez|tentez|essayez|
    souhaitez)\b.{0,30}? est
    cette (?:boite|adresse|messagerie)\b.{0,30}? n'est (?:plus|pas) (?:active|consultee|relevee|lue|utilisee|
    surveillee|suivie|valide)\b(?! (?:dans|sur|chez|pour|par|que|depuis(?! mon depart))\b)
    ce compte (?:de messagerie|mail|e-?mail) n'est (?:plus|pas) (?:actif|consulte|releve|utilise|valide)\b(?! (?:dans|
    sur|chez|pour|par|depuis(?! mon depart))\b)|je ne (?:lis|consulte|releve) plus cette (?:adresse|boite|messagerie)
    (?:je travaille|je suis)\b.{0,30}?(?:a mi-temps|a temps partiel|uniquement)\b(?=(?:.|\n){0,150}?(?:votre m|
    repond))
    je ne travaille pas\b(?=(?:.|\n){0,150}?(?:votre m|repond))
    (?:je )?(?:ne )?(?:consulte|lis|releve)\w{0,3} (?:pas|plus|peu) (?:mes|ma) (?:mails?|messag|e-?mails?|
    courriels?|boite)
    # en
    i(?: am|'m| will be|'ll be| shall be)(?: \w{2,12}){0,2}? (?:out of (?:the |my )?office|ooo|out\b(?! of\b)|away|
    attending|on (?:\w{1,12} ){0,2}?(?:leave|vacations?|holidays?|pto|business trip|training(?: course)?|course|
    sabbatical)|travel?ling|unavailable|
    not (?:in|at) (?:the |my )?office|not available|abroad)
    (?:currently|now) (?:out of (?:the )?office|away|on (?:\w{3,12} )?(?:leave|vacation|holiday))
    away from my (?:mail|e-?mail|desk|computer)
    (?:office|company|shop|department)s? (?:is|are|will be)(?: \w{4,12})? closed
    i (?:no longer work (?:at|for|with|here|in)|am no longer (?:with\b|working|employed|at\b|part of the (?:company|
    team)))
    i(?: am|'m) off (?:today|this week|until|till|sick)
    i(?:'ve| have) left (?:the (?:company|firm|organi[sz]ation|business)|my (?:role|job|position|post)|client)
    this (?:mailbox|e-?mail address|inbox|e-?mail account) is (?:no longer|not) (?:\w{4,10} )?(?:monitored|active|
    in use|checked|used|valid)\b(?! (?:by|in|on|since|for|to)\b)
    i (?:only )?work\b.{0,40}?(?:only|part[- ]time)\b(?=(?:.|\n){0,150}?(?:your (?:e-?mail|message)|respond|reply))
    the person you are trying to (?:reach|contact)
    i (?:have )?retired\b(?=$|[.,;!\n]| (?:in|on|from|at|last)\b)|gone fishing|^out$
    # de
    ich (?:bin|befinde mich|werde)\b.{0,60}?(?:urlaub|abwesend|nicht (?:im (?:bue?ro|hause?)|erreichbar|
    am arbeitsplatz|verfugbar|verfuegbar|anwesend|im dienst)|ausser ?haus|dienstreise|elternzeit|mutterschutz)
    (?:bin|befinde) ich\b.{0,60}?(?:urlaub|abwesend|nicht (?:im (?:bue?ro|hause?)|erreichbar|anwesend)|ausser ?haus|
    dienstreise)
    ich habe (?:bis|vom|derzeit|ab).{0,40}?urlaub|bin\b.{0,30}? auf (?:dienst|geschafts)reise
    ich bin nicht mehr (?:(?:fur|bei)\b.{0,40}? (?:tatig|beschaftigt|angestellt)|im unternehmen|in der firma)
    ich arbeite nicht mehr (?:fur|bei|hier)\b|ich bin\b.{0,20}? krank\b|bin\b.{0,20}? nicht im bue?ro|wir (?:haben|
    machen) (?:betriebs)?(?:urlaub|ferien)
    dies(?:e|es) (?:postfach|e-?mail-adresse|adresse) (?:ist|wird) nicht (?:mehr|langer)
    ich (?:bin|befinde mich)\b.{0,40}? (?:auf|in) (?:\w{3,10} )?(?:fortbildung|schulung|seminar|kur|reha|messe|
    tagung)\b
    (?:bue?ro|betrieb|unternehmen|geschaft|kanzlei|praxis) (?:ist|bleibt).{0,50}?geschlossen
    # es, it, pt, ro
    (?:estare|estoy|me encuentro|estaremos|estamos)(?: \w{4,14})? (?:fuera|de vacaciones|en (?:un )?viaje|ausentes?|
    de baja|de viaje|de permiso)\b
    no (?:estoy|estare)(?: \w{4,14})? (?:disponible|en la oficina)|oficinas? (?:esta|estara|permanecera)n? cerrad
    (?:sono|saro|mi trovo|siamo|saremo)(?: \w{4,14})? (?:fuori (?:sede|ufficio)|assent[ei]|in (?:ferie|vacanza|
    malattia|trasferta|congedo|maternita)|all'estero)
    non (?:sono|saro)(?: \w{4,14})? (?:in ufficio|disponibile|raggiungibile)
    ya no (?:trabajo|formo parte)|non lavoro piu|(?:la persona|l'utente)\b.{0,30}? non lavora piu|ja nao trabalho
    (?:esta|este) (?:direccion|buzon|correo|endereco)\b.{0,20}? (?:ya no|nao) esta\b
    (?:questo|questa) (?:indirizzo|casella)\b.{0,20}? non e piu|nu mai lucrez
    uffic(?:io|i) (?:e|sono|sara|saranno|rest|riman|rimar)\w{0,8} chius
    (?:estou|estarei|encontro-me|estamos|estaremos)(?: \w{4,14})? (?:fora\b|(?:de|em) ferias|ausentes?|de licenca|
    de baixa|em viagem|indisponivel)
    nao (?:estou|estarei)(?: \w{4,14})? (?:disponivel|no escritorio)
    (?:sunt|voi fi|ma aflu|suntem)(?: \w{4,14})? (?:in (?:concediu|vacanta|delegatie|afara biroului)|plecata?|
    absenta?|indisponibila?)
    nu (?:sunt|voi fi)(?: \w{4,14})? (?:la birou|disponibila?)
    # nl
    ik ben\b.{0,50}?(?:afwezig|niet (?:aanwezig|op kantoor|bereikbaar|beschikbaar)|op vakantie|
    met (?:\w{3,16} )?\w{0,16}verlof|buiten kantoor|vrij\b|op reis)
    ben ik\b.{0,50}?(?:afwezig|niet (?:aanwezig|op kantoor|bereikbaar)|op vakantie|met (?:\w{3,16} )?\w{0,16}verlof)
    kantoor is .{0,40}?gesloten|ik (?:werk niet|heb vakantie)|ik ben met vakantie|ik ben niet meer werkzaam
    dit (?:e-?mailadres|adres|postvak|account) (?:is|wordt) niet (?:meer|langer) (?:in gebruik|gebruikt|gelezen|
    actief)\b(?! (?:in|op|voor|door)\b)
    # sv, da, nb, fi
    (?:jag ar|ar jag|jag kommer att vara|jag har)\b.{0,40}?(?:ledig|borta|semester|inte (?:pa kontoret|tillganglig|
    pa plats)|bortrest|foraldraledig|sjukskriven|tjanstledig|utomlands|franvarande)
    (?:jeg er|er jeg|jeg har|jeg holder|jeg vil vaere|jeg kommer til a vaere)\b.{0,40}?(?:fravaerende|ferie|
    ikke (?:pa kontoret|til stede|tilgjengelig|til at traeffe)|ute av kontoret|bortreist|barsel|pa rejse|pa reise|
    permisjon|ute av)
    (?:olen|olemme)\b.{0,40}?(?:lomalla|poissa|vapaalla|matkoilla|virkamatkalla|vapailla)
    en ole .{0,20}?(?:toimistolla|paikalla|tavoitettavissa|toissa)
    (?:jag|jeg) (?:arbetar|jobbar|arbejder) (?:inte|ikke) (?:langre|laengere)|jag har slutat|en tyoskentele enaa
    (?:den har|denne) (?:e-?post|mail|e-?mail)?\w{3,10} (?:ar|er|anvands|bruges|laeses|leses) (?:inte|ikke) (?:langre|
    laengere|lenger)\b
    # pl, cs, sk, hu
    (?:jestem|bede|przebywam|jestesmy)\b.{0,40}?(?:urlopie|poza biurem|nieobecn|zwolnieniu|delegacji|niedostepn)
    nie (?:ma mnie|bedzie mnie|jestem|bede)\b.{0,20}?(?:w biurze|dostepn|w pracy|obecn)
    (?:jsem|budu|cerpam|mam|som|budem)\b.{0,40}?(?:mimo (?:kancelar|pracovis)|dovolen|nepritom|sluzebni ceste|
    sluzobnej ceste|nedostupn)
    (?:nejsem|nebudu|nie som|nebudem)\b.{0,20}?(?:kancelari|pritom|k zastizeni|dostupn|v praci|zastihnut)
    (?:nem vagyok|nem leszek)\b.{0,20}?(?:irod|elerhet|bent)|szabadsagon (?:vagyok|leszek)
    nie pracuje juz|juz nie pracuje|(?:uz|jiz) (?:zde )?nepracuji|mar nem dolgozom
    (?:hazon|irodan) kivul (?:vagyok|leszek)|tavol (?:vagyok|leszek)|szabadsagomat
    # ru, uk, tr, el
    (?:нахожусь|буду|я|сеичас|в настоящее время)\b.{0,40}?(?:в (?:\w{5,12} )?отпуске|отсутству|не в офисе|вне офиса|
    в командировке|на больничном|недоступ)
    меня (?:нет|не будет)|я больше не работаю|я більше не працюю
    (?:перебуваю|буду|я|зараз|наразі)\b.{0,40}?(?:у (?:\w{5,12} )?відпустці|відсутн|поза офісом|не в офісі|
    відрядженні|лікарняному|недоступн)
    мене (?:немає|не буде)
    izindeyim|izinde (?:olacag|bulun)|ofis disinda|ofiste (?:degilim|olmayacag|bulunm)|tatildeyim
    (?:yillik|dogum) izn?in|seyahatteyim
    απουσιαζω|θα απουσιασω|(?:ειμαι|θα ειμαι|βρισκομαι|θα βρισκομαι)\b.{0,30}?(?:εκτος γραφειου|αδεια|διακοπες|
    ταξιδι)
    θα λειπω|λειπω
    # ja, zh, ko
    休暇(?:中|を|の|で)|不在(?:に|と|で|中|の|です)|休業|出張(?:中|の|で)|お休み(?:を|させて|です|中)|外出(?:中|して)
    席を外し
    (?:正在|目前|现在|現在|我|将|將|期间).{0,10}(?:休假|出差|度假|休产假|休產假|放假|外出|请假|請假|年假)
    不在(?:办公室|辦公室|公司)
    부재 ?중|휴가(?: ?중|로| 기간|입니다|를)|출장(?: ?중|으로|입니다)|자리를 비|휴무
""")

# That a place is closed. Persons tell it too, of whatever place: an absence where the mail says when mails are
# answered, and nobody says "I".
CLOSINGS = rows(r"""
    # fr, en
    (?:l'|le |la |les |notre |nos )[a-z-]{3,20}(?: [a-z'-]{1,20}){0,4} (?:est|sont|sera|seront|reste|
    restera|resteront) (?:\w{4,16} )?fermee?s?\b
    (?:our|the) [a-z-]{3,20}(?: [a-z-]{2,20}){0,2} (?:is|are|will be|remains?) (?:\w{4,12} )?closed\b
    # de, nl
    (?:unsere?|die|das|der) [a-z-]{3,30} (?:ist|sind|bleibt|bleiben)\b.{0,50}? geschlossen
    (?:ons|onze|het|de) [a-z-]{3,20} (?:is|zijn|blijft)\b.{0,40}? (?:gesloten|dicht)
    # es, it, pt
    (?:nuestr[oa]s?|el|la|los|las) [a-z-]{3,20} (?:esta|estara|permanecera)n? cerrad
    (?:il|lo|la|i|gli|l'|il nostro|la nostra) ?[a-z-]{3,20} (?:e|sara|restera|rimarra) chius
    (?:o|a|os|as|nosso|nossa) [a-z-]{3,20} (?:esta|estara) (?:fechad|encerrad)
    # sv, da, nb
    (?:vart|vores) \w{3,20} (?:ar|er|haller|holder) (?:stangt|lukket|stengt)
""")

# That somebody else has left. Persons tell it too: it is a note's beside a sentence that nobody reads this mail.
DEPARTURES = rows(r"""
    # fr, en
    (?:[\w'.-]{1,20} ){1,3}(?:a quitte (?:l'|la |le |notre )(?:entreprise|societe|structure|association|cabinet|mairie|
    service|agence|etablissement)|ne travaille plus (?:ici|chez nous|dans (?:l'|la |notre )(?:entreprise|societe)))
    (?:[\w'.-]{1,20} ){1,3}(?:has (?:left(?: (?:us|(?:the|our) (?:firm|company|organi[sz]ation)))?|
    moved to another (?:firm|company|organi[sz]ation))|no longer works (?:here|with us|for us|at the company))
    cette (?:adresse|boite|messagerie)(?: \w{4,12})? n'est plus (?:active|utilisee|relevee|
    valide) depuis [\w ]{3,20}
    # de, es, it
    (?:[\w'.-]{1,20} ){1,3}(?:arbeitet nicht mehr (?:hier|bei uns)|hat (?:das unternehmen|die firma) verlassen)
    (?:[\w'.-]{1,20} ){1,3}(?:ya no trabaja (?:aqui|con nosotros|en la empresa)|non lavora piu (?:qui|con noi|
    in azienda))
""")
