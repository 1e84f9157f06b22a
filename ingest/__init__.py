"""The writer: from files in a corpus folder to releases with their passages."""
