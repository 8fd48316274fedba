"""Which words say nothing of what a request is about? Tables by language, no algorithm; folded, as they are compared.

Words that carry a sentence, words of courtesy, and those that any request for help may hold.
"""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


STOP_WORDS = {
    "fr": _words(
        """
        a afin ai aie aient ainsi alors apres as assez au aucun aucune aujourd aussi autre autres aux avaient avais
        avait avant avec avez aviez avions avoir avons ayant bien bon bonne c ca car ce ceci cela celle celles celui
        cependant ces cet cette ceux chaque chez ci combien comme comment d dans de deja depuis derriere des deux doit
        doivent donc dont du durant elle elles en encore enfin entre es est et etaient etais etait etant ete etes etre
        eu eux fait faites faire fais faut fois font grand grande hier hui ici il ils j jamais je jour jours jusqu l la
        laquelle le lequel les lesquels leur leurs lors lorsque lui m ma mais mal me meme memes mes mieux moi moins mon
        n ne ni non nos notamment notre nous on ont or ou par parce parfois pas pendant permet peu peut peuvent peux
        plus plusieurs plutot pour pourquoi pourrait pourriez pourtant pouvez pouvons presque puis puisque q qu quand
        que quel quelle quelles quelque quelques quels qui quoi rien s sa sans se semaine sera serait serez seront ses
        seul seulement si sien soit sommes son sont sous souvent sud suis suite sur surtout t ta tandis te tel telle
        tels tes toi ton toujours tous tout toute toutes tres trois trop tu un une va vais vers veut veux veuillez
        voici voila voir vont vos votre voudrais voudraient voudrait voudrions voulons vous vraiment y
        aide aider aidez allo attente besoin bonjour bonsoir cas chose cordialement cordiales cdt cher chere demande
        demander demandons dis dit essaie essaye essayer avance exemple forum help hello info infos informations
        information joint madame matin merci message monsieur mme mr moment necessaire nouveau nouvel nouvelle
        nouveaux nouvelles objet ok option pareil petit petite pb plait possible prie probleme problemes produit
        question questions quelqu rapidement recu renseignement reponse retour salut salutations semble service
        sincerement slt solution souci soucis support svp stp soir tenter trouve trouver trouvons urgence urgent
        urgente utiliser utilise utilisons version vite voulu vouloir arrive arrivons arrivez arriver marche
        fonctionne fonctionnent fonctionner impossible logiciel application cliquer clique bouton mettre met mis passer
        passe savoir sais changer change
        """
    ),
    "en": _words(
        """
        a about after again all also always am an and any anybody anyone anything are as at be because been before
        being but by can cannot could d did do does doesn doing don done each either else ever every few for from get
        gets getting give go goes going got had has have having he her here him his how i if in into is isn it its
        just know last let like ll m made make many may me might more most much must my need needs never new next no
        nobody not nothing now of off on once one only or other our out over own please put re s same see she should
        since so some somebody someone something still such sure t than that the their them then there these they this
        those through to too try tried trying two under until up us use used using ve very want wanted was way we well
        were what when where whether which while who whom why will with within without won would wouldn yes yesterday
        yet you your yours
        advance appreciate best cheers cordially dear enquiry hello help hi issue issues kind kindly know look message
        morning possible problem problems product question questions quick quickly regards reply request sincerely
        sir support team thank thanks today tomorrow urgent urgently version work working works software application
        click button change unable impossible
        """
    ),
}
