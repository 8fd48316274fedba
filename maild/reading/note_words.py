"""What does a vacation note say besides "I am away"? Rows by language; reads_like.py says what they prove.

Rows are written as `folded` leaves a text, see vacation_words.py. The table that a row stands in says what it proves:
NOTES and ANSWERS are said by notes alone; CASES need somebody to turn to; ASIDES prove nothing, people say them too.
"""

from maild.reading.folding import rows

# Whom to turn to meanwhile. Not "call me": that is what a person says who wants to be called.
NOTES = rows(r"""
    # thanks for the mail
    merci (?:beaucoup )?(?:de|pour) votre (?:message|mail|e-?mail|courriel)|votre (?:message|mail|e-?mail|
    courriel) est bien arrive
    thank(?:s| you)(?: very much| so much)? for (?:your (?:e-?mail|message|mail|inquiry)|e-?mailing|writing|
    contacting|getting|reaching)
    dank fu?e?r ihre (?:e-?mail|nachricht|mail)|gracias por (?:su|tu) (?:mensaje|correo)|gracias por contactar
    grazie per (?:il|la) (?:suo |sua |tuo |tua |vostro )?(?:messaggio|e-?mail|mail)|obrigad[oa] pel[oa] (?:seu|
    sua) (?:e-?mail|mensagem)
    (?:bedankt|dank) voor (?:uw|je) (?:e-?mail|bericht|mail)|tack for (?:ditt|din) (?:mejl|mail|meddelande)|
    takk? for (?:din|e-?post)
    dziekuje za (?:wiadomosc|e-?mail)|dekuj\w* za (?:zpravu|e-?mail)|(?:спасибо|благодар\w{1,3}) за (?:письмо|
    сообщение)
    mesajiniz icin tesekkur|ご連絡ありがとう|感谢您的来信|收到您的
    # fr
    (?:ma|mon) remplacante?\b(?! (?:n'|ne |a\b|voit|recoit))|(?:me|nous) (?:remplace|supplee)\b(?! (?:le|la|les|un|
    une|par)\b)
    (?:prend|prendra|assur\w{1,3}|assurera) (?:le relais|l'interim|mon remplacement|la continuite|le suivi|la suite)
    (?:mes dossiers|mon poste) (?:est|sont|sera|seront) (?:suivi|repris|traite)|(?:prend|prendra) en charge mes
    (?:docteure?|dr\.?|maitre) [a-z'-]{2,20} assur\w{1,3} le remplacement|vous (?:aidera|renseignera|orientera)(?=$|
     (?:en mon|
    pendant|durant))
    (?:est|reste|se tient|sont) (?:a|a votre) (?:votre )?disposition
    votre (?:nouve(?:l|au|lle)|seule?) (?:contact|interlocut)|votre (?:contact|interlocut\w{2,5}|
    correspondante?) (?:est|
    sera)\b
    (?:merci de|veuillez) m'ecrire (?:desormais|maintenant|dorenavant|a l'adresse)
    (?:merci (?:bien )?d(?:e|')|veuillez|vous pouvez(?: desormais| egalement| aussi)?|n'hesitez pas a|
    je vous (?:invite|prie)|nous vous invitons)(?: a|de|d')? ?(?:bien vouloir )?(?:vous (?:adresser|tourner|
    rapprocher)|contacter|prendre (?:contact|attache)|joindre (?!(?:la |le |les |votre |vos |un |une |l')?(?:fact|
    fich|capt|photo|doc|bon|releve|copie|justif|piece|log))|ecrire|communiquer avec|appeler|voir avec|
    laisser un message|utiliser l'adresse|me joindre a \S{1,40}@|(?:renvoyer|renouveler|transferer|adresser|
    envoyer)(?: directement)? (?:vos|votre|toutes?|tout) (?:(?!mes |mon |ma |nos |notre |les )\w{2,14} )?(?:mails?|
    e-?mails?|messages?|courriels?|
    demandes?|questions?|correspondances?))
    (?:contactez|adressez-vous a|ecrivez|tournez-vous vers|rapprochez-vous|envoyez (?:vos|votre) (?:mails?|
    messages?|demandes?))\b
    (?:un )?(?:accueil|standard)(?: telephonique)? (?:est|reste)
    (?:pas|non) (?:transferee?s?|redirigee?s?)\b
    # en
    (?:please|kindly|you (?:can|may))(?: also| instead)? (?!\w+(?: to| out to)? (?:me|us|my|our)\b)(?:contact|call|
    reach(?: out to)?|e-?mail|mail|write to|get in touch|speak (?:to|with)|(?:forward your|(?:refer|direct|address|
    (?:re)?send) (?:your|all|any|this|urgent|it|questions|inquir\w{1,4}))\b)
    (?:please|kindly|you (?:can|may))(?: also| instead)? (?:contact|call|e-?mail|reach(?: out to)?|write to|
    speak (?:to|with)|get in touch with|ask) (?:my|our) (?:\w{3,10} )?(?:colleagues?|managers?|assistants?|deputy|
    team|secretary|boss|office|replacement|reception|switchboard|help ?desk|supervisor)\b
    (?:will|shall|is|are|has been) (?:be )?(?:taking over|covering my|covering for me|standing in|looking after my|
    replacing me|filling in)|(?:will|shall) (?:cover|take over|stand in|look after|fill in|help you|assist you)\b
    your new (?:point of )?contact|(?:has|have) taken over (?:all )?(?:of )?(?:my|the|his|her)\b|^(?:ask|call|
    contact|see) (?!me\b|us\b|back\b|my\b|our\b)(?:the )?[a-z]{2,12}$|can be reached (?:at|on)|
    will be happy to help|will be (?:glad|able) to (?:help|assist) you$|(?:contact|call) the (?:desk|help ?desk|office|
    reception|
    switchboard|front desk)
    (?:my|your|these) (?:e-?mails?|messages?)\b.{0,12} not (?:be|being) forwarded|please use [^ \n]{1,60}@
    # de, nl
    (?:bitte )?(?:wenden sie sich|kontaktieren sie|schreiben sie an)|(?:konnen|koennen) sie (?:sich|mich|uns|
    meine)\b
    die vertretung ubernimmt\b|(?:hilft ihnen|steht ihnen|vertritt mich|^(?:meine )?vertretung\b|vertreten (?:mich|
    durch)|meine vertretung|
    (?:nicht|keine) weitergeleitet)|wenden sie|sie erreichen|hilft (?:frau|herr)
    helpt (?:u|je) (?:graag )?verder$|(?:u|je) verder(?: kunnen)? helpen$
    (?:u kunt|kunt u|kan je|je kan|je kunt|gelieve)\b.{0,40}?(?:contact|terecht|mailen|bellen|wenden)
    # es, it, pt, ro
    (?:atendera|ayudara) sus (?:consultas|mensajes|solicitudes)$
    (?:puede|pueden|pongase|por favor,?) (?:en )?(?:contact|diri[gj]|escrib|llam|pon)|(?:contacte con|escriba a|
    llame a[l ])|(?:dirija|envie) (?:sus|su|o seu|a sua|os seus)\b
    (?:scrivete|scrivere|rivolgersi) a\b|(?:potete|puo|si prega di|vi prego di|la prego di|
    contattare) (?:contattare|rivolger|scriver|chiamar)
    (?:pode|podem|queira|por favor,?|favor) (?:contact|contat|envi|ligar|escrev|dirig)|va rog (?:sa )?contact
    # sv, da, nb, fi
    (?:kontakta|kontakt|ring|maila|ta kontakt)(?! (?:mig|meg|oss|os)\b)|ottakaa yhteytta|ota yhteytta
    # pl, cs, sk, hu
    prosze o kontakt|prosimy o kontakt|prosze (?:kontaktowac|dzwonic|pisac)
    (?:obratte|kontaktujte|obrat)|kerem,? (?:keresse|forduljon|vegye)
    # ru, uk, tr, el
    (?:обращаитесь|свяжитесь|звоните|пишите|звертаитеся|зверніться)|(?:ile )?iletisime gec|επικοινων
    # ja, zh, ko
    までご連絡|请联系|請聯|에게 연락|연락 ?(?:바랍|하시기)|请拨打|請撥打
""")

