"""From verdict and decision to effects: what must become true, with every mail already written. Pure."""
