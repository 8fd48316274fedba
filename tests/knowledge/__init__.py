"""How good is the search for articles, on requests written beforehand? `make bench ARGS=knowledge` shows it."""