# When this mail, or the mails, will be read and answered; in the sentence of the absence too it is a note's.
ANSWERS = rows(r"""
    # fr
    (?:je|nous|et)(?: (?:ne|vous|y|n'y))* (?:repond|recontact|donnerai suite|manquer)(?:rai|ons|rons|erai|erons|ais|
    ai)\b(?! (?:au tech|aux?\b|pour|sur\b|de [a-z]{3,}er la))
    (?:je|nous|et) vous (?:repond|recontact|rappell)(?:s|e|ons)\b(?= (?:des|a mon|a partir|au plus|lors|quand|apres|
    sous|a notre|rapidement|demain|le \d|(?:lun|mar|mercre|jeu|vendre)di))
    (?:je|nous|et) (?:ne )?(?:traiter|lir|consulter)(?:ai|ons|a)\b[^,;?!.]{0,20}? (?:vos|votre|mes|mon|ma|
    cette) \w{0,14} ?(?:messages?|mails?|e-?mails?|courriels?|demandes?|messagerie|boite)
    (?:je|nous|et) (?:ne |n')?(?:consult|relev|lis)\w{0,3} (?:pas|plus|peu) (?:cette|ma|mes|la) (?:boite|messag|
    mails?)
    (?:traiter|lir|consulter|prendr)(?:ai|ons) (?:connaissance (?:de|d'|qu)|vos|votre|mes)
    (?:reviendr|reprendr)(?:ai|ons)(?: vers vous| contact|.{0,14} contact)|revien\w{1,3} vers vous
    votre (?:message|mail|e-?mail|courriel|demande)\b.{0,30}?(?:(?:sera|seront)\b.{0,16}? (?:lue?|traitee?|
    prise? en|transmise?|transferee?|etudiee?|examinee?|retenue?)|(?:est|a) bien (?:ete )?(?:recue?|arrivee?|
    parvenue?|enregistree?))
    (?:vos|les|ces) (?:messages?|mails?|e-?mails?|courriels?|demandes?)(?: recue?s\b.{0,40}?)? (?:ne )?(?:seront|
    sont) (?:pas |ni )?(?:lus?|traite|pris|consult|suivi|transfer|transmis)
    je reponds (?:a|des) mon retour|sans (?:reponse|nouvelles?) de (?:notre|ma) part|
    veuillez considerer que votre (?:demande|
    candidature)
    (?:mes|les) reponses (?:seront|pourront)|reponse a mon retour
    (?:ne (?:pourrai|peux|pourrons|pouvons|serai pas en mesure)(?: pas)?(?: de)?|(?:il m'est|
    dans l')impossib\w{1,6}(?: de)?)(?: vous| y| pas)* (?:repondre|lire|consulter|traiter|donner suite)
    # en
    (?:(?:i|we|and|but)(?: will|'ll| shall| won't| may| won't be able to| will be able to| cannot)|(?:i'm|am|be|
    and) not)(?: not)?(?: (?!the\b)\w{2,12})? (?:reply|respond|answer (?:your|you|e-?mail|mail)|get back to|
    be in touch|(?:read|check)(?:ing)? (?:my |your |the )?(?:work )?(?:e-?mail|mail|messages|inbox)|
    deal with (?:your|any)|attend to (?:your|any)|be slow to|return your|be checking)
    (?:i|we) (?:will|shall|may|'ll) (?:get|write) back\b(?! (?:your|the|my|our)\b)|will (?:respond|reply|
    get back) (?:to|when|on|as|once|during|after|upon)
    i'll pick (?:this|it) up|it will (?:not )?be (?:read|answered)|will be (?:checking|reading) (?:my )?(?:e-?mail|
    mail|messages)
    (?:my |your )?(?:replies|responses|answers) (?:may|will|might) be|(?:delayed|slow|late) (?:responses?|reply|
    replies|answers?)
    delay in (?:responding|replying|my)|(?:expect|allow for) (?:a |some )?delay
    your (?:e-?mail|message|mail|request)s? will (?:not )?be (?:read|answered|forwarded|deleted|dealt|handled|
    processed|waiting|attended|seen|picked)|your (?:e-?mail|message|request) (?:has been received|is important)
    (?:e-?mails?|messages) (?:will|won't) (?:not )?(?:be )?(?:read|answered|forwarded|deleted|dealt|handled|
    processed)
    # de, nl
    ihre (?:e-?mails?|nachrichten?|mail|anfrage)\b.{0,30}? (?:nicht )?(?:gelesen|beantwort|bearbeitet|
    weitergeleitet)
    ihre (?:e-?mails?|nachrichten?|mail|anfrage) (?:wird|werden|wurde|wurden)|nach meiner ru\w{1,3}kkehr
    (?:ich )?melde mich|nicht beantworten|beantworte (?:ihre|ich)|lese (?:ich )?(?:meine|keine|ihre)
    lees (?:ik )?(?:mijn|uw) (?:e-?mail|mail|berichten?)|(?:beantwoord|lees) ik uw|ik (?:beantwoord|reageer|
    neem contact)
    uw (?:e-?mail|bericht|mail) (?:wordt|is|zal)
    # es, it, pt, ro
    responder[ea]\b|le contestare|contestare a|su (?:mensaje|correo) (?:sera|no)
    rispondero|risponderemo|leggero (?:la|le|i|il)\b|la (?:sua|vostra) (?:e-?mail|mail|messaggio)
    responderei|a sua mensagem|voi (?:raspunde|reveni)
    # sv, da, nb, fi
    jag (?:svarar|laser|aterkommer)|(?:och|og) svarar|(?:leser|laeser) ikke|jeg (?:svarer|besvarer|leser|laeser|
    vender tilbage)
    din (?:e-?post|mail|melding)|ditt (?:mejl|mail|meddelande)|(?:nar|naar) jeg er|vender tilba|nar jag ar
    vastaan (?:viesti|sahkoposti)|viestiinne|viestiasi|viestianne|sahkoposti\w{0,3}(?: ei)?\b|palaan asiaan
    # pl, cs, sk, hu
    odpowiem|po powrocie|panstwa wiadomosc|odpovim|odpoviem|po (?:mem |svem |mojom |svojom )?navratu
    vas(?:e|i|u)? (?:zprav|sprav|e-?mail)|valaszolok|level(?:et|eire|ere)
    # ru, uk, tr, el
    отвечу|после возвращения|ваше (?:письмо|сообщение)|відповім|після повернення|ваш лист
    donusumde|dondugumde|donus yap|yanitlayac|cevaplayac|e-?postalariniz|θα απαντησω
    # ja, zh, ko
    戻り次第|ご返信(?:いた|させ|が遅|は遅)|返信(?:いた|させ|が遅|は遅)
    (?:无法|不能|無法)(?:及时|即时|及時|即時)|(?:我(?:会|們會|们会|将|將).{0,4})?(?:尽快|盡快).{0,4}(?:回|答)|回(?:复您|覆您)
    회신(?:이|을)? ?(?:늦|드리|하겠)|복귀 ?후
""")

