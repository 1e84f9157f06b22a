"""The corpus kept from outside the command line: files put in, and the ingest run as a process of its own.

It never imports `ingest`: that stays the one writer of the index, and this only starts it.
"""
