"""Turns what people keep questions in (tables, SQuAD, benchmark folders) into a question set.

It asks nothing and judges no question: what the form of a set refuses is named, with its place.
"""