# When to turn to somebody: a note's if the same sentence says to whom.
CASES = rows(r"""
    # fr
    en cas d(?:e |')(?:urgence|besoin|necessite|probleme|question|absence)|si besoin\b
    pour (?:toute?s?|tout|les|une|vos) (?:\w{2,14} )?(?:urgen|demande|question|besoin|information|renseignement|
    probleme|point|sujet)
    si (?:votre|c'est|la|vous|cela|besoin)\b.{0,40}?(?:urgen|immediat|ne peut)|^urgences? ?$
    ^- ?pour (?:la |le |les |l')[a-z]{3,20} ?$|^pour (?:la |le |les |l')[a-z]{3,20} ?$
    (?:en|durant|pendant) (?:mon|cette|ma|son|leur|notre) (?:absence|periode|fermeture|conges?)|d'ici la
    # en
    (?:in|for|with)\b.{0,25}?(?:urgen|emergenc|immediate|assistance|anything|important|questions?\b)
    if\b.{0,40}?(?:urgent|immediate|emergency|critical|(?:cannot|can't) wait|need (?:help|assistance))|(?:during|
    in) my absence
    while i(?:'m| am) away|in the meantime
    # de, nl
    (?:in|bei) (?:\w{2,12} )?(?:dringend|eilig|notfall)\w*|im notfall
    (?:voor|in|bij) (?:\w{2,12} )?(?:dringend|urgent|spoed)|tijdens mijn
    # es, it, pt, ro
    (?:en caso de|para (?:asuntos|cualquier|temas|cuestiones)|si (?:es|su|se trata|necesita)).{0,30}?(?:urgen|
    asunto|consulta|ayuda|inmediat|duda)|durante mi
    (?:in caso di|per (?:urgenze|questioni|comunicazioni|qualsiasi|ogni)|se (?:e|la)).{0,30}?(?:urgen|necess|
    bisogno|informazion|comunicazion)|per urgenze|durante la mia
    (?:em caso de|para (?:assuntos|questoes|qualquer)|se (?:for|o)).{0,30}?(?:urgen|assunto|questao|necessidade)
    durante (?:a minha|minha|este)|(?:in|pentru) (?:caz de |probleme |situatii )?urgen
    # sv, da, nb, fi
    (?:vid|i|for|ved|hvis|om)\b.{0,30}?(?:bradskande|akut|haster|hastesager|viktigt|presserende|haste)
    (?:kiireelli|kiireis)\w*
    # pl, cs, sk, hu
    (?:w|o) (?:\w{3,12} )?(?:pilnych|naglych|razie)|pod moja nieobecnosc
    (?:v|ve) (?:\w{4,12} )?(?:nalehav|nutn|urgentn|pripade)\w*|(?:surgos|halaszthatatlan|siirgos)
    # ru, uk, tr, el
    (?:по|в|для) (?:\w{4,14} )?(?:срочн|экстренн|неотложн)|(?:у|з|в) (?:\w{4,14} )?(?:терміно|невідклад)
    acil|για (?:\w{4,14} )?επειγον|σε περιπτωση
    # ja, zh, ko
    お急ぎの(?:場合|方|際)|(?:緊急|至急)の(?:場合|ご|用)|如.{0,4}(?:紧急|緊急|急)|(?:紧急|緊急)(?:事|情|联|聯)|如(?:有|需|遇)
    급한|긴급|문의는
""")

