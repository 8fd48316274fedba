"""Who may do what by mail: agents' commands."""
