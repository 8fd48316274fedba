"""Mail in: several IMAP mailboxes, each kept first and filed on the server once it is settled."""