# To whom: a verb that stands in the sentence of such a case.
REACHES = rows(r"""
    # fr
    (?:mon|ma|notre|mes) (?:collegue|assistant|adjoint|responsable|secretaire)
    (?:me |le |la |les |nous )?(?:contact|compos|joign|joindre|appel|ecri|adress|voir avec|voyez|prevenir|telephon|
    laisse)
    # en
    my (?:colleague|manager|assistant|boss|team)\b
    (?:contact|call|reach|e-?mail|mail|text|phone|ring|write|ask|speak|see)\b
    # de, nl
    (?:hilft|wend|erreich|kontakt|ruf|anruf|schreib|vertritt|bel\b|bellen|mail)
    # es, it, pt
    (?:llam|escrib|contat|scriv|chiam|rivolg|ligar|escrev|puede|potete|pode)
    # sv, da, nb, fi, pl, cs, hu
    (?:ring|maila|yhtey|kontakt|dzwon|prosz|obra|vola|keres|ford)
    # ru, uk, tr, el, ja, zh, ko
    звон|пиш|обращ|связ|зверт|iletis|ara|επικοιν|連絡|联系|聯|电话|電話|연락
""")

# What both a note and a person say.
ASIDES = rows(r"""
    # fr: no access, the return, wishes
    (?:beaucoup de|un (?:tres )?grand nombre de) (?:demandes|messages) nous (?:parviennent|arrivent)(?: en ce moment)?
    (?:et )?(?:je )?n'(?:ai|aurai) (?:pas|qu'un)(?: \w{4,12})? acces(?: \w{4,12})? a (?:internet|(?:mes|ma) (?:mails?|
    e-?mails?|messages?|messagerie|courriels?|boite))|(?:avec )?(?:un )?(?:acces|connexion) (?:tres )?(?:limitee?|
    restreinte?|reduite?|intermittente?|ponctuel)|sans (?:acces|connexion)
    (?:a|des|jusqu'a|avant) mon retour|mon retour|(?:en|durant|pendant) (?:mon|cette|ma|son|leur|notre) (?:absence|
    periode|fermeture|conges?)|d'ici la|(?:je (?:serai|suis) )?de retour (?:le|lundi|mardi|mercredi|jeudi|vendredi|
    au bureau|en|dans)|^retour (?:prevu|le|lundi|mardi|mercredi|jeudi|vendredi)|reouvr|^reprise (?:le|lundi)|
    je reprendrai (?:mes fonctions|mon poste|le travail|le)\b|merci pour (?:ces|toutes ces|les|
    nos) (?:\w{3,10} )?annees\b.{0,30}|(?:a|jusqu'a) la (?:reouverture|rentree)
    je (?:reviens|rentre|reprends)\b|je ne travaille pas (?:le|les|ce)\b[^,;?!.]{0,30}(?=[.!]|$)|(?:a mi-temps|
    a temps partiel|uniquement le|sur un chantier|sur le terrain)$
    merci (?:de|pour) votre (?:comprehension|patience)|(?:veuillez|merci de) patienter
    (?:passez de )?(?:bel|belles?|bonnes?|joyeu\w{1,4}|excellente?s?|tres bonnes?) (?:ete|fetes|vacances|journee|
    annee|noel|fin)|(?:je|nous|toute l'equipe)(?: vous)? souhait\w{1,4}\b(?:[ ,]{1,2}(?:[dl]')?(?:une?|des?|a|tous|
    toutes|et|vous|tres|bon(?:ne)?s?|bel|belles?|excellente?s?|joyeu\w{1,4}|agreables?|heureu\w{1,3}|fin|annee|fetes|
    journee|hiver|ete|vacances|noel|week-?end|nouvelle|semaine|saison|reussite|sante|\d{4})\b){0,12}
    # en
    (?:with |i have |i will have |i'll have |have |having )?(?:very )?(?:limited|no|intermittent|restricted|
    infrequent|little) (?:e-?mail |internet )?access(?: to (?:my |the )?(?:e-?mails?|mail|internet|messages)\b|\W*$)
    (?:i will|i'll|i shall|i am|i'm|and will|will|and)(?: only)? (?:be )?(?:back|return(?:ing)?)\b (?:on|in|from|at|
    the|next|until|tomorrow|[a-z]{3,6}day|\d)
    ^back (?:in the office )?(?:on|in|at|from|next|soon|[a-z]{3,6}day)|(?:upon|on|after|until) my return|
    when i (?:return|get back|am back)|won't be back until|(?:office|we|and|shop)s? will reopen|
    i (?:only )?work\b[^,;?!.]{0,40}(?:only|part[- ]time)|thank(?:s| you) for your (?:understanding|patience)|
    happy (?:holidays|new year)|merry christmas
    # de, nl
    wieder (?:da\b|erreichbar|im bue?ro|zuru|fur sie)|ab dem \d.{0,20}(?:wieder|erreichbar)|in teilzeit
    (?:und )?(?:habe )?(?:nur )?eingeschrankt\w{0,3} zugriff(?: auf (?:meine |mein )?(?:e-?mails?|mails?|
    postfach))?|weer (?:aanwezig|bereikbaar|terug)|na mijn terug|bin ich (?:wieder|zuru)\w{0,4}
    # es, it, pt, ro
    sin acceso(?: a (?:mi correo|internet)| al correo)?|senza accesso(?: alla posta| alle e-?mail)?|
    sem acesso(?: ao e-?mail)?
    (?:a|de) mi (?:regreso|vuelta)|(?:con )?acceso limitado(?: a mi correo| al correo)?|al mio (?:rientro|ritorno)|
    (?:con )?accesso limitato(?: alla posta| alle e-?mail)?|rientrero|torno|tornero|(?:n|a)o meu regresso
    no meu retorno|quando (?:regressar|voltar)|(?:com )?acesso limitado(?: ao e-?mail)?|retornando|regresso\b|
    regressarei|volvere|regresare|la intoarcere
    # sv, da, nb, fi, pl, cs, sk, hu
    jag ar tillbaka|(?:jeg |og )?er (?:tilbage|tilbake)|och ar tillbaka|palaan\b|wroce|
    mam ograniczony dostep(?: do poczty)?|vratim se|visszateresem|visszaerkezesem
    # ru, uk, tr, el
    вернусь|повернусь|donecegim|επιστροφη|επιστρεφω
    # ja, zh, ko
    ご不便|ご迷惑|ご了承|出社|回(?:来|到)|복귀|양해
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

# Where its writer is found instead, as a sentence of its own with an address of mail: another address may be a house.
MOVES = rows(r"""
    (?:veuillez noter|merci de noter|notez|voici) (?:ma|notre|la) nouvelle (?:adresse|
    e-?mail)\b[^@.!?]{0,30} [^ @]{1,60}@[^ @]{1,60}
    (?:please )?note my new (?:e-?mail )?address\b[^@.!?]{0,30} [^ @]{1,60}@[^ @]{1,60}
    (?:bitte )?notieren sie (?:sich )?meine neue (?:e-?mail-?)?adresse\b[^@.!?]{0,30} [^ @]{1,60}@[^ @]{1,60}
""")
