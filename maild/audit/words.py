"""How is each sort of difference said, in each language? What is so, and what is to be done about it."""

from typing import NamedTuple


class Words(NamedTuple):
    """One sort of difference in one language."""

    what: str
    do: str


_AGAIN_EN = "move it back into the inbox with any mail program, and it is read as new mail"
_BACKUP_EN = "bring it back from a backup"
_BUG_EN = "this is a fault of maild: please report it with `maild explain` or `maild held show` of one of them"
_RUNS_EN = "see that `maild run` runs, and what `maild status` and its log say"
_FETCHED_EN = "restart `maild run`: it fetches the mail again from the server, if it is there"
_KEPT_EN = "nothing is lost: its bytes are kept"
_AGAIN_FR = (
    "remettez-le dans la boîte de réception avec un logiciel de messagerie : il sera lu comme un nouveau message"
)
_BACKUP_FR = "restaurez-le à partir d’une sauvegarde"
_BUG_FR = "c’est un défaut de maild : signalez-le, avec ce que montre `maild explain` ou `maild held show`"
_RUNS_FR = "vérifiez que `maild run` tourne, et ce qu’en disent `maild status` et son journal"
_FETCHED_FR = "relancez `maild run` : il reprendra le message sur le serveur, s’il y est encore"
_KEPT_FR = "rien n’est perdu : ses octets sont conservés"

# What the numbers of each sort count; '' where it is about no number. In this order they are told.
NOUN_OF: dict[str, str] = {
    "database-damaged": "",
    "value-unknown": "",
    "mail-missing": "mail",
    "newest-missing": "mail",
    "state-unknown": "mail",
    "not-settled": "mail",
    "kept-decided": "mail",
    "no-decision": "mail",
    "no-ticket": "mail",
    "misjudged": "mail",
    "no-words": "mail",
    "misfiled": "mail",
    "ticket-missing": "mail",
    "no-reason": "mail",
    "no-original": "mail",
    "only-duplicates": "mail",
    "copy-unknown": "mail",
    "waits": "mail",
    "no-bytes": "mail",
    "bytes-short": "mail",
    "bytes-changed": "mail",
    "file-missing": "mail",
    "file-short": "mail",
    "bytes-lost": "mail",
    "ticket-empty": "ticket",
    "out-missing": "mail out",
    "out-state-unknown": "mail out",
    "out-sending": "mail out",
    "out-untried": "mail out",
    "timer-of-ended": "ticket",
    "timer-of-none": "ticket",
    "not-taken": "UID",
    "too-large": "UID",
    "unreadable": "UID",
    "still-in-inbox": "mail",
    "not-filed": "mail",
    "not-in-inbox": "mail",
    "not-in-folder": "mail",
    "folder-gone": "mail",
    "without-row": "UID",
    "wrong-folder": "mail",
    "old-uidvalidity": "mail",
}

# One of them, several of them.
NOUNS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "mail": ("mail", "mails"),
        "mail out": ("mail out", "mails out"),
        "ticket": ("ticket", "tickets"),
        "UID": ("UID", "UIDs"),
    },
    "fr": {
        "mail": ("message", "messages"),
        "mail out": ("envoi", "envois"),
        "ticket": ("ticket", "tickets"),
        "UID": ("UID", "UID"),
    },
}
COLON = {"en": ": ", "fr": " : "}
TO_DO = {"en": ". To do: ", "fr": ". À faire : "}
MORE = {"en": " and {} more", "fr": " et {} de plus"}

