"""Trains a network to read: a cross-encoder over question and passage, which the product does not use yet."""
