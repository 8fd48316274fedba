"""May this mail? References, who the sender is, and the verdict: all about entering a ticket lives here alone."""
