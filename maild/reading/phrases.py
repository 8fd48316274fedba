"""By which names and words do robots and mail servers give themselves away? Patterns, by language; no algorithm.

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

# Other senders that no person writes from.
DAEMONS = frozenset(("root", "cron", "nobody", "bounce", "bounces", "owner"))

# The same as patterns for the whole local part: senders that read no answer.
NO_REPLY = _rows(r"""
    (?:.{0,40}[-_.+])?(?:no|not|non|never|donot|do-not|do_not|dont|ne-pas|ne_pas|nepas)[-_.]?repl(?:y|ies)(?:[-_.+].*|\d*)
    (?:no|not|non)[-_.]?repl(?:y|ies).*
    (?:.{0,40}[-_.+])?(?:ne[-_.]?pas[-_.]?|pas[-_.]?de[-_.]?|sans[-_.]?|no[-_.]?)(?:repondre|reponse|responder|respond)(?:[-_.+].*)?
    (?:.{0,40}[-_.])?(?:nicht|keine?)[-_.]?antwort(?:en)?
    notifications?|alerts?|alertes?|listserv|majordomo|mdaemon|mailman|sympa|auto-?reply|autoresponder|unattended
    # monitoring
    nagios\d?|icinga2?|zabbix|centreon|prometheus|alertmanager|grafana|munin|monit|smartd|logwatch|fail2ban|jenkins|uptimerobot
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
    notification d['’ ][ée](?:chec|tat de (?:la )?remise)|remise (?:retard[ée]e|diff[ée]r[ée]e)
    # de
    unzustellbar|zustell(?:ung|fehler)|nicht zugestellt
    # es, it, pt, nl, pl, ru, ja
    correo devuelto|no (?:se )?(?:ha podido )?entreg|notificaci[óo]n de (?:error|estado) de entrega
    não (?:foi )?entreg
    mancata consegna|non recapitabile|onbestelbaar|niet bezorgd|niedostarczon
    недостав|送信できません|配信不能|エラーメール
""")

# The Subject of the answer to an invitation (RFC 5546), and of one that is called off, as calendars write it.
CALENDAR_ANSWERS = _rows(r"""
    # en, fr: Outlook, Google, Apple
    (?:accepted|declined|tentative(?:ly accepted)?|cancell?ed(?: event)?|new time proposed)\s?:
    (?:accept[ée]e?|refus[ée]e?|d[ée]clin[ée]e?|provisoire(?:ment accept[ée]e?)?|annul[ée]e?|peut-être)\s?:
    (?:nouvel horaire propos[ée]|nouvelle heure propos[ée]e|[ée]v[ée]nement annul[ée])\s?:
    # de, es, it, pt, nl, sv, da, nb, pl
    (?:zugesagt|angenommen|abgelehnt|mit vorbehalt|vorläufig|abgesagt|terminabsage)\s?:
    (?:aceptad[oa]|rechazad[oa]|provisional|cancelad[oa]|accettat[oa]|rifiutat[oa]|provvisori[oa]|annullat[oa])\s?:
    (?:aceite|aceito|recusad[oa]|provis[óo]ri[oa]|geaccepteerd|geweigerd|afgewezen|voorlopig|geannuleerd)\s?:
    (?:accepterat|avböjt|preliminärt|accepteret|afvist|foreløbig|godtatt|avslått|zaakceptowano|odrzucono)\s?:
""")
CALENDAR_INVITATIONS = _rows(r"""
    (?:(?:updated )?invitation|invitation mise à jour)\s?:
    (?:einladung|invitaci[óo]n|invito|convite|uitnodiging|inbjudan|zaproszenie)\s?:
""")
