"""French sentences as questions: with "est-ce que" they stay as they are, so that nothing has to agree anew."""
