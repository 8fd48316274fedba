"""What do the admin's rules say about a ticket that opens, and do they make sense? Pure."""
