"""What stands below dashes: which words make a line a sentence, and which a signature? Tables, no algorithm."""

from maild.reading.folding import words_of

# A line that holds one of these is told by somebody, not the line of a card. As they stand within a sentence.
SENTENCE_WORDS = words_of(
    """
    je j ne n c s qu pas vous nous moi elle est sont suis êtes sommes était avons avez ont ai peut peux faut merci voici
    voilà quand comment pourquoi toujours jamais mais car donc manque marche fonctionne reste reçu
    i you we me my they it is are was were has have had not t cannot could will would should do does did
    why how when what but still never missing works fails wrong
    ich sie wir mir ist sind war hat haben wird kann können nicht kein keine warum wann wie aber noch fehlt geht
    es está no son soy porque cuando pero falta sono è non perché quando ma manca zijn niet graag waarom maar
    """
)
# However they are written, and wherever.
PLEAS = words_of("please veuillez svp bitte")
# French of the second person: rappelez, corrigez.
SENTENCE_ENDS = r"(?!chez\b|nez\b|assez\b|rez\b)[a-zà-ÿ]{2,}ez"
# A line that begins so is one more thought.
POSTSCRIPTS = r"(?:p\.?\s?-?s\.?|n\.?b\.?)\s?(?:[:,;-]|[^\W\d_]{2})|\d{1,2}[.)]\s|[-*•]\s+[^\W\d_]"
# A line that asks, speaks of itself, denies or counts is no motto of a house.
NO_MOTTO = r"\?|\d|\b(?:je|j['’]|moi|me|i|my|ich|mir|merci de|ne|n['’]|pas|not|n['’]t|nicht|kein\w*|no|non)\b"
OF_MOTTOS = words_of("vous nous you we my")  # of the words above, those that mottos are full of
# Small words within names and functions: Jean de la Tour, Head of Sales.
PARTICLES = words_of("de du des la le les d l of the and et und von van der den zu di da do dos e y en del")
# Who signs without a name.
TEAMS = (
    r"(?:l['’]équipe|votre équipe|le service|le support)\b[^.?!,:\d]{0,40}"
    r"|(?:your|the|ihr|das) [^.?!,:\d]{0,30}\bteam\b[^.?!,:\d]{0,20}"
)
# A house's place on a card.
PLACES = (
    r"\b(?:rue|avenue|av|bd|boulevard|place|chemin|route|allée|quai|cedex|street|road|lane|strasse|platz|calle)\b"
    r"|straße\b|\bstr\."
)
# The form of a house behind its name.
HOUSES = (
    r"(?-i:\b(?:S\.?A\.?R\.?L|S\.?A\.?S|SASU|EURL|SCI|S\.?A|GmbH|AG|KG|Ltd|LLC|LLP|Inc|PLC|S\.?p\.?A|S\.?r\.?l|BV|AB"
    r"|Oy)\b)"
)
# With which a card greets: below dashes, or above the name.
CLOSINGS = (
    r"(?:bien |très |sincères? |meilleures |kind |best |warm |many |mit |viele |beste |freundlichen? |liebe ){0,2}"
    r"(?:à vous|cordialement|salutations|amicalement|regards|wishes|thanks|sincerely|cheers|yours|grüßen?|grüsse"
    r"|saludos|cordiali saluti|saluti|groeten?|mfg|atenciosamente|pozdrawiam|merci|bàv|cdt|cdlt)[\s,.!]{0,3}"
)
# What is named before a number or an address on a card.
LABELS = (
    r"\b(?:t[ée]l(?:[ée]phone|\.)?|phone|fon|telefon|tel[ée]fono|fax|t[ée]l[ée]copie|mobile?|mobil|mob|cell?|portable"
    r"|port|gsm|fixe|standard|ligne directe|direct|e-?mail|mail|courriel|web|site|www|skype|linkedin|twitter"
    r"|[tmfep](?=\s?[.:]))\b\.?"
)
# Addresses, telephone numbers and the pages of a house: what somebody is reached by. A link to one document is none.
REACHED_BY = (
    r"[^\s<>@]{1,64}@[^\s<>@]{1,255}"
    r"|(?:\b(?:t[ée]l\w{0,8}|phone|fon|fax|mob\w{0,4}|gsm|portable|cell)\.?\s?[:.]?\s?"
    r"|(?<![\w./-])(?=\+\d|\(?0\d|\(\d{3}\)))"
    r"\+?\(?\d[\d\xa0\u202f ()./-]{6,24}\d(?!\w)"
    r"|(?:https?://|\bwww\.)(?:[\w-]{1,60}\.){1,4}[a-z]{2,12}/?(?=[\s>)]|$)"
)
# The same and all other links and numbers, which a card may hold and which prove none.
CONTACTS = (
    rf"{REACHED_BY}|https?://[^\s<>]{{1,400}}|\b(?:[\w-]{{1,60}}\.){{1,4}}(?:com|fr|org|net|de|eu|io|be|ch|uk|es|it)\b"
    r"[^\s<>]{0,200}|(?<![\w.])\(?\d[\d\xa0\u202f ()./-]{6,24}\d(?!\w)"
)
