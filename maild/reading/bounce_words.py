"""By which words do mail servers say what became of a mail? Patterns by language; no algorithm.

All are searched for, whatever their case, in text whose lines were joined. Accented letters may be missing.
"""

# The server tries on: neither failed nor arrived.
DELAYED = (
    # en: Postfix, sendmail, Exim, OpenSMTPD, Courier, Stalwart, Exchange, Gmail, MessageSwitch, Symantec
    r"still being retried|warning (?:message )?only|just a warning|not yet been delivered|not been delivered yet",
    r"(?:has|have) (?:not yet|been delayed|been postponed)|do(?:es)? not need to re-?send|still undelivered after",
    r"delivery (?:is |has been |status notification \()?(?:delay|deferr|postpon)|\bis delayed\b|delayed mail",
    r"delay(?:ed)? (?:in |mail\b|message\b|reason\b)|message \S{1,40} delayed|could not send message for past",
    r"(?:will|we['’]ll) (?:be retried|keep trying|continue to (?:be )?(?:try|tried|attempt|made)|retry|try again)",
    r"attempts will (?:be )?continue|continue to be (?:made|tried|attempted)|still trying|transient non-fatal errors",
    r"temporary (?:problem|failure report)|(?:we )?will continue to try",
    # fr
    r"retard[ée]|remise diff[ée]r[ée]e|(?:sera|seront) (?:encore |de nouveau |à nouveau )?re(?:tent|présent|essay)[ée]",
    r"nouvelles? tentatives?|est diff[ée]r[ée]e?\b|r[ée]essa(?:ier|yer|iera)",
    r"pas encore [ée]t[ée] (?:remis|distribu|d[ée]livr|transmis)",
    r"pas n[ée]cessaire de (?:le )?renvoyer|continuera d['’][êe]tre tent[ée]",
    # de
    r"verz[öo]ger|noch nicht zugestellt|weiterhin versucht|erneut versucht",
    # es, it, pt
    r"a[úu]n no se (?:ha )?entreg|retrasad|se seguir[áa] intentando|volver[áa] a intentar",
    r"non [èe] (?:stato )?ancora (?:stato )?(?:recapitat|consegnat)|recapito (?:ritardat|in ritardo)|ritardat[ao]",
    r"ainda n[ãa]o foi entregue|atrasad[ao]",
    # nl, sv, da and no, pl, ru, ja
    r"vertraagd|nog niet (?:afgeleverd|bezorgd)|f[öo]rdr[öo]j|forsinke|op[óo][źz]nion|задерж|повторн|遅延|再送",
)

# The server has given up, whatever it tells of the time before.
GIVEN_UP = (
    # en
    r"(?:i['’]ve|been) given up|giving up on|not going to try again|will not (?:continue|be retried)",
    r"permanent(?:ly)? (?:error|fatal|fail)|failed permanently|cannot send message (?:for|within)",
    r"retry time(?:out)? (?:not reached|exceeded)|too long in the queue|in the queue too long",
    r"(?:message|time) (?:has )?expired",
    # fr, de, es, it, pt
    r"erreur (?:d[ée]finitive|permanente)|abandonn[ée]|d[ée]lai expir[ée]|endg[üu]ltig|err(?:or|ore|o) permanente",
)

# The mail arrived; never where anything of SAYS_SO stands beside it.
ARRIVED = (
    r"(?<!n['’])\b(?:a|ont) [ée]t[ée] (?:bien )?(?:remis|distribu|d[ée]livr)",
    r"(?:was|were|has been|have been) (?:successfully )?delivered",
    r"wurden? (?:erfolgreich )?(?:an .{0,30})?zugestellt|ha sido entregado|[èe] stato consegnato|foi entregue",
)

