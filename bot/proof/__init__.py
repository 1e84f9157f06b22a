"""The proof of one sentence of generated prose by the quotes that it cites."""
