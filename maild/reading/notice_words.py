"""What do employers say below each mail, and gateways above it? Tables of what their sentences say, no algorithm.

Patterns are searched for in one sentence, where they don't say that they are anchored.
"""

# The head of a notice of confidentiality, alone on its line.
NOTICE_HEADS = (
    r"[*\s]*(?:disclaimer|avertissement|(?:avis|mention|clause) de confidentialité|confidentialité|mentions? légales?"
    r"|confidentiality(?: notice)?|legal notice|haftungsausschluss|vertraulichkeitshinweis|aviso legal"
    r"|nota de confidencialidad|avvertenza|riservatezza)[\s:.*]*"
)
# A notice speaks of the mail that it stands in, and does so at once: anchored.
ITSELF = (
    r"[\W_]{0,20}(?:(?:disclaimer|avertissement|confidentialité|avis de confidentialité|confidentiality(?: notice)?"
    r"|important(?: notice)?|notice|nb|ps|aviso legal|achtung|avvertenza)\s?[:.-]\s?)?"
    r"(?:(?:the|les|le|la|die|der|das|all|any|toutes?|tous|las?|los|los contenidos|le informazioni|il contenuto)"
    r" (?:[^\W\d_]{2,16} ){1,6}?)?"
    r"(?:(?:si|if|wenn|falls|sollten sie|se|als)\b[^.?!]{0,50})?"
    r"(?:ce (?:présent )?(?:message|courriel|mail|courrier électronique|document électronique)|cet e-?mail|cette"
    r" (?:transmission|communication)|(?:le|du|au|de ce) présent (?:message|courriel|mail|e-?mail)"
    r"|la présente transmission"
    r"|this (?:electronic )?(?:e-?mail|message|communication|transmission|mail)"
    r"|diese[rs]? (?:e-?mail|nachricht|mail)|die(?:se)? information(?:en)? in dieser"
    r"|este (?:mensaje|correo|e-?mail)|esta (?:mensagem|comunicaci[oó]n)|quest[ao] (?:messaggio|e-?mail|comunicazione)"
    r"|dit (?:bericht|e-?mailbericht)|deze e-?mail)\b"
)
# What the sentences of a notice say, each row another thing.
SAYINGS = (
    # what it is
    r"\bconfidenti(?:el|al|ality|alité)|\bvertraulich|\bconfidencial|\briservat|\bvertrouwelijk|\bprivileged\b"
    r"|\bsecret professionnel\b",
    r"\b(?:pièces? jointes?|annexes?|fichiers? joints?|documents? joints?|attach(?:ed|ments?)|anhäng\w{1,2}|anlagen?"
    r"|adjuntos?|allegat[oi]|anexos?|bijlagen?)\b",
    # for whom it is
    r"\b(?:exclusivement|exclusive(?:ly)?|uniquement|solely|only|ausschließlich|exclusiv[oa]|esclusiv[oa]"
    r"|uitsluitend)\b"
    r".{0,80}\b(?:destin|use|usage|intended|addressee|für|uso|person|bestemd)"
    r"|\b(?:destiné\w{0,2}|intended|bestimmt|dirigid[oa]|bestemd)\b.{0,40}\b(?:exclusiv|uniquement|solely|only"
    r"|ausschließ)"
    r"|\bpour le compte de ses? destinataires?\b",
    r"\b(?:destinataires?|recipients?|addressees?|empfänger\w?|adressat|destinatari[oa]s?|geadresseerde)\b",
    # if it went astray
    r"\b(?:par erreur|in error|by mistake|irrtümlich|versehentlich|por error|per errore|por engano|abusivelijk)\b",
    r"\b(?:notify|inform|advise|contact|avertir|informer|prévenir|aviser|benachrichtigen|informieren|notifi(?:que|car)"
    r"|avvisare|restituirce?lo)\b",
    r"\b(?:delet\w{1,3}|destroy|détrui\w{2,4}|supprim\w{2,3}|effacer|löschen|vernichten|eliminar|borrar|destru\w{1,4}"
    r"|cancellar\w{1,4}|verwijderen)\b",
    # what nobody may do
    r"\b(?:interdite?s?|prohibited|unlawful|untersagt|nicht gestattet|prohibid[ao]|proibid[ao]|vietat[ao]|verboden"
    r"|not authori[sz]ed|strictement)\b|\bnon possono\b",
    # who is not to blame
    r"\b(?:virus(?:es)?|viren|malware)\b.{0,80}\b(?:free|exempt|scan|check|transmi|damage|liab|responsab|garant|altér"
    r"|dommage|contain|contenu|archiv|dangerous)"
    r"|\b(?:scanned|checked|analysé|vérifié|geprüft) (?:for|par|by|contre|auf)\b",
    r"\b(?:responsab\w{2,8}|liab(?:le|ility)|liability|haft(?:et|ung)|garantir?|guarantee[ds]?|intégrité|integrity"
    r"|altéré|falsifié|modifié)\b",
    r"\b(?:opinions?|views?|avis|points? de vue)\b.{0,60}\b(?:author|sender|auteurs?|expéditeur|expressed|exprim)",
    # which service wrote it
    r"\b(?:archived|archivé|mimecast|proofpoint|vade ?secure|mailinblack|barracuda|mailscanner)\b"
    r"|\bproviding a safer and more useful place\b|\bsecurity, archiving and compliance\b",
)
# One of these is the heart of it.
HEARTS = (
    r"\b(?:confidenti(?:el|al)|privileged|vertraulich|riservat|vertrouwelijk|secret professionnel|par erreur|in error"
    r"|by mistake|irrtümlich|por error|per errore|por engano|abusivelijk|solely|exclusiv|ausschließlich|esclusiv"
    r"|uitsluitend|scanned for viruses and)"
)
# Sentences that stand among them and say nothing: anchored, the whole sentence.
SMALL_TALK = (
    r"(?:merci|thank you|thanks|grazie|danke|vielen dank|gracias|obrigado|bedankt)[^.?!\d]{0,40}"
    r"|(?:to find out more|for more information|pour en savoir plus|mehr informationen)[^?]{0,200}|to"
    r"|click here.{0,100}"
    # the house's entry in the register, which stands at the end
    r"|(?:[\w&.,' -]{1,60} )?(?:is )?(?:a company )?registered in (?:england|wales|scotland|ireland)\b[^?]{0,200}"
    r"|registered (?:office|address|number|no)\b[^?]{0,200}|(?:company|vat) (?:registration )?(?:number|no)\b[^?]{0,60}"
    r"|[\w&.,' -]{0,60}\b(?:au capital (?:social )?de|r\.?c\.?s\.?(?= )|siret|siren|n° (?:de )?tva)\b[^?]{0,160}"
    r"|(?:sitz der gesellschaft|registergericht|geschäftsführer|handelsregister|amtsgericht)\b[^?]{0,160}"
    r"|\d[\d /]{3,20}"
)
# What makes of such sentences a rule for whoever reads it: no report of what has happened lays down one.
RULES = (
    r"\b(?:si|s['’]il) (?:vous |ce |cet |le |elle ).{0,60}\b(?:reçu|destinataire|parvenu|adressé|erreur)\b"
    r"|\bif (?:you|this|the) .{0,60}\b(?:received|recipient|addressee|error|mistake)\b"
    r"|\b(?:wenn|falls|sollten) sie\b.{0,60}\b(?:empfänger|adressat|irrtümlich|erhalten)\b"
    r"|\b(?:si|se) (?:usted|ha|no|lo|avete|ricevete|você|não).{0,60}\b(?:destinatari|recib|ricevut|errore?|engano)"
    r"|\b(?:indien|als) u\b.{0,60}\b(?:geadresseerde|ontvang)"
    r"|\b(?:toute|any|jede|cualquier|qualsiasi|elke|copying|dissemination|das unbefugte"
    r"|unauthori[sz]ed)\b.{0,160}\b(?:interdit"
    r"|prohibit|unlawful|untersagt|nicht gestattet|prohibid|proibid|vietat|verboden)"
    r"|\b(?:intended|destinée?s?|bestimmt|uso)\b.{0,40}\b(?:solely|exclusiv|uniquement|only|ausschließlich|esclusiv)"
    r"|\b(?:solely|exclusiv\w{0,6}|uniquement|ausschließlich|esclusiv\w)\b.{0,40}\b(?:intended|use|destin|für|uso)"
    r"|\b(?:per )?uso esclusivo\b|\bscanned for viruses and\b"
)
# One of these is in each of them, folded (ß is ss): asked first, because it costs nothing.
NOTICE_STEMS = (
    *("confiden", "vertraul", "vertrouwel", "riservat", "virus", "erreur", "error", "mistake", "archiv", "malware"),
    *("destinat", "recipient", "addressee", "empfänger", "interdit", "prohibited", "irrtümlich", "engano"),
)
# Who speaks of such a mail, asks, or tells when it went astray: no notice does.
SOMEBODY_SPEAKS = (
    r"\?|\b(?:c['’]est|parce qu\w?|because|weil|je|j['’]\w+|m['’]\w+|moi|me|(?-i:I)|i['’]m|my|mir|mich|ich|mein\w*|yo"
    r"|mi|io|eu|notre client\w*"
    r"|our client\w*)\b"
    r"|\b(?:nous|we|wir) (?:avons|ont|have|had|haben|got|hatten)\b"
    r"|\b(?:ce matin|hier|aujourd['’]hui|demain|today|yesterday|this morning|tomorrow|heute|gestern|morgen|ayer|hoy"
    r"|ieri"
    r"|oggi|lundi|mardi|mercredi|jeudi|vendredi|monday|tuesday|wednesday|thursday|friday|montag|dienstag|mittwoch"
    r"|donnerstag|freitag)\b"
    r"|\b(?:facture|commande|invoice|(?<!in )order|rechnung|bestellung|ticket|mot de passe|password|passwort)s?\b"
    r"|\b(?:m|mr|mrs|mme|herr|frau)\.? (?-i:[A-Z])"
)
# That it has gone astray, which a report tells and a notice only supposes.
HAS_HAPPENED = (
    r"\b(?:a|ont|avait) (?:donc |bien |malheureusement )?été \w{0,12} ?(?:envoyé|transmis|adressé|diffusé|divulgué"
    r"|expédié)"
    r"|\best (?:parti|arrivé)|\b(?:was|were|has been|have been|got) (?:\w{2,12} )?(?:sent|forwarded|disclosed"
    r"|delivered)\b"
    r"|\b(?:wurden?|ist|sind) .{0,60}\b(?:gesendet|verschickt|versandt|weitergeleitet|gelangt)\b"
    r"|\b(?:ha sido|fue|è stato|è stata|foi) (?:enviad|inviat)"
)
SUPPOSES = r"\b(?:si|s['’]il|if|wenn|falls|sollte[n]?|se|indien|should)\b"

