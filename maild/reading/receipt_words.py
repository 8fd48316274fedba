"""With which words does a program say that a request has come in? Rows by language, as `folded` leaves a text.

A person may write some of them, of a request of theirs or of ours: so whatever else is said makes it a person's.
"""

from maild.reading.folding import rows

# The Subject of a receipt, where a program put it there.
RECEIPT_LABELS = rows(r"""
    accuse (?:de )?reception|(?:confirmation|avis) (?:de )?(?:reception|prise en compte)|\[?request received\]?
    (?:support )?ticket (?:received|opened|created)|we(?:'ve| have) received your
    (?:votre|your) (?:demande|request|ticket|message)\b.{0,40}?(?:recue?|enregistree?|prise? en compte|received|
    registered|logged|created)
    (?:eingangsbestatigung|empfangsbestatigung|acuse de recibo|confirmacion de recepcion|conferma di ricezione|
    ontvangstbevestiging)
""")

# That a request has come in.
RECEIPTS = rows(r"""
    votre (?:demande|message|mail|e-?mail|courriel|requete|ticket|candidature|appel|incident|
    signalement)\b.{0,60}?(?:a bien ete|a ete|est bien|est(?= enregistre)) (?:recue?|enregistree?|prise? en compte|
    transmise?|cree|receptionnee?|
    parvenue?|arrivee?)
    votre (?:demande|requete|ticket|appel) porte (?:le numero|la reference)
    nous (?:avons (?:bien )?recu|accusons (?:bonne )?reception de|
    vous confirmons la bonne reception de) votre (?:demande|message|mail|e-?mail|courriel|requete|candidature|
    reclamation|formulaire|inscription)
    (?:un|votre) (?:nouveau )?ticket\b.{0,40}?(?:a ete|est) (?:cree|ouvert|enregistre)
    your (?:request|message|e-?mail|ticket|inquiry|enquiry|case|support request)\b.{0,60}?(?:has been|was|have been|
    is) (?:\w{4,12} )?(?:received|created|logged|registered|opened|submitted|assigned)
    we(?:'ve| have)(?: successfully)? (?:received|got) your (?:request|message|e-?mail|ticket|inquiry|enquiry)
    (?:a|new|support) (?:\w{3,10} )?(?:ticket|case|request)\b.{0,60}?(?:has (?:now |just )?been|was) (?:created|opened|
    logged|
    assigned)
    confirming that we(?:'ve| have)? (?:got|received) your
    (?:ihre?|deine?) (?:anfrage|nachricht|e-?mail|mitteilung|anliegen|ticket|meldung|vorgang)\b.{0,50}?(?:eingegangen|
    erhalten|registriert|aufgenommen|erfasst|angelegt)
    wir haben ihre (?:anfrage|nachricht|e-?mail)\b.{0,40}?erhalten
    (?:su|tu) (?:solicitud|mensaje|consulta|ticket)\b.{0,50}?(?:ha sido|se ha) (?:recibid|registrad|cread)
    hemos recibido su (?:solicitud|mensaje|consulta|correo)
    (?:la (?:sua|tua|vostra) richiesta|il (?:suo|tuo|vostro) (?:messaggio|
    ticket))\b.{0,50}?(?:e stat[oa]) (?:ricevut|registrat|pres|apert|creat)
    abbiamo ricevuto la (?:sua|tua|vostra) (?:richiesta|mail|e-?mail)
    (?:o seu|a sua|seu|sua) (?:pedido|mensagem|solicitacao|ticket)\b.{0,50}?(?:foi) (?:recebid|registad|registrad|
    criad)
    recebemos (?:o seu|a sua|seu|sua) (?:pedido|mensagem|e-?mail)
    (?:uw|je) (?:aanvraag|bericht|e-?mail|verzoek|melding)\b.{0,50}?(?:ontvangen|geregistreerd)
    (?:twoje|panstwa) (?:zgloszenie|wiadomosc|zapytanie)\b.{0,50}?(?:przyjet|zarejestrowan|otrzyman)
    (?:vas|vase) (?:pozadavek|zprava|poziadavka|sprava)\b.{0,50}?(?:prijat|zaregistrovan|obdrzel)
    (?:ditt|din) (?:arende|meddelande|sag|henvendelse)\b.{0,50}?(?:mottagit|registrerat|modtaget|oprettet|mottatt)
    (?:ваш[аеу]?) (?:заявк|обращени|запрос|запит)\w{0,2}\b.{0,50}?(?:принят|зарегистрирован|получен)
""")

