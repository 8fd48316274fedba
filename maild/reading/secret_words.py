"""By which words do people say that a secret follows, and which words say that none does? Data, in French and English.

Everything here is compared with folded text: small letters, no accents, plain blanks and apostrophes (secrets.folded).
"""

import re
from typing import Literal

import re2

Kind = Literal["password", "phrase", "code", "key", "pair", "perhaps"]

_S = r"(?:[ \t_-]{0,3}|[ \t]?\n[> \t]{0,8})"  # between the words of a label: blanks, a dash, or the end of a line
_PASSWORD = rf"mots?{_S}(?:de{_S})?passe?s?|mdps?|m\.d\.p\.?|mdpasse|pass[ _-]?words?|passwd|passwort|pwds?|psw"
_USER = r"login|user(?:[ _-]?name)?|utilisateur|identifiants?|id|compte|e-?mail|adresse"
_OF_CARD = r"(?:la |ma )?(?:carte|cb)\b"
_PLACES = (
    r"porte|portail|portillon|alarme|coffre|boite|garage|entree|immeuble|digicode|local|sim|telephone|tablette|carte"
)
# What a label is: the first of these that fits at a place names it. `perhaps` needs more than its word to be believed.
LABELS: dict[Kind, str] = {
    "pair": rf"(?:{_USER})[ \t]*(?:/|\bet\b|\band\b|&|\+|,)[ \t]*(?:le |mon |my )?(?:{_PASSWORD}|pass|pw)"
    r"|identifiants(?: de connexion)?|credentials|logins|codes d'acces",
    "phrase": r"pass[ _-]?phrases?|phrases?[ _](?:de[ _]passe|secrete)",
    "code": rf"codes?[ _-]?pin|pin(?:[ _-]?codes?)?|pass[ _-]?codes?|digicode|codes? (?:secret|confidentiel)"
    r"|codes? (?:d'acces|d'entree|d'ouverture|de securite|de verification|de validation|de deverrouillage|d'alarme)"
    rf"|codes? (?:wi-?fi|vpn|alarme)|codes? (?:du |de la |de l'|de )(?:{_PLACES})\b"
    r"|(?:door|gate|entry|access|security|alarm|unlock|safe|verification)[ _-]codes?"
    r"|cvv2?|cvc2?|crypto(?:gramme)?|combinaison",
    "key": r"cl(?:ef|e)s? (?:secretes?|privees?|(?:de l'|d')?api|wi-?fi|wpa2?|wep|ssh)"
    r"|cl(?:ef|e)s? (?:d'acces|du wi-?fi|reseau|de (?:securite|chiffrement|cryptage|recuperation|deverrouillage))"
    r"|(?:secret|private|access|account|shared|encryption|recovery|security|signing|auth|wi-?fi|wpa2?)[ _-]?keys?"
    r"|api[ _-]?keys?",
    "password": rf"{_PASSWORD}|pass|pw",
    "perhaps": r"(?:client|api|app|consumer|shared)[ _-]?secrets?|secret[ _-]?(?:key|token|client)|secrets?"
    r"|(?:(?:(?:personal[ _-])?access|auth|api|bearer|refresh|session)[ _-]?)?tokens?|jetons?(?: d'acces| api)?",
}
_ANY_LABEL = "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
LABEL = re.compile(_ANY_LABEL)
LABELS_IN = re2.compile(_ANY_LABEL.encode())  # the same over octets, forty times as quick
# Only these may be the end of a longer name: dbPassword, PGPASSWORD, userToken.
ENDS_NAMES = re.compile(
    r"pass_?words?|passwd|pwd|secret|token|api_?key|(?:access|secret|private|account)_?key|motdepasse|mdp"
)
# What may follow a label within its name: password2, PASSWORD_PROD.
SUFFIX = re.compile(r"[_-]?(?:\d{1,2}|old|new|prod|dev|test|admin|root|user|db|confirm(?:ation)?)(?![a-z0-9_])")
PLURAL = re.compile(r"mots|mdps|pass[ _-]?words|pwds|codes|[a-z]{2,12}[ _-]?(?:codes|keys|tokens)\b|cles")

