"""The server: the chat page and the HTTP API, in one process on one port.

It does not answer questions: `bot.chain` does, and what a page draws is in `bot.web`.
"""
