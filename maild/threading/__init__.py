"""May this mail? References, who the sender is, and the verdict: everything about entering a ticket lives here alone."""