_EN: dict[str, Words] = {
    "database-damaged": Words("the database is damaged", "stop `maild run` and restore the last good backup"),
    "value-unknown": Words("the database holds a value that no maild writes", "undo what was changed by hand"),
    "mail-missing": Words(
        "received, and the row is gone from the database",
        f"if its copy lies in a folder, {_AGAIN_EN}; else restore a backup",
    ),
    "newest-missing": Words(
        "counted by an earlier audit, and the row is gone from the database",
        "look for the mails with `maild audit --folder`, or restore a backup",
    ),
    "state-unknown": Words("in no state that has a name", _BUG_EN),
    "not-settled": Words("settled, but without verdict or time", _BUG_EN),
    "kept-decided": Words("a verdict on it is recorded, but it waits as if there were none", _BUG_EN),
    "no-decision": Words("applied, and no decision about it is recorded", _BUG_EN),
    "no-ticket": Words("its verdict needs a ticket, and it has none", _BUG_EN),
    "misjudged": Words("its verdict does not lead to what was done with it", _BUG_EN),
    "no-words": Words("applied, and its words are on no ticket", _BUG_EN),
    "misfiled": Words("filed into the folder of another disposition", _BUG_EN),
    "ticket-missing": Words("it is on a ticket that is not there", _BACKUP_EN),
    "no-reason": Words("held without a reason", "look at it with `maild held show`, then release or discard it"),
    "no-original": Words("a duplicate that names no received mail", f"read it; if it is none, {_AGAIN_EN}"),
    "only-duplicates": Words(
        "duplicates of one another, and none of them was worked", f"read one; to work it, {_AGAIN_EN}"
    ),
    "copy-unknown": Words("a second copy of it would be taken for new mail", _BUG_EN),
    "waits": Words("kept for more than 15 minutes, and nobody works on it", _RUNS_EN),
    "no-bytes": Words("its bytes are nowhere", _BACKUP_EN),
    "bytes-short": Words("its bytes are not as many as were received", _BACKUP_EN),
    "bytes-changed": Words("its bytes are not those that were received", _BACKUP_EN),
    "file-missing": Words("its file is missing or can't be read", _FETCHED_EN),
    "file-short": Words("its file is not as long as the mail was", _FETCHED_EN),
    "bytes-lost": Words("its file was lost and the mail is nowhere on the server", "put the file back from a backup"),
    "ticket-empty": Words("it has no message", _BACKUP_EN),
    "out-missing": Words("written, and the row is gone from the database", _BACKUP_EN),
    "out-state-unknown": Words("in no state that has a name", _BUG_EN),
    "out-sending": Words("half sent, and no daemon runs", "start `maild run`, which settles them"),
    "out-untried": Words("due for more than a day, and never tried", _RUNS_EN),
    "timer-of-ended": Words("ended, and a reminder is still armed", _BUG_EN),
    "timer-of-none": Words("not there, and a timer waits for it", _BACKUP_EN),
    "not-taken": Words("in the inbox and not taken", _RUNS_EN),
    "too-large": Words("too large to be taken", "read it with a mail program; maild leaves it where it is"),
    "unreadable": Words(
        "the server does not hand it over", "open it with a mail program; if that fails too, mend the server"
    ),
    "still-in-inbox": Words(
        "filed or taken away, and yet in the inbox", "move that copy out of the inbox with a mail program"
    ),
    "not-filed": Words("settled, and yet in the inbox", "see in `maild status` why it can't be filed"),
    "not-in-inbox": Words("not filed yet, and no longer in the inbox: somebody took it", _KEPT_EN),
    "not-in-folder": Words("filed there and there no longer: somebody took it", _KEPT_EN),
    "folder-gone": Words("filed there, and the folder is gone: somebody took it", _KEPT_EN),
    "without-row": Words("no received mail lies there", f"if it is a customer's, {_AGAIN_EN}; else move it elsewhere"),
    "wrong-folder": Words("in the folder of another disposition", _RUNS_EN),
    "old-uidvalidity": Words("from a folder that was made anew since, and not filed", _RUNS_EN),
}
_FR: dict[str, Words] = {
    "database-damaged": Words(
        "la base de données est endommagée", "arrêtez `maild run` et restaurez la dernière bonne sauvegarde"
    ),
    "value-unknown": Words(
        "la base de données contient une valeur que maild n’écrit jamais", "annulez ce qui a été modifié à la main"
    ),
    "mail-missing": Words(
        "reçu, et sa ligne a disparu de la base de données",
        f"si son exemplaire se trouve dans un dossier, {_AGAIN_FR} ; sinon, restaurez une sauvegarde",
    ),
    "newest-missing": Words(
        "compté lors d’un contrôle précédent, et sa ligne a disparu de la base de données",
        "cherchez ces messages avec `maild audit --folder`, ou restaurez une sauvegarde",
    ),
    "state-unknown": Words("dans un état qui n’a pas de nom", _BUG_FR),
    "not-settled": Words("traité, mais sans verdict ou sans date", _BUG_FR),
    "kept-decided": Words("un verdict est enregistré, mais le message attend comme s’il n’y en avait pas", _BUG_FR),
    "no-decision": Words("appliqué, sans aucune décision enregistrée", _BUG_FR),
    "no-ticket": Words("son verdict demande un ticket, et il n’en a pas", _BUG_FR),
    "misjudged": Words("son verdict ne mène pas à ce qui en a été fait", _BUG_FR),
    "no-words": Words("appliqué, et ses mots ne figurent sur aucun ticket", _BUG_FR),
    "misfiled": Words("rangé dans le dossier d’une autre destination", _BUG_FR),
    "ticket-missing": Words("sur un ticket qui n’existe pas", _BACKUP_FR),
    "no-reason": Words("retenu sans motif", "regardez-le avec `maild held show`, puis admettez-le ou écartez-le"),
    "no-original": Words(
        "doublon qui ne renvoie à aucun message reçu", f"lisez-le ; si ce n’est pas un doublon, {_AGAIN_FR}"
    ),
    "only-duplicates": Words(
        "doublons l’un de l’autre, et aucun n’a été traité", f"lisez-en un ; pour qu’il soit traité, {_AGAIN_FR}"
    ),
    "copy-unknown": Words("un second exemplaire passerait pour un nouveau message", _BUG_FR),
    "waits": Words("reçu depuis plus de 15 minutes, et personne ne s’en occupe", _RUNS_FR),
    "no-bytes": Words("ses octets ne sont nulle part", _BACKUP_FR),
    "bytes-short": Words("ses octets ne sont pas aussi nombreux qu’à la réception", _BACKUP_FR),
    "bytes-changed": Words("ses octets ne sont pas ceux qui ont été reçus", _BACKUP_FR),
    "file-missing": Words("son fichier manque ou ne peut pas être lu", _FETCHED_FR),
    "file-short": Words("son fichier n’a pas la longueur du message", _FETCHED_FR),
    "bytes-lost": Words(
        "son fichier est perdu, et le message n’est plus sur le serveur",
        "remettez le fichier en place à partir d’une sauvegarde",
    ),
    "ticket-empty": Words("sans aucun message", _BACKUP_FR),
    "out-missing": Words("écrit, et sa ligne a disparu de la base de données", _BACKUP_FR),
    "out-state-unknown": Words("dans un état qui n’a pas de nom", _BUG_FR),
    "out-sending": Words("envoi commencé, et maild ne tourne pas", "lancez `maild run`, qui tranchera"),
    "out-untried": Words("dû depuis plus d’un jour, et jamais tenté", _RUNS_FR),
    "timer-of-ended": Words("terminé, et une relance est encore programmée", _BUG_FR),
    "timer-of-none": Words("inexistant, et une échéance l’attend", _BACKUP_FR),
    "not-taken": Words("dans la boîte de réception, et jamais relevé", _RUNS_FR),
    "too-large": Words(
        "trop volumineux pour être relevé", "lisez-le avec un logiciel de messagerie ; maild le laisse où il est"
    ),
    "unreadable": Words(
        "le serveur ne le remet pas",
        "ouvrez-le avec un logiciel de messagerie ; si cela échoue aussi, faites réparer le serveur",
    ),
    "still-in-inbox": Words(
        "rangé ou emporté, et pourtant dans la boîte de réception",
        "sortez cet exemplaire de la boîte de réception avec un logiciel de messagerie",
    ),
    "not-filed": Words(
        "traité, et pourtant dans la boîte de réception", "voyez dans `maild status` ce qui empêche de le ranger"
    ),
    "not-in-inbox": Words("pas encore rangé, et disparu de la boîte de réception : quelqu’un l’a pris", _KEPT_FR),
    "not-in-folder": Words("rangé là et disparu depuis : quelqu’un l’a pris", _KEPT_FR),
    "folder-gone": Words("rangé là, et le dossier n’existe plus : quelqu’un l’a supprimé", _KEPT_FR),
    "without-row": Words(
        "aucun message reçu ne se trouve là", f"s’il vient d’un client, {_AGAIN_FR} ; sinon, déplacez-le ailleurs"
    ),
    "wrong-folder": Words("dans le dossier d’une autre destination", _RUNS_FR),
    "old-uidvalidity": Words("d’un dossier recréé depuis, et pas rangé", _RUNS_FR),
}
WORDS = {"en": _EN, "fr": _FR}