# The number under which it stands, or a program's own words.
TICKETS = rows(r"""
    (?:ticket|tickets|demande|request|requete|case|dossier|incident|anfrage|vorgang|reference|suivi|
    (?:ticket|sags|arende|vorgangs)(?:nummer|nr)|numerem|zgloszenie|pozadavek|arende|заявка|обращение|
    solicitud|richiesta|pedido|aanvraag|verzoek)\b.{0,25}?\d{3,}
    (?:sous|porte|avec|votre|con|su|com|under|with|your|unter|mit|onder|med)(?: (?:le|el|il|o|the|der|dem|het|
    tracking))? (?:numero|number|nummer|n°).{0,25}?\d{3,}
    \[?#[a-z]{0,6}-?\d{2,}|\[[a-z]{2,8}-\d+\]|^[a-z]{2,8}-\d+\b
    un ticket a ete|(?:above|au-dessus de|uber|oberhalb) (?:this|cette|dieser) (?:line|ligne|linie|zeile)
    (?:our|support) (?:team|staff|agents?) will (?:be )?(?:respond|reply|review|get|answer|assist|contact|look into|
    be in touch)
    notre equipe (?:vous|va vous|prendra|s'occupe|met tout)|un (?:conseiller|technicien|agent) (?:vous|prendra)
""")

# A promise that somebody answers. Beside a receipt, under a Subject of the program's own, it is a program's.
PROMISES = rows(r"""
    (?:nous|on) (?:vous |y |le |la )+(?:repond|recontact|reviend|traite)(?:rons|erons|ra|era)
    (?:reponse|traitee?|traitement|apportee?|recontactee?)\b.{0,50}?(?:dans (?:un delai|les (?:meilleurs|
    plus brefs) delais)|sous \d|sous (?:deux|trois|cinq|huit|quinze)|au plus (?:vite|tot)|des que possible)
    revien\w{1,4} vers vous|and will (?:respond|get back\b(?! (?:your|the|my|our)\b)|reply|be in touch)|
    pondremos en contacto|melden uns
    (?:we|someone|a member of our team)(?:'ll| will) (?:be in touch|get back\b(?! (?:your|the|my|our)\b)|reply|
    respond|answer)
    (?:wir|unser team) (?:werden|wird) (?:ihre|sie|uns|sich|ihnen|diese)\b|(?:wir|unser team) melde[nt] (?:uns|
    sich)|(?:le|te|les) (?:responderemos|contactaremos)
    (?:ti|le|vi) (?:risponderemo|ricontatteremo)|(?:zo spoedig|zo snel) mogelijk|responderemos
""")

