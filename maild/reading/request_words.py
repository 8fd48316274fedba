"""With which words does a person ask for something, or tell of a fault? Rows by language, as `folded` leaves a text.

A mail that holds one of them is no robot's, whatever else it says: a request must never wait for nobody.
"""

from maild.reading.folding import rows

ASKS = rows(r"""
    # fr
    (?:pouvez|pourriez|pourrais|peux|pourrait|puis|est-ce|savez|avez|auriez|serait|faut)[- ](?:vous|tu|je|on|il|que|
    ce)\b
    (?:quand|comment|pourquoi|combien|ou en)\b.{0,30}?(?:est|sera|puis|peut|faire)
    merci d(?:e |')(?!votre (?:message|mail|e-?mail|courriel|comprehension|patience|confiance|interet|visite|
    attention)|vos (?:messages|mails)|cette|nous (?:avoir|lire)|noter|prendre|vous\b|contacter|ne (?:pas|plus)|
    cliquer|patienter|avoir|l'interet|(?:conserver|garder|rappeler|mentionner|indiquer|preciser) (?:cette|ce|la|le|
    votre) (?:reference|numero)|m'ecrire (?:desormais|maintenant|dorenavant|a l'adresse))
    [a-z]{3,15}ez[- ](?:moi|nous|m'|le\b|la\b|les\b|lui|
    leur)(?<!composez le)(?<!contactez la)(?<!contactez le)(?<!contactez les)
    merci (?:d'avance|par avance)|dans l'attente
    veuillez (?:me|nous|trouver|corriger|traiter|proceder|supprimer|creer|faire|suspendre|annuler|envoyer|livrer|
    mettre)
    (?:j'|je |nous )(?:ai besoin|avons besoin|aimerai|attend|ai (?:un|une|essaye|tente|recu|rempli|envoye|saisi|
    toujours|valide|teste)|essaie|souhait|voudr|veux|voulons|n'arriv|ne parvien|ne trouv|ne voi|ne compren|
    n'ai (?:pas|toujours|plus) (?:recu|pu|de)|recoi|recev|constat|rencontr|vous (?:transm|envoi|envoy|join|confirm|
    demand|relanc|contact|ecri|signal))
    (?:mon|ma|mes|notre|nos) (?:demande|facture|commande|ticket|compte|dossier|contrat|probleme|par erreur|
    par megarde|abonnement|licence|export|logiciel|mot de passe|imprimante|poste|serveur|livraison|devis|
    reponse automatique|reclamation)s?\b
    ne (?:marche|fonctionne|s'|se (?:lance|ferme|charge|connecte)|part|passe|charge|repond(?!r))\w* (?:pas|plus)
    ne (?:sont|sort|vont|partent|fonctionnent|marchent) (?:pas|plus)(?! (?:transfere|lus?\b|releve|consulte|suivi|
    traite))|erreur|\bbugs?\b|plante|bloquee?\b|en panne
    en piece jointe|ci-joint|capture d'ecran|toujours (?:pas|la|present)|pas encore recu|probleme|par erreur
    par megarde|\bfausse?s?\b
    incorrect|manque\b|manquante?|en double\b|deux fois\b(?! par)
    grisee?|desactiver|parametr
    # en
    (?:could|can|would|will|did|does|do|may) (?:you|we|i|it|someone|somebody|anyone|they)\b
    (?:how|why|when|what|where) (?:do|does|can|is|are|should|will|did)\b
    please \w{2,12} (?:my|our)\b
    please (?:help|advise|send (?:me|us)|tell|check|fix|confirm|let (?:me|us) know|do(?! not (?:reply|respond))|
    process|handle|treat|look|
    find|update|add(?! yourself)|remove|reset|cancel|refund|provide|explain|change|close|open|review|resolve|
    correct|unlock|give|extend|renew|stop|create|investigate|finish|complete)
    (?:i|we) (?:need(?! to verify)|would like(?! to (?:ack|inform|thank|let you))|want|have (?:an?\b|tried|attached|
    received(?! your)|not|uploaded|sent|tested|filled|signed)|get|got(?! your)|tried|keep|still|noticed|expect|
    do not (?:see|understand|receive)|don't (?:see|understand|receive)|was (?:charged|told)|am (?:getting|having|
    seeing|trying|waiting))
    i'(?:d like|m (?:getting|having|seeing|trying|waiting))
    (?:cannot|can't|couldn't) (?:log|open|export|print|find|see|use|download|install|connect|import|send)
    (?:my|our) (?:invoice|order|account|ticket|request|subscription|licen[cs]e|password|problem|printer|server|
    export|issue|contract|data|users?|auto-?repl|out[- ]of[- ]office|customers?)
    (?:doesn't|does not|don't|do not|isn't|is not|not) work|\bbroken\b|stopped|\bfail(?:s|ed|ing|ure)?\b|\berrors?\b
    \bbugs?\b|crash|attached|screenshot|mistake|by error|still (?:not|no|waiting|open)|thanks in advance|asap\b
    look forward|wrong\b|twice\b(?! (?:a|per)\b)
    missing\b
    # de, nl
    (?:konnen|konnten|koennen|koennten|wurden|haben|kannst|konntest) (?:sie|wir|ihr|du)\b(?! (?:mich|sich|uns|an))
    bitte (?:helfen|senden sie mir|prufen|pruefen|teilen|schicken sie mir|korrigieren|bestatigen|bearbeiten|geben|
    sperren|loschen|andern|um)
    (?:ich|wir) (?:brauche|benotig|benoetig|mochte|moechte|bekomm|erhalt|kann (?:nicht|mich)|habe (?!urlaub|
    keinen zugriff|nur|in|ab|bis|vom))
    (?:mein|unser)(?:e|en|em|er|es)? (?:rechnung|bestellung|konto|ticket|anfrage|vertrag|passwort|problem|drucker|
    lizenz)
    \bfehler|funktioniert nicht|geht nicht|absturz|\banbei\b|im anhang|danke im voraus|vielen dank im voraus|wann\b
    warum\b
    (?:kunt|kan|kunnen|zou|zouden|wilt|wil) (?:u|je|jullie|ik|we|wij|iemand)\b(?! (?:contact|mailen|bellen|terecht|
    zich|mij|zich))
    ik (?:wil|krijg|kan (?:niet|geen)|zou|heb (?!vakantie|geen toegang|verlof))|werkt niet|\bfout|bijlage
    (?:mijn|onze) (?:factuur|bestelling|account|probleem|aanvraag|wachtwoord)|alvast bedankt
    # es, it, pt, ro
    (?:puede|pueden|podria|podrian|puedes|podeis)n?\b(?! (?:contact|dirig|poner|escrib|llam|usted|envi))
    necesit(?:o|amos)|quisiera|quiero|me gustaria|tengo un|no funciona
    no puedo (?!atender|responder|acceder|contestar|leer)|\berror(?:es)?\b|\bfallo|adjunt
    (?:mi|nuestr[oa]) (?:factura|pedido|cuenta|solicitud|problema)|gracias de antemano|por que\b
    cuando (?:estara|recib|pod)
    (?:puo|potete|potreste|potrebbe|puoi)\b(?! (?:contatt|rivolg|scriver|chiamar|invia))
    ho (?:bisogno|un problema|ricevuto)|vorr(?:ei|emmo)|non funziona|non (?:riesco|riusciamo)|errore|allegat
    (?:la mia|la nostra) (?:fattura|richiesta)|(?:il mio|il nostro) (?:ordine|account|problema)|grazie in anticipo
    perche\b
    (?:pode|podem|poderia|poderiam)\b(?! (?:contact|contat|ligar|envi|escrev|dirig))|precis(?:o|amos)|gostaria
    nao funciona|nao (?:consigo|conseguimos)|\berro\b|em anexo
    (?:meu|minha|nossa|nosso) (?:fatura|pedido|conta|problema|senha|encomenda)|puteti\b(?! (?:contact|scri|suna))
    am nevoie|as dori|nu functioneaza|nu (?:pot|reusesc)|eroare|atasat|factura mea
    # sv, da, nb, fi
    kan (?:du|ni|i|vi|jag|jeg|dere|man)\b(?! (?:kontakt|ring|mail|na))|behover|trenger|fungerer ikke|fungerar inte
    virker ikke|\bfeil|\bfejl|vedlagt|vedhaeft|bifoga
    (?:min|mitt|var|vart|vores) (?:faktura|ordre|order|konto|bestalling)|jag far|jeg far|hvornar|voitteko
    voisi(?:t|tteko|tko)|voitko|tarvitse|ei toimi|virhe|liittee|lasku(?:mme|ni)
    # pl, cs, sk, hu
    czy (?:mozna|moga|moze|mozecie|mog|panstwo|pan)|potrzebuj|nie dziala|\bblad|w zalaczniku
    prosze o (?:pomoc|naprawe|przeslanie|sprawdzenie|odpowiedz|wystawienie)
    (?:moj|nasz)[aea]? (?:faktur|zamowieni|konto)|(?:muzete|mohli byste|mohl byste|mozete)\b(?! (?:kontakt|obrat))
    potrebuj|nefunguje|\bchyba|v (?:priloze|prilohe)|(?:moj|nas)[aei]? (?:faktur|objednavk)
    tudna\b|tudnak|tudnanak|kerem,? (?:segits|kuldj|javits|ellenoriz)|szeretne|nem mukodik|\bhiba|mellekel
    szaml(?:am|ank)
    # ru, uk, tr, el
    могли бы|можете(?! (?:обратит|связат|написат|позвонит))|прошу (?!обра|прощен|извин|по)|мне нужн|нам нужн
    не работает|ошибк|во вложении|наш\w{0,3} (?:заказ|счет)|мои (?:заказ|счет)|почему|когда будет|чи (?:можете|
    могли)
    могли б|не працює|помилк|вкладенні|потрібн|чому\b
    misiniz|musunuz|miyim|lutfen (?:yardim|gonder|kontrol)|calismiyor|\bhata|ekte\b|ihtiyac
    μπορειτε(?! να (?:επικοιν|απευθ|στειλ))|θα ηθελα|δεν λειτουργει|σφαλμα|συνημμεν|χρειαζ
    # ja, zh, ko
    でしょうか|ますか|エラー|動作し|動かな|教えて|不具合|添付|吗|嗎|请问|請問|能否|可否|错误|錯誤|请帮|請幫|附件|怎么
    怎麼|为什么|為什麼|까요|나요|오류|안 ?됩니다|안 ?돼|첨부|알려
""")

# What such mails are about. Behind "I am away", a word of these is reason enough to keep the mail.
THINGS = rows(r"""
    factur|numero|commande|devis|version|contrat|licence|export|ticket|livraison|paiement|intervention|installation|
    invoice|order\b|number|quote|contract|licen[cs]e|payment|delivery|upgrade
    rechnung|nummer|bestell|vertrag|lieferung|pedido|fattura|ordine|fatura|encomenda|zamowien|objednavk|счет|заказ|
    請求|注文|订单
    발票|주문
""")
# The same beside a number: these, or somebody is told what to do.
MATTERS = (
    *THINGS,
    *rows(r"""
    (?!contactez|appelez|composez|joignez|ecrivez|adressez)[a-z]{3,15}ez\b
    [a-z]{3,15}ons\b|on\b|come\b|let's\b|j'[a-z]{3}|\d{4,}
    """),
)
