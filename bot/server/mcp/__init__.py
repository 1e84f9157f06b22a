"""The corpus as tools and resources of the Model Context Protocol, over standard input and over HTTP.

It does not answer questions, nor decide who may ask.
"""
