"""How does what is owed leave? At least once, in order for each ticket and recipient, with the same bytes each time."""
