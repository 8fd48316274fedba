"""Which words may a note have beside "please contact", and still say no more than whom, how and when? Whole words.

Names are not here: rests.py knows them by their capitals. What is in no row, a verb or a thing, is what somebody wants.
"""

from maild.reading.folding import rows

BESIDE = rows(r"""
    # fr: joints
    [a-z]|les?|la|une?|du|des?|aux?|en|et|ou|par|sur|via|dans|chez|aupres|dont|qui|si|svp|plait|a|afin|soit|mon|ma|mes|
    notre|nos|votre|vos|cette?|ces?|me|je|vous|nous|y|moi
    # fr: people, and where they sit
    collegues?|collaborat\w{2,5}|associee?s?|confreres?|assistante?s?|adjointe?s?|responsables?|secretaires?|
    secretariat|accueil|standard|services?|equipes?|support|hotline|assistance|direction|direct\w{2,5}|chef|gerante?s?|
    remplacante?s?|successeur|interlocut\w{3,5}|correspondante?s?|contacts?|comptabilite|compta|comptables?|
    commercia\w{1,3}|facturation|ressources|humaines|rh|drh|permanence|astreinte|gardien|societe|agence|bureaux?|
    cabinet|mairie|siege|competente?s?|informatique|technique|m|mr|mme|mlle|monsieur|madame|docteure?|dr|maitre|
    personnes?|disposition|lieu|place|joignables?
    # fr: by what
    adresses?|e|mails?|emails?|courriels?|courrier|mel|electronique|messagerie|telephon\w{1,5}|tel|portable|mobile|
    numeros?|no|num|ligne|poste|suivante?s?|dessous|ci|apres|directe?s?|directement|internet|site|formulaire
    # fr: when, and about what
    pendant|durant|lors|des|depuis|jusque?|avant|absences?|conges?|retour|periode|reouverture|rentree|reprise|
    (?:apres|deux|trois|quelques)|jours?|journee|heures?|ouvrables?|ouvrees?|semaines?|mois|matin|soir|moment|
    actuellement|desormais|dorenavant|maintenant|temps|delais?|possible|vite|tot|rapidement|brefs?|meilleurs?|plus|
    egalement|aussi|sinon|toutefois|bien|vouloir|entre|merci|avance|bonjour|messages?|demandes?|questions?|urgences?|
    urgente?s?|besoins?|renseignements?|informations?|sujets?|toute?s?|tous|autres?|immediate?s?|relatives?|concernant|
    recue?s?
    # fr: what they do
    est|sont|sera|seront|reste|restent|peut|peuvent|pourra|pourront|remplace\w{0,2}|repond\w{1,4}|aide\w{1,3}|
    trait\w{1,6}|gere\w{0,3}|occup\w{1,4}|tiennent|tient|orient\w{2,5}|renseign\w{1,5}|reprend\w{0,3}|charge|aurai|qu|
    que|cours|general\w{0,3}|interne|externe|principal\w{0,2}|suppl\w{2,6}|habituel\w{0,2}|assur\w{1,4}|interim|relais|
    suivi|suite|prend|prendra|joindre|contacter|appeler|ecrire
    # fr: away for what
    reponses?|part|maladie|maternite|paternite|parental|annuels?|professionnel\w{0,2}|duree|indeterminee|formation|
    vacances|deplacement|reunion|sante|raisons?|personnelles?|teletravail|clientele|exceptionnel\w{0,6}|noel|fin|annee|
    date|peu|retard|dossiers?|ponctuel\w{0,6}|facon|maniere|irreguliere?|sous|partir|pouvez|reprendr\w{2,3}|avec|ete|
    ni|retenue?s?|lue?s?|traitee?s?|transmise?s?|transfere\w{0,3}|redirig\w{2,4}|consult\w{1,5}|relev\w{1,4}|lirai|
    lirons|manquer\w{1,3}|connaissance|reviendr\w{2,3}|parvenue?s?|differee?|quelques|fois|inclus|retraite|quitte|
    fonctions?
    # en: joints
    the|an|my|our|your|at|on|by|in|through|with|or|and|of|to|from|during|while|am|is|are|be|will|can|who|i|we|you|he|
    she|as|if|any|all|until|for|either|also|instead|please|me(?=$)|it|this|that(?=$)
    # en: people, and where they sit
    colleagues?|co|workers?|manager|assistant|team|desk|office|reception|switchboard|helpdesk|help|service|department|
    dept|supervisor|deputy|secretary|replacement|successor|head|hr|accounts|sales|accounting|front|duty|call|staff|
    someone|anyone|person|contact|director|boss|line
    # en: by what, when, and about what
    phone|telephone|cell|number|ext|extension|address|inbox|mailbox|directly|below|above|following|urgent|urgently|
    urgency|immediate|immediately|matters?|issues?|enquir\w{1,3}|inquir\w{1,3}|requests?|correspondence|
    emergenc\w{1,3}|absence|return\w{0,3}|back|away|out|further|important|need|needs|soon|when|once|upon|after|before|
    regarding|business|working|hours?|days?|weeks?|month|meantime|time|again|role|duties|behalf|quer(?:y|ies)|
    otherwise|else|same|general|queries|whom|should|would|need(?:ed|s)?|require\w?|normal|regular|earliest|convenience|
    opportunity|conference|meetings?|members?|project|using|answered|dealt|these|those|some|other|have|touch|there|
    where|which|what|currently|still|limited|restricted|glad|happy|pleased|assist|able|available|response|responses|
    reply|replies|slow|answer|wait|work|sick|maternity|paternity|annual|leave|holidays?|vacations?|trip|course|
    training|today|delayed?|respond|more|than|usual|little|longer|late|later|few|next|week|early|sporadic\w{0,4}|
    occasional\w{0,2}|periodic\w{0,4}
    # de
    herrn?|frau|sie|ihnen|ihre?[nmrs]?|sich|mich|mein\w{0,2}|unser\w{0,2}|kolleg\w{1,5}|vertret\w{1,6}|
    mitarbeiter\w{0,3}|sekretariat|zentrale|abteilung|bue?ro|empfang|unter|der|die|das|den|dem|nummer|telefon\w{0,4}|
    mobil|handy|per|oder|und|auch|bitte|gern\w?|direkt|im|ab|bei|von|vom|zu|zur|zum|fur|fuer|aus|kunftig|
    dringend\w{0,3}|eilig\w{0,2}|fall|falls|fallen|faellen|angelegenheit\w{0,2}|fragen|notfall\w{0,2}|notfaellen|
    anliegen|postfach|folgende\w?|wahrend|waehrend|meiner|abwesenheit|zeit|ru\w{1,3}kkehr|verfu\w{1,2}gung|weiter|
    wieder|erst|nach|dies\w{1,2}|ue?bernimmt|ue?bernehmen|vertritt|vertreten|steht|stehen|hilft|helfen|erreich\w{1,3}|
    telefonnummer|alle[nr]?|sonstige\w|nutzen|verwenden|mail\w{0,2}adresse|durch|hin|ebenfalls|jederzeit|bis|dann|
    danach|kann|konnen|koennen|werde|bearbeitet|beantwort\w{1,3}|gelesen|weitergeleitet|derzeit|momentan|
    einschliesslich|zuru\w{1,2}ck|ja|so|bald|schnell|wie|moglich|moeglich|heute|morgen|nachsten?|ich|ist|sind|wird|
    werden
    # nl
    mijn|onze?|uw|met|op|het|een|naar|u|kunt|kantoor|collega|telefonisch|dringende?|vragen|zaken|spoed|weer|opnemen|
    opgenomen|geen|weken|dagen|maandag|dinsdag|woensdag|donderdag|vrijdag|ben|ik|terug\w{0,6}|verder|graag|bij|voor|
    aan|van|de|zo|snel|mogelijk|helpt|helpen|heeft|mailen|bellen|wenden
    # es, pt, it
    con|el|los|las|al|del?|mi|su|sus|companer\w{1,2}|colegas?|departamento|equipo|oficina|telefono|correo|horario|
    urgentes?|urgencias?|consultas?|dudas?|asuntos?|mensajes?|solicitudes|regreso|vuelta|antes|posible|lo|lunes|por|
    com|o|os|meu|minha|seu|sua|colega|escritorio|telefone|numero|voltar|regressar|mensagem|logo|il|gli|mio|mia|suo|
    collegh[ei]|ufficio|segreteria|rientro|ritorno|prima|possibile|indirizzo|dal|alla|alle|ai|dott|dottor|dottoressa|
    sig|signor|signora|posta|quanto|presto|urgenz[ae]|necessita|quando|estos|momentos|cas[oi]|di|urgenc\w{1,2}|
    comunicazioni|temas|assuntos|questoes|atraves|mediante|tramite|telefonico|direccion|endereco|favor|para|ao|aos|
    esta|este|ausencia|semana|riapertura|nostr\w|vostr\w|dias?|giorno|giorni|entro|tan|cuanto|maternidad\w?|maternita|
    malattia|medica|trabajo|lavoro|possivel|dentro|brevedad|mayor|usted|ustedes
    # sv, da, nb, fi
    min|mitt|mina|vart|var|kollega|kollegan?|kolleger|vaxeln|kontoret|telefon|pa|till|til|ved|vid|eller|og|och|nar|jag|
    jeg|ar|er|tillbaka|tilbage|tilbake|snart|sa|som|mulig|muligt|mojligt|venligst|gerne|garna|fragor|sporgsmal|arenden|
    saker|med|frem|leser|laser|post|tiden|det|igen|talla|viikolla|enka|lue|maanantaina|takaisin|sahkopostia|loppuun|
    viikon|kollegaani|kollegaan|puhelin|numeroon|asioissa|olen|kun
    # pl, cs, sk, hu, ro, tr
    z|ze|mo[ij]\w{0,3}|koleg\w{1,4}|pod|nr|numer\w{0,3}|telefonu?|biura|lub|do|na|po|sprawach|w|wiadomosci?|powrocie|s|
    se|mou|meho|moji|kolegyn\w{0,2}|zastup\w{1,3}|cisle|telefonni\w{0,2}|nebo|alebo|zpravu|spravu|navratu|pripadech|
    kollegam\w{0,3}|szamon|telefonszam\w{0,2}|kerem|surnych|pripadoch|esetben|utan|pytan|razie|durumlarda|tarihine|
    kadar|pana|pe|kollegaim\w{0,2}|kulcsan|osobisty\w{0,2}|un|unui|coleg\w{0,3}|sau|prin|ile|numarali|telefondan|veya
""")

# Beside when mails are answered: that they are not.
NEVER = rows(r"""
    ne|pas|not|nicht|niet|ikke|inte|ei|no|non|nao|nie
""")

# Behind "I am away", before what for or where.
PLACES = rows(r"""
    # fr, en
    pour|a|aux?|en|sur|chez|dans|suite|cause|raisons?|pendant|for|at|in|on|due|attending|participating|because|of
    # de, nl, es, it, pt, sv, da, pl
    wegen|auf|zu|zum|zur|beim?|aus|op|voor|por|de|per|em|na|no|pa|till?|i|w
""")
# Between two words of it.
WITHIN_PLACES = rows(r"""
    d|du|des?|a|aux?|of|in|at|for|der|von|van|del|della|do|da|av|af
""")
# A deed, which is what somebody is about, and no month that ends so.
BEFORE_DEEDS = rows(r"""
    pour|de|d|for|to|zu
""")
DEEDS = rows(r"""
    (?!(?:janv|fevr|hiv|sept|oct|okt|nov|dec|dez)|soir|leur|maternit)[a-z]{2,14}(?:er|ir|oir|dre|tre|ire|ing)
""")
