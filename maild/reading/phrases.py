"""By which names and words do robots and mail servers give themselves away? Patterns, by language; no algorithm.

Accented letters may be missing: many robots write without them.
"""

from maild.reading.folding import rows

# Mail servers, by the local part as a whole.
SERVERS = frozenset(
    ("mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mail.daemon", "postmaster", "post_master")
)

# The same by the name that From shows, as a whole: `Mail Delivery Service Dupont` is a firm.
SERVER_NAMES = rows(r"""
    mailer-daemon|mail delivery s(?:ubsystem|ystem|ervice)|internet mail delivery|interscan (?:mss|notification)
""")

# And by an address that no person has.
SERVER_ADDRESSES = rows(r"""
    (?<![\w.-])(?:mailer-daemon|mail[ _-]?router|mdaemon|imss|mailman-bounces|microsoftexchange[0-9a-f]{32})@
""")

# Other senders that no person writes from.
DAEMONS = frozenset(("root", "cron", "nobody", "bounce", "bounces", "owner"))

# The same as patterns for the whole local part: senders that read no answer.
NO_REPLY = rows(r"""
    (?:.{0,40}[-_.+])?(?:no|not|non|never|donot|do-not|do_not|dont|ne-pas|ne_pas|nepas)[-_.]?repl(?:y|ies)(?:[-_.+].*|
    \d*)
    (?:no|not|non)[-_.]?repl(?:y|ies).*
    (?:.{0,40}[-_.+])?(?:ne[-_.]?pas[-_.]?|pas[-_.]?de[-_.]?|sans[-_.]?|no[-_.]?)(?:repondre|reponse|responder|
    respond)(?:[-_.+].*)?
    (?:.{0,40}[-_.])?(?:nicht|keine?)[-_.]?antwort(?:en)?
    notifications?|alerts?|alertes?|listserv|majordomo|mdaemon|mailman|sympa|auto-?reply|autoresponder|unattended
    # monitoring
    nagios\d?|icinga2?|zabbix|centreon|prometheus|alertmanager|grafana|munin|monit|smartd|logwatch|fail2ban|jenkins|
    uptimerobot
""")

# Subjects of the reports that mail servers write.
BOUNCE_SUBJECTS = rows(r"""
    # en
    undeliver(?:ed|able|y)?\b|message delivered|(?:mail )?delivery (?:status notification|failure|failed|has failed|
    problem|error|report)
    delivery (?:delayed|unsuccessful|notification)|mail delivery (?:failed|failure|problem|error|system|status)
    (?:returned|failed|deferred|delayed) (?:mail|message)|failure (?:notice|delivery)|mail (?:system )?error
    (?:mail|message) (?:could not be|couldn['’]t be|not|was not) delivered|message (?:delivery|status)
    returned to sender
    could not be delivered|couldn['’]t be delivered|user unknown|non[- ]?delivery|ndr\b
    warning: (?:could not send|message .{0,40}delay|delay|mail)
    # fr
    (?:message |mail )?non[- ](?:remis|distribu[ée]|d[ée]livr[ée])|[ée]chec de (?:la )?(?:remise|distribution|livraison)
    notification d['’ ][ée](?:chec|tat de (?:la )?(?:remise|distribution))|remise (?:retard[ée]e|diff[ée]r[ée]e)
    (?:message|mail|courriel|e-?mail)\b.{0,20}? n['’]a (?:pas )?(?:encore )?(?:pu|[ée]t[ée])\b
    (?:[ée]chec|retard|d[ée]lai)(?: \w{4,12})? (?:de|d['’]|dans) ?(?:la |l['’])?(?:remise|distribution|livraison|
    acheminement|envoi)
    (?:distribution|livraison|acheminement) (?:retard[ée]e?|diff[ée]r[ée]e?)|message (?:remis|distribu[ée]|transmis)\b
    erreur de (?:distribution|remise|livraison)|message diff[ée]r[ée]|message retard[ée]|impossible d['’](?:envoyer|
    acheminer|exp[ée]dier) (?:un|le|votre) message
    # de
    unzustellbar|zustell(?:ung|fehler)|nicht zugestellt|(?:abgelehnt|zugestellt|[üu]bermittelt):|nicht zustellbar
    # es, it, pt
    correo devuelto|no (?:se )?(?:ha podido |puede |pudo )?entreg|notificaci[óo]n de (?:error|estado) de entrega
    entrega (?:retrasada|con retraso)|mancat[ao] (?:consegna|recapito)|non recapitabil
    recapito (?:non riuscito|ritardato)|n[ãa]o (?:foi |[ée] poss[íi]vel )?entreg
    # nl, sv, da, no, fi
    onbestelbaar|niet bezorgd|g[åa]r inte att leverera|oleverbar|(?:kan|kunne|kunde) (?:ikke|inte) lever|
    ble ikke levert|kan ikke leveres|ikke leveret|ulever(?:t|bar)
    ei voi toimittaa|toimittamaton
    # pl, cs, hu, ro, tr, ru
    nie zosta[łl]a? dostarczon|mensagem devolvida|niedostarcz|niemo[żz]liwe do dostarczenia|nedoru[čc]|
    k[ée]zbes[íi]thetetlen|nelivrabil|teslim edile
    недостав|не (?:было |удается |удалось )?достав
    # ja, zh, ko
    送信できません|配信(?:不能|できません|に失敗)|エラーメール|退信|退回|无法(?:送达|传递)|投递失败|배달되지 않음|반송
""")

# The Subject of the answer to an invitation (RFC 5546), and of one that is called off, as calendars write it.
CALENDAR_ANSWERS = rows(r"""
    # en, fr: Outlook, Google, Apple
    (?:accepted|declined|tentative(?:ly accepted)?|cancell?ed(?: event)?|new time proposed)\s?:
    (?:accept[ée]e?|refus[ée]e?|d[ée]clin[ée]e?|provisoire(?:ment accept[ée]e?)?|annul[ée]e?|peut-être)\s?:
    (?:nouvel horaire propos[ée]|nouvelle heure propos[ée]e|[ée]v[ée]nement annul[ée])\s?:
    # the same as commands: Zimbra
    (?:accept|decline|accepter|refuser|d[ée]cliner|annehmen|zusagen|ablehnen|aceptar|rechazar|accetta|rifiuta)\s?:
    # de, es, it, pt, nl, sv, da, nb, pl
    (?:zugesagt|angenommen|abgelehnt|mit vorbehalt|vorläufig|abgesagt|terminabsage)\s?:
    (?:aceptad[oa]|rechazad[oa]|provisional|cancelad[oa]|accettat[oa]|rifiutat[oa]|provvisori[oa]|annullat[oa])\s?:
    (?:aceite|aceito|recusad[oa]|provis[óo]ri[oa]|geaccepteerd|geweigerd|afgewezen|voorlopig|geannuleerd)\s?:
    (?:accepterat|avböjt|preliminärt|accepteret|afvist|foreløbig|godtatt|avslått|zaakceptowano|odrzucono)\s?:
""")
CALENDAR_INVITATIONS = rows(r"""
    (?:(?:updated )?invitation|invitation mise à jour)\s?:
    (?:einladung|invitaci[óo]n|invito|convite|uitnodiging|inbjudan|zaproszenie)\s?:
""")
