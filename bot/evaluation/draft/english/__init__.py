"""English sentences as questions: the forms of verbs, where a predicate may be cut, and what is asked of it."""
