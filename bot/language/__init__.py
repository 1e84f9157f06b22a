"""What is told from words alone, English and French: terms, sentences, names, and what a question asks for."""
