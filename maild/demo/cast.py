"""Who is in the story, and with which password? Data alone."""

from maild.mail import Address

PASSWORD = "demo"  # of every account: they live on loopback, in memory, as long as the demo runs
SUPPORT = Address("support@isybuy.example", "Support iSYBUY")
ALICE = Address("alice@client-a.example", "Alice Durand")
BRUNO = Address("bruno@client-b.example", "Bruno Petit")
DORA = Address("dora@inconnu.example", "Dora Lambert")
LEA = Address("lea@isybuy.example", "Léa Martin")
OUTSIDE = Address("annonces@liste.example", "Annonces")  # has no account here
ACCOUNTS = (SUPPORT, ALICE, BRUNO, DORA, LEA)