# What else a receipt says.
RECEIPTS_GO_ON = rows(r"""
    # fr
    (?:est |sera |seront )?(?:en cours (?:de traitement|d'examen)|traitee?s?|examinee?s?|
    prise? en charge)(?= par| dans| des|$)
    (?:en )?accusons (?:bonne )?reception|saisir votre reponse|(?:au-dessus de|sous) cette ligne
    (?:nous )?mettons tout en (?:oeuvre|place)|vous pouvez (?:la |le |y )?(?:suivre|consulter|completer|repondre)
    pour (?:ajouter|completer|suivre|consulter)\b|merci de (?:conserver|rappeler|indiquer|preciser) (?:ce|cette|
    le) (?:numero|reference)|repondez (?:simplement )?a ce|notre equipe (?:vous|va vous|prendra|s'occupe)
    un (?:conseiller|technicien|agent|membre de notre equipe) (?:vous |(?:re)?prendra (?:contact|en charge)|va vous)
    ne (?:pas )?(?:modifi|chang)\w{1,4} (?:pas )?l'objet|vous serez (?:informe|tenu|prevenu|recontacte|averti)|
    (?:fera|fait) l'objet d'un
    ^(?:par|au?x?) (?:le |la |notre |nos |l')?(?:services?|equipe|secretariat|accueil|mairie|
    prefecture)(?: d[eu] [a-z-]{2,20}| [a-z-]{2,14})?$|(?:il|elle) sera (?:transmise?|
    traitee?|examinee?|etudiee?)\b|n'etant pas (?:relevee|consultee|lue)|merci de nous avoir (?:contact|ecrit)
    # en
    just a (?:quick|short) (?:note|message) to let you know|do not (?:change|modify) the subject
    (?:will be|is being|are being) (?:\w{3,12} )?(?:reviewed|processed|handled|answered|looked at|dealt with)
    to (?:add|provide|view|follow|check|update)\b.{0,30}?(?:information|comments?|details?|status|request|ticket)
    (?:please )?(?:just )?reply (?:to this|above|below)|(?:view|see|track|check) (?:the |your |this )?(?:request|
    ticket|status)
    please (?:keep|use|quote|include|refer to|note) (?:this|the|your) (?:\w{4,8} )?(?:number|reference|id)\b
    (?:one of our|a|an|our|the) (?:\w{4,9} )?(?:agents?|representatives?|team|staff|engineers?|
    specialists?)(?: members?)? will (?:be )?(?:respond|reply|review|get|answer|assist|contact|look into|
    be in touch|follow)|we(?:'re| are) on it
    (?:and |we )?will (?:send you|respond|reply|review|get back\b(?! (?:your|the|my|our)\b)|be in touch|
    contact you)|we would like to (?:acknowledge|inform|let you)|we (?:aim|try|endeavou?r) to|
    thank you for (?:contacting|reaching)
    forwarded to the (?:appropriate|relevant|right) \w{4,12}
    # de, es, it, nl
    verra (?:ri)?contattat|sara (?:ri)?contattat
    (?:wird|werden|wurde) (?:\w{3,12} ){0,4}?(?:bearbeitet|registriert|beantwortet|gepruft|erfasst|angelegt)
    (?:sera|esta siendo) (?:atendid|revisad|procesad)|(?:sara|verra) (?:\w{3,9} )?(?:gestit|esaminat|pres|lavorat)
    (?:en |wordt |is )(?:zo \w{4,8} mogelijk )?(?:behandeld|geregistreerd|in behandeling)
""")

# The rows in which a ticket system shows what it has noted.
FIELDS = rows(r"""
    (?:titre|statut|objet|sujet|priorite|categorie|demandeur|type|date|reference|numero(?: de ticket)?)\s?:
    (?:url|ticket|demandeurs|date d'ouverture)\s?:
    (?:temps|delai) (?:moyen )?de (?:reponse|traitement)(?: moyen)?\s?: ?\d|(?:target|average|expected) (?:response|
    reply)(?: time)?\s?: ?\d
    (?:title|status|subject|priority|category|requester|ticket(?: id| number)?|request id|department)\s?:
    (?:titel|betreff|prioritat|nummer|asunto|estado|oggetto|stato)\s?:
""")

# What may stand around a number, or name the desk.
NUMBER_WORDS = rows(r"""
    # fr
    (?:sous|la|avec|par|enregistree?|nos|notre|les|services?|equipe|support|numero|num|no|n|ref|reference|suivante?|
    ticket|dossier|
    demande|est|bien|a|votre|via|formulaire|de|contact|site|web|internet)
    # en
    (?:just|with|under|by|our|your|the|team|staff|helpdesk|desk|number|id|reference|request|case|successfully|and|
    as|is|has|been|for)
    # de, nl, es, it, pt
    (?:bei|uns|unter|der|die|nummer|vorgangsnummer|ticketnummer|und|ist|con|numero|el|il|con|sob|onder|met|het|su|
    es|incidencia|expediente|de|wij|we|hebben|ticketnummer|in|carico|har|faet|sagsnummer|er|og|pod|numerem|nr)
""")
