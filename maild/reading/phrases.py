"""By which words do robots give themselves away? Patterns for subjects and first lines, by language; no algorithm.

Accented letters may be missing: many robots write without them.
"""


def _rows(text: str) -> tuple[str, ...]:
    """One pattern a line; a line that begins with # says where the next ones come from."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


# Mail servers, by the local part as a whole.
SERVERS = frozenset(
    ("mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mail.daemon", "postmaster", "post_master")
)

# The same by what From shows, name or address: what no person goes by.
SERVER_NAMES = _rows(r"""
    mailer-daemon|mail delivery s(?:ubsystem|ystem|ervice)|internet mail delivery|interscan (?:mss|notification)
    (?<![\w.-])(?:mail[ _-]?router|mdaemon|imss|mailman-bounces|microsoftexchange[0-9a-f]{32})@
""")

# Other senders that no person writes from.
DAEMONS = frozenset(("root", "cron", "nobody", "bounce", "bounces", "owner"))

# The same as patterns for the whole local part: senders that read no answer.
NO_REPLY = _rows(r"""
    (?:.{0,40}[-_.+])?(?:no|not|non|never|donot|do-not|do_not|dont|ne-pas|ne_pas|nepas)[-_.]?repl(?:y|ies)(?:[-_.+].*|\d*)
    (?:no|not|non)[-_.]?repl(?:y|ies).*
    (?:.{0,40}[-_.+])?(?:ne[-_.]?pas[-_.]?|pas[-_.]?de[-_.]?|sans[-_.]?|no[-_.]?)(?:repondre|reponse|responder|respond)(?:[-_.+].*)?
    (?:.{0,40}[-_.])?(?:nicht|keine?)[-_.]?antwort(?:en)?
    notifications?|alerts?|listserv|majordomo|mdaemon|auto-?reply|autoresponder|unattended
""")

# What the Subject of a vacation note or of a robot's receipt begins with (after Re: and the like).
AUTO_SUBJECTS = _rows(r"""
    # fr
    (?:r[ée]ponse|message|accus[ée](?: de r[ée]ception)?) auto(?:matique)?\b
    absen(?:ce|te?)\b(?!\s+d[eu'’])|je suis absente?|en cong[ée]s?\b|cong[ée]s? (?:annuels?|d['’ ]|du\b|jusqu|maternit)
    (?:hors|absen(?:te?|ce)) du bureau
    # en
    auto(?:matic|mated|matically)?[- _:]{0,2}(?:generated )?(?:reply|response|answer|acknowledge?ment)\b
    out[- ]of[- ](?:the[- ])?office|ooo\b|away from (?:the |my )?(?:office|desk)
    (?:vacation|holiday) (?:message|reply|notice|responder)|on (?:annual |sick |maternity |parental )leave\b
    # de
    automatische antwort|auto(?:matische)? ?antwort|abwesend\b|abwesenheit
    (?:bin )?im urlaub\b|nicht im (?:b[üu]ro|haus)
    # es, it, pt
    respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente\b|risposta automatica|fuori (?:sede|ufficio)
    resposta autom[áa]tica|aus[êe]ncia\b|fora do escrit[óo]rio|assente\b
    # nl, sv, da, no, fi
    automatisch antwoord|afwezig|niet aanwezig|autosvar|automatiskt? svar|fr[åa]nvaro|fravær
    automaattinen vastaus|poissa
    # pl, cs, hu, ru, tr
    odpowied[źz] automatyczna|poza biurem|nieobecno[śs][ćc]|automatick[áa] odpov[ěe][ďd]|automatikus v[áa]lasz
    автоматический ответ|автоответ|otomatik (?:yan[ıi]t|cevap)
    # zh, ja, ko
    自动回复|自動回覆|自動返信|不在通知|자동 회신
