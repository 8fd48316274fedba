"""Says what a mail of ours looks like: words from templates, bytes from words. Pure once the templates are loaded."""
