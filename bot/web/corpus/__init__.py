"""The page of the corpus for the team: what is in it, what could not be read, uploads and removals."""
