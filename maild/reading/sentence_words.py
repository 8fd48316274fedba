"""With which words does a sentence go on, and which points do not end it? Rows by language, for reads_like.py.

Rows are written as `folded` leaves a text, see vacation_words.py.
"""

from maild.reading.folding import rows

# An absence under a condition, or as one day of a plan, is none yet.
CONDITIONS = rows(r"""
    # fr, en
    (?:si|quand|lorsque|puis|sinon|sauf|disponible|joignable)\b
    (?:if|when|unless|then|available)\b
    # de, es, it, pt
    (?:wenn|falls|dann|cuando|quando|se)\b
""")
# What joins "I am away" to what follows it.
ANDS = rows(r"""
    et|and|und|y|e|och|og|oraz|i|и|та
""")
# With what a note goes on behind it.
MORE_OF_IT = rows(r"""
    # days
    (?:le |the |am |on )?(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|[a-z]{3,6}day|[a-z]{3,8}tag)
    (?:le |the |am |on )?(?:demain|tomorrow|morgen)
    # what is not done, and until when
    (?:sans|no|non|without|de retour|back|not|nicht|antworte)\b
    (?:je )?(?:ne )?(?:serai|lis|lirai|consulte|reviens|rentre|pourrai)\b
    (?:je )?ne (?:fais|travaille|suis|reponds|regarde|releve) p(?:lus|as)\b
    (?:i )?(?:will|won't)(?: not)?(?: be)? (?:slow|back|check|read|respond|reply|return|have)\w*\b
    (?:ohne|keinen|lese|erst|wieder|ab)\b|(?:kann|werde|beantworte)\b.{0,40}? (?:nicht|erst|spater)\b
    (?:bin|melde)\b.{0,30}? (?:wieder|zuruck|erreichbar|da)\b
    (?:sin|vuelvo|volvere|regreso|senza|torno|tornero|rientro|sem|volto|voltarei|regresso|fara)\b|non (?:leggo|ho)\b
    (?:zonder|niet|weer|terug|lees)\b|ben\b.{0,30}? (?:weer|terug)\b
    (?:utan|uden|uten|ikke|inte|ilman)\b|(?:ar|er)\b.{0,20}? (?:tillbaka|tilbage|tilbake)\b|palaan\b|las(?:er|e) inte\b
    (?:bez|wracam|wroce|vratim|vracim)\b|без\b|вернусь\b|повернусь\b
""")
# With what a person goes on who has something to say.
CONSEQUENCES = rows(r"""
    (?:donc|mais|alors|car|parce|puisque|so|but|therefore|although|because|aber|daher|obwohl|weil|pero|porque|mas|
    perche|maar|men)\b
""")
# What stands before the first number of a date.
DATE_WORDS = rows(r"""
    # fr
    jusqu|aux?|du|des|le|les|de|jusqu'?(?:au|a|en)?|a partir du|en|et|inclus|lundi|mardi|mercredi|jeudi|vendredi|
    samedi|dimanche
    # en
    until|till|til|from|between|through|to|on|in|and|[a-z]{3,9}day
    (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}
    # de, nl
    bis|zum|vom|von|ab|am|im|und|tot|t/m|van|vanaf
    # es, it, pt
    desde|hasta|del|el|dal|al|fino|ate|a
    # sv, da, nb, pl, cs, ru, uk
    med|den|och|og|till|til|vecka|uke|uge|fra|fram|od|do|dnia|с|по|до
""")
# The point behind them ends no sentence: M. Roche.
ABBREVIATIONS = ("m", "mr", "dr", "mme", "tel")
# Nor behind a number that goes on so: 12. Dezember, 24.-31. wieder erreichbar.
AFTER_ORDINALS = rows(r"""
    # de
    bis|und|im|in|auf|nicht|wieder|abwesend|geschlossen|geoffnet
    # da, nb, fi
    og|do|asti|saakka|mennes
    # months
    jan|feb|mar|apr|mai|maj|jun|jul|aug|sep|okt|nov|dez|dec|des|lis|pro
""")
# Who speaks of themselves.
FIRST_PERSON = r"\?|\b(?:je|j['’]\w+|m['’]\w+|i|i['’]m|my|ich|mein\w*|yo|mi|io|eu|ik|mijn)\b"
# The other words of a date, and those before a telephone number.
MONTHS = rows(r"""
    (?:jan|feb|fev|mar|mrz|apr|avr|mai|may|maj|mei|jun|juin|jul|juil|aug|aou|ago|sep|set|okt|oct|out|nov|dec|dez|
    des|dic|gen|ene|mag|giu|lug|ott|abr|hein|elo|syys|loka|marras|joulu|tammi|helmi|maalis|huhti|touko|kesa|stycz|
    lut|marz|kwie|maj|czerw|lip|sierp|wrze|pazdz|list|grud|led|unor|brez|dub|kvet|cerv|srp|zari|rij|pros|ianu|febr|
    iul|iun)[a-z]{0,8}
    (?:inclus|compris|matin|soir|apres|midi|prochaine?|semaine|er|h|eme|th|st|nd|rd|am|pm|week|next|incl|inclusive|
    einschliesslich|uhr|kw|compreso|this|asti|saakka|ig|januar|the|und|and)
    (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|
    jeu|vendre|same)di|demain|tomorrow|morgen|aujourd|hui|today|heute
""")
TELEPHONE_WORDS = rows(r"""
    tel|telephone|telefon|fax|portable|port|mobile|mob|gsm|poste|ext|phone|handy
""")
# With these begins somebody's statement, and no name; the words behind them do not make it one.
STATEMENT_STARTS = rows(r"""
    # fr
    (?:c'|j'|l'|n'|qu')|(?:ca|ce|cela|il|ils|elle|elles|on|je|nous|vous|le|la|les|un|une|des|mais|oui|non|ok|plus|
    pas|ps|nb|aucune?)\b
    # en
    (?:it|he|she|we|you|they|i|a|an|the|this|that|but|no|yes|ok|still|nothing)\b|i'|it's|p\.s
    # de, nl
    (?:es|er|sie|ich|wir|der|die|das|ein|eine|aber|ja|nein|kein|keine|het|de|een|ik|wij|maar)\b
    # es, it, pt
    (?:el|los|las|lo|gli|una|pero|ma|mas|os|as|um|uma)\b
""")
# The verbs of such a statement, wherever they stand in it.
STATEMENT_VERBS = rows(r"""
    (?:est|sont|reste|restent|affiche|marche|fonctionne|clignote|ne|is|are|was|has|have|shows?|works?|blinks?|not|
    ist|sind|hat|nicht|no|non|nao|niet|funciona|funziona)\b
""")
# What stands behind an article in the name of a desk.
DESKS = rows(r"""
    (?:l'|le |la |les |the |das |die |der |het |el |il |la |o |a )?(?:equipe|service|direction|secretariat|accueil|
    standard|societe|mairie|cabinet|support|team|staff|desk|office|reception|\w{2,12} team|gerance|administration|
    comptabilite|mein |ihr )
""")
# What stands before a thing, where these do not follow, and what is told of it.
PEOPLE = rows(r"""
    coll|kolleg|assistant|adjoint|respons|secret|manager|boss|vertret|rempla|success|interloc|correspond|contact
""")
ARTICLES = rows(r"""
    the|my|our|le|la|les|l|mon|ma|mes|notre|nos|der|die|das|mein\w?|unsere?
""")
BEING = rows(r"""
    is|are|was|est|sont|sera|reste|ist|sind|war
""")
