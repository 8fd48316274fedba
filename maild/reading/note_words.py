"""What does a vacation note say besides that it is one? Rows by language; reads_like.py says what they prove.

Rows are written as `folded` leaves a text, see vacation_words.py.
"""

from maild.reading.folding import rows

# What else such a note says; the sentence that begins so is set aside before anybody looks for a request in it.
NOTES = rows(r"""
    # fr
    en cas d(?:e |')(?:urgence|besoin|necessite|probleme|question|absence)
    pour (?:toute?s?|tout) (?:\w{2,14} )?(?:urgen|demande|question|besoin|information|renseignement|probleme|point|
    sujet)
    si (?:votre|c'est|la|vous|cela|besoin)\b.{0,40}?(?:urgen|immediat|ne peut)
    (?:en|durant|pendant) (?:mon|cette|ma|son|leur|notre) (?:absence|periode|fermeture|conges?)
    (?:je|nous)(?: (?:ne|vous|y))* (?:repond|traiter|prendr|reviendr|reprendr|manquer|lirai|consult|recontact|donner|
    rappell)(?:ai|ons|erai|erons|rai|rons|ais|e|a|s)\w{0,4}
    votre (?:message|mail|e-?mail|courriel|demande)\b.{0,30}?(?:sera|est bien|a bien ete)
    retour (?:prevu|le|lundi|mardi|mercredi|jeudi|vendredi)|(?:ma|mon) remplac|(?:me|nous) remplace
    pour (?:les|une) (?:\w{2,14} )?urgen|prend le relais|(?:a|des|jusqu'a|avant) mon retour
    mon retour|je (?:serai|suis) de retour|de retour (?:le|lundi|mardi|mercredi|jeudi|vendredi|au bureau|en)
    (?:acces|connexion) (?:limitee?|restreinte?|reduite?|intermittente?|ponctuel)|sans (?:acces|connexion)
    (?:mes|les) reponses (?:seront|pourront)|assur\w{1,3} (?:l'interim|(?:mon|le|son|leur) remplacement|
    la continuite|le relais|le suivi)|ne pourrai (?:pas |vous )?
    (?:mes dossiers|votre dossier|mon poste) (?:est|sont|sera|seront) (?:suivi|repris|traite)
    je ne travaille pas (?:le|les|ce)\b[^,;?!.]{0,30}(?=[.!]|$)|(?:a mi-temps|a temps partiel|uniquement le|
    sur un chantier|sur le terrain)
    merci pour ces|vous (?:aidera|renseignera|orientera)(?=[.!\n]|$| (?:en mon|pendant|durant))
    adressez[- ]vous (?:a|au)\b|contactez (?:mon|ma|notre|l'accueil|le (?:standard|secretariat|service))
    votre (?:nouve(?:l|au)|seule?) (?:contact|interlocut)
    pour (?:la |le |les |l')[a-z]{3,20} ?:(?=[^\n]{0,60}?(?:@|\d\d[ .]?\d\d))|^urgences? ?:|d'ici la
    (?:veuillez noter|merci de noter|notez|voici) (?:ma|notre|la) nouvelle (?:adresse|e-?mail)
    je ne (?:lis|consulte|releve) plus cette (?:adresse|boite|messagerie)
    (?:mes|vos) (?:messages|mails|e-?mails|courriels|dossiers) (?:sont|seront) (?:suivis|relayes|traites|lus|repris)
    (?:merci de|veuillez) m'ecrire (?:desormais|maintenant|dorenavant|a l'adresse)
    votre (?:\w{4,12} )?(?:contact|interlocut\w{3,5}|correspondante?) (?:est|sera)
    sans (?:reponse|nouvelles?) de (?:notre|ma) part
    (?:merci de|veuillez) (?:conserver|garder|rappeler|mentionner|indiquer|preciser) (?:cette|la|votre) reference
    (?:merci de|veuillez) (?:conserver|garder|rappeler|mentionner|indiquer|preciser) (?:ce|le|votre) numero
    je n'(?:ai|aurai) (?:pas|qu'un)(?: \w{4,12})? acces(?: \w{4,12})? a (?:mes|ma) (?:e-?mails?|mails?|messages?|
    messagerie|courriels?|boite)
    (?:pas|non) transfere
    (?:merci d(?:e|')|veuillez|vous pouvez|n'hesitez pas a|je vous (?:invite|prie)|nous vous invitons)(?: a|
    de)? ?(?:vous adresser|contacter|prendre contact|joindre|ecrire|communiquer avec|patienter|noter que|appeler|
    vous rapprocher|renvoyer|renouveler|transferer|adresser)
    merci (?:de|pour) votre (?:comprehension|patience)
    (?:bel|belles?|bonnes?|joyeu\w{1,4}|excellente?s?) (?:ete|fetes|vacances|journee|annee|noel)|vous souhait\w{1,3}
    (?:il m'est|dans l')impossib|reouvert
    # en
    (?:in|for)\b.{0,25}?(?:urgen|emergenc|immediate|assistance|anything|important)
    if\b.{0,40}?(?:urgent|immediate|emergency|critical|cannot wait|need (?:help|assistance))|(?:during|in) my absence
    while i(?:'m| am) away
    (?:i|we)(?: will|'ll| shall| won't| may)(?: not)?(?: \w{2,12})? (?:reply|respond|answer|get back|be back|return|
    read|check|have|be (?:checking|returning|able|slow)|be in touch|deal|attend)
    (?:upon|on|after|until) my return|when i (?:return|get back|am back)
    (?:limited|no|intermittent|restricted|infrequent|little) access(?: to (?:my |the )?(?:e-?mails?|mail|internet|
    messages)\b|[^a-z0-9]*$)
    i (?:only )?work\b[^,;?!.]{0,40}(?:only|part[- ]time)
    (?:will|won't) (?:be (?:returning|back|checking)|reopen|reply|respond)
    i'll pick (?:this|it) up|please use [^ \n]{1,60}@
    (?:can|will)(?: be (?:happy|able|glad) to)? (?:help|assist) you(?=[.!\n]|$| (?:in my|during|while))
    (?:my )?(?:replies|responses|answers) (?:may|will|might) be
    (?:my|your|these) (?:e-?mails?|messages?)\b.{0,12} not (?:be|being) (?:forwarded|read)
    back (?:in the office )?on\b
    back (?:on|in|at|from|next|soon|[a-z]{3,6}day)|(?:has|is|will be) (?:taken over|replac|cover|tak)\w*
    (?:please|kindly|you (?:can|may))(?: also| instead)? (?!\w+(?: to)? (?:me|us|my|our)\b)(?:contact|call|reach|
    e-?mail|mail|write to|refer|direct|forward|get in touch|resend|send (?:your|urgent|any|it)|speak|allow|expect|note)
    thank(?:s| you) for your (?:understanding|patience)
    your (?:e-?mail|message|mail|request) (?:will|has been received|is important)
    not be (?:read|forwarded|monitored)|delayed (?:response|reply|answer)|delay in (?:responding|replying|my)
    # de, nl
    (?:in|bei) (?:\w{2,12} )?(?:dringend|eilig|notfall)\w*|im notfall|bitte wenden sie
    wieder (?:da\b|erreichbar|im bue?ro|zuru)|(?:wenden sie|kontaktieren sie|sie erreichen)
    ihre (?:e-?mail|nachricht|mail|anfrage) (?:wird|wurde|ist)
    nach meiner ru\w{1,3}kkehr|ab dem \d.{0,20}(?:wieder|erreichbar)|wahrend meiner|waehrend meiner
    (?:ich )?melde mich|hilft ihnen|nicht beantworten|in teilzeit
    (?:nicht|keine) weitergeleitet|vertret|eingeschrankt\w{0,3} zugriff|ihre (?:e-?mails|nachrichten) (?:werden|wurden)
    (?:voor|in|bij) (?:\w{2,12} )?(?:dringend|urgent|spoed)
    (?:u kunt|kunt u|kan je|je kan|je kunt|gelieve)\b.{0,40}?(?:contact|terecht|mailen|bellen|wenden)|na mijn terug
    helpt (?:u|je) (?:graag )?verder|(?:u|je) verder(?: kunnen)? helpen
    lees mijn (?:e-?mail|mail|berichten) niet|(?:beantwoord|lees) ik uw
    uw (?:e-?mail|bericht|mail) (?:wordt|is|zal)|tijdens mijn|ik (?:beantwoord|reageer|neem|zal)
    weer (?:aanwezig|bereikbaar|terug)
    # es, it, pt, ro
    (?:en caso de|para (?:asuntos|cualquier|temas|cuestiones)|si (?:es|su|se trata|necesita)).{0,30}?(?:urgen|asunto|
    consulta|ayuda|inmediat|duda)
    (?:puede|pueden|pongase|por favor,?) (?:en )?(?:contact|diri[gj]|escrib|llam|pon)|(?:a|de) mi (?:regreso|vuelta)
    responder[ea]|le contestare|(?:atendera|ayudara)\b|durante mi|acceso limitado|su (?:mensaje|correo) (?:sera|no)
    (?:in caso di|per (?:urgenze|questioni|comunicazioni|qualsiasi|ogni)|se (?:e|la)).{0,30}?(?:urgen|necess|bisogno|
    informazion|comunicazion)
    (?:scrivete|scrivere|rivolgersi) a\b|per urgenze|(?:potete|puo|si prega di|vi prego di|la prego di|
    contattare) (?:contattare|rivolger|scriver|chiamar)
    al mio (?:rientro|ritorno)|rispondero|risponderemo|durante la mia|la (?:sua|vostra) (?:e-?mail|mail|messaggio)
    accesso limitato
    (?:em caso de|para (?:assuntos|questoes|qualquer)|se (?:for|o)).{0,30}?(?:urgen|assunto|questao|necessidade)
    (?:pode|podem|queira|por favor,?|favor) (?:contact|contat|envi|ligar|escrev|dirig)|(?:n|a)o meu regresso
    no meu retorno|quando (?:regressar|voltar)|responderei|durante (?:a minha|minha|este)|acesso limitado
    a sua mensagem|(?:in|pentru) (?:caz de |probleme |situatii )?urgen|va rog (?:sa )?contact|la intoarcere
    voi (?:raspunde|reveni)
    # sv, da, nb, fi
    (?:vid|i|for|ved|hvis|om)\b.{0,30}?(?:bradskande|akut|haster|hastesager|viktigt|presserende|haste)
    (?:kontakta|kontakt|ring|maila|ta kontakt)(?! (?:mig|meg|oss|os)\b)|jag (?:svarar|ar tillbaka|laser|aterkommer)
    (?:leser|laeser) ikke|vender tilba|jeg (?:svarer|besvarer|er tilbage|er tilbake|leser|laeser|vender tilbage)|
    (?:nar|naar) jeg er|nar jag ar
    din (?:e-?post|mail|melding)|ditt (?:mejl|mail|meddelande)
    (?:kiireelli|kiireis)\w*|ottakaa yhteytta|ota yhteytta|palaan|vastaan (?:viesti|sahkoposti)|viestiinne|viestiasi
    viestianne|sahkopostia ei
    # pl, cs, sk, hu
    (?:w|o) (?:\w{3,12} )?(?:pilnych|naglych|razie)|prosze o kontakt|prosimy o kontakt|prosze kontaktowac|odpowiem
    po powrocie|pod moja nieobecnosc|panstwa wiadomosc|wroce
    (?:v|ve) (?:\w{4,12} )?(?:nalehav|nutn|urgentn|pripade)\w*|(?:prosim,? )?(?:obratte|kontaktujte|obrat)|odpovim
    odpoviem|po (?:mem |svem |mojom |svojom )?navratu|vas(?:e|i|u)? (?:zprav|sprav|e-?mail)
    (?:surgos|halaszthatatlan|siirgos)|kerem,? (?:keresse|forduljon|vegye)|visszateresem|visszaerkezesem|valaszolok
    level(?:et|eire|ere)
    # ru, uk, tr, el
    (?:по|в|для) (?:\w{4,14} )?(?:срочн|экстренн|неотложн)|(?:пожалуиста,? )?(?:обращаитесь|свяжитесь|звоните|пишите)
    отвечу|после возвращения|ваше (?:письмо|сообщение)|(?:у|з|в) (?:\w{4,14} )?(?:терміно|невідклад)|звертаитеся
    зверніться|відповім|після повернення|ваш лист
    acil|(?:ile )?iletisime gec|donusumde|dondugumde|donus yap|yanitlayac|cevaplayac|e-?postalariniz
    για (?:\w{4,14} )?επειγον|σε περιπτωση|επικοινων|θα απαντησω|επιστροφη|επιστρεφω
    # ja, zh, ko
    お急ぎの(?:場合|方|際)|(?:緊急|至急)の(?:場合|ご|用)|戻り次第|ご返信|返信(?:いた|させ|が遅|は遅)|ご不便|ご迷惑|ご了承|出社
    如.{0,4}(?:紧急|緊急|急)|(?:紧急|緊急)(?:事|情|联|聯)|如(?:有|需|遇)|回(?:来|到|复您|覆您)|我(?:会|們會|们会|将|將).{0,4}(?:尽快|盡快)|(?:尽快|盡快).{0,4}(?:回|答)|(?:无法|不能|無法)(?:及时|即时|及時|即時)|请联系|請聯
    急な|급한|긴급|복귀|회신(?:이|을)? ?(?:늦|드리|하겠)|양해|문의는|에게 연락|연락 ?(?:바랍|하시기)
""")

