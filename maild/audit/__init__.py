"""Do the books agree? Pure: rows and listings in, differences out. maild/auditor.py looks, store/auditing.py reads."""