""")

# What stands in the first lines of a vacation note that nobody marked as one.
AUTO_BODIES = _rows(r"""
    # fr
    je (?:suis|serai) (?:actuellement )?(?:absente?|en (?:cong[ée]s?|vacances|arr[êe]t|d[ée]placement))\b
    (?:absente?|en cong[ée]s?|en vacances) (?:du|jusqu['’ ]?(?:au|à)|à partir du) .{1,60}
    (?:ceci est|il s['’]agit d['’]) ?une? (?:message|r[ée]ponse|mail|e-mail|courriel) automatique
    # en
    i(?: am|['’]m| will be) (?:currently |now )?(?:out of (?:the )?office|away (?:from|on|until))\b
    i(?: am|['’]m| will be) (?:currently |now )?on (?:\w{1,12} )?(?:leave|vacation|holiday)\b
    this (?:is|e-?mail is|message is) an? (?:automated|automatic|auto-generated|auto) (?:reply|response|message|e-?mail)
    # de
    ich bin .{0,50}(?:im urlaub|abwesend|nicht (?:im (?:b[üu]ro|haus)|erreichbar)|au(?:ß|ss)er haus)
    dies ist eine automatische
    # es, it, pt
    (?:estar[ée]|estoy|me encuentro) (?:actualmente )?(?:fuera de (?:la )?oficina|de vacaciones|ausente)
    este es un mensaje autom[áa]tico|questo [èe] un messaggio automatico|esta [ée] uma mensagem autom[áa]tica
    (?:sono|sar[òo]) (?:attualmente )?(?:fuori (?:sede|ufficio)|assente|in ferie)
    (?:estou|estarei|encontro-me) (?:atualmente )?(?:fora do escrit[óo]rio|de f[ée]rias|ausente)
    # nl, sv, da, no, fi, pl
    ik ben .{0,40}(?:afwezig|niet aanwezig|op vakantie|met verlof|buiten kantoor)|dit is een automatisch
    jag är .{0,30}(?:ledig|borta|på semester|inte på kontoret|bortrest)
    jeg er .{0,30}(?:fraværende|på ferie|ikke på kontoret|ute av kontoret)
    (?:jestem|będę) .{0,30}(?:na urlopie|poza biurem|nieobecn)|olen .{0,30}(?:lomalla|poissa)
""")

# Subjects of the reports that mail servers write.
BOUNCE_SUBJECTS = _rows(r"""
    # en
    undeliver(?:ed|able|y)?\b|(?:mail )?delivery (?:status notification|failure|failed|has failed|problem|error|report)
    delivery (?:delayed|unsuccessful|notification)|mail delivery (?:failed|failure|problem|error|system|status)
    (?:returned|failed|deferred|delayed) (?:mail|message)|failure (?:notice|delivery)|mail (?:system )?error
    (?:mail|message) (?:could not be|couldn['’]t be|not|was not) delivered|message (?:delivery|status)
    returned to sender
    could not be delivered|couldn['’]t be delivered|user unknown|non[- ]?delivery|ndr\b
    warning: (?:could not send|message .{0,40}delay|delay|mail)
    # fr
    (?:message |mail )?non[- ](?:remis|distribu[ée]|d[ée]livr[ée])|[ée]chec de (?:la )?(?:remise|distribution|livraison)
    notification d['’ ][ée](?:chec|tat de (?:la )?(?:remise|distribution))|remise (?:retard[ée]e|diff[ée]r[ée]e)
    message retard[ée]|impossible d['’](?:envoyer|acheminer|exp[ée]dier) (?:un|le|votre) message
    # de
    unzustellbar|zustell(?:ung|fehler)|nicht zugestellt
    # es, it, pt
    correo devuelto|no (?:se )?(?:ha podido |puede |pudo )?entreg|notificaci[óo]n de (?:error|estado) de entrega
    entrega (?:retrasada|con retraso)|mancat[ao] (?:consegna|recapito)|non recapitabil
    recapito (?:non riuscito|ritardato)|n[ãa]o (?:foi |[ée] poss[íi]vel )?entreg
    # nl, sv, da, no, fi
    onbestelbaar|niet bezorgd|g[åa]r inte att leverera|oleverbar|kan ikke leveres|ikke leveret|ulever(?:t|bar)
    ei voi toimittaa|toimittamaton
    # pl, cs, hu, ro, tr, ru
    niedostarcz|niemo[żz]liwe do dostarczenia|nedoru[čc]|k[ée]zbes[íi]thetetlen|nelivrabil|teslim edile
    недостав|не (?:было |удается |удалось )?достав
    # ja, zh, ko
    送信できません|配信(?:不能|できません|に失敗)|エラーメール|退信|退回|无法(?:送达|传递)|投递失败|배달되지 않음|반송
""")

# The Subject of an answer to an invitation (RFC 5546) whose method was not stated.
CALENDAR_SUBJECTS = _rows(r"""
    (?:accepted|declined|tentative|invitation|updated invitation|cancell?ed event)\s?:
    (?:accept[ée]e?|refus[ée]e?|d[ée]clin[ée]e?|provisoire|annul[ée]e?)\s?:
    (?:zugesagt|abgelehnt|mit vorbehalt|einladung|abgesagt)\s?:
""")
