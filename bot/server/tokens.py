"""Embed tokens: short-lived, signed, for the pages of one origin, so that no key ever stands in a page.

The server of such a page asks for them with its key. It does not know requests, nor what a token's holder may do.
"""

import hashlib
import secrets
from dataclasses import asdict, dataclass

PREFIX = "cmt_"
SALT = "communique embed token 1"


@dataclass(frozen=True, slots=True)
class Token:
    """For pages of `origin`, until `expires` (seconds since 1970), for so many questions.

    It falls with the key it was made with. Conversations belong to its `visitor`, whom the next token may name again.
    """

    id: str
    key_id: str
    origin: str
    expires: int
    questions: int
    visitor: str


def new_id() -> str:
    """A name that no other token has."""
    return secrets.token_hex(16)


def written(token: Token, secret: bytes) -> str:
    """The token as text, signed."""
    from itsdangerous import URLSafeSerializer

    signed = URLSafeSerializer(secret, SALT, signer_kwargs=_SIGNER).dumps([*asdict(token).values()])
    return f"{PREFIX}{signed if isinstance(signed, str) else signed.decode()}"


def read(text: str, secret: bytes) -> Token | None:
    """The token of this text; None where it was not signed with `secret`, or changed since."""
    from itsdangerous import BadData, URLSafeSerializer

    try:
        values = URLSafeSerializer(secret, SALT, signer_kwargs=_SIGNER).loads(text.removeprefix(PREFIX))
    except BadData:
        return None
    return Token(*values)


_SIGNER = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
