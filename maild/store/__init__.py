"""Where everything is kept: SQLModel on SQLite. Rows never leave this package; frozen values do."""
