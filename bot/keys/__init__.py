"""API keys: who may call the server from outside, kept as hashes, made and revoked by command.

It does not know the server: what a scope allows is decided there.
"""

from bot.keys.store import FILE, SCOPES, Key, Keys, Scope

__all__ = ["FILE", "SCOPES", "Key", "Keys", "Scope"]
