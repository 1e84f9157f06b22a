"""The corpus as a chat model that speaks OpenAI's protocol, for clients and chat front ends that know no other.

It does not answer questions, nor decide who may ask.
"""
