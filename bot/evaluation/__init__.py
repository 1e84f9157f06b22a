"""Measures the bot on a question set: which answers hold the expected facts, and which questions it declines.

It knows no store and no model: it asks through a callable.
"""