# A sentence of its own that no person writes to the one who wrote to them: the mail will be read by nobody.
UNREAD = rows(r"""
    # fr, en
    votre (?:message|mail|e-?mail|courriel)(?: \w{2,12})? (?:n'a|ne m'a|n'est|ne sera|ne me sera) pas(?: ete)? (?:lu|
    transmis|transfere|redirige)
    (?:ce message|cet? e-?mail|ce (?:mail|courriel)) ne sera (?:pas|ni) (?:lu|transfere|transmis|redirige)
    (?:ils|vos (?:messages|mails|e-?mails|courriels)) ne (?:seront|sont) (?:pas|ni) (?:lus|transferes|transmis)
    (?:this|your|these) (?:e-?mails?|messages?|mail) (?:(?:will|has|have|is|are) not|won't|
    isn't)(?: be(?:en|ing)?)? (?:read|forwarded|seen|redirected)
    les (?:messages|mails|courriels)(?: recus| envoyes)?(?: ici| a cette adresse)? ne (?:sont|seront) (?:pas|
    plus) (?:lus|traites|releves|consultes)
    this (?:account|mailbox|inbox|e-?mail address) is (?:unattended|unmonitored)
    # de, nl
    (?:ihre|diese) (?:e-?mails?|nachricht(?:en)?|mails?) (?:wird|wurden?|werden)(?: \w{3,12}){0,3} (?:nicht|
    weder) (?:automatisch )?(?:weitergeleitet|gelesen)
    uw (?:bericht|e-?mail|mail) (?:wordt|is|zal) niet (?:automatisch )?(?:worden )?(?:gelezen|doorgestuurd)
    # es, it, pt
    su (?:mensaje|correo) no (?:sera|ha sido) (?:leido|reenviado)
    (?:la sua|il suo|quest[ao]) (?:e-?mail|messaggio|mail) non (?:sara|verra|e stat[oa]) (?:lett[oa]|inoltrat[oa])
    (?:a sua|esta) (?:mensagem|e-?mail) nao (?:sera|foi) (?:lida|reencaminhada|encaminhada)
    # sv, da, nb
    (?:ditt|din) (?:mejl|e-?post|meddelande) (?:vidarebefordras|lases) (?:inte|ej)
    din (?:mail|e-?mail|e-?post) (?:bliver|vil|blir) ikke (?:bli |blive )?(?:laest|lest|videresendt)
""")
