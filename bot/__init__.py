"""Everything needed to answer questions from press releases with proven quotes."""
