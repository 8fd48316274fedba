"""Fifty kinds of mails by which a service makes sure of an address or lets somebody in, with the marks such mails bear.

The senders are made up; what tells them apart for a receiver is the form: the local part, the words, the header fields.
"""

from typing import NamedTuple


class Service(NamedTuple):
    """One service's mail."""

    sender: str
    subject: str
    text: str
    marks: tuple[str, ...] = ()


_AUTO = "Auto-Submitted: auto-generated"
_BULK = "Precedence: bulk"
_SUPPRESS = "X-Auto-Response-Suppress: All"
_FEEDBACK = "Feedback-ID: 1234:transactional:mailer"
_OUT = "List-Unsubscribe: <https://mailer.example/out>"
_CODE, _VISIT = "Your verification code is", "Confirmez votre adresse en suivant ce lien :"
_JOIN, _RESET = "You have been invited. Use this code to join:", "Pour choisir un nouveau mot de passe, saisissez"

SERVICES = (
    Service("no-reply@chat.example", "Votre code de connexion", "Votre code est", (_FEEDBACK,)),
    Service("feedback@chat-equipe.example", "Confirm your email address", _CODE),
    Service("noreply@code-forge.example", "[Forge] Please verify your email address", _VISIT, (_SUPPRESS,)),
    Service("forge@mg.forge-libre.example", "Confirmation instructions", _VISIT, (_AUTO, _SUPPRESS)),
    Service("no-reply@visio.example", "Activez votre compte", _VISIT),
    Service("accounts-noreply@annuaire.example", "Code de validation", _CODE, (_FEEDBACK, "X-Notifications: 1")),
    Service("noreply@tickets.example", "Verify your email", _CODE, ("X-JIRA-FingerPrint: 1", _BULK)),
    Service("do-not-reply@tableau.example", "Vérifiez votre adresse", _VISIT, (_FEEDBACK, _OUT)),
    Service("no-reply@taches.example", "You're invited", _JOIN, (_FEEDBACK,)),
    Service("notify@notes.example", "Your temporary login code", _CODE),
    Service("no-reply@depot-de-fichiers.example", "Vérifiez votre e-mail", _VISIT),
    Service("security@reseau.example", "Votre code de sécurité", _CODE, ("Errors-To: security@reseau.example",)),
    Service("verify@oiseau.example", "123456 is your code", _CODE, (_FEEDBACK,)),
    Service("security-noreply@carriere.example", "Voici votre code", _CODE, (_FEEDBACK, _OUT)),
    Service("account-security-noreply@compte.example", "Code à usage unique", _CODE, (_AUTO,)),
    Service("no-reply-aws@nuage.example", "Confirm your subscription", _VISIT, (_FEEDBACK,)),
    Service("confirm@lettres.example", "Confirmez votre inscription", _VISIT, (_OUT, _BULK)),
    Service("noreply@em1.envoi.example", "Please confirm", _VISIT, ("X-SG-EID: abc",)),
    Service("postman@mg.relais.example", "Confirm sandbox recipient", _VISIT, ("X-Mailgun-Sid: abc",)),
    Service("support@timbre.example", "Sender signature", _VISIT, ("X-PM-Message-Id: abc",)),
    Service("support@aide-concurrente.example", "Bienvenue", _VISIT, (_AUTO, "X-Mailer: Helpdesk")),
    Service("bonjour@bulle.example", "Votre espace est prêt", _JOIN),
    Service("helpdesk@frais.example", "Activate your account", _VISIT, (_AUTO,)),
    Service("notifications@forum.example", "[Forum] Confirm your new account", _VISIT, (_AUTO, "List-Id: <f.example>")),
    Service("annonces-request@listes.example", "confirm 4f2a", _JOIN, (_BULK, "List-Id: <annonces.listes.example>")),
    Service("forum@phpforum.example", "Activer votre compte", _VISIT, ("X-Priority: 3", "X-Mailer: phpBB3")),
    Service("no-reply@entreprise-reseau.example", "Rejoignez vos collègues", _JOIN, (_FEEDBACK,)),
    Service("noreply@email.equipes.example", "Vous avez été ajouté à une équipe", _JOIN),
    Service("messenger@reunion.example", "Invitation to a meeting", _JOIN),
    Service("noreply@crm.example", "Verify your identity", _CODE, ("X-SFDC-User: 1",)),
    Service("noreply@identite.example", "Activation du compte", _VISIT),
    Service("root@auth.example", "Verify your email", _VISIT, ("X-Mailgun-Variables: {}",)),
    Service("noreply@projet.appli.example", "Vérifiez votre adresse e-mail pour projet", _VISIT),
    Service("support@hebergeur.example", "[hebergeur] Code de vérification", _CODE, ("X-Ovh-Tracer-Id: 1",)),
    Service("ne-pas-repondre@poste.example", "Activez votre coffre", _VISIT),
    Service("nepasrepondre@impots.example", "Validation de votre adresse", _VISIT, (_AUTO,)),
    Service("noreply@assurance.example", "Votre code de sécurité", _CODE),
    Service("ne_pas_repondre@identite-publique.example", "Code de confirmation", _CODE),
    Service("noreply@rendez-vous.example", "Votre code", _CODE),
    Service("no.reply@banque.example", "Confirmez l'opération", _CODE),
    Service("service@paiement.example", "Confirmez votre adresse e-mail", _VISIT, ("X-Email-Type-Id: 1",)),
    Service("auto-confirm@boutique.example", "Vérification de votre compte", _CODE),
    Service("donotreply@bourse.example", "Device confirmation", _CODE),
    Service("hello@maquette.example", "Sign in to Maquette", _VISIT),
    Service("invitations@tableur.example", "Invitation à modifier", _JOIN, ("Reply-To: quelqu.un@evil.example",)),
    Service("wordpress@blog.example", "[Blog] Réinitialisation du mot de passe", _RESET),
    Service(
        "mailer@wiki.example", "Confirmation de l'adresse de courriel", _VISIT, (_AUTO, "X-Mailer: MediaWiki mailer")
    ),
    Service("bugs@suivi.example", "Your password reset request", _RESET, ("X-Bugzilla-Type: reset", _AUTO)),
    Service("admin@intranet.example", "Réinitialiser le mot de passe", _RESET),
    Service("bot@messagerie.example", "Your login code", _CODE, ("Precedence: list",)),
)