# What stands in a report that has no part for machines.
SAYS_SO = (
    # en
    r"(?:not|n['’]t|cannot|unable to|never|yet|failed to).{0,30}\bdeliver",
    r"deliver(?:y|ed).{0,30}(?:fail|delay|abort|error)",
    r"undeliver(?:able|ed)|returned mail|did not (?:reach|receive)|failed (?:recipient|address)|automatically rejected",
    r"permanent fatal errors|transcript of session|failure reasons|error sending your|errors from|blocked by our",
    r"no such user|(?:unknown|invalid) user|user unknown|(?:recipient|address) rejected|rejected recipient|over ?quota",
    r"trouble delivering|mailbox (?:is )?full|error message below",
    # fr
    r"n['’](?:a|ont) (?:pas|pu).{0,24}(?:remis|distribu|d[ée]livr|transmis|achemin|atteint|joint)",
    r"ne peut (?:pas )?[êe]tre (?:remis|distribu|d[ée]livr|transmis|achemin)|bo[îi]te.{0,30}(?:pleine|satur[ée]e)",
    r"non[- ](?:remis|distribu)|[ée]chec de (?:la )?(?:remise|distribution|livraison)|retard[ée]",
    # de, es, it, pt, nl, da, pl, cs, ru, ja
    r"(?:message|mail|courrier|courriel)\b.{0,60}? a [ée]t[ée] (?:refus|rejet)[ée]",
    r"impossible de (?:remettre|d[ée]livrer|distribuer)|n[ãa]o foi poss[íi]vel entregar|est diff[ée]r[ée]e?",
    r"(?:kan|kunne|kunde) (?:ikke|inte) lever|nie zosta[łl]a? dostarczon",
    r"vom Empf[äa]nger abgelehnt|levering .{0,40}mislykkedes|nie powiod[łl]o si[ęe]|doru[čc]en[íi]",
    r"nicht.{0,24}zugestellt|unzustellbar|zustellung|no se (?:ha )?(?:pudo|podido|puede).{0,8}entregar|no entregad",
    r"non (?:[èe] stato |riuscito|recapitabile|consegnat)|n[ãa]o (?:foi|p[ôo]de ser) entreg",
    r"niet.{0,16}(?:bezorgd|afgeleverd)|не (?:может|было|удалось|доставлен)|配信|送信",
)

# The line under which the mail that came back begins, in a report of one text; each is the whole line.
RETURNED = (
    # ruled: `----- Original message -----`, `--- Below this line is a copy of the message.`
    r"[-*=_|+]{2,}+.{0,60}(?:copy of|copie d|original|returned|retourn|below|unsent|undelivered|enclosed|"
    r"message (?:header|text|follow)|d['’]origine|en-t[êe]te|urspr[üu]ng).{0,120}",
    # without a rule
    r"(?:original message(?! details)|message headers?|old message|the (?:original|text of the) message).{0,40}:?",
    r"(?:included|enclosed|attached|below(?: this line)?) is a copy of (?:the|your) (?:original )?message.{0,40}",
    r"original mail as follows.{0,20}|[+]{20,}+",
    # Exchange, by language
    r"en-t[êe]tes d[eu] messages? (?:d['’]origine|origina(?:l|ux)).{0,20}",
    r"urspr[üu]ngliche nachricht(?:enkopfzeilen)?.{0,20}|intestazioni originali del messaggio.{0,20}",
    r"encabezados del? mensajes? original(?:es)?.{0,20}|ursprungshuvuden.{0,20}",
    r"cabe[çc]alhos d[ae] mensage(?:m|ns) origina(?:l|is).{0,20}|oorspronkelijke berichtkoppen.{0,20}",
    # no line at all: its first fields
    r"received: ?from .*|return-path: .*",
)

# To whom one may turn: the address after it is nobody's whom the mail did not reach.
HELP = (
    # en
    r"for (?:further |more |additional |any )?(?:help|assistance|support|enquir\w+|questions?)",
    r"for (?:further|more|additional|any) (?:information|details)|questions?\b.{0,40}\bto",
    r"(?:please |you (?:can|may|should) )?(?:contact|e-?mail us|write to|get in touch)|send mail to",
    # fr
    r"pour (?:toute|plus|obtenir) .{0,12}(?:aide|assistance|questions?|informations?|renseignements?|pr[ée]cisions?)",
    r"(?:veuillez|merci de) (?:contacter|[ée]crire|vous adresser)|en cas de (?:doute|probl[èe]me)",
    r"contactez|[ée]crivez|adressez[- ]vous|besoin d['’]aide",
    # de, es, it, nl
    r"bei fragen|wenden sie sich|(?:weitere|n[äa]here) (?:hilfe|informationen)|kontaktieren sie",
    r"para (?:m[áa]s |obtener )?(?:ayuda|informaci[óo]n)|p[óo]ngase en contacto",
    r"per (?:assistenza|informazioni)|neem contact op",
)

# What a report says before the Subject of the mail that came back, whose words are not the server's.
SUBJECTS = r"subject|objet|sujet|betreff|asunto|oggetto|assunto|onderwerp|[äa]mne|emne|temat|тема|件名"

# A Subject that begins so is the server's own to its end; another's second half is that of the returned mail.
WARNINGS = r"warning|avertissement|attention|warnung|achtung|aviso|advertencia|avviso|waarschuwing"

# What stands before the words of another server, and names the failure.
SERVERS_LABELS = (
    r"\b(?:error|erreur|fehler|errore|reason)(?:[- ](?:message|code|details?))?(?: below)?\s?:",
    r"failed deliver\w{1,3}",
)