# What the gateway of a house writes above a mail from outside: a mark between brackets,
MARKS = (
    r"\W{0,4}(?:[\[<]|\*{2,}|-{2,})\s?(?:e-?mail |courriel |mail |message |attention ?[:-]? ?)?"
    r"(?:externe?|external|extern|esterno|externo|ext)(?: e-?mail| sender| mail| message)?\s?(?:[\]>]|\*{2,}|-{2,})"
    r"[ :!*_-]{0,4}"
)
# or the word that cries.
WARNINGS = (
    r"\W{0,4}(?:caution|warning|attention|avertissement|achtung|vorsicht|warnung|atención|attenzione|let op|prudence"
    r"|alerte|external (?:e-?mail|mail|message|sender)|(?:e-?mail|mail|message|courriel) externe|externe (?:e-?mail"
    r"|nachricht))"
    r" ?[:!*–-]{1,3}\s?"
)
# Then one of these, each a whole sentence: whence it comes,
FROM_OUTSIDE = (
    r"(?:this|the) (?:e-?mail|message|mail)(?: \w{2,8})? (?:originated|came|comes|is|was sent|has been sent"
    r"|was received)"
    r" from (?:outside|an external|an outside|a sender outside|someone outside)(?: (?:of|the|your|our|this|source"
    r"|sender"
    r"|organi[sz]ation|company|network|e-?mail|domain|address|[A-Z]\w{1,20}))*",
    r"(?:ce|cet) (?:e-?mail|mail|message|courriel) (?:provient|vient|est issu|a été envoyé|est envoyé|émane)"
    r" (?:de l['’](?:extérieur|externe)|d['’]un(?:e)? (?:expéditeur|adresse|source|personne) (?:externe|extérieure?))"
    r"(?: (?:à|de|au|du|la|le|l['’]\w{4,14}|votre|notre|organisation|entreprise|société|groupe|réseau|domaine"
    r"|mairie))*",
    r"(?:diese|die) (?:e-?mail|nachricht|mail) (?:kommt|stammt|wurde) von (?:außerhalb|extern|einem externen absender)"
    r"(?: (?:der|ihrer|unserer|des|organisation|firma|unternehmens|hauses))*(?: gesendet| versandt| verschickt)?",
    r"(?:este|esta) (?:correo|mensaje|mensagem|e-?mail) (?:proviene|procede|ha sido enviado|veio|se originó) (?:de"
    r"|desde)"
    r" (?:fuera|un remitente externo|fora)(?: (?:de|da|la|su|organización|organização|empresa))*",
    r"(?:questo messaggio|questa e-?mail) (?:proviene|arriva) (?:da|dall['’])\s?(?:esterno|un mittente esterno)"
    r"(?: (?:della|dell['’]\w{6,14}|azienda|organizzazione|all['’]\w{6,14}))*",
    r"(?:external|externe?|esterna?|extern[ao]) (?:e-?mail|mail|message|sender|nachricht|absender)"
    r"|(?:e-?mail|mail|message|courriel|expéditeur|correo|remitente|mittente) (?:externe|externo|esterno)",
)
# and what to beware of: only behind a warning, or behind the sentence that says whence it comes.
BEWARE = (
    r"(?:please )?(?:do not|don['’]t|never) (?:click|open|reply|respond|follow)\b[^?]{0,160}",
    r"(?:please )?(?:be careful|be cautious|use caution|exercise caution|treat it|think before)\b[^?]{0,120}",
    r"(?:merci de )?(?:ne cliquez|n['’]ouvrez|ne pas cliquer|ne pas ouvrir|ne répondez)\b[^?]{0,160}",
    r"(?:soyez|restez|faites) (?:prudents?|vigilants?|attention)\b[^?]{0,120}|(?:la )?prudence\b[^?]{0,60}",
    r"(?:bitte )?(?:klicken|öffnen) sie\b[^?]{0,40}\b(?:nicht|keine)\b[^?]{0,100}|seien sie vorsichtig\b[^?]{0,100}",
    r"(?:no haga clic|no abra|non (?:cliccare|aprire))\b[^?]{0,140}",
    r"(?:unless you|sauf si vous|à moins que vous|es sei denn)\b[^?]{0,120}",
)
# One of these stands in whatever is a warning: a text without any of them is none, which is quickly seen.
BANNER_STEMS = (
    *("ext", "estern", "outside", "außerhalb", "fuera", "fora", "caution", "warning", "attention", "avertissement"),
    *("achtung", "vorsicht", "warnung", "atención", "attenzione", "let op", "prudence", "alerte", "often get"),
    *("souvent", "häufig", "oft ", "suele", "important", "wichtig"),
)
# Whom they trust or don't is what their reader must know; a person who warns of a mail says why.
OF_SENDERS = (
    r"\b(?:unless|if) (?:you|the) .{0,60}\b(?:recogni[sz]e|know|trust|expect|sender|safe)"
    r"|\b(?:sauf si|si|à moins que) (?:vous|l['’]expéditeur) .{0,60}\b(?:reconnaiss|connaiss|expéditeur|confiance"
    r"|sûrs?)"
    r"|\b(?:wenn|es sei denn|sofern)\b.{0,60}\b(?:absender|inhalt|kennen|vertrau)"
    r"|\b(?:si|a menos que|se|a meno che) (?:no |non )?.{0,60}\b(?:remitente|mittente)"
)
TOLD_WHY = r"\b(?:c['’]est|il est|ils|elles|it is|it['’]s|they|das ist|es ist|car|because|weil|denn|es un|è un)\b"
# What Outlook writes above a mail from somebody new: the address, and the link to why.
FIRST_CONTACT = (
    r"(?:you|some people who received this message) don['’]t often get e-?mail from \S{3,100}@\S{3,100}",
    r"(?:vous n['’]obtenez|certaines personnes ayant reçu ce message n['’]obtiennent) pas souvent (?:d['’]|de )"
    r"(?:e-?mail|courriers?(?: électroniques?)?)s? (?:à partir )?d[e'’] ?\S{3,100}@\S{3,100}",
    r"sie erhalten nicht (?:oft|häufig) (?:eine )?e-?mails? von \S{3,100}@\S{3,100}",
    r"no suele recibir correo electrónico de \S{3,100}@\S{3,100}",
    r"(?:learn why this is important|découvrez pourquoi cela (?:est|peut être) important"
    r"|découvrez pourquoi c['’]est important"
    r"|erfahren sie, warum dies wichtig ist|descubra por qué esto es importante)(?: at)?\s?\S{0,300}",
)