_COPULAS = """
    est c'est c'etait etait sera reste devient sont soit is was are were it's will equals vaut serait be
"""
COPULAS = frozenset(_COPULAS.split())
# Between `is` and what it is.
_ADVERBS = """
    toujours encore actuellement maintenant desormais donc simplement juste still now currently just simply set to
    suivant suivante suivants following also aussi bien pourtant vraiment really
"""
ADVERBS = frozenset(_ADVERBS.split())
# Before these a label speaks of passwords, and tells none, whatever follows.
POLICY = re.compile(
    r"(?:politiques?|regles?|gestionnaires?|gestion|longueur|complexite|expiration|duree|validite|historique|champs?"
    r"|case|bouton|page|rubrique|menu|politics|length|strength|field|rules? (?:of|for)|sans|without|aucun)"
    r"(?: (?:de|du|des|d'|of|the|le|la|les|votre|vos|mon|nos|a|\"|«))* ?[\"«“']? ?\Z"
)
# Before these one does so mostly: only what can hardly be anything else is taken for a secret.
ASKING = re.compile(
    r"(?:reinitialis\w*|changement|changer|change|modif\w*|oubli\w*|perte|perdu|demande\w*|creation|creer|procedure|probleme"
    r"|erreur|renouvel\w*|envoyer|mauvais|wrong|invalid|incorrect|reset|forg\w+|new|besoin|faut|voudrais)"
    r"(?: (?:de|du|des|d'|of|the|le|la|les|un|une|a|my|mon|votre|vos|nouveau|new))* ?\Z"
)
# A word of these between a label and a colon: what follows the colon belongs to that word.
_ENDS_A_LABEL = """
    oublie oublies oubliee perdu perdus incorrect incorrects incorrecte invalide invalides invalid errone errones
    faux mauvais expire expires expired refuse refuses rejected bloque bloques blocked locked verrouille demande
    demandes requis required obligatoire protected protege reconnu ne n'est n'a n'ai pas plus no not doit doivent
    devra must should has have ont peut fait faire failed policy reset manager field strength expiry expiration
    length hint rules requirements complexity history age prompt box page screen form issue issues problem error
    recovery hash count type less ou or et and mais but car sinon si if when quand quelle quel comment how why
    pourquoi where numero numeros n° no. commande facture licence license telephone tel erreur lien link procedure
    dossier ticket ref reference version trop too contenir contient contains stored stocke stockes enregistre
    ailleurs jamais never dois puis then pins publique public etrangere primaire primary foreign
"""
ENDS_A_LABEL = frozenset(_ENDS_A_LABEL.split())
# After one of these it may: only what can hardly be anything else is taken for a secret.
_DOUBTS_A_LABEL = """
    mail email adresse site utilisateur user login identifiant identifiants accepte accepted change changes changed
    modifie marche fonctionne works work valide message
"""
DOUBTS_A_LABEL = frozenset(_DOUBTS_A_LABEL.split())
# What may stand where a secret could, and is none.
_NO_SECRETS = """
    a au aux avec ce cet cette ces celle celui ceux c'est comme d dans de des du elle en entre est et eux il ils
    j'ai je l la le les leur leurs lors lui ma mais me mes moi mon ne ni non nos notre nous on or ou par pas pour
    puis plus que qui quel quelle quoi sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout toute
    toutes tres trop tu un une vers via voir vos votre vous y the an and any are as at be but by can do does for
    from has have he her his how i i'm in is it its just my no not of off one our out please she so some that their
    them then there these they this to too up was we what when where which who why will with would you your it's
    don't doesn't didn't isn't can't won't wasn't ai avons avez ont suis es sommes etes n'ai n'est n'a n'y s'il svp
    stp merci bonjour bonsoir hello hi hey dear cordialement salutations bien cdt cdlt regards thanks thank best
    sincerely kind madame monsieur aucun aucune rien none null nil nan n/a na tbd todo idem id same similar
    identique identiques meme inchange inchanges inconnu inconnue unknown vide empty blank missing manquant absent
    perdu perdue perdus lost oublie oubliee oublies forgotten incorrect incorrecte incorrects wrong false faux
    fausse true vrai bon bonne good bad mauvais ok ko yes oui correct correcte correctly valide valid invalide
    invalid invalides errone erronee errones expire expiree expires expired perime perimee obsolete ancien ancienne
    old nouveau nouvelle new actuel actuelle current obligatoire requis requise required mandatory optional
    optionnel facultatif necessaire needed demande demandee demandes asked requested request refuse refusee refuses
    refused rejete rejected denied accepte acceptee accepted bloque bloquee bloques blocked locked verrouille
    verrouillee desactive disabled active enabled actif change changee changes changed modifie modifiee modified
    defini definie defined definir changer modifier renouveler reinitialiser reinitialise reset renew update updated
    envoye envoyee envoyes sent envoyer send recu recue recus received receive communique communiquee communiques
    given transmis transmise donne donnee fourni fournie provided joint jointe ci-joint ci-jointe ci-dessous
    ci-dessus ci-apres attached below above enclosed cf confer voyez see seen note noter notes ecrit ecrivez written
    saved stored enregistre memorise stocke encrypted chiffre crypte hashed protege protegee protected partage
    shared commun common unique confidentiel confidential secret secrete prive private public personnel personal
    provisoire temporaire temporary toujours encore deja jamais always never still now maintenant actuellement
    currently aujourd'hui hier demain today yesterday tomorrow depuis apres avant after before since until pendant
    durant comment combien pourquoi quand urgent urgence important attention probleme problemes problem issue erreur
    error impossible possible possibilite difficile facile easy simple complexe long longue court courte short
    faible weak fort forte strong secure sensible case-sensitive casse majuscule majuscules minuscule minuscules
    chiffres caractere caracteres characters character digits letters lettre lettres longueur tentative tentatives
    attempts essais essai tries fois times jours jour days mois months semaines ans heures minutes niveau level
    classes comptes compte account accounts utilisateur utilisateurs user users poste postes portail site logiciel
    application session serveur service champ field page ecran fenetre bouton lien link message mail email courriel
    sms telephone courrier separe fichier document pdf excel word windows office outlook sage chrome firefox google
    microsoft navigateur formulaire procedure procedures documentation aide help support changement modification
    reinitialisation renouvellement creation demander question reponse suite rappel objet sujet afin donc car alors
    ensuite enfin pourtant cependant permettant marche fonctionne works working work fails failed echoue plante
    arrive arrives disparu disponible available indisponible unavailable libre free different differente differents
    saisir saisi saisie taper tape tapez entrez entrer enter entered typed renseigner cliquez click appelez call
    contactez contact demandez ask utilisez use used utilise using essayez try tried faites faire make made mettre
    mis met set existe exists inexistant introuvable pret prete ready visible affiche cache masque hidden redacted
    removed supprime deleted censored n'existe ecrire lire open closed ferme ouvert fini done pending attente
    standby login identifiant identifiants mdp password pwd pass pin code codes token jeton cle key licence license
    lower upper bearer basic digest strict bcrypt argon2 sha md5 prompt interactive perso pro pareil celui-ci
    celle-ci ceci cela ca autre autres other others plusieurs several deux trois connu connue connus reconnu
    recognised recognized locked-out generated genere generee automatique automatic conforme conformes robuste
    fonctionnel operationnel accessible ephemere identifie partout ticket tickets n° blocage deblocage oubli perte
    bloquage synchro relance rappeler blocages deconnexion panne bug
"""
NO_SECRETS = frozenset(_NO_SECRETS.split())
# The end of a word that says how something is, and names nothing.
DESCRIBES = re.compile(
    r"(?:able|ible|ables|ibles|ique|iques|ement|tions?|ing|[a-z]{3}ed|ative|atif|euse|eux|aire|ant|ante)\Z"
)
# Names of things with a number in them.
PRODUCT = re.compile(
    r"(?:office|windows|win|outlook|exchange|excel|word|sharepoint|server|serveur|sql|sage|ciel|ebp|ios|android|chrome"
    r"|firefox|php|java|python|vpn|tls|ssl|sha|aes|md|base|wpa|http|ipv|microsoft|teams|adobe|acrobat|oracle|mysql"
    r"|postgres|debian|ubuntu|xp|vista|m|o|v|x|n|pc|poste|srv|usb|wifi)[ _-]?\d{1,5}(?:[.h]\d{1,3})*"
    r"|2fa|mfa|3ds|u2f|\d{1,4}(?:er?|eme|e|nd|th|st|rd|j|h|min|mn|s|go|mo|to|gb|mb|px|jours|ans|fois|car)|0x[0-9a-f]+"
)
# Before or after these words a number is theirs, and no card.
NUMBERED = re.compile(
    r"commande|facture|order|invoice|suivi|tracking|colis|parcel|livraison|delivery|dossier|contrat|contract|siret|siren"
    r"|imei|serie|serial|s/n|ean|isbn|code[- ]barres?|ref|reference|licen[cs]e|client|article|ticket|devis|compte n"
)
CARD = re.compile(r"carte|\bcb\b|card|visa|master|amex|american express|bancaire|paiement|payment|diners|maestro")
# Labels that mostly mean something else.
SHORT_LABELS = frozenset({"pass", "pw", "pin"})
# Where a phrase begins with one of these it is a sentence about it.
_BEGINS_A_SENTENCE = """
    je j'ai il elle on nous vous ce c'est comment quelle ou i we you it how where see voir impossible
"""
BEGINS_A_SENTENCE = frozenset(_BEGINS_A_SENTENCE.split())
# Behind one of these a word belongs to something else than the label before.
_LEADS_AWAY = """
    pour sous sur du de des la le les l'application logiciel dans a au for on of to in the my mon ma poste pc page
    version est is ne pas il elle par user utilisateur compte account login identifiant session serveur server
    machine client
"""
LEADS_AWAY = frozenset(_LEADS_AWAY.split())
# Words that say how a password is, and that people have as one all the same.
_USED_ALL_THE_SAME = """
    password pass pwd mdp secret admin user login test guest root bonjour private public
"""
USED_ALL_THE_SAME = frozenset(_USED_ALL_THE_SAME.split())
