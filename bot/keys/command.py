"""`python -m bot keys`: makes, lists and revokes keys, and prints what it did.

It keeps nothing: that is `bot.keys.store`.
"""

import argparse
import sys

from bot.keys.store import FILE, Key, Keys, Scope
from bot.settings import load


def run(options: argparse.Namespace) -> int:
    """Do what the command line says; returns the exit status."""
    keys = Keys(load().data_dir / FILE)
    try:
        if options.action == "create":
            _create(keys, options.name, options.scope or ["ask"])
        elif options.action == "revoke":
            key = keys.revoke(options.key_id)
            print(f"Revoked: {_line(key)}")
        else:
            for key in keys.every():
                print(_line(key))
    finally:
        keys.close()
    return 0


def _create(keys: Keys, name: str, scopes: list[Scope]) -> None:
    first = not keys.exist()
    key, text = keys.create(name, scopes)
    print(text)
    print(f"{_line(key)}\nThe line above is shown once and not kept: copy it now.", file=sys.stderr)
    if first:
        print("From now on the API answers only callers with a key.", file=sys.stderr)


def _line(key: Key) -> str:
    state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "active"
    return f"{key.id}  {key.created:%Y-%m-%d}  {state}  {' '.join(sorted(key.scopes))}  {key.name}"
