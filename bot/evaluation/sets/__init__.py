"""Question sets: what they are, read, checked, written and imported; nothing here asks or scores."""
